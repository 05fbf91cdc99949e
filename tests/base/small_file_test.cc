#include "base/small_file.h"

#include <sys/stat.h>

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

size_t FilesIn(const std::string& directory) {
  return std::distance(std::filesystem::directory_iterator(directory), {});
}

TEST(SmallFileTest, WhatIsWrittenIsReadAndReplaced) {
  const std::string path = MakeTempDirectory() + "/file";
  EXPECT_TRUE(absl::IsNotFound(ReadSmallFile(path, 10).status()));
  ASSERT_TRUE(WriteSmallFile(path, "one").ok());
  EXPECT_EQ(ReadSmallFile(path, 10).value(), "one");
  ASSERT_TRUE(WriteSmallFile(path, "").ok());
  EXPECT_EQ(ReadSmallFile(path, 10).value(), "");
}

TEST(SmallFileTest, MoreThanAllowedIsRefused) {
  const std::string path = MakeTempDirectory() + "/file";
  ASSERT_TRUE(WriteSmallFile(path, "0123456789").ok());
  EXPECT_TRUE(ReadSmallFile(path, 10).ok());
  const absl::Status status = ReadSmallFile(path, 9).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr(path));
}

TEST(SmallFileTest, AModeIsKeptEvenAfterACrash) {
  const std::string path = MakeTempDirectory() + "/file";
  ASSERT_TRUE(WriteSmallFile(path + kUnfinished, "half", 0644).ok());
  ASSERT_TRUE(WriteSmallFile(path, "secret", 0600).ok());
  struct stat facts = {};
  ASSERT_EQ(stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(ReadSmallFile(path, 10).value(), "secret");
}

TEST(SmallFileTest, AFailureLeavesWhatWasThere) {
  const std::string directory = MakeTempDirectory();
  const std::string path = directory + "/file";
  ASSERT_TRUE(WriteSmallFile(path, "old").ok());
  for (const auto mode : {TestDisk::Mode::kFull, TestDisk::Mode::kBroken}) {
    TestDisk::SetMode(mode);
    EXPECT_FALSE(WriteSmallFile(path, "new").ok());
    TestDisk::SetMode(TestDisk::Mode::kSound);
    EXPECT_EQ(ReadSmallFile(path, 10).value(), "old");
    EXPECT_EQ(FilesIn(directory), 1u);
  }
  EXPECT_FALSE(WriteSmallFile(directory + "/not/there", "new").ok());
}

}  // namespace
}  // namespace lenscap
