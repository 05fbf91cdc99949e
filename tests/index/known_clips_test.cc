#include "index/known_clips.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class KnownClipsTest : public testing::Test {
 protected:
  KnownClipsTest() {
    Reopen();
    EXPECT_TRUE(clips_->CreateList("list", "issuer").ok());
  }

  void Reopen() {
    clips_.reset();
    auto clips = KnownClips::Open({.directory = directory_, .clock = &clock_});
    ASSERT_TRUE(clips.ok()) << clips.status();
    clips_ = *std::move(clips);
  }

  KnownClips::PublishResult Publish(const Clip& clip) {
    const auto result = clips_->Publish(clip);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : KnownClips::PublishResult();
  }
  std::vector<std::string> Matching(const UploadFingerprint& upload) {
    std::vector<std::string> ids;
    for (const ClipMatch& match : clips_->Match(upload)) {
      ids.push_back(match.entry_id);
    }
    return ids;
  }
  std::vector<Hash256> Moving(int count) {
    return MovingHashes(count, 8, random_);
  }

  Random random_{1};
  FakeClock clock_;
  const std::string directory_ = MakeTempDirectory();
  std::unique_ptr<KnownClips> clips_;
};

TEST_F(KnownClipsTest, OptionsOutOfBoundsAreRefusedByName) {
  EXPECT_EQ(KnownClips::Open({}).status().message(),
            "directory: expected a path, got none");
  EXPECT_EQ(KnownClips::Open({.directory = "x", .max_distance = 48})
                .status()
                .message(),
            "max_distance: expected 0 to 47, got 48");
  EXPECT_EQ(KnownClips::Open({.directory = "x", .min_quality = 101})
                .status()
                .message(),
            "min_quality: expected 0 to 100, got 101");
}

TEST_F(KnownClipsTest, APublishedClipMatchesAtOnceAndAfterAStart) {
  const auto hashes = Moving(400);
  const auto result = Publish(MakeClip("list", "entry", hashes));
  EXPECT_TRUE(result.changed);
  EXPECT_EQ(result.list_version, 1);
  EXPECT_EQ(result.frames, 400);
  EXPECT_EQ(result.frames_left_out, 0);
  const auto upload = MakeUpload(CopyOf(hashes, 100, 20, 6, random_));
  for (int i = 0; i < 2; ++i, Reopen()) {
    const auto matches = clips_->Match(upload);
    ASSERT_THAT(matches, SizeIs(1));
    EXPECT_EQ(matches[0].entry_id, "entry");
    EXPECT_EQ(matches[0].clip_id, result.clip_id);
    EXPECT_EQ(matches[0].issuer, "issuer");
    EXPECT_EQ(matches[0].list_version, 1);
    EXPECT_EQ(matches[0].frames_matched, 20);
  }
}

TEST_F(KnownClipsTest,
       ItSaysWhetherAPictureIsLikeAFrameOfAnyClipHoweverTurned) {
  const auto hashes = Moving(400);
  Publish(MakeClip("list", "entry", hashes));
  DihedralPdq picture;
  for (Hash256& hash : picture.hashes) hash = RandomHash(random_);
  EXPECT_FALSE(clips_->HasFrameLike(picture));
  picture.hashes[5] = hashes[123];
  for (int bit = 0; bit < 31; ++bit) picture.hashes[5].words[0] ^= 1ull << bit;
  EXPECT_TRUE(clips_->HasFrameLike(picture));
  picture.hashes[5].words[1] ^= 1;
  EXPECT_FALSE(clips_->HasFrameLike(picture));
  picture.hashes[0] = hashes[77];
  for (uint64_t& word : picture.hashes[0].words) word = ~word;
  EXPECT_TRUE(clips_->HasFrameLike(picture)) << "as a negative";
}

TEST_F(KnownClipsTest, AWithdrawnClipStopsMatchingAtOnceAndForGood) {
  const auto a = Moving(100), b = Moving(100);
  Publish(MakeClip("list", "a", a));
  Publish(MakeClip("list", "b", b));
  const auto upload_a = MakeUpload(CopyOf(a, 0, 40, 4, random_));
  const auto upload_b = MakeUpload(CopyOf(b, 0, 40, 4, random_));
  EXPECT_THAT(Matching(upload_a), ElementsAre("a"));
  const auto withdrawn = clips_->Withdraw("list", {"a"}, "mistake");
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  EXPECT_EQ(withdrawn->list_version, 3);
  EXPECT_EQ(withdrawn->entries_withdrawn, 1);
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(Matching(upload_a), IsEmpty());
    EXPECT_THAT(Matching(upload_b), ElementsAre("b"));
    EXPECT_EQ(clips_->GetList("list")->entries, 1);
    EXPECT_EQ(clips_->GetList("list")->version, 3);
  }
  EXPECT_EQ(clips_->WithdrawAll("list", "closed")->entries_withdrawn, 1);
  EXPECT_THAT(Matching(upload_b), IsEmpty());
  // Published again it is a new clip.
  EXPECT_EQ(Publish(MakeClip("list", "a", a)).clip_id, 3);
  EXPECT_THAT(Matching(upload_a), ElementsAre("a"));
}

