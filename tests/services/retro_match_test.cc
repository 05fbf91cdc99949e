#include "services/retro_match.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "fingerprint/derive_dihedral.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/text_serializer.h"
#include "tests/index/hashes.h"
#include "tests/index/uploads.h"
#include "tests/services/full_queue.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class RetroMatchTest : public testing::Test {
 protected:
  RetroMatchTest() { Restart(); }

  RetroMatch::Options Options() {
    return {.clips = rooms_.clips.get(),
            .uploads = rooms_.uploads.get(),
            .cases = rooms_.cases.get(),
            .policy = DefaultPolicy(),
            .metrics = &rooms_.metrics,
            .news = &rooms_.news,
            .frames_at_once = frames_at_once_};
  }
  // As after a crash: what is in memory is gone.
  void Restart() {
    retro_.reset();
    rooms_.uploads.reset();
    auto uploads = UploadStore::Open(
        {.directory = rooms_.directory + "/uploads", .clock = &rooms_.clock});
    ASSERT_TRUE(uploads.ok()) << uploads.status();
    rooms_.uploads = *std::move(uploads);
    retro_ = std::make_unique<RetroMatch>(Options());
  }
  std::vector<Hash256> NewContent() { return MovingHashes(80, 40, random_); }
  std::vector<Hash256> Copy(const std::vector<Hash256>& content) {
    return CopyOf(content, 20, 20, 6, random_);
  }
  void Publish(const std::string& entry_id, const std::vector<Hash256>& hashes,
               Severity severity = Severity::kConfirmed) {
    ASSERT_TRUE(rooms_.clips->CreateList("list", "issuer").ok());
    Clip clip = MakeClip("list", entry_id, hashes);
    clip.severity = severity;
    const auto published = rooms_.clips->Publish(clip);
    ASSERT_TRUE(published.ok()) << published.status();
  }
  UploadFingerprint Upload(const std::vector<Hash256>& hashes) {
    UploadFingerprint upload;
    upload.frames = FramesOf(hashes, random_);
    upload.duration = hashes.size() * absl::Milliseconds(500);
    upload.digests.sha256.fill(7);
    return upload;
  }
  // As a scan that compared it with the clips before `clips_below`.
  uint64_t Keep(const std::string& content_id, const UploadFingerprint& upload,
                uint64_t clips_below) {
    KeptUpload kept = CleanUpload(content_id);
    kept.clips_below = clips_below;
    v1::ScanReport report;
    report.set_scan_id(absl::StrCat("scan of ", content_id));
    kept.report = report.SerializeAsString();
    const auto sequence = rooms_.uploads->Keep(kept, upload);
    EXPECT_TRUE(sequence.ok()) << sequence.status();
    return sequence.value_or(0);
  }
  uint64_t Keep(const std::string& content_id,
                const std::vector<Hash256>& hashes) {
    return Keep(content_id, Upload(hashes), rooms_.clips->NextClipId());
  }
  void Hold(const std::string& entry_id) {
    const auto held = rooms_.clips->HoldEntries("list", {entry_id}, "r", "me");
    ASSERT_TRUE(held.ok()) << held.status();
  }
  void Release(const std::string& entry_id) {
    const auto held =
        rooms_.clips->ReleaseEntries("list", {entry_id}, "r", "me");
    ASSERT_TRUE(held.ok()) << held.status();
  }
  void SetMode(ListMode mode) {
    const auto list = rooms_.clips->SetMode("list", mode, "reason", "me");
    ASSERT_TRUE(list.ok()) << list.status();
  }
  std::string MetricsText() {
    return prometheus::TextSerializer().Serialize(rooms_.metrics.Collect());
  }
  void CatchUp() {
    const absl::Status status = retro_->CatchUp();
    ASSERT_TRUE(status.ok()) << status;
  }
  absl::StatusOr<v1::Case> CaseOf(const std::string& content_id) {
    return rooms_.cases->Get(TakedownQueue::CaseId(content_id));
  }
  std::set<std::string> Cases() {
    const auto page = rooms_.cases->List(v1::Case::STATE_WAITING, "", 1000);
    EXPECT_TRUE(page.ok()) << page.status();
    std::set<std::string> ids;
    for (const v1::Case& opened : page->cases) ids.insert(opened.content_id());
    return ids;
  }

  Random random_{1};
  int64_t frames_at_once_ = 1'000'000;
  Rooms rooms_;
  std::unique_ptr<RetroMatch> retro_;
};

