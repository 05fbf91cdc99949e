#include "listings/normalized_text.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

std::string ViewOf(absl::string_view original, TextView view) {
  NormalizedText text;
  Normalizer::Get().Normalize(original, &text);
  return std::string(text.view(view));
}

std::string Words(absl::string_view original) {
  return ViewOf(original, TextView::kWords);
}
std::string Tight(absl::string_view original) {
  return ViewOf(original, TextView::kTight);
}
std::string Sound(absl::string_view original) {
  return ViewOf(original, TextView::kSound);
}

TEST(NormalizedTextTest, SpacedOutWordsCloseUp) {
  EXPECT_EQ(Tight("h i d d e n - c a m"), "hiddencam");
  EXPECT_EQ(Tight("针 孔 摄/像/头"), "针孔摄像头");
  EXPECT_EQ(Words("  hidden --  cam! "), "hidden cam");
}

TEST(NormalizedTextTest, TypedPinyinSoundsLikeTheCharacters) {
  EXPECT_EQ(Sound("针孔摄像头"), "zhenkongshexiangtou");
  EXPECT_EQ(Sound("zhen1kong3 shè xiàng TOU"), "zhenkongshexiangtou");
}

}  // namespace
}  // namespace lenscap
