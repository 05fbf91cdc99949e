#include "listings/compiled_rules.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "listings/quoted_text.h"

namespace lenscap {
namespace {

// Of all packs together. Their automaton takes 24 bytes for each byte of each
// key in each view, at most.
constexpr size_t kMaxKeys = 100'000;
constexpr size_t kMaxKeyBytes = size_t{2} << 20;
constexpr size_t kMaxExpressions = 2000;

constexpr absl::string_view NameOf(DetectionEntry::Bound bound) {
  switch (bound) {
    case DetectionEntry::Bound::kLess:
      return "lt";
    case DetectionEntry::Bound::kAtMost:
      return "lte";
    case DetectionEntry::Bound::kGreater:
      return "gt";
    case DetectionEntry::Bound::kAtLeast:
      return "gte";
  }
  return "";
}

class RuleCompiler {
 public:
  void AddRule(const RulePack& pack, const Rule& rule, bool shadow) {
    CompiledRule compiled;
    compiled.pack = &pack;
    compiled.rule = &rule;
    compiled.shadow = shadow;
    compiled.keys.begin = rules_.keys.size();
    compiled.selections.begin = rules_.selections.size();
    uint64_t bit = 1;
    for (const DetectionSelection& selection : rule.detection->selections()) {
      CompiledSelection& added = rules_.selections.emplace_back();
      added.entries.begin = rules_.entries.size();
      for (const DetectionEntry& entry : selection.entries) {
        AddEntry(entry);
        if (entry.expressions) compiled.with_expressions |= bit;
      }
      added.entries.end = rules_.entries.size();
      bit <<= 1;
    }
    compiled.keys.end = rules_.keys.size();
    compiled.selections.end = rules_.selections.size();
    rules_.rules.push_back(compiled);
  }

  absl::Status CheckSize() const {
    if (rules_.keys.size() > kMaxKeys || key_bytes_ > kMaxKeyBytes ||
        expression_keys_ > kMaxExpressions) {
      return absl::InvalidArgumentError(
          absl::StrCat("the packs together have ", rules_.keys.size(),
                       " keys of ", key_bytes_, " bytes and ", expression_keys_,
                       " expressions; they may have ", kMaxKeys, ", ",
                       kMaxKeyBytes, " and ", kMaxExpressions));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<CompiledRules> Finish() && {
    std::array<std::vector<size_t>, kTextViews> atom_patterns;
    for (int v = 0; v < kTextViews; ++v) {
      CompiledView& view = rules_.views[v];
      ASSIGN_OR_RETURN(view.expressions,
                       ExpressionSet::Compile(expressions_[v].texts));
      for (const std::string& atom : view.expressions.atoms()) {
        atom_patterns[v].push_back(patterns_.NumberOf(atom));
      }
    }
    for (int v = 0; v < kTextViews; ++v) {
      CompiledView& view = rules_.views[v];
      view.pattern_keys.resize(patterns_.texts.size());
      view.pattern_atoms.assign(patterns_.texts.size(), -1);
      for (size_t i = 0; i < atom_patterns[v].size(); ++i) {
        view.pattern_atoms[atom_patterns[v][i]] = static_cast<int>(i);
      }
    }
    rules_.patterns = KeyAutomaton(patterns_.texts);
    return std::move(rules_);
  }

 private:
  // Different texts, and the number of each.
  struct TextNumbers {
    std::vector<std::string> texts;
    absl::flat_hash_map<std::string, size_t> numbers;

    size_t NumberOf(const std::string& text) {
      const auto [known, is_new] = numbers.emplace(text, texts.size());
      if (is_new) texts.push_back(text);
      return known->second;
    }
  };

  static void AddTo(std::vector<std::vector<uint32_t>>& lists, size_t i,
                    uint32_t key) {
    if (lists.size() <= i) lists.resize(i + 1);
    lists[i].push_back(key);
  }

  void AddEntry(const DetectionEntry& entry) {
    CompiledEntry& added = rules_.entries.emplace_back();
    added.all = entry.all;
    added.keys.begin = rules_.keys.size();
    for (const DetectionKey& key : entry.keys) AddKey(entry, key);
    added.keys.end = rules_.keys.size();
  }

  void AddKey(const DetectionEntry& entry, const DetectionKey& key) {
    const uint32_t number = rules_.keys.size();
    CompiledKey& added = rules_.keys.emplace_back();
    added.rule = rules_.rules.size();
    added.field = entry.field.kind;
    added.attribute = AttributeNumber(entry.field);
    added.exact = entry.exact;
    added.text = &key.text;
    key_bytes_ += key.text.size();
    if (entry.bound) {
      rules_.bounds.push_back(
          {added.attribute, number, &entry,
           absl::StrCat(NameOf(*entry.bound), " ", key.text)});
      return;
    }
    const ViewMask views = ViewsOf(entry, key.text);
    for (int v = 0; v < kTextViews; ++v) {
      const TextView view = static_cast<TextView>(v);
      if ((views & MaskOf(view)) == 0) continue;
      CompiledView& compiled = rules_.views[v];
      if (entry.expressions) {
        ++expression_keys_;
        AddTo(compiled.expression_keys, expressions_[v].NumberOf(key.text),
              number);
        continue;
      }
      const std::string text = Normalizer::Get().NormalizeKey(key.text, view);
      if (text.empty()) continue;  // Never found; LintRulePack says so.
      AddTo(compiled.pattern_keys, patterns_.NumberOf(text), number);
    }
  }

  int AttributeNumber(const DetectionField& field) {
    if (field.kind != DetectionField::Kind::kAttribute) return -1;
    const std::string name = AttributeName(field.attribute);
    if (name.empty()) return -1;
    const int next = static_cast<int>(rules_.attributes.size());
    return rules_.attributes.emplace(name, next).first->second;
  }

  CompiledRules rules_;
  TextNumbers patterns_;
  std::array<TextNumbers, kTextViews> expressions_;
  size_t key_bytes_ = 0;
  size_t expression_keys_ = 0;
};

}  // namespace

std::string AttributeName(absl::string_view name) {
  return Normalizer::Get().NormalizeKey(name, TextView::kTight);
}

absl::StatusOr<CompiledRules> CompileRules(
    std::vector<std::shared_ptr<const RulePack>> packs,
    const RuleModes& modes) {
  RuleCompiler compiler;
  absl::flat_hash_set<std::string> names;
  std::vector<std::string> pack_names;
  std::map<std::string, double> caps;
  for (const auto& pack : packs) {
    if (!names.insert(pack->id).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("there are two packs ", Quoted(pack->id)));
    }
    pack_names.push_back(absl::StrCat(pack->id, "@", pack->version));
    for (const auto& [group, cap] : pack->caps) {
      double& greatest = caps.emplace(group, cap).first->second;
      greatest = std::max(greatest, cap);
    }
    for (const Rule& rule : pack->rules) {
      const RuleMode mode = modes ? modes(*pack, rule) : ModeOf(rule);
      if (mode == RuleMode::kOff) continue;
      compiler.AddRule(*pack, rule, mode == RuleMode::kShadow);
      RETURN_IF_ERROR(compiler.CheckSize());
    }
  }
  ASSIGN_OR_RETURN(CompiledRules compiled, std::move(compiler).Finish());
  std::sort(pack_names.begin(), pack_names.end());
  compiled.packs = std::move(packs);
  compiled.pack_names = std::move(pack_names);
  compiled.caps = std::move(caps);
  return compiled;
}

}  // namespace lenscap
