#include "models/cue_model.h"

#include <torch/script.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/digest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/models/footage.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::HasSubstr;

constexpr char kWeights[] = "models/weights";  // Those that are shipped.

void WriteFile(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Makes a version folder of `model` with a true manifest.
void WriteVersion(const std::string& directory, const std::string& version,
                  const std::string& model) {
  const fs::path folder = fs::path(directory) / version;
  fs::create_directories(folder);
  WriteFile(folder / "model.pt", model);
  WriteFile(folder / "MANIFEST", ToHex(Sha256Of(model)) + "  model.pt\n");
}

std::string ShippedBytes() {
  const auto version = NewestCueVersion(kWeights);
  EXPECT_TRUE(version.ok()) << version.status();
  return ReadFile(fs::path(kWeights) / std::to_string(version.value_or(0)) /
                  "model.pt");
}

// A folder with a copy of the shipped model as version 1.
std::string CopyOfModel() {
  const std::string directory = MakeTempDirectory();
  WriteVersion(directory, "1", ShippedBytes());
  return directory;
}

std::unique_ptr<CueScorer> Open(const std::string& directory) {
  const auto version = NewestCueVersion(directory);
  EXPECT_TRUE(version.ok()) << version.status();
  auto model = OpenCueModel(directory, version.value_or(0));
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? *std::move(model) : nullptr;
}

CueReport Score(const CueScorer& model, const std::vector<CueFrame>& frames) {
  const auto report = model.Score(WithStills(frames));
  EXPECT_TRUE(report.ok()) << report.status();
  return report.value_or(CueReport());
}

const Cue& Find(const CueReport& report, const std::string& name) {
  for (const Cue& cue : report.cues) {
    if (cue.name == name) return cue;
  }
  ADD_FAILURE() << "no cue " << name;
  static const Cue none;
  return none;
}

class ShippedModelTest : public testing::Test {
 protected:
  double FixedAngle(const std::vector<CueFrame>& frames) {
    return Find(Score(*model_, frames), "fixed_angle").probability;
  }

  const std::unique_ptr<CueScorer> model_ = Open(kWeights);
};

TEST_F(ShippedModelTest, ReportsEveryCueWithEvidence) {
  const CueReport report = Score(*model_, FixedCamera(20));
  EXPECT_EQ(report.unavailable, "");
  EXPECT_EQ(report.model_version, std::to_string(*NewestCueVersion(kWeights)));
  for (const char* name :
       {"fixed_angle", "fisheye", "timestamp_overlay", "infrared",
        "multi_view_grid", "occluded_border", "hidden_camera"}) {
    EXPECT_NE(Find(report, name).evidence, "") << name;
  }
  EXPECT_THAT(Find(report, "fixed_angle").evidence,
              AllOf(HasSubstr("% of the edges keep their place"),
                    HasSubstr("over 9.5 s")));
  EXPECT_EQ(report.motion.size(), 19);
}

TEST_F(ShippedModelTest, ACameraThatStaysIsToldAndWhen) {
  const CueReport report = Score(*model_, FixedCamera(20));
  const Cue& cue = Find(report, "fixed_angle");
  EXPECT_GT(cue.probability, 0.9);
  ASSERT_EQ(cue.spans.size(), 1);
  EXPECT_EQ(cue.spans[0].start, absl::ZeroDuration());
  EXPECT_GE(cue.spans[0].end, absl::Seconds(9));
  EXPECT_GT(FixedAngle(FixedCamera(256)), 0.9);
}

TEST_F(ShippedModelTest, ACameraThatMovesIsTold) {
  EXPECT_LT(FixedAngle(PanningCamera(20, 4)), 0.2);
  EXPECT_LT(FixedAngle(PanningCamera(200, 1)), 0.2);
  EXPECT_LT(FixedAngle(ShakingCamera(40)), 0.4);
  EXPECT_LT(FixedAngle(ZoomingCamera(20, 1.05)), 0.4);
}

TEST_F(ShippedModelTest, ASceneThatStandsStillIsFoundWithinAFilm) {
  auto frames = PanningCamera(30, 6);
  for (const CueFrame& frame : FixedCamera(40)) {
    frames.push_back(frame);
    frames.back().time += absl::Seconds(15);
  }
  const CueReport report = Score(*model_, frames);
  const Cue& cue = Find(report, "fixed_angle");
  EXPECT_GE(cue.probability, 0.5);
  ASSERT_FALSE(cue.spans.empty());
  EXPECT_NEAR(absl::ToDoubleSeconds(cue.spans.back().start), 15, 4);
  EXPECT_NEAR(absl::ToDoubleSeconds(cue.spans.back().end), 34.5, 2.5);
}

TEST_F(ShippedModelTest, OneFrameOrNoneIsUnavailableAndNoError) {
  for (const int count : {0, 1}) {
    const CueReport report = Score(*model_, FixedCamera(count));
    EXPECT_TRUE(report.cues.empty());
    EXPECT_EQ(report.model_version, "");
    EXPECT_THAT(report.unavailable, HasSubstr("at least 2 frames"));
  }
}

TEST_F(ShippedModelTest, BlackAndPlainPicturesTellNothing) {
  for (const int luma : {0, 128, 255}) {
    const auto plain = MakeFootage(
        10, 0, [luma](int, int, int) { return static_cast<uint8_t>(luma); });
    const CueReport report = Score(*model_, plain);
    for (const Cue& cue : report.cues) {
      if (cue.name == "hidden_camera") {
        EXPECT_LT(cue.probability, 0.1);
        continue;
      }
      EXPECT_EQ(cue.probability, 0) << cue.name << " at " << luma;
      EXPECT_THAT(cue.evidence, HasSubstr("too dark or plain"));
    }
  }
}

TEST_F(ShippedModelTest, AStillPictureIsNoFixedCamera) {
  const auto still =
      MakeFootage(20, 20, [](int x, int y, int) { return SceneAt(x, y); });
  const CueReport report = Score(*model_, still);
  EXPECT_EQ(Find(report, "fixed_angle").probability, 0);
  EXPECT_EQ(Find(report, "fixed_angle").evidence,
            "Nothing moves in 9.5 s: a still picture.");
}

TEST_F(ShippedModelTest, AFixedAngleAloneIsNoHiddenCamera) {
  const CueReport report = Score(*model_, FixedCamera(40));
  const Cue& hidden = Find(report, "hidden_camera");
  EXPECT_LT(hidden.probability, 0.5) << hidden.evidence;
  EXPECT_GT(Find(report, "fixed_angle").contribution, 0.5);
}

TEST_F(ShippedModelTest, ExtremeValuesGiveProbabilities) {
  auto frames = FixedCamera(4);
  for (const float saturation : {0.f, 128.f, 1e30f}) {
    for (CueFrame& frame : frames) frame.colour = {saturation, saturation};
    for (const Cue& cue : Score(*model_, frames).cues) {
      EXPECT_GE(cue.probability, 0);
      EXPECT_LE(cue.probability, 1);
    }
  }
  for (CueFrame& frame : frames) frame.time = absl::ZeroDuration();
  EXPECT_THAT(Score(*model_, frames).cues[0].evidence, HasSubstr("0.0 s"));
}

TEST_F(ShippedModelTest, StillsOfEverySizeAreScored) {
  const int sizes[][2] = {
      {16, 16}, {960, 16}, {16, 960}, {960, 540}, {178, 100}};
  for (const auto& [width, height] : sizes) {
    CueFootage footage = WithStills(FixedCamera(5));
    for (CueStill& still : footage.stills) {
      still.width = width;
      still.height = height;
      still.luma.assign(size_t{1} * width * height, 0);
      for (size_t i = 0; i < still.luma.size(); ++i) {
        still.luma[i] = static_cast<uint8_t>(i * 37 / 11);
      }
    }
    const auto report = model_->Score(footage);
    ASSERT_TRUE(report.ok())
        << width << "x" << height << ": " << report.status();
    EXPECT_EQ(report->cues.size(), 7);
  }
}

TEST_F(ShippedModelTest, AMeasurementThatIsNoNumberIsAnError) {
  auto frames = FixedCamera(4);
  for (CueFrame& frame : frames) frame.colour.saturation = std::nanf("");
  const auto report = model_->Score(WithStills(frames));
  EXPECT_EQ(report.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(report.status().message()),
              HasSubstr("has not 7 probabilities"));
}

TEST_F(ShippedModelTest, ThreadsGetTheSameScores) {
  const CueFootage still = WithStills(FixedCamera(12));
  const CueFootage moving = WithStills(PanningCamera(16, 3));
  const double of_still = model_->Score(still)->cues[0].probability;
  const double of_moving = model_->Score(moving)->cues[0].probability;
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (int round = 0; round < 3; ++round) {
        count += model_->Score(still)->cues[0].probability != of_still;
        count += model_->Score(moving)->cues[0].probability != of_moving;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(NewestCueVersionTest, TheHighestNumberIsTaken) {
  const std::string directory = MakeTempDirectory();
  for (const char* folder :
       {"1", "2", "9", "10", "011", "12a", "v13", "-14", "0", ".15"}) {
    fs::create_directories(fs::path(directory) / folder);
  }
  WriteFile(fs::path(directory) / "99", "no folder");
  EXPECT_EQ(*NewestCueVersion(directory), 10);
}

TEST(NewestCueVersionTest, AFolderWithoutVersionsIsNotFound) {
  const std::string directory = MakeTempDirectory();
  EXPECT_EQ(NewestCueVersion(directory).status().code(),
            absl::StatusCode::kNotFound);
  const auto missing = NewestCueVersion(directory + "/missing").status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()),
              HasSubstr(directory + "/missing"));
}

// Every damage is INVALID_ARGUMENT and names the file.
void ExpectRefused(const std::string& directory, const std::string& file,
                   const std::string& why) {
  const absl::Status status = OpenCueModel(directory, 1).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(directory + "/1/" + file), HasSubstr(why)));
}

