// A canary that nobody touches proves nothing unless a lure would lead to it.

#include "tests/fuzz/canaries.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tests/fuzz/hostile_files.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

class CanariesTest : public testing::Test {
 protected:
  // The first of these lures whose bytes name `target`.
  std::string Lure(const std::string& name, const std::string& target) const {
    const std::vector<Seed> lures = MakeLures(bait_);
    const auto lure =
        std::find_if(lures.begin(), lures.end(), [&](const Seed& seed) {
          return seed.name == name && absl::StrContains(seed.bytes, target);
        });
    EXPECT_NE(lure, lures.end());
    return WriteTempFile("lure", lure->bytes);
  }

  // ffmpeg's own reader, with these doors open. It may fail.
  static void Read(const std::string& lure, const std::string& doors) {
    OutputOf(
        {"sh", "-c",
         "ffprobe -v quiet " + doors + " " + lure + " >/dev/null || true"});
  }

  NetworkCanary network_;
  const std::string path_ = MakeMedia(
      "canary.ts", {"-f", "lavfi", "-i", "testsrc2=d=0.2:s=64x48:r=25", "-c:v",
                    "mpeg2video"});
  FileCanary file_{path_};
  const Bait bait_ = {network_.host(), path_, "canary.ts"};
};

TEST_F(CanariesTest, AFileThatIsReadIsSeen) {
  EXPECT_EQ(file_.CountTouches(), 0);
  ReadFileBytes(path_);
  EXPECT_GE(file_.CountTouches(), 1);
}

TEST_F(CanariesTest, APlaylistLeadsToTheNetwork) {
  Read(Lure("hls.m3u8.mp4", "http://" + network_.host()),
       "-protocol_whitelist file,http,tcp");
  EXPECT_GE(network_.calls(), 1);
  EXPECT_EQ(file_.CountTouches(), 0);
}

TEST_F(CanariesTest, APlaylistLeadsToAFile) {
  Read(Lure("hls.m3u8.mp4", path_), "-protocol_whitelist file");
  EXPECT_GE(file_.CountTouches(), 1);
  EXPECT_EQ(network_.calls(), 0);
}

TEST_F(CanariesTest, AScriptLeadsToAFile) {
  Read(Lure("concat.mp4", path_), "-safe 0");
  EXPECT_GE(file_.CountTouches(), 1);
}

TEST_F(CanariesTest, AMovieLeadsToAFile) {
  Read(Lure("dref-alias.mov", path_), "-enable_drefs 1 -use_absolute_path 1");
  EXPECT_GE(file_.CountTouches(), 1);
}

TEST_F(CanariesTest, AMovieLeadsToTheFileBesideIt) {
  const std::filesystem::path lure = Lure("dref-beside.mov", "canary.ts");
  const std::filesystem::path beside = lure.parent_path() / "canary.ts";
  std::filesystem::copy_file(path_, beside);
  FileCanary canary(beside);
  Read(lure, "-enable_drefs 1");
  EXPECT_GE(canary.CountTouches(), 1);
}

}  // namespace
}  // namespace lenscap
