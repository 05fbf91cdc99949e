#include "models/text_lines.h"

#include <cmath>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// A map from a drawing: '#' is a clock, 't' is other text.
TextMap MapOf(const std::vector<std::string>& rows) {
  TextMap map = {.width = static_cast<int>(rows[0].size()),
                 .height = static_cast<int>(rows.size()),
                 .text = {},
                 .clock = {}};
  for (const std::string& row : rows) {
    for (const char cell : row) {
      map.clock.push_back(cell == '#' ? 0.9f : 0.3f);
      map.text.push_back(cell == '.' ? 0.1f : 0.9f);
    }
  }
  return map;
}

constexpr int kCell = 8;  // Samples of a still for each cell of a map.
constexpr int kRowsBelow =
    20;  // Of empty cells, so that lines are not too high.

// A flat still for the map, with strokes in the rows [top, bottom) of cells.
CueStill StillFor(const TextMap& map,
                  std::vector<std::pair<double, double>> rows) {
  CueStill still = {.time = {},
                    .width = map.width * kCell,
                    .height = map.height * kCell,
                    .luma = {}};
  still.luma.assign(size_t{1} * still.width * still.height, 80);
  for (const auto& [top, bottom] : rows) {
    for (int y = static_cast<int>(top * kCell); y < bottom * kCell; ++y) {
      for (int x = 0; x < still.width; x += 3) {
        still.luma[size_t{1} * y * still.width + x] = 230;
      }
    }
  }
  return still;
}

std::vector<TextLine> Find(std::vector<std::string> rows,
                           std::vector<std::pair<double, double>> strokes) {
  rows.resize(rows.size() + kRowsBelow, std::string(rows[0].size(), '.'));
  const TextMap map = MapOf(rows);
  const CueStill still = StillFor(map, std::move(strokes));
  return FindTextLines(map, {&still});
}

TEST(FindTextLinesTest, CellsBesideEachOtherAreALineAndClocksComeFirst) {
  const auto lines = Find(
      {
          "tttt......",
          "..........",
          "...#####..",
          "..........",
      },
      {{0, 1}, {2, 3}});
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_NEAR(lines[0].clock, 0.9, 1e-6);
  // With margins of a cell and half a line beside, a third of it above.
  EXPECT_NEAR(lines[0].left, 3 * kCell - 12, 2);
  EXPECT_NEAR(lines[0].right, 8 * kCell + 12, 2);
  EXPECT_NEAR(lines[0].top, 2 * kCell - 3, 2);
  EXPECT_NEAR(lines[0].bottom, 3 * kCell + 3, 2);
  EXPECT_NEAR(lines[1].clock, 0.3, 1e-6);
}

TEST(FindTextLinesTest, WordsOfALineAreJoinedAndFarOnesAreNot) {
  EXPECT_THAT(Find({"####.####"}, {{0, 1}}), SizeIs(1));
  EXPECT_THAT(Find({"####.....####"}, {{0, 1}}), SizeIs(2));
}

TEST(FindTextLinesTest, AClockStandsAloneThoughAHigherLogoTouchesIt) {
  const auto lines = Find(
      {
          "########tttttttttt",
          "........tttttttttt",
          "........tttttttttt",
      },
      {{0, 1}, {1.5, 3}});
  ASSERT_FALSE(lines.empty());
  EXPECT_NEAR(lines[0].clock, 0.9, 1e-6);
  EXPECT_LT(lines[0].right, 11 * kCell);
}

TEST(FindTextLinesTest, ALineThatIsSureInPartsIsTakenWhole) {
  const auto lines = Find({"###tttttt####ttt"}, {{0, 1}});
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0].left, 0);
  EXPECT_GE(lines[0].right, 16 * kCell);
  EXPECT_GT(lines[0].clock, 0.4);
}

TEST(FindTextLinesTest, LinesCloseAboveEachOtherAreToldApartByTheirStrokes) {
  const auto lines = Find(
      {
          "..........",
          ".########.",
          ".########.",
          ".########.",
          "..........",
      },
      {{1, 2}, {2.75, 3.75}});
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_LT(lines[0].bottom, lines[1].bottom);
  EXPECT_GT(lines[1].top, 2 * kCell);
}

TEST(FindTextLinesTest, SpecksAreNoLines) {
  EXPECT_THAT(Find({"#....#....#", "...........", "....#......"}, {{0, 3}}),
              IsEmpty());
}

