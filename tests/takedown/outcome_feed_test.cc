// What platforms are told, from a real queue into a real log.

#include "takedown/outcome_feed.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/review_policy.pb.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;

// Two days for each case, with a warning when one is left.
v1::ReviewPolicy Policy() {
  v1::ReviewPolicy policy;
  v1::ClockRule& clock = *policy.add_clocks();
  clock.set_name("two-days");
  clock.set_start(v1::ClockRule::START_DETECTION);
  clock.mutable_limit()->set_seconds(2 * 86'400);
  clock.add_alert_before()->set_seconds(86'400);
  return policy;
}

class OutcomeFeedTest : public testing::Test {
 protected:
  OutcomeFeedTest() { Reopen(); }

  void Reopen() {
    feed_ = nullptr;
    log_ = nullptr;
    queue_ = nullptr;
    auto queue = OpenLocalQueue({.directory = directory_ + "/cases",
                                 .clock = &clock_,
                                 .review = Policy()});
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
    auto log = OutcomeLog::Open(directory_ + "/outcomes", &clock_);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
    DueHolds holds;
    holds.due = [this](absl::Time now) -> absl::StatusOr<std::vector<DueHold>> {
      std::vector<DueHold> due;
      for (const auto& [id, hold] : holds_) {
        if (hold.deadline <= now) due.push_back(hold);
      }
      return due;
    };
    holds.told = [this](const DueHold& hold) {
      if (told_.ok()) holds_.erase(hold.id);
      return told_;
    };
    feed_ =
        std::make_unique<OutcomeFeed>(queue_.get(), log_.get(), holds, &clock_);
  }

  std::string Open(const std::string& content_id,
                   v1::Action advised = v1::ACTION_REVIEW) {
    v1::Case opened;
    opened.set_content_id(content_id);
    opened.set_account("account-" + content_id);
    opened.set_tenant("forum");
    opened.mutable_report()->mutable_verdict()->set_action(advised);
    return *queue_->Submit(opened);
  }
  // An upload of a listed clip: it joins the others of the clip.
  std::string OpenOfClip(const std::string& content_id) {
    v1::Case opened;
    opened.set_content_id(content_id);
    opened.set_tenant("forum");
    v1::ScanReport& report = *opened.mutable_report();
    report.set_sha256("digest of " + content_id);
    report.mutable_verdict()->set_action(v1::ACTION_BLOCK);
    v1::ClipMatch& match = *report.add_matches();
    match.set_list_id("list");
    match.set_entry_id("clip");
    match.set_kind(v1::ClipMatch::KIND_EXACT_FILE);
    return *queue_->Submit(opened);
  }
  // The token of the claim.
  std::string Claim(const std::string& reviewer = "ann") {
    clock_.Advance(absl::Seconds(1));
    auto leases = queue_->LeaseCases(reviewer, 1, absl::Minutes(5));
    EXPECT_TRUE(leases.ok() && leases->size() == 1) << leases.status();
    return std::move(leases->front()).Detach();
  }
  void Decide(v1::Decision::Outcome outcome,
              const std::string& reviewer = "ann") {
    ASSERT_TRUE(queue_->Decide(Claim(reviewer), outcome, "note").ok());
  }
  // After the time in which a decision could be undone.
  void CatchUp() {
    clock_.Advance(absl::Minutes(11));
    ASSERT_TRUE(feed_->CatchUp().ok());
  }
  // "DECIDED REMOVE upload", one an outcome.
  std::vector<std::string> Told(uint64_t after = 0) {
    std::vector<std::string> told;
    const auto read = log_->Read(after, 1000);
    EXPECT_TRUE(read.ok()) << read.status();
    for (const auto& [number, outcome] : *read) {
      std::vector<std::string> words = {
          v1::Outcome::Type_Name(outcome.type()).substr(5)};
      if (outcome.outcome() != 0) {
        words.push_back(
            v1::Decision::Outcome_Name(outcome.outcome()).substr(8));
      }
      for (const v1::UploadName& upload : outcome.uploads()) {
        words.push_back(upload.content_id());
      }
      told.push_back(absl::StrJoin(words, " "));
      EXPECT_EQ(outcome.cursor(), absl::StrCat(number));
    }
    return told;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::map<std::string, DueHold> holds_;
  absl::Status told_;
  std::unique_ptr<TakedownQueue> queue_;
  std::unique_ptr<OutcomeLog> log_;
  std::unique_ptr<OutcomeFeed> feed_;
};

TEST_F(OutcomeFeedTest, WhatIsOpenIsNotTold) {
  Open("a");
  CatchUp();
  EXPECT_THAT(Told(), IsEmpty());
  EXPECT_FALSE(*feed_->CatchUp());
}

TEST_F(OutcomeFeedTest, TellsEachDecisionOnceAndInOrder) {
  Open("a");
  Decide(kRemove);
  Open("b");
  Decide(kKeep);
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("DECIDED REMOVE a", "DECIDED KEEP b"));
  CatchUp();
  EXPECT_EQ(Told().size(), 2);
}

TEST_F(OutcomeFeedTest, AnAppealThatSucceedsRestores) {
  const std::string id = Open("a");
  Decide(kRemove);
  ASSERT_TRUE(queue_->Appeal(id, "my own flat").ok());
  Decide(kKeep, "ben");
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("DECIDED REMOVE a", "REOPENED REMOVE a",
                                  "RESTORED KEEP a"));
}

TEST_F(OutcomeFeedTest, WhatTheScanBlockedAndAPersonKeepsIsRestored) {
  Open("a", v1::ACTION_BLOCK);
  Decide(kKeep);
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("RESTORED KEEP a"));
}

