// What a caller who may make a call finds there: a regulator its own issuer's
// lists, a platform its own tenant's scans, a reviewer their own claims.

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/access.grpc.pb.h"
#include "takedown/queue.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/services/secure_server.h"

namespace lenscap {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kHashLine = std::string(64, 'a') + ",100\n";

v1::PublishHeader Header(const std::string& list_id,
                         const std::string& issuer) {
  v1::PublishHeader header;
  header.set_list_id(list_id);
  header.set_entry_id("entry");
  header.set_severity(v1::SEVERITY_CONFIRMED);
  header.set_format(v1::PublishHeader::FORMAT_PDQ_TEXT);
  header.set_create_list(true);
  header.set_issuer(issuer);
  return header;
}

absl::StatusOr<v1::PublishReply> PublishHash(const ChannelPtr& channel,
                                             const v1::PublishHeader& header) {
  return Publish(channel, MessagesOf<v1::PublishRequest>(header, kHashLine));
}

std::vector<std::string> ListIds(const ChannelPtr& channel) {
  const auto lists = v1::HashListService::NewStub(channel);
  const auto reply = Call(lists.get(), &v1::HashListService::Stub::ListLists,
                          v1::ListListsRequest());
  EXPECT_TRUE(reply.ok()) << reply.status();
  std::vector<std::string> ids;
  for (const v1::HashList& list : reply->lists()) ids.push_back(list.list_id());
  return ids;
}

class OwnershipTest : public testing::Test {
 protected:
  ChannelPtr Regulator(const std::string& issuer) {
    Caller caller = SecureServer::Somebody(CallerRole::kRegulator);
    caller.issuer = issuer;
    return server_.WithToken(server_.NewToken(caller));
  }
  ChannelPtr Platform(const std::string& tenant) {
    Caller caller = SecureServer::Somebody(CallerRole::kPlatform);
    caller.tenant = tenant;
    return server_.WithToken(server_.NewToken(caller));
  }
  ChannelPtr Reviewer(const std::string& name) {
    Caller caller = SecureServer::Somebody(CallerRole::kReviewer);
    caller.name = name;
    return server_.WithToken(server_.NewToken(caller));
  }

