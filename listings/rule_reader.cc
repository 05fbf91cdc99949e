#include "listings/rule_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "listings/detection_reader.h"
#include "listings/example_reader.h"
#include "listings/quoted_text.h"
#include "listings/rule_fields.h"
#include "listings/rule_words.h"

namespace lenscap {
namespace {

constexpr size_t kMaxTitleBytes = 256;
constexpr size_t kMaxDescriptionBytes = 4096;
constexpr size_t kMaxNotes = 32;
constexpr size_t kMaxNoteBytes = 1024;
constexpr size_t kMaxTagBytes = 64;
constexpr double kMaxScore = 1000;

void ReadTags(RuleFields& fields, Rule& rule) {
  rule.tags = fields.Texts("tags", kMaxNotes, kMaxTagBytes);
  for (const std::string& tag : rule.tags) {
    const bool known = std::all_of(tag.begin(), tag.end(), [](char c) {
      return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' ||
             c == '_' || c == '.';
    });
    if (known) continue;
    fields.Fault(fields.Find("tags")->line, "tags",
                 absl::StrCat("has ", Quoted(tag),
                              "; a tag is of a-z, 0-9, '-', '_' and '.'"));
  }
}

void ReadLocale(RuleFields& fields, Rule& rule) {
  rule.locale = fields.Text("locale", kMaxTagBytes);
  if (rule.locale.empty()) return;
  if (rule.locale.size() >= 2 && rule.locale.size() <= 3 &&
      std::all_of(rule.locale.begin(), rule.locale.end(),
                  absl::ascii_islower)) {
    return;
  }
  fields.Fault(fields.Find("locale")->line, "locale",
               absl::StrCat("is ", Quoted(rule.locale),
                            "; it must be a language, such as \"zh\""));
}

void ReadKinds(RuleFields& fields, Rule& rule) {
  for (const std::string& name :
       fields.Texts("kinds", kListingKinds.size(), kMaxTagBytes)) {
    const size_t i = IndexOfWord(kListingKinds, name);
    if (i < kListingKinds.size()) {
      rule.kinds.insert(static_cast<ListingKind>(i + 1));
      continue;
    }
    fields.Fault(fields.Find("kinds")->line, "kinds",
                 absl::StrCat("has ", Quoted(name),
                              "; known are listing, post, chat-message and "
                              "profile"));
  }
}

void ReadScore(RuleFields& fields, Rule& rule) {
  const auto score = fields.Number("score", -kMaxScore, kMaxScore);
  if (!score) {
    if (rule.group == kExclusionGroup) fields.Require("score");
    return;
  }
  rule.score = *score;
  const int line = fields.Find("score")->line;
  if (rule.group == kExclusionGroup && rule.score >= 0) {
    fields.Fault(line, "score", "of an exclusion must be below 0");
  } else if (rule.group != kExclusionGroup && rule.score < 0) {
    fields.Fault(line, "score", "may be below 0 in an exclusion alone");
  }
}

void ReadValidUntil(RuleFields& fields, Rule& rule) {
  const std::string text = fields.Text("valid_until", kMaxTagBytes);
  if (text.empty()) return;
  absl::CivilDay day;
  // ParseCivilTime alone also takes "2029-1-3".
  if (absl::ParseCivilTime(text, &day) && absl::FormatCivilTime(day) == text &&
      day.year() >= 1970 && day.year() <= 9999) {
    rule.valid_until = absl::FromCivil(day + 1, absl::UTCTimeZone());
    return;
  }
  fields.Fault(fields.Find("valid_until")->line, "valid_until",
               absl::StrCat("is ", Quoted(text),
                            "; it must be a day, such as 2029-12-31"));
}

void ReadRuleDetection(RuleFields& fields, PackFaults& faults, Rule& rule) {
  const YamlNode* detection = fields.Require("detection");
  if (detection == nullptr) return;
  rule.detection =
      ReadDetection(*detection, PathOf(fields.where(), "detection"), faults);
}

void CheckExampleCounts(RuleFields& fields, int line, const Rule& rule) {
  if (rule.status != RuleStatus::kStable) return;
  for (const auto& [name, examples] : {std::pair("positive", &rule.positive),
                                       std::pair("negative", &rule.negative)}) {
    if (!examples->empty()) continue;
    fields.Fault(line, "examples",
                 absl::StrCat("a stable rule needs a ", name, " one"));
  }
}

}  // namespace

Rule ReadRule(const YamlNode& document, PackFaults& faults) {
  Rule rule;
  rule.line = document.line;
  if (document.kind != YamlNode::Kind::kMap) {
    faults.Add(document.line, "rule", "must be a map of fields");
    return rule;
  }
  RuleFields fields(document, "rule", faults);
  // The first field's line says more than that of the mark before it.
  rule.line = document.keys.empty() ? document.line : document.keys[0].line;
  rule.id = fields.RequiredName("id");
  if (!rule.id.empty())
    fields.set_where(absl::StrCat("rule ", Quoted(rule.id)));
  rule.title = fields.RequiredText("title", kMaxTitleBytes);
  const std::string status = fields.OneOf("status", kRuleStatuses);
  if (!status.empty()) {
    rule.status = static_cast<RuleStatus>(IndexOfWord(kRuleStatuses, status));
  }
  rule.description = fields.Text("description", kMaxDescriptionBytes);
  rule.references = fields.Texts("references", kMaxNotes, kMaxNoteBytes);
  if (fields.Require("level") != nullptr) {
    rule.level = fields.OneOf("level", kRuleLevels);
  }
  if (fields.Require("group") != nullptr) {
    rule.group = fields.OneOf("group", kRuleGroups);
  }
  ReadTags(fields, rule);
  rule.false_positives =
      fields.Texts("falsepositives", kMaxNotes, kMaxNoteBytes);
  ReadLocale(fields, rule);
  ReadKinds(fields, rule);
  ReadScore(fields, rule);
  const std::string action = fields.OneOf("action", kRuleActions);
  if (!action.empty()) {
    rule.action =
        static_cast<RuleAction>(IndexOfWord(kRuleActions, action) + 1);
  }
  ReadValidUntil(fields, rule);
  ReadRuleDetection(fields, faults, rule);
  if (const YamlNode* examples = fields.Find("examples")) {
    ReadExamples(*examples, PathOf(fields.where(), "examples"), faults, rule);
  }
  CheckExampleCounts(fields, rule.line, rule);
  fields.RefuseOthers();
  return rule;
}

}  // namespace lenscap
