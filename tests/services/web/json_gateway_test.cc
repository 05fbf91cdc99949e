// The gateway itself: connections that break, calls that are cut into chunks.

#include "services/web/json_gateway.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/access.pb.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/web/api_services.h"
#include "services/web/channels.h"
#include "services/web/chunk_sender.h"
#include "services/web/door.h"
#include "tests/services/web/web_fixture.h"

namespace lenscap {
namespace {

TEST(JsonGatewayTest, AConnectionThatBrokeIsReplacedByANewOne) {
  WebFixture web(false);
  SessionStore sessions({});
  const Door door(
      {.require_sign_in = false, .hosts = {}, .sessions = &sessions});
  int made = 0;
  Channels channels(1, [&]() -> std::shared_ptr<grpc::Channel> {
    if (++made > 1) return web.Local();
    // Nobody is there.
    return grpc::CreateChannel("127.0.0.1:1",
                               grpc::InsecureChannelCredentials());
  });
  const JsonGateway gateway(
      {.channels = &channels, .on_unauthenticated = [](const WebCaller&) {}});
  const auto method = gateway.Find("/v1/AccessService/WhoAmI");
  ASSERT_TRUE(method.ok());
  v1::WhoAmIReply who;
  EXPECT_TRUE(absl::IsUnavailable(
      gateway.Call(*door.Local(), **method, v1::WhoAmIRequest(), who)));
  EXPECT_TRUE(
      gateway.Call(*door.Local(), **method, v1::WhoAmIRequest(), who).ok());
  EXPECT_TRUE(who.local());
  EXPECT_EQ(made, 2);
}

TEST(JsonGatewayTest, WithoutAConnectionACallIsUnavailable) {
  SessionStore sessions({});
  const Door door(
      {.require_sign_in = false, .hosts = {}, .sessions = &sessions});
  Channels channels(2, [] { return std::shared_ptr<grpc::Channel>(); });
  const JsonGateway gateway(
      {.channels = &channels, .on_unauthenticated = [](const WebCaller&) {}});
  const auto method = gateway.Find("/v1/AccessService/WhoAmI");
  ASSERT_TRUE(method.ok());
  v1::WhoAmIReply who;
  EXPECT_TRUE(absl::IsUnavailable(
      gateway.Call(*door.Local(), **method, v1::WhoAmIRequest(), who)));
}

TEST(JsonGatewayTest, WhoIsNotKnownIsReported) {
  WebFixture web(true);
  SessionStore sessions({});
  const Door door(
      {.require_sign_in = true, .hosts = {}, .sessions = &sessions});
  Channels channels(1, [&] { return web.Local(); });
  std::vector<std::string> unknown;
  const JsonGateway gateway(
      {.channels = &channels,
       .on_unauthenticated = [&unknown](const WebCaller& caller) {
         unknown.push_back(caller.token());
       }});
  const auto method = gateway.Find("/v1/AccessService/WhoAmI");
  v1::WhoAmIReply who;
  const std::string token = web.NewToken(CallerRole::kReviewer);
  EXPECT_TRUE(
      gateway.Call(*door.HolderOf(token), **method, v1::WhoAmIRequest(), who)
          .ok());
  EXPECT_TRUE(absl::IsUnauthenticated(gateway.Call(
      *door.HolderOf("lc_made_up"), **method, v1::WhoAmIRequest(), who)));
  EXPECT_THAT(unknown, testing::ElementsAre("lc_made_up"));
}

// Messages that a ChunkSender makes of pieces of so many bytes.
std::vector<v1::UploadRequest> ChunksOf(const std::string& bytes,
                                        size_t piece) {
  std::vector<v1::UploadRequest> sent;
  auto chunks = ChunkSender::Make(
      *v1::UploadRequest::descriptor(), [&sent](const std::string& message) {
        sent.emplace_back().ParseFromString(message);
        return true;
      });
  EXPECT_TRUE(chunks.has_value());
  v1::UploadHeader header;
  header.set_content_id("a");
  EXPECT_TRUE(chunks->SendHeader(header));
  for (size_t i = 0; i < bytes.size(); i += piece) {
    EXPECT_TRUE(chunks->SendBytes(absl::string_view(bytes).substr(i, piece)));
  }
  EXPECT_TRUE(chunks->SendRest());
  return sent;
}

TEST(ChunkSenderTest, HoweverAFileComesItsChunksAreWholeAndInOrder) {
  std::string bytes;
  for (int i = 0; i < 600'000; ++i) bytes.push_back(static_cast<char>(i % 251));
  for (const size_t piece : {999u, 262'144u, 600'000u}) {
    const auto sent = ChunksOf(bytes, piece);
    ASSERT_EQ(sent.size(), 4u);
    EXPECT_EQ(sent[0].header().content_id(), "a");
    std::string again;
    for (size_t i = 1; i < sent.size(); ++i) {
      EXPECT_EQ(sent[i].chunk().offset(), static_cast<int64_t>(again.size()));
      again += sent[i].chunk().data();
    }
    EXPECT_TRUE(again == bytes) << piece;
  }
  EXPECT_EQ(ChunksOf("", 1).size(), 1u);
}

TEST(ChunkSenderTest, OnlyMessagesOfAFileAreMade) {
  EXPECT_FALSE(
      ChunkSender::Make(*v1::WhoAmIRequest::descriptor(), nullptr).has_value());
  int carriers = 0;
  for (const auto* service : ApiServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      if (!ChunkSender::Make(*method.input_type(), nullptr)) continue;
      EXPECT_TRUE(method.client_streaming()) << method.full_name();
      ++carriers;
    }
  }
  EXPECT_EQ(carriers, 5)
      << "Scan, Submit, Publish, PublishSigned, SubmitReport";
}

}  // namespace
}  // namespace lenscap
