// Who may call what: every method of every service and every HTTP route,
// against every role, without sign-in, and with credentials that are no good.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/takedown.grpc.pb.h"
#include "services/cli/dial.h"
#include "services/permissions.h"
#include "tests/services/client.h"
#include "tests/services/secure_server.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSubsetOf;
using ::testing::UnorderedElementsAreArray;

// The roles that may: Platform, reGulator, Reviewer, Admin, aUditor. Written
// out a second time on purpose: whoever changes the one must mean it.
const std::map<std::string, std::string>& Expected() {
  static const auto* const table = new std::map<std::string, std::string>{
      {"lenscap.v1.ScanService.Scan", "PA"},
      {"lenscap.v1.ScanService.Submit", "PA"},
      {"lenscap.v1.ScanService.GetScan", "PA"},
      {"lenscap.v1.ScanService.WatchScan", "PA"},
      {"lenscap.v1.ScanService.CancelScan", "PA"},
      {"lenscap.v1.ListingService.Review", "PA"},
      {"lenscap.v1.ListingService.ReviewBatch", "PA"},
      {"lenscap.v1.ListingService.ReviewStream", "PA"},
      {"lenscap.v1.ListingService.Explain", "PRA"},
      {"lenscap.v1.ListingService.PublishRulePack", "GA"},
      {"lenscap.v1.ListingService.ListRulePacks", "GRAU"},
      {"lenscap.v1.ListingService.SetRuleMode", "A"},
      {"lenscap.v1.HashListService.ListLists", "GRAU"},
      {"lenscap.v1.HashListService.GetList", "GAU"},
      {"lenscap.v1.HashListService.History", "GAU"},
      {"lenscap.v1.HashListService.Download", "GAU"},
      {"lenscap.v1.HashListService.Export", "GA"},
      {"lenscap.v1.HashListService.Feedback", "GA"},
      {"lenscap.v1.HashListService.Publish", "GA"},
      {"lenscap.v1.HashListService.Withdraw", "GA"},
      {"lenscap.v1.HashListService.PublishSigned", "GA"},
      {"lenscap.v1.HashListService.Rollback", "GA"},
      {"lenscap.v1.HashListService.HoldEntries", "A"},
      {"lenscap.v1.HashListService.ReleaseEntries", "A"},
      {"lenscap.v1.HashListService.SetListMode", "A"},
      {"lenscap.v1.TakedownService.Lease", "RA"},
      {"lenscap.v1.TakedownService.Extend", "RA"},
      {"lenscap.v1.TakedownService.Release", "RA"},
      {"lenscap.v1.TakedownService.Decide", "RA"},
      {"lenscap.v1.TakedownService.Appeal", "PRA"},
      {"lenscap.v1.TakedownService.GetCase", "RAU"},
      {"lenscap.v1.TakedownService.ListCases", "RAU"},
      {"lenscap.v1.TakedownService.Stats", "RAU"},
      {"lenscap.v1.TakedownService.Watch", "PAU"},
      {"lenscap.v1.TakedownService.ListClaims", "RA"},
      {"lenscap.v1.TakedownService.Undo", "RA"},
      {"lenscap.v1.TakedownService.Hold", "RA"},
      {"lenscap.v1.TakedownService.Escalate", "RA"},
      {"lenscap.v1.TakedownService.Reassign", "RA"},
      {"lenscap.v1.TakedownService.ListUploads", "RAU"},
      {"lenscap.v1.TakedownService.GetAccount", "RAU"},
      {"lenscap.v1.TakedownService.GetGroup", "RAU"},
      {"lenscap.v1.TakedownService.Trends", "RAU"},
      {"lenscap.v1.TakedownService.AddGolden", "A"},
      {"lenscap.v1.TakedownService.ListGolden", "AU"},
      {"lenscap.v1.TakedownService.RemoveGolden", "A"},
      {"lenscap.v1.TakedownService.ReviewerStats", "AU"},
      {"lenscap.v1.OutcomeService.Watch", "PAU"},
      {"lenscap.v1.OutcomeService.GetUploadState", "PAU"},
      {"lenscap.v1.OutcomeService.CreateEndpoint", "PA"},
      {"lenscap.v1.OutcomeService.ListEndpoints", "PAU"},
      {"lenscap.v1.OutcomeService.DeleteEndpoint", "PA"},
      {"lenscap.v1.OutcomeService.TestEndpoint", "PA"},
      {"lenscap.v1.OutcomeService.ListDeliveries", "PAU"},
      {"lenscap.v1.OutcomeService.Replay", "PA"},
      {"lenscap.v1.EvidenceService.ListStills", "RAU"},
      {"lenscap.v1.EvidenceService.Reveal", "RA"},
      {"lenscap.v1.EvidenceService.GetExposure", "RA"},
      {"lenscap.v1.IntakeService.SubmitReport", "PA"},
      {"lenscap.v1.IntakeService.GetReportStatus", "PA"},
      {"lenscap.v1.IntakeService.GetReport", "RAU"},
      {"lenscap.v1.IntakeService.ListReports", "RAU"},
      {"lenscap.v1.IntakeService.AcceptReport", "RA"},
      {"lenscap.v1.IntakeService.RejectReport", "RA"},
      {"lenscap.v1.ReportService.Campaign", "GAU"},
      {"lenscap.v1.ReportService.Statements", "GAU"},
      {"lenscap.v1.ReportService.Compliance", "GAU"},
      {"lenscap.v1.ReportService.Audit", "AU"},
      {"lenscap.v1.ReportService.Checkpoint", "AU"},
      {"lenscap.v1.AccessService.WhoAmI", "PGRAU"},
      {"lenscap.v1.AccessService.CreateToken", "A"},
      {"lenscap.v1.AccessService.RevokeToken", "A"},
      {"lenscap.v1.AccessService.ListTokens", "AU"},
      {"lenscap.v1.AccessService.InstallIssuerKeys", "A"},
      {"lenscap.v1.AccessService.RotateIssuerKeys", "GA"},
      {"lenscap.v1.AccessService.RevokeIssuerKey", "A"},
      {"lenscap.v1.AccessService.ListIssuers", "AU"},
      {"/metrics", "AU"},
  };
  return *table;
}

