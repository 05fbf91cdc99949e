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
#include "models/cue_module.h"
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

// A folder with a copy of the shipped model as version 1.
std::string CopyOfModel() {
  const std::string directory = MakeTempDirectory();
  WriteVersion(directory, "1", ReadFile(fs::path(kWeights) / "1/model.pt"));
  return directory;
}

std::unique_ptr<CueScorer> Open(const std::string& directory) {
  auto model = OpenCueModel(directory);
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? *std::move(model) : nullptr;
}

CueReport Score(const CueScorer& model, const std::vector<CueFrame>& frames) {
  const auto report = model.Score(frames);
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
  double Infrared(const std::vector<CueFrame>& frames) {
    return Find(Score(*model_, frames), "infrared").probability;
  }

  const std::unique_ptr<CueScorer> model_ = Open(kWeights);
};

TEST_F(ShippedModelTest, ReportsBothCuesWithEvidence) {
  const CueReport report = Score(*model_, FixedCamera(20));
  EXPECT_EQ(report.unavailable, "");
  EXPECT_EQ(report.model_version, "1");
  ASSERT_EQ(report.cues.size(), 2);
  EXPECT_EQ(report.cues[0].name, "fixed_angle");
  EXPECT_THAT(report.cues[0].evidence,
              AllOf(HasSubstr("% of the edges keep their place"),
                    HasSubstr("over 9.5 s")));
  EXPECT_EQ(report.cues[1].name, "infrared");
  EXPECT_EQ(report.cues[1].evidence,
            "The colours are 15.6 % away from grey on average.");
}

TEST_F(ShippedModelTest, ACameraThatStaysIsTold) {
  EXPECT_GT(FixedAngle(FixedCamera(20)), 0.9);
  EXPECT_GT(FixedAngle(FixedCamera(256)), 0.9);
}

TEST_F(ShippedModelTest, ACameraThatMovesIsTold) {
  EXPECT_LT(FixedAngle(PanningCamera(20, 4)), 0.2);
  EXPECT_LT(FixedAngle(PanningCamera(200, 1)), 0.2);
  EXPECT_LT(FixedAngle(ShakingCamera(40)), 0.4);
}

TEST_F(ShippedModelTest, TwoFramesAreEnough) {
  EXPECT_GT(FixedAngle(FixedCamera(2)), 0.8);
  EXPECT_LT(FixedAngle(PanningCamera(2, 30)), 0.2);
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

TEST_F(ShippedModelTest, GreyFootageLooksInfraredAndColouredDoesNot) {
  EXPECT_GT(Infrared(FixedCamera(10, /*saturation=*/0)), 0.8);
  EXPECT_LT(Infrared(FixedCamera(10, /*saturation=*/25)), 0.1);
  EXPECT_GT(Infrared(FixedCamera(10, 1)), Infrared(FixedCamera(10, 3)));
}

TEST_F(ShippedModelTest, ExtremeValuesGiveProbabilities) {
  auto frames = FixedCamera(4);
  for (const float saturation : {0.f, 128.f, 1e30f}) {
    for (CueFrame& frame : frames) frame.saturation = saturation;
    for (const Cue& cue : Score(*model_, frames).cues) {
      EXPECT_GE(cue.probability, 0);
      EXPECT_LE(cue.probability, 1);
    }
  }
  for (CueFrame& frame : frames) frame.time = absl::ZeroDuration();
  EXPECT_THAT(Score(*model_, frames).cues[0].evidence, HasSubstr("0.0 s"));
}

TEST_F(ShippedModelTest, AMeasurementThatIsNoNumberIsAnError) {
  auto frames = FixedCamera(4);
  frames[2].saturation = std::nanf("");
  const auto report = model_->Score(frames);
  EXPECT_EQ(report.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(report.status().message()),
              HasSubstr("the probability nan"));
}

TEST_F(ShippedModelTest, ThreadsGetTheSameScores) {
  const auto still = FixedCamera(12);
  const auto moving = PanningCamera(16, 3);
  const double of_still = FixedAngle(still), of_moving = FixedAngle(moving);
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (int round = 0; round < 10; ++round) {
        count += model_->Score(still)->cues[0].probability != of_still;
        count += model_->Score(moving)->cues[0].probability != of_moving;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(OpenCueModelTest, TheHighestNumberIsTaken) {
  const std::string directory = CopyOfModel();
  const std::string model = ReadFile(fs::path(kWeights) / "1/model.pt");
  for (const char* version : {"2", "9", "10"}) {
    WriteVersion(directory, version, model);
  }
  for (const char* other : {"011", "12a", "v13", "-14", "0", ".15"}) {
    fs::create_directories(fs::path(directory) / other);
  }
  WriteFile(fs::path(directory) / "99", "no folder");
  const CueReport report = Score(*Open(directory), FixedCamera(3));
  EXPECT_EQ(report.model_version, "10");
}

TEST(OpenCueModelTest, AFolderWithoutVersionsIsNotFound) {
  const std::string directory = MakeTempDirectory();
  EXPECT_EQ(OpenCueModel(directory).status().code(),
            absl::StatusCode::kNotFound);
  const auto missing = OpenCueModel(directory + "/missing").status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()),
              HasSubstr(directory + "/missing"));
}

// Every damage is INVALID_ARGUMENT and names the file.
void ExpectRefused(const std::string& directory, const std::string& file,
                   const std::string& why) {
  const absl::Status status = OpenCueModel(directory).status();
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
        ReadFile(directory + "/1/MANIFEST") + "more\n"}) {
    WriteFile(directory + "/1/MANIFEST", manifest);
    ExpectRefused(directory, "model.pt", "SHA-256");
  }
}

