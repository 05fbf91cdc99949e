#include "fingerprint/layout.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "media/video_reader.h"
#include "tests/fingerprint/pictures.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr int kFrames = 16;
constexpr uint8_t kBlack = 16;

// 0 to 255, well mixed.
int Mix(int x, int y, int seed) {
  uint32_t h = static_cast<uint32_t>(x) * 0x9e3779b1u ^
               static_cast<uint32_t>(y) * 0x85ebca77u ^
               static_cast<uint32_t>(seed) * 0xc2b2ae35u;
  h = (h ^ (h >> 15)) * 0x2c1b3c6du;
  h = (h ^ (h >> 12)) * 0x297a2d39u;
  return (h ^ (h >> 15)) >> 24;
}

// Random tones, one in 24 samples each way, and smooth between them.
int Tone(int x, int y, int seed) {
  constexpr int kCell = 24;
  const int i = x / kCell, j = y / kCell, u = x % kCell, v = y % kCell;
  const int top = Mix(i, j, seed) * (kCell - u) + Mix(i + 1, j, seed) * u;
  const int bottom =
      Mix(i, j + 1, seed) * (kCell - u) + Mix(i + 1, j + 1, seed) * u;
  return (top * (kCell - v) + bottom * v) / (kCell * kCell);
}

// A sample of a camera that pans over a random smooth scene, 40 to 220.
int Pan(int x, int y, int frame, int seed) {
  const int dx = seed % 2 == 0 ? 7 * frame : 400 - 5 * frame;
  return 40 + Tone(x + dx, y + 3 * frame, seed) * 180 / 255;
}

class Video {
 public:
  Video(int width, int height, uint8_t ground) {
    for (int i = 0; i < kFrames; ++i) {
      frames_.emplace_back(width, height);
      std::fill(frames_[i].samples.begin(), frames_[i].samples.end(), ground);
    }
  }

  // Puts another video, of its own `seed`, in the samples.
  Video& Put(int left, int top, int right, int bottom, int seed,
             bool still = false) {
    return Fill(left, top, right, bottom, [&](int x, int y, int frame) {
      return Pan(x - left, y - top, still ? 0 : frame, seed);
    });
  }

  Video& Fill(int left, int top, int right, int bottom,
              const std::function<int(int x, int y, int frame)>& sample) {
    for (int i = 0; i < kFrames; ++i) {
      for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
          frames_[i].at(x, y) = static_cast<uint8_t>(sample(x, y, i));
        }
      }
    }
    return *this;
  }

  // With what stands in its samples.
  Region At(int left, int top, int right, int bottom) const {
    const double width = frames_[0].width, height = frames_[0].height;
    return {left / width, top / height, right / width, bottom / height};
  }

  std::vector<LayoutPart> Layout() const {
    std::vector<Plane> planes;
    for (const Picture& frame : frames_) planes.push_back(frame.plane());
    return FindLayout(planes, LumaRange::kLimited);
  }

 private:
  std::vector<Picture> frames_;
};

// How far the sides of two regions are apart, as a share of those of `wanted`.
double Off(const Region& region, const Region& wanted) {
  return std::max({std::abs(region.left - wanted.left) / wanted.width(),
                   std::abs(region.right - wanted.right) / wanted.width(),
                   std::abs(region.top - wanted.top) / wanted.height(),
                   std::abs(region.bottom - wanted.bottom) / wanted.height()});
}

MATCHER_P2(HasPart, kind, region, "") {
  double best = 1;
  for (const LayoutPart& part : arg) {
    if (part.kind == kind) best = std::min(best, Off(part.region, region));
  }
  *result_listener << "the nearest is " << best << " off";
  return best <= 0.01;
}

constexpr auto kContent = LayoutPart::Kind::kContent;
constexpr auto kTile = LayoutPart::Kind::kTile;
constexpr auto kInner = LayoutPart::Kind::kInner;

TEST(LayoutTest, AnOrdinaryVideoHasNoParts) {
  for (int seed = 1; seed <= 8; ++seed) {
    EXPECT_THAT(Video(320, 180, 0).Put(0, 0, 320, 180, seed).Layout(),
                IsEmpty())
        << seed;
    EXPECT_THAT(Video(180, 320, 0).Put(0, 0, 180, 320, seed, true).Layout(),
                IsEmpty())
        << seed;
  }
}

