// Pictures are turned the way their container or their EXIF data says.

#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/media/read_media.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using Arguments = std::vector<std::string>;

// 64x48, its quarters at four levels: "ab" above "cd".
const Arguments kQuarters = {
    "-f", "lavfi", "-i",
    "nullsrc=s=64x48:d=0.2:r=10,format=gray,geq=lum='if(lt(Y,H/2),"
    "if(lt(X,W/2),40,90),if(lt(X,W/2),140,190))'"};

const Arguments kH264 = {"-pix_fmt", "yuv420p",   "-c:v", "libx264",
                         "-preset",  "ultrafast", "-qp",  "1"};

Arguments Join(Arguments a, const Arguments& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// The letters of the quarters, as shown.
std::string Quarters(const Frame& frame) {
  const Plane& luma = frame.luma;
  std::vector<int> levels;
  for (int y : {luma.height / 4, luma.height * 3 / 4}) {
    for (int x : {luma.width / 4, luma.width * 3 / 4}) {
      levels.push_back(luma.data[y * luma.stride + x]);
    }
  }
  std::string letters;
  for (int level : levels) {
    int rank = 0;
    for (int other : levels) rank += other < level;
    letters += static_cast<char>('a' + rank);
    if (letters.size() == 2) letters += '/';
  }
  return letters;
}

std::string BigEndian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += value >> shift & 255;
  return bytes;
}

struct Case {
  const char* name;
  int exif;        // The same orientation by its number in EXIF.
  int a, b, c, d;  // x' = a x + c y, y' = b x + d y.
  const char* shown;
};

class UprightTest : public testing::TestWithParam<Case> {
 protected:
  // The width, too, is right.
  void ExpectShown(const MediaRead& read) {
    const Case& expected = GetParam();
    ASSERT_TRUE(read.status.ok()) << read.status;
    ASSERT_FALSE(read.frames.empty());
    const Frame& frame = read.frames[0];
    EXPECT_EQ(Quarters(frame), expected.shown);
    EXPECT_EQ(frame.luma.width, expected.a != 0 ? 64 : 48);
    EXPECT_EQ(frame.luma.height, expected.a != 0 ? 48 : 64);
    EXPECT_EQ(read.facts.width, frame.luma.width);
    EXPECT_EQ(read.facts.height, frame.luma.height);
  }
};

TEST_P(UprightTest, AVideoIsTurnedByItsDisplayMatrix) {
  std::string bytes = ReadFileBytes(MakeMedia("a.mp4", Join(kQuarters, kH264)));
  const size_t header = bytes.find("tkhd");
  ASSERT_NE(header, std::string::npos);
  const Case& to = GetParam();
  std::string matrix;
  for (int value : {to.a, to.b, 0, to.c, to.d, 0, 0, 0, 0x4000}) {
    matrix += BigEndian(static_cast<uint32_t>(value) << 16);
  }
  bytes.replace(header + 44, matrix.size(), matrix);
  ExpectShown(ReadMediaBytes(bytes));
}

TEST_P(UprightTest, APhotoIsTurnedByItsExif) {
  std::string bytes = ReadFileBytes(
      MakeMedia("a.jpg", Join(kQuarters, {"-frames:v", "1", "-q:v", "1"})));
  // One entry: tag 0x0112 (Orientation), type 3 (SHORT), one value.
  const std::string tiff = std::string("MM\0*\0\0\0\x08\0\x01", 10) +
                           std::string("\x01\x12\0\x03\0\0\0\x01\0", 9) +
                           static_cast<char>(GetParam().exif) +
                           std::string(6, '\0');
  const std::string exif = std::string("Exif\0\0", 6) + tiff;
  const char length = static_cast<char>(exif.size() + 2);
  bytes.insert(2, std::string("\xFF\xE1\0", 3) + length + exif);
  ExpectShown(ReadMediaBytes(bytes));
}

INSTANTIATE_TEST_SUITE_P(
    Orientations, UprightTest,
    testing::Values(Case{"Upright", 1, 1, 0, 0, 1, "ab/cd"},
                    Case{"MirroredLeftToRight", 2, -1, 0, 0, 1, "ba/dc"},
                    Case{"HalfTurn", 3, -1, 0, 0, -1, "dc/ba"},
                    Case{"MirroredTopToBottom", 4, 1, 0, 0, -1, "cd/ab"},
                    Case{"Transposed", 5, 0, 1, 1, 0, "ac/bd"},
                    Case{"QuarterTurnRight", 6, 0, 1, -1, 0, "ca/db"},
                    Case{"TransposedAcross", 7, 0, -1, -1, 0, "db/ca"},
                    Case{"QuarterTurnLeft", 8, 0, -1, 1, 0, "bd/ac"}),
    [](const auto& info) { return std::string(info.param.name); });

// The same video, its display matrix set by the ffmpeg command.
std::string Rotated(const std::string& path, const std::string& degrees) {
  return MakeMedia("rotated.mp4", {"-i", path, "-c", "copy", "-metadata:s:v",
                                   "rotate=" + degrees});
}

// The ffmpeg command turns pictures by itself: it must show the same.
TEST(UprightTest, FfmpegShowsTheSame) {
  const std::string upright = MakeMedia("a.mp4", Join(kQuarters, kH264));
  const std::string as_coded = LumaBytes(ReadMediaFile(upright).frames.at(0));
  for (const char* degrees : {"90", "180", "270"}) {
    const std::string path = Rotated(upright, degrees);
    const std::string shown =
        OutputOf({"ffmpeg", "-loglevel", "error", "-i", path, "-vf",
                  "extractplanes=y", "-frames:v", "1", "-f", "rawvideo", "-"});
    EXPECT_NE(shown, as_coded);
    const MediaRead read = ReadMediaFile(path);
    ASSERT_TRUE(read.status.ok()) << read.status;
    EXPECT_EQ(LumaBytes(read.frames[0]), shown) << degrees;
  }
}

TEST(UprightTest, PixelsAreSquaredBeforeThePictureIsTurned) {
  const std::string path =
      MakeMedia("a.mp4", Join(kQuarters, Join(kH264, {"-vf", "setsar=2"})));
  const MediaRead read = ReadMediaFile(Rotated(path, "90"));
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_EQ(read.facts.width, 48);
  EXPECT_EQ(read.facts.height, 128);
}

}  // namespace
}  // namespace lenscap