  SecureServer server_;
};

TEST_F(OwnershipTest, ARegulatorSeesItsOwnListsAlone) {
  const ChannelPtr one = Regulator("hotline");
  const ChannelPtr other = Regulator("agency");
  ASSERT_TRUE(PublishHash(one, Header("first", "")).ok());
  ASSERT_TRUE(PublishHash(other, Header("second", "agency")).ok());
  EXPECT_THAT(ListIds(one), testing::ElementsAre("first"));
  EXPECT_THAT(ListIds(other), testing::ElementsAre("second"));
  for (const CallerRole role :
       {CallerRole::kAdmin, CallerRole::kAuditor, CallerRole::kReviewer}) {
    EXPECT_THAT(ListIds(server_.WithCertificate(role)),
                testing::ElementsAre("first", "second"));
  }
}

TEST_F(OwnershipTest, AnotherIssuersListIsAsOneThatIsNot) {
  const ChannelPtr owner = Regulator("hotline");
  ASSERT_TRUE(PublishHash(owner, Header("first", "hotline")).ok());
  const auto answers = [](const ChannelPtr& channel, const std::string& list) {
    const auto lists = v1::HashListService::NewStub(channel);
    using Stub = v1::HashListService::Stub;
    v1::GetListRequest get;
    get.set_list_id(list);
    v1::HistoryRequest history;
    history.set_list_id(list);
    v1::WithdrawRequest withdraw;
    withdraw.set_list_id(list);
    withdraw.set_all_entries(true);
    withdraw.set_reason("why not");
    v1::PublishHeader header = Header(list, "");
    header.set_create_list(false);
    return std::vector<absl::Status>{
        Call(lists.get(), &Stub::GetList, get).status(),
        Call(lists.get(), &Stub::History, history).status(),
        Export(channel, list).status(), PublishHash(channel, header).status(),
        Call(lists.get(), &Stub::Withdraw, withdraw).status()};
  };
  for (const auto& channel :
       {Regulator("agency"), Regulator("hotlin"), Regulator("hotline2")}) {
    const auto hidden = answers(channel, "first");
    const auto absent = answers(channel, "third");
    for (size_t i = 0; i < hidden.size(); ++i) {
      EXPECT_TRUE(absl::IsNotFound(hidden[i])) << hidden[i];
      EXPECT_TRUE(absl::IsNotFound(absent[i])) << absent[i];
      // Word for word, but for the name.
      EXPECT_EQ(std::string(hidden[i].message()).size(),
                std::string(absent[i].message()).size());
    }
  }
  for (const absl::Status& answer : answers(owner, "first")) {
    EXPECT_TRUE(answer.ok()) << answer;
  }
}

TEST_F(OwnershipTest, ARegulatorMakesListsForItsOwnIssuerAlone) {
  const ChannelPtr regulator = Regulator("hotline");
  EXPECT_TRUE(absl::IsPermissionDenied(
      PublishHash(regulator, Header("first", "agency")).status()));
  ASSERT_TRUE(PublishHash(Regulator("agency"), Header("first", "")).ok());
  // The id is taken, and that much it must hear; not whose it is.
  const absl::Status taken =
      PublishHash(regulator, Header("first", "")).status();
  EXPECT_TRUE(absl::IsAlreadyExists(taken)) << taken;
  EXPECT_THAT(std::string(taken.message()), Not(HasSubstr("agency")));
}

TEST_F(OwnershipTest, TheHistorySaysWhoItWas) {
  const ChannelPtr regulator = Regulator("hotline");
  ASSERT_TRUE(PublishHash(regulator, Header("first", "")).ok());
  const auto lists = v1::HashListService::NewStub(regulator);
  v1::WithdrawRequest withdraw;
  withdraw.set_list_id("first");
  withdraw.set_all_entries(true);
  withdraw.set_reason("wrong person");
  ASSERT_TRUE(
      Call(lists.get(), &v1::HashListService::Stub::Withdraw, withdraw).ok());
  v1::HistoryRequest request;
  request.set_list_id("first");
  const auto history =
      Call(lists.get(), &v1::HashListService::Stub::History, request);
  ASSERT_TRUE(history.ok()) << history.status();
  ASSERT_EQ(history->changes_size(), 2);
  EXPECT_EQ(history->changes(0).reason(), "wrong person");
}

TEST_F(OwnershipTest, APlatformSendsForItsOwnTenantAlone) {
  const ChannelPtr shop = Platform("shop");
  v1::UploadHeader header;
  header.set_tenant("forum");
  const auto messages = MessagesOf<v1::UploadRequest>(header, UnrelatedVideo());
  for (const absl::Status& refused :
       {Scan(shop, messages).status(), Submit(shop, messages).status()}) {
    EXPECT_TRUE(absl::IsPermissionDenied(refused)) << refused;
    EXPECT_THAT(std::string(refused.message()),
                AllOf(HasSubstr("header.tenant"), HasSubstr("shop")));
  }
  EXPECT_TRUE(Submit(Platform(""), messages).ok());
  header.set_tenant("shop");
  EXPECT_TRUE(
      Submit(shop, MessagesOf<v1::UploadRequest>(header, UnrelatedVideo()))
          .ok());
}

TEST_F(OwnershipTest, AnotherTenantsScanIsAsOneThatIsNot) {
  const auto id = SubmitBytes(Platform("shop"), UnrelatedVideo());
  ASSERT_TRUE(id.ok()) << id.status();
  v1::GetScanRequest request;
  request.set_scan_id(*id);
  using Stub = v1::ScanService::Stub;
  for (const std::string tenant : {"forum", "default", "sho"}) {
    const ChannelPtr other = Platform(tenant);
    const auto scans = v1::ScanService::NewStub(other);
    EXPECT_TRUE(
        absl::IsNotFound(Call(scans.get(), &Stub::GetScan, request).status()));
    EXPECT_TRUE(absl::IsNotFound(
        Call(scans.get(), &Stub::CancelScan, request).status()));
    EXPECT_TRUE(absl::IsNotFound(WatchScan(other, *id).status()));
  }
  for (const std::string tenant : {"shop", ""}) {
    const auto statuses = WatchScan(Platform(tenant), *id);
    ASSERT_TRUE(statuses.ok()) << statuses.status();
    EXPECT_EQ(statuses->back().state(), v1::ScanStatus::STATE_DONE);
  }
}

TEST_F(OwnershipTest, AReviewerClaimsAndDecidesUnderTheirOwnName) {
  using Stub = v1::TakedownService::Stub;
  const auto ann = v1::TakedownService::NewStub(Reviewer("ann"));
  const auto bob = v1::TakedownService::NewStub(Reviewer("bob"));
  v1::LeaseRequest lease;
  lease.set_reviewer("bob");
  EXPECT_TRUE(
      absl::IsPermissionDenied(Call(ann.get(), &Stub::Lease, lease).status()));
  lease.clear_reviewer();
  const auto leased = Call(ann.get(), &Stub::Lease, lease);
  ASSERT_TRUE(leased.ok()) << leased.status();
  ASSERT_EQ(leased->leases_size(), 1);
  EXPECT_EQ(leased->leases(0).case_().reviewer(), "ann");
  v1::ExtendRequest extend;
  extend.set_lease_token(leased->leases(0).lease_token());
  extend.mutable_duration()->set_seconds(60);
  v1::ReleaseRequest release;
  release.set_lease_token(leased->leases(0).lease_token());
  v1::DecideRequest decide;
  decide.set_lease_token(leased->leases(0).lease_token());
  decide.set_outcome(v1::Decision::OUTCOME_REMOVE);
  for (const absl::Status& refused :
       {Call(bob.get(), &Stub::Extend, extend).status(),
        Call(bob.get(), &Stub::Release, release).status(),
        Call(bob.get(), &Stub::Decide, decide).status()}) {
    EXPECT_TRUE(absl::IsPermissionDenied(refused)) << refused;
  }
  EXPECT_TRUE(Call(ann.get(), &Stub::Extend, extend).ok());
  // Twice: the second time it is decided already, by the same reviewer.
  for (int i = 0; i < 2; ++i) {
    const auto decided = Call(ann.get(), &Stub::Decide, decide);
    ASSERT_TRUE(decided.ok()) << decided.status();
    EXPECT_EQ(decided->case_().decisions(0).reviewer(), "ann");
  }
  EXPECT_TRUE(absl::IsPermissionDenied(
      Call(bob.get(), &Stub::Decide, decide).status()));
}

TEST_F(OwnershipTest, APlatformFindsTheCasesOfItsOwnTenantAlone) {
  using Stub = v1::TakedownService::Stub;
  const auto events = WatchCases(Platform("shop"), 0, 1);
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(events->at(0).content_id(), "upload-of-shop");
  const auto all = WatchCases(Platform(""), 0, 2);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->at(0).content_id(), "upload-of-forum");
  const auto appeal = [this](const std::string& tenant) {
    v1::AppealRequest request;
    request.set_case_id(TakedownQueue::CaseId("upload-of-shop"));
    request.set_statement("it is mine");
    const auto takedown = v1::TakedownService::NewStub(Platform(tenant));
    return Call(takedown.get(), &Stub::Appeal, request).status();
  };
  EXPECT_TRUE(absl::IsNotFound(appeal("forum")));
  // There, and not decided yet.
  EXPECT_TRUE(absl::IsFailedPrecondition(appeal("shop")));
  EXPECT_TRUE(absl::IsFailedPrecondition(appeal("")));
}

