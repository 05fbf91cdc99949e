#include "takedown/held_uploads.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using takedown::HeldUpload;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::Duration kHold = absl::Minutes(10);

v1::UploadHeader HeaderOf(const std::string& content_id,
                          absl::Duration held_for = kHold) {
  v1::UploadHeader header;
  header.set_content_id(content_id);
  header.set_account(absl::StrCat("account of ", content_id));
  header.set_tenant("forum");
  header.mutable_pre_publish()->mutable_deadline()->set_seconds(
      absl::ToInt64Seconds(held_for));
  return header;
}

absl::StatusOr<UploadStanding> AllOpen(absl::string_view) {
  return UploadStanding::kOpen;
}

std::unique_ptr<HeldUploads> OpenHolds(const std::string& directory,
                                       const Clock* clock) {
  auto holds = HeldUploads::Open(
      {.directory = directory, .fallback = v1::FALLBACK_ALLOW, .clock = clock});
  EXPECT_TRUE(holds.ok()) << holds.status();
  return holds.ok() ? *std::move(holds) : nullptr;
}

std::vector<std::string> NamesOf(const std::vector<HeldUpload>& holds) {
  std::vector<std::string> names;
  for (const HeldUpload& held : holds) names.push_back(held.content_id());
  return names;
}

class HeldUploadsTest : public testing::Test {
 protected:
  HeldUploadsTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    Reopen();
  }
  ~HeldUploadsTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    holds_.reset();
    holds_ = OpenHolds(directory_, &clock_);
    ASSERT_NE(holds_, nullptr);
  }
  void Begin(const std::string& content_id, absl::Duration held_for = kHold) {
    const absl::Status begun = holds_->Begin(HeaderOf(content_id, held_for));
    ASSERT_TRUE(begun.ok()) << begun;
  }
  std::vector<HeldUpload> FallDue(const StandingOf& standing_of = AllOpen) {
    const absl::Status fell = holds_->FallDue(standing_of);
    EXPECT_TRUE(fell.ok()) << fell;
    const auto due = holds_->Due(1000);
    EXPECT_TRUE(due.ok()) << due.status();
    return due.value_or(std::vector<HeldUpload>());
  }
  std::optional<HeldUpload> State(const std::string& content_id) {
    const auto held = holds_->State(content_id);
    EXPECT_TRUE(held.ok()) << held.status();
    return held.value_or(std::nullopt);
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<HeldUploads> holds_;
};

TEST_F(HeldUploadsTest, HoldsUntilTheDeadlineAndThenSaysWhatBecomesOfIt) {
  v1::UploadHeader header = HeaderOf("a");
  header.mutable_pre_publish()->set_fallback(v1::FALLBACK_BLOCK);
  ASSERT_TRUE(holds_->Begin(header).ok());
  clock_.Advance(kHold - absl::Microseconds(1));
  EXPECT_THAT(FallDue(), IsEmpty());
  clock_.Advance(absl::Microseconds(1));
  const auto due = FallDue();
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].content_id(), "a");
  EXPECT_EQ(due[0].account(), "account of a");
  EXPECT_EQ(due[0].tenant(), "forum");
  EXPECT_EQ(due[0].fallback(), v1::FALLBACK_BLOCK);
  EXPECT_THAT(due[0].hold_id(), HasSubstr("hold-"));
}

TEST_F(HeldUploadsTest, AHoldThatNamesNoFallbackHasThePolicys) {
  Begin("a");
  EXPECT_EQ(State("a")->fallback(), v1::FALLBACK_ALLOW);
}

TEST_F(HeldUploadsTest, StaysDueUntilThePlatformIsToldAndIsNeverDueAgain) {
  Begin("a");
  clock_.Advance(kHold);
  const std::string id = FallDue()[0].hold_id();
  Reopen();
  EXPECT_EQ(FallDue()[0].hold_id(), id);
  ASSERT_TRUE(holds_->Told(id).ok());
  ASSERT_TRUE(holds_->Told(id).ok());
  Reopen();
  clock_.Advance(100 * kHold);
  EXPECT_THAT(FallDue(), IsEmpty());
  EXPECT_EQ(State("a")->state(), HeldUpload::STATE_TOLD);
  EXPECT_TRUE(holds_->Told("hold-of-nobody").ok());
}

TEST_F(HeldUploadsTest, AnAllowedUploadIsHeldNoMore) {
  Begin("a");
  ASSERT_TRUE(holds_->End("a").ok());
  ASSERT_TRUE(holds_->End("never held").ok());
  EXPECT_EQ(State("a"), std::nullopt);
  clock_.Advance(kHold);
  EXPECT_THAT(FallDue(), IsEmpty());
}

