#include "models/cue_model.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "models/cue_tensors.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

constexpr char kModelFile[] = "model.pt";
constexpr char kManifestFile[] = "MANIFEST";
constexpr int64_t kMaxModelBytes = int64_t{1} << 30;
constexpr size_t kMinFrames = 2;

absl::Status Damaged(const fs::path& path, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(path.string(), ": ", why));
}

// What libtorch throws, in one line.
std::string Reason(const std::exception& error) {
  const auto* const of_torch = dynamic_cast<const c10::Error*>(&error);
  const std::string text =
      of_torch != nullptr ? of_torch->what_without_backtrace() : error.what();
  return text.substr(0, text.find('\n'));
}

absl::StatusOr<std::string> ReadFile(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return Damaged(path, error.message());
  if (size > kMaxModelBytes) return Damaged(path, "is larger than 1 GiB");
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) return Damaged(path, "cannot be read");
  return bytes;
}

// The number that is a folder's whole name, as 12; none for "012" or "12a".
std::optional<int> VersionOf(const fs::path& path) {
  const std::string name = path.filename().string();
  int version = 0;
  if (!absl::SimpleAtoi(name, &version) || version <= 0 ||
      name != std::to_string(version)) {
    return std::nullopt;
  }
  return version;
}

absl::StatusOr<int> NewestVersion(const fs::path& directory) {
  std::error_code error;
  std::optional<int> newest;
  for (fs::directory_iterator entry(directory, error), end;
       !error && entry != end; entry.increment(error)) {
    const std::optional<int> version = VersionOf(entry->path());
    if (version && entry->is_directory(error)) {
      newest = std::max(newest.value_or(0), *version);
    }
  }
  if (error) {
    return absl::NotFoundError(
        absl::StrCat(directory.string(), ": ", error.message()));
  }
  if (!newest) {
    return absl::NotFoundError(absl::StrCat(
        directory.string(), ": has no numbered version folder, such as 1"));
  }
  return *newest;
}

// The manifest is what `sha256sum model.pt` prints.
absl::Status CheckDigest(const fs::path& folder, absl::string_view model) {
  ASSIGN_OR_RETURN(const std::string manifest,
                   ReadFile(folder / kManifestFile));
  const std::string expected =
      absl::StrCat(ToHex(Sha256Of(model)), "  ", kModelFile);
  if (absl::StripTrailingAsciiWhitespace(manifest) != expected) {
    return Damaged(
        folder / kModelFile,
        absl::StrCat("its SHA-256 is not the one in ", kManifestFile));
  }
  return absl::OkStatus();
}

// A report in the order of the model's cues.
struct Scores {
  std::vector<double> probabilities;
  std::vector<std::string> evidence;
};

class TorchCueModel final : public CueScorer {
 public:
  TorchCueModel(std::string version, torch::jit::Module module)
      : version_(std::move(version)), module_(std::move(module)) {}

  // Reads the names and tries the module on made-up footage, so that one of
  // another shape is found now. INVALID_ARGUMENT says what is wrong.
  absl::Status Check() {
    if (!module_.hasattr("cue_names") || !module_.attr("cue_names").isList()) {
      return absl::InvalidArgumentError("has no list cue_names");
    }
    for (const c10::IValue& name : module_.attr("cue_names").toList().vec()) {
      names_.push_back(name.isString() ? name.toStringRef() : "");
    }
    if (!module_.find_method("forward")) {
      return absl::InvalidArgumentError("has no method forward");
    }
    const std::set<std::string> distinct(names_.begin(), names_.end());
    if (names_.empty() || distinct.count("") != 0 ||
        distinct.size() != names_.size()) {
      return absl::InvalidArgumentError(
          "cue_names must be distinct names, at least one");
    }
    std::vector<CueFrame> frames(3);
    for (size_t i = 0; i < frames.size(); ++i) {
      frames[i].time = absl::Seconds(static_cast<int64_t>(i));
      for (size_t k = 0; k < frames[i].luma.size(); ++k) {
        frames[i].luma[k] = static_cast<uint8_t>(k * (i + 7) / 5);
      }
    }
    const auto scores = Run(frames);
    if (scores.ok()) return absl::OkStatus();
    return absl::InvalidArgumentError(scores.status().message());
  }

