#include "lists/issuer_store.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/lists/signers.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

const char kIssuer[] = "Hotline / \"Example\" \xc3\xa4";

std::string Id(int key) { return KeyId(SomeKey(key).public_key()); }

IssuerStore::KeySet Signed(const IssuerKeys& keys,
                           const std::vector<int>& signers) {
  const std::string document = Document(keys);
  return {document, SignedBy(signers, document)};
}

class IssuerStoreTest : public testing::Test {
 protected:
  void Open() {
    auto opened = IssuerStore::Open(directory_, &clock_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }
  void SetUp() override {
    clock_.Advance(kSomeTime - clock_.Now());
    Open();
  }
  absl::Status Install(int64_t version, const std::vector<int>& keys) {
    return store_
        ->Install(Signed(SomeKeySet(kIssuer, version, 1, keys), {keys[0]}))
        .status();
  }

  FakeClock clock_;
  const std::string directory_ = MakeTempDirectory() + "/issuers";
  std::unique_ptr<IssuerStore> store_;
};

TEST_F(IssuerStoreTest, AnIssuerIsInstalledOnceAndKept) {
  EXPECT_TRUE(absl::IsNotFound(store_->Get(kIssuer).status()));
  ASSERT_TRUE(Install(1, {0, 1}).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(Install(1, {0, 1})));
  Open();
  EXPECT_EQ(store_->Get(kIssuer)->keys.size(), 2u);
  EXPECT_EQ(store_->List().size(), 1u);
  EXPECT_EQ(store_->History(kIssuer)->size(), 1u);
}

TEST_F(IssuerStoreTest, WhatItsOwnKeysDidNotSignIsNotInstalled) {
  EXPECT_TRUE(absl::IsPermissionDenied(
      store_->Install(Signed(SomeKeySet(kIssuer, 1, 1, {0}), {1})).status()));
  EXPECT_TRUE(store_->List().empty());
}

TEST_F(IssuerStoreTest, KeysAreRotatedAndTheHistoryKept) {
  ASSERT_TRUE(Install(1, {0}).ok());
  const auto second = Signed(SomeKeySet(kIssuer, 2, 1, {1}), {0, 1});
  ASSERT_TRUE(store_->Rotate(second).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(store_->Rotate(second).status()));
  Open();
  EXPECT_EQ(store_->Get(kIssuer)->version, 2);
  const auto history = store_->History(kIssuer).value();
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[1].document, second.document);
  EXPECT_EQ(history[1].jws, second.jws);
  EXPECT_TRUE(absl::IsNotFound(
      store_->Rotate(Signed(SomeKeySet("None", 2, 1, {1}), {1})).status()));
}

TEST_F(IssuerStoreTest, AKeyRevokedByHandStaysOut) {
  ASSERT_TRUE(Install(1, {0, 1}).ok());
  EXPECT_TRUE(absl::IsNotFound(store_->Revoke(kIssuer, Id(5), "why")));
  EXPECT_TRUE(absl::IsNotFound(store_->Revoke("None", Id(1), "why")));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Revoke(kIssuer, Id(1), "")));
  ASSERT_TRUE(store_->Revoke(kIssuer, Id(1), "stolen").ok());
  Open();
  const IssuerKeys keys = store_->Get(kIssuer).value();
  ASSERT_EQ(keys.keys.size(), 1u);
  ASSERT_EQ(keys.revoked.size(), 1u);
  EXPECT_EQ(keys.revoked[0].reason, "stolen");
  EXPECT_EQ(keys.revoked[0].revoked, kSomeTime);
  // It neither comes back nor counts for what follows.
  EXPECT_TRUE(absl::IsPermissionDenied(
      store_->Rotate(Signed(SomeKeySet(kIssuer, 2, 1, {1}), {0, 1})).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(
      store_->Rotate(Signed(SomeKeySet(kIssuer, 2, 1, {2}), {1, 2})).status()));
  EXPECT_TRUE(
      store_->Rotate(Signed(SomeKeySet(kIssuer, 2, 1, {2}), {0, 2})).ok());
}

