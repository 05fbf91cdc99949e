// The jobs of a regulator, a platform, a reviewer, an administrator and an
// auditor, by the programs themselves, with TLS and with signed lists.

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "tests/cli/lenscap_process.h"
#include "tests/services/footage.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class EveryRoleTest : public testing::Test {
 protected:
  void SetUp() override {
    Do({"admin", "certificates", Path("certs"), "--issuer", "Hotline"});
    server_ = std::make_unique<Process>(
        LenscapdPath(),
        std::vector<std::string>{
            "--data_directory=" + Path("data"), "--listen=127.0.0.1:0",
            "--models=", "--tls_certificate=" + Path("certs/server.crt"),
            "--tls_key=" + Path("certs/server.key"),
            "--client_ca=" + Path("certs/ca.crt")});
    const std::string line = server_->ReadLine();
    address_ = line.substr(line.rfind(' ') + 1);
  }

  std::string Path(const std::string& name) { return directory_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& bytes) {
    std::ofstream(Path(name), std::ios::binary) << bytes;
    return Path(name);
  }
  // Without a server.
  std::string Do(const std::vector<std::string>& arguments) {
    const Outcome outcome = Lenscap(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
  // By the development certificate of a role.
  Outcome Run(const std::string& role, std::vector<std::string> arguments) {
    for (const std::string& more :
         {"--server=" + address_, "--tls-ca=" + Path("certs/ca.crt"),
          "--tls-cert=" + Path("certs/" + role + ".crt"),
          "--tls-key=" + Path("certs/" + role + ".key")}) {
      arguments.push_back(more);
    }
    return Lenscap(arguments);
  }
  std::string As(const std::string& role,
                 const std::vector<std::string>& arguments, int exit_code = 0) {
    const Outcome outcome = Run(role, arguments);
    EXPECT_EQ(outcome.exit_code, exit_code)
        << role << " " << arguments[0] << ": " << outcome.err;
    return outcome.out;
  }
  std::string Refusal(const std::string& role,
                      const std::vector<std::string>& arguments) {
    const Outcome outcome = Run(role, arguments);
    EXPECT_EQ(outcome.exit_code, 4) << outcome.out;
    return outcome.err;
  }

  // The keys of the issuer, and a list's first version with the known clip.
  void MakeList() {
    for (const char* key : {"ada", "ben"}) Do({"list", "keygen", Path(key)});
    Do({"list", "keys", "new", Path("ada.pub"), Path("ben.pub"), "-o",
        Path("keys"), "--issuer", "Hotline", "--threshold", "2", "--expires",
        "2100-01-01"});
    Sign("keys");
    const std::string clip = Write("known.mp4", KnownClip());
    Write("known.vpdq", Do({"fingerprint", clip}));
    Do({"list", "convert", Path("known.vpdq"), "--to", "lenscap", "--severity",
        "confirmed", "-o", Path("entries")});
    Do({"list", "make", Path("entries"), "-o", Path("v1"), "--list", "hotline",
        "--issuer", "Hotline", "--expires", "2100-01-01", "--zstd"});
    Sign("v1");
  }
  void Sign(const std::string& file) {
    for (const char* key : {"ada", "ben"}) {
      Do({"list", "sign", Path(file), "--key", Path(key)});
    }
  }

  const std::string directory_ = MakeTempDirectory();
  std::unique_ptr<Process> server_;
  std::string address_;
};

TEST_F(EveryRoleTest, DoesItsJobAndNoOther) {
  MakeList();
  const std::string upload = Write("upload.avi", DisguisedExcerpt());

  // Nobody's word counts before an administrator has vouched for the keys.
  EXPECT_THAT(Refusal("regulator", {"list", "publish", Path("v1")}),
              HasSubstr("no keys of \"Hotline\" are trusted here"));
  As("admin", {"admin", "issuer", "install", Path("keys"), "--reason", "met"});
  EXPECT_THAT(As("regulator", {"list", "publish", Path("v1")}),
              HasSubstr("signed version 1: 1 added"));
  EXPECT_THAT(Refusal("regulator", {"queue", "stats"}),
              HasSubstr("its role is regulator"));

  EXPECT_THAT(As("platform", {"scan", upload}, 1),
              AllOf(HasSubstr("BLOCK"), HasSubstr("hotline/known")));
  EXPECT_THAT(Refusal("platform", {"list", "show"}),
              HasSubstr("its role is platform"));

  v1::LeasedCase leased;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                  As("reviewer", {"queue", "lease", "--json"}), &leased)
                  .ok());
  EXPECT_THAT(
      As("reviewer", {"queue", "settle", leased.lease_token(), "--remove",
                      "--note", "seen before", "--feedback", "a clear case"}),
      HasSubstr("decided remove by development"));

  EXPECT_THAT(As("regulator", {"list", "feedback", "hotline"}),
              AllOf(HasSubstr("upheld"), HasSubstr("a clear case"),
                    Not(HasSubstr("seen before"))));
  EXPECT_THAT(As("regulator", {"report", "campaign", "--csv"}),
              AllOf(HasSubstr("items_removed,\"\",\"\",1"),
                    HasSubstr("precision,\"hotline\",\"Hotline\",1")));
  EXPECT_THAT(As("auditor", {"report", "statements"}),
              HasSubstr("\"automated_detection\":\"Yes\""));

  // The issuer takes the clip back: the removal has to be decided again.
  Write("withdrawal",
        R"({"op":"withdraw","id":"known","reason":"a film scene"})"
        "\n");
  Do({"list", "make", Path("withdrawal"), "-o", Path("v2"), "--delta",
      "--previous", Path("v1"), "--expires", "2100-01-01"});
  Sign("v2");
  EXPECT_THAT(As("regulator", {"list", "publish", Path("v2")}),
              HasSubstr("signed version 2: 0 added, 0 updated, 1 withdrawn"));
  EXPECT_THAT(As("platform", {"scan", upload}), HasSubstr("ALLOW"));
  while (true) {  // Looked at each second.
    const std::string waiting = As("reviewer", {"queue", "stats"});
    if (waiting.find("\n1 ") != std::string::npos) break;
  }
  As("regulator",
     {"list", "rollback", "hotline", "--to", "1", "--reason", "it was none"});
  EXPECT_THAT(As("platform", {"scan", upload}, 1), HasSubstr("BLOCK"));

  // And all of it is on record.
  const std::string log = As("auditor", {"audit", "show"});
  for (const char* done :
       {"admin:development  issuer.install  issuer/Hotline: met",
        "regulator:development  list.apply  list/hotline",
        "reviewer:development  case.decide", "system  case.reopen",
        "regulator:development  list.roll_back  list/hotline: it was none"}) {
    EXPECT_THAT(log, HasSubstr(done));
  }
  Write("checkpoint", As("auditor", {"audit", "checkpoint"}));
  EXPECT_EQ(server_->Stop(), 0);
  EXPECT_THAT(Do({"audit", "verify", Path("data/audit"), "--checkpoint",
                  Path("checkpoint")}),
              HasSubstr("whole"));
}

}  // namespace
}  // namespace lenscap::cli
