#include "services/upload.h"

#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kMaxBytes = 8 << 20;

v1::Chunk ChunkOf(int64_t offset, const std::string& data) {
  v1::Chunk chunk;
  chunk.set_offset(offset);
  chunk.set_data(data);
  return chunk;
}

size_t FilesIn(const std::string& directory) {
  return std::distance(std::filesystem::directory_iterator(directory), {});
}

class UploadTest : public testing::Test {
 protected:
  Upload Begin(const ExpectedFile& expected = {},
               int64_t max_bytes = kMaxBytes) {
    auto upload = Upload::Begin(spool_, expected, max_bytes);
    EXPECT_TRUE(upload.ok()) << upload.status();
    return *std::move(upload);
  }

  const std::string directory_ = MakeTempDirectory() + "/spool";
  const Spool spool_ = *Spool::Open(directory_);
};

TEST_F(UploadTest, ChunksBecomeTheFileAndItsDigests) {
  const std::string first(100'000, 'a');
  const std::string second = "the end";
  Upload upload = Begin({static_cast<int64_t>(first.size() + second.size()),
                         ToBytes(Sha256Of(first + second))});
  v1::Chunk chunk = ChunkOf(0, first);
  chunk.set_crc32(Crc32(first));
  ASSERT_TRUE(upload.Append(chunk).ok());
  ASSERT_TRUE(upload.Append(ChunkOf(100'000, second)).ok());
  EXPECT_EQ(upload.bytes(), 100'007);
  auto uploaded = std::move(upload).Finish();
  ASSERT_TRUE(uploaded.ok()) << uploaded.status();
  EXPECT_EQ(ReadFileBytes(uploaded->file.path()), first + second);
  EXPECT_EQ(uploaded->bytes, 100'007);
  EXPECT_EQ(uploaded->digests.sha256, Sha256Of(first + second));
}

TEST_F(UploadTest, AnEmptyFileIsAFile) {
  auto uploaded = Begin().Finish();
  ASSERT_TRUE(uploaded.ok()) << uploaded.status();
  EXPECT_EQ(uploaded->bytes, 0);
  EXPECT_EQ(uploaded->digests.sha256, Sha256Of(""));
}

TEST_F(UploadTest, ABadChunkIsRefusedByTheNameOfItsField) {
  v1::Chunk wrong_checksum = ChunkOf(4, "data");
  wrong_checksum.set_crc32(Crc32("date"));
  const struct {
    v1::Chunk chunk;
    absl::StatusCode code;
    std::string message;
  } kCases[] = {
      {ChunkOf(0, "x"), absl::StatusCode::kInvalidArgument,
       "chunk.offset: expected 4, got 0"},
      {ChunkOf(5, "x"), absl::StatusCode::kInvalidArgument,
       "chunk.offset: expected 4, got 5"},
      {ChunkOf(-1, "x"), absl::StatusCode::kInvalidArgument,
       "chunk.offset: expected 4, got -1"},
      {ChunkOf(4, ""), absl::StatusCode::kInvalidArgument,
       "chunk.data: expected 1 to 1048576 bytes, got 0"},
      {ChunkOf(4, std::string((1 << 20) + 1, 'x')),
       absl::StatusCode::kInvalidArgument,
       "chunk.data: expected 1 to 1048576 bytes, got 1048577"},
      {wrong_checksum, absl::StatusCode::kDataLoss, "chunk.crc32: "},
      {ChunkOf(4, std::string(97, 'x')), absl::StatusCode::kResourceExhausted,
       "chunk.data: the file is longer than 100 bytes"},
  };
  for (const auto& test : kCases) {
    Upload upload = Begin({}, /*max_bytes=*/100);
    ASSERT_TRUE(upload.Append(ChunkOf(0, "1234")).ok());
    const absl::Status status = upload.Append(test.chunk);
    EXPECT_EQ(status.code(), test.code) << test.message;
    EXPECT_THAT(std::string(status.message()), HasSubstr(test.message));
  }
}

TEST_F(UploadTest, MoreBytesThanPromisedAreRefusedBeforeTheEnd) {
  Upload upload = Begin({.total_bytes = 3, .sha256 = ""});
  const absl::Status status = upload.Append(ChunkOf(0, "four"));
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(),
            "header.total_bytes: 3 bytes were promised, got at least 4");
}

TEST_F(UploadTest, FewerBytesThanPromisedAreRefusedAtTheEnd) {
  Upload upload = Begin({.total_bytes = 5, .sha256 = ""});
  ASSERT_TRUE(upload.Append(ChunkOf(0, "four")).ok());
  const absl::Status status = std::move(upload).Finish().status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(),
            "header.total_bytes: 5 bytes were promised, got 4");
}

TEST_F(UploadTest, AnotherDigestThanPromisedIsRefused) {
  Upload upload =
      Begin({.total_bytes = 0, .sha256 = ToBytes(Sha256Of("this"))});
  ASSERT_TRUE(upload.Append(ChunkOf(0, "that")).ok());
  const absl::Status status = std::move(upload).Finish().status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("header.sha256: " + ToHex(Sha256Of("this"))));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(ToHex(Sha256Of("that"))));
}

TEST_F(UploadTest, AnImpossiblePromiseIsRefusedAtOnce) {
  v1::Chunk unused;
  EXPECT_EQ(
      ExpectedFile({.total_bytes = -1, .sha256 = ""}).Validate(10).message(),
      "header.total_bytes: expected 0 to 10, got -1");
  EXPECT_EQ(
      ExpectedFile({.total_bytes = 11, .sha256 = ""}).Validate(10).message(),
      "header.total_bytes: expected 0 to 10, got 11");
  EXPECT_EQ(
      ExpectedFile({.total_bytes = 0, .sha256 = "abc"}).Validate(10).message(),
      "header.sha256: expected 32 bytes or none, got 3");
}

TEST_F(UploadTest, AnAbandonedUploadLeavesNoFile) {
  {
    Upload upload = Begin();
    ASSERT_TRUE(upload.Append(ChunkOf(0, "half")).ok());
    EXPECT_EQ(FilesIn(directory_), 1);
  }
  EXPECT_EQ(FilesIn(directory_), 0);
}

TEST_F(UploadTest, AKeptFileStays) {
  std::string path;
  {
    auto uploaded = Begin().Finish();
    ASSERT_TRUE(uploaded.ok());
    ASSERT_TRUE(uploaded->file.Sync().ok());
    uploaded->file.Keep();
    path = uploaded->file.path();
  }
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(UploadTest, AMovedFileIsRemovedOnceByItsNewOwner) {
  auto first = spool_.Create();
  auto second = spool_.Create();
  ASSERT_TRUE(first.ok() && second.ok());
  const std::string first_path = first->path();
  const std::string second_path = second->path();
  *second = *std::move(first);
  EXPECT_TRUE(std::filesystem::exists(first_path));
  EXPECT_FALSE(std::filesystem::exists(second_path));
}

// A limit on the size of files looks to the writer as a full disk does.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_;
  sighandler_t handler_;
};

TEST_F(UploadTest, AFullDiskIsNamedAndNothingIsLeftOnIt) {
  absl::Status status;
  {
    Upload upload = Begin();
    const FileSizeLimit limit(64 << 10);
    status = upload.Append(ChunkOf(0, std::string(1 << 20, 'x')));
  }
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(directory_));
  EXPECT_THAT(std::string(status.message()), HasSubstr("free some space"));
  EXPECT_EQ(FilesIn(directory_), 0);
}

TEST(SpoolTest, WhatNobodyWaitsForIsRemoved) {
  const std::string directory = MakeTempDirectory();
  const Spool spool = *Spool::Open(directory);
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) {
    auto file = spool.Create();
    ASSERT_TRUE(file.ok());
    file->Keep();
    names.push_back(file->name());
  }
  ASSERT_TRUE(spool.RemoveAllBut({names[1], "never-there"}).ok());
  EXPECT_FALSE(std::filesystem::exists(spool.PathOf(names[0])));
  EXPECT_TRUE(std::filesystem::exists(spool.PathOf(names[1])));
  EXPECT_FALSE(std::filesystem::exists(spool.PathOf(names[2])));
  EXPECT_TRUE(spool.Remove(names[1]).ok());
  EXPECT_TRUE(spool.Remove(names[1]).ok()) << "again";
}

