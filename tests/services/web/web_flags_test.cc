#include "services/web/web_flags.h"

#include <string>
#include <vector>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/http_client.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

ABSL_DECLARE_FLAG(std::string, web_address);
ABSL_DECLARE_FLAG(std::vector<std::string>, web_host);
ABSL_DECLARE_FLAG(std::string, intake_token_file);
ABSL_DECLARE_FLAG(bool, insecure_public);

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class WebFlagsTest : public testing::Test {
 protected:
  std::string Refused(const ServerOptions& options = {}) {
    const absl::Status status = CheckWebFlags(options);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    return std::string(status.message());
  }

  const absl::FlagSaver saver_;
};

TEST_F(WebFlagsTest, NothingIsServedUnlessAFlagSaysSo) {
  EXPECT_TRUE(CheckWebFlags({}).ok());
  const auto web = StartWebServer(nullptr, {});
  ASSERT_TRUE(web.ok());
  EXPECT_EQ(*web, nullptr);
}

TEST_F(WebFlagsTest, PlainTextIsThisMachinesUnlessToldOtherwise) {
  absl::SetFlag(&FLAGS_web_address, "127.0.0.1:7380");
  EXPECT_TRUE(CheckWebFlags({}).ok());
  absl::SetFlag(&FLAGS_web_address, "0.0.0.0:7380");
  EXPECT_THAT(Refused(), StartsWith("--web_address"));
  ServerOptions secure;
  secure.tls.emplace();
  EXPECT_TRUE(CheckWebFlags(secure).ok());
  absl::SetFlag(&FLAGS_insecure_public, true);
  EXPECT_TRUE(CheckWebFlags({}).ok());
  absl::SetFlag(&FLAGS_web_address, "7380");
  EXPECT_THAT(Refused(), HasSubstr("HOST:PORT"));
}

TEST_F(WebFlagsTest, WhatIsOfNoUseWithoutAnAddressIsRefused) {
  absl::SetFlag(&FLAGS_web_host, {"lenscap.example"});
  EXPECT_THAT(Refused(), HasSubstr("web_host"));
  absl::SetFlag(&FLAGS_web_host, {});
  absl::SetFlag(&FLAGS_intake_token_file, "token");
  EXPECT_THAT(Refused(), HasSubstr("intake_token_file"));
}

TEST_F(WebFlagsTest, TheFormsTokenComesFromItsFile) {
  ServerOptions options;
  options.data_directory = MakeTempDirectory();
  const auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  absl::SetFlag(&FLAGS_web_address, "127.0.0.1:0");
  absl::SetFlag(&FLAGS_intake_token_file, "/no/such/token");
  EXPECT_THAT(
      std::string(StartWebServer(server->get(), options).status().message()),
      HasSubstr("/no/such/token"));
  absl::SetFlag(&FLAGS_intake_token_file, WriteTempFile("empty", " \n"));
  EXPECT_TRUE(
      absl::IsInvalidArgument(StartWebServer(server->get(), options).status()));
  absl::SetFlag(&FLAGS_intake_token_file, WriteTempFile("token", "lc_token\n"));
  const auto web = StartWebServer(server->get(), options);
  ASSERT_TRUE(web.ok()) << web.status();
  // There is a form, and it asks a server that knows no such token.
  const HttpReply reply =
      Ask((*web)->port(),
          {.path = "/report",
           .headers = {"Content-Type: multipart/form-data; boundary=b"},
           .body = "--b\r\nContent-Disposition: form-data; "
                   "name=\"statement\"\r\n\r\nx\r\n--b--\r\n"});
  EXPECT_THAT(reply.body, HasSubstr("error"));
  EXPECT_NE(reply.status, 404);
}

}  // namespace
}  // namespace lenscap