TEST_F(HeldUploadsTest, ADecisionEndsTheHoldOnceItCanNoLongerBeUndone) {
  Begin("a");
  Begin("b");
  clock_.Advance(kHold);
  UploadStanding a = UploadStanding::kUndoable;
  const StandingOf standing_of =
      [&](absl::string_view id) -> absl::StatusOr<UploadStanding> {
    return id == "a" ? a : UploadStanding::kDecided;
  };
  EXPECT_THAT(FallDue(standing_of), IsEmpty());
  EXPECT_EQ(State("b"), std::nullopt);
  EXPECT_NE(State("a"), std::nullopt);
  a = UploadStanding::kOpen;  // It was undone.
  EXPECT_THAT(NamesOf(FallDue(standing_of)), ElementsAre("a"));
}

TEST_F(HeldUploadsTest, AVerdictAfterTheDeadlineDoesNotTakeBackWhatIsDue) {
  Begin("a");
  clock_.Advance(kHold);
  const std::string id = FallDue()[0].hold_id();
  ASSERT_TRUE(holds_->End("a").ok());
  EXPECT_EQ(State("a"), std::nullopt);
  EXPECT_THAT(NamesOf(FallDue()), ElementsAre("a"));
  ASSERT_TRUE(holds_->Told(id).ok());
  EXPECT_THAT(FallDue(), IsEmpty());
  EXPECT_EQ(State("a"), std::nullopt);
}

TEST_F(HeldUploadsTest, SendingAnUploadAgainGainsNoTime) {
  Begin("a");
  const std::string id = State("a")->hold_id();
  clock_.Advance(kHold / 2);
  Begin("a", 10 * kHold);
  clock_.Advance(kHold / 2);
  const auto due = FallDue();
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].hold_id(), id);
  // Not while it is due, either.
  Begin("a");
  EXPECT_EQ(FallDue()[0].hold_id(), id);
  // Once it was told it is another hold.
  ASSERT_TRUE(holds_->Told(id).ok());
  Begin("a");
  EXPECT_THAT(FallDue(), IsEmpty());
  clock_.Advance(kHold);
  ASSERT_THAT(FallDue(), SizeIs(1));
  EXPECT_NE(FallDue()[0].hold_id(), id);
}

TEST_F(HeldUploadsTest, AnErrorOfWhoKnowsOfDecisionsLosesNothing) {
  Begin("a");
  clock_.Advance(kHold);
  EXPECT_TRUE(absl::IsUnavailable(holds_->FallDue(
      [](absl::string_view) { return absl::UnavailableError("busy"); })));
  EXPECT_THAT(NamesOf(FallDue()), ElementsAre("a"));
}

TEST_F(HeldUploadsTest, OldestFirstAndByPages) {
  for (int i = 0; i < 250; ++i) {
    Begin(absl::StrCat("upload", i), kHold - absl::Seconds(i));
  }
  clock_.Advance(kHold - absl::Seconds(10));
  EXPECT_THAT(FallDue(), SizeIs(240));
  const auto first = holds_->Due(2);
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(NamesOf(*first), ElementsAre("upload249", "upload248"));
}

TEST_F(HeldUploadsTest, ToldHoldsAreForgottenInTime) {
  Begin("a");
  Begin("b", 2 * kHold);
  clock_.Advance(kHold);
  ASSERT_TRUE(holds_->Told(FallDue()[0].hold_id()).ok());
  const absl::Time told = clock_.Now();
  ASSERT_TRUE(holds_->Purge(told).ok());
  EXPECT_NE(State("a"), std::nullopt);
  ASSERT_TRUE(holds_->Purge(told + absl::Seconds(1)).ok());
  EXPECT_EQ(State("a"), std::nullopt);
  EXPECT_NE(State("b"), std::nullopt);
}

TEST_F(HeldUploadsTest, AHoldOfNoLengthIsRefused) {
  for (const absl::Duration length :
       {absl::ZeroDuration(), absl::Seconds(-5), absl::Hours(24 * 30 + 1)}) {
    EXPECT_THAT(holds_->Begin(HeaderOf("a", length)).message(),
                HasSubstr("header.pre_publish.deadline"));
  }
  EXPECT_EQ(State("a"), std::nullopt);
}

TEST_F(HeldUploadsTest, AFullDiskAcknowledgesNothing) {
  Begin("a");
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_TRUE(absl::IsResourceExhausted(holds_->Begin(HeaderOf("b"))));
  clock_.Advance(kHold);
  EXPECT_TRUE(absl::IsResourceExhausted(holds_->FallDue(AllOpen)));
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  Reopen();
  EXPECT_EQ(State("b"), std::nullopt);
  EXPECT_THAT(NamesOf(FallDue()), ElementsAre("a"));
}