TEST_F(RetroMatchTest, AClipThatIsPublishedLaterIsFoundInWhatWasKept) {
  const auto content = NewContent();
  CatchUp();
  const uint64_t kept = Keep("copy", Copy(content));
  Keep("other", Copy(NewContent()));
  CatchUp();
  EXPECT_THAT(Cases(), IsEmpty());
  Publish("entry", content);
  CatchUp();
  EXPECT_THAT(Cases(), ElementsAre("copy"));
  const auto opened = CaseOf("copy");
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->account(), "account of copy");
  EXPECT_EQ(opened->group(), "group");
  EXPECT_GT(opened->priority(), 400);
  const v1::ScanReport& report = opened->report();
  EXPECT_TRUE(report.retrospective());
  EXPECT_EQ(report.scan_id(), "scan of copy");
  EXPECT_EQ(report.sha256(), std::string(32, 7));
  EXPECT_EQ(report.case_id(), opened->case_id());
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK);
  ASSERT_EQ(report.matches_size(), 1);
  EXPECT_EQ(report.matches(0).entry_id(), "entry");
  EXPECT_EQ(report.matches(0).issuer(), "issuer");
  const KeptUpload upload = rooms_.uploads->List(kept, kept + 1, 1)->at(0);
  EXPECT_EQ(upload.action, v1::ACTION_BLOCK);
  EXPECT_EQ(upload.case_id, opened->case_id());
}

TEST_F(RetroMatchTest, MirroredAndTiledCopiesAreFoundToo) {
  const auto content = NewContent();
  CatchUp();
  for (int o = 0; o < kOrientations; ++o) {
    auto turned = Copy(content);
    for (Hash256& hash : turned) {
      hash = DeriveDihedral({.hash = hash, .quality = 0}).hashes[o];
    }
    // Of its turned hashes the one that turns back is as the clip has it.
    UploadFingerprint upload = Upload(turned);
    for (FrameFingerprint& frame : upload.frames) {
      frame.pdq = DeriveDihedral({.hash = frame.hash(), .quality = 90});
    }
    Keep(absl::StrCat("turned-", o), upload, 1);
  }
  UploadFingerprint grid = Upload(NewContent());
  grid.parts.push_back({.part = {.kind = LayoutPart::Kind::kTile,
                                 .region = {0, 0, 0.5, 0.5},
                                 .row = 0,
                                 .column = 0,
                                 .rows = 2,
                                 .columns = 2},
                        .frames = FramesOf(Copy(content), random_)});
  Keep("grid", grid, 1);
  Publish("entry", content);
  CatchUp();
  EXPECT_THAT(Cases(), SizeIs(kOrientations + 1));
  EXPECT_EQ(CaseOf("grid")->report().matches(0).part().kind(),
            v1::PicturePart::KIND_TILE);
}

TEST_F(RetroMatchTest, AnUploadThatHasACaseIsLeft) {
  const auto content = NewContent();
  CatchUp();
  Keep("copy", Copy(content));
  v1::Case opened;
  opened.set_content_id("copy");
  opened.set_account("by a scan");
  ASSERT_TRUE(rooms_.cases->Submit(opened).ok());
  Publish("entry", content);
  CatchUp();
  EXPECT_EQ(CaseOf("copy")->account(), "by a scan");
  EXPECT_FALSE(CaseOf("copy")->report().retrospective());
}

TEST_F(RetroMatchTest, WhatIsKeptAfterThePassButWasScannedBeforeItIsFound) {
  const auto content = NewContent();
  CatchUp();
  const uint64_t clips_below = rooms_.clips->NextClipId();
  Publish("entry", content);
  CatchUp();
  Keep("late", Upload(Copy(content)), clips_below);
  CatchUp();
  EXPECT_THAT(Cases(), ElementsAre("late"));
}

TEST_F(RetroMatchTest, AnInstallationWithoutACursorMissesNothing) {
  const auto content = NewContent();
  const uint64_t clips_below = rooms_.clips->NextClipId();
  Publish("entry", content);
  Keep("early", Upload(Copy(content)), clips_below);
  CatchUp();
  EXPECT_THAT(Cases(), ElementsAre("early"));
}