TEST(OpenCueModelTest, AFileThatIsMissingIsNamed) {
  std::string directory = CopyOfModel();
  fs::remove(directory + "/1/model.pt");
  ExpectRefused(directory, "model.pt", "No such file");
  directory = CopyOfModel();
  fs::remove(directory + "/1/MANIFEST");
  ExpectRefused(directory, "MANIFEST", "No such file");
}

TEST(OpenCueModelTest, AByteThatChangedIsNoticed) {
  const std::string directory = CopyOfModel();
  std::string model = ReadFile(directory + "/1/model.pt");
  model[model.size() / 2] ^= 1;
  WriteFile(directory + "/1/model.pt", model);
  ExpectRefused(directory, "model.pt", "SHA-256");
}

TEST(OpenCueModelTest, AWrongManifestIsNoticed) {
  const std::string directory = CopyOfModel();
  for (const std::string& manifest :
       {std::string(), std::string(64, '0') + "  model.pt\n",
        " " + ReadFile(directory + "/1/MANIFEST")}) {
    WriteFile(directory + "/1/MANIFEST", manifest);
    ExpectRefused(directory, "model.pt", "SHA-256");
  }
}

TEST(OpenCueModelTest, WhatIsNoModelIsRefusedThoughItsDigestIsTrue) {
  const std::string whole = ShippedBytes();
  for (const std::string& bytes :
       {std::string(), std::string("PK"), std::string(5000, 'x'),
        whole.substr(0, whole.size() / 2), whole.substr(100)}) {
    const std::string directory = MakeTempDirectory();
    WriteVersion(directory, "1", bytes);
    ExpectRefused(directory, "model.pt", "");
  }
}

