#include "listings/example_reader.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "listings/rule_fields.h"
#include "listings/rule_words.h"

namespace lenscap {
namespace {

constexpr size_t kMaxExamples = 64;
// Those of a listing, but for the description: a pack holds more than one.
constexpr size_t kMaxTitleBytes = 4096;
constexpr size_t kMaxDescriptionBytes = size_t{16} << 10;
constexpr size_t kMaxCategoryBytes = 1024;
constexpr size_t kMaxAttributes = 256;
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxValueBytes = 4096;
constexpr size_t kMaxLocaleBytes = 32;

void ReadAttributes(const YamlNode& node, const std::string& where,
                    PackFaults& faults, ListingText& text) {
  if (node.kind != YamlNode::Kind::kMap || node.items.size() > kMaxAttributes) {
    faults.Add(node.line, where,
               absl::StrCat("must be a map of up to ", kMaxAttributes,
                            " names and values"));
    return;
  }
  for (size_t i = 0; i < node.items.size(); ++i) {
    const YamlNode::Key& name = node.keys[i];
    if (name.text.empty() || name.text.size() > kMaxNameBytes) {
      faults.Add(name.line, where,
                 absl::StrCat("a name has ", name.text.size(),
                              " bytes; it may have 1 to ", kMaxNameBytes));
      continue;
    }
    auto value = ScalarText(node.items[i], kMaxValueBytes, where, faults);
    if (value) text.attributes.emplace(name.text, *std::move(value));
  }
}

void ReadExample(const YamlNode& node, const std::string& where,
                 PackFaults& faults, ListingText& text) {
  if (node.kind != YamlNode::Kind::kMap) {
    text.title = ScalarText(node, kMaxTitleBytes, where, faults).value_or("");
    return;
  }
  RuleFields fields(node, where, faults);
  text.title = fields.Text("title", kMaxTitleBytes);
  text.description = fields.Text("description", kMaxDescriptionBytes);
  text.category = fields.Text("category", kMaxCategoryBytes);
  text.locale = fields.Text("locale", kMaxLocaleBytes);
  const std::string kind = fields.OneOf("kind", kListingKinds);
  if (!kind.empty()) {
    text.kind = static_cast<ListingKind>(IndexOfWord(kListingKinds, kind) + 1);
  }
  if (const YamlNode* attributes = fields.Find("attributes")) {
    ReadAttributes(*attributes, PathOf(where, "attributes"), faults, text);
  }
  fields.RefuseOthers();
}

}  // namespace

void ReadExamples(const YamlNode& node, absl::string_view where,
                  PackFaults& faults, Rule& rule) {
  if (node.kind != YamlNode::Kind::kMap) {
    faults.Add(node.line, where, "must have positive and negative ones");
    return;
  }
  RuleFields fields(node, std::string(where), faults);
  for (const auto& [name, examples] : {std::pair("positive", &rule.positive),
                                       std::pair("negative", &rule.negative)}) {
    const YamlNode* list = fields.Find(name);
    if (list == nullptr) continue;
    if (list->kind != YamlNode::Kind::kSequence ||
        list->items.size() > kMaxExamples) {
      fields.Fault(list->line, name,
                   absl::StrCat("must be a list of up to ", kMaxExamples,
                                " texts or maps"));
      continue;
    }
    for (const YamlNode& item : list->items) {
      RuleExample& example = examples->emplace_back();
      example.line = item.line;
      if (!rule.kinds.empty()) example.text.kind = *rule.kinds.begin();
      ReadExample(item, PathOf(where, name), faults, example.text);
    }
  }
  fields.RefuseOthers();
}

}  // namespace lenscap