TEST_F(RetroMatchTest, AFailureIsToldAndTheNextCallGoesOn) {
  const auto content = NewContent();
  CatchUp();
  Keep("copy", Copy(content));
  Publish("entry", content);
  FullQueue full;
  RetroMatch::Options failing = Options();
  failing.cases = &full;
  EXPECT_EQ(RetroMatch(failing).CatchUp().message(), "the disk is full");
  EXPECT_EQ(full.submits, 1);
  EXPECT_THAT(Cases(), IsEmpty());
  Restart();
  CatchUp();
  EXPECT_THAT(Cases(), ElementsAre("copy"));
}

TEST_F(RetroMatchTest, ClipsThatWereHeldAreMatchedWhenTheyAreAskedFor) {
  const auto content = NewContent();
  CatchUp();
  Keep("copy", Copy(content));
  const uint64_t first = rooms_.clips->NextClipId();
  Publish("entry", content);
  Hold("entry");
  CatchUp();
  Release("entry");
  CatchUp();
  EXPECT_THAT(Cases(), IsEmpty()) << "not asked for yet";
  ASSERT_TRUE(retro_->MatchAgainFrom(first).ok());
  Restart();
  CatchUp();
  EXPECT_THAT(Cases(), ElementsAre("copy"));
}

TEST_F(RetroMatchTest, SoAreThoseOfAListThatWasInShadow) {
  const auto content = NewContent();
  CatchUp();
  Keep("copy", Copy(content));
  const uint64_t first = rooms_.clips->NextClipId();
  Publish("entry", content);
  SetMode(ListMode::kShadow);
  CatchUp();
  EXPECT_THAT(Cases(), IsEmpty());
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_retro_passes_total 0"));
  SetMode(ListMode::kActive);
  ASSERT_TRUE(retro_->MatchAgainFrom(first).ok());
  CatchUp();
  EXPECT_THAT(Cases(), ElementsAre("copy"));
}

TEST_F(RetroMatchTest, TheyMayBeAskedForInTheMiddleOfAPass) {
  const auto content = NewContent(), other = NewContent();
  CatchUp();
  Keep("copy", Copy(content));
  Keep("other", Copy(other));
  const uint64_t first = rooms_.clips->NextClipId();
  Publish("held", content);
  Hold("held");
  CatchUp();  // The cursor is further than the clip that is held.
  Publish("entry", other);
  int cases = 0;
  const uint64_t id = rooms_.news.Subscribe(kCaseNews, [&] {
    if (++cases > 1) return;
    // The pass is past "copy".
    Release("held");
    EXPECT_TRUE(retro_->MatchAgainFrom(first).ok());
  });
  CatchUp();
  rooms_.news.Unsubscribe(kCaseNews, id);
  EXPECT_THAT(Cases(), UnorderedElementsAre("copy", "other"));
}

TEST_F(RetroMatchTest, ManyClipsAreComparedInPortions) {
  CatchUp();
  std::vector<std::vector<Hash256>> contents;
  for (int c = 0; c < 5; ++c) {
    contents.push_back(NewContent());
    Keep(absl::StrCat("copy-", c), Copy(contents[c]));
  }
  for (int c = 0; c < 5; ++c) Publish(absl::StrCat("entry-", c), contents[c]);
  frames_at_once_ = 2 * contents[0].size() + 2;
  Restart();
  CatchUp();
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_retro_passes_total 3"));
  EXPECT_THAT(Cases(), SizeIs(5));
}

TEST_F(RetroMatchTest, WhereNothingIsKeptNoPassIsMade) {
  CatchUp();
  Publish("entry", NewContent());
  CatchUp();
  EXPECT_EQ(rooms_.uploads->Cursor()->clips, rooms_.clips->NextClipId());
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_retro_passes_total 0"));
  Keep("other", Copy(NewContent()));
  Publish("another", NewContent());
  CatchUp();
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_retro_passes_total 1"));
}