TEST(FindTextLinesTest, AtMostFourAreToldTheClocksFirst) {
  std::vector<std::string> rows;
  std::vector<std::pair<double, double>> strokes;
  for (int i = 0; i < 20; ++i) {
    rows.push_back(i % 7 == 0 ? "####..........tttt" : "..........tttt....");
    rows.emplace_back(18, '.');
    rows.emplace_back(18, '.');
    strokes.emplace_back(3 * i, 3 * i + 1);
  }
  const auto lines = Find(rows, strokes);
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_GT(lines[2].clock, 0.5);
  EXPECT_LT(lines[3].clock, 0.5);
}

TEST(FindTextLinesTest, AMapThatIsFullAndAPictureThatIsPlainAreNoHarm) {
  const TextMap map = MapOf(std::vector<std::string>(45, std::string(80, '#')));
  const CueStill plain = StillFor(map, {});
  EXPECT_THAT(FindTextLines(map, {&plain}), IsEmpty());
  CueStill tiny = {.time = {}, .width = 16, .height = 16, .luma = {}};
  for (int i = 0; i < 256; ++i)
    tiny.luma.push_back(static_cast<uint8_t>(i * 31));
  for (const TextLine& line : FindTextLines(map, {&tiny})) {
    EXPECT_GE(line.left, 0);
    EXPECT_LE(line.right, 16);
    EXPECT_LT(line.top, line.bottom);
    EXPECT_LE(line.bottom, 16);
  }
}

TEST(StrongestTest, IsTheMeanOfTheStrongestSix) {
  EXPECT_EQ(Strongest({}), 0);
  const std::vector<float> cells = {1, 1, 1, 0, 0, 1, 1, 1, 0.5f};
  EXPECT_NEAR(Strongest(cells), 1, 1e-6);
  EXPECT_NEAR(Strongest(std::vector<float>{0.5f, 0.1f}), 0.3, 1e-6);
}

CueStill RampStill(int width, int height) {
  CueStill still = {.time = {}, .width = width, .height = height, .luma = {}};
  for (int i = 0; i < width * height; ++i) {
    still.luma.push_back(static_cast<uint8_t>(i / width * 255 / (height - 1)));
  }
  return still;
}

TEST(CutLineTest, TheLineHasAFixedHeightAndItsOwnShape) {
  const CueStill still = RampStill(640, 360);
  for (const int length : {3, 60, 300, 632}) {
    const LinePicture picture = CutLine(
        still, {.left = 8, .top = 80, .right = 8 + length, .bottom = 96});
    EXPECT_EQ(picture.width % 8, 0);
    EXPECT_GE(picture.width, LinePicture::kMinWidth);
    EXPECT_LE(picture.width, LinePicture::kMaxWidth);
    ASSERT_EQ(picture.luma.size(), 32u * picture.width);
  }
}

TEST(CutLineTest, LinesAtTheBorderAndEmptyOnesAreCutWithinThePicture) {
  for (const int side : {16, 17, 960}) {
    const CueStill still = RampStill(side, side);
    const LinePicture picture =
        CutLine(still, {.left = 0, .top = 0, .right = side, .bottom = side});
    EXPECT_LT(picture.luma.front(), 20);
    EXPECT_GT(picture.luma.back(), 235);
    EXPECT_EQ(CutLine(still, {}).width, LinePicture::kMinWidth);
  }
}

TEST(CharactersTest, Utf8IsTakenApartAndWhatIsNoneIsLeftOut) {
  EXPECT_THAT(Characters("1年°"), ElementsAre("1", "年", "°"));
  EXPECT_THAT(Characters("a\xff\xe5"
                         "b\xe5\xb9"),
              ElementsAre("a", "b"));
  EXPECT_THAT(Characters(""), IsEmpty());
}

TEST(DecodeLineTest, RepeatsAreOneCharacterUnlessNothingIsBetween) {
  const std::vector<std::string> alphabet = {"1", "2"};
  const auto decode = [&](const std::vector<int>& best) {
    std::vector<float> scores;
    for (const int character : best) {
      for (int i = 0; i < 3; ++i) scores.push_back(i == character ? 0.f : -9.f);
    }
    return DecodeLine(scores, alphabet);
  };
  EXPECT_EQ(decode({0, 1, 1, 0, 1, 2, 2, 0}), "112");
  EXPECT_EQ(decode({0, 0}), "");
  EXPECT_EQ(decode({}), "");
  std::vector<int> endless;
  for (int i = 0; i < 1000; ++i) endless.push_back(1 + i % 2);
  EXPECT_EQ(decode(endless).size(), 64);
}

TEST(DecodeLineTest, ScoresThatAreNoNumbersDoNoHarm) {
  const std::vector<float> scores(9, std::nanf(""));
  EXPECT_EQ(DecodeLine(scores, std::vector<std::string>{"1", "2"}), "");
}

}  // namespace
}  // namespace lenscap
