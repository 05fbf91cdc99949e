#include "listings/rule_pack.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "listings/detection.h"
#include "listings/pack_faults.h"
#include "listings/quoted_text.h"
#include "listings/rule_fields.h"
#include "listings/rule_reader.h"
#include "listings/rule_words.h"
#include "listings/yaml_tree.h"

namespace lenscap {
namespace {

constexpr size_t kMaxRules = 2000;
constexpr size_t kMaxKeys = 20'000;
constexpr size_t kMaxExpressions = 500;
constexpr size_t kMaxNameBytes = 256;
constexpr double kMaxVersion = 1e15;
constexpr double kMaxCap = 1000;

void ReadCaps(const YamlNode& node, PackFaults& faults, RulePack& pack) {
  if (node.kind != YamlNode::Kind::kMap) {
    faults.Add(node.line, "caps", "must be a map of groups and numbers");
    return;
  }
  RuleFields fields(node, "caps", faults);
  for (const absl::string_view group : kRuleGroups) {
    const auto cap = fields.Number(group, 0, kMaxCap);
    if (cap) pack.caps.emplace(group, *cap);
  }
  fields.RefuseOthers();
}

void ReadHeader(const YamlNode& document, PackFaults& faults, RulePack& pack) {
  if (document.kind != YamlNode::Kind::kMap) {
    faults.Add(document.line, "pack", "must begin with its header, a map");
    return;
  }
  RuleFields fields(document, "", faults);
  pack.id = fields.RequiredName("pack");
  if (const YamlNode* node = fields.Require("version")) {
    const auto version = fields.Number("version", 1, kMaxVersion);
    if (version && std::floor(*version) == *version) {
      pack.version = static_cast<int64_t>(*version);
    } else if (version) {
      fields.Fault(node->line, "version", "must be a whole number");
    }
  }
  pack.issuer = fields.RequiredText("issuer", kMaxNameBytes);
  pack.title = fields.RequiredText("title", kMaxNameBytes);
  if (const YamlNode* caps = fields.Find("caps")) {
    ReadCaps(*caps, faults, pack);
  }
  fields.RefuseOthers();
}

size_t CountExpressions(const Detection& detection) {
  size_t count = 0;
  for (const DetectionSelection& selection : detection.selections()) {
    for (const DetectionEntry& entry : selection.entries) {
      if (entry.expressions) count += entry.keys.size();
    }
  }
  return count;
}

}  // namespace

absl::StatusOr<RulePack> ParseRulePack(absl::string_view yaml) {
  ASSIGN_OR_RETURN(const std::vector<YamlNode> documents,
                   ParseYaml(yaml, {.bytes = kMaxRulePackBytes,
                                    .documents = kMaxRules + 1}));
  PackFaults faults;
  RulePack pack;
  if (documents.empty()) {
    faults.Add(1, "pack", "has no header");
    return faults.ToStatus();
  }
  ReadHeader(documents[0], faults, pack);
  absl::flat_hash_map<std::string, int> lines;
  size_t keys = 0, expressions = 0;
  for (size_t i = 1; i < documents.size() && !faults.full(); ++i) {
    Rule rule = ReadRule(documents[i], faults);
    const auto [known, is_new] = lines.emplace(rule.id, rule.line);
    if (!is_new && !rule.id.empty()) {
      faults.Add(
          rule.line, absl::StrCat("rule ", Quoted(rule.id)),
          absl::StrCat("has the id of the rule in line ", known->second));
    }
    if (rule.detection != nullptr) {
      keys += rule.detection->keys();
      expressions += CountExpressions(*rule.detection);
    }
    if (keys > kMaxKeys || expressions > kMaxExpressions) {
      faults.Add(rule.line, absl::StrCat("rule ", Quoted(rule.id)),
                 absl::StrCat("is one too many: a pack may have ", kMaxKeys,
                              " keys and ", kMaxExpressions, " expressions"));
      break;
    }
    pack.rules.push_back(std::move(rule));
  }
  RETURN_IF_ERROR(faults.ToStatus());
  return pack;
}

}  // namespace lenscap
