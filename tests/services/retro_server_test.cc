#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/server.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::UnorderedElementsAre;

const std::string& Mirrored() {
  static const auto* const bytes = new std::string(ReadFileBytes(MakeMedia(
      "mirrored.mp4", {"-f", "lavfi", "-i",
                       "mandelbrot=s=320x240:r=10:end_scale=0.001:end_pts=120",
                       "-t", "10", "-vf", "hflip", "-c:v", "libx264", "-preset",
                       "ultrafast", "-pix_fmt", "yuv420p"})));
  return *bytes;
}

// Two by two, the known clip in the bottom left.
const std::string& Grid() {
  static const auto* const bytes = new std::string(ReadFileBytes(MakeMedia(
      "grid.mp4", {"-f",
                   "lavfi",
                   "-i",
                   "testsrc2=s=320x240:r=10",
                   "-f",
                   "lavfi",
                   "-i",
                   "life=s=320x240:r=10:mold=10:seed=1",
                   "-f",
                   "lavfi",
                   "-i",
                   "mandelbrot=s=320x240:r=10:end_scale=0.001:end_pts=120",
                   "-f",
                   "lavfi",
                   "-i",
                   "cellauto=s=320x240:r=10:seed=2",
                   "-filter_complex",
                   "[0][1]hstack[a];[2][3]hstack[b];[a][b]vstack",
                   "-t",
                   "10",
                   "-c:v",
                   "libx264",
                   "-preset",
                   "veryfast",
                   "-pix_fmt",
                   "yuv420p"})));
  return *bytes;
}

class RetroServerTest : public testing::Test {
 protected:
  RetroServerTest() { options_.data_directory = MakeTempDirectory(); }

  void Start() {
    server_.reset();
    auto server = Server::Start(options_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = server_->InProcessChannel();
  }
  void ScanInnocent(const std::string& bytes, const std::string& content_id) {
    v1::UploadHeader header;
    header.set_content_id(content_id);
    // What is kept is what the first look saw: of so short videos, the
    // keyframes alone would be too few.
    header.set_effort(v1::EFFORT_THOROUGH);
    const auto report =
        Scan(channel_, MessagesOf<v1::UploadRequest>(header, bytes));
    ASSERT_TRUE(report.ok()) << report.status();
    ASSERT_EQ(report->verdict().action(), v1::ACTION_ALLOW);
  }
  void PublishKnownClip() {
    const auto reply = PublishFootage(channel_, "list", "entry", KnownClip());
    ASSERT_TRUE(reply.ok()) << reply.status();
  }
  // Waits for so many, and returns what they are of.
  std::multiset<std::string> NewCases(size_t count) {
    std::multiset<std::string> ids;
    const auto events = WatchCases(channel_, 0, count);
    EXPECT_TRUE(events.ok()) << events.status();
    if (!events.ok()) return ids;
    for (const v1::CaseEvent& event : *events) ids.insert(event.content_id());
    return ids;
  }

  ServerOptions options_;
  std::unique_ptr<Server> server_;
  ChannelPtr channel_;
};

TEST_F(RetroServerTest, UploadsBecomeCasesWhenTheirClipIsPublished) {
  Start();
  ScanInnocent(KnownClip(), "same file");
  ScanInnocent(DisguisedExcerpt(), "excerpt");
  ScanInnocent(Mirrored(), "mirrored");
  ScanInnocent(Grid(), "grid");
  ScanInnocent(UnrelatedVideo(), "unrelated");
  PublishKnownClip();
  EXPECT_THAT(NewCases(4),
              UnorderedElementsAre("same file", "excerpt", "mirrored", "grid"));
  const auto takedown = v1::TakedownService::NewStub(channel_);
  const auto cases = Call(takedown.get(), &v1::TakedownService::Stub::ListCases,
                          v1::ListCasesRequest());
  ASSERT_TRUE(cases.ok()) << cases.status();
  for (const v1::Case& opened : cases->cases()) {
    const v1::ScanReport& report = opened.report();
    EXPECT_TRUE(report.retrospective());
    EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK)
        << opened.content_id();
    EXPECT_GT(report.media().width(), 0);
    EXPECT_EQ(report.matches(0).entry_id(), "entry");
    if (opened.content_id() == "grid") {
      EXPECT_EQ(report.matches(0).part().kind(), v1::PicturePart::KIND_TILE);
    }
    if (opened.content_id() == "mirrored") {
      EXPECT_EQ(report.matches(0).transform().orientation(),
                v1::ORIENTATION_MIRRORED);
    }
    if (opened.content_id() == "same file") {
      EXPECT_EQ(report.matches(0).kind(), v1::ClipMatch::KIND_EXACT_FILE);
    }
  }
}

TEST_F(RetroServerTest, WhatWasScannedBeforeARestartIsFoundAfterIt) {
  Start();
  ScanInnocent(DisguisedExcerpt(), "excerpt");
  Start();
  PublishKnownClip();
  EXPECT_THAT(NewCases(1), UnorderedElementsAre("excerpt"));
}

TEST_F(RetroServerTest, WithoutATimeNothingIsKept) {
  Start();
  ScanInnocent(DisguisedExcerpt(), "forgotten");
  options_.keep_fingerprints = absl::ZeroDuration();
  Start();
  ScanInnocent(Mirrored(), "never kept");
  options_.keep_fingerprints = absl::Hours(1);
  Start();
  ScanInnocent(KnownClip(), "kept");
  PublishKnownClip();
  // Uploads are compared in order: the others would have come first.
  EXPECT_THAT(NewCases(1), UnorderedElementsAre("kept"));
}

}  // namespace
}  // namespace lenscap
