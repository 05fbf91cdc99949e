#include "tests/layers.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/repository_files.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// What is wrong with one file, in a repository of packages that `labels` of
// these tests name.
std::vector<std::string> Check(const std::string& path,
                               const std::string& text) {
  std::vector<SourceFile> files = {{path, text}};
  for (const std::string& room : Rooms()) {
    const std::string build = room + "/BUILD";
    if (build != path) files.push_back({build, ""});
  }
  return FindLayerViolations(files);
}

TEST(LayersTest, TheRepositoryKeepsItsLayers) {
  const std::vector<SourceFile> files = RepositoryFiles();
  std::map<std::string, int> sources, builds;
  for (const SourceFile& file : files) {
    const std::string room = file.path.substr(0, file.path.find('/'));
    ++(fs::path(file.path).filename() == "BUILD" ? builds : sources)[room];
  }
  for (const char* room : {"base", "media", "fingerprint", "index", "models",
                           "verdict", "takedown", "services"}) {
    EXPECT_GE(sources[room], 2) << room << " was not exported to this test";
    EXPECT_GE(builds[room], 1) << room << " was not exported to this test";
  }
  EXPECT_THAT(FindLayerViolations(files), IsEmpty());
}

TEST(LayersTest, ARoomMayUseWhatTheTableGivesIt) {
  EXPECT_THAT(Check("index/a.cc",
                    "#include \"fingerprint/pdq.h\"\n"
                    "#include \"base/clock.h\"\n"
                    "#include \"index/b.h\"\n"
                    "#include <vector>\n"),
              IsEmpty());
  EXPECT_THAT(Check("fingerprint/a.h", "#include \"media/frame.h\""),
              IsEmpty());
  EXPECT_THAT(Check("verdict/a.h", "#include \"models/cue.h\""), IsEmpty());
}

TEST(LayersTest, ARoomAboveIsRefused) {
  EXPECT_THAT(Check("base/a.cc", "\n#include \"media/frame.h\"\n"),
              ElementsAre("base/a.cc:2: base may not use media/frame.h"));
  EXPECT_THAT(Check("takedown/a.h", "#include \"services/server.h\""),
              SizeIs(1));
}

TEST(LayersTest, ARoomBesideIsRefused) {
  EXPECT_THAT(Check("models/a.cc", "#include \"index/clip.h\""), SizeIs(1));
  EXPECT_THAT(Check("index/a.cc", "#include \"models/cue.h\""), SizeIs(1));
}

TEST(LayersTest, WhereOneTargetIsAllowedAnotherIsRefused) {
  EXPECT_THAT(Check("fingerprint/a.h", "#include \"media/video_reader.h\""),
              SizeIs(1));
  EXPECT_THAT(Check("verdict/a.h", "#include \"index/known_clips.h\""),
              SizeIs(1));
}

TEST(LayersTest, NothingUsesTheTests) {
  EXPECT_THAT(Check("services/a.cc", "#include \"tests/support/paths.h\""),
              ElementsAre(HasSubstr("nothing may use tests/")));
  EXPECT_THAT(
      Check("services/BUILD", "    deps = [\"//tests/support:paths\"],"),
      ElementsAre(HasSubstr("nothing may use tests/")));
}

TEST(LayersTest, EveryLibraryStaysAtHome) {
  const std::vector<std::pair<std::string, std::string>> planted = {
      {"services/a.cc", "#include <libavformat/avformat.h>"},
      {"index/a.cc", "#  include \"libswscale/swscale.h\""},
      {"services/a.cc", "#include \"torch/script.h\""},
      {"index/a.cc", "#include \"opencv2/core.hpp\""},
      {"media/a.cc", "#include <ATen/core/Tensor.h>"},
      {"index/known_clips.cc", "#include \"rocksdb/db.h\""},
      {"takedown/queue.cc", "#include \"rocksdb/db.h\""},
      {"services/a.cc", "#include \"rocksdb/db.h\""},
      {"takedown/a.cc", "#include \"grpcpp/grpcpp.h\""},
      {"takedown/a.cc", "#include \"proto/lenscap/v1/takedown.grpc.pb.h\""},
      {"base/a.cc", "#include \"prometheus/counter.h\""},
      {"services/a.cc", "#include \"CLI/CLI.hpp\""},
  };
  for (const auto& [path, include] : planted) {
    EXPECT_THAT(Check(path, include), SizeIs(1)) << path << " " << include;
  }
  EXPECT_THAT(Check("index/clip_store.cc", "#include \"rocksdb/db.h\""),
              IsEmpty());
  EXPECT_THAT(Check("takedown/local_queue.cc", "#include \"rocksdb/db.h\""),
              IsEmpty());
}

