#include "services/log.h"

#include <string>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

TEST(LogTest, ALineHasTimeSeverityEventAndFields) {
  EXPECT_EQ(FormatLogLine("2026-01-02T03:04:05.678Z", LogSeverity::kWarning,
                          "scan_failed", {{"scan_id", "scan-1"}, {"n", "2"}}),
            "2026-01-02T03:04:05.678Z WARNING scan_failed "
            "scan_id=\"scan-1\" n=\"2\"");
}

TEST(LogTest, NoFieldCanForgeALine) {
  const std::string line =
      FormatLogLine("now", LogSeverity::kError, "e",
                    {{"account", "x\" y=\"1\n2026 INFO forged\r\x1b[2J"}});
  EXPECT_EQ(line,
            "now ERROR e account=\"x\\\" y=\\\"1\\n2026 INFO forged\\r"
            "\\033[2J\"");
}

TEST(LogTest, WhatIsBelowTheThresholdIsDropped) {
  testing::internal::CaptureStderr();
  Log(LogSeverity::kInfo, "quiet");
  Log(LogSeverity::kWarning, "loud", {{"k", "v"}});
  SetLogThreshold(LogSeverity::kInfo);
  Log(LogSeverity::kInfo, "heard");
  SetLogThreshold(LogSeverity::kWarning);
  const std::string output = testing::internal::GetCapturedStderr();
  EXPECT_EQ(output.find("quiet"), std::string::npos);
  EXPECT_NE(output.find(" WARNING loud k=\"v\"\n"), std::string::npos);
  EXPECT_NE(output.find(" INFO heard\n"), std::string::npos);
}

}  // namespace
}  // namespace lenscap