  absl::StatusOr<CueReport> Score(
      absl::Span<const CueFrame> frames) const override {
    CueReport report;
    if (frames.size() < kMinFrames) {
      report.unavailable = absl::StrCat("cues want at least ", kMinFrames,
                                        " frames, there are ", frames.size());
      return report;
    }
    ASSIGN_OR_RETURN(const Scores scores, Run(frames));
    report.model_version = version_;
    for (size_t i = 0; i < names_.size(); ++i) {
      Cue& cue = report.cues.emplace_back();
      cue.name = names_[i];
      cue.probability = scores.probabilities[i];
      cue.evidence = scores.evidence[i];
    }
    return report;
  }

 private:
  absl::StatusOr<Scores> Run(absl::Span<const CueFrame> frames) const {
    try {
      const c10::InferenceMode inference;
      // Footage comes in any length; a plan for each would cost more to make
      // than it saves.
      const torch::jit::GraphOptimizerEnabledGuard no_plans(false);
      return Read(module_.get_method("forward")(CueTensors(frames)));
    } catch (const std::exception& error) {
      return absl::InternalError(
          absl::StrCat("cue model ", version_, ": ", Reason(error)));
    }
  }

  absl::StatusOr<Scores> Read(const c10::IValue& output) const {
    if (!output.isTuple() || output.toTupleRef().elements().size() != 2 ||
        !output.toTupleRef().elements()[0].isTensor() ||
        !output.toTupleRef().elements()[1].isList()) {
      return WrongOutput("is not a tensor and a list");
    }
    const auto& parts = output.toTupleRef().elements();
    const at::Tensor probabilities =
        parts[0].toTensor().to(at::kDouble).contiguous();
    const auto n = static_cast<int64_t>(names_.size());
    if (probabilities.dim() != 1 || probabilities.size(0) != n) {
      return WrongOutput(absl::StrCat("has not ", n, " probabilities"));
    }
    Scores scores;
    for (int64_t i = 0; i < n; ++i) {
      const double probability = probabilities.data_ptr<double>()[i];
      if (!(probability >= 0 && probability <= 1)) {
        return WrongOutput(absl::StrCat("gives ", names_[i],
                                        " the probability ", probability));
      }
      scores.probabilities.push_back(probability);
    }
    for (const c10::IValue& sentence : parts[1].toList().vec()) {
      if (!sentence.isString()) return WrongOutput("has more than sentences");
      scores.evidence.push_back(sentence.toStringRef());
    }
    if (scores.evidence.size() != names_.size()) {
      return WrongOutput(absl::StrCat("has not ", n, " sentences"));
    }
    return scores;
  }

  absl::Status WrongOutput(absl::string_view why) const {
    return absl::InternalError(
        absl::StrCat("cue model ", version_, ": its output ", why));
  }

  std::string version_;
  torch::jit::Module module_;
  std::vector<std::string> names_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CueScorer>> OpenCueModel(
    const std::string& directory) {
  // A server scores on several threads of its own.
  at::set_num_threads(1);
  ASSIGN_OR_RETURN(const int version, NewestVersion(directory));
  const fs::path folder = fs::path(directory) / std::to_string(version);
  const fs::path path = folder / kModelFile;
  ASSIGN_OR_RETURN(std::string bytes, ReadFile(path));
  RETURN_IF_ERROR(CheckDigest(folder, bytes));
  try {
    std::istringstream stream(std::move(bytes));
    auto model = std::make_unique<TorchCueModel>(std::to_string(version),
                                                 torch::jit::load(stream));
    if (const absl::Status status = model->Check(); !status.ok()) {
      return Damaged(path, status.message());
    }
    return model;
  } catch (const std::exception& error) {
    return Damaged(path, Reason(error));
  }
}

}  // namespace lenscap
