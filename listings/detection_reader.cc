#include "listings/detection_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "listings/expression_set.h"
#include "listings/normalized_text.h"
#include "listings/quoted_text.h"
#include "listings/rule_condition.h"
#include "listings/rule_fields.h"

namespace lenscap {
namespace {

constexpr size_t kMaxEntries = 32;
// Reads one rule's detection.
class DetectionReader {
 public:
  DetectionReader(absl::string_view where, PackFaults& faults)
      : where_(where), faults_(faults) {}

  bool failed() const { return failed_; }

  DetectionSelection Selection(const YamlNode::Key& name,
                               const YamlNode& node) {
    DetectionSelection selection;
    selection.name = name.text;
    selection.line = name.line;
    if (!IsSelectionName(name.text)) {
      Fault(name.line, Quoted(name.text),
            "is no name of a selection: 1 to 64 letters, digits and _, and no "
            "word of conditions");
      return selection;
    }
    if (node.kind != YamlNode::Kind::kMap) {
      DetectionEntry& entry = selection.entries.emplace_back();
      ReadKeys(node, name.text, entry);
      return selection;
    }
    if (node.items.empty() || node.items.size() > kMaxEntries) {
      Fault(node.line, name.text,
            absl::StrCat("has ", node.items.size(),
                         " entries; it may have 1 to ", kMaxEntries));
      return selection;
    }
    for (size_t i = 0; i < node.items.size(); ++i) {
      selection.entries.push_back(
          Entry(node.keys[i], node.items[i], name.text));
    }
    return selection;
  }

  void Fault(int line, absl::string_view field, absl::string_view what) {
    failed_ = true;
    faults_.Add(line, PathOf(where_, field), what);
  }

 private:
  // Of "title|sound" and what stands there.
  DetectionEntry Entry(const YamlNode::Key& key, const YamlNode& node,
                       absl::string_view selection) {
    DetectionEntry entry;
    const std::string path = PathOf(selection, Quoted(key.text));
    const std::vector<std::string> parts = absl::StrSplit(key.text, '|');
    if (!ReadField(parts[0], entry.field)) {
      Fault(key.line, path,
            "is no field: any, title, description, category, attributes or "
            "attributes.NAME");
      return entry;
    }
    for (size_t i = 1; i < parts.size(); ++i) {
      if (ReadModifier(parts[i], entry)) continue;
      Fault(key.line, path,
            absl::StrCat("has the modifier ", Quoted(parts[i]),
                         "; known are words, tight, sound, nosound, re, all, "
                         "exact, lt, lte, gt and gte, each once"));
      return entry;
    }
    if (CheckModifiers(key.line, path, entry)) ReadKeys(node, path, entry);
    return entry;
  }

  static bool ReadField(absl::string_view text, DetectionField& field) {
    using Kind = DetectionField::Kind;
    static constexpr std::pair<absl::string_view, Kind> kFields[] = {
        {"any", Kind::kAny},
        {"title", Kind::kTitle},
        {"description", Kind::kDescription},
        {"category", Kind::kCategory},
        {"attributes", Kind::kAttributes},
    };
    for (const auto& [name, kind] : kFields) {
      if (text != name) continue;
      field.kind = kind;
      return true;
    }
    if (!absl::ConsumePrefix(&text, "attributes.") || text.empty() ||
        text.size() > kMaxKeyBytes) {
      return false;
    }
    field.kind = Kind::kAttribute;
    field.attribute = std::string(text);
    return true;
  }

  static bool ReadModifier(absl::string_view text, DetectionEntry& entry) {
    using Bound = DetectionEntry::Bound;
    static constexpr std::pair<absl::string_view, TextView> kViews[] = {
        {"words", TextView::kWords},
        {"tight", TextView::kTight},
        {"sound", TextView::kSound},
    };
    static constexpr std::pair<absl::string_view, Bound> kBounds[] = {
        {"lt", Bound::kLess},
        {"lte", Bound::kAtMost},
        {"gt", Bound::kGreater},
        {"gte", Bound::kAtLeast},
    };
    for (const auto& [name, view] : kViews) {
      if (text != name) continue;
      if ((entry.views & MaskOf(view)) != 0) return false;
      entry.views |= MaskOf(view);
      return true;
    }
    for (const auto& [name, bound] : kBounds) {
      if (text != name) continue;
      if (entry.bound) return false;
      entry.bound = bound;
      return true;
    }
    bool* const flag = text == "all"       ? &entry.all
                       : text == "exact"   ? &entry.exact
                       : text == "re"      ? &entry.expressions
                       : text == "nosound" ? &entry.no_sound
                                           : nullptr;
    if (flag == nullptr || *flag) return false;
    *flag = true;
    return true;
  }

