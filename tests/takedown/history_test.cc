#include "takedown/history.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

v1::CaseUpload UploadAt(
    int seconds, const std::string& content_id,
    v1::Decision::Outcome outcome = v1::Decision::OUTCOME_UNSPECIFIED) {
  v1::CaseUpload upload;
  upload.set_case_id(absl::StrCat("case of ", content_id));
  upload.set_content_id(content_id);
  upload.mutable_seen()->set_seconds(seconds);
  if (outcome != v1::Decision::OUTCOME_UNSPECIFIED) {
    v1::Decision& decision = *upload.add_decisions();
    decision.set_outcome(outcome);
    decision.mutable_time()->set_seconds(seconds + 100);
  }
  return upload;
}

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;

TEST(HistoryTest, CountsWhatBecameOfTheUploads) {
  HistoryCounter counter(absl::Seconds(1000));
  counter.Add(UploadAt(20, "b", kRemove), true, "g");
  counter.Add(UploadAt(10, "a"), false, "h");
  counter.Add(UploadAt(30, "c", kKeep), true, "h");
  const v1::History history = counter.Finish();
  EXPECT_EQ(history.uploads(), 3);
  EXPECT_EQ(history.removed(), 1);
  EXPECT_EQ(history.kept(), 1);
  EXPECT_EQ(history.undecided(), 1);
  EXPECT_EQ(history.first_seen().seconds(), 10);
  EXPECT_EQ(history.last_seen().seconds(), 30);
  ASSERT_EQ(history.strikes_size(), 1);
  EXPECT_EQ(history.strikes(0).content_id(), "b");
  EXPECT_EQ(history.strikes(0).time().seconds(), 120);
  EXPECT_EQ(history.strikes(0).expires().seconds(), 1120);
  ASSERT_EQ(history.neighbours_size(), 2);
  EXPECT_EQ(history.neighbours(0).name(), "h");
  EXPECT_EQ(history.neighbours(0).uploads(), 2);
  ASSERT_EQ(history.case_ids_size(), 3);
  EXPECT_EQ(history.case_ids(0), "case of c");
}

TEST(HistoryTest, ADecisionThatIsQuestionedAgainIsNone) {
  HistoryCounter counter(absl::Hours(1));
  counter.Add(UploadAt(10, "a", kRemove), false, "");
  const v1::History history = counter.Finish();
  EXPECT_EQ(history.removed(), 0);
  EXPECT_EQ(history.undecided(), 1);
  EXPECT_EQ(history.strikes_size(), 0);
  EXPECT_EQ(history.neighbour_count(), 0);
}

TEST(HistoryTest, ListsAreBoundedAndCountsAreNot) {
  HistoryCounter counter(absl::Hours(1));
  for (int i = 0; i < 250; ++i) {
    counter.Add(UploadAt(i, absl::StrCat(i), kRemove), true, absl::StrCat(i));
  }
  const v1::History history = counter.Finish();
  EXPECT_EQ(history.removed(), 250);
  EXPECT_EQ(history.strikes_size(), 100);
  EXPECT_EQ(history.strikes(0).content_id(), "249");
  EXPECT_EQ(history.neighbours_size(), 100);
  EXPECT_EQ(history.neighbour_count(), 250);
  EXPECT_EQ(history.case_ids_size(), 100);
}

}  // namespace
}  // namespace lenscap
