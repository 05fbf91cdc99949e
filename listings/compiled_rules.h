#ifndef LENSCAP_LISTINGS_COMPILED_RULES_H_
#define LENSCAP_LISTINGS_COMPILED_RULES_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "listings/detection.h"
#include "listings/expression_set.h"
#include "listings/key_automaton.h"
#include "listings/normalized_text.h"
#include "listings/rule_mode.h"
#include "listings/rule_pack.h"

namespace lenscap {

// Indices into a vector of CompiledRules, half-open.
struct IndexRange {
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct CompiledKey {
  uint32_t rule = 0;
  DetectionField::Kind field = DetectionField::Kind::kAny;
  int attribute = -1;  // Of kAttribute: its number.
  bool exact = false;
  const std::string* text = nullptr;  // As the pack has it.
};

struct CompiledEntry {
  IndexRange keys;
  bool all = false;
};

struct CompiledSelection {
  IndexRange entries;
};

struct CompiledRule {
  const RulePack* pack = nullptr;
  const Rule* rule = nullptr;
  bool shadow = false;
  IndexRange keys;
  IndexRange selections;
};

// A bound that the values of an attribute are held against.
struct CompiledBound {
  int attribute = -1;
  uint32_t key = 0;
  const DetectionEntry* entry = nullptr;
  std::string text;  // "lte 5".
};

// What is looked for in one view.
struct CompiledView {
  // Patterns: literal keys as they stand in the view, and atoms.
  KeyAutomaton patterns{{}};
  // Of each pattern: the keys that it is, ascending, and its atom, or -1.
  std::vector<std::vector<uint32_t>> pattern_keys;
  std::vector<int> pattern_atoms;
  ExpressionSet expressions;
  // Of each expression: the keys that it is, ascending.
  std::vector<std::vector<uint32_t>> expression_keys;
};

// The rules of packs that are not off, laid out for matching: the keys of a
// rule, and of each entry in it, stand side by side. Immutable and thread-safe.
struct CompiledRules {
  std::vector<std::shared_ptr<const RulePack>> packs;
  std::vector<std::string> pack_names;  // "starter-zh@3", sorted.
  std::map<std::string, double> caps;
  std::vector<CompiledRule> rules;
  std::vector<CompiledSelection> selections;
  std::vector<CompiledEntry> entries;
  std::vector<CompiledKey> keys;
  std::vector<CompiledBound> bounds;
  std::array<CompiledView, kTextViews> views;
  // Numbers of the attributes that rules name, by the name's tight view.
  absl::flat_hash_map<std::string, int> attributes;
};

// INVALID_ARGUMENT as RuleEngine::Compile.
absl::StatusOr<CompiledRules> CompileRules(
    std::vector<std::shared_ptr<const RulePack>> packs, const RuleModes& modes);

// As attributes are compared: "Lens-size" is "lens size".
std::string AttributeName(absl::string_view name);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_COMPILED_RULES_H_