TEST(LayoutTest, BordersOfAnyColourAndWidthAreTakenOff) {
  struct Case {
    int left, top, right, bottom;
  };
  for (const Case& c : {Case{0, 22, 320, 158},
                        {0, 5, 320, 175},
                        {0, 70, 320, 180},
                        {40, 0, 280, 180},
                        {110, 0, 211, 180},
                        {8, 0, 310, 180},
                        {12, 9, 290, 171},
                        {30, 20, 316, 150},
                        {120, 66, 200, 114}}) {
    for (const uint8_t colour : {16, 90, 235}) {
      Video video(320, 180, colour);
      video.Put(c.left, c.top, c.right, c.bottom, c.left + c.bottom);
      EXPECT_THAT(video.Layout(),
                  HasPart(kContent, video.At(c.left, c.top, c.right, c.bottom)))
          << c.left << "," << c.top << " on " << int{colour};
    }
  }
}

TEST(LayoutTest, ASubtitleInABorderIsNoContent) {
  Video video(320, 180, kBlack);
  video.Put(0, 30, 320, 150, 5);
  video.Fill(90, 160, 230, 170, [](int x, int y, int frame) {
    return Mix(x / 2, y / 2, frame / 4) < 90 ? 230 : int{kBlack};
  });
  EXPECT_THAT(video.Layout(), HasPart(kContent, video.At(0, 30, 320, 150)));
}

TEST(LayoutTest, ADarkVideoIsToldFromItsBorder) {
  Video video(320, 180, kBlack);
  // Noise, and here and there a light in the dark.
  video.Fill(0, 24, 320, 156, [](int x, int y, int frame) {
    return 18 + Mix(x, y, frame) / 16 +
           (Mix(x / 8, y / 8, frame / 3) > 235 ? 40 : 0);
  });
  EXPECT_THAT(video.Layout(), HasPart(kContent, video.At(0, 24, 320, 156)));
}

TEST(LayoutTest, AStillPictureAroundAMovingOneIsABorder) {
  Video video(320, 180, 0);
  video.Put(0, 0, 320, 180, 3, true).Put(45, 30, 269, 156, 8);
  const auto parts = video.Layout();
  EXPECT_THAT(parts, HasPart(kContent, video.At(45, 30, 269, 156)));
}

// A grid of pans, one in five of them still, with gaps of so many samples.
struct Wall {
  int rows, columns, gap;
  uint8_t colour = kBlack;
  int empty = -1;  // The number of a cell without a picture.
};

void ExpectTiles(const Wall& wall) {
  SCOPED_TRACE(absl::StrCat(wall.rows, "x", wall.columns, " gap ", wall.gap));
  const int cell_width = (320 - (wall.columns - 1) * wall.gap) / wall.columns;
  const int cell_height = (180 - (wall.rows - 1) * wall.gap) / wall.rows;
  const int width = wall.columns * (cell_width + wall.gap) - wall.gap;
  const int height = wall.rows * (cell_height + wall.gap) - wall.gap;
  Video video(width, height, wall.colour);
  std::vector<LayoutPart> wanted;
  for (int i = 0; i < wall.rows * wall.columns; ++i) {
    if (i == wall.empty) continue;
    const int row = i / wall.columns, column = i % wall.columns;
    const int left = column * (cell_width + wall.gap);
    const int top = row * (cell_height + wall.gap);
    video.Put(left, top, left + cell_width, top + cell_height, i + 1,
              i % 5 == 4);
    wanted.push_back({kTile,
                      video.At(left, top, left + cell_width, top + cell_height),
                      row, column, wall.rows, wall.columns});
  }
  std::vector<LayoutPart> tiles;
  for (const LayoutPart& part : video.Layout()) {
    if (part.kind == kTile) tiles.push_back(part);
  }
  ASSERT_THAT(tiles, SizeIs(wanted.size()));
  for (size_t i = 0; i < tiles.size(); ++i) {
    EXPECT_EQ(tiles[i].row, wanted[i].row);
    EXPECT_EQ(tiles[i].column, wanted[i].column);
    EXPECT_EQ(tiles[i].rows, wanted[i].rows);
    EXPECT_EQ(tiles[i].columns, wanted[i].columns);
    EXPECT_LE(Off(tiles[i].region, wanted[i].region), 0.02) << i;
  }
}