TEST_F(OutcomeFeedTest, ADecisionIsToldOnceItCannotBeUndone) {
  Open("a");
  Decide(kRemove);
  EXPECT_FALSE(*feed_->CatchUp());
  clock_.Advance(absl::Seconds(9));
  EXPECT_FALSE(*feed_->CatchUp());
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(*feed_->CatchUp());
  EXPECT_THAT(Told(), ElementsAre("DECIDED REMOVE a"));
}

TEST_F(OutcomeFeedTest, WhatWasUndoneIsNeverToldAndWhatFollowsItIs) {
  Open("a");
  const std::string token = Claim();
  ASSERT_TRUE(queue_->Decide(token, kRemove, "a slip").ok());
  clock_.Advance(absl::Seconds(3));
  ASSERT_TRUE(queue_->Undo(token).ok());
  ASSERT_TRUE(queue_->Decide(token, kKeep, "better").ok());
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("DECIDED KEEP a"));
  EXPECT_EQ((*log_->Read(0, 1))[0].outcome.version(), 1);
}

TEST_F(OutcomeFeedTest, OneDecisionIsToldOfAllUploadsOfTheCase) {
  OpenOfClip("a");
  OpenOfClip("b");
  OpenOfClip("c");
  Decide(kRemove);
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("DECIDED REMOVE a b c"));
}

TEST_F(OutcomeFeedTest, AnUploadThatInheritsADecisionIsToldByItself) {
  OpenOfClip("a");
  Decide(kRemove);
  CatchUp();
  const std::string id = OpenOfClip("b");
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("DECIDED REMOVE a", "DECIDED REMOVE b"));
  const v1::Outcome outcome = (*log_->Read(1, 1))[0].outcome;
  EXPECT_EQ(outcome.case_id(), id);
  EXPECT_EQ(outcome.version(), 1);
  EXPECT_NE(outcome.id(), (*log_->Read(0, 1))[0].outcome.id());
}

TEST_F(OutcomeFeedTest, WhatInheritedADecisionThatIsUndoneIsNotTold) {
  OpenOfClip("a");
  const std::string token = Claim();
  ASSERT_TRUE(queue_->Decide(token, kRemove, "a slip").ok());
  OpenOfClip("b");
  ASSERT_TRUE(queue_->Undo(token).ok());
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(queue_->Decide(token, kKeep, "better").ok());
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("RESTORED KEEP a b"));
}

TEST_F(OutcomeFeedTest, AnAppealTakesOneUploadOutAndIsToldOfItAlone) {
  OpenOfClip("a");
  OpenOfClip("b");
  Decide(kRemove);
  CatchUp();
  ASSERT_TRUE(
      queue_
          ->Reopen(Reopening{
              .content_id = "b", .statement = "mine", .by = "platform:forum"})
          .ok());
  Decide(kKeep, "ben");
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("DECIDED REMOVE a b", "REOPENED REMOVE b",
                                  "RESTORED KEEP b"));
}

