#include "base/prefixed_file.h"

#include "base/small_file.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

TEST(PrefixedFileTest, ThePrefixStandsBeforeTheFile) {
  const std::string path = MakeTempDirectory() + "/file";
  for (const size_t prefix : {0, 1, 100, 4095, 4096, 4097, 70'000}) {
    for (const size_t file : {0, 1, 4095, 4096, 4097, 300'000}) {
      std::string expected;
      for (size_t i = 0; i < prefix + file; ++i) {
        expected.push_back(static_cast<char>(i % 251));
      }
      ASSERT_TRUE(WriteSmallFile(path, expected.substr(prefix)).ok());
      auto mapped = PrefixedFile::Map(expected.substr(0, prefix), path);
      ASSERT_TRUE(mapped.ok()) << mapped.status();
      const PrefixedFile moved = *std::move(mapped);
      EXPECT_TRUE(moved.bytes() == expected) << prefix << " " << file;
    }
  }
}

TEST(PrefixedFileTest, WhatIsNoFileIsRefused) {
  const std::string directory = MakeTempDirectory();
  EXPECT_TRUE(
      absl::IsNotFound(PrefixedFile::Map("x", directory + "/none").status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(PrefixedFile::Map("x", directory).status()));
}

}  // namespace
}  // namespace lenscap
