#include "takedown/victim_reports.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto kWaiting = v1::VictimReport::STATE_WAITING;
constexpr auto kAccepted = v1::VictimReport::STATE_ACCEPTED;
constexpr auto kRejected = v1::VictimReport::STATE_REJECTED;

v1::VictimReport Report(const std::string& name = "Mina Example") {
  v1::VictimReport report;
  report.mutable_header()->set_name(name);
  report.mutable_header()->set_contact("mina@example.org");
  report.mutable_header()->set_statement("It shows my room");
  return report;
}

class VictimReportsTest : public testing::Test {
 protected:
  VictimReportsTest() { Reopen(); }
  void TearDown() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen(int64_t max_waiting = 1000) {
    reports_.reset();
    auto opened = VictimReports::Open({.directory = directory_ + "/reports",
                                       .key_file = directory_ + "/keys",
                                       .max_waiting = max_waiting,
                                       .clock = &clock_});
    ASSERT_TRUE(opened.ok()) << opened.status();
    reports_ = *std::move(opened);
  }
  std::string Submit(const std::string& name = "Mina Example",
                     const std::string& footage = "") {
    const auto submitted = reports_->Submit(Report(name), footage);
    EXPECT_TRUE(submitted.ok()) << submitted.status();
    clock_.Advance(absl::Seconds(1));
    return submitted->report_id;
  }
  std::vector<std::string> Names(v1::VictimReport::State state,
                                 int page_size = 3) {
    std::vector<std::string> names;
    std::string after;
    do {
      const auto page = reports_->List(state, after, page_size);
      EXPECT_TRUE(page.ok()) << page.status();
      for (const auto& report : page->reports) {
        names.push_back(report.header().name());
      }
      after = page->next;
    } while (!after.empty());
    return names;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<VictimReports> reports_;
};

TEST_F(VictimReportsTest, AReportThatWasTakenInIsThereAfterAStart) {
  const absl::Time now = clock_.Now();
  const std::string id = Submit();
  Reopen();
  const auto report = reports_->Get(id);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->report_id(), id);
  EXPECT_EQ(report->state(), kWaiting);
  EXPECT_EQ(report->received().seconds(), absl::ToUnixSeconds(now));
  EXPECT_EQ(report->header().statement(), "It shows my room");
  EXPECT_TRUE(absl::IsNotFound(reports_->Get("report-0").status()));
}

TEST_F(VictimReportsTest, NoNameAndNoWordIsOnTheDiskInTheClear) {
  const auto submitted = reports_->Submit(Report(), "fingerprints of it");
  ASSERT_TRUE(
      reports_->Answer(submitted->report_id, kAccepted, "We act", "ann").ok());
  reports_.reset();
  std::string bytes;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(directory_)) {
    if (entry.is_regular_file()) {
      std::ifstream file(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
  }
  const std::vector<std::string> secrets = {"Mina",    "example.org",
                                            "my room", "fingerprints of it",
                                            "We act",  submitted->receipt};
  for (const std::string& secret : secrets) {
    EXPECT_THAT(bytes, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(bytes, HasSubstr(submitted->report_id));
}

TEST_F(VictimReportsTest, OnlyTheReceiptOpensAReportToWhoSentIt) {
  const auto mine = reports_->Submit(Report(), "");
  const auto other = reports_->Submit(Report(), "");
  EXPECT_TRUE(reports_->GetByReceipt(mine->report_id, mine->receipt).ok());
  const auto refused =
      reports_->GetByReceipt(mine->report_id, other->receipt).status();
  EXPECT_TRUE(absl::IsNotFound(refused));
  // Nobody can tell whether there is such a report.
  EXPECT_EQ(refused, reports_->GetByReceipt("report-0", "x").status());
  EXPECT_TRUE(
      absl::IsNotFound(reports_->GetByReceipt(mine->report_id, "").status()));
}

TEST_F(VictimReportsTest, FootageIsReadBack) {
  const std::string large(3 << 20, 'f');
  const std::string with = Submit("a", large);
  const std::string without = Submit("b");
  Reopen();
  EXPECT_EQ(*reports_->Footage(with), large);
  EXPECT_TRUE(absl::IsNotFound(reports_->Footage(without).status()));
}

TEST_F(VictimReportsTest, EachIsAnsweredOnce) {
  const std::string id = Submit();
  const auto answered = reports_->Answer(id, kAccepted, "We act", "ann");
  ASSERT_TRUE(answered.ok()) << answered.status();
  EXPECT_EQ(answered->answered_by(), "ann");
  const auto when = answered->answered();
  clock_.Advance(absl::Hours(1));
  const auto again = reports_->Answer(id, kAccepted, "We act", "ben");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->answered_by(), "ann");
  EXPECT_EQ(again->answered().seconds(), when.seconds());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      reports_->Answer(id, kRejected, "No", "ben").status()));
  EXPECT_TRUE(absl::IsNotFound(
      reports_->Answer("report-0", kAccepted, "", "ann").status()));
}

