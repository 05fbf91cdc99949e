#include "services/access_handler.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/proto_time.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;

class AccessHandlerTest : public testing::Test {
 protected:
  AccessHandlerTest() {
    request_.mutable_identity()->set_role(v1::CALLER_ROLE_REGULATOR);
    request_.mutable_identity()->set_name("desk-1");
    request_.mutable_identity()->set_issuer("hotline");
    request_.set_reason("a new desk");
    admin_.name = "root";
    admin_.role = CallerRole::kAdmin;
  }

  FakeClock clock_;
  const std::unique_ptr<TokenStore> tokens_ = *TokenStore::Open(
      {.directory = MakeTempDirectory() + "/access", .clock = &clock_});
  absl::Status record_status_;
  std::vector<AuditEntry> recorded_;
  const AccessRooms rooms_ = {.tokens = tokens_.get(),
                              .record = [this](const AuditEntry& entry) {
                                recorded_.push_back(entry);
                                return record_status_;
                              }};
  Caller admin_;
  v1::CreateTokenRequest request_;
};

TEST_F(AccessHandlerTest, ATokenIsMadeListedAndPutOnRecord) {
  const auto reply = CreateToken(rooms_, admin_, request_);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(tokens_->Find(reply->secret())->issuer, "hotline");
  EXPECT_EQ(FromProto(reply->token().expires()),
            clock_.Now() + absl::Hours(24 * 90));
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_EQ(recorded_[0].actor, "admin:root");
  EXPECT_EQ(recorded_[0].action, "token.create");
  EXPECT_EQ(recorded_[0].subject, "token/" + reply->token().token_id());
  EXPECT_EQ(recorded_[0].reason, "a new desk");
  EXPECT_THAT(recorded_[0].details, Contains(Pair("for", "regulator:desk-1")));
  for (const auto& [name, value] : recorded_[0].details) {
    EXPECT_NE(value, reply->secret()) << name;
  }
  const v1::ListTokensReply listed = ListTokens(rooms_);
  ASSERT_EQ(listed.tokens_size(), 1);
  EXPECT_EQ(listed.tokens(0).SerializeAsString(),
            reply->token().SerializeAsString());
}

TEST_F(AccessHandlerTest, WhatCannotBePutOnRecordOpensNothing) {
  record_status_ = absl::ResourceExhaustedError("the disk is full");
  const auto reply = CreateToken(rooms_, admin_, request_);
  EXPECT_EQ(reply.status(), record_status_);
  const auto listed = tokens_->List();
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_TRUE(listed[0].revoked.has_value());
}

TEST_F(AccessHandlerTest, ATokenThatIsRevokedStaysSoWhateverTheRecord) {
  const auto reply = CreateToken(rooms_, admin_, request_);
  ASSERT_TRUE(reply.ok());
  v1::RevokeTokenRequest revoke;
  revoke.set_token_id(reply->token().token_id());
  revoke.set_reason("lost");
  record_status_ = absl::InternalError("the disk failed");
  EXPECT_EQ(RevokeToken(rooms_, admin_, revoke).status(), record_status_);
  EXPECT_FALSE(tokens_->Find(reply->secret()).ok());
  record_status_ = absl::OkStatus();
  const auto again = RevokeToken(rooms_, admin_, revoke);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->has_revoked());
  EXPECT_EQ(recorded_.back().action, "token.revoke");
}

TEST_F(AccessHandlerTest, BadRequestsNameTheFieldAndChangeNothing) {
  const auto refused = [this](const std::string& field,
                              const absl::Status& status) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field << " " << status;
    EXPECT_THAT(std::string(status.message()), StartsWith(field));
    EXPECT_THAT(tokens_->List(), IsEmpty());
    EXPECT_THAT(recorded_, IsEmpty());
  };
  v1::CreateTokenRequest request = request_;
  request.mutable_identity()->set_role(static_cast<v1::CallerRole>(9));
  refused("identity.role", CreateToken(rooms_, admin_, request).status());
  request = request_;
  request.mutable_identity()->clear_name();
  refused("identity.name", CreateToken(rooms_, admin_, request).status());
  request = request_;
  request.mutable_identity()->clear_issuer();
  refused("identity.issuer", CreateToken(rooms_, admin_, request).status());
  request = request_;
  *request.mutable_valid_for() = ToProto(absl::Seconds(59));
  refused("valid_for", CreateToken(rooms_, admin_, request).status());
  request = request_;
  request.set_reason(std::string(1025, 'r'));
  refused("reason", CreateToken(rooms_, admin_, request).status());
  refused("token_id", RevokeToken(rooms_, admin_, {}).status());
  v1::RevokeTokenRequest revoke;
  revoke.set_token_id("token-0");
  refused("reason", RevokeToken(rooms_, admin_, revoke).status());
  revoke.set_reason("why");
  EXPECT_TRUE(absl::IsNotFound(RevokeToken(rooms_, admin_, revoke).status()));
}

}  // namespace
}  // namespace lenscap
