// Mixtures of evasions, any bytes, and megabytes of them.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "listings/normalized_text.h"
#include "tests/listings/random_text.h"
#include "tests/listings/text_promises.h"

namespace lenscap {
namespace {

NormalizedText Normal(absl::string_view original) {
  NormalizedText text;
  Normalizer::Get().Normalize(original, &text);
  return text;
}

std::string Words(absl::string_view original) {
  return std::string(Normal(original).view(TextView::kWords));
}
std::string Tight(absl::string_view original) {
  return std::string(Normal(original).view(TextView::kTight));
}

// A word of the field with several evasions, each of its characters by itself.
std::string Hidden(TextDice& dice, const std::vector<std::string>& word) {
  constexpr absl::string_view kBetween[] = {"",  "",  " ",  "\u200b", "-",
                                            "…", "📷", "\n", "\u202e", "/"};
  std::string hidden;
  for (const std::string& character : word) {
    absl::StrAppend(&hidden, kBetween[Below(dice, 10)], character);
    if (Below(dice, 3) == 0) hidden += "\u0336";
  }
  return hidden;
}

TEST(HostileTextTest, AnyMixOfEvasionsIsUndone) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> words = {
      {"针孔摄像头", {"針", "孔", "扌聂", "亻象", "頭"}},
      {"偷拍神器", {"偸", "⺘白", "礻申", "器"}},
      {"spycam", {"Ｓ", "р", "𝔂", "ⓒ", "á", "m"}},
      {"监控破解", {"監", "扌空", "破", "解"}},
  };
  TextDice dice(2);
  for (int round = 0; round < 2'000; ++round) {
    const auto& [word, parts] = words[Below(dice, 4)];
    const std::string hidden = Hidden(dice, parts);
    ASSERT_EQ(Tight(hidden), word) << hidden;
  }
}

TEST(HostileTextTest, PromisesHoldForAnyBytes) {
  TextDice dice(3);
  for (int round = 0; round < 3'000; ++round) {
    std::string bytes;
    const uint32_t length = Below(dice, 40);
    for (uint32_t i = 0; i < length; ++i) {
      // Half of them whole characters, half anything.
      bytes += Below(dice, 2) == 0 ? Utf8Of(RandomCodePoint(dice))
                                   : std::string(1, static_cast<char>(dice()));
    }
    ASSERT_EQ(BrokenPromise(bytes, Normal(bytes)), "")
        << "round " << round << ": " << bytes;
  }
}

TEST(HostileTextTest, PromisesHoldForTextsOfAllScripts) {
  TextDice dice(4);
  for (int round = 0; round < 3'000; ++round) {
    std::string text;
    const uint32_t length = Below(dice, 30);
    for (uint32_t i = 0; i < length; ++i) text += Utf8Of(RandomCodePoint(dice));
    ASSERT_EQ(BrokenPromise(text, Normal(text)), "") << "round " << round;
  }
}

std::string Many(absl::string_view what, size_t bytes) {
  std::string many;
  many.reserve(bytes + what.size());
  while (many.size() < bytes) absl::StrAppend(&many, what);
  return many;
}

TEST(HostileTextTest, MegabytesOfWhatCannotBeSeenAreNothing) {
  for (absl::string_view what : {"\u0301", "\u202e", "\u200b", "\ufe0f"}) {
    EXPECT_EQ(Words(Many(what, 10'000'000)), "");
    EXPECT_EQ(Words("a" + Many(what, 1'000'000) + "b"), "ab");
  }
}

TEST(HostileTextTest, WhatIsNoUtf8Separates) {
  EXPECT_EQ(Words("spy\xed\xa0\x80"
                  "cam"),
            "spy cam");  // A lone surrogate.
  EXPECT_EQ(Words("spy\xc0\xaf"
                  "cam"),
            "spy cam");                    // An overlong "/".
  EXPECT_EQ(Words("spy\xe9\x92"), "spy");  // Cut off.
  EXPECT_EQ(Words("spy\xf4\x90\x80\x80"
                  "cam"),
            "spy cam");
  EXPECT_EQ(Words(Many("\xed\xa0\x80", 10'000'000)), "");
}

TEST(HostileTextTest, AMegabyteOfWhatExpandsGrowsWithinItsBound) {
  const std::string bomb = Many("\ufdfa", 1'000'000);
  EXPECT_LE(Words(bomb).size(), bomb.size() * 4);
  EXPECT_LE(Words(Many("㌖", 300'000)).size(), size_t{300'000} * 6);
}

}  // namespace
}  // namespace lenscap