bool ExpectedToMay(CallerRole role, const std::string& guarded) {
  const std::map<CallerRole, char> letters = {{CallerRole::kPlatform, 'P'},
                                              {CallerRole::kRegulator, 'G'},
                                              {CallerRole::kReviewer, 'R'},
                                              {CallerRole::kAdmin, 'A'},
                                              {CallerRole::kAuditor, 'U'}};
  return absl::StrContains(Expected().at(guarded), letters.at(role));
}

// Of all services whose protos are linked in, and so of all that are served.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods() {
  using google::protobuf::DescriptorPool;
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const std::string& name : files) {
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr || file->package() != "lenscap.v1") continue;
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        methods.push_back(file->service(i)->method(j));
      }
    }
  }
  return methods;
}

// What an empty request is answered.
absl::Status Answer(const ChannelPtr& channel,
                    const google::protobuf::MethodDescriptor& method) {
  return CallRaw(channel,
                 absl::StrCat("/", method.service()->full_name(), "/",
                              method.name()),
                 "")
      .status();
}

TEST(PermissionsTest, EveryMethodHasARow) {
  std::vector<std::string> methods;
  for (const auto* method : AllMethods()) {
    methods.push_back(method->full_name());
  }
  EXPECT_GT(methods.size(), 25u);
  EXPECT_THAT(methods, IsSubsetOf(Guarded()));
}

TEST(PermissionsTest, TheTableSaysWhatItIsMeantToSay) {
  std::vector<std::string> expected;
  for (const auto& [guarded, roles] : Expected()) {
    expected.push_back(guarded);
    for (const CallerRole role : kCallerRoles) {
      EXPECT_EQ(MayUse(role, guarded), ExpectedToMay(role, guarded))
          << RoleName(role) << " " << guarded;
    }
    EXPECT_FALSE(MayUse(CallerRole::kNobody, guarded)) << guarded;
    EXPECT_FALSE(MayUse(static_cast<CallerRole>(6), guarded)) << guarded;
  }
  EXPECT_THAT(Guarded(), UnorderedElementsAreArray(expected));
}

TEST(PermissionsTest, WhatHasNoRowIsDeniedToEverybody) {
  for (const CallerRole role : kCallerRoles) {
    for (const char* guarded :
         {"", "lenscap.v1.ScanService", "lenscap.v1.ScanService.Scan2",
          "lenscap.v1.ScanService.scan", "/metrics/", "/"}) {
      EXPECT_FALSE(MayUse(role, guarded)) << guarded;
    }
  }
}

