// How well a cue model tells labelled footage, per cue, and what it costs:
//
//   bazel run //tests/bench:cues -- --data=FOLDER
//   --model=$PWD/models/weights/2/model.pt
//
// FOLDER is as tests/models/labelled_clips.h says. With --groups=FILE only
// clips of the groups that it lists, one a line, or, with --other_groups, of
// all others. --features=FILE writes what the model rests on, for its trainer.

#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "media/video_reader.h"
#include "models/burned_in_text.h"
#include "models/camera_motion.h"
#include "models/cue_module.h"
#include "tests/models/cue_lessons.h"
#include "tests/models/ranking.h"

ABSL_FLAG(std::string, data, "", "The folder of labelled footage.");
ABSL_FLAG(std::string, model, "", "The model's file.");
ABSL_FLAG(std::string, groups, "", "A file that lists groups.");
ABSL_FLAG(bool, other_groups, false, "Whether those are the ones left out.");
ABSL_FLAG(bool, images, false, "Whether to judge images too.");
ABSL_FLAG(bool, verbose, false, "Whether to print every clip.");
ABSL_FLAG(bool, dense, false,
          "Whether videos are sampled densely, as for training, and not as a "
          "server does it.");
ABSL_FLAG(bool, cost, false, "Whether to time the cues and a full decode.");
ABSL_FLAG(double, threshold, 0.5, "From which probability on a cue counts.");
ABSL_FLAG(std::string, features, "", "Where to write the features.");

namespace lenscap {
namespace {

// Of this thread, in seconds.
double CpuTime() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

struct ScoredClip {
  LabelledClip clip;
  CueScores scores;
  BurnedInTexts texts;
};

// Seconds of CPU that the cues of one clip add, by step, and that decoding all
// of it takes.
struct Cost {
  double sample = 0;
  double motion = 0;
  double text = 0;
  double look = 0;
  double decode = 0;

  double cues() const { return sample + motion + text + look; }
  void Add(const Cost& other) {
    sample += other.sample;
    motion += other.motion;
    text += other.text;
    look += other.look;
    decode += other.decode;
  }
};

void Print(const Cost& cost, const std::string& what) {
  std::printf(
      "  cues %6.1f ms (sampling %.1f, motion %.1f, text %.1f, look %.1f), "
      "decoding %7.1f ms: %.3f %s\n",
      1000 * cost.cues(), 1000 * cost.sample, 1000 * cost.motion,
      1000 * cost.text, 1000 * cost.look, 1000 * cost.decode,
      cost.cues() / cost.decode, what.c_str());
}

absl::StatusOr<std::unique_ptr<CueModule>> LoadModule(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.empty()) return absl::NotFoundError(absl::StrCat(path, ": empty"));
  return CueModule::Load(std::move(bytes));
}

absl::StatusOr<ScoredClip> ScoreClip(const CueModule& module,
                                     const LabelledClip& clip,
                                     const CueFootage& footage) {
  ScoredClip scored{.clip = clip, .scores = {}, .texts = {}};
  ASSIGN_OR_RETURN(scored.texts, ReadBurnedInTexts(module, footage.stills));
  ASSIGN_OR_RETURN(
      scored.scores,
      module.Score(footage, MeasureMotion(footage.frames), scored.texts.clock));
  return scored;
}

absl::StatusOr<double> TimeDecode(const LabelledClip& clip) {
  const double start = CpuTime();
  ASSIGN_OR_RETURN(auto source, OpenFileSource(clip.path));
  ASSIGN_OR_RETURN(auto reader, VideoReader::Open(
                                    std::move(source),
                                    {.sample_interval = absl::ZeroDuration()}));
  while (true) {
    ASSIGN_OR_RETURN(const auto frame, reader->Next());
    if (!frame) return CpuTime() - start;
  }
}

// The sampler's work on frames that are there, and the model's.
absl::StatusOr<Cost> TimeClip(const CueModule& module,
                              const LabelledClip& clip) {
  Cost cost;
  ASSIGN_OR_RETURN(cost.decode, TimeDecode(clip));
  ASSIGN_OR_RETURN(auto source, OpenFileSource(clip.path));
  ASSIGN_OR_RETURN(auto reader, VideoReader::Open(std::move(source), {}));
  CueSampler sampler;
  while (true) {
    ASSIGN_OR_RETURN(const auto frame, reader->Next());
    if (!frame) break;
    const double start = CpuTime();
    sampler.Add(*frame);
    cost.sample += CpuTime() - start;
  }
  const CueFootage& footage = sampler.footage();
  const double start = CpuTime();
  const CameraMotion motion = MeasureMotion(footage.frames);
  const double measured = CpuTime();
  ASSIGN_OR_RETURN(const BurnedInTexts texts,
                   ReadBurnedInTexts(module, footage.stills));
  const double read = CpuTime();
  RETURN_IF_ERROR(module.Score(footage, motion, texts.clock).status());
  cost.motion = measured - start;
  cost.text = read - measured;
  cost.look = CpuTime() - read;
  return cost;
}

absl::StatusOr<std::set<std::string>> ReadGroups(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " is not there"));
  std::set<std::string> groups;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') groups.insert(line);
  }
  return groups;
}

