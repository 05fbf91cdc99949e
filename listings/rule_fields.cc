#include "listings/rule_fields.h"

#include <algorithm>
#include <cmath>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "listings/quoted_text.h"

namespace lenscap {

std::string PathOf(absl::string_view where, absl::string_view field) {
  return absl::StrCat(where, where.empty() || field.empty() ? "" : ": ", field);
}

std::optional<std::string> ScalarText(const YamlNode& node, size_t max_bytes,
                                      absl::string_view where,
                                      PackFaults& faults) {
  if (node.kind == YamlNode::Kind::kNull) {
    faults.Add(node.line, where, "is empty");
  } else if (node.kind != YamlNode::Kind::kScalar) {
    faults.Add(node.line, where, "must be a text");
  } else if (node.text.empty()) {
    faults.Add(node.line, where, "is empty");
  } else if (node.text.size() > max_bytes) {
    faults.Add(node.line, where,
               absl::StrCat("has ", node.text.size(), " bytes; it may have ",
                            max_bytes));
  } else {
    return node.text;
  }
  return std::nullopt;
}

std::vector<const YamlNode*> ScalarsOf(const YamlNode& node, size_t max_count,
                                       absl::string_view where,
                                       PackFaults& faults) {
  std::vector<const YamlNode*> scalars;
  if (node.kind == YamlNode::Kind::kScalar) {
    scalars.push_back(&node);
  } else if (node.kind != YamlNode::Kind::kSequence || node.items.empty()) {
    faults.Add(node.line, where, "must be a text or a list of texts");
  } else if (node.items.size() > max_count) {
    faults.Add(node.line, where,
               absl::StrCat("has ", node.items.size(), " entries; it may have ",
                            max_count));
  } else {
    for (const YamlNode& item : node.items) scalars.push_back(&item);
  }
  return scalars;
}

std::optional<double> ParseNumber(absl::string_view text) {
  double number = 0;
  // SimpleAtod also takes spaces, "nan", "inf" and hexadecimal.
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(c) || absl::StrContains("+-.eE", c);
  });
  if (!plain || !absl::SimpleAtod(text, &number) || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

RuleFields::RuleFields(const YamlNode& map, std::string where,
                       PackFaults& faults)
    : map_(map),
      where_(std::move(where)),
      faults_(faults),
      found_(map.keys.size(), false) {}

void RuleFields::Fault(int line, absl::string_view field,
                       absl::string_view what) {
  faults_.Add(line, PathOf(where_, field), what);
}

const YamlNode* RuleFields::Find(absl::string_view name) {
  for (size_t i = 0; i < map_.keys.size(); ++i) {
    if (map_.keys[i].text != name) continue;
    found_[i] = true;
    return &map_.items[i];
  }
  return nullptr;
}

const YamlNode* RuleFields::Require(absl::string_view name) {
  const YamlNode* node = Find(name);
  if (node == nullptr) Fault(map_.line, name, "is missing");
  return node;
}

std::string RuleFields::Text(absl::string_view name, size_t max_bytes) {
  const YamlNode* node = Find(name);
  if (node == nullptr) return "";
  return ScalarText(*node, max_bytes, PathOf(where_, name), faults_)
      .value_or("");
}

std::string RuleFields::RequiredText(absl::string_view name, size_t max_bytes) {
  return Require(name) == nullptr ? "" : Text(name, max_bytes);
}

std::string RuleFields::OneOf(absl::string_view name,
                              absl::Span<const absl::string_view> known) {
  const YamlNode* node = Find(name);
  if (node == nullptr) return "";
  std::string text = Text(name, 1024);
  if (text.empty() || absl::c_linear_search(known, text)) return text;
  Fault(node->line, name,
        absl::StrCat("is ", Quoted(text), "; it must be one of ",
                     absl::StrJoin(known, ", ")));
  return "";
}

std::string RuleFields::RequiredName(absl::string_view name) {
  constexpr size_t kMostBytes = 64;
  const YamlNode* node = Require(name);
  if (node == nullptr) return "";
  std::string text = Text(name, kMostBytes);
  const bool known = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) ||
           absl::StrContains("-_.", c);
  });
  if (known) return text;
  Fault(node->line, name,
        absl::StrCat("is ", Quoted(text),
                     "; it must be 1 to 64 of a-z, 0-9, '-', '_' and '.'"));
  return "";
}

std::vector<std::string> RuleFields::Texts(absl::string_view name,
                                           size_t max_count, size_t max_bytes) {
  const YamlNode* node = Find(name);
  std::vector<std::string> texts;
  if (node == nullptr) return texts;
  const std::string path = PathOf(where_, name);
  for (const YamlNode* item : ScalarsOf(*node, max_count, path, faults_)) {
    auto text = ScalarText(*item, max_bytes, path, faults_);
    if (text) texts.push_back(*std::move(text));
  }
  return texts;
}

std::optional<double> RuleFields::Number(absl::string_view name, double min,
                                         double max) {
  const YamlNode* node = Find(name);
  if (node == nullptr) return std::nullopt;
  const std::string text = Text(name, 1024);
  if (text.empty()) return std::nullopt;
  const auto number = ParseNumber(text);
  if (number && *number >= min && *number <= max) return number;
  Fault(node->line, name,
        absl::StrCat("is ", Quoted(text), "; it must be a number from ", min,
                     " to ", max));
  return std::nullopt;
}

void RuleFields::RefuseOthers() {
  for (size_t i = 0; i < map_.keys.size(); ++i) {
    if (found_[i]) continue;
    faults_.Add(map_.keys[i].line, where_,
                absl::StrCat("unknown field ", Quoted(map_.keys[i].text)));
  }
}

}  // namespace lenscap