class AccessTest : public testing::Test {
 protected:
  // Decides a case, so that the stream of outcomes has something to say.
  AccessTest() {
    const auto cases = v1::TakedownService::NewStub(server_.Local());
    v1::LeaseRequest lease;
    lease.set_reviewer("ann");
    const auto leased =
        Call(cases.get(), &v1::TakedownService::Stub::Lease, lease);
    EXPECT_TRUE(leased.ok()) << leased.status();
    v1::DecideRequest decide;
    decide.set_lease_token(leased->leases(0).lease_token());
    decide.set_outcome(v1::Decision::OUTCOME_REMOVE);
    const auto decided =
        Call(cases.get(), &v1::TakedownService::Stub::Decide, decide);
    EXPECT_TRUE(decided.ok()) << decided.status();
    server_.clock().Advance(absl::Minutes(1));  // It can no longer be undone.
  }

  std::vector<const google::protobuf::MethodDescriptor*> Served() {
    std::vector<const google::protobuf::MethodDescriptor*> served;
    const ChannelPtr local = server_.Local();
    for (const auto* method : AllMethods()) {
      const absl::Status answer = Answer(local, *method);
      EXPECT_FALSE(absl::IsPermissionDenied(answer)) << answer;
      EXPECT_FALSE(absl::IsUnauthenticated(answer)) << answer;
      EXPECT_FALSE(absl::IsUnimplemented(answer))
          << method->full_name() << ": " << answer;
      served.push_back(method);
    }
    EXPECT_GT(served.size(), 30u);
    return served;
  }
  // That all methods answer as the table has it.
  void ExpectTable(const ChannelPtr& channel, CallerRole role) {
    for (const auto* method : Served()) {
      const absl::Status answer = Answer(channel, *method);
      const std::string& name = method->full_name();
      if (ExpectedToMay(role, name)) {
        EXPECT_FALSE(absl::IsPermissionDenied(answer) ||
                     absl::IsUnauthenticated(answer) ||
                     absl::IsUnavailable(answer) ||
                     absl::IsDeadlineExceeded(answer))
            << RoleName(role) << " " << name << ": " << answer;
      } else {
        EXPECT_TRUE(absl::IsPermissionDenied(answer))
            << RoleName(role) << " " << name << ": " << answer;
        EXPECT_THAT(std::string(answer.message()), HasSubstr(name));
        EXPECT_THAT(std::string(answer.message()),
                    HasSubstr(std::string(RoleName(role))));
      }
    }
  }
  void ExpectAllAnswer(const ChannelPtr& channel, absl::StatusCode code) {
    for (const auto* method : Served()) {
      const absl::Status answer = Answer(channel, *method);
      EXPECT_EQ(answer.code(), code) << method->full_name() << ": " << answer;
    }
  }

  SecureServer server_;
};

TEST_F(AccessTest, EveryRoleByTokenMayWhatTheTableSays) {
  for (const CallerRole role : kCallerRoles) {
    ExpectTable(
        server_.WithToken(server_.NewToken(SecureServer::Somebody(role))),
        role);
  }
}

TEST_F(AccessTest, EveryRoleByCertificateMayWhatTheTableSays) {
  for (const CallerRole role : kCallerRoles) {
    ExpectTable(server_.WithCertificate(role), role);
  }
}

TEST_F(AccessTest, NobodyMayAnything) {
  ExpectAllAnswer(server_.Nobody(), absl::StatusCode::kUnauthenticated);
}

TEST_F(AccessTest, AMadeUpTokenIsRefusedEvenWithAGoodCertificate) {
  const std::string made_up = "lc_" + std::string(43, 'A');
  ExpectAllAnswer(server_.WithToken(made_up),
                  absl::StatusCode::kUnauthenticated);
  ExpectAllAnswer(server_.WithCertificateAndToken(CallerRole::kAdmin, made_up),
                  absl::StatusCode::kUnauthenticated);
}

TEST_F(AccessTest, AnExpiredTokenIsRefused) {
  const std::string token = server_.NewToken(
      SecureServer::Somebody(CallerRole::kAdmin), absl::Minutes(1));
  const ChannelPtr channel = server_.WithToken(token);
  ExpectTable(channel, CallerRole::kAdmin);
  server_.clock().Advance(absl::Minutes(1));
  ExpectAllAnswer(channel, absl::StatusCode::kUnauthenticated);
}

