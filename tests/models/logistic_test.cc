#include "models/logistic.h"

#include <cmath>
#include <random>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

std::vector<LabelledSample> Samples(
    const std::vector<std::pair<double, bool>>& values) {
  std::vector<LabelledSample> samples;
  for (const auto& [feature, positive] : values) {
    LabelledSample& sample = samples.emplace_back();
    sample.features = {feature};
    sample.positive = positive;
    sample.group = std::to_string(samples.size());
  }
  return samples;
}

// Two clouds of the given distance, in as many dimensions as it has.
std::vector<LabelledSample> Clouds(int count,
                                   const std::vector<double>& apart) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise;
  std::vector<LabelledSample> samples(count);
  for (int i = 0; i < count; ++i) {
    samples[i].positive = i % 2 == 0;
    samples[i].group = std::to_string(i / 4);
    for (const double distance : apart) {
      samples[i].features.push_back(noise(random) +
                                    (samples[i].positive ? distance : 0));
    }
  }
  return samples;
}

std::vector<double> Logits(const LinearModel& model,
                           const std::vector<LabelledSample>& samples) {
  std::vector<double> logits;
  for (const LabelledSample& sample : samples) {
    logits.push_back(model.Logit(sample.features));
  }
  return logits;
}

TEST(LogisticTest, NormalCloudsHaveTheLineThatTheoryGives) {
  // Unit normals at 0 and d: the log-odds are d * x - d * d / 2.
  const auto samples = Clouds(20'000, {1.5, 0});
  const LinearModel model = FitLogistic(samples, 1e-3);
  EXPECT_NEAR(model.weights[0], 1.5, 0.1);
  EXPECT_NEAR(model.weights[1], 0, 0.1);
  EXPECT_NEAR(model.bias, -1.125, 0.1);
}

TEST(LogisticTest, PositivesAndNegativesCountTheSame) {
  auto samples = Samples({{0, false}, {1, true}});
  for (int i = 0; i < 98; ++i) samples.push_back(samples[0]);
  const LinearModel model = FitLogistic(samples, 1e-3);
  EXPECT_NEAR(model.Logit({0.5}), 0, 0.1);
}

TEST(LogisticTest, AScaledFeatureGivesTheSameModel) {
  auto samples = Clouds(400, {1, 2});
  const LinearModel model = FitLogistic(samples, 1);
  for (LabelledSample& sample : samples) sample.features[1] *= 1000;
  const LinearModel scaled = FitLogistic(samples, 1);
  EXPECT_NEAR(scaled.weights[0], model.weights[0], 1e-9);
  EXPECT_NEAR(scaled.weights[1] * 1000, model.weights[1], 1e-9);
}

TEST(LogisticTest, APenaltyHoldsSeparableWeightsSmall) {
  const auto samples =
      Samples({{-1, false}, {-2, false}, {1, true}, {2, true}});
  const double weak = FitLogistic(samples, 0.01).weights[0];
  const double strong = FitLogistic(samples, 10).weights[0];
  EXPECT_TRUE(std::isfinite(weak));
  EXPECT_GT(weak, 3 * strong);
  EXPECT_GT(strong, 0);
}

TEST(LogisticTest, AFeatureThatNeverChangesIsHarmless) {
  auto samples = Clouds(100, {2});
  for (LabelledSample& sample : samples) sample.features.push_back(7);
  const LinearModel model = FitLogistic(samples, 1);
  EXPECT_NEAR(model.weights[1], 0, 1e-9);
  EXPECT_GT(model.weights[0], 0);
}

// Each group's feature names its label, but no feature of another group does.
TEST(LogisticTest, CrossValidationNeverSeesTheGroupItJudges) {
  std::vector<LabelledSample> samples;
  for (int group = 0; group < 10; ++group) {
    for (int i = 0; i < 5; ++i) {
      LabelledSample& sample = samples.emplace_back();
      sample.features.resize(10);
      sample.features[group] = 1;
      sample.positive = group % 2 == 0;
      sample.group = std::to_string(group);
    }
  }
  EXPECT_EQ(RocAuc(Logits(FitLogistic(samples, 0.1), samples), samples), 1);
  EXPECT_LE(RocAuc(CrossValidate(samples, 0.1, 5), samples), 0.5);
}

TEST(LogisticTest, CrossValidationOfAnHonestFeatureDoesNearlyAsWell) {
  const auto samples = Clouds(400, {2});
  const double seen = RocAuc(Logits(FitLogistic(samples, 1), samples), samples);
  EXPECT_NEAR(RocAuc(CrossValidate(samples, 1, 5), samples), seen, 0.01);
}

TEST(LogisticTest, CalibrationUndoesOverconfidence) {
  const auto samples = Clouds(5'000, {1.5});
  std::vector<double> logits = Logits(FitLogistic(samples, 1e-3), samples);
  for (double& logit : logits) logit = 3 * logit + 2;
  const Calibration line = Calibrate(logits, samples);
  EXPECT_NEAR(line.slope, 1.0 / 3, 0.02);
  EXPECT_NEAR(line.offset, -2.0 / 3, 0.05);
}

TEST(LogisticTest, PerfectSeparationIsCalibratedShortOfCertainty) {
  const auto samples = Samples(
      {{-3, false}, {-2, false}, {-1, false}, {1, true}, {2, true}, {3, true}});
  const Calibration line = Calibrate({-30, -20, -10, 10, 20, 30}, samples);
  const double probability =
      1 / (1 + std::exp(-(line.offset + line.slope * 30)));
  EXPECT_GT(probability, 0.7);
  EXPECT_LT(probability, 0.95);
}

TEST(RankingTest, KnownRankings) {
  const auto samples =
      Samples({{0, true}, {0, false}, {0, true}, {0, false}, {0, false}});
  // Best first: positive, negative, positive, negative, negative.
  EXPECT_DOUBLE_EQ(RocAuc({5, 4, 3, 2, 1}, samples), 5.0 / 6);
  EXPECT_DOUBLE_EQ(AveragePrecision({5, 4, 3, 2, 1}, samples),
                   (1.0 + 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(RocAuc({5, 1, 4, 2, 3}, samples), 1);
  EXPECT_DOUBLE_EQ(AveragePrecision({5, 1, 4, 2, 3}, samples), 1);
  EXPECT_DOUBLE_EQ(RocAuc({1, 4, 2, 3, 5}, samples), 0);
}

TEST(RankingTest, TiesCountHalf) {
  const auto samples = Samples({{0, true}, {0, false}, {0, true}, {0, false}});
  EXPECT_DOUBLE_EQ(RocAuc({1, 1, 1, 1}, samples), 0.5);
  EXPECT_DOUBLE_EQ(AveragePrecision({1, 1, 1, 1}, samples), 0.5);
}

}  // namespace
}  // namespace lenscap
