// `lenscap rules` on files, and against a server that does as the test says.

#include "services/cli/rules_command.h"

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/ed25519.h"
#include "base/small_file.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "lists/list_signature.h"
#include "lists/signed_payload.h"
#include "proto/lenscap/v1/listing.grpc.pb.h"
#include "services/cli/rules_file_command.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kPack[] = R"(pack: own
version: 3
issuer: Example shop
title: Our own rules
---
title: Pen camera
id: pen-camera
status: stable
description: A pen that films.
references: [https://example.com/pens]
level: high
falsepositives: [Pens that do not film]
group: concealment
score: 30
detection:
  pen: [pen camera, camera pen]
  condition: pen
examples:
  positive: [Pen-camera 1080P]
  negative: [Open camera app]
)";

std::string Changed(const std::string& from, const std::string& to) {
  return absl::StrReplaceAll(kPack, {{from, to}});
}

// The rules of a server, in one pack.
class ScriptedRules final : public v1::ListingService::Service {
 public:
  v1::RulePack pack;
  v1::PublishRulePackRequest published;
  v1::SetRuleModeRequest mode;
  grpc::Status status;

 private:
  grpc::Status PublishRulePack(grpc::ServerContext*,
                               const v1::PublishRulePackRequest* request,
                               v1::RulePack* reply) override {
    published = *request;
    *reply = pack;
    return status;
  }
  grpc::Status ListRulePacks(grpc::ServerContext*,
                             const v1::ListRulePacksRequest*,
                             v1::ListRulePacksReply* reply) override {
    *reply->add_packs() = pack;
    return status;
  }
  grpc::Status SetRuleMode(grpc::ServerContext*,
                           const v1::SetRuleModeRequest* request,
                           v1::RulePack* reply) override {
    mode = *request;
    *reply = pack;
    return status;
  }
};

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

template <typename Options>
Ran Do(const Options& options) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Ran ran;
  ran.code = static_cast<int>(cli::Run(options));
  ran.out = testing::internal::GetCapturedStdout();
  ran.err = testing::internal::GetCapturedStderr();
  return ran;
}

TEST(RulesFileTest, ExamplesThatComeOutAsTheySayAreCounted) {
  const std::string file = WriteTempFile("own.yaml", kPack);
  const Ran ran = Do(TestRulesOptions{{file}});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            absl::StrCat(file, ": 1 rules, 2 examples: all as they say\n"));
}

TEST(RulesFileTest, AFailingExampleIsNamedByFileAndLine) {
  const std::string file = WriteTempFile(
      "own.yaml", Changed("[Open camera app]", "[Pen camera, Pen camera 2]"));
  const Ran ran = Do(TestRulesOptions{{file}});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(
      ran.err,
      AllOf(HasSubstr(absl::StrCat("lenscap: ", file,
                                   ": line 20: rule \"pen-camera\": negative "
                                   "example is hit: \"Pen camera\"\n")),
            HasSubstr("\"Pen camera 2\"\n")));
}

TEST(RulesFileTest, AFileThatIsNoPackIsUnreadableAndTheOthersAreTested) {
  const std::string bad =
      WriteTempFile("bad.yaml", Changed("level: high", "level: awful"));
  const std::string good = WriteTempFile("good.yaml", kPack);
  const Ran ran = Do(TestRulesOptions{{bad, good}});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, AllOf(HasSubstr(bad), HasSubstr("level")));
  EXPECT_THAT(ran.out, HasSubstr("good.yaml: 1 rules"));
  EXPECT_EQ(Do(TestRulesOptions{{good + ".none"}}).code, 3);
}

TEST(RulesFileTest, PacksThatCannotBeUsedTogetherAreRefused) {
  const Ran ran = Do(TestRulesOptions{
      {WriteTempFile("a.yaml", kPack), WriteTempFile("b.yaml", kPack)}});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("own"));
}

TEST(RulesFileTest, LintAsksAboutWhatIsOddThoughItWorks) {
  const std::string good = WriteTempFile("own.yaml", kPack);
  Ran ran = Do(LintRulesOptions{{good}});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  ran = Do(LintRulesOptions{{WriteTempFile(
      "own.yaml", Changed("description: A pen that films.\n", ""))}});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("own.yaml: 1 rules"),
                             HasSubstr("own.yaml: line "),
                             HasSubstr("has no description")));
}

TEST(RulesFileTest, LintFindsInnocentTextsThatThePackSendsToReview) {
  const std::string more = R"(---
title: Film camera
id: film-camera
status: stable
description: Cameras of any kind.
references: [https://example.com/cameras]
level: critical
falsepositives: [Most cameras]
group: object
score: 60
detection:
  camera: [camera app]
  condition: camera
examples:
  positive: [A camera app]
  negative: [A camera]
)";
  const Ran ran = Do(
      LintRulesOptions{{WriteTempFile("own.yaml", absl::StrCat(kPack, more))}});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("line 20: rule \"pen-camera\": its negative "
                              "example has a score of 60 by the whole pack, "
                              "and from 50 on a person looks"),
                    Not(HasSubstr("rule \"film-camera\": its negative"))));
}

