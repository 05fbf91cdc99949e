#include "lists/list_archive.h"

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

class ListArchiveTest : public testing::Test {
 protected:
  ListArchive Open() {
    auto archive = ListArchive::Open(directory_ + "/lists");
    EXPECT_TRUE(archive.ok()) << archive.status();
    return *std::move(archive);
  }
  // A file on the file system of the archive.
  std::string File(const std::string& bytes) {
    const std::string from = WriteTempFile("list", bytes);
    const std::string path = directory_ + "/upload";
    fs::copy_file(from, path, fs::copy_options::overwrite_existing);
    return path;
  }
  const std::string directory_ = MakeTempDirectory();
};

TEST_F(ListArchiveTest, GivesBackEveryByteAfterAReopening) {
  const std::string path = File("the list");
  ASSERT_TRUE(Open().Put("hotline", 3, path, "the signatures").ok());
  fs::remove(path);  // It was only lent.
  const auto found = Open().Get("hotline", 3);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(ReadFileBytes(found->path), "the list");
  EXPECT_EQ(found->bytes, 8);
  EXPECT_EQ(found->signatures, "the signatures");
}

TEST_F(ListArchiveTest, WhatIsNotKeptIsNotFound) {
  const ListArchive archive = Open();
  ASSERT_TRUE(archive.Put("hotline", 3, File("x"), "y").ok());
  EXPECT_TRUE(absl::IsNotFound(archive.Get("hotline", 2).status()));
  EXPECT_TRUE(absl::IsNotFound(archive.Get("other", 3).status()));
}

TEST_F(ListArchiveTest, AnInterruptedPublicationIsReplaced) {
  const ListArchive archive = Open();
  ASSERT_TRUE(archive.Put("hotline", 1, File("first try"), "a").ok());
  fs::remove(directory_ + "/upload");
  ASSERT_TRUE(archive.Put("hotline", 1, File("second"), "b").ok());
  EXPECT_EQ(ReadFileBytes(archive.Get("hotline", 1)->path), "second");
  EXPECT_EQ(archive.Get("hotline", 1)->signatures, "b");
}

TEST_F(ListArchiveTest, NoIdOfAListLeadsOutOfTheDirectory) {
  const ListArchive archive = Open();
  ASSERT_TRUE(archive.Put("..", 1, File("x"), "y").ok());
  EXPECT_TRUE(fs::exists(directory_ + "/lists/list=.."));
  EXPECT_FALSE(fs::exists(directory_ + "/0000000001.list"));
}

}  // namespace
}  // namespace lenscap
