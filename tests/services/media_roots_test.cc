#include "services/media_roots.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int64_t kMaxBytes = 1 << 20;

class MediaRootsTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(root_ + "/inner");
    fs::create_directories(outside_);
    Write(root_ + "/inner/clip.mp4", "footage");
    Write(outside_ + "/secret", "secret");
    fs::create_symlink(outside_ + "/secret", root_ + "/link");
    fs::create_directory_symlink(outside_, root_ + "/door");
    fs::create_symlink(root_ + "/inner/clip.mp4", root_ + "/good-link");
    fs::create_directory_symlink(root_, top_ + "/alias");
    mkfifo((root_ + "/pipe").c_str(), 0600);
    // Begins as the root does, and is not below it.
    fs::create_directories(root_ + "-other");
    Write(root_ + "-other/clip.mp4", "no");
  }

  static void Write(const std::string& path, const std::string& bytes) {
    std::ofstream(path) << bytes;
  }
  static std::string ReadAll(ByteSource& source) {
    uint8_t buffer[100];
    const auto read = source.ReadAt(0, absl::MakeSpan(buffer));
    return read.ok() ? std::string(buffer, buffer + *read) : "";
  }

  const std::string top_ = fs::canonical(MakeTempDirectory());
  const std::string root_ = top_ + "/media";
  const std::string outside_ = top_ + "/outside";
};

TEST_F(MediaRootsTest, FilesBelowARootAreOpened) {
  const auto roots = MediaRoots::Open({root_});
  ASSERT_TRUE(roots.ok()) << roots.status();
  for (const std::string& uri : {"file:" + root_ + "/inner/clip.mp4",
                                 "file://" + root_ + "/inner/clip.mp4",
                                 "file:" + root_ + "/inner/../inner/./clip.mp4",
                                 "file:" + root_ + "/good-link"}) {
    const auto source = roots->OpenUri(uri, kMaxBytes);
    ASSERT_TRUE(source.ok()) << uri << ": " << source.status();
    EXPECT_EQ(ReadAll(**source), "footage");
  }
}

TEST_F(MediaRootsTest, ARootMayBeNamedByALink) {
  const auto roots = MediaRoots::Open({top_ + "/alias"});
  ASSERT_TRUE(roots.ok());
  EXPECT_TRUE(
      roots->OpenUri("file:" + top_ + "/alias/inner/clip.mp4", kMaxBytes).ok());
  EXPECT_TRUE(
      roots->OpenUri("file:" + root_ + "/inner/clip.mp4", kMaxBytes).ok());
}

TEST_F(MediaRootsTest, NothingElseIsOpened) {
  const auto roots = MediaRoots::Open({root_});
  ASSERT_TRUE(roots.ok());
  const struct {
    std::string uri;
    absl::StatusCode code;
  } kCases[] = {
      {"file:" + outside_ + "/secret", absl::StatusCode::kPermissionDenied},
      {"file:" + outside_ + "/absent", absl::StatusCode::kPermissionDenied},
      {"file:" + root_ + "/../outside/secret",
       absl::StatusCode::kPermissionDenied},
      {"file:" + root_ + "/link", absl::StatusCode::kPermissionDenied},
      {"file:" + root_ + "/door/secret", absl::StatusCode::kPermissionDenied},
      {"file:" + root_ + "-other/clip.mp4",
       absl::StatusCode::kPermissionDenied},
      {"file:" + root_, absl::StatusCode::kPermissionDenied},
      {"file:" + root_ + "/inner", absl::StatusCode::kInvalidArgument},
      {"file:" + root_ + "/pipe", absl::StatusCode::kInvalidArgument},
      {"file:" + root_ + "/absent", absl::StatusCode::kNotFound},
      {"file:inner/clip.mp4", absl::StatusCode::kInvalidArgument},
      {"file://host" + root_ + "/inner/clip.mp4",
       absl::StatusCode::kInvalidArgument},
      {root_ + "/inner/clip.mp4", absl::StatusCode::kInvalidArgument},
      {"http://localhost/clip.mp4", absl::StatusCode::kInvalidArgument},
      {"file:" + root_ + "/inner/clip.mp4" + std::string(1, '\0'),
       absl::StatusCode::kInvalidArgument},
      {"", absl::StatusCode::kInvalidArgument},
  };
  for (const auto& test : kCases) {
    const auto source = roots->OpenUri(test.uri, kMaxBytes);
    EXPECT_EQ(source.status().code(), test.code)
        << test.uri << ": " << source.status();
    EXPECT_THAT(std::string(source.status().message()),
                StartsWith("header.uri: "));
  }
}

TEST_F(MediaRootsTest, WithoutRootsNothingIsOpened) {
  const auto source =
      MediaRoots().OpenUri("file:" + root_ + "/inner/clip.mp4", kMaxBytes);
  EXPECT_TRUE(absl::IsPermissionDenied(source.status()));
  EXPECT_THAT(std::string(source.status().message()),
              HasSubstr("--media_root"));
}

TEST_F(MediaRootsTest, ARootMustBeADirectoryThatIsThere) {
  for (const std::string& path :
       {std::string("relative"), top_ + "/absent", root_ + "/inner/clip.mp4"}) {
    const auto roots = MediaRoots::Open({root_, path});
    EXPECT_TRUE(absl::IsInvalidArgument(roots.status())) << path;
    EXPECT_THAT(std::string(roots.status().message()), HasSubstr(path));
  }
}

}  // namespace
}  // namespace lenscap
