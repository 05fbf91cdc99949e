// Files that are cut short, damaged or no media at all.

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "media/byte_source.h"
#include "tests/media/read_media.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using Arguments = std::vector<std::string>;

// Three seconds, 30 frames, with sound.
std::string MakeVideo(const std::string& name, const Arguments& options = {}) {
  Arguments arguments = {
      "-f",       "lavfi",     "-i",   "testsrc2=d=3:s=160x96:r=10",
      "-f",       "lavfi",     "-i",   "sine=d=3",
      "-pix_fmt", "yuv420p",   "-c:v", "libx264",
      "-preset",  "ultrafast", "-g",   "5",
      "-c:a",     "aac"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return ReadFileBytes(MakeMedia(name, arguments));
}

absl::StatusCode CodeOf(std::string bytes) {
  const MediaRead read = ReadMediaBytes(std::move(bytes));
  EXPECT_TRUE(read.frames.empty());
  EXPECT_FALSE(read.status.message().empty());
  return read.status.code();
}

struct Container {
  const char* file;
  Arguments options;
};

class CutTest : public testing::TestWithParam<Container> {};

TEST_P(CutTest, GivesTheFramesBeforeTheCutAndSaysSo) {
  const std::string whole = MakeVideo(GetParam().file, GetParam().options);
  const MediaRead all = ReadMediaBytes(whole);
  ASSERT_EQ(all.frames.size(), 30) << all.status;
  EXPECT_FALSE(all.facts.truncated);
  size_t shorter = 0;
  for (double share : {0.4, 0.6, 0.8}) {
    const MediaRead cut = ReadMediaBytes(whole.substr(0, whole.size() * share));
    ASSERT_TRUE(cut.status.ok()) << cut.status;
    EXPECT_TRUE(cut.facts.truncated) << share;
    EXPECT_GT(cut.frames.size(), shorter) << share;
    EXPECT_LT(cut.frames.size(), 28) << share;
    shorter = cut.frames.size();
    // The last frame of all may be half a frame.
    for (size_t i = 0; i + 1 < cut.frames.size(); ++i) {
      EXPECT_EQ(LumaBytes(cut.frames[i]), LumaBytes(all.frames[i])) << i;
      EXPECT_EQ(cut.times()[i], all.times()[i]) << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Containers, CutTest,
    testing::Values(Container{"a.mp4", {"-movflags", "+faststart"}},
                    Container{"b.mp4",
                              {"-movflags", "frag_keyframe+empty_moov"}},
                    Container{"a.mkv", {}}, Container{"a.flv", {}},
                    Container{"a.ts", {}}, Container{"a.avi", {}}),
    [](const auto& info) {
      std::string name = info.param.file;
      name[1] = '_';
      return name;
    });

TEST(DamageTest, AnMp4WithoutItsIndexIsUnreadable) {
  const std::string whole = MakeVideo("a.mp4");
  EXPECT_EQ(CodeOf(whole.substr(0, whole.size() / 2)),
            absl::StatusCode::kInvalidArgument);
}

TEST(DamageTest, ZeroFramesAreAnError) {
  const std::string whole = MakeVideo("a.mp4", {"-movflags", "+faststart"});
  const size_t pixels = whole.find("mdat") + 4;
  const MediaRead read = ReadMediaBytes(whole.substr(0, pixels));
  EXPECT_EQ(read.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(read.status.message().find("not one picture"), std::string::npos)
      << read.status;
  EXPECT_TRUE(read.facts.truncated);
}

TEST(DamageTest, WhatIsNoVideoIsAnError) {
  const absl::StatusCode invalid = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(CodeOf(""), invalid);
  EXPECT_EQ(CodeOf("x"), invalid);
  EXPECT_EQ(CodeOf(std::string(100'000, '\0')), invalid);
  EXPECT_EQ(CodeOf("The quick brown fox jumps over the lazy dog.\n"), invalid);
  EXPECT_EQ(CodeOf("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n"), invalid);
  EXPECT_EQ(CodeOf("<svg xmlns='http://www.w3.org/2000/svg'/>"), invalid);
  EXPECT_EQ(CodeOf(ReadFileBytes(MakeMedia(
                "a.m4a", {"-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac"}))),
            invalid);
  EXPECT_EQ(CodeOf(ReadFileBytes(MakeMedia(
                "a.bmp",
                {"-f", "lavfi", "-i", "testsrc2=s=16x16", "-frames:v", "1"}))),
            invalid);
  std::string noise;
  std::mt19937 random(1);
  for (int i = 0; i < 300'000; ++i) noise += static_cast<char>(random());
  EXPECT_EQ(CodeOf(noise), invalid);
}

TEST(DamageTest, AFormatThatIsNotAllowedIsNotEvenOpened) {
  const MediaRead read = ReadMediaFile(MakeMedia(
      "a.bmp", {"-f", "lavfi", "-i", "testsrc2=s=16x16", "-frames:v", "1"}));
  EXPECT_NE(read.status.message().find("known format"), std::string::npos)
      << read.status;
}

TEST(DamageTest, TheErrorNamesACodecThatIsUnknown) {
  const MediaRead read = ReadMediaFile(MakeMedia(
      "a.mkv",
      {"-f", "lavfi", "-i", "testsrc2=d=0.2:s=64x64", "-c:v", "ffv1"}));
  EXPECT_EQ(read.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(read.status.message().find("ffv1"), std::string::npos)
      << read.status;
}

TEST(DamageTest, DamageInTheMiddleIsPassedOver) {
  for (const char* file : {"a.mp4", "a.mkv", "a.ts", "a.flv", "a.avi"}) {
    std::string bytes = MakeVideo(file);
    const size_t middle = bytes.size() / 2;
    std::mt19937 random(1);
    for (size_t i = middle; i < middle + bytes.size() / 20; ++i) {
      bytes[i] = static_cast<char>(random());
    }
    const MediaRead read = ReadMediaBytes(bytes);
    ASSERT_TRUE(read.status.ok()) << file << ": " << read.status;
    EXPECT_GE(read.frames.size(), 20) << file;
    EXPECT_NEAR(read.times().back(), 2.9, 0.11) << file;
    EXPECT_FALSE(read.facts.truncated) << file;
  }
}

// The frame that would be sampled is destroyed: the next one stands in.
TEST(DamageTest, ALostSampleIsReplacedByTheNextFrame) {
  std::string bytes = ReadFileBytes(MakeMedia(
      "a.avi",
      {"-f", "lavfi", "-i", "testsrc2=d=2:s=64x64:r=10", "-c:v", "mjpeg"}));
  size_t picture = 0;
  for (int i = 0; i <= 5; ++i)
    picture = bytes.find("\xFF\xD8\xFF", picture + 1);
  ASSERT_NE(picture, std::string::npos);
  const size_t end = bytes.find("\xFF\xD9", picture);
  bytes.replace(picture, end - picture, end - picture, '\0');
  const MediaRead read =
      ReadMediaBytes(bytes, {.sample_interval = absl::Milliseconds(500)});
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_EQ(read.times(), (std::vector<double>{0, 0.6, 1, 1.5}));
}

class RandomDamageTest : public testing::TestWithParam<Container> {};

TEST_P(RandomDamageTest, DoesNoHarm) {
  const std::string whole = MakeVideo(GetParam().file, GetParam().options);
  std::mt19937 random(7);
  for (int round = 0; round < 25; ++round) {
    std::string bytes = whole;
    const int hits = 1 << (round % 9);
    for (int i = 0; i < hits; ++i) {
      // Half of it in the headers, where it matters most.
      const size_t reach = i % 2 == 0 ? bytes.size() : bytes.size() / 50 + 64;
      bytes[random() % reach] = static_cast<char>(random());
    }
    const MediaRead read = ReadMediaBytes(bytes);
    EXPECT_EQ(read.frames.empty(), read.facts.frames_sampled == 0);
    EXPECT_LE(read.frames.size(), 500);
    absl::Duration last;
    for (const Frame& frame : read.frames) {
      EXPECT_EQ(LumaBytes(frame).size(), frame.luma.width * frame.luma.height);
      EXPECT_GE(frame.time, last);
      last = frame.time;
    }
    if (read.status.ok()) {
      EXPECT_FALSE(read.frames.empty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Containers, RandomDamageTest,
    testing::Values(
        Container{"a.mp4", {}}, Container{"a.mkv", {}}, Container{"a.ts", {}},
        Container{"a.flv", {}}, Container{"a.avi", {"-c:v", "mpeg4"}},
        Container{"a.mpg",
                  {"-vf", "fps=25", "-c:v", "mpeg2video", "-c:a", "mp2"}},
        Container{"a.webm", {"-c:v", "libvpx-vp9", "-cpu-used", "8", "-an"}},
        Container{"a.gif", {"-c:v", "gif", "-pix_fmt", "bgr8", "-an"}}),
    [](const auto& info) { return std::string(info.param.file).substr(2); });

// Fails with DATA_LOSS beyond some offset. Does not know its length, so that
// nobody looks at its end first.
class FailingSource final : public ByteSource {
 public:
  FailingSource(std::string bytes, int64_t good)
      : good_(good), bytes_(MakeMemorySource(std::move(bytes))) {}

  absl::StatusOr<size_t> ReadAt(int64_t offset,
                                absl::Span<uint8_t> buffer) override {
    if (offset >= good_) return absl::DataLossError("a bad sector");
    return bytes_->ReadAt(
        offset, buffer.first(std::min<int64_t>(buffer.size(), good_ - offset)));
  }
  int64_t size() const override { return -1; }

 private:
  const int64_t good_;
  const std::unique_ptr<ByteSource> bytes_;
};

TEST(DamageTest, AReadErrorIsNotTheEnd) {
  for (const char* file : {"a.mkv", "a.ts", "a.flv"}) {
    const std::string bytes = MakeVideo(file, {"-b:v", "40M", "-qp", "1"});
    ASSERT_GT(bytes.size(), 150'000);
    const int64_t good = bytes.size() / 2;
    auto reader =
        VideoReader::Open(std::make_unique<FailingSource>(bytes, good),
                          {.sample_interval = absl::ZeroDuration(),
                           .limits = {.probe_bytes = 20'000}});
    ASSERT_TRUE(reader.ok()) << file << ": " << reader.status();
    absl::Status status;
    int frames = 0;
    while (status.ok() && frames < 100) {
      const auto frame = (*reader)->Next();
      status = frame.status();
      if (frame.ok() && !frame->has_value()) break;
      ++frames;
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << file;
    EXPECT_GT(frames, 5) << file;
    EXPECT_EQ((*reader)->Next().status(), status) << "it stays so";
  }
}

TEST(DamageTest, AReadErrorWhileOpeningIsReported) {
  const std::string bytes = MakeVideo("a.mp4");
  for (int64_t good : {0, 1, 1000}) {
    EXPECT_EQ(
        ReadMedia(std::make_unique<FailingSource>(bytes, good)).status.code(),
        absl::StatusCode::kDataLoss)
        << good;
  }
}

}  // namespace
}  // namespace lenscap
