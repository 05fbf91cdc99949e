// Trains the cue model on labelled footage and writes its version folder:
//
//   bazel run //tests/bench:train_cues -- --data=FOLDER
//   --out=$PWD/models/weights/2
//
// FOLDER is as tests/models/labelled_clips.h says. Prints how well each cue
// does on clips of groups that were kept from the training; models/CARD.md
// explains.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "models/logistic.h"
#include "tests/models/cue_samples.h"

ABSL_FLAG(std::string, data, "", "The folder of labelled footage.");
ABSL_FLAG(std::string, out, "", "The version folder to write; must be new.");

namespace lenscap {
namespace {

constexpr double kPenalty = 1;
constexpr int kFolds = 5;

struct MeasuredClip {
  LabelledClip clip;
  size_t frames = 0;
  std::vector<double> measures;
};

absl::StatusOr<std::vector<MeasuredClip>> MeasureClips(
    const std::string& folder) {
  std::vector<std::string> labels;
  for (const CueLesson& lesson : kCueLessons) labels.push_back(lesson.label);
  ASSIGN_OR_RETURN(const auto clips, ReadManifest(folder, labels));
  std::fprintf(stderr, "Measuring %zu clips.\n", clips.size());
  std::vector<MeasuredClip> measured;
  for (const LabelledClip& clip : clips) {
    ASSIGN_OR_RETURN(const auto frames, ReadCueFrames(clip.path));
    ASSIGN_OR_RETURN(auto measures, MeasureCues(frames));
    measured.push_back({clip, frames.size(), std::move(measures)});
  }
  return measured;
}

// The clips that can teach a cue.
std::vector<MeasuredClip> UsableFor(const CueLesson& lesson,
                                    const std::vector<MeasuredClip>& clips) {
  std::vector<MeasuredClip> usable;
  for (const MeasuredClip& measured : clips) {
    if (IsUsable(measured.clip, measured.frames, lesson)) {
      usable.push_back(measured);
    }
  }
  return usable;
}

LabelledSample SampleOf(const MeasuredClip& measured, const CueLesson& lesson) {
  LabelledSample sample;
  for (const CueMeasure measure : lesson.measures) {
    sample.features.push_back(measured.measures[measure]);
  }
  sample.positive = measured.clip.labels.at(lesson.label);
  sample.group = measured.clip.group;
  return sample;
}

void PrintScores(const char* what, const std::vector<double>& held_out,
                 const std::vector<LabelledSample>& samples) {
  int positives = 0;
  std::set<std::string> groups, positive_groups;
  for (const LabelledSample& sample : samples) {
    positives += sample.positive;
    groups.insert(sample.group);
    if (sample.positive) positive_groups.insert(sample.group);
  }
  std::printf(
      "  %-17s %3zu of %3zu groups, %2d positive of %2zu groups: held out, "
      "ROC AUC %.3f, AP %.3f\n",
      what, samples.size(), groups.size(), positives, positive_groups.size(),
      RocAuc(held_out, samples), AveragePrecision(held_out, samples));
}

// Whether each part of a cross-validation leaves clips of both kinds.
absl::Status CheckEnough(const std::vector<LabelledSample>& samples,
                         const CueLesson& lesson) {
  for (const bool positive : {false, true}) {
    std::set<std::string> groups;
    for (const LabelledSample& sample : samples) {
      if (sample.positive == positive) groups.insert(sample.group);
    }
    if (groups.size() < 2) {
      return absl::InvalidArgumentError(absl::StrCat(
          "manifest.csv: wants clips of two groups where ", lesson.label,
          " is ", positive, ", has ", groups.size()));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<LinearCue> Teach(const std::vector<MeasuredClip>& all,
                                const CueLesson& lesson) {
  std::vector<LabelledSample> samples;
  const std::vector<MeasuredClip> clips = UsableFor(lesson, all);
  for (const MeasuredClip& measured : clips) {
    samples.push_back(SampleOf(measured, lesson));
  }
  RETURN_IF_ERROR(CheckEnough(samples, lesson));
  const std::vector<double> held_out = CrossValidate(samples, kPenalty, kFolds);
  const Calibration line = Calibrate(held_out, samples);
  const LinearModel model = FitLogistic(samples, kPenalty);
  LinearCue cue = {.name = lesson.cue,
                   .bias = line.offset + line.slope * model.bias,
                   .weights = std::vector<double>(kCueMeasures)};
  for (size_t i = 0; i < lesson.measures.size(); ++i) {
    cue.weights[lesson.measures[i]] = line.slope * model.weights[i];
  }

  std::printf("%s: bias %.3f, weights", lesson.cue, cue.bias);
  for (const double weight : cue.weights) std::printf(" %.3f", weight);
  std::printf("\n");
  std::vector<double> of_videos;
  std::vector<LabelledSample> videos;
  for (size_t i = 0; i < clips.size(); ++i) {
    if (clips[i].clip.image) continue;
    of_videos.push_back(held_out[i]);
    videos.push_back(samples[i]);
  }
  PrintScores("videos", of_videos, videos);
  if (lesson.from_images) PrintScores("with images", held_out, samples);
  return cue;
}

absl::Status Write(const std::filesystem::path& folder,
                   const std::string& model) {
  std::error_code error;
  if (!std::filesystem::create_directories(folder, error)) {
    return absl::AlreadyExistsError(absl::StrCat(
        "--out: ", folder.string(), " is there or cannot be made"));
  }
  std::ofstream(folder / "model.pt", std::ios::binary) << model;
  std::ofstream(folder / "MANIFEST")
      << ToHex(Sha256Of(model)) << "  model.pt\n";
  return absl::OkStatus();
}

absl::Status Train() {
  const std::string data = absl::GetFlag(FLAGS_data);
  const std::string out = absl::GetFlag(FLAGS_out);
  if (data.empty() || out.empty()) {
    return absl::InvalidArgumentError("--data and --out are needed");
  }
  ASSIGN_OR_RETURN(const std::vector<MeasuredClip> clips, MeasureClips(data));
  std::vector<LinearCue> cues;
  for (const CueLesson& lesson : kCueLessons) {
    ASSIGN_OR_RETURN(cues.emplace_back(), Teach(clips, lesson));
  }
  ASSIGN_OR_RETURN(const std::string model, SerializeCueModule(cues));
  return Write(out, model);
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Trains the cue model on labelled footage.");
  absl::ParseCommandLine(argc, argv);
  if (const absl::Status status = lenscap::Train(); !status.ok()) {
    std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
    return 1;
  }
}
