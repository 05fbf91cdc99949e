#include "takedown/feedback.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FeedbackTest : public testing::Test {
 protected:
  FeedbackTest() { TestDisk::SetMode(TestDisk::Mode::kNoSyncs); }
  ~FeedbackTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  // A case that cites entries as "list/entry", decided by `reviewer`.
  void SubmitAndDecide(const std::string& content_id,
                       const std::vector<std::string>& cited,
                       v1::Decision::Outcome outcome) {
    v1::Case opened;
    opened.set_content_id(content_id);
    opened.set_account("secret");
    for (const std::string& entry : cited) {
      v1::ClipMatch& match = *opened.mutable_report()->add_matches();
      match.set_list_id(entry.substr(0, entry.find('/')));
      match.set_entry_id(entry.substr(entry.find('/') + 1));
      match.set_signed_version(4);
      match.set_kind(v1::ClipMatch::KIND_FRAMES);
    }
    ASSERT_TRUE(queue_->Submit(opened).ok());
    Decide(outcome, "ann");
  }

  void Decide(v1::Decision::Outcome outcome, const std::string& reviewer) {
    clock_.Advance(absl::Minutes(1));
    auto leases = queue_->LeaseCases(reviewer, 1, absl::Minutes(1));
    ASSERT_EQ(leases->size(), 1);
    const std::string token = std::move(leases->front()).Detach();
    ASSERT_TRUE(
        queue_
            ->Rule(token,
                   {.outcome = outcome, .note = "internal", .feedback = "told"})
            .ok());
  }

  std::vector<std::string> All(const std::string& list, int limit) {
    std::vector<std::string> told;
    uint64_t after = 0;
    for (bool more = true; more;) {
      const auto page = FeedbackOn(*queue_, list, after, limit);
      EXPECT_TRUE(page.ok()) << page.status();
      EXPECT_GT(page->next, after);
      for (const Feedback& feedback : page->feedback) {
        told.push_back(absl::StrCat(feedback.entry_id,
                                    feedback.upheld ? " upheld" : " rejected"));
      }
      after = page->next;
      more = page->more;
    }
    return told;
  }

  FakeClock clock_;
  const std::unique_ptr<TakedownQueue> queue_ =
      *OpenLocalQueue({.directory = MakeTempDirectory(), .clock = &clock_});
};

TEST_F(FeedbackTest, AnIssuerHearsOfItsOwnEntriesInOrderOfDecisions) {
  SubmitAndDecide("a", {"x/1", "y/2"}, v1::Decision::OUTCOME_REMOVE);
  SubmitAndDecide("b", {"y/3"}, v1::Decision::OUTCOME_KEEP);
  SubmitAndDecide("c", {"x/4", "x/1", "x/4"}, v1::Decision::OUTCOME_KEEP);
  for (const int limit : {1, 2, 100}) {
    EXPECT_THAT(All("x", limit),
                ElementsAre("1 upheld", "4 rejected", "1 rejected"));
    EXPECT_THAT(All("y", limit), ElementsAre("2 upheld", "3 rejected"));
  }
  EXPECT_THAT(All("z", 10), IsEmpty());
}

TEST_F(FeedbackTest, ItSaysWhatTheReviewerWroteToTheIssuer) {
  SubmitAndDecide("a", {"x/1"}, v1::Decision::OUTCOME_KEEP);
  const auto page = FeedbackOn(*queue_, "x", 0, 10);
  ASSERT_EQ(page->feedback.size(), 1);
  EXPECT_EQ(page->feedback[0].reason, "told");
  EXPECT_EQ(page->feedback[0].signed_version, 4);
  EXPECT_EQ(page->feedback[0].decided, clock_.Now());
}

TEST_F(FeedbackTest, ALaterDecisionIsToldAfterTheFirst) {
  SubmitAndDecide("a", {"x/1"}, v1::Decision::OUTCOME_REMOVE);
  const uint64_t after = FeedbackOn(*queue_, "x", 0, 10)->next;
  EXPECT_THAT(FeedbackOn(*queue_, "x", after, 10)->feedback, IsEmpty());
  ASSERT_TRUE(queue_->Appeal(TakedownQueue::CaseId("a"), "please").ok());
  Decide(v1::Decision::OUTCOME_KEEP, "bob");
  const auto page = FeedbackOn(*queue_, "x", after, 10);
  ASSERT_EQ(page->feedback.size(), 1);
  EXPECT_FALSE(page->feedback[0].upheld);
}

}  // namespace
}  // namespace lenscap