// A module with `cue_names`, the given methods and perhaps an alphabet.
std::string ModuleOf(const std::vector<std::string>& names,
                     const std::string& source,
                     const std::vector<std::string>& alphabet = {}) {
  torch::jit::Module module("Other");
  module.register_attribute("cue_names", c10::ListType::ofStrings(),
                            c10::List<std::string>(names));
  if (!alphabet.empty()) {
    module.register_attribute("alphabet", c10::ListType::ofStrings(),
                              c10::List<std::string>(alphabet));
  }
  module.define(source);
  std::ostringstream file;
  module.save(file);
  return file.str();
}

std::string Forward(const std::string& body) {
  return "def forward(self, luma: Tensor, times: Tensor, colour: Tensor, "
         "motion: Tensor, stills: Tensor, clock: Tensor):\n"
         "    none: Dict[str, Tensor] = {}\n"
         "    " +
         body + "\n";
}

void ExpectModuleRefused(const std::string& module, const std::string& why) {
  const std::string directory = MakeTempDirectory();
  WriteVersion(directory, "1", module);
  ExpectRefused(directory, "model.pt", why);
}

TEST(OpenCueModelTest, AModuleOfOnesOwnWithTheSameShapeIsTaken) {
  const std::string directory = MakeTempDirectory();
  WriteVersion(
      directory, "1",
      ModuleOf({"my_cue", "hidden_camera"},
               Forward("return torch.ones([2]) * 0.25, [\"first\", \"second\"],"
                       " {\"spans\": torch.tensor([[1.0, 2.0, 3.5]]), "
                       "\"contributions\": torch.tensor([0.5, 0.0]), "
                       "\"grid\": torch.tensor([2, 3]), "
                       "\"distortion\": torch.tensor([0.4])}")));
  const CueReport report = Score(*Open(directory), FixedCamera(3));
  ASSERT_EQ(report.cues.size(), 2);
  EXPECT_EQ(report.cues[0].name, "my_cue");
  EXPECT_EQ(report.cues[0].probability, 0.25);
  EXPECT_EQ(report.cues[0].contribution, 0.5);
  EXPECT_TRUE(report.cues[0].spans.empty());
  ASSERT_EQ(report.cues[1].spans.size(), 1);
  EXPECT_EQ(report.cues[1].spans[0],
            (TimeSpan{absl::Seconds(2), absl::Milliseconds(3500)}));
  EXPECT_EQ(report.rows, 2);
  EXPECT_EQ(report.columns, 3);
  EXPECT_NEAR(report.distortion, 0.4, 1e-6);
  EXPECT_TRUE(report.texts.empty());
}

