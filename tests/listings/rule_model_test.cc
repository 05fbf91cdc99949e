// The engine against a model that is too simple to be wrong: each key by itself
// is looked for in each view of each field.

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "listings/expression_set.h"
#include "listings/key_automaton.h"
#include "listings/normalized_text.h"
#include "listings/rule_engine.h"
#include "re2/re2.h"
#include "tests/listings/made_packs.h"

namespace lenscap {
namespace {

using Random = std::mt19937;

int Below(Random& random, int n) {
  return std::uniform_int_distribution<int>(0, n - 1)(random);
}

template <typename T>
const T& Pick(Random& random, const std::vector<T>& choices) {
  return choices[Below(random, static_cast<int>(choices.size()))];
}

// Few, so that keys are often found, overlap and begin with each other.
const std::vector<std::string>& Pieces() {
  static const auto* const pieces =
      new std::vector<std::string>{"a",  "b",    "ab", "ba", "cam", "pen", "针",
                                   "孔", "摄像", "头", "真", "空",  "1",   "2"};
  return *pieces;
}

std::string RandomKey(Random& random) {
  std::string key;
  for (int i = Below(random, 5); i >= 0; --i) {
    key += Pick(random, Pieces());
    if (i > 0 && Below(random, 3) == 0) key += ' ';
  }
  return key;
}

std::string RandomValue(Random& random) {
  static const auto* const separators = new std::vector<std::string>{
      "", "", "", " ", "  ", "-", "📷", "\u200b", "。"};
  std::string text;
  for (int i = Below(random, 14); i > 0; --i) {
    text += Pick(random, Pieces()) + Pick(random, *separators);
  }
  return text;
}

const std::vector<std::string>& Expressions() {
  static const auto* const expressions = new std::vector<std::string>{
      "cam.*pen",  "(ab|ba)+a",  "针.?孔", "摄像|真空", "[0-9]+",
      "\\bpen\\b", "^a",         "头$",    "a{2,}",     "(?:真|针)(?:空|孔)头",
      "c.m",       "zhen(kong)?"};
  return *expressions;
}

struct ModelEntry {
  std::string field;  // As written.
  std::vector<std::string> keys;
  std::vector<TextView> views;  // Empty: the usual.
  bool all = false;
  bool exact = false;
  bool expressions = false;
};

struct ModelRule {
  std::vector<std::vector<ModelEntry>> selections;
  std::function<bool(const std::vector<bool>&)> condition;
  std::set<int> wanted;  // Selections that stand in it without `not`.
  std::string yaml;
};

// The field's number, start, end, key.
using Span = std::tuple<size_t, size_t, size_t, std::string>;

ModelEntry RandomEntry(Random& random) {
  static const auto* const fields =
      new std::vector<std::string>{"any",
                                   "any",
                                   "title",
                                   "description",
                                   "category",
                                   "attributes",
                                   "attributes.lens size"};
  ModelEntry entry;
  entry.field = Pick(random, *fields);
  entry.expressions = Below(random, 4) == 0;
  entry.all = Below(random, 4) == 0;
  if (entry.expressions) {
    if (Below(random, 2) == 0) {
      entry.views = {static_cast<TextView>(Below(random, kTextViews))};
    }
  } else {
    entry.exact = Below(random, 8) == 0;
    for (int v = 0; v < kTextViews; ++v) {
      if (Below(random, 5) == 0) {
        entry.views.push_back(static_cast<TextView>(v));
      }
    }
  }
  for (int i = Below(random, 4); i >= 0; --i) {
    entry.keys.push_back(entry.expressions ? Pick(random, Expressions())
                                           : RandomKey(random));
  }
  return entry;
}

std::string YamlOf(const ModelEntry& entry) {
  static constexpr const char* kViewNames[] = {"words", "tight", "sound"};
  std::string field = entry.field;
  if (entry.expressions) field += "|re";
  if (entry.all) field += "|all";
  if (entry.exact) field += "|exact";
  for (const TextView view : entry.views) {
    absl::StrAppend(&field, "|", kViewNames[static_cast<int>(view)]);
  }
  return absl::StrCat(
      "'", field, "': [",
      absl::StrJoin(entry.keys, ", ",
                    [](std::string* out, const std::string& key) {
                      absl::StrAppend(out, "'", key, "'");
                    }),
      "]");
}

struct Condition {
  std::string text;
  std::function<bool(const std::vector<bool>&)> holds;
  std::set<int> wanted, denied;
};

std::set<int> Union(std::set<int> a, const std::set<int>& b) {
  a.insert(b.begin(), b.end());
  return a;
}

Condition RandomCondition(Random& random, int selections, int depth) {
  const int kind = depth == 0 ? 0 : Below(random, 5);
  if (kind == 0) {
    const int i = Below(random, selections);
    return {absl::StrCat("s", i),
            [i](const std::vector<bool>& s) { return bool{s[i]}; },
            {i},
            {}};
  }
  if (kind == 1) {
    std::set<int> all;
    for (int i = 0; i < selections; ++i) all.insert(i);
    return {"1 of s*",
            [](const std::vector<bool>& s) {
              return std::find(s.begin(), s.end(), true) != s.end();
            },
            all,
            {}};
  }
  const Condition a = RandomCondition(random, selections, depth - 1);
  if (kind == 2) {
    return {absl::StrCat("not (", a.text, ")"),
            [a](const std::vector<bool>& s) { return !a.holds(s); }, a.denied,
            a.wanted};
  }
  const Condition b = RandomCondition(random, selections, depth - 1);
  Condition both;
  both.wanted = Union(a.wanted, b.wanted);
  both.denied = Union(a.denied, b.denied);
  if (kind == 3) {
    both.text = absl::StrCat("(", a.text, ") and (", b.text, ")");
    both.holds = [a, b](const std::vector<bool>& s) {
      return a.holds(s) && b.holds(s);
    };
  } else {
    both.text = absl::StrCat("(", a.text, ") or (", b.text, ")");
    both.holds = [a, b](const std::vector<bool>& s) {
      return a.holds(s) || b.holds(s);
    };
  }
  return both;
}

ModelRule RandomRule(Random& random, int number) {
  ModelRule rule;
  std::string detection;
  const int selections = 1 + Below(random, 3);
  for (int i = 0; i < selections; ++i) {
    std::map<std::string, ModelEntry> entries;  // By YAML's key: none twice.
    for (int j = Below(random, 2); j >= 0; --j) {
      const ModelEntry entry = RandomEntry(random);
      const std::string yaml = YamlOf(entry);
      entries.emplace(yaml.substr(0, yaml.find(':')), entry);
    }
    auto& selection = rule.selections.emplace_back();
    std::vector<std::string> texts;
    for (const auto& [key, entry] : entries) {
      selection.push_back(entry);
      texts.push_back(YamlOf(entry));
    }
    absl::StrAppend(&detection, "s", i, ": {", absl::StrJoin(texts, ", "),
                    "}\n");
  }
  Condition condition;
  do {
    condition = RandomCondition(random, selections, 3);
  } while (condition.holds(std::vector<bool>(selections, false)));
  rule.condition = condition.holds;
  rule.wanted = condition.wanted;
  rule.yaml = MadeRule(absl::StrCat("r", number),
                       absl::StrCat(detection, "condition: ", condition.text));
  return rule;
}

// One field of a listing, as the model sees it.
struct ModelField {
  std::string name;
  std::string attribute;
  NormalizedText text;
};

std::vector<TextView> ViewsOfKey(const ModelEntry& entry,
                                 const std::string& key) {
  if (!entry.views.empty()) return entry.views;
  if (entry.expressions) return {TextView::kWords};
  int han = 0;
  for (const char c : key) han += static_cast<unsigned char>(c) >= 0xe0;
  if (han >= 4) return {TextView::kWords, TextView::kTight, TextView::kSound};
  return {TextView::kWords, TextView::kTight};
}

const RE2& CompiledOnce(const std::string& expression) {
  static auto* const known = new std::map<std::string, std::unique_ptr<RE2>>();
  auto& compiled = (*known)[expression];
  if (compiled == nullptr) compiled = std::make_unique<RE2>(expression);
  return *compiled;
}

const std::string& NormalizedOnce(const std::string& key, TextView view) {
  static auto* const known =
      new std::map<std::pair<std::string, TextView>, std::string>();
  const auto [text, is_new] = known->try_emplace({key, view});
  if (is_new) text->second = Normalizer::Get().NormalizeKey(key, view);
  return text->second;
}

// Whether a key is in a field at all, and where it is.
bool FindKey(const ModelEntry& entry, const std::string& key,
             const ModelField& field, size_t number, std::set<Span>* spans) {
  bool found = false;
  for (const TextView view : ViewsOfKey(entry, key)) {
    const absl::string_view text = field.text.view(view);
    const auto add = [&](size_t start, size_t end) {
      const ByteSpan original = field.text.Original(view, start, end);
      spans->insert({number, original.start, original.end, key});
    };
    if (entry.expressions) {
      re2::StringPiece rest(text.data(), text.size()), part;
      const RE2& expression = CompiledOnce(key);
      found |= RE2::PartialMatch(rest, expression);
      size_t from = 0;
      while (expression.Match(rest, from, rest.size(), RE2::UNANCHORED, &part,
                              1)) {
        const size_t start = part.data() - text.data();
        if (!part.empty()) add(start, start + part.size());
        from = start + std::max<size_t>(part.size(), 1);
        if (from > text.size()) break;
      }
      continue;
    }
    const std::string& wanted = NormalizedOnce(key, view);
    if (wanted.empty()) continue;
    for (size_t at = text.find(wanted); at != absl::string_view::npos;
         at = text.find(wanted, at + 1)) {
      const size_t end = at + wanted.size();
      if (!field.text.IsBoundary(view, at) ||
          !field.text.IsBoundary(view, end) ||
          (entry.exact && wanted.size() != text.size())) {
        continue;
      }
      found = true;
      add(at, end);
    }
  }
  return found;
}

bool IsIn(const ModelEntry& entry, const ModelField& field) {
  if (entry.field == "any") return true;
  if (entry.field == "attributes.lens size") {
    return field.name == "attributes" &&
           (field.attribute == "Lens-Size" || field.attribute == "lens size");
  }
  return entry.field == field.name;
}

// All spans of the selections that hold and are wanted; nothing where the rule
// does not fit.
std::optional<std::set<Span>> ReviewByModel(
    const ModelRule& rule, const std::vector<ModelField>& fields) {
  std::vector<bool> holds;
  std::set<Span> all_spans;
  for (const auto& selection : rule.selections) {
    bool selection_holds = true;
    std::set<Span> spans;
    for (const ModelEntry& entry : selection) {
      size_t found = 0;
      for (const std::string& key : entry.keys) {
        bool key_found = false;
        for (size_t i = 0; i < fields.size(); ++i) {
          if (IsIn(entry, fields[i])) {
            key_found |= FindKey(entry, key, fields[i], i, &spans);
          }
        }
        found += key_found;
      }
      selection_holds &= entry.all ? found == entry.keys.size() : found > 0;
    }
    if (selection_holds && rule.wanted.contains(holds.size())) {
      all_spans.insert(spans.begin(), spans.end());
    }
    holds.push_back(selection_holds);
  }
  if (!rule.condition(holds)) return std::nullopt;
  return all_spans;
}

TEST(RuleModelTest, TheEngineFindsWhatAPlainSearchFinds) {
  Random random(1);
  int hits = 0, reviews = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<ModelRule> rules;
    std::vector<std::string> yaml;
    for (int i = 0; i < 25; ++i) {
      rules.push_back(RandomRule(random, i));
      yaml.push_back(rules.back().yaml);
    }
    const auto engine = MadeEngine(MadePack(yaml));
    for (int i = 0; i < 25; ++i) {
      ListingText text;
      text.title = RandomValue(random);
      text.description = RandomValue(random);
      text.category = RandomValue(random);
      text.attributes["Lens-Size"] = RandomValue(random);
      text.attributes["lens size"] = RandomValue(random);
      text.attributes["other"] = RandomValue(random);
      std::vector<ModelField> fields;
      const auto add = [&](const std::string& name, const std::string& value,
                           const std::string& attribute = "") {
        ModelField& field = fields.emplace_back();
        field.name = name;
        field.attribute = attribute;
        Normalizer::Get().Normalize(value, &field.text);
      };
      add("title", text.title);
      add("description", text.description);
      add("category", text.category);
      for (const auto& [name, value] : text.attributes) {
        add("attributes", value, name);
      }
      const TextReview review = engine->Review(text, absl::UnixEpoch());
      std::map<std::string, const RuleHit*> found;
      for (const RuleHit& hit : review.hits) found[hit.rule_id] = &hit;
      for (size_t r = 0; r < rules.size(); ++r) {
        ++reviews;
        const auto expected = ReviewByModel(rules[r], fields);
        const auto hit = found.find(absl::StrCat("r", r));
        ASSERT_EQ(hit != found.end(), expected.has_value())
            << rules[r].yaml << text.title << "\n"
            << text.description;
        if (!expected) continue;
        ++hits;
        std::vector<Span> first(expected->begin(), expected->end());
        if (first.size() > 16) first.resize(16);
        std::vector<Span> spans;
        for (const RuleSpan& span : hit->second->spans) {
          const auto field = std::find_if(
              fields.begin(), fields.end(), [&](const ModelField& field) {
                return field.name == span.field &&
                       field.attribute == span.attribute;
              });
          spans.emplace_back(field - fields.begin(), span.bytes.start,
                             span.bytes.end, span.key);
        }
        EXPECT_EQ(spans, first) << rules[r].yaml;
      }
    }
  }
  // Of both kinds there were enough to tell.
  EXPECT_GT(hits, reviews / 20);
  EXPECT_LT(hits, reviews * 19 / 20);
}

TEST(KeyAutomatonTest, FindsEveryPlaceOfEveryKey) {
  Random random(2);
  for (int round = 0; round < 300; ++round) {
    const int letters = 1 + Below(random, 8);
    const auto random_text = [&](int size) {
      std::string text;
      for (int i = 0; i < size; ++i) {
        text += static_cast<char>(0xf8 + Below(random, letters));
      }
      return text;
    };
    std::set<std::string> distinct;
    for (int i = Below(random, 60); i > 0; --i) {
      distinct.insert(random_text(1 + Below(random, 7)));
    }
    const std::vector<std::string> keys(distinct.begin(), distinct.end());
    const std::string text = random_text(Below(random, 40));
    std::vector<std::tuple<size_t, size_t, int>> expected, found;
    for (size_t end = 1; end <= text.size(); ++end) {
      for (size_t start = 0; start < end; ++start) {
        const auto key = distinct.find(text.substr(start, end - start));
        if (key == distinct.end()) continue;
        expected.emplace_back(end, start, std::distance(distinct.begin(), key));
      }
    }
    KeyAutomaton(keys).Scan(text, [&](int key, size_t start, size_t end) {
      found.emplace_back(end, start, key);
    });
    EXPECT_EQ(found, expected) << absl::StrJoin(keys, ",") << " in " << text;
  }
}

TEST(ExpressionSetTest, TheAtomsOfATextLoseNoExpression) {
  Random random(3);
  std::vector<std::string> expressions = Expressions();
  expressions.insert(expressions.end(),
                     {"(?i)CAM", "[\\x{13a0}]bcd", "(?i)ꭰbcd", "Ꭰbcd",
                      "pen(cam|lens)", "abc|针孔摄像"});
  const auto set = ExpressionSet::Compile(expressions);
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_FALSE(set->atoms().empty());
  std::vector<std::string> texts = {"", "Ꭰbcd", "pencam", "abc"};
  for (int i = 0; i < 2000; ++i) texts.push_back(RandomValue(random));
  for (const std::string& text : texts) {
    std::vector<int> atoms, expected;
    for (size_t i = 0; i < set->atoms().size(); ++i) {
      if (text.find(set->atoms()[i]) != std::string::npos) {
        atoms.push_back(static_cast<int>(i));
      }
    }
    for (size_t i = 0; i < expressions.size(); ++i) {
      if (RE2::PartialMatch(text, CompiledOnce(expressions[i]))) {
        expected.push_back(static_cast<int>(i));
      }
    }
    std::vector<int> found;
    for (const int i : set->Candidates(atoms)) {
      if (set->Fits(i, text)) found.push_back(i);
    }
    EXPECT_EQ(found, expected) << text;
  }
}

}  // namespace
}  // namespace lenscap
