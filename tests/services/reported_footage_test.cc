#include "services/reported_footage.h"

#include <string>

#include "gtest/gtest.h"
#include "services/default_policy.h"
#include "tests/services/footage.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

class ReportedFootageTest : public testing::Test {
 protected:
  absl::StatusOr<ReportedFootage> Read(const std::string& bytes) {
    Digester digester;
    digester.Update(bytes);
    const auto source = MakeMemorySource(bytes);
    return ReadReportedFootage(*source, digester.Finish(),
                               {.clips = rooms_.clips.get(),
                                .open_video = VideoReader::Open,
                                .limits = {},
                                .policy = DefaultPolicy()},
                               cancellation_);
  }
  Rooms rooms_;
  Cancellation cancellation_;
};

TEST_F(ReportedFootageTest, AClipIsTheSameAfterItWasKept) {
  const auto footage = Read(KnownClip());
  ASSERT_TRUE(footage.ok()) << footage.status();
  const auto clip = DecodeReportedClip(EncodeReportedClip(footage->clip));
  ASSERT_TRUE(clip.ok()) << clip.status();
  EXPECT_EQ(clip->duration, absl::Seconds(10));
  EXPECT_EQ(clip->frames, footage->clip.frames);
  EXPECT_EQ(clip->sha256, Sha256Of(KnownClip()));
  EXPECT_EQ(clip->md5, footage->clip.md5);
  EXPECT_FALSE(clip->detail.empty());
  EXPECT_EQ(clip->detail.keypoints.size(),
            footage->clip.detail.keypoints.size());
  EXPECT_EQ(clip->detail.windows.size(), footage->clip.detail.windows.size());
}

TEST_F(ReportedFootageTest, WhatIsDamagedIsNoClip) {
  const std::string bytes = EncodeReportedClip(Read(KnownClip())->clip);
  EXPECT_TRUE(absl::IsDataLoss(DecodeReportedClip("").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeReportedClip("\xff\xff").status()));
  for (size_t size = 1; size < bytes.size(); size += bytes.size() / 50) {
    EXPECT_FALSE(DecodeReportedClip(bytes.substr(0, size)).ok()) << size;
  }
}

TEST_F(ReportedFootageTest, SoundAloneKeepsItsDigests) {
  const auto footage = Read(SoundOnly());
  ASSERT_TRUE(footage.ok()) << footage.status();
  EXPECT_NE(footage->unreadable, "");
  const auto clip = DecodeReportedClip(EncodeReportedClip(footage->clip));
  ASSERT_TRUE(clip.ok());
  EXPECT_TRUE(clip->frames.empty());
  EXPECT_EQ(clip->sha256, Sha256Of(SoundOnly()));
}

}  // namespace
}  // namespace lenscap