TEST(OpenCueModelTest, AModuleOfAnotherShapeIsRefused) {
  const std::string good = "return torch.ones([1]), [\"why\"], none";
  const char* const parts = "is not a tensor, a list of strings and";
  ExpectModuleRefused(ModuleOf({"a"}, Forward("return torch.ones([1])")),
                      parts);
  ExpectModuleRefused(
      ModuleOf({"a"}, Forward("return torch.ones([1]), [\"why\"]")), parts);
  ExpectModuleRefused(ModuleOf({"a"}, Forward("return 1, [\"why\"], none")),
                      "has not 1 probabilities");
  ExpectModuleRefused(
      ModuleOf({"a"}, Forward("return torch.ones([1]), \"why\", none")),
      "has not 1 sentences");
  ExpectModuleRefused(ModuleOf({"a", "b"}, Forward(good)),
                      "has not 2 probabilities");
  ExpectModuleRefused(
      ModuleOf({"a"}, Forward("return torch.ones([1]), [\"a\", \"b\"], none")),
      "has not 1 sentences");
  ExpectModuleRefused(
      ModuleOf({"a"}, Forward("return torch.ones([1]), [1], none")),
      "has not 1 sentences");
  ExpectModuleRefused(
      ModuleOf({"a"}, Forward("return torch.ones([1]), [\"why\"], {\"spans\": "
                              "torch.tensor([float(\"nan\")])}")),
      "no finite tensors");
  ExpectModuleRefused(ModuleOf({}, Forward(good)), "cue_names");
  ExpectModuleRefused(ModuleOf({"a", "a"}, Forward(good)), "cue_names");
  ExpectModuleRefused(ModuleOf({""}, Forward(good)), "cue_names");
  ExpectModuleRefused(ModuleOf({"a"}, "def other(self):\n    return 1\n"),
                      "forward");
  ExpectModuleRefused(
      ModuleOf({"a"}, "def forward(self, luma: Tensor):\n    return luma\n"),
      "forward");
}

