#include "tests/models/labelled_clips.h"

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string FolderWith(const std::string& manifest) {
  const std::string folder = MakeTempDirectory();
  std::ofstream(folder + "/manifest.csv") << manifest;
  return folder;
}

TEST(LabelledClipsTest, RowsAreReadByTheirColumnsNames) {
  const std::string folder = FolderWith(
      "ir,path,kind,duration_s,group,static,notes\n"
      "1,a/x.mp4,real,12.5,cam1,0,\"dark, at night\"\n"
      ",b/y.jpg,real,0,web,0.5,\n"
      "0,b/z.mp4,composite,3,mix,1,\n");
  const auto clips = ReadManifest(folder, {"static", "ir"});
  ASSERT_TRUE(clips.ok()) << clips.status();
  ASSERT_EQ(clips->size(), 3);
  EXPECT_EQ((*clips)[0].path, folder + "/a/x.mp4");
  EXPECT_EQ((*clips)[0].group, "cam1");
  EXPECT_FALSE((*clips)[0].image);
  EXPECT_FALSE((*clips)[0].composite);
  EXPECT_THAT((*clips)[0].labels,
              ElementsAre(Pair("ir", true), Pair("static", false)));
  EXPECT_TRUE((*clips)[1].image);
  EXPECT_TRUE((*clips)[1].labels.empty());
  EXPECT_TRUE((*clips)[2].composite);
}

TEST(LabelledClipsTest, ALineThatIsWrongIsNamed) {
  const std::string head = "path,kind,duration_s,group,static\n";
  for (const char* line :
       {"a.mp4,real,1,cam\n", "a.mp4,real,1,,1\n", ",real,1,cam,1\n"}) {
    const auto clips = ReadManifest(
        FolderWith(head + "ok.mp4,real,1,cam,1\n" + line), {"static"});
    EXPECT_EQ(clips.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(clips.status().message(), HasSubstr("manifest.csv:3:"));
  }
  EXPECT_EQ(ReadManifest(MakeTempDirectory(), {}).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(LabelledClipsTest, FootageIsThatOfAScan) {
  const std::string path =
      MakeMedia("a.mp4", {"-f", "lavfi", "-i", "testsrc2=d=4:s=320x240:r=10",
                          "-c:v", "libx264", "-preset", "ultrafast"});
  const auto whole = ReadCueFootage(
      {.path = path, .group = {}, .labels = {}, .clock = {}}, Sampling::kDense);
  ASSERT_TRUE(whole.ok()) << whole.status();
  ASSERT_EQ(whole->frames.size(), 8);
  EXPECT_EQ(whole->frames[1].time - whole->frames[0].time,
            absl::Milliseconds(500));
  EXPECT_GT(whole->frames[0].colour.saturation, 10);
  ASSERT_EQ(whole->stills.size(), 4);
  EXPECT_EQ(whole->stills[0].width, 320);
  EXPECT_FALSE(
      ReadCueFootage(
          {.path = path + ".missing", .group = {}, .labels = {}, .clock = {}},
          Sampling::kDense)
          .ok());
}

TEST(LabelledClipsTest, AnImageIsShownTwice) {
  const std::string path = MakeMedia(
      "a.png", {"-f", "lavfi", "-i", "testsrc2=s=64x48", "-frames:v", "1"});
  const auto footage = ReadCueFootage(
      {.path = path, .group = {}, .image = true, .labels = {}, .clock = {}},
      Sampling::kDense);
  ASSERT_TRUE(footage.ok()) << footage.status();
  ASSERT_EQ(footage->frames.size(), 2);
  EXPECT_EQ(footage->frames[0].luma, footage->frames[1].luma);
}

TEST(LabelledClipsTest, LinesMayEndAsOnWindows) {
  const auto clips = ReadManifest(
      FolderWith("path,kind,duration_s,group,static\r\nx.mp4,real,1,cam,1\r\n"),
      {"static"});
  ASSERT_TRUE(clips.ok()) << clips.status();
  EXPECT_TRUE(clips->at(0).labels.at("static"));
}

TEST(LabelledClipsTest, AClockIsReadWhereThereIsOne) {
  const auto clips = ReadManifest(
      FolderWith("path,kind,duration_s,group,clock\n"
                 "x.mp4,real,1,cam,2021-06-11 23:14:05\ny.mp4,real,1,cam,\n"),
      {});
  ASSERT_TRUE(clips.ok()) << clips.status();
  EXPECT_EQ(clips->at(0).clock, "2021-06-11 23:14:05");
  EXPECT_EQ(clips->at(1).clock, "");
}

TEST(LabelledClipsTest, TwoIsStronglyTrue) {
  const auto clips = ReadManifest(
      FolderWith("path,kind,duration_s,group,fisheye\nx.mp4,real,1,cam,2\n"),
      {"fisheye"});
  ASSERT_TRUE(clips.ok()) << clips.status();
  EXPECT_TRUE(clips->at(0).labels.at("fisheye"));
}

}  // namespace
}  // namespace lenscap
