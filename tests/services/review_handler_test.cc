#include "services/review_handler.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/proto_time.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;

class ReviewHandlerTest : public testing::Test {
 protected:
  ReviewHandlerTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    queue_ = std::make_unique<GoldenQueue>(GoldenQueue::Options{
        .real = *OpenLocalQueue(
            {.directory = directory_ + "/cases", .clock = &clock_}),
        .shown = *OpenLocalQueue({.directory = directory_ + "/shown",
                                  .clock = &clock_,
                                  .apart = true}),
        .golden = *GoldenCases::Open(directory_ + "/golden", &clock_),
        .share = 0.5,
        .draw = [this] { return drawn_; }});
    rooms_ = {.cases = queue_.get(), .record = [this](const AuditEntry& entry) {
                recorded_.push_back(absl::StrCat(entry.actor, " ", entry.action,
                                                 " ", entry.subject));
                return absl::OkStatus();
              }};
  }
  ~ReviewHandlerTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  std::string Submit(const std::string& content_id) {
    v1::Case opened;
    opened.set_content_id(content_id);
    return *queue_->Submit(opened);
  }
  void Decide(const std::string& reviewer, v1::Decision::Outcome outcome) {
    auto leases = queue_->LeaseCases(reviewer, 1, absl::Minutes(5));
    ASSERT_EQ(leases->size(), 1);
    clock_.Advance(absl::Seconds(30));
    ASSERT_TRUE(std::move(leases->front()).Decide(outcome, "").ok());
  }
  v1::AddGoldenRequest Golden(const std::string& case_id) {
    v1::AddGoldenRequest request;
    request.set_case_id(case_id);
    request.set_outcome(kRemove);
    request.set_note("beyond doubt");
    return request;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  double drawn_ = 1;
  std::unique_ptr<GoldenQueue> queue_;
  std::vector<std::string> recorded_;
  ReviewRooms rooms_;
};

TEST_F(ReviewHandlerTest, GoldenCasesAreAddedListedAndRemovedOnRecord) {
  const std::string id = Submit("a");
  Decide("ann", kRemove);
  const auto added = AddGolden(rooms_, LocalCaller(), Golden(id));
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(ListGolden(rooms_)->golden(0).case_id(), id);
  v1::RemoveGoldenRequest removal;
  removal.set_golden_id(added->golden_id());
  EXPECT_TRUE(RemoveGolden(rooms_, LocalCaller(), removal).ok());
  EXPECT_EQ(ListGolden(rooms_)->golden_size(), 0);
  const std::string actor = ActorOf(LocalCaller());
  EXPECT_THAT(recorded_,
              ElementsAre(absl::StrCat(actor, " golden.add case/", id),
                          absl::StrCat(actor, " golden.remove case/", id)));
}

TEST_F(ReviewHandlerTest, ReviewersFareByTheirDecisionsAndGoldenAnswers) {
  const std::string id = Submit("a");
  Decide("ann", kRemove);
  ASSERT_TRUE(AddGolden(rooms_, LocalCaller(), Golden(id)).ok());
  Submit("b");
  drawn_ = 0;
  Decide("bob", kKeep);  // The golden one, wrongly.
  Decide("bob", kKeep);  // The other.
  const auto reply = CountReviewers(rooms_, {});
  ASSERT_EQ(reply->reviewers_size(), 2);
  EXPECT_EQ(reply->reviewers(0).median_time().seconds(), 30);
  const v1::ReviewerFigures& bob = reply->reviewers(1);
  EXPECT_EQ(bob.reviewer(), "bob");
  EXPECT_EQ(bob.decisions(), 1);
  EXPECT_EQ(bob.golden(), 1);
  EXPECT_EQ(bob.golden_right(), 0);
}

TEST_F(ReviewHandlerTest, ADecisionThatIsHiddenIsOnRecord) {
  const std::string id = Submit("a");
  v1::DecideReply told;
  told.mutable_case_()->set_case_id(id);
  told.mutable_case_()->set_state(v1::Case::STATE_DECIDED);
  told.mutable_case_()->add_decisions()->set_outcome(kKeep);
  // The queue shows no decision: it waits for another reviewer.
  ASSERT_TRUE(RecordReview(rooms_, LocalCaller(), told).ok());
  EXPECT_THAT(recorded_, ElementsAre(absl::StrCat(ActorOf(LocalCaller()),
                                                  " case.review case/", id)));
  Decide("ann", kKeep);
  ASSERT_TRUE(RecordReview(rooms_, LocalCaller(), told).ok());
  EXPECT_EQ(recorded_.size(), 1);
}

TEST_F(ReviewHandlerTest, TrendsArePartedIntoSteps) {
  const absl::Time start = clock_.Now();
  Submit("a");
  Decide("ann", kRemove);
  v1::TrendsRequest request;
  *request.mutable_start() = ToProto(start);
  *request.mutable_end() = ToProto(start + absl::Hours(2));
  *request.mutable_step() = ToProto(absl::Hours(1));
  const auto trends = ReadTrends(rooms_, request);
  ASSERT_EQ(trends->trends_size(), 2);
  EXPECT_EQ(trends->trends(0).removed(), 1);
}

TEST_F(ReviewHandlerTest, BadRequestsAreRefusedByTheNameOfTheField) {
  const auto expect = [](const absl::Status& status, const char* field) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), StartsWith(field));
  };
  v1::AddGoldenRequest golden = Golden("");
  expect(AddGolden(rooms_, LocalCaller(), golden).status(), "case_id: ");
  golden = Golden("case-a");
  golden.clear_outcome();
  expect(AddGolden(rooms_, LocalCaller(), golden).status(), "outcome: ");
  golden = Golden("case-a");
  golden.set_note(std::string(1025, 'n'));
  expect(AddGolden(rooms_, LocalCaller(), golden).status(), "note: ");
  expect(RemoveGolden(rooms_, LocalCaller(), {}).status(), "golden_id: ");
  v1::ReviewerStatsRequest stats;
  stats.mutable_start()->set_seconds(5);
  stats.mutable_end()->set_seconds(5);
  expect(CountReviewers(rooms_, stats).status(), "end: ");
  v1::TrendsRequest trends;
  expect(ReadTrends(rooms_, trends).status(), "start: ");
  trends.mutable_start()->set_seconds(0);
  trends.mutable_end()->set_seconds(400 * 60 + 1);
  expect(ReadTrends(rooms_, trends).status(), "step: ");
  trends.mutable_step()->set_seconds(59);
  expect(ReadTrends(rooms_, trends).status(), "step: ");
  trends.mutable_step()->set_seconds(60);
  expect(ReadTrends(rooms_, trends).status(), "step: ");
  trends.mutable_end()->set_seconds(400 * 60);
  EXPECT_EQ(ReadTrends(rooms_, trends)->trends_size(), 400);
  trends.mutable_end()->set_seconds(-1);
  expect(ReadTrends(rooms_, trends).status(), "end: ");
  EXPECT_TRUE(recorded_.empty());
}

}  // namespace
}  // namespace lenscap
