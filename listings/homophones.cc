#include "listings/homophones.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "listings/homophone_table.h"

namespace lenscap {
namespace {

struct StandIn {
  std::u32string typed;
  std::u32string word;
  std::u32string not_after;   // The characters that must not come before it.
  std::u32string not_before;  // And those that must not follow.
};

// By the first character, longest first.
using StandIns = absl::flat_hash_map<char32_t, std::vector<StandIn>>;

std::u32string Normal(absl::string_view text) {
  std::u32string points;
  for (const TextUnit& unit : ReadUnits(text)) points += unit.code_point;
  return points;
}

const StandIns& Table() {
  static const auto* const table = [] {
    auto* stand_ins = new StandIns;
    for (absl::string_view line :
         absl::StrSplit(kHomophones, '\n', absl::SkipEmpty())) {
      const std::vector<absl::string_view> word = absl::StrSplit(line, ':');
      for (absl::string_view typed : absl::StrSplit(word[1], ',')) {
        std::vector<absl::string_view> parts = absl::StrSplit(typed, '|');
        parts.resize(3);
        StandIn stand_in = {Normal(parts[0]), Normal(word[0]), Normal(parts[2]),
                            Normal(parts[1])};
        (*stand_ins)[stand_in.typed[0]].push_back(std::move(stand_in));
      }
    }
    for (auto& [first, list] : *stand_ins) {
      std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
        return a.typed.size() > b.typed.size();
      });
    }
    return stand_ins;
  }();
  return *table;
}

bool Has(const std::u32string& points, char32_t c) {
  return points.find(c) != std::u32string::npos;
}

bool IsLatin(char32_t c) { return c >= U'a' && c <= U'z'; }

// Whether a word or number of letters and digits goes on from one to the next.
bool GoesOn(const std::vector<TextUnit>& units, size_t before, size_t after) {
  return !units[after].gap && units[before].kind != TextKind::kHan &&
         units[after].kind != TextKind::kHan;
}

// A letter stands for a character only by itself: "偷p" is 偷拍, but "偷pad" is
// not.
bool LettersStandAlone(const std::vector<TextUnit>& units, size_t begin,
                       size_t end) {
  if (IsLatin(units[begin].code_point) && begin > 0 &&
      GoesOn(units, begin - 1, begin)) {
    return false;
  }
  return !IsLatin(units[end - 1].code_point) || end == units.size() ||
         !GoesOn(units, end - 1, end);
}

// So that Latin text costs no look-ups.
bool MayStart(const std::vector<TextUnit>& units, size_t at) {
  return units[at].kind == TextKind::kHan ||
         (at + 1 < units.size() && units[at + 1].kind == TextKind::kHan);
}

bool StandsAt(const StandIn& stand_in, const std::vector<TextUnit>& units,
              size_t at) {
  const size_t end = at + stand_in.typed.size();
  if (end > units.size()) return false;
  for (size_t i = at; i < end; ++i) {
    if (units[i].code_point != stand_in.typed[i - at]) return false;
  }
  if (!LettersStandAlone(units, at, end)) return false;
  if (at > 0 && Has(stand_in.not_after, units[at - 1].code_point)) return false;
  return end == units.size() ||
         !Has(stand_in.not_before, units[end].code_point);
}

}  // namespace

void ReadHomophones(std::vector<TextUnit>* units) {
  const StandIns& table = Table();
  for (size_t i = 0; i < units->size();) {
    size_t read = 1;
    const auto found =
        MayStart(*units, i) ? table.find((*units)[i].code_point) : table.end();
    if (found != table.end()) {
      for (const StandIn& stand_in : found->second) {
        if (!StandsAt(stand_in, *units, i)) continue;
        read = stand_in.typed.size();
        for (size_t j = 0; j < read; ++j) {
          Become(stand_in.word[j], &(*units)[i + j]);
        }
        break;
      }
    }
    i += read;
  }
}

}  // namespace lenscap
