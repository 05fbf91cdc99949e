// The clips that act, as a matcher of their own.

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/list_update_fixture.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kAllFrames = 1'000'000;

class ActiveClipsTest : public ListUpdateTest {
 protected:
  // Published to a list of the installation's own.
  Clip Publish(const std::string& list_id, const std::string& entry_id,
               int frames = 30) {
    const Clip clip =
        MakeClip(list_id, entry_id, MovingHashes(frames, 40, random_));
    EXPECT_TRUE(clips_->CreateList(list_id, "issuer").ok());
    EXPECT_TRUE(clips_->Publish(clip).ok());
    all_.push_back(clip);
    return clip;
  }
  KnownClips::ClipRange All() const {
    return clips_->ActiveClips(0, clips_->NextClipId(), kAllFrames);
  }
  std::vector<std::string> IdsIn(const KnownClips::ClipRange& range,
                                 const std::vector<Clip>& clips) {
    std::vector<std::string> ids;
    for (const Clip& clip : clips) {
      if (range.clips == nullptr) break;
      for (const ClipMatch& match : range.clips->Match(UploadOf(clip))) {
        ids.push_back(match.entry_id);
      }
    }
    return ids;
  }
  std::vector<std::string> IdsIn(const KnownClips::ClipRange& range) {
    return IdsIn(range, all_);
  }

  std::vector<Clip> all_;  // That Publish made.
};

TEST_F(ActiveClipsTest, ClipsOfAllListsFromAnIdOnAreInIt) {
  Publish("one", "a");
  const uint64_t first = clips_->NextClipId();
  Publish("two", "b");
  Publish("one", "c");
  const uint64_t end = clips_->NextClipId();
  Publish("one", "d");
  for (int i = 0; i < 2; ++i, Reopen()) {
    const auto range = clips_->ActiveClips(first, end, kAllFrames);
    EXPECT_THAT(IdsIn(range), ElementsAre("b", "c"));
    EXPECT_EQ(range.end, end);
  }
}

TEST_F(ActiveClipsTest, TheyAreFoundAsAmongAllClips) {
  const Clip clip = Publish("one", "a");
  Publish("two", "b");
  const UploadFingerprint upload = UploadOf(clip);
  const auto expected = clips_->Match(upload);
  const auto matches = All().clips->Match(upload);
  ASSERT_EQ(expected.size(), 1);
  ASSERT_EQ(matches.size(), 1);
  EXPECT_EQ(matches[0].clip_id, expected[0].clip_id);
  EXPECT_EQ(matches[0].issuer, "issuer");
  EXPECT_EQ(matches[0].list_version, expected[0].list_version);
  EXPECT_EQ(matches[0].query, expected[0].query);
  EXPECT_EQ(matches[0].reference, expected[0].reference);
  EXPECT_EQ(matches[0].score, expected[0].score);
}

TEST_F(ActiveClipsTest, WhatWasWithdrawnIsLeftOut) {
  Publish("one", "a");
  Publish("one", "b");
  const auto before = All();
  ASSERT_TRUE(clips_->Withdraw("one", {"a"}, "reason").ok());
  EXPECT_THAT(IdsIn(All()), ElementsAre("b"));
  EXPECT_THAT(IdsIn(before), ElementsAre("a", "b")) << "as it was";
  ASSERT_TRUE(clips_->WithdrawAll("one", "reason").ok());
  EXPECT_EQ(All().clips, nullptr);
  EXPECT_EQ(All().end, clips_->NextClipId());
}

TEST_F(ActiveClipsTest, WhatIsHeldIsLeftOut) {
  Publish("one", "a");
  Publish("one", "b");
  ASSERT_TRUE(clips_->HoldEntries("one", {"a"}, "disputed", "me").ok());
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(IdsIn(All()), ElementsAre("b"));
  }
  ASSERT_TRUE(clips_->ReleaseEntries("one", {"a"}, "upheld", "me").ok());
  EXPECT_THAT(IdsIn(All()), ElementsAre("a", "b"));
}

