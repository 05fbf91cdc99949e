// tools/count_tests.py says whether a build is good, so it must not be fooled.

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;

constexpr char kPassed[] =
    R"(<testcase name="A" status="run" result="completed" classname="T"/>)";
constexpr char kFailed[] =
    R"(<testcase name="B" status="run" result="completed" classname="T">)"
    R"(<failure message="1 is not 2"/></testcase>)";
constexpr char kSkipped[] =
    R"(<testcase name="C" status="run" result="skipped" classname="T">)"
    R"(<skipped message="a.cc:1&#x0A;needs footage"/></testcase>)";
constexpr char kDisabled[] =
    R"(<testcase name="D" status="notrun" result="suppressed" classname="T"/>)";

// The events of one build.
class Events {
 public:
  Events& Result(const std::string& label, const std::string& cases,
                 const std::string& status, int attempt = 1) {
    const std::string xml = WriteTempFile(
        "test.xml", absl::StrCat("<?xml version=\"1.0\"?><testsuites>"
                                 "<testsuite name=\"T\">",
                                 cases, "</testsuite></testsuites>"));
    absl::StrAppend(
        &text_, R"({"id":{"testResult":{"label":")", label,
        R"(","run":1,"shard":1,"attempt":)", attempt,
        R"(}},"testResult":{"status":")", status,
        R"(","testActionOutput":[{"name":"test.log","uri":"file:///none"},)",
        R"({"name":"test.xml","uri":"file://)", xml, "\"}]}}\n");
    return *this;
  }
  Events& NotBuilt(const std::string& label, const std::string& kind) {
    absl::StrAppend(&text_, R"({"id":{"targetConfigured":{"label":")", label,
                    R"("}},"configured":{"targetKind":")", kind, "\"}}\n");
    absl::StrAppend(&text_, R"({"id":{"targetCompleted":{"label":")", label,
                    R"("}},"completed":{}})", "\n");
    return *this;
  }

  // What is printed, and "exit N" for the exit code.
  std::string Count() const {
    return OutputOf({"sh", "-c",
                     "python3 tools/count_tests.py " +
                         WriteTempFile("events.json", text_) +
                         "; echo exit $?"});
  }

 private:
  std::string text_;
};

TEST(CountTestsTest, CasesAreCountedNotTargets) {
  EXPECT_EQ(Events()
                .Result("//a:a", absl::StrCat(kPassed, kPassed), "PASSED")
                .Result("//b:b", kPassed, "PASSED")
                .Count(),
            "3 passed, 0 failed, 0 skipped\nexit 0\n");
}

TEST(CountTestsTest, AFailedCaseIsNamedAndFailsTheRun) {
  EXPECT_EQ(Events()
                .Result("//a:a", absl::StrCat(kPassed, kFailed), "FAILED")
                .Count(),
            "FAILED //a:a T.B\n1 passed, 1 failed, 0 skipped\nexit 1\n");
}

TEST(CountTestsTest, ASkippedCaseIsNamedWithItsReason) {
  EXPECT_EQ(
      Events()
          .Result("//a:a", absl::StrCat(kPassed, kSkipped, kDisabled), "PASSED")
          .Count(),
      "skipped //a:a T.C: a.cc:1 needs footage\n"
      "1 passed, 0 failed, 1 skipped\nexit 0\n");
}

TEST(CountTestsTest, ACrashAfterGoodCasesIsAFailure) {
  EXPECT_THAT(Events().Result("//a:a", kPassed, "FAILED").Count(),
              AllOf(HasSubstr("FAILED //a:a: FAILED"),
                    EndsWith("1 passed, 1 failed, 0 skipped\nexit 1\n")));
  EXPECT_THAT(Events().Result("//a:a", "", "TIMEOUT").Count(),
              EndsWith("0 passed, 1 failed, 0 skipped\nexit 1\n"));
}

TEST(CountTestsTest, OnlyTheLastAttemptCounts) {
  EXPECT_THAT(Events()
                  .Result("//a:a", kFailed, "FAILED", 1)
                  .Result("//a:a", kPassed, "PASSED", 2)
                  .Count(),
              EndsWith("1 passed, 0 failed, 0 skipped\nexit 0\n"));
}

TEST(CountTestsTest, ATestThatWasNotBuiltIsAFailure) {
  EXPECT_THAT(
      Events()
          .Result("//a:a", kPassed, "PASSED")
          .NotBuilt("//b:b", "cc_test rule")
          .NotBuilt("//c:c", "cc_library rule")
          .Count(),
      AllOf(HasSubstr("FAILED //b:b: not built"), HasSubstr("not built: //c:c"),
            EndsWith("1 passed, 1 failed, 0 skipped\nexit 1\n")));
}

TEST(CountTestsTest, ARunWithoutTestsIsNotGood) {
  EXPECT_EQ(Events().Count(), "0 passed, 0 failed, 0 skipped\nexit 1\n");
  EXPECT_THAT(Events().Result("//a:a", kSkipped, "PASSED").Count(),
              EndsWith("0 passed, 0 failed, 1 skipped\nexit 1\n"));
}

}  // namespace
}  // namespace lenscap