TEST(LayersTest, TheCommandLineMayNotLinkTheModel) {
  EXPECT_THAT(Check("services/cli/a.cc", "#include \"models/cue_model.h\""),
              SizeIs(1));
  EXPECT_THAT(Check("services/a.cc", "#include \"models/cue_model.h\""),
              IsEmpty());
}

TEST(LayersTest, LabelsInBuildFilesFollowTheSameRules) {
  const std::string start = "cc_library(\n    name = \"a\",\n    deps = [\n";
  EXPECT_THAT(Check("index/BUILD", start + "        \"//models:cue\",\n"),
              ElementsAre("index/BUILD:4: index may not use //models:cue"));
  EXPECT_THAT(
      Check("services/BUILD", start + "        \"@system_libs//:torch\",\n"),
      SizeIs(1));
  EXPECT_THAT(
      Check("index/BUILD", start + "        \"//base:clock\",\n"
                                   "        \"@system_libs//:rocksdb\",\n"),
      IsEmpty());
}

TEST(LayersTest, VisibilityMustNotGiveMoreThanTheTable) {
  const std::string rule =
      "cc_library(\n    name = \"frame\",\n    visibility = [\n";
  EXPECT_THAT(
      Check("media/BUILD", rule + "        \"//fingerprint:__pkg__\",\n"
                                  "        \"//models:__pkg__\",\n"
                                  "        \"//tests:__subpackages__\",\n"
                                  "    ],\n)\n"),
      IsEmpty());
  EXPECT_THAT(Check("media/BUILD", rule + "        \"//index:__pkg__\",\n"),
              ElementsAre(HasSubstr("visible to //index")));
  EXPECT_THAT(
      Check("media/BUILD",
            "cc_library(\n    name = \"video_reader\",\n"
            "    visibility = [\"//fingerprint:__subpackages__\"],\n)\n"),
      SizeIs(1));
  // A constant, or a default, is every target's.
  EXPECT_THAT(Check("media/BUILD", "_USERS = [\"//fingerprint:__pkg__\"]\n"),
              SizeIs(1));
  EXPECT_THAT(
      Check("media/BUILD",
            "package(default_visibility = [\"//fingerprint:__pkg__\"])\n"),
      SizeIs(1));
}

TEST(LayersTest, OnlyTheLowestRoomsAreVisibleToAll) {
  const std::string all =
      "package(default_visibility = [\"//:__subpackages__\"])\n";
  EXPECT_THAT(Check("base/BUILD", all), IsEmpty());
  EXPECT_THAT(Check("index/BUILD", all), SizeIs(1));
  EXPECT_THAT(
      Check("base/BUILD",
            "package(default_visibility = [\"//visibility:public\"])\n"),
      SizeIs(1));
  EXPECT_THAT(
      Check("index/BUILD",
            "package(default_visibility = [\"//visibility:private\"])\n"),
      IsEmpty());
}

TEST(LayersTest, APackageThatIsNotCheckedIsNoticed) {
  EXPECT_THAT(Check("services/BUILD", "    deps = [\"//index/new:a\"],\n"),
              ElementsAre(HasSubstr("its package is not checked")));
}

TEST(LayersTest, AFileOutsideTheRoomsIsNoticed) {
  EXPECT_THAT(Check("attic/a.cc", ""), ElementsAre(HasSubstr("in no room")));
}

}  // namespace
}  // namespace lenscap
