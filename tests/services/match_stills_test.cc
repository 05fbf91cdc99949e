#include "services/match_stills.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/footage.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using testing::ElementsAre;

// A grey frame.
Frame FrameAt(absl::Duration time) {
  auto samples = std::make_shared<std::vector<uint8_t>>(64 * 48, 100);
  Frame frame;
  frame.time = time;
  frame.luma = {samples->data(), 64, 48, 64};
  frame.pixels = samples;
  return frame;
}

std::vector<double> TimesOf(const std::vector<CueStill>& stills) {
  std::vector<double> times;
  for (const CueStill& still : stills) {
    times.push_back(absl::ToDoubleSeconds(still.time));
  }
  return times;
}

// Of frames a second apart, from 0 to `last` seconds.
std::vector<double> Sampled(int last, absl::Duration start,
                            absl::Duration end) {
  SpanSampler sampler({start, end}, 480);
  for (int i = 0; i <= last; ++i) {
    if (!sampler.Add(FrameAt(absl::Seconds(i)))) break;
  }
  return TimesOf(std::move(sampler).Finish());
}

TEST(SpanSamplerTest, GivesTheSpanAndTheFramesAroundIt) {
  EXPECT_THAT(Sampled(9, absl::Seconds(3), absl::Seconds(6)),
              ElementsAre(2, 3, 4, 5, 6));
  EXPECT_THAT(Sampled(4, absl::Seconds(0), absl::Seconds(9)),
              ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(Sampled(4, absl::Seconds(2), absl::Seconds(2)),
              ElementsAre(1, 2));
  EXPECT_THAT(Sampled(2, absl::Seconds(5), absl::Seconds(7)), ElementsAre(2));
  EXPECT_THAT(Sampled(0, absl::ZeroDuration(), absl::ZeroDuration()),
              ElementsAre(0));
}

TEST(SpanSamplerTest, OfALongSpanItKeepsAFewEvenlySpread) {
  for (int length = 1; length < 300; ++length) {
    std::vector<double> times =
        Sampled(length + 20, absl::Seconds(10), absl::Seconds(10 + length));
    ASSERT_EQ(times.front(), 9);
    ASSERT_EQ(times.back(), 10 + length);
    times = {times.begin() + 1, times.end() - 1};
    ASSERT_LE(times.size(), SpanSampler::kMaxWithin);
    ASSERT_GE(times.size(), std::min(length, SpanSampler::kMaxWithin / 2));
    ASSERT_EQ(times[0], 10);
    for (size_t i = 2; i < times.size(); ++i) {
      ASSERT_EQ(times[i] - times[i - 1], times[1] - times[0]) << length;
    }
  }
}

absl::StatusOr<std::vector<CueStill>> Read(const std::string& file,
                                           absl::Duration start,
                                           absl::Duration end) {
  return ReadMatchStills(VideoReader::Open, MakeMemorySource(file), {},
                         {start, end});
}

TEST(ReadMatchStillsTest, ShowsWhatLiesWithinTheSpanOfARealFile) {
  for (const std::string* file :
       {&AmongCloseKeyframes(), &KnownClip(), &HiddenBetweenKeyframes()}) {
    const auto stills = Read(*file, absl::Seconds(5), absl::Seconds(8));
    ASSERT_TRUE(stills.ok()) << stills.status();
    const std::vector<double> times = TimesOf(*stills);
    ASSERT_GE(times.size(), 5);
    EXPECT_LT(times[0], 5);
    EXPECT_GE(times[1], 5);
    EXPECT_LT(times[times.size() - 2], 8);
    EXPECT_GE(times.back(), 8);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  }
}

TEST(ReadMatchStillsTest, APictureGivesOneStillWhateverTheSpan) {
  const std::string picture = ReadFileBytes(MakeMedia(
      "one.png",
      {"-f", "lavfi", "-i", "testsrc2=s=1920x1080:d=1", "-frames:v", "1"}));
  for (const absl::Duration end : {absl::ZeroDuration(), absl::Seconds(1)}) {
    const auto stills = Read(picture, absl::ZeroDuration(), end);
    ASSERT_TRUE(stills.ok()) << stills.status();
    ASSERT_EQ(stills->size(), 1);
    EXPECT_EQ((*stills)[0].width, 480);
    EXPECT_EQ((*stills)[0].height, 270);
  }
}

TEST(ReadMatchStillsTest, WhatBreaksOffGivesWhatCameBefore) {
  const auto stills = Read(TruncatedVideo(), absl::Seconds(2), absl::Hours(1));
  ASSERT_TRUE(stills.ok()) << stills.status();
  EXPECT_GE(stills->size(), 4);
  EXPECT_FALSE(Read("no video", {}, absl::Seconds(1)).ok());
}

}  // namespace
}  // namespace lenscap
