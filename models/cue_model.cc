#include "models/cue_model.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "models/burned_in_text.h"
#include "models/camera_motion.h"
#include "models/cue_module.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

constexpr char kModelFile[] = "model.pt";
constexpr char kManifestFile[] = "MANIFEST";
constexpr int64_t kMaxModelBytes = int64_t{1} << 30;
constexpr size_t kMinFrames = 2;
// The cue that the texts speak of.
constexpr char kClockCue[] = "timestamp_overlay";

absl::Status Damaged(const fs::path& path, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(path.string(), ": ", why));
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

// The manifest's first line is what `sha256sum model.pt` prints.
absl::Status CheckDigest(const fs::path& folder, absl::string_view model) {
  ASSIGN_OR_RETURN(const std::string manifest,
                   ReadFile(folder / kManifestFile));
  const std::string expected =
      absl::StrCat(ToHex(Sha256Of(model)), "  ", kModelFile);
  if (manifest.substr(0, manifest.find('\n')) != expected) {
    return Damaged(
        folder / kModelFile,
        absl::StrCat("its SHA-256 is not the one in ", kManifestFile));
  }
  return absl::OkStatus();
}

class CueModel final : public CueScorer {
 public:
  CueModel(std::string version, std::unique_ptr<CueModule> module)
      : version_(std::move(version)), module_(std::move(module)) {}

  absl::StatusOr<CueReport> Score(const CueFootage& footage) const override {
    CueReport report;
    if (footage.frames.size() < kMinFrames || footage.stills.empty()) {
      report.unavailable =
          absl::StrCat("cues want at least ", kMinFrames, " frames, there are ",
                       footage.frames.size());
      return report;
    }
    absl::Status status = ScoreInto(footage, report);
    if (status.ok()) return report;
    return absl::Status(status.code(), absl::StrCat("cue model ", version_,
                                                    ": ", status.message()));
  }

 private:
  absl::Status ScoreInto(const CueFootage& footage, CueReport& report) const {
    CameraMotion motion = MeasureMotion(footage.frames);
    ASSIGN_OR_RETURN(BurnedInTexts texts,
                     ReadBurnedInTexts(*module_, footage.stills));
    ASSIGN_OR_RETURN(CueScores scores,
                     module_->Score(footage, motion, texts.clock));
    report.model_version = version_;
    for (size_t i = 0; i < module_->cue_names().size(); ++i) {
      Cue& cue = report.cues.emplace_back();
      cue.name = module_->cue_names()[i];
      cue.probability = scores.probabilities[i];
      cue.spans = std::move(scores.spans[i]);
      cue.evidence = std::move(scores.evidence[i]);
      cue.contribution = scores.contributions[i];
      if (cue.name == kClockCue && !texts.sentence.empty()) {
        cue.evidence = absl::StrCat(
            texts.sentence, cue.evidence.empty() ? "" : " ", cue.evidence);
      }
    }
    report.motion = std::move(motion.moves);
    report.texts = std::move(texts.texts);
    report.distortion = scores.distortion;
    report.rows = scores.rows;
    report.columns = scores.columns;
    return absl::OkStatus();
  }

  const std::string version_;
  const std::unique_ptr<CueModule> module_;
};

}  // namespace

absl::StatusOr<int> NewestCueVersion(const std::string& directory) {
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
    return absl::NotFoundError(absl::StrCat(directory, ": ", error.message()));
  }
  if (!newest) {
    return absl::NotFoundError(
        absl::StrCat(directory, ": has no numbered version folder, such as 1"));
  }
  return *newest;
}

absl::StatusOr<std::unique_ptr<CueScorer>> OpenCueModel(
    const std::string& directory, int version) {
  const fs::path folder = fs::path(directory) / std::to_string(version);
  const fs::path path = folder / kModelFile;
  ASSIGN_OR_RETURN(std::string bytes, ReadFile(path));
  RETURN_IF_ERROR(CheckDigest(folder, bytes));
  absl::StatusOr<std::unique_ptr<CueModule>> module =
      CueModule::Load(std::move(bytes));
  if (!module.ok()) return Damaged(path, module.status().message());
  return std::make_unique<CueModel>(std::to_string(version),
                                    *std::move(module));
}

}  // namespace lenscap