TEST_F(KnownClipsTest, TheSameContentAgainChangesNothing) {
  const Clip clip = MakeClip("list", "entry", Moving(40));
  const auto first = Publish(clip);
  clock_.Advance(absl::Hours(1));
  const auto again = Publish(clip);
  EXPECT_FALSE(again.changed);
  EXPECT_EQ(again.clip_id, first.clip_id);
  EXPECT_EQ(again.list_version, 1);
  EXPECT_EQ(again.frames, 40);
  EXPECT_EQ(clips_->GetList("list")->changed, clock_.Now() - absl::Hours(1));
  Clip other = clip;
  other.frames[0].quality = 99;
  EXPECT_TRUE(absl::IsAlreadyExists(clips_->Publish(other).status()));
}

TEST_F(KnownClipsTest, FramesOfLowQualityAreKeptButNotSearched) {
  const auto hashes = Moving(100);
  Clip clip = MakeClip("list", "entry", hashes);
  for (int i = 0; i < 50; ++i) clip.frames[i].quality = 49;
  const auto result = Publish(clip);
  EXPECT_EQ(result.frames, 50);
  EXPECT_EQ(result.frames_left_out, 50);
  EXPECT_EQ(clips_->GetList("list")->frames, 100);
  EXPECT_THAT(Matching(MakeUpload(CopyOf(hashes, 0, 20, 2, random_))),
              IsEmpty());
  EXPECT_THAT(Matching(MakeUpload(CopyOf(hashes, 60, 20, 2, random_))),
              ElementsAre("entry"));
  EXPECT_TRUE(clips_
                  ->ForEachClip("list",
                                [&](const EntryInfo& entry, const Clip& read) {
                                  EXPECT_EQ(entry.frames, 100);
                                  EXPECT_EQ(read.frames, clip.frames);
                                  return absl::OkStatus();
                                })
                  .ok());
}

TEST_F(KnownClipsTest, WhatNothingCouldMatchIsRefused) {
  Clip clip = MakeClip("list", "entry", Moving(3));
  for (ReferenceFrame& frame : clip.frames) frame.quality = 10;
  const absl::Status status = clips_->Publish(clip).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("frames: "));
  EXPECT_EQ(clips_->GetList("list")->version, 0);
  clip.sha256 = Sha256Of("");
  EXPECT_TRUE(absl::IsInvalidArgument(clips_->Publish(clip).status()))
      << "the empty file's";
  clip.sha256.reset();
  clip.sha1.emplace().fill(1);
  EXPECT_TRUE(clips_->Publish(clip).ok());
}

TEST_F(KnownClipsTest, ArgumentsAtFaultAreNamed) {
  const std::vector<std::pair<absl::Status, std::string>> table = {
      {clips_->CreateList("No", "issuer"), "list_id: "},
      {clips_->CreateList("yes", ""), "issuer: "},
      {clips_->Publish(MakeClip("x y", "entry", Moving(3))).status(),
       "list_id: "},
      {clips_->Publish(MakeClip("list", "x y", Moving(3))).status(),
       "entry_id: "},
      {clips_->Withdraw("list", {}, "reason").status(),
       "entry_ids: expected 1 to 10000, got 0"},
      {clips_->Withdraw("list", std::vector<std::string>(10'001, "x"), "reason")
           .status(),
       "entry_ids: expected 1 to 10000, got 10001"},
      {clips_->Withdraw("list", {"a/b"}, "reason").status(), "entry_id: "},
      {clips_->Withdraw("list", {"a"}, "").status(), "reason: "},
      {clips_->WithdrawAll("list", std::string(2000, 'x')).status(),
       "reason: "},
      {clips_->WithdrawAll("LIST", "reason").status(), "list_id: "},
      {clips_->Entries("L", "", 1).status(), "list_id: "},
      {clips_->History("", 1).status(), "list_id: "},
      {clips_->ForEachClip("", nullptr), "list_id: "},
  };
  for (const auto& [status, start] : table) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), testing::StartsWith(start));
  }
}