TEST(SpoolTest, NobodyElseMayReadIt) {
  const std::string directory = MakeTempDirectory() + "/spool";
  const Spool spool = *Spool::Open(directory);
  const auto file = spool.Create();
  ASSERT_TRUE(file.ok());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(directory).permissions(), perms::owner_all);
  EXPECT_EQ(std::filesystem::status(file->path()).permissions(),
            perms::owner_read | perms::owner_write);
}

TEST(SpoolTest, ADirectoryThatCannotBeMadeIsNamed) {
  const std::string file = WriteTempFile("file", "no directory");
  const auto spool = Spool::Open(file + "/spool");
  EXPECT_FALSE(spool.ok());
  EXPECT_TRUE(absl::StrContains(spool.status().message(), file));
}

TEST(SpoolBudgetTest, ASpoolHasNoMoreBytesThanItMay) {
  const Spool spool = *Spool::Open(MakeTempDirectory(), /*max_bytes=*/10);
  auto first = spool.Create();
  ASSERT_TRUE(first->Append("123456").ok());
  auto second = spool.Create();
  const absl::Status full = second->Append("12345");
  EXPECT_TRUE(absl::IsResourceExhausted(full));
  EXPECT_EQ(full.message(),
            "the server keeps at most 10 bytes of uploads, and has 6 already: "
            "try again in 10s");
  EXPECT_TRUE(second->Append("1234").ok());
  EXPECT_EQ(spool.bytes(), 10);
  { const SpoolFile gone = *std::move(first); }
  EXPECT_EQ(spool.bytes(), 4);
  EXPECT_TRUE(second->Append("123456").ok());
}