TEST_F(AccessTest, ACertificateOfAnotherAuthorityDoesNotConnect) {
  ExpectAllAnswer(server_.WithCertificateOfStranger(CallerRole::kAdmin),
                  absl::StatusCode::kUnavailable);
}

TEST_F(AccessTest, PlainTextIsNotSpokenOnAPortWithTls) {
  ExpectAllAnswer(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_.server().port()),
                          grpc::InsecureChannelCredentials()),
      absl::StatusCode::kUnavailable);
}

TEST_F(AccessTest, ATokenCountsAloneWhateverTheCertificate) {
  const std::string token =
      server_.NewToken(SecureServer::Somebody(CallerRole::kReviewer));
  ExpectTable(server_.WithCertificateAndToken(CallerRole::kAdmin, token),
              CallerRole::kReviewer);
}

TEST_F(AccessTest, HealthAnswersEverybodyAndReflectionNobody) {
  EXPECT_TRUE(
      CallRaw(server_.Nobody(), "/grpc.health.v1.Health/Check", "").ok());
  for (const ChannelPtr& channel :
       {server_.Nobody(), server_.WithCertificate(CallerRole::kAdmin)}) {
    EXPECT_TRUE(absl::IsUnimplemented(
        CallRaw(channel,
                "/grpc.reflection.v1alpha.ServerReflection/"
                "ServerReflectionInfo",
                "\x3a\x01*")
            .status()));
  }
}

TEST_F(AccessTest, EveryRouteIsGuardedAsTheTableSays) {
  const Server& server = server_.server();
  for (const CallerRole role : kCallerRoles) {
    const std::string token = server_.NewToken(SecureServer::Somebody(role));
    for (const std::string& guarded : Guarded()) {
      if (!absl::StartsWith(guarded, "/")) continue;
      const absl::Status answer =
          server.AuthorizeRoute(guarded, token).status();
      EXPECT_EQ(answer.code(), ExpectedToMay(role, guarded)
                                   ? absl::StatusCode::kOk
                                   : absl::StatusCode::kPermissionDenied)
          << RoleName(role) << " " << guarded;
    }
  }
  for (const char* token : {"", "lc_made_up"}) {
    EXPECT_TRUE(absl::IsUnauthenticated(
        server.AuthorizeRoute(kMetricsRoute, token).status()));
  }
}

TEST(RequiredCertificateTest, WithoutOneATokenDoesNotConnect) {
  SecureServer server(/*require_client_certificate=*/true);
  const std::string token =
      server.NewToken(SecureServer::Somebody(CallerRole::kReviewer));
  const std::string method = "/lenscap.v1.AccessService/WhoAmI";
  EXPECT_TRUE(absl::IsUnavailable(
      CallRaw(server.WithToken(token), method, "").status()));
  EXPECT_TRUE(
      CallRaw(server.WithCertificate(CallerRole::kReviewer), method, "").ok());
  EXPECT_TRUE(
      CallRaw(server.WithCertificateAndToken(CallerRole::kPlatform, token),
              method, "")
          .ok());
}

// The plain-text port of a server that requires, or does not require, that
// callers sign in.
class PlainTest : public testing::TestWithParam<bool> {};

TEST_P(PlainTest, ATokenCountsThereTooAndOneThatIsNoGoodIsRefused) {
  ServerOptions options;
  options.data_directory = MakeTempDirectory();
  options.listen_address = "127.0.0.1:0";
  options.require_sign_in = GetParam();
  const auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  cli::Endpoint endpoint;
  endpoint.server = absl::StrCat("127.0.0.1:", (*server)->port());
  const auto answer = [&endpoint](const std::string& token) {
    endpoint.token = token;
    return CallRaw(*cli::Dial(endpoint), "/lenscap.v1.AccessService/ListTokens",
                   "")
        .status();
  };
  const absl::StatusCode without =
      GetParam() ? absl::StatusCode::kUnauthenticated : absl::StatusCode::kOk;
  EXPECT_EQ(answer("").code(), without);
  EXPECT_EQ(answer("lc_made_up").code(), absl::StatusCode::kUnauthenticated);
  // In this process the machine's own user needs no token.
  EXPECT_TRUE(CallRaw((*server)->InProcessChannel(),
                      "/lenscap.v1.AccessService/ListTokens", "")
                  .ok());
}

INSTANTIATE_TEST_SUITE_P(SignIn, PlainTest, testing::Bool());

}  // namespace
}  // namespace lenscap
