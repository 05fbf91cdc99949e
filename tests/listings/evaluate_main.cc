// How well the starter packs tell listings that need a person's look from those
// that only look alike: precision and recall of each part of
// tests/data/listings, with 95% intervals. The texts that come out wrong are
// shown of the part that the rules were written on; those of the held-out part
// only with --show_held_out, for who has read them writes rules for them.
//
//   bazel run //tests/listings:evaluate

#include <cstdio>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "tests/listings/detection_rates.h"
#include "tests/listings/labelled_listings.h"

ABSL_FLAG(bool, show_held_out, false,
          "show the held-out texts that come out wrong");

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const auto parts = lenscap::ReadLabelledParts();
  if (!parts.ok()) {
    std::fprintf(stderr, "%s\n", parts.status().ToString().c_str());
    return 1;
  }
  const auto engine = lenscap::StarterEngine();
  for (const lenscap::LabelledPart& part : *parts) {
    const bool texts =
        part.name == "written_on" || absl::GetFlag(FLAGS_show_held_out);
    std::fputs(Describe(part.name, Evaluate(*engine, part), texts).c_str(),
               stdout);
  }
  return 0;
}
