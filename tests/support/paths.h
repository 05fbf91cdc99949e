#ifndef LENSCAP_TESTS_SUPPORT_PATHS_H_
#define LENSCAP_TESTS_SUPPORT_PATHS_H_

#include <optional>
#include <string>

namespace lenscap {

// A new empty directory for the running test, removed by Bazel.
std::string MakeTempDirectory();

// The folder of development footage that stands beside some checkouts, named
// by the environment variable LENSCAP_DEV_DATA (tests/run sets it).
std::optional<std::string> DevDataDirectory();

}  // namespace lenscap

// Skips the running test, loudly, where there is no development footage;
// otherwise declares `directory`.
#define LENSCAP_DEV_DATA_OR_SKIP(directory)                                  \
  const auto directory##_or_absent = ::lenscap::DevDataDirectory();          \
  if (!directory##_or_absent) {                                              \
    GTEST_SKIP() << "SKIPPED: needs the development footage; set "           \
                    "LENSCAP_DEV_DATA to its folder";                        \
  }                                                                          \
  const std::string& directory = *directory##_or_absent

#endif  // LENSCAP_TESTS_SUPPORT_PATHS_H_
