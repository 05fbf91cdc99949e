// How well a cue model tells labelled footage, per cue:
//
//   bazel run //tests/bench:cues -- --data=FOLDER --models=$PWD/models/weights
//
// FOLDER is as tests/models/labelled_clips.h says. On the footage that the
// model was trained on the figures flatter it; those of footage that was kept
// back are in models/CARD.md.

#include <chrono>
#include <cstdio>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "base/status_macros.h"
#include "models/cue_model.h"
#include "models/logistic.h"
#include "tests/models/cue_samples.h"

ABSL_FLAG(std::string, data, "", "The folder of labelled footage.");
ABSL_FLAG(std::string, models, "", "The folder of the model's versions.");
ABSL_FLAG(bool, verbose, false, "Whether to print every clip.");

namespace lenscap {
namespace {

struct Results {
  std::vector<double> probabilities;
  std::vector<LabelledSample> samples;
};

void Print(const CueLesson& lesson, const Results& results) {
  int right = 0, positives = 0;
  for (size_t i = 0; i < results.samples.size(); ++i) {
    right += (results.probabilities[i] >= 0.5) == results.samples[i].positive;
    positives += results.samples[i].positive;
  }
  std::printf(
      "%-12s %3zu clips, %3d positive: ROC AUC %.3f, AP %.3f, "
      "right at 0.5: %.0f %%\n",
      lesson.cue, results.samples.size(), positives,
      RocAuc(results.probabilities, results.samples),
      AveragePrecision(results.probabilities, results.samples),
      100.0 * right / results.samples.size());
}

absl::Status Evaluate() {
  ASSIGN_OR_RETURN(const auto model, OpenCueModel(absl::GetFlag(FLAGS_models)));
  std::vector<std::string> labels;
  for (const CueLesson& lesson : kCueLessons) labels.push_back(lesson.label);
  ASSIGN_OR_RETURN(const auto clips,
                   ReadManifest(absl::GetFlag(FLAGS_data), labels));
  std::vector<Results> results(kCueLessons.size());
  std::chrono::duration<double> scoring{};
  int scored = 0;
  for (const LabelledClip& clip : clips) {
    if (clip.image) continue;  // A scan scores videos alone.
    ASSIGN_OR_RETURN(const auto frames, ReadCueFrames(clip.path));
    const auto start = std::chrono::steady_clock::now();
    ASSIGN_OR_RETURN(const CueReport report, model->Score(frames));
    scoring += std::chrono::steady_clock::now() - start;
    if (!report.unavailable.empty()) continue;
    ++scored;
    for (size_t i = 0; i < kCueLessons.size(); ++i) {
      if (!IsUsable(clip, frames.size(), kCueLessons[i])) continue;
      const bool positive = clip.labels.at(kCueLessons[i].label);
      results[i].probabilities.push_back(report.cues.at(i).probability);
      results[i].samples.push_back(
          {.features = {}, .positive = positive, .group = clip.group});
      if (!absl::GetFlag(FLAGS_verbose)) continue;
      std::printf("%-12s %d %.3f %s %s\n", kCueLessons[i].cue, positive,
                  report.cues[i].probability, clip.path.c_str(),
                  report.cues[i].evidence.c_str());
    }
  }
  for (size_t i = 0; i < kCueLessons.size(); ++i) {
    Print(kCueLessons[i], results[i]);
  }
  std::printf("scoring: %.1f ms a clip\n", 1000 * scoring.count() / scored);
  return absl::OkStatus();
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Measures a cue model on labelled footage.");
  absl::ParseCommandLine(argc, argv);
  if (const absl::Status status = lenscap::Evaluate(); !status.ok()) {
    std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
    return 1;
  }
}