TEST_F(OwnershipTest, WhoAmISaysAllThatTheTokenSays) {
  Caller caller = SecureServer::Somebody(CallerRole::kPlatform);
  caller.tenant = "shop";
  caller.platform_class = "marketplace";
  const auto access =
      v1::AccessService::NewStub(server_.WithToken(server_.NewToken(caller)));
  const auto who =
      Call(access.get(), &v1::AccessService::Stub::WhoAmI, v1::WhoAmIRequest());
  ASSERT_TRUE(who.ok()) << who.status();
  EXPECT_EQ(who->identity().role(), v1::CALLER_ROLE_PLATFORM);
  EXPECT_EQ(who->identity().name(), "ann");
  EXPECT_EQ(who->identity().tenant(), "shop");
  EXPECT_EQ(who->identity().platform_class(), "marketplace");
  EXPECT_FALSE(who->local());
}

TEST_F(OwnershipTest, AStreamEndsWithTheTokenThatOpenedIt) {
  const ChannelPtr auditor = server_.WithToken(
      server_.NewToken(SecureServer::Somebody(CallerRole::kAuditor)));
  const auto access = v1::AccessService::NewStub(server_.Local());
  const auto tokens = Call(access.get(), &v1::AccessService::Stub::ListTokens,
                           v1::ListTokensRequest());
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  const auto cases = v1::TakedownService::NewStub(auditor);
  const auto context = NewContext();
  const auto reader = cases->Watch(context.get(), v1::WatchRequest());
  // It was let in once its first answer would have come.
  EXPECT_TRUE(
      Call(cases.get(), &v1::TakedownService::Stub::Stats, v1::StatsRequest())
          .ok());
  v1::RevokeTokenRequest request;
  request.set_token_id(tokens->tokens(tokens->tokens_size() - 1).token_id());
  request.set_reason("left");
  ASSERT_TRUE(
      Call(access.get(), &v1::AccessService::Stub::RevokeToken, request).ok());
  v1::CaseEvent event;
  while (reader->Read(&event)) continue;  // What was sent before.
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

}  // namespace
}  // namespace lenscap
