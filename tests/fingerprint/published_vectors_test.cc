// Images through our own decoder, against the hashes that the PDQ reference's
// hasher gives for the files: ours, and those that come with the reference.
//
// The reference decodes with libjpeg or libpng to RGB and weighs that to luma
// without rounding; we take the luma that the JPEG file holds. Where a side is
// longer than 512, its hasher (not the algorithm) also picks 512x512 samples
// first, each the nearest to its place, which aliases; we never drop samples.

#include <cstdio>
#include <fstream>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "fingerprint/pdq.h"
#include "gtest/gtest.h"
#include "media/video_reader.h"
#include "tests/fingerprint/pictures.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int kLongestSide = 512;

struct Vector {
  std::string path;
  Hash256 hash;
  int quality = 0;
};

std::vector<Vector> ReadVectors(const std::string& csv) {
  std::ifstream file(csv);
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "path,pdq_hex,quality");
  std::vector<Vector> vectors;
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = absl::StrSplit(line, ',');
    Vector vector;
    vector.path = fields.at(0);
    vector.hash = HashFromHex(fields.at(1)).value();
    EXPECT_TRUE(absl::SimpleAtoi(fields.at(2), &vector.quality));
    vectors.push_back(vector);
  }
  return vectors;
}

// What the reference's hasher makes of a large picture.
Picture PickNearest(const Plane& luma) {
  Picture picked(kLongestSide, kLongestSide);
  for (int y = 0; y < kLongestSide; ++y) {
    for (int x = 0; x < kLongestSide; ++x) {
      picked.at(x, y) = luma.data[y * luma.height / kLongestSide * luma.stride +
                                  x * luma.width / kLongestSide];
    }
  }
  return picked;
}

Frame OnlyFrame(const std::string& path) {
  auto source = OpenFileSource(path);
  EXPECT_TRUE(source.ok()) << source.status();
  auto reader = VideoReader::Open(*std::move(source), {});
  EXPECT_TRUE(reader.ok()) << path << ": " << reader.status();
  const auto frame = (*reader)->Next();
  EXPECT_TRUE(frame.ok()) << path << ": " << frame.status();
  EXPECT_FALSE((*reader)->Next()->has_value()) << path;
  return frame->value();
}

struct Distances {
  bool resized = false;  // By the reference's hasher.
  int direct = 0;        // Of our hash of the file.
  int as_hasher = 0;     // Of our hash after the hasher's detours.
  int quality = 0;
};

// The detours: by way of RGB, where colours that it cannot hold are clamped,
// and through PickNearest where the picture is large.
Distances Measure(const std::string& path, const Vector& vector) {
  Distances distances;
  const Frame frame = OnlyFrame(path);
  const Plane& luma = frame.luma;
  const Pdq pdq = ComputePdq(luma, LumaRange::kFull);
  distances.direct = HammingDistance(pdq.hash, vector.hash);
  distances.quality = pdq.quality;
  distances.resized = std::max(luma.width, luma.height) > kLongestSide;

  const std::string rgb = MakeMedia(
      "rgb.png", {"-i", path, "-sws_flags", "accurate_rnd+full_chroma_int",
                  "-compression_level", "0", "-pix_fmt", "rgb24"});
  const Frame decoded = OnlyFrame(rgb);
  const Pdq as_hasher =
      distances.resized
          ? ComputePdq(PickNearest(decoded.luma).plane(), LumaRange::kFull)
          : ComputePdq(decoded.luma, LumaRange::kFull);
  distances.as_hasher = HammingDistance(as_hasher.hash, vector.hash);
  return distances;
}

// Our own pictures, whose samples PNG keeps as they are.
TEST(OwnVectorsTest, PicturesHaveTheReferencesHashes) {
  const std::string directory = "tests/data/pdq/";
  const std::vector<Vector> vectors = ReadVectors(directory + "expected.csv");
  ASSERT_EQ(vectors.size(), 3);
  for (const Vector& vector : vectors) {
    const Frame frame = OnlyFrame(directory + vector.path);
    const Pdq pdq = ComputePdq(frame.luma, frame.range);
    EXPECT_EQ(ToHex(pdq.hash), ToHex(vector.hash)) << vector.path;
    EXPECT_EQ(pdq.quality, vector.quality) << vector.path;
  }
}

TEST(PublishedVectorsTest, EveryImageIsAsNearAsItsDecodingAllows) {
  LENSCAP_DEV_DATA_OR_SKIP(data);
  const std::vector<Vector> vectors = ReadVectors(data + "/pdq/expected.csv");
  ASSERT_EQ(vectors.size(), 24);
  std::printf("%-34s %8s %10s %8s\n", "image", "distance", "as hasher",
              "resized");
  for (const Vector& vector : vectors) {
    SCOPED_TRACE(vector.path);
    const Distances d = Measure(data + "/pdq/" + vector.path, vector);
    std::printf("%-34s %8d %10d %8s\n", vector.path.c_str(), d.direct,
                d.as_hasher, d.resized ? "yes" : "no");
    EXPECT_EQ(d.quality, vector.quality);
    EXPECT_LE(d.direct, d.resized ? 10 : vector.path == "wee.jpg" ? 2 : 0);
    // Whatever distance there is comes of the detours.
    EXPECT_EQ(std::min(d.direct, d.as_hasher), 0);
  }
}

TEST(PublishedVectorsTest, TurnedFilesHaveTheTurnedHashesOfTheFirst) {
  LENSCAP_DEV_DATA_OR_SKIP(data);
  const std::vector<Vector> vectors = ReadVectors(data + "/pdq/expected.csv");
  const Frame frame = OnlyFrame(data + "/pdq/" + vectors.at(0).path);
  const DihedralPdq dihedral = ComputeDihedralPdq(frame.luma, frame.range);
  for (int file = 0; file < kOrientations; ++file) {
    for (int k = 0; k < kOrientations; ++k) {
      const int distance =
          HammingDistance(dihedral.hashes[k], vectors.at(file).hash);
      if (k == file) {
        EXPECT_LE(distance, 16) << vectors[file].path;
      } else {
        EXPECT_GE(distance, 80) << vectors[file].path << " " << k;
      }
    }
  }
}

}  // namespace
}  // namespace lenscap
