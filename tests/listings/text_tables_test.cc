#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "listings/homophone_table.h"
#include "listings/homophones.h"
#include "listings/split_characters.h"
#include "listings/split_table.h"
#include "listings/text_table.h"
#include "listings/text_units.h"

namespace lenscap {
namespace {

std::vector<TextUnit> Units(const std::u32string& points) {
  std::vector<TextUnit> units;
  for (char32_t c : points) {
    const uint32_t at = static_cast<uint32_t>(units.size());
    units.push_back(MakeUnit(c, at, at + 1));
  }
  return units;
}

std::u32string Points(const std::vector<TextUnit>& units) {
  std::u32string points;
  for (const TextUnit& unit : units) points += unit.code_point;
  return points;
}

template <size_t n>
void ExpectJoined(const SplitCharacter (&rows)[n], SplitParts parts) {
  const SplitParts others =
      parts == SplitParts::kSure ? SplitParts::kDoubtful : SplitParts::kSure;
  for (const SplitCharacter& row : rows) {
    const std::u32string typed(row, 2);
    // As the normaliser would have it, or they would never be seen.
    for (char32_t c : std::u32string(row, 3)) {
      const TextUnit unit = MakeUnit(c, 0, 1);
      EXPECT_EQ(unit.code_point, c);
      EXPECT_EQ(unit.kind, TextKind::kHan) << std::hex << uint32_t{c};
    }
    std::vector<TextUnit> units = Units(typed);
    JoinSplitCharacters(others, &units);
    EXPECT_EQ(Points(units), typed);
    JoinSplitCharacters(parts, &units);
    EXPECT_EQ(Points(units), std::u32string(1, row[2]));
  }
}

TEST(SplitTableTest, EveryRowJoinsWhereItShould) {
  ExpectJoined(kBoundParts, SplitParts::kSure);
  ExpectJoined(kPartsTogether, SplitParts::kSure);
  ExpectJoined(kPartsApart, SplitParts::kDoubtful);
}

TEST(SplitTableTest, PartsThatAreNoCharactersJoinOverAShortGapOnly) {
  std::vector<TextUnit> units = ReadUnits("扌📷白");
  JoinSplitCharacters(SplitParts::kSure, &units);
  EXPECT_EQ(Points(units), U"拍");
  EXPECT_EQ(units[0].start, 0u);
  EXPECT_EQ(units[0].end, 10u);
  units = ReadUnits("扌           白");
  JoinSplitCharacters(SplitParts::kSure, &units);
  EXPECT_EQ(Points(units), U"扌白");
  units = ReadUnits("君 羊");
  JoinSplitCharacters(SplitParts::kSure, &units);
  EXPECT_EQ(Points(units), U"君羊");
}

// Typed, and what it stands for.
std::vector<std::pair<std::string, std::string>> StandIns() {
  std::vector<std::pair<std::string, std::string>> stand_ins;
  for (absl::string_view line :
       absl::StrSplit(kHomophones, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> word = absl::StrSplit(line, ':');
    for (absl::string_view typed : absl::StrSplit(word[1], ',')) {
      const std::vector<std::string> parts = absl::StrSplit(typed, '|');
      stand_ins.emplace_back(parts[0], word[0]);
    }
  }
  return stand_ins;
}

TEST(HomophoneTableTest, EveryStandInReadsAsItsWordOfAsManyCharacters) {
  std::set<std::string> seen;
  for (const auto& [typed, word] : StandIns()) {
    EXPECT_TRUE(seen.insert(typed).second) << typed << " is there twice";
    std::vector<TextUnit> units = ReadUnits(typed);
    ASSERT_EQ(units.size(), ReadUnits(word).size()) << typed;
    ReadHomophones(&units);
    EXPECT_EQ(Points(units), Points(ReadUnits(word))) << typed;
  }
}

TEST(HomophoneTableTest, WordsAreNoStandInsOfOthers) {
  for (const auto& [typed, word] : StandIns()) {
    std::vector<TextUnit> units = ReadUnits(word);
    ReadHomophones(&units);
    EXPECT_EQ(Points(units), Points(ReadUnits(word)));
  }
}

TEST(HomophoneTableTest, OrdinaryWordsThatHoldAStandInStay) {
  for (absl::string_view text :
       {"写真孔雀", "手册所载", "小偷怕人", "两侧所有", "摄像投影", "电影藏品",
        "安徽信息", "种植播种", "一切听你的"}) {
    std::vector<TextUnit> units = ReadUnits(text);
    ReadHomophones(&units);
    EXPECT_EQ(Points(units), Points(ReadUnits(text))) << text;
  }
}

TEST(HomophoneTableTest, ALetterStandsForACharacterByItselfAlone) {
  const auto read = [](absl::string_view text) {
    std::vector<TextUnit> units = ReadUnits(text);
    ReadHomophones(&units);
    return Points(units);
  };
  EXPECT_EQ(read("偷p"), U"偷拍");
  EXPECT_EQ(read("偷🫣p合集"), U"偷拍合集");
  EXPECT_EQ(read("c拍"), U"厕拍");
  EXPECT_EQ(read("s衣间 卧s"), U"试衣间卧室");
  for (absl::string_view text :
       {"偷pad", "情l1", "abc拍", "卧select", "5s衣间", "监kb"}) {
    EXPECT_EQ(read(text), Points(ReadUnits(text))) << text;
  }
}

TEST(TextTableTest, EveryReadingIsASyllable) {
  const auto syllables = Syllables();
  EXPECT_TRUE(std::is_sorted(syllables.begin(), syllables.end()));
  EXPECT_EQ(syllables[0], "");
  EXPECT_GT(syllables.size(), 400u);
  for (absl::string_view syllable : syllables) {
    EXPECT_LE(syllable.size(), 6u) << syllable;
    EXPECT_EQ(syllable.find_first_not_of("abcdefghijklmnopqrstuvwxyz"),
              absl::string_view::npos)
        << syllable;
  }
}

// All of GB 2312's first level, the characters of daily use, have one.
TEST(TextTableTest, NearlyEveryHanCharacterHasAReading) {
  int without = 0;
  for (char32_t c = 0x4e00; c < 0x9fa6; ++c) {
    without += MakeUnit(c, 0, 1).sound == 0;
  }
  EXPECT_LT(without, 20);
}

TEST(TextTableTest, WhatACodePointBecomesStaysAsItIs) {
  for (char32_t c = 0; c < 0x110000; ++c) {
    const TextEntry& entry = EntryOf(c);
    if ((entry.flags & TextEntry::kIsSequence) != 0) {
      ASSERT_LE(SequenceLength(entry), 6);
      for (int i = 0; i < SequenceLength(entry); ++i) {
        const char32_t part = SequenceOf(entry)[i];
        ASSERT_EQ(EntryOf(part).change, 0u) << std::hex << uint32_t{c};
      }
    } else {
      ASSERT_EQ(EntryOf(c + entry.change).change, 0u)
          << std::hex << uint32_t{c};
    }
  }
}

}  // namespace
}  // namespace lenscap
