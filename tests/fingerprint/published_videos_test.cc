// The sample videos of the public video hasher (vPDQ), frame by frame through
// our own decoder, against its published hashes. It turns every frame into RGB
// and that into luma; we take the luma as it was decoded.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "fingerprint/fingerprint.h"
#include "gtest/gtest.h"
#include "media/video_reader.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int kFramesPerVideo = 90;  // Three seconds, to be quick.

struct PublishedFrame {
  Hash256 hash;
  int quality = 0;
  double seconds = 0;
};

// Lines of "frame,quality,hex,seconds".
std::vector<PublishedFrame> ReadHashes(const std::string& path) {
  std::ifstream file(path);
  std::vector<PublishedFrame> frames;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, ',');
    PublishedFrame frame;
    EXPECT_TRUE(absl::SimpleAtoi(fields.at(1), &frame.quality)) << line;
    frame.hash = HashFromHex(fields.at(2)).value();
    EXPECT_TRUE(absl::SimpleAtod(fields.at(3), &frame.seconds)) << line;
    frames.push_back(frame);
  }
  return frames;
}

// Where there is nothing to see (a wall that fills the frame of the doorknob
// video), the hash is of noise, and the quality says so.
constexpr int kUsableQuality = 50;

struct Distances {
  int frames = 0;
  int quality_off = 0;  // At most.
  int usable = 0;       // Frames; of these:
  int sum = 0;
  int most = 0;
};

Distances Compare(const std::string& video,
                  const std::vector<PublishedFrame>& published) {
  auto source = OpenFileSource(video);
  EXPECT_TRUE(source.ok()) << source.status();
  auto reader = VideoReader::Open(*std::move(source),
                                  {.sample_interval = absl::ZeroDuration()});
  EXPECT_TRUE(reader.ok()) << reader.status();
  Distances d;
  for (; d.frames < kFramesPerVideo; ++d.frames) {
    const auto frame = (*reader)->Next();
    EXPECT_TRUE(frame.ok()) << frame.status();
    if (!frame.ok() || !*frame) break;
    const FrameFingerprint fingerprint = Fingerprint(**frame);
    const PublishedFrame& expected = published.at(d.frames);
    d.quality_off = std::max(
        d.quality_off, std::abs(fingerprint.quality() - expected.quality));
    if (expected.quality >= kUsableQuality) {
      const int distance = HammingDistance(fingerprint.hash(), expected.hash);
      ++d.usable;
      d.sum += distance;
      d.most = std::max(d.most, distance);
    }
    EXPECT_NEAR(absl::ToDoubleSeconds(fingerprint.time), expected.seconds,
                0.001);
  }
  return d;
}

TEST(PublishedVideosTest, EveryUsableFrameIsNearItsPublishedHash) {
  LENSCAP_DEV_DATA_OR_SKIP(data);
  std::vector<std::filesystem::path> videos;
  for (const auto& entry :
       std::filesystem::directory_iterator(data + "/vpdq/videos")) {
    videos.push_back(entry.path());
  }
  std::sort(videos.begin(), videos.end());
  ASSERT_EQ(videos.size(), 14);
  std::printf("%-34s %6s %6s %5s %5s %s\n", "video", "frames", "usable", "mean",
              "most", "quality off by");
  for (const std::filesystem::path& video : videos) {
    SCOPED_TRACE(video);
    const auto published =
        ReadHashes(data + "/vpdq/hashes/" + video.stem().string() + ".txt");
    const Distances d = Compare(video, published);
    const double mean = double(d.sum) / d.usable;
    std::printf("%-34s %6d %6d %5.2f %5d %d\n", video.filename().c_str(),
                d.frames, d.usable, mean, d.most, d.quality_off);
    EXPECT_EQ(d.frames, kFramesPerVideo);
    EXPECT_GE(d.usable, 30);
    EXPECT_LE(mean, 2);
    EXPECT_LE(d.most, 6);
    EXPECT_LE(d.quality_off, 1);
  }
}

}  // namespace
}  // namespace lenscap
