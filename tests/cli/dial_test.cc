#include "services/cli/dial.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"

namespace lenscap::cli {
namespace {

using testing::HasSubstr;

TEST(DialTest, ATokenGoesInPlainTextToThisMachineAlone) {
  Endpoint endpoint;
  endpoint.token = "lc_secret";
  for (const char* server :
       {"127.0.0.1:7300", "localhost:7300", "[::1]:7300", "unix:/run/socket"}) {
    endpoint.server = server;
    EXPECT_TRUE(Dial(endpoint).ok()) << server;
  }
  for (const char* server :
       {"example.org:7300", "192.0.2.1:7300", "0.0.0.0:7300",
        "127.0.0.1.example:7300", "localhost.example:7300"}) {
    endpoint.server = server;
    const absl::Status refused = Dial(endpoint).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << server;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("--tls-ca"));
    EXPECT_THAT(std::string(refused.message()),
                testing::Not(HasSubstr("lc_secret")));
  }
}

TEST(DialTest, FilesThatCannotBeUsedAreNamed) {
  Endpoint endpoint;
  endpoint.server = "127.0.0.1:7300";
  const std::string empty = WriteTempFile("token", " \n");
  endpoint.token_file = empty;
  EXPECT_THAT(std::string(Dial(endpoint).status().message()), HasSubstr(empty));
  endpoint.token_file = WriteTempFile("token", "lc_good\n");
  EXPECT_TRUE(Dial(endpoint).ok());
  endpoint.token_file = WriteTempFile("token", "two words");
  EXPECT_TRUE(absl::IsInvalidArgument(Dial(endpoint).status()));
  endpoint.token_file = "/none";
  EXPECT_THAT(std::string(Dial(endpoint).status().message()),
              HasSubstr("/none"));
  endpoint.token_file = "";
  endpoint.tls_ca = "/none.crt";
  EXPECT_THAT(std::string(Dial(endpoint).status().message()),
              HasSubstr("/none.crt"));
}

}  // namespace
}  // namespace lenscap::cli
