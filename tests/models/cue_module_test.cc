#include "models/cue_module.h"

#include <algorithm>
#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/models/footage.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

constexpr int kSide = CueFrame::kSide;
constexpr int kEdgeSide = kSide - 1;

// What the module measures, sample by sample: the trivially right model.
struct PlainMeasures {
  double persistence, change, saturation, activity, texture;
};

using Picture = std::array<double, kEdgeSide * kEdgeSide>;

Picture StepsOf(const CueFrame& frame) {
  Picture steps;
  const auto at = [&](int x, int y) {
    return frame.luma[y * kSide + x] / 255.;
  };
  for (int y = 0; y < kEdgeSide; ++y) {
    for (int x = 0; x < kEdgeSide; ++x) {
      steps[y * kEdgeSide + x] =
          std::hypot(at(x + 1, y) - at(x, y), at(x, y + 1) - at(x, y));
    }
  }
  return steps;
}

std::vector<bool> EdgesOf(const CueFrame& frame) {
  const Picture steps = StepsOf(frame);
  std::vector<double> some;
  for (size_t k = 0; k < steps.size(); k += 5) some.push_back(steps[k]);
  std::sort(some.begin(), some.end());
  const double least = std::max(0.01, some[int(0.8 * some.size()) - 1]);
  std::vector<bool> edges;
  // In single precision some ties fall the other way.
  for (const double step : steps) edges.push_back(step > least + 1e-9);
  return edges;
}

double MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

PlainMeasures Measure(const std::vector<CueFrame>& frames) {
  PlainMeasures measures = {};
  std::vector<std::vector<bool>> edges;
  for (const CueFrame& frame : frames) edges.push_back(EdgesOf(frame));
  double same = 0, chances = 0, total = 0;
  for (size_t a = 0; a < frames.size(); ++a) {
    for (size_t k = 0; k < edges[a].size(); ++k) {
      if (!edges[a][k]) continue;
      total += 1;
      for (size_t b = 0; b < frames.size(); ++b) {
        if (a == b) continue;
        chances += 1;
        same += edges[b][k];
      }
    }
  }
  measures.persistence = chances > 0 ? same / chances : 0;
  measures.texture = total / (frames.size() * edges[0].size());
  std::vector<double> changes;
  for (size_t i = 1; i < frames.size(); ++i) {
    double change = 0, sum = 0, squares = 0;
    for (size_t k = 0; k < frames[i].luma.size(); ++k) {
      const double now = frames[i].luma[k] / 255.0;
      change += std::fabs(now - frames[i - 1].luma[k] / 255.0);
      sum += now;
      squares += now * now;
    }
    const double n = frames[i].luma.size();
    const double deviation = std::sqrt((squares - sum * sum / n) / (n - 1));
    changes.push_back(change / n / (deviation + 0.02));
  }
  measures.change = changes.empty() ? 0 : MedianOf(changes);
  for (const CueFrame& frame : frames) {
    measures.saturation += frame.saturation / frames.size();
  }
  for (size_t k = 0; k < frames[0].luma.size(); ++k) {
    int low = 255, high = 0;
    for (const CueFrame& frame : frames) {
      low = std::min<int>(low, frame.luma[k]);
      high = std::max<int>(high, frame.luma[k]);
    }
    measures.activity += (high - low > 0.08 * 255) / double(kSide * kSide);
  }
  return measures;
}

void ExpectMeasuredAsPlainly(const std::vector<CueFrame>& frames) {
  const auto measured = MeasureCues(frames);
  ASSERT_TRUE(measured.ok()) << measured.status();
  ASSERT_EQ(measured->size(), kCueMeasures);
  const PlainMeasures plain = Measure(frames);
  EXPECT_NEAR((*measured)[kPersistence], plain.persistence, 0.01);
  EXPECT_NEAR((*measured)[kLogChange], std::log(plain.change + 0.01), 1e-3);
  EXPECT_NEAR((*measured)[kLogSaturation], std::log(plain.saturation + 0.5),
              1e-3);
  EXPECT_NEAR((*measured)[kActivity], plain.activity, 1e-6);
  EXPECT_NEAR((*measured)[kTexture], plain.texture, 0.01);
  EXPECT_GE((*measured)[kBlockPersistence], 0);
  EXPECT_LE((*measured)[kBlockPersistence], 1);
}

TEST(CueModuleTest, MeasuresWhatItSays) {
  ExpectMeasuredAsPlainly(FixedCamera(8));
  ExpectMeasuredAsPlainly(PanningCamera(8, 3));
  ExpectMeasuredAsPlainly(ShakingCamera(9));
  ExpectMeasuredAsPlainly(FixedCamera(2));
  ExpectMeasuredAsPlainly(FixedCamera(1));
}

TEST(CueModuleTest, PicturesWithoutAnyEdgeAreMeasured) {
  ExpectMeasuredAsPlainly(
      MakeFootage(4, 0, [](int, int, int) { return uint8_t{0}; }));
  ExpectMeasuredAsPlainly(MakeFootage(
      4, 0, [](int, int, int frame) { return uint8_t(60 * frame); }));
}

TEST(CueModuleTest, AStillPictureKeepsEveryEdge) {
  const auto still =
      MakeFootage(5, 20, [](int x, int y, int) { return SceneAt(x, y); });
  const auto measured = MeasureCues(still);
  ASSERT_TRUE(measured.ok()) << measured.status();
  EXPECT_NEAR((*measured)[kPersistence], 1, 1e-6);
  EXPECT_NEAR((*measured)[kBlockPersistence], 1, 1e-6);
  EXPECT_EQ((*measured)[kActivity], 0);
}

// A bright sign that covers a quarter of a passing view keeps its edges, but
// not those of the median block.
TEST(CueModuleTest, AnOverlayDoesNotHoldTheMedianBlock) {
  const auto overlaid = MakeFootage(8, 20, [](int x, int y, int frame) {
    return y < 32 ? uint8_t((x / 3 + y / 3) % 2 ? 255 : 0)
                  : SceneAt(x + 9 * frame, y);
  });
  const auto measured = MeasureCues(overlaid);
  ASSERT_TRUE(measured.ok()) << measured.status();
  EXPECT_GT((*measured)[kPersistence], 0.5);
  EXPECT_LT((*measured)[kBlockPersistence], 0.4);
}

TEST(CueModuleTest, NothingCanBeMeasuredOfNoFrames) {
  EXPECT_EQ(MeasureCues({}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(CueModuleTest, OnlyTheCuesItKnowsAreWritten) {
  const std::vector<double> weights(kCueMeasures);
  const LinearCue angle = {"fixed_angle", 0, weights};
  const LinearCue infrared = {"infrared", 0, weights};
  EXPECT_TRUE(SerializeCueModule({angle, infrared}).ok());
  for (const std::vector<LinearCue>& wrong : {std::vector<LinearCue>{},
                                              {angle},
                                              {infrared, angle},
                                              {angle, infrared, angle}}) {
    EXPECT_EQ(SerializeCueModule(wrong).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  const auto short_of = SerializeCueModule({angle, {"infrared", 0, {1, 2}}});
  EXPECT_EQ(short_of.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(short_of.status().message(), HasSubstr("infrared: wants 6"));
}

}  // namespace
}  // namespace lenscap
