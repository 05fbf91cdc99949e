#include "listings/split_characters.h"

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "listings/split_table.h"

namespace lenscap {
namespace {

constexpr uint32_t kFurthest = 8;  // Bytes.

enum class Way : uint8_t { kBound, kTogether, kApart };

struct Join {
  char32_t joined;
  Way way;
};

using Joins = absl::flat_hash_map<uint64_t, Join>;

uint64_t KeyOf(char32_t first, char32_t second) {
  return uint64_t{first} << 32 | second;
}

template <size_t n>
void Add(const SplitCharacter (&rows)[n], Way way, Joins* joins) {
  for (const SplitCharacter& row : rows) {
    joins->emplace(KeyOf(row[0], row[1]), Join{row[2], way});
  }
}

const Joins& Table() {
  static const auto* const table = [] {
    auto* joins = new Joins;
    Add(kBoundParts, Way::kBound, joins);
    Add(kPartsTogether, Way::kTogether, joins);
    Add(kPartsApart, Way::kApart, joins);
    return joins;
  }();
  return *table;
}

bool MayJoin(const Join& join, SplitParts parts, const TextUnit& first,
             const TextUnit& second) {
  const bool sure = join.way != Way::kApart;
  if (sure != (parts == SplitParts::kSure)) return false;
  if (!second.gap) return true;
  return join.way == Way::kBound && second.start - first.end <= kFurthest;
}

}  // namespace

void JoinSplitCharacters(SplitParts parts, std::vector<TextUnit>* units) {
  const Joins& joins = Table();
  size_t kept = 0;
  for (size_t i = 0; i < units->size(); ++i, ++kept) {
    TextUnit& unit = (*units)[kept];
    if (kept < i) unit = (*units)[i];
    if (unit.kind != TextKind::kHan || i + 1 == units->size()) continue;
    const TextUnit& next = (*units)[i + 1];
    const auto found = joins.find(KeyOf(unit.code_point, next.code_point));
    if (found == joins.end() || !MayJoin(found->second, parts, unit, next)) {
      continue;
    }
    unit.end = next.end;
    Become(found->second.joined, &unit);
    ++i;
  }
  units->resize(kept);
}

}  // namespace lenscap