TEST(OpenCueModelTest, WhatIsNoModelIsRefusedThoughItsDigestIsTrue) {
  const std::string whole = ReadFile(fs::path(kWeights) / "1/model.pt");
  for (const std::string& bytes :
       {std::string(), std::string("PK"), std::string(5000, 'x'),
        whole.substr(0, whole.size() / 2), whole.substr(100)}) {
    const std::string directory = MakeTempDirectory();
    WriteVersion(directory, "1", bytes);
    ExpectRefused(directory, "model.pt", "");
  }
}

// A module with `cue_names` and the given methods.
std::string ModuleOf(const std::vector<std::string>& names,
                     const std::string& source) {
  torch::jit::Module module("Other");
  module.register_attribute("cue_names", c10::ListType::ofStrings(),
                            c10::List<std::string>(names));
  module.define(source);
  std::ostringstream file;
  module.save(file);
  return file.str();
}

std::string Forward(const std::string& result) {
  return "def forward(self, luma: Tensor, times: Tensor, saturation: Tensor):\n"
         "    return " +
         result + "\n";
}

void ExpectModuleRefused(const std::string& module, const std::string& why) {
  const std::string directory = MakeTempDirectory();
  WriteVersion(directory, "1", module);
  ExpectRefused(directory, "model.pt", why);
}

TEST(OpenCueModelTest, AModuleOfAnotherShapeIsRefused) {
  const std::string good = "torch.ones([1]), [\"why\"]";
  ExpectModuleRefused(ModuleOf({"a"}, Forward("torch.ones([1])")),
                      "is not a tensor and a list");
  ExpectModuleRefused(ModuleOf({"a"}, Forward("1, [\"why\"]")),
                      "is not a tensor and a list");
  ExpectModuleRefused(ModuleOf({"a"}, Forward("torch.ones([1]), \"why\"")),
                      "is not a tensor and a list");
  ExpectModuleRefused(ModuleOf({"a", "b"}, Forward(good)),
                      "has not 2 probabilities");
  ExpectModuleRefused(ModuleOf({"a"}, Forward("torch.ones([1, 1]), [\"why\"]")),
                      "has not 1 probabilities");
  ExpectModuleRefused(
      ModuleOf({"a"}, Forward("torch.ones([1]), [\"why\", \"not\"]")),
      "has not 1 sentences");
  ExpectModuleRefused(ModuleOf({"a"}, Forward("torch.ones([1]), [1]")),
                      "more than sentences");
  ExpectModuleRefused(ModuleOf({}, Forward(good)), "cue_names");
  ExpectModuleRefused(ModuleOf({"a", "a"}, Forward(good)), "cue_names");
  ExpectModuleRefused(ModuleOf({""}, Forward(good)), "cue_names");
  ExpectModuleRefused(ModuleOf({"a"}, "def other(self):\n    return 1\n"),
                      "forward");
  ExpectModuleRefused(
      ModuleOf({"a"}, "def forward(self, luma: Tensor):\n    return luma\n"),
      "forward");
}

TEST(OpenCueModelTest, ProbabilitiesOutsideTheirRangeAreRefused) {
  for (const char* value :
       {"1.5", "-0.1", "float(\"nan\")", "float(\"inf\")"}) {
    ExpectModuleRefused(
        ModuleOf({"a"}, Forward(std::string("torch.zeros([1]) + ") + value +
                                ", [\"why\"]")),
        "gives a the probability");
  }
}

TEST(OpenCueModelTest, WeightsThatAreNoNumbersAreRefused) {
  const std::vector<double> nans(kCueMeasures, std::nan(""));
  const auto module =
      SerializeCueModule({{"fixed_angle", 0, nans}, {"infrared", 0, nans}});
  ASSERT_TRUE(module.ok()) << module.status();
  ExpectModuleRefused(*module, "gives fixed_angle the probability nan");
}

TEST(OpenCueModelTest, AModuleThatFailsLaterFailsTheScoreAlone) {
  const std::string directory = MakeTempDirectory();
  WriteVersion(directory, "1",
               ModuleOf({"a"},
                        "def forward(self, luma: Tensor, times: Tensor, "
                        "saturation: Tensor):\n"
                        "    assert luma.size(0) != 5, \"five\"\n"
                        "    if luma.size(0) == 6:\n"
                        "        return luma.reshape([7]), [\"why\"]\n"
                        "    return torch.ones([1]), [\"why\"]\n"));
  const auto model = Open(directory);
  EXPECT_EQ(model->Score(FixedCamera(5)).status().code(),
            absl::StatusCode::kInternal);
  const absl::Status reshaped = model->Score(FixedCamera(6)).status();
  EXPECT_EQ(reshaped.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(reshaped.message()), HasSubstr("cue model 1: "));
  EXPECT_EQ(Score(*model, FixedCamera(7)).cues.at(0).probability, 1);
}

}  // namespace
}  // namespace lenscap
