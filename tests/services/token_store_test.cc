#include "services/token_store.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

Caller Ann() {
  Caller ann;
  ann.name = "ann";
  ann.role = CallerRole::kReviewer;
  return ann;
}

class TokenStoreTest : public testing::Test {
 protected:
  TokenStoreTest() { Open(); }
  void Open() {
    store_ = nullptr;
    auto store = TokenStore::Open({.directory = directory_, .clock = &clock_});
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  TokenStore::Created Create(const Caller& caller,
                             absl::Duration valid_for = absl::Hours(1)) {
    auto created = store_->Create(caller, valid_for);
    EXPECT_TRUE(created.ok()) << created.status();
    return *std::move(created);
  }
  std::string File() {
    std::ifstream file(directory_ + "/tokens", std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
  }

  FakeClock clock_;
  const std::string directory_ = MakeTempDirectory() + "/access";
  std::unique_ptr<TokenStore> store_;
};

TEST_F(TokenStoreTest, ASecretIsItsCallersAndSurvivesAnotherOpening) {
  Caller caller;
  caller.name = "hotline-1";
  caller.role = CallerRole::kPlatform;
  caller.tenant = "shop";
  caller.platform_class = "marketplace";
  const auto created = Create(caller);
  EXPECT_THAT(created.secret, StartsWith("lc_"));
  EXPECT_THAT(created.secret, SizeIs(46));
  for (int i = 0; i < 2; ++i, Open()) {
    const auto found = store_->Find(created.secret);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->name, "hotline-1");
    EXPECT_EQ(found->role, CallerRole::kPlatform);
    EXPECT_EQ(found->tenant, "shop");
    EXPECT_EQ(found->platform_class, "marketplace");
    EXPECT_FALSE(found->local);
  }
}

TEST_F(TokenStoreTest, TheDiskHasNoSecretAndNobodyElseCanReadIt) {
  const auto created = Create(Ann());
  EXPECT_THAT(File(), HasSubstr(created.token.id));
  EXPECT_THAT(File(), Not(HasSubstr(created.secret)));
  EXPECT_THAT(File(), Not(HasSubstr(created.secret.substr(3))));
  struct stat status = {};
  ASSERT_EQ(stat((directory_ + "/tokens").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(stat(directory_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(TokenStoreTest, EveryBadTokenGetsTheSameAnswer) {
  const auto revoked = Create(Ann());
  ASSERT_TRUE(store_->Revoke(revoked.token.id).ok());
  const auto expired = Create(Ann(), absl::Minutes(1));
  clock_.Advance(absl::Minutes(1));
  std::set<std::string> answers;
  for (const std::string& secret :
       {revoked.secret, expired.secret, std::string("lc_made_up"),
        std::string(), revoked.secret + "A", std::string(1 << 20, 'x')}) {
    const absl::Status status = store_->Find(secret).status();
    EXPECT_TRUE(absl::IsUnauthenticated(status));
    answers.emplace(status.message());
  }
  EXPECT_THAT(answers, SizeIs(1));
}

TEST_F(TokenStoreTest, ATokenCountsToTheMomentThatItExpires) {
  const auto created = Create(Ann(), absl::Minutes(1));
  clock_.Advance(absl::Minutes(1) - absl::Nanoseconds(1));
  EXPECT_TRUE(store_->Find(created.secret).ok());
  clock_.Advance(absl::Nanoseconds(1));
  EXPECT_FALSE(store_->Find(created.secret).ok());
}

TEST_F(TokenStoreTest, RevokingTakesEffectAtOnceAndForGood) {
  const auto kept = Create(Ann());
  const auto lost = Create(Ann());
  const auto revoked = store_->Revoke(lost.token.id);
  ASSERT_TRUE(revoked.ok());
  EXPECT_EQ(revoked->revoked, clock_.Now());
  EXPECT_FALSE(store_->Find(lost.secret).ok());
  EXPECT_TRUE(store_->Find(kept.secret).ok());
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(store_->Revoke(lost.token.id)->revoked, revoked->revoked);
  Open();
  EXPECT_FALSE(store_->Find(lost.secret).ok());
  EXPECT_TRUE(store_->Find(kept.secret).ok());
  EXPECT_TRUE(absl::IsNotFound(store_->Revoke("token-0").status()));
}

TEST_F(TokenStoreTest, TokensThatEndedLongAgoAreForgotten) {
  Create(Ann(), absl::Minutes(1));
  clock_.Advance(absl::Hours(24 * 90));
  Create(Ann());
  EXPECT_THAT(store_->List(), SizeIs(2));
  clock_.Advance(absl::Minutes(2));
  Create(Ann());
  EXPECT_THAT(store_->List(), SizeIs(2));
}

TEST_F(TokenStoreTest, WhatAReviewerMayTakeIsKept) {
  Caller ann = Ann();
  ann.skills = {"senior", "law"};
  ann.languages = {"zh-CN"};
  ann.tenants = {"forum", "videos"};
  const std::string secret = Create(ann).secret;
  Open();
  const auto found = store_->Find(secret);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->skills, ann.skills);
  EXPECT_EQ(found->languages, ann.languages);
  EXPECT_EQ(found->tenants, ann.tenants);
}

TEST_F(TokenStoreTest, ACallerThatCannotBeIsRefused) {
  const auto refused = [this](const std::string& field, const Caller& caller) {
    const absl::Status status = store_->Create(caller, absl::Hours(1)).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field;
    EXPECT_THAT(std::string(status.message()), StartsWith(field));
  };
  Caller caller = Ann();
  for (const std::string& name :
       {std::string(), std::string("a b"), std::string("a:b"),
        std::string("a\0b", 3), std::string("\xc3\xa4"),
        std::string(65, 'a')}) {
    caller.name = name;
    refused("name", caller);
  }
  caller = Ann();
  caller.issuer = "hotline";
  refused("issuer", caller);
  caller = Ann();
  caller.tenant = "shop";
  refused("tenant", caller);
  caller = Ann();
  caller.skills = std::vector<std::string>(17, "a");
  refused("skills", caller);
  caller.skills = {"a b"};
  refused("skills", caller);
  caller = Ann();
  caller.languages = {std::string(33, 'a')};
  refused("languages", caller);
  caller = Ann();
  caller.tenants = {""};
  refused("tenants", caller);
  caller.tenants = {"forum"};
  caller.role = CallerRole::kAuditor;
  refused("tenants", caller);
  caller.tenants.clear();
  caller.skills = {"senior"};
  refused("skills", caller);
  caller = Ann();
  caller.role = CallerRole::kNobody;
  refused("role", caller);
  caller.role = static_cast<CallerRole>(6);
  refused("role", caller);
  caller.role = CallerRole::kRegulator;
  refused("issuer", caller);
  caller.issuer = std::string(257, 'i');
  refused("issuer", caller);
  EXPECT_THAT(store_->List(), SizeIs(0));
}

TEST_F(TokenStoreTest, ADamagedFileIsNotReadAsOneWithFewerTokens) {
  Create(Ann());
  const std::string whole = File();
  for (const std::string& damaged :
       {whole.substr(0, whole.size() - 1), std::string("nonsense")}) {
    std::ofstream(directory_ + "/tokens", std::ios::binary) << damaged;
    EXPECT_TRUE(
        absl::IsDataLoss(TokenStore::Open({.directory = directory_}).status()));
  }
}

// A process that dies at any moment leaves every token that it acknowledged,
// and no half of another.
TEST_F(TokenStoreTest, KilledAtAnyMomentItHasWhatItAcknowledged) {
  size_t acknowledged = 0;
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      while (store_->Create(Ann(), absl::Hours(1)).ok()) {
        if (write(ends[1], "+", 1) != 1) _exit(1);
      }
      _exit(1);
    }
    close(ends[1]);
    char byte = 0;
    for (int i = 0; i < 3 * round + 1; ++i) {
      ASSERT_EQ(read(ends[0], &byte, 1), 1);
      ++acknowledged;
    }
    ASSERT_EQ(kill(child, SIGKILL), 0);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    while (read(ends[0], &byte, 1) == 1) ++acknowledged;
    close(ends[0]);
    Open();
    EXPECT_GE(store_->List().size(), acknowledged);
    // One may have been stored and not yet acknowledged.
    EXPECT_LE(store_->List().size(), acknowledged + 1);
    acknowledged = store_->List().size();
  }
}

}  // namespace
}  // namespace lenscap
