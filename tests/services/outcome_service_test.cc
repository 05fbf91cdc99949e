// The outcome service of a real server, over its own channels: who hears what,
// where an upload stands, and endpoints from their making to a delivery.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/outcome.grpc.pb.h"
#include "proto/lenscap/v1/report.grpc.pb.h"
#include "services/webhooks/webhook_signature.h"
#include "tests/services/client.h"
#include "tests/services/secure_server.h"
#include "tests/support/http_receiver.h"

namespace lenscap {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::OutcomeService::Stub;
using State = v1::UploadState;

constexpr char kForum[] = "upload-of-forum";
constexpr char kShop[] = "upload-of-shop";

class OutcomeServiceTest : public testing::Test {
 protected:
  ChannelPtr Platform(const std::string& tenant) {
    Caller caller = SecureServer::Somebody(CallerRole::kPlatform);
    caller.tenant = tenant;
    return server_.WithToken(server_.NewToken(caller));
  }

  // Decides on whatever waits.
  void DecideAll(v1::Decision::Outcome outcome) {
    const auto cases = v1::TakedownService::NewStub(server_.Local());
    v1::LeaseRequest lease;
    lease.set_reviewer("ann");
    lease.set_max_cases(10);
    const auto leased =
        Call(cases.get(), &v1::TakedownService::Stub::Lease, lease);
    ASSERT_TRUE(leased.ok()) << leased.status();
    for (const v1::LeasedCase& one : leased->leases()) {
      v1::DecideRequest decide;
      decide.set_lease_token(one.lease_token());
      decide.set_outcome(outcome);
      ASSERT_TRUE(
          Call(cases.get(), &v1::TakedownService::Stub::Decide, decide).ok());
    }
  }
  void PassUndoWindow() { server_.clock().Advance(absl::Minutes(11)); }

  // The first `count` after the cursor.
  static absl::StatusOr<std::vector<v1::Outcome>> Watch(
      const ChannelPtr& channel, size_t count, const std::string& after = "") {
    const auto outcomes = v1::OutcomeService::NewStub(channel);
    const auto context = NewContext();
    v1::WatchOutcomesRequest request;
    request.set_after(after);
    const auto reader = outcomes->Watch(context.get(), request);
    std::vector<v1::Outcome> told;
    v1::Outcome outcome;
    while (told.size() < count && reader->Read(&outcome)) {
      told.push_back(outcome);
    }
    if (told.size() == count) {
      context->TryCancel();
      reader->Finish();
      return told;
    }
    const grpc::Status status = reader->Finish();
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                        status.error_message());
  }
  static State StateOf(const ChannelPtr& channel,
                       const std::string& content_id) {
    v1::GetUploadStateRequest request;
    request.set_content_id(content_id);
    const auto state = Call(v1::OutcomeService::NewStub(channel).get(),
                            &Stub::GetUploadState, request);
    EXPECT_TRUE(state.ok()) << state.status();
    return state.value_or(State());
  }
  static absl::StatusOr<v1::Endpoint> Create(const ChannelPtr& channel,
                                             const std::string& url,
                                             const std::string& tenant = "") {
    v1::CreateEndpointRequest request;
    request.set_url(url);
    request.set_tenant(tenant);
    return Call(v1::OutcomeService::NewStub(channel).get(),
                &Stub::CreateEndpoint, request);
  }
  static std::vector<std::string> EndpointIds(const ChannelPtr& channel) {
    const auto listed = Call(v1::OutcomeService::NewStub(channel).get(),
                             &Stub::ListEndpoints, v1::ListEndpointsRequest());
    EXPECT_TRUE(listed.ok()) << listed.status();
    std::vector<std::string> ids;
    for (const v1::Endpoint& endpoint : listed->endpoints()) {
      ids.push_back(endpoint.endpoint_id());
    }
    return ids;
  }
  // "ACTION SUBJECT" of what the audit log has of endpoints.
  std::vector<std::string> Audited() {
    const auto reports = v1::ReportService::NewStub(server_.Local());
    const auto context = NewContext();
    const auto reader = reports->Audit(context.get(), v1::AuditRequest());
    std::vector<std::string> found;
    v1::AuditRecord record;
    while (reader->Read(&record)) {
      if (record.subject().starts_with("endpoint/")) {
        found.push_back(absl::StrCat(record.action(), " ", record.subject()));
      }
    }
    EXPECT_TRUE(reader->Finish().ok());
    return found;
  }

  SecureServer server_;
};

TEST_F(OutcomeServiceTest, APlatformHearsOfItsOwnTenantAlone) {
  DecideAll(v1::Decision::OUTCOME_REMOVE);
  PassUndoWindow();
  const auto own = Watch(Platform("forum"), 1);
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ((*own)[0].tenant(), "forum");
  EXPECT_EQ((*own)[0].uploads(0).content_id(), kForum);
  EXPECT_EQ((*own)[0].outcome(), v1::Decision::OUTCOME_REMOVE);
  const auto all = Watch(server_.WithCertificate(CallerRole::kAdmin), 2);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_NE((*all)[0].tenant(), (*all)[1].tenant());
}

