// The quickstart's verdict on itself must be able to fail.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr char kTimings[] =
    R"("timings":{"total":"0.500s","decode":"0.400s"},)";

std::string Disguise() {
  return absl::StrCat(
      R"({"verdict":{"action":"ACTION_BLOCK"},"media":{"duration":"21.240s"},)",
      kTimings,
      R"("matches":[{"list_id":"demo","entry_id":"street-camera",)"
      R"("query":{"start":"5s","end":"15.100s"},)"
      R"("reference":{"start":"29.900s","end":"40s"},)"
      R"("frames_matched":20,"frames_sampled":20,"median_distance":4}]})");
}
std::string Film() {
  return absl::StrCat(
      R"({"verdict":{"action":"ACTION_ALLOW"},"media":{"duration":"11s"},)",
      kTimings, R"("matches":[]})");
}

std::string Check(const std::string& disguise, const std::string& film,
                  const std::string& decided = "1") {
  const std::string reports =
      WriteTempFile("reports", absl::StrCat(disguise, "\n", film, "\n"));
  const std::string stats =
      WriteTempFile("stats", absl::StrCat("{\"decided\":\"", decided, "\"}\n"));
  return OutputOf({"sh", "-c",
                   absl::StrCat("python3 deploy/quickstart_report.py check ",
                                reports, " ", stats, "; echo exit $?")});
}

TEST(QuickstartReportTest, WhatWasExpectedIsGood) {
  EXPECT_THAT(Check(Disguise(), Film()),
              AllOf(HasSubstr("5.0 s to 15.1 s"), HasSubstr("0.50 s"),
                    Not(HasSubstr("WRONG")), EndsWith("exit 0\n")));
}

TEST(QuickstartReportTest, AnythingElseIsNot) {
  const std::string good = Disguise();
  const auto with = [&](const char* from, const char* to) {
    const std::string changed = absl::StrReplaceAll(good, {{from, to}});
    EXPECT_NE(changed, good);
    return changed;
  };
  for (const std::string& disguise :
       {with("BLOCK", "REVIEW"), with("street-camera", "other"),
        with("\"start\":\"5s\"", "\"start\":\"6.1s\""),
        with("15.100s", "13.9s"), with("29.900s", "31.1s"),
        with("\"end\":\"40s\"", "\"end\":\"41.1s\""), Film()}) {
    EXPECT_THAT(Check(disguise, Film()),
                AllOf(HasSubstr("WRONG"), EndsWith("exit 1\n")));
  }
  EXPECT_THAT(Check(good, absl::StrReplaceAll(Film(), {{"ALLOW", "REVIEW"}})),
              EndsWith("exit 1\n"));
  EXPECT_THAT(Check(good, Film(), "0"), EndsWith("exit 1\n"));
}

TEST(QuickstartReportTest, ThereMustBeOneLease) {
  const auto token = [](const std::string& leases) {
    return OutputOf(
        {"sh", "-c",
         absl::StrCat("python3 deploy/quickstart_report.py token ",
                      WriteTempFile("lease", leases), " 2>&1; echo exit $?")});
  };
  const std::string lease = "{\"lease_token\":\"t-1\"}\n";
  EXPECT_EQ(token(lease), "t-1\nexit 0\n");
  EXPECT_THAT(token(""), EndsWith("exit 1\n"));
  EXPECT_THAT(token(lease + lease), EndsWith("exit 1\n"));
}

}  // namespace
}  // namespace lenscap
