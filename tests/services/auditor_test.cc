#include "services/auditor.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/audit_entries.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::ElementsAre;

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;

// The real log, queue and lists, which a crash may come between.
class AuditorTest : public testing::Test {
 protected:
  AuditorTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    Reopen();
  }
  ~AuditorTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    auditor_.reset();
    log_.reset();
    cases_.reset();
    lists_.reset();
    log_ =
        *AuditLog::Open({.directory = directory_ + "/audit", .clock = &clock_});
    cases_ =
        *OpenLocalQueue({.directory = directory_ + "/cases", .clock = &clock_});
    lists_ = *KnownClips::Open(
        {.directory = directory_ + "/index", .clock = &clock_});
    auditor_ =
        std::make_unique<Auditor>(log_.get(), cases_.get(), lists_.get());
  }

  std::string Submit(const std::string& content_id) {
    v1::Case opened;
    opened.set_content_id(content_id);
    v1::ClipMatch& match = *opened.mutable_report()->add_matches();
    match.set_list_id("hotline");
    match.set_entry_id("e1");
    match.set_signed_version(7);
    match.set_list_sha256("\x01\x02");
    opened.mutable_report()->mutable_verdict()->set_action(v1::ACTION_BLOCK);
    return *cases_->Submit(opened);
  }
  void Decide() {
    auto leases = cases_->LeaseCases("ann", 1, absl::Minutes(1));
    ASSERT_EQ(leases->size(), 1);
    ASSERT_TRUE(std::move(leases->front()).Decide(kRemove, "seen").ok());
  }
  void Publish(const std::string& entry) {
    Clip clip;
    clip.list_id = "list";
    clip.entry_id = entry;
    clip.duration = absl::Seconds(1);
    clip.sha256 = Sha256Of(entry);
    const auto published = lists_->Publish(clip, "regulator:hotline");
    ASSERT_TRUE(published.ok()) << published.status();
  }

  std::vector<AuditRecord> Records() {
    std::vector<AuditRecord> records;
    EXPECT_TRUE(log_->ForEach(1,
                              [&](const AuditRecord& record, auto) {
                                records.push_back(record);
                                return absl::OkStatus();
                              })
                    .ok());
    return records;
  }
  std::vector<std::string> Actions() {
    std::vector<std::string> actions;
    for (const AuditRecord& record : Records()) {
      actions.push_back(record.entry.action);
    }
    return actions;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<AuditLog> log_;
  std::unique_ptr<TakedownQueue> cases_;
  std::unique_ptr<KnownClips> lists_;
  std::unique_ptr<Auditor> auditor_;
};

TEST_F(AuditorTest, ADecisionIsOnRecordWithTheListItRestsOn) {
  const std::string id = Submit("a");
  Decide();
  ASSERT_TRUE(auditor_->CatchUpCases().ok());
  const auto records = Records();
  ASSERT_EQ(records.size(), 2);
  EXPECT_EQ(records[0].entry.action, "case.open");
  EXPECT_EQ(records[0].entry.actor, "system");
  const AuditEntry& decided = records[1].entry;
  EXPECT_EQ(decided.action, "case.decide");
  EXPECT_EQ(decided.actor, "reviewer:ann");
  EXPECT_EQ(decided.subject, "case/" + id);
  EXPECT_EQ(decided.reason, "seen");
  EXPECT_EQ(decided.source, "cases");
  const std::map<std::string, std::string> details(decided.details.begin(),
                                                   decided.details.end());
  EXPECT_EQ(details.at("outcome"), "remove");
  EXPECT_EQ(details.at("matches"), "hotline/e1@7#0102");
}

TEST_F(AuditorTest, AnAppealIsOnRecordWithWhoMadeIt) {
  const std::string id = Submit("a");
  Decide();
  ASSERT_TRUE(cases_->Reopen(id, "my garden", "platform:videos").ok());
  ASSERT_TRUE(auditor_->CatchUpCases().ok());
  const AuditEntry reopened = Records().back().entry;
  EXPECT_EQ(reopened.action, "case.reopen");
  EXPECT_EQ(reopened.actor, "platform:videos");
  EXPECT_EQ(reopened.reason, "my garden");
}

TEST_F(AuditorTest, EachChangeOfAListIsOnRecordOnce) {
  ASSERT_TRUE(lists_->CreateList("list", "a hotline").ok());
  for (int i = 0; i < 3; ++i) Publish(absl::StrCat("e", i));
  ASSERT_TRUE(auditor_->CatchUpList("list").ok());
  ASSERT_TRUE(lists_->Withdraw("list", {"e1"}, "wrong", "regulator:x").ok());
  ASSERT_TRUE(auditor_->CatchUp().ok());
  ASSERT_TRUE(auditor_->CatchUp().ok());
  EXPECT_THAT(Actions(), ElementsAre("list.publish", "list.publish",
                                     "list.publish", "list.withdraw"));
  const AuditEntry withdrawn = Records().back().entry;
  EXPECT_EQ(withdrawn.actor, "regulator:x");
  EXPECT_EQ(withdrawn.subject, "list/list");
  EXPECT_EQ(withdrawn.reason, "wrong");
  EXPECT_EQ(withdrawn.source_sequence, 4);
}

TEST_F(AuditorTest, WhatACrashLeftOutIsRecordedOnceAtTheNextStart) {
  ASSERT_TRUE(lists_->CreateList("list", "a hotline").ok());
  for (int i = 0; i < 12; ++i) {
    Submit(absl::StrCat(i));
    if (i % 2 == 0) Decide();
    Publish(absl::StrCat("e", i));
    // Some answer, some crash first, and some crash right after.
    if (i % 3 != 0) {
      EXPECT_TRUE(auditor_->CatchUp().ok());
    }
    if (i % 3 != 1) Reopen();
    if (i % 4 == 0) {
      EXPECT_TRUE(auditor_->CatchUp().ok());
    }
  }
  Reopen();
  ASSERT_TRUE(auditor_->CatchUp().ok());
  std::set<std::pair<std::string, uint64_t>> recorded;
  std::map<std::string, int> actions;
  for (const AuditRecord& record : Records()) {
    EXPECT_TRUE(
        recorded.emplace(record.entry.source, record.entry.source_sequence)
            .second);
    ++actions[record.entry.action];
  }
  EXPECT_EQ(actions["case.open"], 12);
  EXPECT_EQ(actions["case.decide"], 6);
  EXPECT_EQ(actions["list.publish"], 12);
}

TEST_F(AuditorTest, AFullDiskIsSaidAndTheNextCatchUpRecordsItOnce) {
  Submit("a");
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_TRUE(absl::IsResourceExhausted(auditor_->CatchUpCases()));
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  ASSERT_TRUE(auditor_->CatchUpCases().ok());
  EXPECT_THAT(Actions(), ElementsAre("case.open"));
}

TEST_F(AuditorTest, MoreThanABatchIsRecordedInOrder) {
  for (int i = 0; i < 1100; ++i) Submit(absl::StrCat(i));
  ASSERT_TRUE(auditor_->CatchUpCases().ok());
  const auto records = Records();
  ASSERT_EQ(records.size(), 1100);
  for (size_t i = 1; i < records.size(); ++i) {
    EXPECT_GT(records[i].entry.source_sequence,
              records[i - 1].entry.source_sequence);
  }
}

}  // namespace
}  // namespace lenscap
