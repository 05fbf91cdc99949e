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

// Of all packs together; their automata take some 50 times these bytes.
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
    for (const DetectionSelection& selection : rule.detection->selections()) {
      CompiledSelection& added = rules_.selections.emplace_back();
      added.entries.begin = rules_.entries.size();
      for (const DetectionEntry& entry : selection.entries) AddEntry(entry);
      added.entries.end = rules_.entries.size();
    }
    compiled.keys.end = rules_.keys.size();
    compiled.selections.end = rules_.selections.size();
    rules_.rules.push_back(compiled);
  }

  absl::Status CheckSize() const {
    if (rules_.keys.size() > kMaxKeys || key_bytes_ > kMaxKeyBytes ||
        expressions_ > kMaxExpressions) {
      return absl::InvalidArgumentError(
          absl::StrCat("the packs together have ", rules_.keys.size(),
                       " keys of ", key_bytes_, " bytes and ", expressions_,
                       " expressions; they may have ", kMaxKeys, ", ",
                       kMaxKeyBytes, " and ", kMaxExpressions));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<CompiledRules> Finish() && {
    for (int v = 0; v < kTextViews; ++v) {
      CompiledView& view = rules_.views[v];
      ASSIGN_OR_RETURN(view.expressions,
                       ExpressionSet::Compile(expression_texts_[v].texts));
      const std::vector<std::string>& atoms = view.expressions.atoms();
      std::vector<std::pair<size_t, int>> pattern_of_atom;
      for (size_t i = 0; i < atoms.size(); ++i) {
        const size_t pattern = literals_[v].Add(atoms[i], view.pattern_keys);
        pattern_of_atom.emplace_back(pattern, static_cast<int>(i));
      }
      view.pattern_atoms.assign(view.pattern_keys.size(), -1);
      for (const auto& [pattern, atom] : pattern_of_atom) {
        view.pattern_atoms[pattern] = atom;
      }
      view.patterns = KeyAutomaton(literals_[v].texts);
    }
    return std::move(rules_);
  }

 private:
  // Different texts, and the number of each.
  struct TextNumbers {
    std::vector<std::string> texts;
    absl::flat_hash_map<std::string, size_t> numbers;

    // The number of `text`; `keys` grows by a list where it is new.
    size_t Add(const std::string& text,
               std::vector<std::vector<uint32_t>>& keys) {
      const auto [known, is_new] = numbers.emplace(text, texts.size());
      if (is_new) {
        texts.push_back(text);
        keys.emplace_back();
      }
      return known->second;
    }
  };

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
        ++expressions_;
        const size_t i =
            expression_texts_[v].Add(key.text, compiled.expression_keys);
        compiled.expression_keys[i].push_back(number);
        continue;
      }
      const std::string text = Normalizer::Get().NormalizeKey(key.text, view);
      if (text.empty()) continue;  // Never found; LintRulePack says so.
      const size_t i = literals_[v].Add(text, compiled.pattern_keys);
      compiled.pattern_keys[i].push_back(number);
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
  std::array<TextNumbers, kTextViews> literals_;
  std::array<TextNumbers, kTextViews> expression_texts_;
  size_t key_bytes_ = 0;
  size_t expressions_ = 0;
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