TEST_F(OutcomeServiceTest, AWatcherGoesOnWhereItStopped) {
  DecideAll(v1::Decision::OUTCOME_REMOVE);
  PassUndoWindow();
  const ChannelPtr admin = server_.WithCertificate(CallerRole::kAdmin);
  const auto all = Watch(admin, 2);
  ASSERT_TRUE(all.ok()) << all.status();
  const auto rest = Watch(admin, 1, (*all)[0].cursor());
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_EQ((*rest)[0].id(), (*all)[1].id());
}

TEST_F(OutcomeServiceTest, WhatIsNoCursorIsRefused) {
  EXPECT_EQ(Watch(server_.WithCertificate(CallerRole::kAdmin), 1, "yesterday")
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(OutcomeServiceTest, SaysWhereAnUploadStands) {
  const ChannelPtr forum = Platform("forum");
  EXPECT_EQ(StateOf(forum, "nobody's").state(), State::STATE_UNKNOWN);
  EXPECT_EQ(StateOf(forum, kForum).state(), State::STATE_UNDECIDED);
  DecideAll(v1::Decision::OUTCOME_REMOVE);
  // It may still be undone.
  EXPECT_EQ(StateOf(forum, kForum).state(), State::STATE_UNDECIDED);
  PassUndoWindow();
  const State decided = StateOf(forum, kForum);
  EXPECT_EQ(decided.state(), State::STATE_REMOVED);
  EXPECT_EQ(decided.version(), 1);
  EXPECT_NE(decided.case_id(), "");
}

TEST_F(OutcomeServiceTest, AnotherTenantsUploadIsAsUnknown) {
  DecideAll(v1::Decision::OUTCOME_REMOVE);
  PassUndoWindow();
  const State state = StateOf(Platform("forum"), kShop);
  EXPECT_EQ(state.state(), State::STATE_UNKNOWN);
  EXPECT_EQ(state.case_id(), "");
}

TEST_F(OutcomeServiceTest, ABadContentIdIsNamed) {
  v1::GetUploadStateRequest request;
  const auto state = Call(v1::OutcomeService::NewStub(Platform("forum")).get(),
                          &Stub::GetUploadState, request);
  EXPECT_EQ(state.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(state.status().message()), HasSubstr("content_id"));
}

TEST_F(OutcomeServiceTest, ADecisionIsPostedSignedByTheEndpointsKey) {
  HttpReceiver receiver([](const ReceivedPost&) { return ReceiverReply(); });
  const auto endpoint = Create(server_.Local(), receiver.url(), "forum");
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  DecideAll(v1::Decision::OUTCOME_REMOVE);
  PassUndoWindow();
  receiver.WaitFor(1);
  const ReceivedPost post = receiver.posts()[0];
  const auto key = ParseWebhookKey(endpoint->public_key());
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_TRUE(VerifyWebhook(*key,
                            {.id = post.headers.at("webhook-id"),
                             .timestamp = post.headers.at("webhook-timestamp"),
                             .signature = post.headers.at("webhook-signature")},
                            post.body, server_.clock().Now(), kWebhookTolerance)
                  .ok());
  EXPECT_THAT(post.body, HasSubstr(kForum));
  EXPECT_THAT(post.body, HasSubstr(R"("type":"upload.decided")"));
}

TEST_F(OutcomeServiceTest, APlatformManagesItsOwnEndpointsAlone) {
  const ChannelPtr forum = Platform("forum"), shop = Platform("shop");
  const auto own = Create(forum, "https://forum.example/hook");
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(own->tenant(), "forum");
  EXPECT_EQ(Create(forum, "https://forum.example/hook", "shop").status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(EndpointIds(forum), ElementsAre(own->endpoint_id()));
  EXPECT_THAT(EndpointIds(shop), IsEmpty());
  v1::DeleteEndpointRequest remove;
  remove.set_endpoint_id(own->endpoint_id());
  EXPECT_EQ(Call(v1::OutcomeService::NewStub(shop).get(), &Stub::DeleteEndpoint,
                 remove)
                .status()
                .code(),
            absl::StatusCode::kNotFound);
  v1::ReplayRequest replay;
  replay.set_endpoint_id(own->endpoint_id());
  EXPECT_EQ(Call(v1::OutcomeService::NewStub(shop).get(), &Stub::Replay, replay)
                .status()
                .code(),
            absl::StatusCode::kNotFound);
  EXPECT_TRUE(Call(v1::OutcomeService::NewStub(forum).get(),
                   &Stub::DeleteEndpoint, remove)
                  .ok());
  EXPECT_THAT(EndpointIds(forum), IsEmpty());
}

TEST_F(OutcomeServiceTest, APlatformCannotReachTheServersOwnMachine) {
  EXPECT_EQ(Create(Platform("forum"), "http://127.0.0.1:8080/").status().code(),
            absl::StatusCode::kPermissionDenied);
  // Nor by a name that leads there.
  HttpReceiver receiver([](const ReceivedPost&) { return ReceiverReply(); });
  const ChannelPtr forum = Platform("forum");
  const auto endpoint =
      Create(forum, absl::StrCat("https://localhost:", receiver.port(), "/"));
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  v1::TestEndpointRequest test;
  test.set_endpoint_id(endpoint->endpoint_id());
  const auto tested =
      Call(v1::OutcomeService::NewStub(forum).get(), &Stub::TestEndpoint, test);
  ASSERT_TRUE(tested.ok()) << tested.status();
  EXPECT_THAT(tested->error(), HasSubstr("address"));
  EXPECT_EQ(tested->http_status(), 0);
}

TEST_F(OutcomeServiceTest, ChangesOfEndpointsAndReplaysAreOnRecord) {
  HttpReceiver receiver([](const ReceivedPost&) { return ReceiverReply(); });
  const auto endpoint = Create(server_.Local(), receiver.url());
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  const auto outcomes = v1::OutcomeService::NewStub(server_.Local());
  v1::ReplayRequest replay;
  replay.set_endpoint_id(endpoint->endpoint_id());
  ASSERT_TRUE(Call(outcomes.get(), &Stub::Replay, replay).ok());
  v1::DeleteEndpointRequest remove;
  remove.set_endpoint_id(endpoint->endpoint_id());
  ASSERT_TRUE(Call(outcomes.get(), &Stub::DeleteEndpoint, remove).ok());
  const std::string subject =
      absl::StrCat("endpoint/", endpoint->endpoint_id());
  EXPECT_THAT(Audited(), ElementsAre("endpoint.create " + subject,
                                     "endpoint.replay " + subject,
                                     "endpoint.delete " + subject));
}

TEST_F(OutcomeServiceTest, BadRequestsNameTheField) {
  const auto outcomes = v1::OutcomeService::NewStub(server_.Local());
  const auto error = [](const absl::Status& status) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    return std::string(status.message());
  };
  EXPECT_THAT(error(Create(server_.Local(), "ftp://x.example/").status()),
              HasSubstr("url"));
  EXPECT_THAT(
      error(Create(server_.Local(), "https://x.example/", std::string(65, 'x'))
                .status()),
      HasSubstr("tenant"));
  v1::CreateEndpointRequest create;
  create.set_url("https://x.example/");
  create.add_types(static_cast<v1::Outcome::Type>(99));
  EXPECT_THAT(
      error(Call(outcomes.get(), &Stub::CreateEndpoint, create).status()),
      HasSubstr("types"));
  EXPECT_THAT(error(Call(outcomes.get(), &Stub::DeleteEndpoint,
                         v1::DeleteEndpointRequest())
                        .status()),
              HasSubstr("endpoint_id"));
  const auto endpoint = Create(server_.Local(), "https://x.example/");
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  v1::ListDeliveriesRequest list;
  list.set_endpoint_id(endpoint->endpoint_id());
  list.set_page_size(1001);
  EXPECT_THAT(error(Call(outcomes.get(), &Stub::ListDeliveries, list).status()),
              HasSubstr("page_size"));
  list.set_page_size(0);
  list.set_state(static_cast<v1::Delivery::State>(9));
  EXPECT_THAT(error(Call(outcomes.get(), &Stub::ListDeliveries, list).status()),
              HasSubstr("state"));
  list.clear_state();
  list.set_page_token("x");
  EXPECT_THAT(error(Call(outcomes.get(), &Stub::ListDeliveries, list).status()),
              HasSubstr("page_token"));
}

TEST_F(OutcomeServiceTest, AReplayOfWhatWasDeliveredIsPostedAgain) {
  HttpReceiver receiver([](const ReceivedPost&) { return ReceiverReply(); });
  const auto endpoint = Create(server_.Local(), receiver.url(), "forum");
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  DecideAll(v1::Decision::OUTCOME_REMOVE);
  PassUndoWindow();
  receiver.WaitFor(1);
  const auto outcomes = v1::OutcomeService::NewStub(server_.Local());
  v1::ReplayRequest replay;
  replay.set_endpoint_id(endpoint->endpoint_id());
  replay.add_delivery_ids(
      absl::StrCat(endpoint->endpoint_id(), "/",
                   receiver.posts()[0].headers.at("webhook-id")));
  // 0 while the server is still writing down that it was delivered.
  absl::StatusOr<v1::ReplayReply> replayed;
  do {
    replayed = Call(outcomes.get(), &Stub::Replay, replay);
    ASSERT_TRUE(replayed.ok()) << replayed.status();
  } while (replayed->replayed() == 0);
  receiver.WaitFor(2);
  EXPECT_EQ(receiver.posts()[0].body, receiver.posts()[1].body);
  EXPECT_EQ(receiver.posts()[0].headers.at("webhook-id"),
            receiver.posts()[1].headers.at("webhook-id"));
}

}  // namespace
}  // namespace lenscap