// By content id: the deadline of what is held, and how often each was told.
TEST_F(HeldUploadsTest, AgreesWithAModelAcrossStarts) {
  std::mt19937 random(11);
  std::map<std::string, absl::Time> held;
  std::map<std::string, UploadStanding> standings;
  std::set<std::string> expected_due;
  for (int step = 0; step < 1500; ++step) {
    const std::string name = absl::StrCat("upload", random() % 20);
    switch (random() % 6) {
      case 0: {
        const absl::Duration length = absl::Seconds(1 + random() % 900);
        Begin(name, length);
        if (!expected_due.contains(name)) {
          held.emplace(name, clock_.Now() + length);
        }
        break;
      }
      case 1:
        ASSERT_TRUE(holds_->End(name).ok());
        held.erase(name);
        break;
      case 2:
        standings[name] = static_cast<UploadStanding>(random() % 3);
        break;
      case 3:
        clock_.Advance(absl::Seconds(random() % 300));
        break;
      case 4:
        Reopen();
        break;
      default:
        for (const HeldUpload& due : FallDue([&](absl::string_view id) {
               return standings[std::string(id)];
             })) {
          if (random() % 2) continue;
          ASSERT_TRUE(holds_->Told(due.hold_id()).ok());
          expected_due.erase(due.content_id());
        }
        break;
    }
    std::erase_if(held, [&](const auto& hold) {
      const UploadStanding standing = standings[hold.first];
      if (hold.second > clock_.Now() || standing == UploadStanding::kUndoable) {
        return false;
      }
      if (standing == UploadStanding::kOpen) expected_due.insert(hold.first);
      return true;
    });
    std::set<std::string> due;
    for (const HeldUpload& hold : FallDue([&](absl::string_view id) {
           return standings[std::string(id)];
         })) {
      ASSERT_TRUE(due.insert(hold.content_id()).second);
    }
    ASSERT_EQ(due, expected_due) << step;
  }
}

// Begins holds of no great length, lets them fall due, tells of them, and says
// on `acknowledged` what it was told is on disk. Never returns.
[[noreturn]] void HoldUntilKilled(const std::string& directory,
                                  const std::string& names, int acknowledged) {
  FakeClock clock;
  const auto holds = OpenHolds(directory, &clock);
  const auto say = [&](const std::string& line) {
    if (write(acknowledged, line.data(), line.size()) < 0) _exit(1);
  };
  for (int i = 0;; ++i) {
    const std::string name = absl::StrCat(names, i);
    if (!holds->Begin(HeaderOf(name)).ok()) _exit(1);
    say(absl::StrCat("held ", name, "\n"));
    if (i % 5 != 4) continue;
    clock.Advance(kHold);
    if (!holds->FallDue(AllOpen).ok()) _exit(1);
    const auto due = holds->Due(3);
    if (!due.ok()) _exit(1);
    for (const HeldUpload& held : *due) {
      say(absl::StrCat("telling ", held.content_id(), "\n"));
      if (!holds->Told(held.hold_id()).ok()) _exit(1);
      say(absl::StrCat("told ", held.content_id(), "\n"));
    }
  }
}

TEST(HeldUploadsCrashTest, KilledAtAnyPointItLosesNoDeadlineAndRepeatsNone) {
  const std::string directory = MakeTempDirectory();
  std::set<std::string> owed;     // Held, and not told of for sure.
  std::set<std::string> settled;  // Told of.
  std::mt19937 random(5);
  for (int kills = 0; kills < 10; ++kills) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      HoldUntilKilled(directory, absl::StrCat("run", kills, "-"), ends[1]);
    }
    close(ends[1]);
    std::string said;
    const size_t enough = 100 + random() % 2000;
    char bytes[512];
    ssize_t got = 0;
    while (said.size() < enough &&
           (got = read(ends[0], bytes, sizeof(bytes))) > 0) {
      said.append(bytes, got);
    }
    kill(child, SIGKILL);
    while ((got = read(ends[0], bytes, sizeof(bytes))) > 0) {
      said.append(bytes, got);
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it failed before it was killed";
    std::set<std::string> in_doubt;
    for (const absl::string_view line : absl::StrSplit(said, '\n')) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ');
      if (words.size() != 2) continue;
      if (words[0] == "held") owed.insert(words[1]);
      if (words[0] == "telling") in_doubt.insert(words[1]);
      if (words[0] != "told") continue;
      in_doubt.erase(words[1]);
      owed.erase(words[1]);
      settled.insert(words[1]);
    }
    FakeClock clock;
    clock.Advance(absl::Hours(24 * 365));
    const auto holds = OpenHolds(directory, &clock);
    ASSERT_NE(holds, nullptr);
    ASSERT_TRUE(holds->FallDue(AllOpen).ok());
    const auto due = holds->Due(1'000'000);
    ASSERT_TRUE(due.ok()) << due.status();
    std::set<std::string> found;
    for (const HeldUpload& held : *due) {
      EXPECT_TRUE(found.insert(held.content_id()).second);
      EXPECT_FALSE(settled.contains(held.content_id())) << held.content_id();
    }
    for (const std::string& name : owed) {
      EXPECT_TRUE(found.contains(name) || in_doubt.contains(name)) << name;
      if (!found.contains(name)) settled.insert(name);
    }
    owed = found;
  }
  EXPECT_GT(settled.size(), 0);
}

}  // namespace
}  // namespace lenscap