TEST_F(IssuerStoreTest, WhatAnyVersionRevokedStaysOut) {
  ASSERT_TRUE(Install(1, {0, 1}).ok());
  IssuerKeys second = SomeKeySet(kIssuer, 2, 1, {0});
  second.revoked.push_back({SomeKey(1).public_key(), kSomeTime, "stolen"});
  ASSERT_TRUE(store_->Rotate(Signed(second, {0})).ok());
  ASSERT_TRUE(store_->Rotate(Signed(SomeKeySet(kIssuer, 3, 1, {0}), {0})).ok());
  EXPECT_EQ(store_->Get(kIssuer)->revoked.size(), 1u);
  EXPECT_TRUE(absl::IsPermissionDenied(
      store_->Rotate(Signed(SomeKeySet(kIssuer, 4, 1, {0, 1}), {0})).status()));
}

TEST_F(IssuerStoreTest, AnOperatorCanStartAnIssuerThatLostItsKeysAgain) {
  ASSERT_TRUE(Install(1, {0}).ok());
  ASSERT_TRUE(store_->Revoke(kIssuer, Id(0), "lost").ok());
  ASSERT_TRUE(Install(7, {2}).ok());
  EXPECT_EQ(store_->Get(kIssuer)->version, 7);
}

// 500 of them have fewer bytes than the file may have, and more values than
// other documents.
TEST_F(IssuerStoreTest, AnIssuerThatFillsTheFileCanStillBeRevoked) {
  constexpr int kMost = 500;
  ASSERT_TRUE(Install(1, {0, 1}).ok());
  const std::string path =
      std::filesystem::directory_iterator(directory_)->path();
  nlohmann::json file =
      nlohmann::json::parse(ReadSmallFile(path, 1 << 20).value());
  const nlohmann::json first = file["key_sets"][0];
  while (file["key_sets"].size() < kMost - 1) {
    file["key_sets"].push_back(first);
  }
  ASSERT_TRUE(WriteSmallFile(path, file.dump() + "\n").ok());
  Open();
  ASSERT_TRUE(
      store_->Rotate(Signed(SomeKeySet(kIssuer, 2, 1, {0, 1}), {0})).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(
      store_->Rotate(Signed(SomeKeySet(kIssuer, 3, 1, {0, 1}), {0})).status()));
  EXPECT_TRUE(absl::IsResourceExhausted(Install(3, {0, 1})));
  EXPECT_TRUE(store_->Revoke(kIssuer, Id(1), "it filled the file").ok());
  Open();
  EXPECT_EQ(store_->Get(kIssuer)->version, 2);
  EXPECT_EQ(store_->Get(kIssuer)->keys.size(), 1u);
  EXPECT_EQ(store_->History(kIssuer)->size(), kMost);
}

TEST_F(IssuerStoreTest, KeySetsLeaveRoomForRevocations) {
  // Each some 60 kB: 16 MiB are full before there are 500.
  const auto large = [](int64_t version) {
    IssuerKeys keys = SomeKeySet(kIssuer, version, 1, {0, 1});
    for (int i = 2; i < 50; ++i) {
      keys.revoked.push_back(
          {SomeKey(i).public_key(), kSomeTime, std::string(1000, 'r')});
    }
    return Signed(keys, {0});
  };
  ASSERT_TRUE(store_->Install(large(1)).ok());
  const std::string path =
      std::filesystem::directory_iterator(directory_)->path();
  nlohmann::json file =
      nlohmann::json::parse(ReadSmallFile(path, 1 << 20).value());
  const nlohmann::json first = file["key_sets"][0];
  const size_t bytes = first["document"].get<std::string>().size() +
                       first["jws"].get<std::string>().size();
  const size_t most = (16 << 20) / bytes;
  ASSERT_LT(most, 400u);
  while (file["key_sets"].size() < most) file["key_sets"].push_back(first);
  ASSERT_TRUE(WriteSmallFile(path, file.dump() + "\n").ok());
  Open();
  EXPECT_TRUE(absl::IsResourceExhausted(store_->Rotate(large(2)).status()));
  EXPECT_TRUE(store_->Revoke(kIssuer, Id(1), "it filled the file").ok());
  Open();
  EXPECT_EQ(store_->Get(kIssuer)->keys.size(), 1u);
}