TEST_F(OutcomeFeedTest, AWarningOfAClockIsTold) {
  const std::string id = Open("a");
  clock_.Advance(absl::Hours(25));
  ASSERT_TRUE(queue_->Alert(id).ok());
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("CLOCK a"));
  EXPECT_EQ((*log_->Read(0, 1))[0].outcome.clock().name(), "two-days");
}

TEST_F(OutcomeFeedTest, GoesOnAfterARestartWhereItStopped) {
  Open("a");
  Decide(kRemove);
  CatchUp();
  Reopen();
  Open("b");
  Decide(kKeep);
  Reopen();
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("DECIDED REMOVE a", "DECIDED KEEP b"));
  EXPECT_THAT(Told(1), ElementsAre("DECIDED KEEP b"));
}

TEST_F(OutcomeFeedTest, IdsAreTheSameHoweverOftenTheyAreMade) {
  Open("a");
  Decide(kRemove);
  CatchUp();
  const std::string id = (*log_->Read(0, 1))[0].outcome.id();
  // As after a crash before the mark was kept.
  ASSERT_TRUE(log_->Append({}, {{"events", 0}}).ok());
  CatchUp();
  ASSERT_EQ(Told().size(), 2);
  EXPECT_EQ((*log_->Read(1, 1))[0].outcome.id(), id);
}

TEST_F(OutcomeFeedTest, OutcomesNameTenantAccountAndVersion) {
  Open("a");
  Decide(kRemove);
  CatchUp();
  const v1::Outcome outcome = (*log_->Read(0, 1))[0].outcome;
  EXPECT_EQ(outcome.tenant(), "forum");
  EXPECT_EQ(outcome.version(), 1);
  EXPECT_EQ(outcome.uploads(0).account(), "account-a");
}

TEST_F(OutcomeFeedTest, APurgedCaseIsPassedOver) {
  Open("a");
  Decide(kRemove);
  clock_.Advance(absl::Hours(1));
  ASSERT_TRUE(queue_->Purge(clock_.Now()).ok());
  Open("b");
  Decide(kKeep);
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("DECIDED KEEP b"));
}

TEST_F(OutcomeFeedTest, ADeadlineIsToldOnceWhenItHasPassed) {
  DueHold hold;
  hold.id = "h1";
  hold.tenant = "forum";
  hold.upload.set_content_id("held");
  hold.fallback = v1::FALLBACK_BLOCK;
  hold.deadline = clock_.Now() + absl::Hours(1);
  holds_["h1"] = hold;
  CatchUp();
  EXPECT_THAT(Told(), IsEmpty());
  clock_.Advance(absl::Hours(1));
  CatchUp();
  CatchUp();
  EXPECT_THAT(Told(), ElementsAre("DEADLINE held"));
  const v1::Outcome outcome = (*log_->Read(0, 1))[0].outcome;
  EXPECT_EQ(outcome.id(), "out_hold_h1");
  EXPECT_EQ(outcome.fallback(), v1::FALLBACK_BLOCK);
}

TEST_F(OutcomeFeedTest, ADeadlineThatCouldNotBeMarkedIsToldAgainAsTheSame) {
  DueHold hold;
  hold.id = "h1";
  hold.deadline = clock_.Now();
  holds_["h1"] = hold;
  told_ = absl::InternalError("the disk failed");
  EXPECT_FALSE(feed_->CatchUp().ok());
  told_ = absl::OkStatus();
  CatchUp();
  CatchUp();
  const auto read = *log_->Read(0, 10);
  ASSERT_EQ(read.size(), 2);
  EXPECT_EQ(read[0].outcome.id(), read[1].outcome.id());
}

TEST_F(OutcomeFeedTest, ACursorIsANumberOrNothing) {
  EXPECT_EQ(*OutcomeLog::ParseCursor("after", ""), 0);
  EXPECT_EQ(*OutcomeLog::ParseCursor("after", "12"), 12);
  for (const char* bad : {"x", "-1", "1.5", "99999999999999999999"}) {
    EXPECT_EQ(OutcomeLog::ParseCursor("after", bad).status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

}  // namespace
}  // namespace lenscap
