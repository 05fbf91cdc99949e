#include "services/webhooks/webhook_message.h"

#include <set>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace lenscap {
namespace {

TEST(WebhookMessageTest, IsAnEnvelopeAroundTheOutcome) {
  v1::Outcome outcome;
  outcome.set_id("out_case-a_v1_1");
  outcome.set_type(v1::Outcome::TYPE_DECIDED);
  outcome.mutable_time()->set_seconds(1'750'000'000);
  outcome.mutable_time()->set_nanos(25'000);
  outcome.set_case_id("case-a");
  outcome.set_outcome(v1::Decision::OUTCOME_REMOVE);
  outcome.add_uploads()->set_content_id("a \"quoted\"\n</script>");
  outcome.set_cursor("17");
  const auto body = WebhookBody(outcome);
  ASSERT_TRUE(body.ok()) << body.status();
  EXPECT_EQ(body->find('\n'), std::string::npos);
  const auto parsed = nlohmann::json::parse(*body);
  EXPECT_EQ(parsed["type"], "upload.decided");
  EXPECT_EQ(parsed["timestamp"], "2025-06-15T15:06:40.000025Z");
  EXPECT_EQ(parsed["data"]["id"], "out_case-a_v1_1");
  EXPECT_EQ(parsed["data"]["caseId"], "case-a");
  EXPECT_EQ(parsed["data"]["outcome"], "OUTCOME_REMOVE");
  EXPECT_EQ(parsed["data"]["uploads"][0]["contentId"],
            "a \"quoted\"\n</script>");
  EXPECT_FALSE(parsed["data"].contains("cursor"));
}

TEST(WebhookMessageTest, EachTypeHasANameOfItsOwn) {
  std::set<absl::string_view> names;
  for (int type = 1; type < v1::Outcome::Type_ARRAYSIZE; ++type) {
    const auto name = WebhookType(static_cast<v1::Outcome::Type>(type));
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz._"),
              absl::string_view::npos);
  }
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(WebhookMessageTest, WhatHasNoJsonIsAnError) {
  v1::Outcome outcome;
  outcome.mutable_time()->set_seconds(int64_t{1} << 60);
  EXPECT_EQ(WebhookBody(outcome).status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace lenscap