  // Whether the modifiers go together.
  bool CheckModifiers(int line, absl::string_view path,
                      const DetectionEntry& entry) {
    const bool one_view = (entry.views & (entry.views - 1)) == 0;
    if (entry.bound && (entry.all || entry.exact || entry.expressions ||
                        entry.no_sound || entry.views != 0 ||
                        entry.field.kind != DetectionField::Kind::kAttribute)) {
      Fault(line, path,
            "compares a number: that goes with attributes.NAME and with no "
            "other modifier");
      return false;
    }
    if (entry.expressions && (entry.exact || entry.no_sound || !one_view)) {
      Fault(line, path,
            "has expressions: those go with one view, and with neither exact "
            "nor nosound");
      return false;
    }
    if (entry.no_sound && entry.views != 0) {
      Fault(line, path, "has nosound, which goes with no named view");
      return false;
    }
    return true;
  }

  void ReadKeys(const YamlNode& node, absl::string_view field,
                DetectionEntry& entry) {
    const std::string path = PathOf(where_, field);
    const size_t max_bytes =
        entry.expressions ? kMaxExpressionBytes : kMaxKeyBytes;
    const auto scalars = ScalarsOf(node, kMaxKeysOfRule, path, faults_);
    failed_ |= scalars.empty();
    for (const YamlNode* scalar : scalars) {
      auto text = ScalarText(*scalar, max_bytes, path, faults_);
      if (!text) {
        failed_ = true;
        continue;
      }
      entry.keys.push_back({*std::move(text), scalar->line});
      CheckKey(entry.keys.back(), field, entry);
    }
    keys_ += entry.keys.size();
    if (keys_ > kMaxKeysOfRule) {
      Fault(node.line, field,
            absl::StrCat("is one too many: a rule may have ", kMaxKeysOfRule,
                         " keys"));
    }
  }

  void CheckKey(const DetectionKey& key, absl::string_view field,
                DetectionEntry& entry) {
    if (entry.bound) {
      const auto number = ParseNumber(key.text);
      if (!number || entry.keys.size() > 1) {
        Fault(key.line, field,
              absl::StrCat("is ", Quoted(key.text), "; it must be one number"));
        return;
      }
      entry.number = *number;
    }
    if (!entry.expressions) return;
    const absl::Status valid = CheckExpression(key.text);
    if (!valid.ok()) {
      Fault(key.line, field,
            absl::StrCat("the expression ", Quoted(key.text), " ",
                         valid.message()));
    }
  }

  const absl::string_view where_;
  PackFaults& faults_;
  bool failed_ = false;
  size_t keys_ = 0;
};

}  // namespace

std::shared_ptr<const Detection> ReadDetection(const YamlNode& node,
                                               absl::string_view where,
                                               PackFaults& faults) {
  DetectionReader reader(where, faults);
  if (node.kind != YamlNode::Kind::kMap) {
    reader.Fault(node.line, "", "must be a map of selections and a condition");
    return nullptr;
  }
  const YamlNode* condition = nullptr;
  std::vector<DetectionSelection> selections;
  std::vector<std::string> names;
  for (size_t i = 0; i < node.items.size(); ++i) {
    if (node.keys[i].text == "condition") {
      condition = &node.items[i];
      continue;
    }
    selections.push_back(reader.Selection(node.keys[i], node.items[i]));
    names.push_back(node.keys[i].text);
  }
  if (condition == nullptr) {
    reader.Fault(node.line, "condition", "is missing");
    return nullptr;
  }
  if (condition->kind != YamlNode::Kind::kScalar) {
    reader.Fault(condition->line, "condition", "must be a text");
    return nullptr;
  }
  auto parsed = RuleCondition::Parse(condition->text, names);
  if (!parsed.ok()) {
    reader.Fault(condition->line, "condition", parsed.status().message());
  }
  if (reader.failed()) return nullptr;
  return std::make_shared<Detection>(std::move(selections), *std::move(parsed));
}

}  // namespace lenscap