TEST_F(KnownClipsTest, WhatIsUnknownIsNamed) {
  const std::vector<absl::Status> table = {
      clips_->Publish(MakeClip("nowhere", "entry", Moving(3))).status(),
      clips_->GetList("nowhere").status(),
      clips_->Entries("nowhere", "", 1).status(),
      clips_->History("nowhere", 1).status(),
      clips_->ForEachClip("nowhere", nullptr),
      clips_->Withdraw("nowhere", {"a"}, "reason").status(),
      clips_->WithdrawAll("nowhere", "reason").status(),
      clips_->Withdraw("list", {"nowhere"}, "reason").status(),
  };
  for (const absl::Status& status : table) {
    EXPECT_TRUE(absl::IsNotFound(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("\"nowhere\""));
  }
}

TEST_F(KnownClipsTest, ListsAreKeptApart) {
  EXPECT_TRUE(clips_->CreateList("other", "another issuer").ok());
  EXPECT_TRUE(clips_->CreateList("list", "issuer").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(clips_->CreateList("list", "not me")));
  const auto hashes = Moving(100);
  Publish(MakeClip("list", "entry", hashes));
  Publish(MakeClip("other", "entry", hashes));
  const auto upload = MakeUpload(CopyOf(hashes, 0, 50, 3, random_));
  EXPECT_THAT(clips_->Match(upload), SizeIs(2));
  EXPECT_TRUE(clips_->WithdrawAll("list", "reason").ok());
  const auto matches = clips_->Match(upload);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].list_id, "other");
  EXPECT_EQ(matches[0].issuer, "another issuer");
  const auto lists = clips_->Lists();
  ASSERT_THAT(lists, SizeIs(2));
  EXPECT_EQ(lists[0].list_id, "list");
  EXPECT_EQ(lists[0].entries, 0);
  EXPECT_EQ(lists[1].list_id, "other");
  EXPECT_EQ(lists[1].frames, 100);
}

TEST_F(KnownClipsTest, HistoryAndEntriesAreReadBack) {
  Publish(MakeClip("list", "a", Moving(3)));
  clock_.Advance(absl::Minutes(1));
  Publish(MakeClip("list", "b", Moving(5)));
  ASSERT_TRUE(clips_->Withdraw("list", {"a"}, "mistake").ok());
  const auto changes = clips_->History("list", 2);
  ASSERT_THAT(*changes, SizeIs(2));
  EXPECT_EQ((*changes)[0].version, 3);
  EXPECT_EQ((*changes)[0].kind, ListChange::Kind::kWithdrawn);
  EXPECT_EQ((*changes)[0].reason, "mistake");
  EXPECT_EQ((*changes)[0].time, clock_.Now());
  EXPECT_THAT((*changes)[1].entry_ids, ElementsAre("b"));
  const auto entries = clips_->Entries("list", "", 10);
  ASSERT_THAT(*entries, SizeIs(1));
  EXPECT_EQ((*entries)[0].entry_id, "b");
  EXPECT_EQ((*entries)[0].frames, 5);
  EXPECT_EQ((*entries)[0].added_in_version, 2);
}

TEST_F(KnownClipsTest, WritersAndReadersAtOnceGetWhatIsTrue) {
  constexpr int kWriters = 8, kClips = 30;
  std::vector<std::thread> threads;
  for (int w = 0; w < kWriters; ++w) {
    threads.emplace_back([&, w] {
      Random random(w);
      for (int i = 0; i < kClips; ++i) {
        const auto hashes = MovingHashes(60, 10, random);
        const std::string entry_id = absl::StrCat(w, "-", i);
        const auto upload = MakeUpload(CopyOf(hashes, 10, 20, 5, random));
        ASSERT_THAT(Matching(upload), IsEmpty());
        const auto result = clips_->Publish(MakeClip("list", entry_id, hashes));
        ASSERT_TRUE(result.ok()) << result.status();
        const auto matches = clips_->Match(upload);
        ASSERT_THAT(matches, SizeIs(1));
        ASSERT_EQ(matches[0].clip_id, result->clip_id);
        ASSERT_GE(matches[0].list_version, result->list_version);
        if (i % 3 != 0) continue;
        ASSERT_TRUE(clips_->Withdraw("list", {entry_id}, "reason").ok());
        ASSERT_THAT(Matching(upload), IsEmpty());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const ListInfo list = *clips_->GetList("list");
  EXPECT_EQ(list.version, kWriters * (kClips + kClips / 3));
  EXPECT_EQ(list.entries, kWriters * (kClips - kClips / 3));
  EXPECT_THAT(*clips_->History("list", 10'000), SizeIs(list.version));
  Reopen();
  EXPECT_EQ(clips_->GetList("list")->version, list.version);
  EXPECT_THAT(*clips_->Entries("list", "", 10'000), SizeIs(list.entries));
}

}  // namespace
}  // namespace lenscap
