#include "listings/picture_words.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "unicode/utf8.h"

namespace lenscap {
namespace {

struct PictureWord {
  char32_t picture;
  std::u32string_view han;
  std::u32string_view latin;
};

// By the picture.
constexpr PictureWord kPictureWords[] = {
    {U'\u231A', U"手表", U"watch"},
    {U'\u23F0', U"闹钟", U"clock"},
    {U'\U0001F3A5', U"摄像头", U"camera"},
    {U'\U0001F3AC', U"视频", U"video"},
    {U'\U0001F3E0', U"家庭", U"home"},
    {U'\U0001F3E1', U"家庭", U"home"},
    {U'\U0001F3E8', U"酒店", U"hotel"},
    {U'\U0001F3E9', U"酒店", U"hotel"},
    {U'\U0001F453', U"眼镜", U"glasses"},
    {U'\U0001F491', U"情侣", U"couple"},
    {U'\U0001F4B0', U"价格", U"price"},
    {U'\U0001F4B5', U"价格", U"price"},
    {U'\U0001F4F7', U"摄像头", U"camera"},
    {U'\U0001F4F8', U"摄像头", U"camera"},
    {U'\U0001F4F9', U"摄像头", U"camera"},
    {U'\U0001F4FC', U"录像", U"recording"},
    {U'\U0001F4FD', U"摄像头", U"camera"},
    {U'\U0001F50C', U"插座", U"charger"},
    {U'\U0001F511', U"密码", U"password"},
    {U'\U0001F513', U"破解", U"unlocked"},
    {U'\U0001F576', U"眼镜", U"glasses"},
    {U'\U0001F58A', U"钢笔", U"pen"},
    {U'\U0001F58B', U"钢笔", U"pen"},
    {U'\U0001F5DD', U"密码", U"password"},
    {U'\U0001F6BD', U"厕所", U"toilet"},
    {U'\U0001F6BF', U"浴室", U"shower"},
    {U'\U0001F6C1', U"浴室", U"bathroom"},
    {U'\U0001F6CF', U"卧室", U"bedroom"},
    {U'\U0001F9F8', U"玩偶", U"teddy bear"},
    {U'\U0001FA9E', U"镜子", U"mirror"},
    {U'\U0001FAB4', U"盆栽", U"plant pot"},
};

const PictureWord* WordOf(char32_t c) {
  const auto* const found =
      std::lower_bound(std::begin(kPictureWords), std::end(kPictureWords), c,
                       [](const PictureWord& word, char32_t value) {
                         return word.picture < value;
                       });
  const bool known = found != std::end(kPictureWords) && found->picture == c;
  return known ? found : nullptr;
}

// Of the first byte: pictures lie in two of UTF-8's blocks.
bool MayStartPicture(char byte) { return byte == '\xe2' || byte == '\xf0'; }

void AddWord(std::u32string_view word, uint32_t start, uint32_t end,
             std::vector<TextUnit>* units) {
  bool gap = true;
  for (char32_t c : word) {
    if (c == U' ') {
      gap = true;
      continue;
    }
    units->push_back(MakeUnit(c, start, end));
    units->back().gap = gap;
    gap = false;
  }
}

}  // namespace

std::vector<TextUnit> WithPictureWords(absl::string_view original,
                                       const std::vector<TextUnit>& units) {
  std::vector<TextUnit> with;
  const bool han = std::any_of(
      units.begin(), units.end(),
      [](const TextUnit& unit) { return unit.kind == TextKind::kHan; });
  size_t copied = 0;
  bool after_word = false;
  const auto copy_until = [&](uint32_t end) {
    for (; copied < units.size() && units[copied].start < end; ++copied) {
      with.push_back(units[copied]);
      with.back().gap |= after_word;
      after_word = false;
    }
  };
  const auto size = static_cast<int64_t>(original.size());
  for (int64_t i = 0; i < size;) {
    if (!MayStartPicture(original[i])) {
      ++i;
      continue;
    }
    const auto start = static_cast<uint32_t>(i);
    UChar32 c;
    U8_NEXT(original.data(), i, size, c);
    const PictureWord* const word =
        c < 0 ? nullptr : WordOf(static_cast<char32_t>(c));
    if (word == nullptr) continue;
    copy_until(start);
    AddWord(han ? word->han : word->latin, start, static_cast<uint32_t>(i),
            &with);
    after_word = true;
  }
  if (after_word || !with.empty()) copy_until(UINT32_MAX);
  return with;
}

}  // namespace lenscap
