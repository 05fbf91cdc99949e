#include "tests/models/labelled_clips.h"

#include <fstream>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "media/video_reader.h"

namespace lenscap {
namespace {

// The fields of a line of comma-separated values, any of which may be quoted.
std::vector<std::string> SplitCsv(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == '\r') {
      continue;  // Lines may end as in RFC 4180.
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

using Row = std::map<std::string, std::string>;

std::optional<bool> LabelOf(const std::string& field) {
  if (field == "0") return false;
  if (field == "1" || field == "2") return true;
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<LabelledClip>> ReadManifest(
    const std::string& folder, const std::vector<std::string>& labels) {
  const std::string path = folder + "/manifest.csv";
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " is not there"));
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> columns = SplitCsv(line);
  std::vector<LabelledClip> clips;
  for (int number = 2; std::getline(file, line); ++number) {
    const std::vector<std::string> fields = SplitCsv(line);
    Row row;
    for (size_t i = 0; i < fields.size() && i < columns.size(); ++i) {
      row[columns[i]] = fields[i];
    }
    if (fields.size() != columns.size() || row["path"].empty() ||
        row["group"].empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":", number, ": wants a path, a group and ",
                       columns.size(), " fields"));
    }
    LabelledClip& clip = clips.emplace_back();
    clip.path = folder + "/" + row["path"];
    clip.group = row["group"];
    clip.composite = row["kind"] == "composite";
    double seconds = 0;
    clip.image = !absl::SimpleAtod(row["duration_s"], &seconds) || seconds == 0;
    clip.clock = row["clock"];
    for (const std::string& label : labels) {
      if (const auto value = LabelOf(row[label])) clip.labels[label] = *value;
    }
  }
  return clips;
}

absl::StatusOr<CueFootage> ReadCueFootage(const LabelledClip& clip,
                                          Sampling sampling) {
  ASSIGN_OR_RETURN(auto source, OpenFileSource(clip.path));
  ASSIGN_OR_RETURN(auto reader, VideoReader::Open(std::move(source),
                                                  {.sampling = sampling}));
  CueSampler sampler;
  while (true) {
    ASSIGN_OR_RETURN(auto frame, reader->Next());
    if (!frame) break;
    sampler.Add(*frame);
    if (!clip.image) continue;
    frame->time += absl::Milliseconds(500);
    sampler.Add(*frame);
    break;
  }
  return sampler.footage();
}

}  // namespace lenscap
