#include "tests/fuzz/pieces.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;

// "start-end" of each piece.
std::vector<std::string> Ranges(absl::string_view file) {
  std::vector<std::string> ranges;
  for (const Piece& piece : FindPieces(file)) {
    ranges.push_back(std::to_string(piece.start) + "-" +
                     std::to_string(piece.end));
  }
  return ranges;
}

const std::string kMovie(
    "\0\0\0\x18moov\0\0\0\x10tkhd12345678\0\0\0\x0Cmdatabcd", 36);
const std::string kRiff("RIFF\x18\0\0\0AVI LIST\x0C\0\0\0hdrlavih\0\0\0\0", 32);
// A segment with one cluster, which has a time.
const std::string kMatroska(
    "\x1A\x45\xDF\xA3\x80\x18\x53\x80\x67\x88\x1F\x43\xB6\x75\x83\xE7\x81\x05",
    18);
const std::string kPng("\x89PNG\r\n\x1a\n\0\0\0\0IEND\xAE\x42\x60\x82", 20);

TEST(PiecesTest, BoxesLieInBoxes) {
  EXPECT_THAT(Ranges(kMovie), ElementsAre("0-24", "8-24", "24-36"));
}

TEST(PiecesTest, ChunksLieInLists) {
  EXPECT_THAT(Ranges(kRiff), ElementsAre("0-32", "12-32", "24-32"));
}

TEST(PiecesTest, ElementsLieInElements) {
  EXPECT_THAT(Ranges(kMatroska), ElementsAre("0-5", "5-18", "10-18", "15-18"));
}

TEST(PiecesTest, PacketsAndTagsAndStartCodesAreFound) {
  std::string packets(376, '\0');
  packets[0] = packets[188] = 'G';
  EXPECT_THAT(Ranges(packets), ElementsAre("0-188", "188-376"));
  const std::string tags(
      "FLV\1\1\0\0\0\x09\0\0\0\0"
      "\x09\0\0\1\0\0\0\0\0\0\0x\0\0\0\x0C"
      "\x09\0\0\1\0\0\0\0\0\0\0y\0\0\0\x0C",
      45);
  EXPECT_THAT(Ranges(tags), ElementsAre("13-29", "29-45"));
  EXPECT_THAT(Ranges(std::string("\0\0\1\xBAxx\0\0\1\xE0yyy", 13)),
              ElementsAre("0-6", "6-13"));
}

TEST(PiecesTest, WhatIsUnknownIsCutIntoEqualParts) {
  EXPECT_EQ(FindPieces(std::string(160, 'x')).size(), 15);
  EXPECT_EQ(FindPieces("x").size(), 1);
  EXPECT_TRUE(FindPieces("").empty());
}

TEST(PiecesTest, LengthsAroundAReplacementArePutRight) {
  EXPECT_EQ(ReplaceWithin(kMovie, 20, 20, "++"),
            std::string("\0\0\0\x1Amoov\0\0\0\x12tkhd1234++5678"
                        "\0\0\0\x0Cmdatabcd",
                        38));
  EXPECT_EQ(ReplaceWithin(kMatroska, 15, 18, "").substr(5),
            std::string("\x18\x53\x80\x67\x85\x1F\x43\xB6\x75\x80", 10));
}

TEST(PiecesTest, APieceIsRepeatedBehindItself) {
  const std::string inner = kMovie.substr(8, 16);
  EXPECT_EQ(
      ReplaceWithin(kMovie, 8, 24, inner + inner),
      std::string("\0\0\0\x28moov", 8) + inner + inner + kMovie.substr(24));
}

TEST(PiecesTest, PngChecksumsAreRepaired) {
  std::string damaged = kPng;
  damaged.back() = 'x';
  RepairPngChecksums(damaged);
  EXPECT_EQ(damaged, kPng);
  std::string movie = kMovie;
  RepairPngChecksums(movie);
  EXPECT_EQ(movie, kMovie) << "it is no PNG";
}

}  // namespace
}  // namespace lenscap