TEST(SpoolBudgetTest, RoomIsKeptForWhatIsExpected) {
  const Spool spool = *Spool::Open(MakeTempDirectory(), 10);
  auto first = spool.Create(8);
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(absl::IsResourceExhausted(spool.Create(3).status()));
  auto second = spool.Create(2);
  ASSERT_TRUE(second.ok());
  EXPECT_TRUE(first->Append("12345678").ok());
  EXPECT_FALSE(first->Append("9").ok());
  EXPECT_EQ(spool.bytes(), 10);
}

TEST(SpoolBudgetTest, WhatIsKeptCountsUntilItIsRemovedEvenByAnotherProcess) {
  const std::string directory = MakeTempDirectory();
  std::string name;
  {
    const Spool spool = *Spool::Open(directory, 10);
    SpoolFile file = *spool.Create(9);
    ASSERT_TRUE(file.Append("123456").ok());
    file.Keep();
    name = file.name();
    EXPECT_EQ(spool.bytes(), 6);
  }
  const Spool spool = *Spool::Open(directory, 10);
  EXPECT_EQ(spool.bytes(), 6);
  EXPECT_FALSE(spool.Create(5).ok());
  ASSERT_TRUE(spool.Remove(name).ok());
  ASSERT_TRUE(spool.Remove(name).ok());
  EXPECT_EQ(spool.bytes(), 0);
  EXPECT_TRUE(spool.Create(10).ok());
  EXPECT_EQ(spool.bytes(), 0) << "an upload that is given up leaves its room";
}

}  // namespace
}  // namespace lenscap