TEST_F(IssuerStoreTest, AFailedWriteChangesNothing) {
  ASSERT_TRUE(Install(1, {0}).ok());
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_FALSE(store_->Revoke(kIssuer, Id(0), "why").ok());
  TestDisk::SetMode(TestDisk::Mode::kSound);
  EXPECT_TRUE(store_->Get(kIssuer)->revoked.empty());
  Open();
  EXPECT_TRUE(store_->Get(kIssuer)->revoked.empty());
}

TEST_F(IssuerStoreTest, DamageIsFoundAndNamed) {
  ASSERT_TRUE(Install(1, {0}).ok());
  const std::string path =
      std::filesystem::directory_iterator(directory_)->path();
  const std::string text = ReadSmallFile(path, 1 << 20).value();
  for (const std::string& damaged :
       {std::string(), std::string("{}"), text.substr(1),
        text.substr(0, text.size() / 2), std::string("[]")}) {
    ASSERT_TRUE(WriteSmallFile(path, damaged).ok());
    const absl::Status status = IssuerStore::Open(directory_, &clock_).status();
    EXPECT_TRUE(absl::IsDataLoss(status));
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
  }
  ASSERT_TRUE(WriteSmallFile(directory_ + "/another.json", text).ok());
  ASSERT_TRUE(WriteSmallFile(path, text).ok());
  EXPECT_TRUE(
      absl::IsDataLoss(IssuerStore::Open(directory_, &clock_).status()));
}

TEST_F(IssuerStoreTest, WhatWasAcknowledgedIsThereAfterAKill) {
  for (int round = 0; round < 10; ++round) {
    int pipes[2];
    ASSERT_EQ(pipe(pipes), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto store = IssuerStore::Open(directory_, &clock_);
      for (int i = 0; store.ok(); ++i) {
        const std::string name = absl::StrCat("issuer ", round, " ", i);
        if (!(*store)->Install(Signed(SomeKeySet(name, 1, 1, {0}), {0})).ok()) {
          break;
        }
        const std::string line = name + "\n";
        if (write(pipes[1], line.data(), line.size()) < 0) break;
      }
      _exit(1);
    }
    close(pipes[1]);
    std::string said;
    char buffer[100];
    // Some are acknowledged, then it dies in the middle of the next.
    while (said.size() < 200u + 37u * round) {
      const ssize_t count = read(pipes[0], buffer, sizeof(buffer));
      if (count <= 0) break;
      said.append(buffer, static_cast<size_t>(count));
    }
    kill(child, SIGKILL);
    for (ssize_t count; (count = read(pipes[0], buffer, sizeof(buffer))) > 0;) {
      said.append(buffer, static_cast<size_t>(count));
    }
    close(pipes[0]);
    waitpid(child, nullptr, 0);
    Open();
    for (size_t at = 0, end; (end = said.find('\n', at)) != std::string::npos;
         at = end + 1) {
      EXPECT_TRUE(store_->Get(said.substr(at, end - at)).ok());
    }
  }
}

TEST_F(IssuerStoreTest, ManyUseItAtOnce) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 10; ++i) {
        const std::string name = absl::StrCat("issuer ", thread, " ", i);
        EXPECT_TRUE(
            store_->Install(Signed(SomeKeySet(name, 1, 1, {0}), {0})).ok());
        EXPECT_TRUE(store_->Get(name).ok());
        EXPECT_FALSE(store_->List().empty());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->List().size(), 40u);
}

}  // namespace
}  // namespace lenscap