TEST(LayoutTest, EveryGridUpToSixBySixIsFound) {
  for (int rows = 1; rows <= 6; ++rows) {
    for (int columns = rows == 1 ? 2 : 1; columns <= 6; ++columns) {
      ExpectTiles({rows, columns, 0});
    }
  }
}

TEST(LayoutTest, GapsBetweenTilesMayHaveAnyColour) {
  for (const uint8_t colour : {16, 120, 235}) {
    for (const int gap : {2, 4, 6}) {
      ExpectTiles({2, 2, gap, colour});
      ExpectTiles({3, 3, gap, colour});
      ExpectTiles({4, 6, gap, colour});
    }
  }
}

TEST(LayoutTest, ACellWithoutAPictureIsNoTile) {
  ExpectTiles({3, 3, 0, kBlack, 4});
  ExpectTiles({4, 4, 2, kBlack, 15});
}

TEST(LayoutTest, TilesComeWithoutTheirOwnBorders) {
  Video video(320, 180, kBlack);
  for (int i = 0; i < 4; ++i) {
    const int left = i % 2 * 160, top = i / 2 * 90;
    video.Put(left, top + 12, left + 160, top + 78, i + 1);
  }
  const auto parts = video.Layout();
  for (int i = 0; i < 4; ++i) {
    const int left = i % 2 * 160, top = i / 2 * 90;
    EXPECT_THAT(parts,
                HasPart(kTile, video.At(left, top + 12, left + 160, top + 78)));
  }
}

TEST(LayoutTest, AGridMayStandInABorder) {
  Video video(320, 180, kBlack);
  for (int i = 0; i < 9; ++i) {
    const int left = 40 + i % 3 * 80, top = 15 + i / 3 * 50;
    video.Put(left, top, left + 80, top + 50, i + 1);
  }
  const auto parts = video.Layout();
  EXPECT_THAT(parts, HasPart(kContent, video.At(40, 15, 280, 165)));
  for (int i = 0; i < 9; ++i) {
    const int left = 40 + i % 3 * 80, top = 15 + i / 3 * 50;
    EXPECT_THAT(parts,
                HasPart(kTile, video.At(left, top, left + 80, top + 50)));
  }
}

TEST(LayoutTest, APictureInThePictureIsFound) {
  struct Case {
    int left, top, right, bottom;
  };
  for (const Case& c : {Case{150, 80, 310, 170},
                        {10, 8, 234, 134},
                        {100, 50, 212, 113},
                        {160, 90, 320, 180}}) {
    for (const bool still : {false, true}) {
      Video video(320, 180, 0);
      video.Put(0, 0, 320, 180, 6, still);
      video.Put(c.left, c.top, c.right, c.bottom, 9);
      const auto parts = video.Layout();
      const Region wanted = video.At(c.left, c.top, c.right, c.bottom);
      EXPECT_TRUE(std::any_of(parts.begin(), parts.end(),
                              [&](const LayoutPart& part) {
                                return Off(part.region, wanted) <= 0.01;
                              }))
          << c.left << "," << c.top << (still ? " on a still" : "");
    }
  }
}

TEST(LayoutTest, PicturesSideBySideAreFound) {
  Video video(320, 180, 0);
  video.Put(0, 0, 130, 180, 2).Put(130, 0, 320, 180, 11);
  const auto parts = video.Layout();
  EXPECT_THAT(parts, HasPart(kInner, video.At(0, 0, 130, 180)));
  EXPECT_THAT(parts, HasPart(kInner, video.At(130, 0, 320, 180)));
}

TEST(LayoutTest, AVideoOverItsBlurredEnlargementIsFound) {
  Video video(320, 180, 0);
  video.Fill(0, 0, 320, 180, [](int x, int y, int frame) {
    return Pan(x / 3 + 5, y / 3 + 40, frame, 4);
  });
  video.Put(110, 0, 211, 180, 4);
  EXPECT_THAT(video.Layout(), HasPart(kInner, video.At(110, 0, 211, 180)));
}