TEST_F(ActiveClipsTest, ListsInShadowAreLeftOut) {
  const Clip listed = MakeOne("listed");
  Snapshot({AddOf(listed)});
  all_ = {listed};
  Publish("one", "a");
  ASSERT_TRUE(
      clips_->SetMode("list", ListMode::kShadow, "on trial", "me").ok());
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(IdsIn(All()), ElementsAre("a"));
  }
  ASSERT_TRUE(clips_->SetMode("list", ListMode::kActive, "good", "me").ok());
  EXPECT_THAT(IdsIn(All()), ElementsAre("listed", "a"));
}

TEST_F(ActiveClipsTest, ListsOfWhatNeverMatchesAreLeftOut) {
  const Clip logo = MakeOne("logo");
  ListUpdate update = NextVersion(*clips_, "list", true);
  update.terms.purpose = ListPurpose::kNeverMatch;
  MustApply(update, {AddOf(logo)});
  EXPECT_EQ(All().clips, nullptr);
  all_ = {logo};
  Publish("one", "a");
  EXPECT_THAT(IdsIn(All()), ElementsAre("a"));
}

TEST_F(ActiveClipsTest, OfAVersionOfAListItIsWhatIsInForce) {
  const Clip a = MakeOne("a"), b = MakeOne("b"), changed = MakeOne("a");
  Clip white = MakeOne("white");
  for (ReferenceFrame& frame : white.frames) frame.hash = Hash256();
  Snapshot({AddOf(a), AddOf(b)});
  const uint64_t first = clips_->NextClipId();
  Delta({UpdateOf(changed), WithdrawalOf("b"), AddOf(white)});
  EXPECT_THAT(IdsIn(All(), {a, b, changed, white}), ElementsAre("a"));
  EXPECT_THAT(IdsIn(All(), {changed}), ElementsAre("a"));
  EXPECT_EQ(clips_->ActiveClips(0, first, kAllFrames).clips, nullptr);
}

TEST_F(ActiveClipsTest, IdsThatWereNotGivenYetAreOfNoClip) {
  EXPECT_EQ(All().clips, nullptr);
  Publish("one", "a");
  const uint64_t most = std::numeric_limits<uint64_t>::max();
  EXPECT_THAT(IdsIn(clips_->ActiveClips(0, most, kAllFrames)),
              ElementsAre("a"));
  const auto range = clips_->ActiveClips(100, 200, kAllFrames);
  EXPECT_EQ(range.clips, nullptr);
  EXPECT_EQ(range.end, 200);
}

TEST_F(ActiveClipsTest, WhatIsTooMuchAtATimeIsLeftForTheNextCall) {
  for (int i = 0; i < 4; ++i) Publish("one", absl::StrCat(i), 30);
  ASSERT_TRUE(clips_->HoldEntries("one", {"1"}, "disputed", "me").ok());
  const uint64_t end = clips_->NextClipId();
  const auto some = clips_->ActiveClips(0, end, /*most_frames=*/2 * (30 + 1));
  EXPECT_THAT(IdsIn(some), ElementsAre("0", "2"));
  EXPECT_EQ(some.end, end - 1);
  const auto rest = clips_->ActiveClips(some.end, end, 2 * (30 + 1));
  EXPECT_THAT(IdsIn(rest), ElementsAre("3"));
  EXPECT_EQ(rest.end, end);
}

TEST_F(ActiveClipsTest, AClipThatIsTooMuchByItselfComesAlone) {
  for (int i = 0; i < 3; ++i) Publish("one", absl::StrCat(i), 30);
  uint64_t first = 0;
  for (int i = 0; i < 3; ++i) {
    const auto range = clips_->ActiveClips(first, clips_->NextClipId(), 10);
    EXPECT_THAT(IdsIn(range), ElementsAre(absl::StrCat(i)));
    EXPECT_GT(range.end, first);
    first = range.end;
  }
  EXPECT_EQ(first, clips_->NextClipId());
}

TEST_F(ActiveClipsTest, FilesWithoutFramesAreInItToo) {
  ASSERT_TRUE(clips_->CreateList("one", "issuer").ok());
  Clip file = MakeClip("one", "file", {});
  file.sha256 = Sha256Of("a file");
  ASSERT_TRUE(clips_->Publish(file).ok());
  UploadFingerprint upload = MakeUpload(MovingHashes(30, 40, random_));
  upload.digests.sha256 = Sha256Of("a file");
  ASSERT_EQ(All().clips->Match(upload).size(), 1);
  EXPECT_EQ(All().clips->Match(upload)[0].kind, ClipMatch::Kind::kExactFile);
}

