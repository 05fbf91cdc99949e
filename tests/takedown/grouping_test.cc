#include "takedown/grouping.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using By = v1::Case;

void AddMatch(v1::Case& upload, const std::string& entry,
              v1::ClipMatch::Kind kind, bool shadow = false) {
  v1::ClipMatch& match = *upload.mutable_report()->add_matches();
  match.set_list_id("list");
  match.set_entry_id(entry);
  match.set_kind(kind);
  match.set_shadow(shadow);
}

void ExpectGroup(const v1::Case& upload, v1::Case::GroupedBy by,
                 const std::string& shared) {
  const CaseGroup group = GroupOf(upload);
  EXPECT_EQ(group.by, by);
  EXPECT_EQ(group.shared, shared);
}

TEST(GroupingTest, TheSurestThingThatUploadsShareGroupsThem) {
  v1::Case upload;
  upload.set_content_id("content");
  ExpectGroup(upload, By::GROUPED_BY_UPLOAD, "content");
  upload.mutable_report()->set_sha256("\x01\xff");
  ExpectGroup(upload, By::GROUPED_BY_FILE, "01ff");
  upload.set_account("account");
  ExpectGroup(upload, By::GROUPED_BY_ACCOUNT, "account");
  upload.set_group("group");
  ExpectGroup(upload, By::GROUPED_BY_GROUP, "group");
  upload.set_grouped_by(By::GROUPED_BY_CAMERA);
  upload.set_shared("hotel 7");
  ExpectGroup(upload, By::GROUPED_BY_CAMERA, "hotel 7");
  AddMatch(upload, "scene", v1::ClipMatch::KIND_SAME_SCENE);
  AddMatch(upload, "tried", v1::ClipMatch::KIND_FRAMES, /*shadow=*/true);
  ExpectGroup(upload, By::GROUPED_BY_CAMERA, "hotel 7");
  EXPECT_EQ(QueueOf(upload), v1::CASE_QUEUE_SUSPECTED);
  AddMatch(upload, "known", v1::ClipMatch::KIND_FRAMES);
  ExpectGroup(upload, By::GROUPED_BY_LIST_ENTRY, "list/known");
  EXPECT_EQ(QueueOf(upload), v1::CASE_QUEUE_KNOWN_CLIP);
}

TEST(GroupingTest, ReportsAndListingsKeepTheirQueues) {
  v1::Case upload;
  AddMatch(upload, "known", v1::ClipMatch::KIND_EXACT_FILE);
  upload.set_kind(v1::Case::KIND_LISTING);
  EXPECT_EQ(QueueOf(upload), v1::CASE_QUEUE_LISTING);
  upload.set_queue(v1::CASE_QUEUE_APPEAL);  // Nobody submits an appeal.
  EXPECT_EQ(QueueOf(upload), v1::CASE_QUEUE_LISTING);
  upload.set_queue(v1::CASE_QUEUE_VICTIM_REPORT);
  EXPECT_EQ(QueueOf(upload), v1::CASE_QUEUE_VICTIM_REPORT);
}

class InheritsTest : public testing::Test {
 protected:
  InheritsTest() {
    opened_.set_grouped_by(By::GROUPED_BY_LIST_ENTRY);
    opened_.set_shared("list/e");
    decision_.set_outcome(v1::Decision::OUTCOME_REMOVE);
    decision_.set_standing(true);
  }

  static v1::Case UploadOf(v1::ClipMatch::Kind kind, v1::Action action,
                           const std::string& entry = "e") {
    v1::Case upload;
    AddMatch(upload, entry, kind);
    upload.mutable_report()->mutable_verdict()->set_action(action);
    return upload;
  }
  bool Inherited(const v1::Case& upload) {
    return Inherits(upload, opened_, decision_);
  }

  v1::Case opened_;
  v1::Decision decision_;
};

TEST_F(InheritsTest, ARemovalStandsForWhatIsSurelyTheSameFootage) {
  const auto frames = v1::ClipMatch::KIND_FRAMES;
  EXPECT_TRUE(Inherited(UploadOf(frames, v1::ACTION_BLOCK)));
  EXPECT_FALSE(Inherited(UploadOf(frames, v1::ACTION_REVIEW)));
  EXPECT_FALSE(Inherited(UploadOf(frames, v1::ACTION_BLOCK, "other")));
  EXPECT_TRUE(
      Inherited(UploadOf(v1::ClipMatch::KIND_EXACT_FILE, v1::ACTION_REVIEW)));
  EXPECT_FALSE(
      Inherited(UploadOf(v1::ClipMatch::KIND_SAME_SCENE, v1::ACTION_BLOCK)));
  EXPECT_FALSE(Inherited(v1::Case()));
}

// A reviewer who keeps one upload has not seen what else is said to match.
TEST_F(InheritsTest, AKeptCaseStandsForTheVeryFileAlone) {
  decision_.set_outcome(v1::Decision::OUTCOME_KEEP);
  EXPECT_FALSE(
      Inherited(UploadOf(v1::ClipMatch::KIND_FRAMES, v1::ACTION_BLOCK)));
  EXPECT_TRUE(
      Inherited(UploadOf(v1::ClipMatch::KIND_EXACT_FILE, v1::ACTION_BLOCK)));
}

TEST_F(InheritsTest, WhatDoesNotStandIsNotInherited) {
  decision_.set_standing(false);
  EXPECT_FALSE(
      Inherited(UploadOf(v1::ClipMatch::KIND_EXACT_FILE, v1::ACTION_BLOCK)));
  decision_.set_standing(true);
  opened_.set_grouped_by(By::GROUPED_BY_GROUP);
  EXPECT_FALSE(
      Inherited(UploadOf(v1::ClipMatch::KIND_EXACT_FILE, v1::ACTION_BLOCK)));
}

TEST(ReachRaisesTest, EachDoublingRaisesUpToABound) {
  v1::Reach reach;
  EXPECT_EQ(ReachRaises(reach), 0);
  reach.set_uploads(1);
  reach.set_accounts(1);
  EXPECT_EQ(ReachRaises(reach), 0);
  reach.set_uploads(2);
  EXPECT_EQ(ReachRaises(reach), 10);
  reach.set_uploads(8000);
  reach.set_accounts(3);
  EXPECT_EQ(ReachRaises(reach), 130);
  reach.set_uploads(int64_t{1} << 62);
  EXPECT_EQ(ReachRaises(reach), 150);
}

}  // namespace
}  // namespace lenscap
