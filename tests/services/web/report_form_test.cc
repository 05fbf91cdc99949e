// The form by which anybody reports footage, before an intake service that
// says what reached it.

#include "services/web/report_form.h"

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/intake.grpc.pb.h"
#include "services/web/channels.h"
#include "services/web/http_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/http_client.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RecordingIntake final : public v1::IntakeService::Service {
 public:
  grpc::Status SubmitReport(grpc::ServerContext* context,
                            grpc::ServerReader<v1::ReportPart>* parts,
                            v1::ReportReceipt* receipt) override {
    std::lock_guard lock(mutex_);
    header.Clear();
    footage.clear();
    const auto it = context->client_metadata().find("authorization");
    if (it != context->client_metadata().end()) {
      authorization.assign(it->second.data(), it->second.size());
    }
    for (v1::ReportPart part; parts->Read(&part);) {
      if (part.has_header()) header = part.header();
      if (part.has_chunk()) footage += part.chunk().data();
      if (footage.size() > 1'000'000) {
        return {grpc::StatusCode::INVALID_ARGUMENT, "footage: too long"};
      }
    }
    if (context->IsCancelled()) return grpc::Status::CANCELLED;
    ++submitted;
    receipt->set_report_id("report-1");
    receipt->set_receipt("secret");
    return grpc::Status::OK;
  }
  grpc::Status GetReportStatus(grpc::ServerContext*,
                               const v1::GetReportStatusRequest* request,
                               v1::ReportStatus* status) override {
    if (request->receipt() != "secret") {
      return {grpc::StatusCode::NOT_FOUND, "no such report"};
    }
    status->set_report_id(request->report_id());
    return grpc::Status::OK;
  }

  int submitted = 0;
  v1::ReportHeader header;
  std::string footage;
  std::string authorization;

 private:
  std::mutex mutex_;
};

class ReportFormTest : public testing::Test {
 protected:
  ReportFormTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&intake_);
    grpc_ = builder.BuildAndStart();
    auto web =
        HttpServer::Start({.address = "127.0.0.1:0",
                           .tls = std::nullopt,
                           .limits = {},
                           .headers = {}},
                          [this](Exchange& exchange) {
                            if (exchange.request().path == "/report")
                              form_.Submit(exchange);
                            if (exchange.request().path == "/report/status") {
                              form_.TellStatus(exchange);
                            }
                          });
    EXPECT_TRUE(web.ok()) << web.status();
    web_ = *std::move(web);
  }

  static std::string Field(const std::string& name, const std::string& value) {
    return absl::StrCat("--b\r\nContent-Disposition: form-data; name=\"", name,
                        "\"\r\n\r\n", value, "\r\n");
  }
  static std::string File(const std::string& bytes) {
    return absl::StrCat(
        "--b\r\nContent-Disposition: form-data; name=\"footage\"; "
        "filename=\"a.mp4\"\r\nContent-Type: video/mp4\r\n\r\n",
        bytes, "\r\n");
  }
  HttpReply Submit(const std::string& parts,
                   std::vector<std::string> headers = {}) {
    headers.push_back("Content-Type: multipart/form-data; boundary=b");
    return Ask(web_->port(), {.path = "/report",
                              .headers = std::move(headers),
                              .body = parts + "--b--\r\n"});
  }

  RecordingIntake intake_;
  std::unique_ptr<grpc::Server> grpc_;
  FakeClock clock_;
  SessionStore sessions_{{.clock = &clock_}};
  Door door_{{.require_sign_in = true, .hosts = {}, .sessions = &sessions_}};
  Channels channels_{1, [this] { return grpc_->InProcessChannel({}); }};
  JsonGateway gateway_{
      {.channels = &channels_, .on_unauthenticated = [](const WebCaller&) {}}};
  Attempts attempts_{{.per_hour = 20, .clock = &clock_}};
  ReportForm form_{
      {.door = &door_, .gateway = &gateway_, .attempts = &attempts_},
      "lc_intake"};
  std::unique_ptr<HttpServer> web_;
};