TEST_F(ActiveClipsTest, KeypointsStayOutOfIt) {
  ASSERT_TRUE(clips_->CreateList("one", "issuer").ok());
  Clip clip = MakeClip("one", "a", MovingHashes(30, 40, random_));
  clip.detail.size = {320, 240};
  for (int i = 0; i < 10; ++i) {
    Keypoint keypoint;
    keypoint.descriptor = RandomHash(random_);
    clip.detail.keypoints.push_back(keypoint);
  }
  const auto published = clips_->Publish(clip);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_TRUE(clips_->KnowsDetails());
  EXPECT_FALSE(All().clips->KnowsDetails());
  EXPECT_THAT(IdsIn(All(), {clip}), ElementsAre("a"));
}

TEST_F(ActiveClipsTest, FramesAgreeAsTheInstallationSays) {
  clips_ = *KnownClips::Open({.directory = MakeTempDirectory(),
                              .clock = &clock_,
                              .max_distance = 3,
                              .min_quality = 20});
  const Clip clip = Publish("one", "a");
  EXPECT_THAT(IdsIn(All()), IsEmpty()) << "4 bits are changed";
  std::vector<Hash256> hashes;
  for (const auto& frame : clip.frames) hashes.push_back(frame.hash);
  UploadFingerprint poor = MakeUpload(CopyOf(hashes, 0, 15, 0, random_));
  for (FrameFingerprint& frame : poor.frames) frame.pdq.quality = 30;
  EXPECT_EQ(clips_->Match(poor).size(), 1);
  EXPECT_EQ(All().clips->Match(poor).size(), 1);
}

// Whatever happens to lists and entries, and in whatever portions they are
// asked for, it is those that act.
TEST_F(ActiveClipsTest, PortionsAreTogetherWhatAModelHas) {
  struct Entry {
    std::string list_id;
    bool held = false;
  };
  std::map<std::string, Entry> entries;  // By entry id; not the withdrawn.
  std::set<std::string> shadow;
  const std::vector<std::string> lists = {"one", "two", "three"};
  for (const std::string& list_id : lists) {
    ASSERT_TRUE(clips_->CreateList(list_id, "issuer").ok());
  }
  const auto any = [&] {
    return std::next(entries.begin(), Below(entries.size(), random_));
  };
  for (int step = 0; step < 200; ++step) {
    const std::string list_id = lists[Below(3, random_)];
    const int choice = Below(6, random_);
    if (choice < 2 || entries.empty()) {
      const std::string entry_id = absl::StrCat(step);
      Publish(list_id, entry_id, 20 + Below(20, random_));
      entries[entry_id] = {list_id};
    } else if (choice == 2) {
      auto& [entry_id, entry] = *any();
      entry.held = !entry.held;
      ASSERT_TRUE((entry.held ? clips_->HoldEntries(entry.list_id, {entry_id},
                                                    "reason", "me")
                              : clips_->ReleaseEntries(
                                    entry.list_id, {entry_id}, "reason", "me"))
                      .ok());
    } else if (choice == 3) {
      const auto gone = any();
      ASSERT_TRUE(
          clips_->Withdraw(gone->second.list_id, {gone->first}, "reason").ok());
      entries.erase(gone);
    } else if (choice == 4) {
      const bool to_shadow = shadow.insert(list_id).second;
      if (!to_shadow) shadow.erase(list_id);
      const ListMode mode = to_shadow ? ListMode::kShadow : ListMode::kActive;
      ASSERT_TRUE(clips_->SetMode(list_id, mode, "reason", "me").ok());
    } else {
      std::vector<std::string> expected, found;
      for (const Clip& clip : all_) {
        const auto entry = entries.find(clip.entry_id);
        if (entry != entries.end() && !entry->second.held &&
            !shadow.contains(clip.list_id)) {
          expected.push_back(clip.entry_id);
        }
      }
      const uint64_t end = clips_->NextClipId();
      for (uint64_t first = 0; first < end;) {
        const auto range = clips_->ActiveClips(first, end, Below(200, random_));
        for (std::string& id : IdsIn(range)) found.push_back(std::move(id));
        ASSERT_GT(range.end, first);
        first = range.end;
      }
      EXPECT_EQ(found, expected);
    }
  }
}

}  // namespace
}  // namespace lenscap
