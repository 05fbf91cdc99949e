#include "base/sealed_file.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

constexpr FileKind kKind = {"testfile", 3};

std::string ReadAll(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

void WriteAll(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// What is in the file, or why it is refused.
absl::StatusOr<std::string> Read(const std::string& path) {
  auto file = SealedFile::Open(path, kKind);
  if (!file.ok()) return file.status();
  std::string body(file->body_bytes(), '\0');
  const absl::Status read = file->ReadBody(body.data());
  const auto mapped = file->MapBody();
  EXPECT_EQ(read.code(), mapped.status().code());
  if (!read.ok()) return read;
  EXPECT_EQ(mapped->bytes(), body);
  return file->header() + "|" + body;
}

class SealedFileTest : public testing::Test {
 protected:
  void Write(const std::string& header) {
    const absl::Status status =
        WriteSealedFile(path_, kKind, header, {"some ", "body"});
    ASSERT_TRUE(status.ok()) << status;
  }

  const std::string directory_ = MakeTempDirectory();
  const std::string path_ = directory_ + "/file";
};

TEST_F(SealedFileTest, WhatWasWrittenIsReadBack) {
  Write("header");
  EXPECT_EQ(*Read(path_), "header|some body");
  Write("");
  EXPECT_EQ(*Read(path_), "|some body");
  ASSERT_TRUE(WriteSealedFile(path_, kKind, "alone", {}).ok());
  EXPECT_EQ(*Read(path_), "alone|");
  const std::string large(5 << 20, 'x');
  ASSERT_TRUE(WriteSealedFile(path_, kKind, large, {large, "end"}).ok());
  EXPECT_EQ(*Read(path_), large + "|" + large + "end");
}

TEST_F(SealedFileTest, AFlippedBitAnywhereIsDamageAndNamed) {
  Write("header");
  const std::string sound = ReadAll(path_);
  for (size_t i = 0; i < sound.size(); ++i) {
    // Between header and body lies nothing that is read.
    if (i >= 64 + 6 && i < 4096) continue;
    std::string damaged = sound;
    damaged[i] ^= 1 << i % 8;
    WriteAll(path_, damaged);
    const absl::Status status = Read(path_).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << i << ": " << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(path_));
  }
  WriteAll(path_, sound);
  EXPECT_TRUE(Read(path_).ok());
}

TEST_F(SealedFileTest, AFileOfAnotherLengthIsDamage) {
  Write("header");
  const std::string sound = ReadAll(path_);
  for (const size_t size : {0, 1, 63, 64, 70, 4095, 4096, 4100}) {
    WriteAll(path_, sound.substr(0, size));
    EXPECT_TRUE(absl::IsDataLoss(Read(path_).status())) << size;
  }
  WriteAll(path_, sound + "x");
  EXPECT_TRUE(absl::IsDataLoss(Read(path_).status()));
}

TEST_F(SealedFileTest, AnotherKindAndAnotherVersionAreToldApart) {
  EXPECT_TRUE(absl::IsNotFound(Read(path_).status()));
  ASSERT_TRUE(WriteSealedFile(path_, {"testfile", 4}, "h", {}).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Read(path_).status()));
  ASSERT_TRUE(WriteSealedFile(path_, {"otherone", 3}, "h", {}).ok());
  EXPECT_TRUE(absl::IsDataLoss(Read(path_).status()));
}

TEST_F(SealedFileTest, AWriteThatFailsLeavesWhatWasThere) {
  Write("before");
  for (const auto mode :
       {TestDisk::Mode::kFull, TestDisk::Mode::kFullSyncs,
        TestDisk::Mode::kBroken, TestDisk::Mode::kBrokenSyncs}) {
    TestDisk::SetMode(mode);
    const absl::Status status =
        WriteSealedFile(path_, kKind, "after", {"body"});
    TestDisk::SetMode(TestDisk::Mode::kSound);
    EXPECT_EQ(
        absl::IsResourceExhausted(status),
        mode == TestDisk::Mode::kFull || mode == TestDisk::Mode::kFullSyncs)
        << status;
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(*Read(path_), "before|some body");
    size_t files = 0;
    for ([[maybe_unused]] const auto& file :
         std::filesystem::directory_iterator(directory_)) {
      ++files;
    }
    EXPECT_EQ(files, 1);
  }
}

}  // namespace
}  // namespace lenscap