TEST_F(RetroMatchTest, APassThatWasCutShortAtItsEndIsNotMadeAgain) {
  CatchUp();
  const auto content = NewContent();
  const uint64_t kept = Keep("copy", Copy(content));
  const uint64_t first = rooms_.clips->NextClipId();
  Publish("entry", content);
  const RetroCursor cursor = {.clips = first,
                              .uploads = kept + 1,
                              .pass_clips = first + 1,
                              .pass_uploads = kept + 1};
  ASSERT_TRUE(rooms_.uploads->SetCursor(cursor).ok());
  CatchUp();
  EXPECT_EQ(*rooms_.uploads->Cursor(),
            (RetroCursor{.clips = first + 1, .uploads = kept + 1}));
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_retro_passes_total 0"));
}

TEST_F(RetroMatchTest, AStoreOfClipsThatWasPutBackIsFollowed) {
  CatchUp();
  const auto content = NewContent();
  Keep("copy", Copy(content));
  ASSERT_TRUE(rooms_.uploads->SetCursor({.clips = 1000, .uploads = 0}).ok());
  CatchUp();
  Publish("entry", content);
  CatchUp();
  EXPECT_THAT(Cases(), ElementsAre("copy"));
}

TEST_F(RetroMatchTest, ADamagedRecordIsPassedOver) {
  const auto content = NewContent();
  CatchUp();
  const uint64_t damaged = Keep("damaged", Copy(content));
  Keep("copy", Copy(content));
  retro_.reset();
  rooms_.uploads.reset();
  {
    const auto db = OpenDatabase(rooms_.directory + "/uploads");
    ASSERT_TRUE(db.ok()) << db.status();
    ASSERT_TRUE((*db)
                    ->Put(rocksdb::WriteOptions(),
                          absl::StrCat("F", EncodeUint64(damaged)), "damage")
                    .ok());
  }
  Restart();
  Publish("entry", content);
  CatchUp();
  EXPECT_THAT(Cases(), ElementsAre("copy"));
}

// Publications, of which some are held and released, scans that began before
// them and end after, stops in the middle, restarts, passes in portions, in any
// order: in the end each upload that shows a clip that is not held has a case,
// and no other has.
TEST_F(RetroMatchTest, WhateverTheOrderNothingIsMissed) {
  std::vector<std::vector<Hash256>> contents;
  for (int c = 0; c < 12; ++c) contents.push_back(NewContent());
  std::map<int, uint64_t> published;  // Content: clip id.
  std::set<int> held;
  std::map<std::string, int> shows;  // Content id: which.
  uint64_t clips_below = rooms_.clips->NextClipId();
  frames_at_once_ = 2 * contents[0].size() + 2;
  Restart();
  for (int step = 0; step < 300; ++step) {
    switch (Below(7, random_)) {
      case 0:
        if (const int c = Below(10, random_); !published.contains(c)) {
          published[c] = rooms_.clips->NextClipId();
          Publish(absl::StrCat("entry-", c), contents[c]);
          if (Below(2, random_) == 0) {
            Hold(absl::StrCat("entry-", c));
            held.insert(c);
          }
        }
        break;
      case 1:
      case 2: {
        const int c = Below(12, random_);
        const std::string id = absl::StrCat("upload-", step);
        shows[id] = c;
        // What a scan does that began at some earlier step.
        if (published.contains(c) && published[c] < clips_below &&
            !held.contains(c)) {
          v1::Case opened;
          opened.set_content_id(id);
          ASSERT_TRUE(rooms_.cases->Submit(opened).ok());
        }
        Keep(id, Upload(Copy(contents[c])), clips_below);
        break;
      }
      case 3:
        clips_below = rooms_.clips->NextClipId();
        break;
      case 4: {
        // Stops at the first case that it opens.
        const uint64_t id =
            rooms_.news.Subscribe(kCaseNews, [this] { retro_->Stop(); });
        CatchUp();
        rooms_.news.Unsubscribe(kCaseNews, id);
        Restart();
        break;
      }
      case 5:
        CatchUp();
        break;
      case 6:
        if (held.size() > 2) {
          const int c = *held.begin();
          held.erase(c);
          Release(absl::StrCat("entry-", c));
          ASSERT_TRUE(retro_->MatchAgainFrom(published[c]).ok());
        }
        break;
    }
  }
  CatchUp();
  std::set<std::string> expected;
  for (const auto& [id, c] : shows) {
    if (published.contains(c) && !held.contains(c)) expected.insert(id);
  }
  EXPECT_EQ(Cases(), expected);
  EXPECT_GT(expected.size(), 20);
}

}  // namespace
}  // namespace lenscap