TEST(RulesFileTest, APackIsSignedByEachKeyOnceAndOnlyIfItWorks) {
  const std::string file = WriteTempFile("own.yaml", kPack);
  const std::string keys = MakeTempDirectory();
  const auto ada = Ed25519PrivateKey::Generate();
  ASSERT_TRUE(WritePrivateKey(keys + "/ada", ada).ok());
  ASSERT_TRUE(
      WritePrivateKey(keys + "/ben", Ed25519PrivateKey::Generate()).ok());
  EXPECT_THAT(Do(SignRulesOptions{file, keys + "/ada"}).out,
              HasSubstr("own.yaml.jws: 1 signatures"));
  EXPECT_THAT(Do(SignRulesOptions{file, keys + "/ben"}).out,
              HasSubstr("2 signatures"));
  EXPECT_THAT(Do(SignRulesOptions{file, keys + "/ada"}).out,
              HasSubstr("2 signatures"));
  const auto signatures =
      ParseSignatures(ReadSmallFile(file + ".jws", kMaxSignatureBytes).value());
  ASSERT_TRUE(signatures.ok()) << signatures.status();
  EXPECT_TRUE(
      Holds(signatures->back(), ada.public_key(), SignedPayload::Bytes(kPack))
          .value());

  const std::string wrong =
      WriteTempFile("own.yaml", Changed("[Pen-camera 1080P]", "[A pencil]"));
  const Ran ran = Do(SignRulesOptions{wrong, keys + "/ada"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("positive example is not hit"));
  EXPECT_FALSE(std::filesystem::exists(wrong + ".jws"));
}

class RulesCommandTest : public testing::Test {
 protected:
  RulesCommandTest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&rules_);
    server_ = builder.BuildAndStart();
    endpoint_.server = absl::StrCat("127.0.0.1:", port);
    rules_.pack.set_pack_id("own");
    rules_.pack.set_version(3);
    rules_.pack.set_issuer("Example shop");
    rules_.pack.set_built_in(true);
    v1::Rule& rule = *rules_.pack.add_rules();
    rule.set_rule_id("pen-camera");
    rule.set_title("Pen camera");
    rule.set_group("concealment");
    rule.set_level("high");
    rule.set_score(30);
    rule.set_mode(v1::Rule::MODE_SHADOW);
    rule.set_set_by_hand(true);
    rule.set_hits(12);
  }
  ~RulesCommandTest() override { server_->Shutdown(); }

  ScriptedRules rules_;
  std::unique_ptr<grpc::Server> server_;
  Endpoint endpoint_;
};

TEST_F(RulesCommandTest, APackIsPublishedWithTheSignaturesBesideIt) {
  const std::string file = WriteTempFile("own.yaml", kPack);
  Ran ran = Do(PublishRulesOptions{endpoint_, file, "", false});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("own.yaml.jws"),
                             HasSubstr("'lenscap rules sign' makes it")));
  ASSERT_TRUE(WriteSmallFile(file + ".jws", "signed").ok());
  ran = Do(PublishRulesOptions{endpoint_, file, "", false});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "own@3 by Example shop, built in: 1 rules, 0 active, 1 in "
            "shadow\n");
  EXPECT_EQ(rules_.published.pack(), kPack);
  EXPECT_EQ(rules_.published.signatures(), "signed");
  Do(PublishRulesOptions{endpoint_, file, WriteTempFile("x.jws", "other"),
                         false});
  EXPECT_EQ(rules_.published.signatures(), "other");
  rules_.status = grpc::Status(grpc::StatusCode::FAILED_PRECONDITION,
                               "version: 3 is in force");
  ran = Do(PublishRulesOptions{endpoint_, file, "", false});
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.err, HasSubstr("own.yaml: version: 3 is in force"));
}

TEST_F(RulesCommandTest, TheListShowsEachRuleAndWhatItHasDone) {
  EXPECT_EQ(
      Do(ListRulesOptions{endpoint_, false}).out,
      "own@3 by Example shop, built in: 1 rules, 0 active, 1 in shadow\n"
      "RULE        MODE             GROUP        SCORE  LEVEL  LOCALE  HITS  "
      "UNTIL  TITLE\n"
      "pen-camera  shadow, by hand  concealment  30     high   any     12    "
      "-      Pen camera\n\n");
  EXPECT_THAT(Do(ListRulesOptions{endpoint_, true}).out,
              HasSubstr(R"("rule_id":"pen-camera")"));
}

TEST_F(RulesCommandTest, AModeIsSetForAReason) {
  RuleModeOptions options{endpoint_,    "own",
                          "pen-camera", v1::Rule::MODE_SHADOW,
                          "it is new",  false};
  EXPECT_EQ(Do(options).out, "pen-camera of own is shadow, by hand\n");
  EXPECT_EQ(rules_.mode.pack_id(), "own");
  EXPECT_EQ(rules_.mode.rule_id(), "pen-camera");
  EXPECT_EQ(rules_.mode.mode(), v1::Rule::MODE_SHADOW);
  EXPECT_EQ(rules_.mode.reason(), "it is new");
  options.rule_id = "other";
  EXPECT_THAT(Do(options).err, HasSubstr("does not have rule other"));
}

}  // namespace
}  // namespace lenscap::cli