TEST_F(VictimReportsTest, ReportsAreListedByStateOldestFirstPageByPage) {
  std::map<std::string, std::string> ids;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) {
    ids[name] = Submit(name);
  }
  EXPECT_THAT(Names(kWaiting), ElementsAre("a", "b", "c", "d", "e", "f", "g"));
  ASSERT_TRUE(reports_->Answer(ids["e"], kAccepted, "", "ann").ok());
  ASSERT_TRUE(reports_->Answer(ids["b"], kAccepted, "", "ann").ok());
  ASSERT_TRUE(reports_->Answer(ids["c"], kRejected, "No", "ann").ok());
  Reopen();
  EXPECT_THAT(Names(kWaiting), ElementsAre("a", "d", "f", "g"));
  EXPECT_THAT(Names(kAccepted), ElementsAre("b", "e"));
  EXPECT_THAT(Names(kRejected, 1), ElementsAre("c"));
  EXPECT_TRUE(absl::IsInvalidArgument(
      reports_->List(kWaiting, "not a cursor!", 1).status()));
}

TEST_F(VictimReportsTest, WhatIsLeftToDoIsKnownUntilItIsDone) {
  const std::string id = Submit();
  auto pending = *reports_->ListPending();
  ASSERT_EQ(pending.size(), 1);
  EXPECT_EQ(pending[0].report_id, id);
  EXPECT_TRUE(pending[0].submission);
  EXPECT_FALSE(pending[0].answer);
  ASSERT_TRUE(reports_->Answer(id, kAccepted, "We act", "ann").ok());
  Reopen();
  pending = *reports_->ListPending();
  ASSERT_EQ(pending.size(), 1);
  EXPECT_TRUE(pending[0].submission && pending[0].answer);
  ASSERT_TRUE(reports_->FinishSubmission(id, {"case-1", "case-2"}).ok());
  const auto done = reports_->FinishAnswer(id, "victim-reports/x");
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->case_ids_size(), 2);
  EXPECT_EQ(done->entry(), "victim-reports/x");
  EXPECT_THAT(*reports_->ListPending(), IsEmpty());
}

TEST_F(VictimReportsTest, OnlySoManyWait) {
  Reopen(/*max_waiting=*/2);
  const std::string id = Submit();
  Submit();
  EXPECT_TRUE(
      absl::IsResourceExhausted(reports_->Submit(Report(), "").status()));
  Reopen(/*max_waiting=*/2);
  EXPECT_TRUE(
      absl::IsResourceExhausted(reports_->Submit(Report(), "").status()));
  ASSERT_TRUE(reports_->Answer(id, kRejected, "No", "ann").ok());
  EXPECT_TRUE(reports_->Submit(Report(), "").ok());
}

TEST_F(VictimReportsTest, OldAnsweredReportsAreForgottenWithTheirKeys) {
  const std::string old = Submit("old", "footage");
  const std::string unfinished = Submit("unfinished");
  const std::string waiting = Submit("waiting");
  for (const std::string& id : {old, unfinished}) {
    ASSERT_TRUE(reports_->Answer(id, kAccepted, "", "ann").ok());
  }
  ASSERT_TRUE(reports_->FinishSubmission(old, {}).ok());
  ASSERT_TRUE(reports_->FinishAnswer(old, "").ok());
  EXPECT_EQ(*reports_->Purge(clock_.Now() - absl::Hours(1)), 0);
  clock_.Advance(absl::Hours(24));
  EXPECT_EQ(*reports_->Purge(clock_.Now()), 1);
  EXPECT_TRUE(absl::IsNotFound(reports_->Get(old).status()));
  EXPECT_TRUE(absl::IsNotFound(reports_->Footage(old).status()));
  EXPECT_THAT(Names(kAccepted), ElementsAre("unfinished"));
  EXPECT_THAT(Names(kWaiting), ElementsAre("waiting"));
}

TEST_F(VictimReportsTest, WhatACrashLeftOfARemovalIsRemoved) {
  const std::string id = Submit("gone", "footage");
  const std::string kept = Submit("kept");
  reports_.reset();
  ASSERT_TRUE((*KeyFile::Open(directory_ + "/keys"))->Destroy({id}).ok());
  Reopen();
  EXPECT_TRUE(absl::IsNotFound(reports_->Get(id).status()));
  EXPECT_THAT(Names(kWaiting), ElementsAre("kept"));
  EXPECT_EQ(reports_->ListPending()->size(), 1);
}

TEST_F(VictimReportsTest, WhatTheDiskDidNotTakeIsNotAcknowledged) {
  TestDisk::SetMode(TestDisk::Mode::kBrokenSyncs);
  EXPECT_FALSE(reports_->Submit(Report(), "").ok());
  TestDisk::SetMode(TestDisk::Mode::kSound);
  Reopen();
  EXPECT_THAT(Names(kWaiting), IsEmpty());
  Submit("later");
  EXPECT_THAT(Names(kWaiting), ElementsAre("later"));
}

}  // namespace
}  // namespace lenscap
