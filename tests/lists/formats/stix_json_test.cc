#include <map>
#include <string>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lists/formats/format.h"
#include "lists/formats/uuid5.h"
#include "nlohmann/json.hpp"
#include "tests/lists/formats/conversion.h"

namespace lenscap {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

json Bundle(const std::vector<EntryChange>& entries, LossReport* losses) {
  return json::parse(WriteAll(ListFormat::kStixJson, entries, losses));
}

// The first object of a type.
json Find(const json& bundle, const std::string& type) {
  for (const json& object : bundle["objects"]) {
    if (object["type"] == type) return object;
  }
  ADD_FAILURE() << "no " << type;
  return {};
}

Clip Sample() {
  Clip clip;
  clip.list_id = "list";
  clip.entry_id = "clip-1";
  clip.severity = Severity::kConfirmed;
  clip.duration = absl::Seconds(2);
  clip.frames = {{Hash256{}, 90, absl::ZeroDuration(), absl::Seconds(2)}};
  clip.md5.emplace().fill(0xaa);
  clip.sha1.emplace().fill(0xbb);
  clip.sha256.emplace().fill(0xcc);
  clip.terms = {.category = "voyeurism",
                .expires = absl::FromUnixSeconds(1'800'000'000),
                .max_distance = 20,
                .advice = Advice::kReview,
                .assessors = {"A", "B"}};
  return clip;
}

TEST(Uuid5Test, KnownAnswers) {
  // RFC 9562, A.4: the name "www.example.com" among those of the DNS.
  Uuid dns = kUrlUuids;
  dns[3] = 0x10;
  EXPECT_EQ(FormatUuid(Uuid5(dns, "www.example.com")),
            "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(StixJsonTest, AnEntryIsAFileAnIndicatorAndWhatJoinsThem) {
  LossReport losses;
  const json bundle = Bundle({Added(Sample())}, &losses);
  EXPECT_THAT(Lines(losses), IsEmpty());
  EXPECT_EQ(bundle["type"], "bundle");
  EXPECT_EQ(bundle["objects"].size(), 5);
  EXPECT_EQ(Find(bundle, "identity")["name"], "The issuer");
  const json file = Find(bundle, "file");
  EXPECT_EQ(file["hashes"], (json{{"MD5", std::string(32, 'a')},
                                  {"SHA-1", std::string(40, 'b')},
                                  {"SHA-256", std::string(64, 'c')}}));
  const std::string extension = Find(bundle, "extension-definition")["id"];
  const json& terms = file["extensions"][extension];
  EXPECT_EQ(terms["entry_id"], "clip-1");
  EXPECT_EQ(terms["severity"], "confirmed");
  EXPECT_EQ(terms["recommended_action"], "review");
  EXPECT_EQ(terms["max_distance"], 20);
  EXPECT_EQ(terms["assessors"], (json{"A", "B"}));
  EXPECT_EQ(terms["pdq_frames"], json::array({{{"hash", std::string(64, '0')},
                                               {"quality", 90},
                                               {"time_ns", 0},
                                               {"until_ns", 2'000'000'000}}}));
  const json indicator = Find(bundle, "indicator");
  EXPECT_EQ(indicator["pattern"],
            "[file:hashes.'MD5' = '" + std::string(32, 'a') +
                "' OR file:hashes.'SHA-1' = '" + std::string(40, 'b') +
                "' OR file:hashes.'SHA-256' = '" + std::string(64, 'c') + "']");
  EXPECT_EQ(indicator["valid_from"], "2025-06-15T15:06:40.000Z");
  EXPECT_EQ(indicator["valid_until"], "2027-01-15T08:00:00.000Z");
  EXPECT_EQ(indicator["labels"], json{"voyeurism"});
  const json relationship = Find(bundle, "relationship");
  EXPECT_EQ(relationship["source_ref"], indicator["id"]);
  EXPECT_EQ(relationship["target_ref"], file["id"]);
}

TEST(StixJsonTest, EveryObjectHasWhatTheSpecificationRequires) {
  LossReport losses;
  Random random(1);
  std::vector<EntryChange> entries;
  for (int i = 0; i < 50; ++i) {
    entries.push_back(Added(RandomEntry("e" + std::to_string(i), random)));
  }
  std::map<std::string, int> ids;
  const json bundle = Bundle(entries, &losses);
  for (const json& object : bundle["objects"]) {
    const std::string type = object["type"];
    const std::string id = object["id"];
    EXPECT_EQ(object["spec_version"], "2.1");
    EXPECT_THAT(id, testing::MatchesRegex(
                        "[a-z-]+--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-"
                        "[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    EXPECT_TRUE(absl::StartsWith(id, type + "--"));
    EXPECT_EQ(++ids[id], 1);
    EXPECT_EQ(object.contains("created"), type != "file");
    if (type == "indicator") {
      EXPECT_TRUE(object.contains("pattern") &&
                  object.contains("pattern_type") &&
                  object.contains("valid_from"));
    }
  }
}

TEST(StixJsonTest, TheSameListHasTheSameIds) {
  LossReport losses;
  EXPECT_EQ(Bundle({Added(Sample())}, &losses),
            Bundle({Added(Sample())}, &losses));
}

TEST(StixJsonTest, AFileIsNamedByTheFirstOfItsDigests) {
  Clip clip = Sample();
  LossReport losses;
  const json before = Find(Bundle({Added(clip)}, &losses), "file");
  clip.sha256.reset();
  const json after = Find(Bundle({Added(clip)}, &losses), "file");
  EXPECT_EQ(before["id"], after["id"]);
  clip.md5.reset();
  EXPECT_NE(Find(Bundle({Added(clip)}, &losses), "file")["id"], after["id"]);
}

TEST(StixJsonTest, AWithdrawnEntryIsARevokedIndicator) {
  EntryChange withdrawal;
  withdrawal.op = EntryChange::Op::kWithdraw;
  withdrawal.clip.list_id = "list";
  withdrawal.clip.entry_id = "clip-1";
  withdrawal.reason = "a mistake";
  LossReport losses;
  const json added = Find(Bundle({Added(Sample())}, &losses), "indicator");
  const json revoked = Find(Bundle({withdrawal}, &losses), "indicator");
  EXPECT_EQ(revoked["id"], added["id"]);
  EXPECT_EQ(revoked["revoked"], true);
  EXPECT_EQ(revoked["description"], "a mistake");
  EXPECT_THAT(Lines(losses), IsEmpty());
}

TEST(StixJsonTest, AnExpiryThatIsPastIsInTheExtensionAlone) {
  Clip clip = Sample();
  clip.terms.expires = absl::FromUnixSeconds(1'700'000'000);
  LossReport losses;
  const json bundle = Bundle({Added(clip)}, &losses);
  EXPECT_FALSE(Find(bundle, "indicator").contains("valid_until"));
  const std::string extension = Find(bundle, "extension-definition")["id"];
  EXPECT_EQ(Find(bundle, "file")["extensions"][extension]["expires"],
            "2023-11-14T22:13:20.000Z");
}

TEST(StixJsonTest, WhatAnInstallationAloneKnowsIsReported) {
  Clip clip = Sample();
  clip.detail.keypoints.emplace_back();
  LossReport losses;
  Bundle({Added(clip)}, &losses);
  EXPECT_THAT(Lines(losses), ElementsAre("detail: stix-json has none (1)"));
}

}  // namespace
}  // namespace lenscap
