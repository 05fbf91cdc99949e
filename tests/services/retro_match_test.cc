#include "services/retro_match.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "fingerprint/derive_dihedral.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"
#include "tests/services/full_queue.h"
#include "tests/services/retro_match_fixture.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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

}  // namespace
}  // namespace lenscap
