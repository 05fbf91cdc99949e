#include "services/issuer_handler.h"

#include <memory>
#include <string>
#include <vector>

#include "base/ed25519.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lists/issuer_store.h"
#include "tests/lists/signers.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::SizeIs;
using ::testing::StartsWith;

v1::IssuerKeySet Signed(const IssuerKeys& keys, const std::vector<int>& by) {
  v1::IssuerKeySet request;
  request.set_document(Document(keys));
  request.set_signatures(SignedBy(by, request.document()));
  request.set_reason("agreed by phone");
  return request;
}

class IssuerHandlerTest : public testing::Test {
 protected:
  IssuerHandlerTest() {
    clock_.Advance(kSomeTime - clock_.Now());
    admin_.name = "root";
    admin_.role = CallerRole::kAdmin;
    desk_.name = "desk-1";
    desk_.role = CallerRole::kRegulator;
    desk_.issuer = "hotline";
  }

  FakeClock clock_;
  const std::unique_ptr<IssuerStore> issuers_ =
      *IssuerStore::Open(MakeTempDirectory() + "/issuers", &clock_);
  absl::Status record_status_;
  std::vector<AuditEntry> recorded_;
  const AccessRooms rooms_ = {.tokens = nullptr,
                              .issuers = issuers_.get(),
                              .record = [this](const AuditEntry& entry) {
                                recorded_.push_back(entry);
                                return record_status_;
                              }};
  Caller admin_;
  Caller desk_;
  const v1::IssuerKeySet first_ =
      Signed(SomeKeySet("hotline", 1, 1, {0, 1}), {0});
  const v1::IssuerKeySet second_ =
      Signed(SomeKeySet("hotline", 2, 1, {1, 2}), {1});
};

TEST_F(IssuerHandlerTest, KeysAreInstalledRotatedListedAndPutOnRecord) {
  const auto installed = InstallIssuerKeys(rooms_, admin_, first_);
  ASSERT_TRUE(installed.ok()) << installed.status();
  EXPECT_EQ(installed->issuer(), "hotline");
  EXPECT_EQ(installed->version(), 1);
  EXPECT_EQ(installed->key_ids_size(), 2);
  const auto rotated = RotateIssuerKeys(rooms_, desk_, second_);
  ASSERT_TRUE(rotated.ok()) << rotated.status();
  EXPECT_EQ(rotated->version(), 2);
  const v1::ListIssuersReply listed = ListIssuers(rooms_);
  ASSERT_EQ(listed.issuers_size(), 1);
  EXPECT_EQ(listed.issuers(0).SerializeAsString(),
            rotated->SerializeAsString());
  ASSERT_THAT(recorded_, SizeIs(2));
  EXPECT_EQ(recorded_[0].actor, "admin:root");
  EXPECT_EQ(recorded_[0].action, "issuer.install");
  EXPECT_EQ(recorded_[1].actor, "regulator:desk-1");
  EXPECT_EQ(recorded_[1].action, "issuer.rotate");
  EXPECT_EQ(recorded_[1].subject, "issuer/hotline");
  EXPECT_EQ(recorded_[1].reason, "agreed by phone");
}

TEST_F(IssuerHandlerTest, ARegulatorRotatesItsOwnKeysAlone) {
  ASSERT_TRUE(InstallIssuerKeys(rooms_, admin_, first_).ok());
  desk_.issuer = "agency";
  EXPECT_TRUE(absl::IsPermissionDenied(
      RotateIssuerKeys(rooms_, desk_, second_).status()));
  EXPECT_EQ(issuers_->Get("hotline")->version, 1);
  EXPECT_THAT(recorded_, SizeIs(1));
}

TEST_F(IssuerHandlerTest, WhatIsDoneButNotOnRecordIsAskedForAgain) {
  record_status_ = absl::ResourceExhaustedError("the disk is full");
  EXPECT_EQ(InstallIssuerKeys(rooms_, admin_, first_).status(), record_status_);
  record_status_ = absl::OkStatus();
  EXPECT_TRUE(InstallIssuerKeys(rooms_, admin_, first_).ok());
  EXPECT_EQ(issuers_->Get("hotline")->version, 1);
  record_status_ = absl::ResourceExhaustedError("the disk is full");
  v1::RevokeIssuerKeyRequest revoke;
  revoke.set_issuer("hotline");
  revoke.set_key_id(KeyId(issuers_->Get("hotline")->keys[0].key));
  revoke.set_reason("stolen");
  EXPECT_EQ(RevokeIssuerKey(rooms_, admin_, revoke).status(), record_status_);
  record_status_ = absl::OkStatus();
  const auto again = RevokeIssuerKey(rooms_, admin_, revoke);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->key_ids_size(), 1);
  EXPECT_EQ(again->revoked_key_ids(0), revoke.key_id());
}

TEST_F(IssuerHandlerTest, BadRequestsChangeNothing) {
  const auto refused = [this](const v1::IssuerKeySet& request) {
    const absl::Status status =
        InstallIssuerKeys(rooms_, admin_, request).status();
    EXPECT_FALSE(status.ok());
    EXPECT_TRUE(issuers_->List().empty());
    EXPECT_TRUE(recorded_.empty());
    return std::string(status.message());
  };
  EXPECT_THAT(refused({}), StartsWith("document"));
  v1::IssuerKeySet request = first_;
  request.clear_signatures();
  EXPECT_THAT(refused(request), StartsWith("signatures"));
  request = first_;
  request.set_document("{}");
  refused(request);
  refused(Signed(SomeKeySet("hotline", 1, 1, {0, 1}), {2}));
  EXPECT_TRUE(
      absl::IsNotFound(RotateIssuerKeys(rooms_, admin_, second_).status()));
  v1::RevokeIssuerKeyRequest revoke;
  EXPECT_TRUE(absl::IsInvalidArgument(
      RevokeIssuerKey(rooms_, admin_, revoke).status()));
  revoke.set_issuer("hotline");
  revoke.set_key_id("none");
  revoke.set_reason("why");
  EXPECT_TRUE(
      absl::IsNotFound(RevokeIssuerKey(rooms_, admin_, revoke).status()));
}

}  // namespace
}  // namespace lenscap
