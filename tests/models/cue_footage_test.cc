// The shipped model on the development footage that it was never trained on:
// how good it is at least. models/CARD.md has the figures themselves.

#include <cstdio>
#include <fstream>
#include <map>
#include <set>

#include "gtest/gtest.h"
#include "models/cue_model.h"
#include "tests/models/cue_lessons.h"
#include "tests/models/ranking.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

std::set<std::string> DevGroups() {
  std::ifstream file("models/train/dev_groups.txt");
  std::set<std::string> groups;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') groups.insert(line);
  }
  return groups;
}

// Average precision that the shipped model must not fall below.
const std::map<std::string, double>& Floors() {
  static const auto* const floors = new std::map<std::string, double>{
      {"fixed_angle", 0.97},      {"fisheye", 0.7},
      {"timestamp_overlay", 0.9}, {"infrared", 0.8},
      {"multi_view_grid", 0.98},  {"hidden_camera", 0.88}};
  return *floors;
}

TEST(CueFootageTest, TheShippedModelKnowsFootageItHasNeverSeen) {
  LENSCAP_DEV_DATA_OR_SKIP(data);
  const auto model =
      OpenCueModel("models/weights", *NewestCueVersion("models/weights"));
  ASSERT_TRUE(model.ok()) << model.status();
  const auto clips = ReadManifest(data + "/footage", CueLabels());
  ASSERT_TRUE(clips.ok()) << clips.status();
  const std::set<std::string> dev = DevGroups();
  std::map<std::string, std::vector<Judged>> judged;
  for (const LabelledClip& clip : *clips) {
    if (clip.image || dev.count(clip.group) == 0) continue;
    const auto footage = ReadCueFootage(clip, Sampling::kDense);
    ASSERT_TRUE(footage.ok()) << clip.path << ": " << footage.status();
    const auto report = (*model)->Score(*footage);
    ASSERT_TRUE(report.ok()) << clip.path << ": " << report.status();
    for (const Cue& cue : report->cues) {
      for (const CueLesson& lesson : kCueLessons) {
        const auto truth = TruthOf(clip, lesson);
        if (cue.name != lesson.cue || !truth) continue;
        judged[cue.name].push_back({cue.probability, *truth});
      }
    }
  }
  for (const auto& [cue, floor] : Floors()) {
    const double precision = AveragePrecision(judged[cue]);
    std::printf("%s: %zu clips, AP %.3f\n", cue.c_str(), judged[cue].size(),
                precision);
    EXPECT_GE(judged[cue].size(), 50) << cue;
    EXPECT_GE(precision, floor) << cue;
  }
}

}  // namespace
}  // namespace lenscap
