// How well the starter packs tell listings that need a person's look from those
// that only look alike: precision and recall of each part of
// tests/data/listings, with 95% intervals. The texts that come out wrong are
// shown of the parts that the rules were written on; those of the held-out part
// only with --show_held_out, for who has read them writes rules for them.
//
//   bazel run //tests/listings:evaluate
//   bazel run //tests/listings:evaluate -- --file=$PWD/new.ndjson
//     --show_misses --packs=$PWD/deploy/rules/starter-zh.yaml

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "listings/rule_engine.h"
#include "tests/listings/detection_rates.h"
#include "tests/listings/labelled_listings.h"

ABSL_FLAG(bool, show_held_out, false,
          "show the held-out texts that come out wrong");
ABSL_FLAG(std::string, file, "",
          "a file of labelled lines to measure instead of the parts");
ABSL_FLAG(bool, show_misses, false,
          "show the texts of --file that come out wrong");
ABSL_FLAG(std::vector<std::string>, packs, {},
          "files of the packs to measure instead of the built-in ones");

namespace lenscap {
namespace {

absl::StatusOr<std::vector<LabelledPart>> Parts() {
  const std::string path = absl::GetFlag(FLAGS_file);
  if (path.empty()) return ReadLabelledParts();
  absl::StatusOr<LabelledPart> part = ReadLabelledFile(path);
  if (!part.ok()) return part.status();
  return std::vector<LabelledPart>{*std::move(part)};
}

absl::StatusOr<std::shared_ptr<const RuleEngine>> Engine() {
  const std::vector<std::string> paths = absl::GetFlag(FLAGS_packs);
  if (paths.empty()) return StarterEngine();
  return EngineOfFiles(paths);
}

bool ShowsTexts(const LabelledPart& part) {
  if (!absl::GetFlag(FLAGS_file).empty()) {
    return absl::GetFlag(FLAGS_show_misses);
  }
  return part.name != "held_out" || absl::GetFlag(FLAGS_show_held_out);
}

absl::Status Measure() {
  const auto parts = Parts();
  if (!parts.ok()) return parts.status();
  const auto engine = Engine();
  if (!engine.ok()) return engine.status();
  for (const LabelledPart& part : *parts) {
    std::fputs(
        Describe(part.name, Evaluate(**engine, part), ShowsTexts(part)).c_str(),
        stdout);
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const absl::Status measured = lenscap::Measure();
  if (measured.ok()) return 0;
  std::fprintf(stderr, "%s\n", measured.ToString().c_str());
  return 1;
}
