#include "takedown/recheck.h"

#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/decided.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;
constexpr auto kFrames = v1::ClipMatch::KIND_FRAMES;
constexpr auto kScene = v1::ClipMatch::KIND_SAME_SCENE;

class RecheckTest : public testing::Test {
 protected:
  RecheckTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    Reopen();
  }
  ~RecheckTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    queue_.reset();
    auto queue = OpenLocalQueue({.directory = directory_, .clock = &clock_});
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
  }

  // A case that cites these entries of the list "list".
  std::string Submit(const std::string& content_id,
                     const std::vector<std::string>& entries,
                     v1::ClipMatch::Kind kind = kFrames) {
    v1::Case opened;
    opened.set_content_id(content_id);
    opened.set_priority(500);
    for (const std::string& entry : entries) {
      v1::ClipMatch& match = *opened.mutable_report()->add_matches();
      match.set_list_id("list");
      match.set_entry_id(entry);
      match.set_kind(kind);
    }
    const auto id = queue_->Submit(opened);
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or("");
  }

  void Decide(v1::Decision::Outcome outcome,
              const std::string& reviewer = "ann") {
    auto leases = queue_->LeaseCases(reviewer, 1, absl::Minutes(1));
    ASSERT_EQ(leases->size(), 1);
    EXPECT_TRUE(std::move(leases->front()).Decide(outcome, "").ok());
  }

  Rechecked Recheck() {
    const auto done =
        RecheckCases(*queue_,
                     [this](absl::string_view list, absl::string_view entry)
                         -> absl::StatusOr<std::optional<Withdrawal>> {
                       EXPECT_EQ(list, "list");
                       const auto it = withdrawn_.find(std::string(entry));
                       if (it == withdrawn_.end()) return std::nullopt;
                       return Withdrawal{it->second};
                     });
    EXPECT_TRUE(done.ok()) << done.status();
    return done.value_or(Rechecked());
  }
  void ExpectRecheck(int64_t marked, int64_t reopened) {
    const Rechecked done = Recheck();
    EXPECT_EQ(done.marked, marked);
    EXPECT_EQ(done.reopened, reopened);
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<TakedownQueue> queue_;
  std::map<std::string, std::string> withdrawn_;  // Entries and reasons.
};

TEST_F(RecheckTest, AnOpenCaseIsMarkedWithWhatWasWithdrawnAndWhy) {
  const std::string id = Submit("a", {"e1", "e2"});
  ExpectRecheck(0, 0);
  withdrawn_["e2"] = "wrong clip";
  ExpectRecheck(1, 0);
  const auto marked = queue_->Get(id);
  EXPECT_EQ(marked->state(), v1::Case::STATE_WAITING);
  ASSERT_EQ(marked->withdrawn_basis_size(), 1);
  EXPECT_EQ(marked->withdrawn_basis(0).list_id(), "list");
  EXPECT_EQ(marked->withdrawn_basis(0).entry_id(), "e2");
  EXPECT_EQ(marked->withdrawn_basis(0).reason(), "wrong clip");
  EXPECT_EQ(marked->withdrawn_basis(0).time().seconds(),
            absl::ToUnixSeconds(clock_.Now()));
  ExpectRecheck(0, 0);
}

TEST_F(RecheckTest, ALeasedCaseIsMarkedAndStaysItsHolders) {
  const std::string id = Submit("a", {"e1"});
  auto leases = queue_->LeaseCases("ann", 1, absl::Minutes(1));
  withdrawn_["e1"] = "";
  ExpectRecheck(1, 0);
  EXPECT_EQ(queue_->Get(id)->state(), v1::Case::STATE_LEASED);
  EXPECT_TRUE(std::move(leases->front()).Decide(kKeep, "").ok());
  EXPECT_EQ(queue_->Get(id)->withdrawn_basis_size(), 1);
}

TEST_F(RecheckTest, ARemovalIsReopenedWhenTheLastOfItsBasisGoes) {
  const std::string id = Submit("a", {"e1", "e2"});
  Decide(kRemove);
  withdrawn_["e1"] = "expired";
  ExpectRecheck(1, 0);
  EXPECT_EQ(queue_->Get(id)->state(), v1::Case::STATE_DECIDED);
  withdrawn_["e2"] = "wrong clip";
  ExpectRecheck(0, 1);
  const auto reopened = queue_->Get(id);
  EXPECT_EQ(reopened->state(), v1::Case::STATE_WAITING);
  EXPECT_EQ(reopened->reopened_by(), "system");
  EXPECT_THAT(reopened->appeal(), HasSubstr("list/e2 (wrong clip)"));
  EXPECT_EQ(reopened->withdrawn_basis_size(), 2);
  EXPECT_EQ(reopened->priority(), 600);
  EXPECT_EQ(queue_->Events(0, 10, {})->back().reopened_by(), "system");
  // It is nobody's appeal: the same reviewer may decide.
  Decide(kRemove, "ann");
  // In the light of the marks, so it stands.
  ExpectRecheck(0, 0);
  EXPECT_EQ(queue_->Get(id)->state(), v1::Case::STATE_DECIDED);
}

