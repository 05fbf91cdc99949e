#include "tests/fuzz/server_run.h"

#include <cstdlib>
#include <iostream>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

TEST(ServerRunTest, HundredsOfHostileFilesDoTheServerNoHarm) {
  const char* outputs = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR");
  const ServerRunResult result =
      RunServerUnderFire({.files = 1000,
                          .seed = 1,
                          .jobs = 2,
                          .server = "",
                          .deadline = absl::Minutes(5),
                          .keep = outputs != nullptr ? outputs : ".",
                          .metrics = true});
  EXPECT_TRUE(result.harmless()) << result;
  EXPECT_EQ(result.files, 1000);
  EXPECT_GT(result.verdicts.at("ACTION_ALLOW"), 100);
  EXPECT_GT(result.verdicts.at("ACTION_UNREADABLE"), 100);
  EXPECT_FALSE(result.metrics.empty());
  std::cout << result;
}

}  // namespace
}  // namespace lenscap
