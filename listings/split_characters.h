#ifndef LENSCAP_LISTINGS_SPLIT_CHARACTERS_H_
#define LENSCAP_LISTINGS_SPLIT_CHARACTERS_H_

#include <vector>

#include "listings/text_units.h"

namespace lenscap {

// Characters that were split into the parts they are made of: "扌白" for 拍,
// "石皮" for 破.
enum class SplitParts {
  // The first part is no character by itself (扌, 亻, 钅), or both together are
  // never words: they are joined in every view.
  kSure,
  // Both are characters, and may be two words side by side ("木几" for 机 is a
  // small table of wood): joined only where words are not looked at.
  kDoubtful,
};

// Joins parts that stand side by side, and, where the first is no character by
// itself, with up to 8 bytes between. A joined unit stands where all its parts
// do. Parts of another kind stay.
void JoinSplitCharacters(SplitParts parts, std::vector<TextUnit>* units);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_SPLIT_CHARACTERS_H_
