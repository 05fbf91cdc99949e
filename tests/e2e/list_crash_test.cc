// Kills the real lenscapd while versions of a signed list are applied.
// LENSCAP_CRASH_ROUNDS says how often, LENSCAP_CRASH_SEED repeats a run.

#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "gtest/gtest.h"
#include "lists/issuer_store.h"
#include "tests/e2e/lenscapd_process.h"
#include "tests/services/client.h"
#include "tests/services/issued_list.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ListStub = v1::HashListService::Stub;

constexpr char kList[] = "hotline";
constexpr int kEntries = 5'000;

int FromEnvironment(const char* name, int fallback) {
  const char* value = std::getenv(name);
  return value == nullptr ? fallback : std::atoi(value);
}

std::string EntryOf(int64_t version, int number) {
  return absl::StrCat("v", version, "-", number);
}

class ListCrashTest : public testing::Test {
 protected:
  void SetUp() override {
    data_directory_ = MakeTempDirectory();
    auto issuers =
        IssuerStore::Open(data_directory_ + "/issuers", Clock::Real());
    ASSERT_TRUE(issuers.ok()) << issuers.status();
    ASSERT_TRUE((*issuers)->Install(KeysOfIssuer(absl::Now())).ok());
    StartServer();
  }
  void StartServer() {
    server_ = LenscapdProcess::Start({.data_directory = data_directory_,
                                      .flags = {"--roles=lists", "--models="}});
    ASSERT_NE(server_, nullptr);
  }

  // A version of which no entry is in any other.
  IssuedList::File NextVersion() {
    const int64_t version = list_.envelope().version + 1;
    std::vector<EntryChange> changes;
    for (int i = 0; i < kEntries; ++i) {
      ReferenceFrame frame;
      frame.hash = {{random_(), random_(), random_(), random_()}};
      frame.quality = 100;
      changes.push_back(Add(EntryOf(version, i), {frame}));
    }
    return list_.Next(kSnapshot, changes);
  }

  // How many calls of others are answered while a version is sent; after
  // `kill_after` of them, where it is not negative, the server is killed.
  int SendAmongOthers(const IssuedList::File& file, int kill_after) {
    std::atomic<bool> sending = true;
    std::thread sender([&] {
      acknowledged_ = PublishSigned(server_->Connect(), file).ok();
      sending = false;
    });
    const auto stub = v1::HashListService::NewStub(server_->Connect());
    int calls = 0;
    while (sending && calls != kill_after) {
      if (Call(stub.get(), &ListStub::ListLists, v1::ListListsRequest()).ok()) {
        ++calls;
      }
    }
    if (kill_after >= 0) {
      EXPECT_EQ(server_->Stop(SIGKILL), 128 + SIGKILL);
    }
    sender.join();
    return calls;
  }

  // The version that is in force, which is there whole and alone.
  int64_t CheckedVersion() {
    const auto stub = v1::HashListService::NewStub(server_->Connect());
    v1::GetListRequest request;
    request.set_list_id(kList);
    request.set_page_size(1000);
    int64_t version = 0, entries = 0;
    do {
      const auto page = Call(stub.get(), &ListStub::GetList, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return -1;
      version = page->list().signed_version();
      EXPECT_EQ(page->list().version_in_force(), version);
      EXPECT_EQ(page->list().entries(), kEntries);
      for (const v1::ListEntry& entry : page->entries()) {
        EXPECT_TRUE(
            absl::StartsWith(entry.entry_id(), absl::StrCat("v", version, "-")))
            << entry.entry_id() << " in version " << version;
        ++entries;
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(entries, kEntries);
    return version;
  }

  const int seed_ = FromEnvironment(
      "LENSCAP_CRASH_SEED", static_cast<int>(std::random_device()() >> 1));
  std::mt19937_64 random_{static_cast<uint64_t>(seed_)};
  std::string data_directory_;
  std::unique_ptr<LenscapdProcess> server_;
  IssuedList list_{kList, absl::Now() - absl::Hours(1)};
  bool acknowledged_ = false;
};

TEST_F(ListCrashTest, ACrashLeavesTheOldOrTheNewVersionAndNeverAMixture) {
  const int rounds = FromEnvironment("LENSCAP_CRASH_ROUNDS", 20);
  std::cout << "LENSCAP_CRASH_ROUNDS=" << rounds
            << " LENSCAP_CRASH_SEED=" << seed_ << std::endl;
  const int whole = SendAmongOthers(NextVersion(), -1);
  ASSERT_TRUE(acknowledged_);
  ASSERT_EQ(CheckedVersion(), 1);

  int64_t version = 1;
  int applied = 0;
  IssuedList::File next = NextVersion();
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SendAmongOthers(next, static_cast<int>(random_() % (whole + 1)));
    StartServer();
    ASSERT_FALSE(HasFatalFailure());
    const int64_t found = CheckedVersion();
    if (found == version + 1) {
      version = found;
      ++applied;
      next = NextVersion();
    } else {
      EXPECT_EQ(found, version);
      EXPECT_FALSE(acknowledged_) << "version " << version + 1 << " is lost";
    }
  }
  std::cout << applied << " of " << rounds << " versions were applied before "
            << "the server was killed" << std::endl;

  // What was begun stands in nobody's way.
  SendAmongOthers(next, -1);
  EXPECT_TRUE(acknowledged_);
  EXPECT_EQ(CheckedVersion(), version + 1);
  EXPECT_EQ(server_->Stop(SIGTERM), 0);
}

}  // namespace
}  // namespace lenscap
