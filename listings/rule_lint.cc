#include "listings/rule_lint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "listings/detection.h"
#include "listings/normalized_text.h"
#include "listings/quoted_text.h"
#include "listings/rule_words.h"
#include "unicode/utf8.h"

namespace lenscap {
namespace {

// What a rule of each level may score: more or less is worth a second look.
struct ScoreRange {
  double least;
  double most;
};
constexpr std::array<ScoreRange, kRuleLevels.size()> kUsualScores = {
    {{0, 10}, {0, 25}, {5, 50}, {20, 100}, {40, 1000}}};

// A key of fewer letters stands in many texts that mean something else; a Han
// character counts as two.
constexpr int kFewestLetters = 4;

int CountCharacters(absl::string_view text) {
  return static_cast<int>(std::count_if(
      text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// The first character of an expression that its view never has; empty if there
// is none. Escapes are passed over: they say what they mean.
std::string NeverInView(absl::string_view expression, TextView view) {
  const int32_t size = static_cast<int32_t>(expression.size());
  for (int32_t i = 0; i < size;) {
    const int32_t start = i;
    UChar32 c;
    U8_NEXT(expression.data(), i, size, c);
    if (c == '\\') {
      // "\d", and "\p{Han}" or "\x{4e00}" to its end.
      if (i + 1 < size && expression[i + 1] == '{') {
        i = static_cast<int32_t>(
            std::min(expression.find('}', i), expression.size()));
      }
      if (i < size) U8_FWD_1(expression.data(), i, size);
      continue;
    }
    const absl::string_view character = expression.substr(start, i - start);
    if (c == ' ' && view == TextView::kWords) continue;
    if (c != ' ' && c < 0x80 && !absl::ascii_isalnum(static_cast<char>(c))) {
      continue;
    }
    if (Normalizer::Get().NormalizeKey(character, view) != character) {
      return std::string(character);
    }
  }
  return "";
}

class PackLinter {
 public:
  explicit PackLinter(const RulePack& pack) : pack_(pack) {}

  std::vector<std::string> Lint() && {
    if (pack_.rules.empty()) Warn(1, "the pack has no rules");
    for (const Rule& rule : pack_.rules) {
      where_ = absl::StrCat("rule ", Quoted(rule.id), ": ");
      LintNotes(rule);
      LintScore(rule);
      LintDetection(rule);
    }
    std::stable_sort(
        warnings_.begin(), warnings_.end(),
        [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> texts;
    for (auto& [line, text] : warnings_) texts.push_back(std::move(text));
    return texts;
  }

 private:
  void Warn(int line, absl::string_view what) {
    warnings_.emplace_back(line,
                           absl::StrCat("line ", line, ": ", where_, what));
  }

  void LintNotes(const Rule& rule) {
    if (rule.description.empty()) Warn(rule.line, "has no description");
    if (rule.references.empty()) Warn(rule.line, "has no references");
    if (rule.false_positives.empty()) {
      Warn(rule.line, "has no falsepositives");
    }
    if (rule.positive.empty()) Warn(rule.line, "has no positive examples");
    if (rule.negative.empty()) Warn(rule.line, "has no negative examples");
  }

  void LintScore(const Rule& rule) {
    if (rule.group == kExclusionGroup) return;
    if (rule.score == 0) {
      if (rule.action == RuleAction::kNone && rule.level != kRuleLevels[0]) {
        Warn(rule.line, "has neither a score nor an action");
      }
      return;
    }
    const size_t level = IndexOfWord(kRuleLevels, rule.level);
    if (level < kUsualScores.size() &&
        (rule.score < kUsualScores[level].least ||
         rule.score > kUsualScores[level].most)) {
      Warn(rule.line,
           absl::StrCat("score ", rule.score, " does not suit level ",
                        rule.level, ": usual are ", kUsualScores[level].least,
                        " to ", kUsualScores[level].most));
    }
    const auto cap = pack_.caps.find(rule.group);
    if (cap != pack_.caps.end() && rule.score > cap->second) {
      Warn(rule.line,
           absl::StrCat("score ", rule.score,
                        " is above the cap of its group, ", cap->second));
    }
  }

  void LintDetection(const Rule& rule) {
    const auto& selections = rule.detection->selections();
    for (size_t i = 0; i < selections.size(); ++i) {
      if ((rule.detection->condition().named() >> i & 1) == 0) {
        Warn(selections[i].line,
             absl::StrCat("selection ", Quoted(selections[i].name),
                          " is not in the condition"));
      }
      for (const DetectionEntry& entry : selections[i].entries) {
        if (entry.bound) continue;
        if (entry.expressions) {
          LintExpressions(entry);
        } else {
          LintKeys(entry);
        }
      }
    }
  }

  void LintExpressions(const DetectionEntry& entry) {
    for (const DetectionKey& key : entry.keys) {
      const ViewMask views = ViewsOf(entry, key.text);
      for (int v = 0; v < kTextViews; ++v) {
        const TextView view = static_cast<TextView>(v);
        if ((views & MaskOf(view)) == 0) continue;
        const std::string never = NeverInView(key.text, view);
        if (never.empty()) continue;
        Warn(key.line,
             absl::StrCat("expression ", Quoted(key.text), " has ",
                          Quoted(never), ", which its view never has"));
      }
    }
  }

  void LintKeys(const DetectionEntry& entry) {
    // What each key is in all its views.
    absl::flat_hash_map<std::string, const DetectionKey*> known;
    for (const DetectionKey& key : entry.keys) {
      std::string all_views;
      int letters = 0;
      const ViewMask views = ViewsOf(entry, key.text);
      for (int v = 0; v < kTextViews; ++v) {
        const TextView view = static_cast<TextView>(v);
        if ((views & MaskOf(view)) == 0) continue;
        const std::string text = Normalizer::Get().NormalizeKey(key.text, view);
        absl::StrAppend(&all_views, text, "\n");
        letters = std::max(letters, CountCharacters(text) + CountHan(text));
      }
      if (letters == 0) {
        Warn(key.line, absl::StrCat("key ", Quoted(key.text),
                                    " is nothing once normalised: it is never "
                                    "found"));
        continue;
      }
      if (letters < kFewestLetters && !entry.exact) {
        Warn(key.line, absl::StrCat("key ", Quoted(key.text),
                                    " is short: two Han characters or four "
                                    "letters are the least that says much"));
      }
      const auto [first, is_new] = known.emplace(all_views, &key);
      if (!is_new) {
        Warn(key.line,
             absl::StrCat("key ", Quoted(key.text), " is the same as ",
                          Quoted(first->second->text), " in line ",
                          first->second->line));
      }
    }
  }

  const RulePack& pack_;
  std::string where_;
  std::vector<std::pair<int, std::string>> warnings_;
};

}  // namespace

std::vector<std::string> LintRulePack(const RulePack& pack) {
  return PackLinter(pack).Lint();
}

}  // namespace lenscap