TEST_F(RecheckTest, WhatWasKeptOrRestsOnOtherThingsIsLeft) {
  Submit("kept", {"e1"});
  Decide(kKeep);
  const std::string scene = Submit("scene", {"e1"}, kScene);
  Decide(kRemove);
  withdrawn_["e1"] = "";
  ExpectRecheck(1, 0);
  EXPECT_EQ(queue_->Get(scene)->state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(queue_->Get(scene)->withdrawn_basis_size(), 1);
}

TEST_F(RecheckTest, AMarkGoesWhenItsEntryIsInForceAgain) {
  const std::string id = Submit("a", {"e1"});
  withdrawn_["e1"] = "rolled back";
  ExpectRecheck(1, 0);
  withdrawn_.clear();
  ExpectRecheck(1, 0);
  EXPECT_EQ(queue_->Get(id)->withdrawn_basis_size(), 0);
}

TEST_F(RecheckTest, AnErrorStopsItAndTheNextRunDoesTheRest) {
  for (int i = 0; i < 5; ++i) Submit(absl::StrCat(i), {absl::StrCat("e", i)});
  const WithdrawalOf failing =
      [](absl::string_view,
         absl::string_view entry) -> absl::StatusOr<std::optional<Withdrawal>> {
    if (entry == "e3") return absl::UnavailableError("no disk");
    return Withdrawal{"gone"};
  };
  EXPECT_TRUE(absl::IsUnavailable(RecheckCases(*queue_, failing).status()));
  Reopen();
  for (int i = 0; i < 5; ++i) withdrawn_[absl::StrCat("e", i)] = "gone";
  ExpectRecheck(2, 0);
  for (int i = 0; i < 5; ++i) {
    const auto marked = queue_->Get(TakedownQueue::CaseId(absl::StrCat(i)));
    EXPECT_EQ(marked->withdrawn_basis_size(), 1);
  }
}

TEST_F(RecheckTest, AFullDiskChangesNothing) {
  const std::string id = Submit("a", {"e1"});
  Decide(kRemove);
  withdrawn_["e1"] = "";
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_FALSE(
      queue_
          ->Recheck(
              id,
              [](auto, auto) -> absl::StatusOr<std::optional<Withdrawal>> {
                return Withdrawal{};
              })
          .ok());
  EXPECT_EQ(queue_->Get(id)->state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(queue_->Get(id)->withdrawn_basis_size(), 0);
  queue_.reset();
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  Reopen();
  ExpectRecheck(0, 1);
}

TEST_F(RecheckTest, OnlyTheUploadsThatLostTheirBasisArePutUpAgain) {
  // Both rest on e1; "b" on another entry, too.
  const std::string id = Submit("a", {"e1"});
  ASSERT_EQ(Submit("b", {"e1", "e2"}), id);
  Decide(kRemove);
  withdrawn_["e1"] = "wrong clip";
  ExpectRecheck(0, 1);
  const auto left = queue_->Get(id);
  EXPECT_EQ(left->state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(left->reach().uploads(), 1);
  EXPECT_EQ(left->withdrawn_basis_size(), 1);
  const auto a = queue_->Upload("a");
  EXPECT_NE(a->case_id(), id);
  const auto apart = queue_->Get(a->case_id());
  EXPECT_EQ(apart->state(), v1::Case::STATE_WAITING);
  EXPECT_EQ(apart->reopened_by(), "system");
  EXPECT_EQ(apart->reach().uploads(), 1);
  EXPECT_EQ(apart->reach().undecided(), 1);
  EXPECT_THAT(apart->appeal(), HasSubstr("list/e1 (wrong clip)"));
  EXPECT_EQ(a->decisions_size(), 1);
  ExpectRecheck(0, 0);
  Decide(kKeep, "bob");
  EXPECT_EQ(queue_->Upload("a")->decisions().rbegin()->outcome(), kKeep);
  EXPECT_EQ(queue_->Upload("b")->decisions().rbegin()->outcome(), kRemove);
}

// Against what ought to hold at the end of each run, whatever came before.
TEST_F(RecheckTest, AfterAnyHistoryTheMarksSayWhatIsInForce) {
  std::mt19937 random(3);
  for (int step = 0; step < 300; ++step) {
    const std::string entry = absl::StrCat("e", random() % 6);
    switch (random() % 4) {
      case 0: {
        const std::string other = absl::StrCat("e", random() % 6);
        Submit(absl::StrCat(step), {entry, other});
        break;
      }
      case 1:
        if (queue_->Stats()->waiting() > 0) {
          Decide(random() % 3 == 0 ? kKeep : kRemove,
                 absl::StrCat("reviewer ", step));
        }
        break;
      case 2:
        withdrawn_[entry] = "gone";
        break;
      default:
        withdrawn_.erase(entry);
    }
    Recheck();
    ExpectRecheck(0, 0);
    // What rests on something, and all that was withdrawn of it.
    std::map<std::string, std::set<std::string>> expected;
    ASSERT_TRUE(queue_
                    ->ForEachUpload([&](const v1::Case& opened,
                                        const v1::CaseUpload& upload) {
                      const bool kept =
                          AsCase(opened, upload).state() ==
                              v1::Case::STATE_DECIDED &&
                          upload.decisions().rbegin()->outcome() == kKeep;
                      if (!kept) expected[opened.case_id()];
                      for (const auto& match : upload.report().matches()) {
                        if (!kept && withdrawn_.contains(match.entry_id())) {
                          expected[opened.case_id()].insert(match.entry_id());
                        }
                      }
                      return absl::OkStatus();
                    })
                    .ok());
    ASSERT_TRUE(queue_
                    ->ForEach([&](const v1::Case& opened) {
                      // A case all of which was kept stays as it was.
                      if (!expected.contains(opened.case_id())) {
                        return absl::OkStatus();
                      }
                      std::set<std::string> marked;
                      for (const auto& mark : opened.withdrawn_basis()) {
                        EXPECT_TRUE(marked.insert(mark.entry_id()).second);
                      }
                      EXPECT_EQ(marked, expected[opened.case_id()])
                          << opened.case_id() << " after step " << step;
                      return absl::OkStatus();
                    })
                    .ok());
  }
}

}  // namespace
}  // namespace lenscap
