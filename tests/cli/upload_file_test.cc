#include "services/cli/upload_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "base/digest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

using testing::HasSubstr;

std::string Bytes(size_t size) {
  std::string bytes(size, '\0');
  uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

// Every chunk is checked; the bytes of all.
std::string ReadAll(UploadFile& file) {
  std::string bytes;
  v1::Chunk chunk;
  while (true) {
    const absl::StatusOr<bool> more = file.Next(chunk);
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) return bytes;
    EXPECT_EQ(chunk.offset(), bytes.size());
    EXPECT_FALSE(chunk.data().empty());
    EXPECT_LE(chunk.data().size(), UploadFile::kChunkBytes);
    EXPECT_TRUE(chunk.has_crc32());
    EXPECT_EQ(chunk.crc32(), Crc32(chunk.data()));
    bytes += chunk.data();
  }
}

TEST(UploadFileTest, AFileGoesInChunksWithItsDigest) {
  constexpr size_t kChunk = UploadFile::kChunkBytes;
  for (const size_t size : {size_t{0}, size_t{1}, kChunk - 1, kChunk,
                            kChunk + 1, 3 * kChunk + 17}) {
    const std::string bytes = Bytes(size);
    auto file = UploadFile::Open(WriteTempFile("a.bin", bytes));
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ((*file)->bytes(), size);
    EXPECT_EQ((*file)->sha256(), Sha256Of(bytes));
    EXPECT_EQ((*file)->head(), bytes.substr(0, kChunk));
    EXPECT_EQ(ReadAll(**file), bytes);
  }
}

TEST(UploadFileTest, APipeGoesInFullChunksWithoutADigest) {
  const std::string path = MakeTempDirectory() + "/pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const std::string bytes = Bytes(UploadFile::kChunkBytes + 1000);
  std::thread writer([&] {
    std::ofstream pipe(path, std::ios::binary);
    // In pieces smaller than a chunk.
    for (size_t i = 0; i < bytes.size(); i += 7001) {
      pipe << bytes.substr(i, 7001) << std::flush;
    }
  });
  auto file = UploadFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->bytes(), 0);
  EXPECT_EQ((*file)->sha256(), std::nullopt);
  EXPECT_EQ((*file)->head().size(), UploadFile::kChunkBytes);
  EXPECT_EQ(ReadAll(**file), bytes);
  writer.join();
}

TEST(UploadFileTest, WhatCannotBeReadIsNamed) {
  const std::string directory = MakeTempDirectory();
  EXPECT_EQ(UploadFile::Open(directory + "/none").status().code(),
            absl::StatusCode::kNotFound);
  const absl::Status status = UploadFile::Open(directory).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr(directory));
}

TEST(UploadFileTest, WhatIsAppendedMeanwhileIsNotSent) {
  const std::string bytes = Bytes(2 * UploadFile::kChunkBytes);
  const std::string path = WriteTempFile("a.bin", bytes);
  auto file = UploadFile::Open(path);
  ASSERT_TRUE(file.ok());
  std::ofstream(path, std::ios::binary | std::ios::app) << "more";
  EXPECT_EQ(ReadAll(**file), bytes);
}

TEST(UploadFileTest, AFileThatShrinksMeanwhileIsDataLoss) {
  const std::string path =
      WriteTempFile("a.bin", Bytes(4 * UploadFile::kChunkBytes));
  auto file = UploadFile::Open(path);
  ASSERT_TRUE(file.ok());
  std::filesystem::resize_file(path, UploadFile::kChunkBytes + 1);
  v1::Chunk chunk;
  EXPECT_EQ((*file)->Next(chunk).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace lenscap::cli
