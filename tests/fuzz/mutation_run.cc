// mutation_run: shoots hostile files at a real lenscapd. See README.md.

#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/fuzz/server_run.h"

ABSL_FLAG(int, files, 1000,
          "How many files; at least all that are made by hand.");
ABSL_FLAG(uint64_t, seed, 1, "The same seed gives the same files.");
ABSL_FLAG(int, jobs, 2, "Scans at a time.");
ABSL_FLAG(std::string, server, "", "lenscapd; without it, the one just built.");
ABSL_FLAG(absl::Duration, deadline, absl::Seconds(30),
          "A scan that takes longer counts as a hang.");
ABSL_FLAG(std::string, keep, "/tmp/lenscap-mutation-run",
          "Folder for the files that did harm.");
ABSL_FLAG(bool, metrics, true, "Prints the server's own count as well.");

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "Shoots hostile files at a real lenscapd; exits with 1 on any crash, "
      "hang, escape or broken promise.");
  absl::ParseCommandLine(argc, argv);
  const lenscap::ServerRunOptions options = {
      .files = absl::GetFlag(FLAGS_files),
      .seed = absl::GetFlag(FLAGS_seed),
      .jobs = absl::GetFlag(FLAGS_jobs),
      .server = absl::GetFlag(FLAGS_server),
      .deadline = absl::GetFlag(FLAGS_deadline),
      .keep = absl::GetFlag(FLAGS_keep),
      .metrics = absl::GetFlag(FLAGS_metrics)};
  const lenscap::ServerRunResult result = lenscap::RunServerUnderFire(options);
  std::cout << result;
  const bool made_well =
      testing::UnitTest::GetInstance()->ad_hoc_test_result().Passed();
  return result.harmless() && made_well ? 0 : 1;
}