TEST(OpenCueModelTest, AReaderOfTextMustBeWhole) {
  const std::string forward =
      Forward("return torch.ones([1]), [\"why\"], none");
  const std::string find =
      "def find_text(self, stills: Tensor):\n"
      "    return torch.zeros([stills.size(0), 2, 5, 8])\n";
  const std::string read =
      "def read_text(self, lines: Tensor):\n"
      "    return torch.zeros([lines.size(0), 9, 3])\n";
  ExpectModuleRefused(ModuleOf({"a"}, forward + find), "without the other");
  ExpectModuleRefused(ModuleOf({"a"}, forward + find + read), "alphabet");
  ExpectModuleRefused(ModuleOf({"a"},
                               forward +
                                   "def find_text(self, stills: Tensor):\n"
                                   "    return stills\n" +
                                   read,
                               {"1", "2"}),
                      "find_text's output");
  ExpectModuleRefused(ModuleOf({"a"}, forward + find + read, {"1"}),
                      "read_text's output");
}

TEST(OpenCueModelTest, AMapOfTextThatIsNoNumbersShowsNoText) {
  const std::string directory = MakeTempDirectory();
  WriteVersion(directory, "1",
               ModuleOf({"a"},
                        Forward("return clock[:1], [\"why\"], none") +
                            "def find_text(self, stills: Tensor):\n"
                            "    return torch.full([stills.size(0), 2, 5, 8], "
                            "float(\"nan\"))\n"
                            "def read_text(self, lines: Tensor):\n"
                            "    return torch.zeros([lines.size(0), 9, 2])\n",
                        {"1"}));
  const CueReport report = Score(*Open(directory), FixedCamera(5));
  EXPECT_TRUE(report.texts.empty());
  EXPECT_EQ(report.cues.at(0).probability, 0);
}

TEST(OpenCueModelTest, ProbabilitiesOutsideTheirRangeAreRefused) {
  for (const char* value : {"1.5", "-0.1"}) {
    ExpectModuleRefused(
        ModuleOf({"a"}, Forward(std::string("return torch.zeros([1]) + ") +
                                value + ", [\"why\"], none")),
        "gives a the probability");
  }
  for (const char* value : {"float(\"nan\")", "float(\"inf\")"}) {
    ExpectModuleRefused(
        ModuleOf({"a"}, Forward(std::string("return torch.zeros([1]) + ") +
                                value + ", [\"why\"], none")),
        "has not 1 probabilities");
  }
}

TEST(OpenCueModelTest, AModuleThatFailsLaterFailsTheScoreAlone) {
  const std::string directory = MakeTempDirectory();
  WriteVersion(
      directory, "1",
      ModuleOf({"a"}, Forward("assert luma.size(0) != 5, \"five\"\n"
                              "    odd = torch.ones([1])\n"
                              "    if luma.size(0) == 6:\n"
                              "        odd = luma.float().reshape([7])\n"
                              "    return odd, [\"why\"], none")));
  const auto model = Open(directory);
  EXPECT_EQ(model->Score(WithStills(FixedCamera(5))).status().code(),
            absl::StatusCode::kInternal);
  const absl::Status reshaped =
      model->Score(WithStills(FixedCamera(6))).status();
  EXPECT_EQ(reshaped.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(reshaped.message()), HasSubstr("cue model 1: "));
  EXPECT_EQ(Score(*model, FixedCamera(7)).cues.at(0).probability, 1);
}

}  // namespace
}  // namespace lenscap
