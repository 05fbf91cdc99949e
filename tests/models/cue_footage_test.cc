// The shipped model on the development footage. It was trained on it, so this
// only tells that the shipped weights, the decoder and the sampler still belong
// together; how good the model is, models/CARD.md says.

#include <cstdio>

#include "gtest/gtest.h"
#include "models/cue_model.h"
#include "models/logistic.h"
#include "tests/models/cue_samples.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr absl::Duration kEnd = absl::Seconds(10);  // To be quick.

TEST(CueFootageTest, TheShippedModelStillKnowsItsFootage) {
  LENSCAP_DEV_DATA_OR_SKIP(data);
  const auto model = OpenCueModel("models/weights");
  ASSERT_TRUE(model.ok()) << model.status();
  const auto clips = ReadManifest(data + "/footage", {"static", "ir"});
  ASSERT_TRUE(clips.ok()) << clips.status();
  std::vector<double> scores[kCueLessons.size()];
  std::vector<LabelledSample> samples[kCueLessons.size()];
  for (const LabelledClip& clip : *clips) {
    if (clip.image || clip.composite) continue;
    const auto frames = ReadCueFrames(clip.path, kEnd);
    ASSERT_TRUE(frames.ok()) << clip.path << ": " << frames.status();
    const auto report = (*model)->Score(*frames);
    ASSERT_TRUE(report.ok()) << clip.path << ": " << report.status();
    if (!report->unavailable.empty()) continue;
    for (size_t i = 0; i < kCueLessons.size(); ++i) {
      if (!IsUsable(clip, frames->size(), kCueLessons[i])) continue;
      scores[i].push_back(report->cues[i].probability);
      samples[i].emplace_back().positive = clip.labels.at(kCueLessons[i].label);
    }
  }
  for (size_t i = 0; i < kCueLessons.size(); ++i) {
    const double auc = RocAuc(scores[i], samples[i]);
    std::printf("%s: %zu clips, ROC AUC %.3f\n", kCueLessons[i].cue,
                samples[i].size(), auc);
    EXPECT_GE(samples[i].size(), 80);
    EXPECT_GE(auc, 0.95) << kCueLessons[i].cue;
  }
}

}  // namespace
}  // namespace lenscap