absl::StatusOr<std::vector<LabelledClip>> Clips() {
  ASSIGN_OR_RETURN(auto clips,
                   ReadManifest(absl::GetFlag(FLAGS_data), CueLabels()));
  std::optional<std::set<std::string>> groups;
  if (const std::string path = absl::GetFlag(FLAGS_groups); !path.empty()) {
    ASSIGN_OR_RETURN(groups, ReadGroups(path));
  }
  std::vector<LabelledClip> wanted;
  for (LabelledClip& clip : clips) {
    if (clip.image && !absl::GetFlag(FLAGS_images)) continue;
    if (groups &&
        (groups->count(clip.group) != 0) == absl::GetFlag(FLAGS_other_groups)) {
      continue;
    }
    wanted.push_back(std::move(clip));
  }
  return wanted;
}

void Print(size_t cue, const CueLesson& lesson,
           const std::vector<ScoredClip>& clips) {
  const double threshold = absl::GetFlag(FLAGS_threshold);
  std::vector<Judged> judged;
  for (const ScoredClip& scored : clips) {
    const auto truth = TruthOf(scored.clip, lesson);
    if (!truth) continue;
    const double probability = scored.scores.probabilities[cue];
    judged.push_back({probability, *truth});
    if (absl::GetFlag(FLAGS_verbose) || (probability >= threshold) != *truth) {
      std::printf("  %-18s %s %.3f %s\n", lesson.cue, *truth ? "yes" : "no ",
                  probability, scored.clip.path.c_str());
    }
  }
  const Hits hits = HitsAt(judged, threshold);
  if (hits.positives == 0) return;
  std::printf(
      "%-18s %3zu clips, %3d positive: AP %.3f, ROC AUC %.3f, at %.2f "
      "precision "
      "%.2f recall %.2f, calibration error %.3f\n",
      lesson.cue, judged.size(), hits.positives, AveragePrecision(judged),
      RocAuc(judged), threshold, hits.precision(), hits.recall(),
      CalibrationError(judged));
}

// Seconds of the day that a text ends with, "23:14:05"; none without seconds.
std::optional<int> SecondOfDay(absl::string_view text) {
  const size_t length = text.size();
  int h = 0, m = 0, s = 0;
  if (length < 8 || !absl::SimpleAtoi(text.substr(length - 8, 2), &h) ||
      !absl::SimpleAtoi(text.substr(length - 5, 2), &m) ||
      !absl::SimpleAtoi(text.substr(length - 2, 2), &s)) {
    return std::nullopt;
  }
  return (h * 60 + m) * 60 + s;
}

// Whether one of the clocks that tick was read to the second.
bool IsReadRight(const ScoredClip& scored) {
  const auto truth = SecondOfDay(scored.clip.clock);
  for (const BurnedInText& text : scored.texts.texts) {
    const auto read = SecondOfDay(text.text);
    if (text.clock == BurnedInText::Clock::kTicks && read && truth &&
        std::abs(*read - *truth) <= 1) {
      return true;
    }
  }
  return false;
}

void PrintClocks(const std::vector<ScoredClip>& clips) {
  int clocks = 0, right = 0;
  for (const ScoredClip& scored : clips) {
    if (scored.clip.clock.empty()) continue;
    ++clocks;
    right += IsReadRight(scored);
  }
  if (clocks > 0) {
    std::printf("%d of %d clocks that run are read to the second\n", right,
                clocks);
  }
  for (const ScoredClip& scored : clips) {
    if (scored.texts.sentence.empty()) continue;
    std::printf("  %s %s\n", scored.clip.path.c_str(),
                scored.texts.sentence.c_str());
  }
}

absl::Status WriteFeatures(const std::string& path,
                           const std::vector<ScoredClip>& clips) {
  std::ofstream file(path);
  for (const ScoredClip& scored : clips) {
    file << scored.clip.path << '\t' << scored.clip.group << '\t';
    for (const CueLesson& lesson : kCueLessons) {
      const auto truth = TruthOf(scored.clip, lesson);
      file << (!truth ? "" : *truth ? "1" : "0") << ',';
    }
    file << '\t' << absl::StrJoin(scored.scores.features, ",") << '\n';
  }
  file.close();
  if (file) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(path, ": cannot be written"));
}

absl::Status Evaluate() {
  ASSIGN_OR_RETURN(const auto module, LoadModule(absl::GetFlag(FLAGS_model)));
  ASSIGN_OR_RETURN(const auto clips, Clips());
  std::vector<ScoredClip> scored;
  Cost total;
  for (const LabelledClip& clip : clips) {
    ASSIGN_OR_RETURN(
        const CueFootage footage,
        ReadCueFootage(clip, absl::GetFlag(FLAGS_dense) ? Sampling::kDense
                                                        : Sampling::kSparse));
    if (footage.frames.size() < 2) continue;
    ASSIGN_OR_RETURN(scored.emplace_back(), ScoreClip(*module, clip, footage));
    if (!absl::GetFlag(FLAGS_cost) || clip.image) continue;
    ASSIGN_OR_RETURN(const Cost cost, TimeClip(*module, clip));
    total.Add(cost);
    Print(cost, clip.path);
  }
  PrintClocks(scored);
  for (const CueLesson& lesson : kCueLessons) {
    const auto& names = module->cue_names();
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i] == lesson.cue) Print(i, lesson, scored);
    }
  }
  if (absl::GetFlag(FLAGS_cost)) Print(total, "all clips");
  const std::string features = absl::GetFlag(FLAGS_features);
  return features.empty() ? absl::OkStatus() : WriteFeatures(features, scored);
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
