// `lenscap rules explain`, by a pack of the test's own and by those built in.

#include "services/cli/explain_command.h"

#include <clocale>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/media_files.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr char kPack[] = R"(pack: own
version: 3
issuer: Example shop
title: Our own rules
caps: {object: 25}
---
title: Pinhole camera
id: pinhole
status: stable
level: high
group: object
score: 30
detection:
  camera: [针孔摄像头]
  condition: camera
examples:
  positive: [针孔摄像头]
  negative: [摄像头]
---
title: Charger
id: charger
status: stable
level: high
group: concealment
score: 30
detection:
  charger:
    attributes.looks like: [charger]
  condition: charger
examples:
  positive: [{title: x, attributes: {looks like: charger}}]
  negative: [charger]
)";

class ExplainCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(std::setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
    options_.packs = {WriteTempFile("own.yaml", kPack)};
  }

  struct Ran {
    int code = 0;
    std::string out;
    std::string err;
  };
  Ran Explain() const {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Ran ran;
    ran.code = static_cast<int>(cli::Run(options_));
    ran.out = testing::internal::GetCapturedStdout();
    ran.err = testing::internal::GetCapturedStderr();
    return ran;
  }

  ExplainTextOptions options_;
};

TEST_F(ExplainCommandTest, ShowsTheViewsTheHitsTheSumAndTheVerdict) {
  options_.text = "针 孔 攝像頭 1080P";
  ASSERT_TRUE(
      SetTextField("attributes.looks like=USB charger", options_.listing).ok());
  const Ran ran = Explain();
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_THAT(
      ran.out,
      AllOf(HasSubstr("title: 针 孔 攝像頭 1080P\n  words  "),
            HasSubstr("\n  tight  针孔摄像头1080p\n"
                      "  sound  zhenkongshexiangtou1080p\n"),
            HasSubstr("attributes.looks like: USB charger\n"),
            HasSubstr("pinhole of own: Pinhole camera\n  object, +30, high\n"
                      "  title, bytes [0, 17), for \"针孔摄像头\"\n"
                      "    针 孔 攝像頭 1080P\n"
                      "    ^^^^^^^^^^^^\n"),
            HasSubstr("  attributes.looks like, bytes [4, 11), for "
                      "\"charger\"\n"
                      "    USB charger\n"
                      "        ^^^^^^^\n"),
            HasSubstr("score 55\n"),
            HasSubstr("  object       25  its cap; it would be more\n"),
            HasSubstr("REVIEW by policy default-")));
}

TEST_F(ExplainCommandTest, AnInnocentTextIsAllowed) {
  options_.text = "摄像头";
  const Ran ran = Explain();
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("no rule fits"), HasSubstr("score 0\n"),
                             HasSubstr("ALLOW by policy")));
}

TEST_F(ExplainCommandTest, JsonHasTheReportAndTheViews) {
  options_.text = "针孔摄像头";
  options_.json = true;
  const auto json =
      nlohmann::json::parse(Explain().out, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["report"]["rule_hits"][0]["rule_id"], "pinhole");
  EXPECT_EQ(json["report"]["score"], 25);
  EXPECT_EQ(json["report"]["verdict"]["action"], "ACTION_ALLOW");
  EXPECT_EQ(json["views"][0]["field"], "title");
  EXPECT_EQ(json["views"][0]["sound"], "zhenkongshexiangtou");
}

TEST_F(ExplainCommandTest, WithoutAPackThoseBuiltInAreTaken) {
  options_.packs.clear();
  options_.text = "针孔摄像头 充电器 无光夜视";
  const Ran ran = Explain();
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr(" of starter-zh: "),
                             HasSubstr("REVIEW by policy")));
}

TEST_F(ExplainCommandTest, WhatCannotBeReadSaysWhy) {
  options_.text = "\xff";
  Ran ran = Explain();
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("title: it is no UTF-8"));
  options_.text = std::string(5000, 'x');
  EXPECT_THAT(Explain().err, HasSubstr("title"));
  options_.text = "x";
  options_.packs = {WriteTempFile("bad.yaml", "pack: 1\nversion: x\n")};
  ran = Explain();
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("bad.yaml: line "));
}

}  // namespace
}  // namespace lenscap::cli
