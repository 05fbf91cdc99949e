#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/data_directory.h"
#include "services/listen_address.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

TEST(ListenAddressTest, LoopbackIsAllowed) {
  for (const char* address :
       {"127.0.0.1:7300", "127.9.9.9:0", "localhost:65535", "[::1]:7300"}) {
    EXPECT_TRUE(CheckListenAddress("--listen", address, false).ok()) << address;
  }
}

TEST(ListenAddressTest, OtherAddressesNeedAWordOfTheirOwn) {
  for (const char* address : {"0.0.0.0:7300", "[::]:7300", "192.168.1.1:7300",
                              "example.org:7300", "127.0.0.1.example:7300"}) {
    const absl::Status refused =
        CheckListenAddress("--listen", address, /*insecure_public=*/false);
    EXPECT_TRUE(absl::IsInvalidArgument(refused)) << address;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("--insecure_public"));
    EXPECT_TRUE(CheckListenAddress("--listen", address, true).ok()) << address;
  }
}

TEST(ListenAddressTest, NonsenseIsRefusedWhateverIsAllowed) {
  for (const char* address :
       {"", "127.0.0.1", ":7300", "127.0.0.1:", "127.0.0.1:port",
        "127.0.0.1:65536", "127.0.0.1:-1", "unix:/tmp/socket"}) {
    const absl::Status status =
        CheckListenAddress("--listen", address, /*insecure_public=*/true);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << address;
    EXPECT_THAT(std::string(status.message()), HasSubstr("--listen: "));
  }
}

TEST(DataDirectoryTest, OneProcessAtATimeHasIt) {
  const std::string path = MakeTempDirectory() + "/deep/data";
  auto first = DataDirectory::Open(path);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ((*first)->Below("index"), path + "/index");
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_all);
  const auto second = DataDirectory::Open(path);
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status()));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(path));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("in use"));
  first->reset();
  EXPECT_TRUE(DataDirectory::Open(path).ok());
}

TEST(DataDirectoryTest, WhatCannotBeADirectoryIsNamed) {
  EXPECT_TRUE(absl::IsInvalidArgument(DataDirectory::Open("").status()));
  const std::string file = WriteTempFile("file", "no directory");
  for (const std::string& path : {file, file + "/data"}) {
    const auto directory = DataDirectory::Open(path);
    ASSERT_FALSE(directory.ok());
    EXPECT_THAT(std::string(directory.status().message()), HasSubstr(path));
  }
}

}  // namespace
}  // namespace lenscap