TEST(LayoutTest, ABlurredEnlargementIsABorderWhereItsEdgeIsFaint) {
  // The picture is little lighter than its borders, but it has grain.
  Video video(180, 320, 0);
  video.Fill(0, 0, 180, 320, [](int x, int y, int frame) {
    return Pan(x / 3 + 5, y / 3 + 40, frame, 4);
  });
  video.Fill(0, 110, 180, 211, [](int x, int y, int frame) {
    const int grain = Mix(x, y, frame / 4) % 25 - 12;
    return Pan(x / 3 + 5, y / 3 + 40, frame, 4) + 8 + grain;
  });
  EXPECT_THAT(video.Layout(), HasPart(kContent, video.At(0, 110, 180, 211)));
}

TEST(LayoutTest, APictureCloseToTheEdgeIsToldFromOneThatReachesIt) {
  for (const bool still : {false, true}) {
    Video video(320, 180, 0);
    video.Put(0, 0, 320, 180, 6, still).Put(92, 3, 316, 129, 9);
    // Around it, a still picture is a border.
    EXPECT_THAT(video.Layout(),
                HasPart(still ? kContent : kInner, video.At(92, 3, 316, 129)));
  }
}

TEST(LayoutTest, PlanesOfAnySizeAreTaken) {
  for (const int width : {1, 2, 7, 8, 31, 32, 33, 64, 400}) {
    for (const int height : {1, 3, 9, 32, 35, 130}) {
      for (const Pattern pattern : kPatterns) {
        const Picture picture = MakePicture(pattern, width, height);
        const auto parts = FindLayout(std::vector<Plane>(3, picture.plane()),
                                      LumaRange::kFull);
        EXPECT_LE(parts.size(), size_t{kMaxLayoutParts});
        EXPECT_TRUE(parts.empty() || (width >= 32 && height >= 32));
        for (const LayoutPart& part : parts) {
          EXPECT_GE(part.region.left, 0);
          EXPECT_LE(part.region.right, 1 + 1e-9);
          EXPECT_LT(part.region.left, part.region.right);
          EXPECT_GE(part.region.top, 0);
          EXPECT_LE(part.region.bottom, 1 + 1e-9);
          EXPECT_LT(part.region.top, part.region.bottom);
        }
      }
    }
  }
}

TEST(LayoutTest, NothingIsFoundInNothing) {
  EXPECT_THAT(FindLayout({}, LumaRange::kFull), IsEmpty());
  EXPECT_THAT(FindLayout({Plane{}}, LumaRange::kFull), IsEmpty());
  const Picture small = MakePicture(Pattern::kNoise, 64, 64);
  const Picture large = MakePicture(Pattern::kNoise, 80, 64);
  EXPECT_THAT(FindLayout({small.plane(), large.plane()}, LumaRange::kFull),
              IsEmpty());
  for (const uint8_t colour : {0, 16, 128, 255}) {
    EXPECT_THAT(Video(320, 180, colour).Layout(), IsEmpty());
  }
}

TEST(LayoutTest, PlanesBeyondTheMostAreLeftOut) {
  const Picture picture = MakePicture(Pattern::kBlobs, 64, 64);
  // The one of another size comes too late to matter.
  std::vector<Plane> planes(kMaxLayoutPlanes, picture.plane());
  const auto parts = FindLayout(planes, LumaRange::kFull);
  planes.push_back({});
  EXPECT_EQ(FindLayout(planes, LumaRange::kFull).size(), parts.size());
}

// A picture shrunk to at most 320 by 320 by the mean of what each sample
// covers.
Picture Shrunk(const Plane& plane) {
  const int longer = std::max({plane.width, plane.height, 320});
  const int width = std::max(1, plane.width * 320 / longer);
  const int height = std::max(1, plane.height * 320 / longer);
  Picture shrunk(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int left = x * plane.width / width;
      const int right = std::max(left + 1, (x + 1) * plane.width / width);
      const int top = y * plane.height / height;
      const int bottom = std::max(top + 1, (y + 1) * plane.height / height);
      int sum = 0;
      for (int v = top; v < bottom; ++v) {
        for (int u = left; u < right; ++u) {
          sum += plane.data[v * plane.stride + u];
        }
      }
      shrunk.at(x, y) =
          static_cast<uint8_t>(sum / ((right - left) * (bottom - top)));
    }
  }
  return shrunk;
}

