#include "services/cli/file_walk.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

// The start of a PNG: enough to look like an image.
constexpr char kImage[] = "\x89PNG\r\n\x1a\n....";

class FileWalkTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& bytes) {
    const fs::path path = root_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }

  // Below the root.
  std::vector<std::string> Names(const FileWalk& walk) const {
    std::vector<std::string> names;
    for (const InputFile& file : walk.files) {
      names.push_back(fs::path(file.path).lexically_relative(root_).string());
    }
    return names;
  }

  const fs::path root_ = MakeTempDirectory();
};

TEST_F(FileWalkTest, ADirectoryGivesItsMediaInOrderAndCountsTheRest) {
  Write("b/z.bin", kImage);
  Write("b/a.bin", kImage);
  Write("a.png", kImage);
  Write("c.png", "not an image");
  Write("b/notes.txt", "text");
  Write("empty.mp4", "");
  const FileWalk walk = WalkFiles({root_.string()}, /*all=*/false);
  EXPECT_THAT(Names(walk), ElementsAre("a.png", "b/a.bin", "b/z.bin"));
  EXPECT_EQ(walk.skipped, 3);
  EXPECT_EQ(walk.files[0].bytes, sizeof(kImage) - 1);
}

TEST_F(FileWalkTest, AllMeansEveryFile) {
  Write("a.txt", "text");
  Write("b.png", kImage);
  const FileWalk walk = WalkFiles({root_.string()}, /*all=*/true);
  EXPECT_THAT(Names(walk), ElementsAre("a.txt", "b.png"));
  EXPECT_EQ(walk.skipped, 0);
}

TEST_F(FileWalkTest, ANamedFileIsTakenWhateverItHolds) {
  const std::string text = Write("a.txt", "text");
  const std::string image = Write("b.png", kImage);
  const FileWalk walk = WalkFiles({image, text, image}, /*all=*/false);
  EXPECT_THAT(Names(walk), ElementsAre("b.png", "a.txt", "b.png"));
}

TEST_F(FileWalkTest, StandardInputAndPipesHaveNoSize) {
  const std::string pipe = (root_ / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const FileWalk walk = WalkFiles({"-", pipe}, /*all=*/false);
  ASSERT_EQ(walk.files.size(), 2);
  EXPECT_EQ(walk.files[0].path, "-");
  EXPECT_EQ(walk.files[0].bytes, -1);
  EXPECT_EQ(walk.files[1].bytes, -1);
  EXPECT_TRUE(walk.files[1].status.ok());
}

TEST_F(FileWalkTest, BelowADirectoryPipesAndLinkedDirectoriesAreLeftAlone) {
  Write("a.png", kImage);
  ASSERT_EQ(mkfifo((root_ / "pipe").c_str(), 0600), 0);
  fs::create_directory_symlink(root_, root_ / "loop");
  const FileWalk walk = WalkFiles({root_.string()}, /*all=*/true);
  EXPECT_THAT(Names(walk), ElementsAre("a.png"));
}

TEST_F(FileWalkTest, ALinkToAFileCountsAndADanglingOneIsAnError) {
  Write("a.png", kImage);
  fs::create_symlink(root_ / "a.png", root_ / "b.png");
  fs::create_symlink(root_ / "nowhere", root_ / "c.png");
  const FileWalk walk = WalkFiles({root_.string()}, /*all=*/false);
  EXPECT_THAT(Names(walk), ElementsAre("a.png", "b.png", "c.png"));
  EXPECT_TRUE(walk.files[1].status.ok());
  EXPECT_EQ(walk.files[2].status.code(), absl::StatusCode::kNotFound);
}

TEST_F(FileWalkTest, WhatIsMissingKeepsItsPlaceAndSaysSo) {
  const std::string image = Write("b.png", kImage);
  const std::string missing = (root_ / "a.png").string();
  const FileWalk walk = WalkFiles({missing, image}, /*all=*/false);
  ASSERT_EQ(walk.files.size(), 2);
  EXPECT_EQ(walk.files[0].status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(walk.files[0].status.message()),
              testing::StartsWith(missing));
  EXPECT_TRUE(walk.files[1].status.ok());
}

TEST_F(FileWalkTest, AnUnreadableDirectoryCostsNoOther) {
  if (geteuid() == 0) {
    // Root reads everything; a name too long for the system does as well.
    fs::path deep = root_ / "deep";
    fs::create_directories(deep);
    fs::create_directory_symlink(std::string(300, 'x'), deep / "c");
  } else {
    fs::create_directories(root_ / "deep");
    fs::permissions(root_ / "deep", fs::perms::none);
  }
  Write("z.png", kImage);
  const FileWalk walk = WalkFiles({root_.string()}, /*all=*/false);
  ASSERT_EQ(walk.files.size(), 2);
  EXPECT_FALSE(walk.files[0].status.ok());
  EXPECT_TRUE(walk.files[1].status.ok());
}

}  // namespace
}  // namespace lenscap::cli
