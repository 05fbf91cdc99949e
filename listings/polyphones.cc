#include "listings/polyphones.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "listings/text_table.h"

namespace lenscap {
namespace {

// Words of two characters, and their syllables.
constexpr absl::string_view kWords =
    "银行 yin hang,行业 hang ye,同行 tong hang,行货 hang huo,行情 hang qing,"
    "音乐 yin yue,乐器 yue qi,奏乐 zou yue,"
    "调查 diao cha,调包 diao bao,调换 diao huan,强调 qiang diao,"
    "家长 jia zhang,店长 dian zhang,站长 zhan zhang,增长 zeng zhang,"
    "重播 chong bo,重复 chong fu,重新 chong xin,重置 chong zhi,重装 chong "
    "zhuang,"
    "弹窗 tan chuang,弹出 tan chu,弹簧 tan huang,反弹 fan tan,"
    "首都 shou du,都市 du shi,成都 cheng du,"
    "便宜 pian yi,出差 chu chai,西藏 xi zang,宝藏 bao zang,"
    "大夫 dai fu,关卡 guan qia,角色 jue se,露脸 lou lian,"
    "会计 kuai ji,模样 mu yang,厦门 xia men";

struct Reading {
  uint16_t first = 0;
  uint16_t second = 0;
};

uint64_t KeyOf(char32_t first, char32_t second) {
  return uint64_t{first} << 32 | second;
}

uint16_t NumberOf(absl::string_view syllable) {
  const absl::Span<const absl::string_view> all = Syllables();
  return static_cast<uint16_t>(
      std::lower_bound(all.begin(), all.end(), syllable) - all.begin());
}

const absl::flat_hash_map<uint64_t, Reading>& Table() {
  static const auto* const table = [] {
    auto* readings = new absl::flat_hash_map<uint64_t, Reading>;
    for (absl::string_view line : absl::StrSplit(kWords, ',')) {
      const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
      const std::vector<TextUnit> word = ReadUnits(parts[0]);
      readings->emplace(KeyOf(word[0].code_point, word[1].code_point),
                        Reading{NumberOf(parts[1]), NumberOf(parts[2])});
    }
    return readings;
  }();
  return *table;
}

}  // namespace

void ReadPolyphones(std::vector<TextUnit>* units) {
  const auto& table = Table();
  for (size_t i = 0; i + 1 < units->size(); ++i) {
    TextUnit& first = (*units)[i];
    TextUnit& second = (*units)[i + 1];
    if (first.kind != TextKind::kHan || second.kind != TextKind::kHan) continue;
    const auto found = table.find(KeyOf(first.code_point, second.code_point));
    if (found == table.end()) continue;
    first.sound = found->second.first;
    second.sound = found->second.second;
  }
}

}  // namespace lenscap
