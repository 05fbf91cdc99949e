// The training command, end to end on footage made for it.

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/cue_model.h"
#include "tests/models/labelled_clips.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

constexpr char kCommand[] = "tests/bench/train_cues";

// A second and a half of a test picture, still but for its moving parts or
// panned over, in colour or in grey.
void MakeClip(const std::string& path, bool fixed, bool grey, int seed) {
  const std::string shown =
      fixed ? "crop=160:120:40:30" : "crop=160:120:90*t:60*t";
  const std::string made = MakeMedia(
      "clip.mp4",
      {"-f", "lavfi", "-i",
       "testsrc2=d=1.5:s=320x240:r=10,rotate=" + std::to_string(seed) + "," +
           shown + (grey ? ",hue=s=0" : ""),
       "-c:v", "libx264", "-preset", "ultrafast"});
  fs::copy_file(made, path);
}

// A folder of four clips, each of its own group.
std::string MakeFolder() {
  const std::string folder = MakeTempDirectory();
  std::ofstream manifest(folder + "/manifest.csv");
  manifest << "path,group,kind,duration_s,static,ir\n";
  for (int i = 0; i < 4; ++i) {
    const bool fixed = i % 2 == 0, grey = i < 2;
    const std::string name = std::to_string(i) + ".mp4";
    MakeClip(folder + "/" + name, fixed, grey, i);
    manifest << name << ",group" << i << ",real,1.5," << fixed << "," << grey
             << "\n";
  }
  return folder;
}

TEST(TrainCuesTest, TheModelItWritesTellsItsFootage) {
  const std::string data = MakeFolder();
  const std::string models = MakeTempDirectory();
  const std::string printed =
      OutputOf({kCommand, "--data=" + data, "--out=" + models + "/7"});
  EXPECT_THAT(printed, HasSubstr("fixed_angle"));
  EXPECT_THAT(printed, HasSubstr("4 of   4 groups"));

  const auto model = OpenCueModel(models);
  ASSERT_TRUE(model.ok()) << model.status();
  double probabilities[4][2];
  for (int i = 0; i < 4; ++i) {
    const auto frames = ReadCueFrames(data + "/" + std::to_string(i) + ".mp4");
    ASSERT_TRUE(frames.ok()) << frames.status();
    const auto report = (*model)->Score(*frames);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->model_version, "7");
    for (int cue = 0; cue < 2; ++cue) {
      probabilities[i][cue] = report->cues.at(cue).probability;
    }
  }
  for (const int fixed : {0, 2}) {
    for (const int moving : {1, 3}) {
      EXPECT_GT(probabilities[fixed][0], probabilities[moving][0]);
    }
  }
  for (const int grey : {0, 1}) {
    for (const int coloured : {2, 3}) {
      EXPECT_GT(probabilities[grey][1], probabilities[coloured][1]);
    }
  }
}

}  // namespace
}  // namespace lenscap