TEST_F(ReportFormTest, AReportWithFootageReachesTheIntakeByteForByte) {
  std::string footage;
  for (int i = 0; i < 700'000; ++i) footage.push_back(static_cast<char>(i * 7));
  footage += "\r\n--c\r\n--\r\n";
  const HttpReply reply = Submit(
      Field("statement", "This is my own flat <script>") +
      Field("name", "\xe6\x9d\x8e") + Field("relation", "RELATION_SELF") +
      Field("links", "https://one.example") + Field("links", "") +
      Field("links", "https://two.example") + File(footage));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.body, R"({"reportId":"report-1","receipt":"secret"})");
  EXPECT_EQ(intake_.authorization, "Bearer lc_intake");
  EXPECT_EQ(intake_.header.statement(), "This is my own flat <script>");
  EXPECT_EQ(intake_.header.name(), "\xe6\x9d\x8e");
  EXPECT_EQ(intake_.header.relation(), v1::ReportHeader::RELATION_SELF);
  EXPECT_THAT(intake_.header.links(),
              ElementsAre("https://one.example", "https://two.example"));
  EXPECT_TRUE(intake_.footage == footage);
}

TEST_F(ReportFormTest, AReportNeedsNoFootage) {
  EXPECT_EQ(Submit(Field("statement", "x")).status, 200);
  EXPECT_EQ(intake_.header.statement(), "x");
  EXPECT_EQ(intake_.footage, "");
  EXPECT_EQ(Submit(Field("statement", "y") + File("")).status, 200);
  EXPECT_EQ(intake_.header.statement(), "y");
}

TEST_F(ReportFormTest, WhatIsNoFormOfThisKindIsRefusedByName) {
  EXPECT_THAT(Submit(Field("report_id", "x")).body, HasSubstr("report_id"));
  EXPECT_THAT(Submit(Field("relation", "x")).body, HasSubstr("relation"));
  EXPECT_EQ(Submit(Field("name", "\xff")).status, 400);
  EXPECT_EQ(Submit(File("x") + Field("statement", "late")).status, 400);
  EXPECT_EQ(Submit(File("x") + File("y")).status, 400);
  EXPECT_EQ(Ask(web_->port(), {.path = "/report",
                               .headers = {"Content-Type: application/json"},
                               .body = "{}"})
                .status,
            400);
  EXPECT_EQ(Ask(web_->port(),
                {.path = "/report",
                 .headers = {"Content-Type: multipart/form-data; boundary=b"},
                 .body = Field("statement", "cut off")})
                .status,
            400);
  EXPECT_EQ(intake_.submitted, 0);
}

TEST_F(ReportFormTest, WhatTheIntakeRefusesIsSaidBeforeAllIsSent) {
  const HttpReply reply = Submit(File(std::string(3'000'000, 'a')));
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("footage: too long"));
}

TEST_F(ReportFormTest, WhoHasTheReceiptHearsHowTheReportStands) {
  const auto status = [this](const char* json) {
    return Ask(web_->port(), {.path = "/report/status",
                              .headers = {"Content-Type: application/json"},
                              .body = json});
  };
  const HttpReply told =
      status(R"({"reportId":"report-1","receipt":"secret"})");
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.body, R"({"reportId":"report-1"})");
  EXPECT_EQ(status(R"({"reportId":"report-1","receipt":"guess"})").status, 404);
}

TEST_F(ReportFormTest, AnAddressMaySendSoManyAnHour) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Submit(Field("statement", "x")).status, 200);
  }
  const HttpReply reply = Submit(Field("statement", "x"));
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.Header("Retry-After"), "180");
  EXPECT_EQ(intake_.submitted, 20);
  clock_.Advance(absl::Minutes(3));
  EXPECT_EQ(Submit(Field("statement", "x")).status, 200);
}

TEST_F(ReportFormTest, ThePageOfAnotherSiteCannotSendOne) {
  EXPECT_EQ(
      Submit(Field("statement", "x"), {"Origin: http://evil.example"}).status,
      403);
  EXPECT_EQ(
      Submit(Field("statement", "x"), {"Sec-Fetch-Site: cross-site"}).status,
      403);
  EXPECT_EQ(intake_.submitted, 0);
}

}  // namespace
}  // namespace lenscap