// The layout of up to 24 frames from the start of a file, two a second.
std::vector<LayoutPart> LayoutOf(const std::string& path) {
  auto source = OpenFileSource(path);
  EXPECT_TRUE(source.ok()) << source.status();
  if (!source.ok()) return {};
  auto reader = VideoReader::Open(*std::move(source),
                                  {.sample_interval = absl::Milliseconds(500)});
  EXPECT_TRUE(reader.ok()) << reader.status();
  if (!reader.ok()) return {};
  std::vector<Picture> frames;
  LumaRange range = LumaRange::kLimited;
  while (frames.size() < 24) {
    const auto frame = (*reader)->Next();
    if (!frame.ok() || !frame->has_value()) break;
    range = (*frame)->range;
    frames.push_back(Shrunk((*frame)->luma));
  }
  std::vector<Plane> planes;
  for (const Picture& frame : frames) planes.push_back(frame.plane());
  return FindLayout(planes, range);
}

int CountTiles(const std::vector<LayoutPart>& parts, int rows, int columns) {
  return std::count_if(parts.begin(), parts.end(), [&](const LayoutPart& part) {
    return part.kind == kTile && part.rows == rows && part.columns == columns;
  });
}

TEST(LayoutTest, AnEncodedGridAndLetterboxAreFound) {
  // Two moving pictures without straight lines of their own.
  const std::vector<std::string> inputs = {
      "-t", "6", "-f", "lavfi", "-i", "mandelbrot=s=640x360:r=5",
      "-t", "6", "-f", "lavfi", "-i", "gradients=s=640x360:r=5:n=4:seed=1"};
  const std::vector<std::string> codec = {
      "-t", "6", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "28"};
  const auto make = [&](const std::string& graph) {
    std::vector<std::string> arguments = inputs;
    arguments.insert(arguments.end(), {"-filter_complex", graph});
    arguments.insert(arguments.end(), codec.begin(), codec.end());
    return LayoutOf(MakeMedia("layout.mp4", arguments));
  };
  EXPECT_EQ(CountTiles(make("[0]split[a][b];[1]split[c][d];"
                            "[b]negate,vflip[e];[d]negate,hflip[f];"
                            "[a][c]hstack[g];[f][e]hstack[h];"
                            "[g][h]vstack,format=yuv420p"),
                       2, 2),
            4);
  EXPECT_THAT(make("[0][1]hstack,scale=640:360,pad=640:480:0:60,"
                   "format=yuv420p"),
              HasPart(kContent, Region{0, 0.125, 1, 0.875}));
}

TEST(LayoutTest, GridsOfRealFootageAreFound) {
  LENSCAP_DEV_DATA_OR_SKIP(data);
  struct Case {
    std::string name;
    int rows, columns;
  };
  for (const Case& c : {Case{"g2x2_a", 2, 2},
                        {"g2x2_b", 2, 2},
                        {"g3x3", 3, 3},
                        {"g4x4", 4, 4},
                        {"g6x4", 4, 6},
                        {"conf2x2", 2, 2},
                        {"duet", 1, 2}}) {
    const auto parts =
        LayoutOf(absl::StrCat(data, "/footage/grid/", c.name, "_dev.mp4"));
    EXPECT_EQ(CountTiles(parts, c.rows, c.columns), c.rows * c.columns)
        << c.name;
  }
}

TEST(LayoutTest, OrdinaryFootageHasFewParts) {
  LENSCAP_DEV_DATA_OR_SKIP(data);
  // The first file of each kind, by name.
  std::map<std::string, std::string> first;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(data + "/footage")) {
    const std::string path = entry.path().string();
    if (!absl::EndsWith(path, ".mp4") || absl::StrContains(path, "/grid/")) {
      continue;
    }
    const auto [known, is_new] =
        first.emplace(entry.path().parent_path().string(), path);
    if (!is_new) known->second = std::min(known->second, path);
  }
  ASSERT_GT(first.size(), 5u);
  size_t parts = 0;
  for (const auto& [kind, path] : first) parts += LayoutOf(path).size();
  EXPECT_LT(parts, 2 * first.size());
}

}  // namespace
}  // namespace lenscap
