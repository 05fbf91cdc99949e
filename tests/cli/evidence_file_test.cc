#include "services/cli/evidence_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

v1::ScanReport ReportOn(const std::string& file) {
  v1::ScanReport report;
  report.set_file(file);
  // A grey picture of 4x4: as much of it as says so.
  report.mutable_cues()->add_stills()->set_jpeg(
      std::string("\xff\xd8\xff\xc0\0\x0b\x08\0\4\0\4\1\1\x11\0", 15));
  return report;
}

mode_t ModeOf(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

TEST(EvidenceFileTest, ThePageHasTheNameOfTheUpload) {
  const std::string directory = MakeTempDirectory();
  const auto path = WriteEvidence(directory, ReportOn("night/a.mp4"));
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_EQ(*path, directory + "/a.mp4.svg");
  EXPECT_THAT(ReadFileBytes(*path), HasSubstr("night/a.mp4"));
  EXPECT_EQ(ModeOf(*path), 0600u);
}

TEST(EvidenceFileTest, ANameLeadsNowhereElse) {
  const auto name = [](const std::string& file) {
    return EvidenceName(ReportOn(file));
  };
  EXPECT_EQ(name("-"), "stdin");
  EXPECT_EQ(name("/a/b/../c.mp4"), "c.mp4");
  EXPECT_EQ(name("a\n\tb;rm *\\c$.mp4"), "a__b_rm___c_.mp4");
  EXPECT_EQ(name("/a/.."), "_.");
  EXPECT_EQ(name(".hidden"), "_hidden");
  EXPECT_EQ(name("--server"), "_-server");
  EXPECT_EQ(name("회의실.mp4"), "회의실.mp4");
  EXPECT_EQ(name("\xff\x1b[2J"), "___2J");
  EXPECT_LE(name(std::string(5000, 'x')).size(), 200u);
  EXPECT_LE(name(std::string(199, 'x') + "회의실").size(), 200u);
}

TEST(EvidenceFileTest, ACaseGivesItsNameWhereNoFileIsKnown) {
  v1::ScanReport report = ReportOn("");
  EXPECT_EQ(EvidenceName(report), "report");
  report.set_scan_id("scan-1");
  EXPECT_EQ(EvidenceName(report), "scan-1");
  report.set_content_id("sha256:00/11");
  EXPECT_EQ(EvidenceName(report), "sha256_00_11");
  report.set_case_id("../case-1");
  EXPECT_EQ(EvidenceName(report), "_._case-1");
}

TEST(EvidenceFileTest, NothingIsOverwritten) {
  const std::string directory = MakeTempDirectory();
  EXPECT_EQ(*WriteEvidence(directory, ReportOn("a")), directory + "/a.svg");
  EXPECT_EQ(*WriteEvidence(directory, ReportOn("x/a")), directory + "/a-2.svg");
  // Not through a link either.
  const std::string elsewhere = MakeTempDirectory() + "/target";
  fs::create_symlink(elsewhere, directory + "/a-3.svg");
  EXPECT_EQ(*WriteEvidence(directory, ReportOn("a")), directory + "/a-4.svg");
  EXPECT_FALSE(fs::exists(elsewhere));
}

TEST(EvidenceFileTest, WithoutStillsThereIsNoFile) {
  const std::string directory = MakeTempDirectory();
  v1::ScanReport report = ReportOn("a");
  report.mutable_cues()->clear_stills();
  EXPECT_EQ(*WriteEvidence(directory, report), "");
  EXPECT_TRUE(fs::is_empty(directory));
}

TEST(EvidenceFileTest, ADirectoryIsMadeForItsOwnerAlone) {
  const std::string directory = MakeTempDirectory() + "/new/pages";
  ASSERT_TRUE(MakeEvidenceDirectory(directory).ok());
  EXPECT_EQ(ModeOf(directory), 0700u);
  EXPECT_TRUE(MakeEvidenceDirectory(directory).ok());
  EXPECT_TRUE(MakeEvidenceDirectory(directory + "/").ok());
  EXPECT_TRUE(MakeEvidenceDirectory(directory + "/more/").ok());
  EXPECT_EQ(ModeOf(directory + "/more"), 0700u);
}

TEST(EvidenceFileTest, WhatCannotBeWrittenIsNamed) {
  const std::string file = WriteTempFile("file", "");
  EXPECT_THAT(std::string(MakeEvidenceDirectory(file).message()),
              HasSubstr(file));
  EXPECT_THAT(std::string(MakeEvidenceDirectory(file + "/a").message()),
              HasSubstr(file));
  const std::string none = MakeTempDirectory() + "/none";
  const auto path = WriteEvidence(none, ReportOn("a"));
  EXPECT_EQ(path.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(path.status().message()), HasSubstr(none + "/a.svg"));
}

}  // namespace
}  // namespace lenscap::cli
