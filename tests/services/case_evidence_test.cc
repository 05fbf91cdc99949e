#include "services/case_evidence.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/proto_time.h"
#include "services/still_image.h"
#include "tests/services/footage.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

v1::CueStill CueAt(absl::Duration time) {
  const CueStill picture = {.time = {},
                            .width = 64,
                            .height = 48,
                            .luma = std::vector<uint8_t>(64 * 48, 90)};
  v1::CueStill cue;
  *cue.mutable_time() = ToProto(time);
  cue.set_jpeg(*EncodeStill(picture));
  return cue;
}

v1::ScanReport ReportOfMatch(absl::Duration start, absl::Duration end) {
  v1::ScanReport report;
  report.add_matches();  // Without a span.
  v1::Span& span = *report.add_matches()->mutable_query();
  *span.mutable_start() = ToProto(start);
  *span.mutable_end() = ToProto(end);
  return report;
}

TEST(CollectStillsTest, StillsOfTheMatchAndOfTheCuesComeInOrderOfTime) {
  const v1::CueStill cues[] = {CueAt(absl::Seconds(9)),
                               CueAt(absl::Milliseconds(100))};
  const CaseStills collected =
      CollectStills(ReportOfMatch(absl::Seconds(3), absl::Seconds(6)), cues,
                    VideoReader::Open, MakeMemorySource(KnownClip()), {});
  EXPECT_TRUE(collected.missing.ok()) << collected.missing;
  ASSERT_GE(collected.stills.size(), 6);
  ASSERT_LE(collected.stills.size(), EvidenceStore::kMaxStills);
  EXPECT_EQ(collected.stills.front().kind(), v1::Still::KIND_CUE);
  EXPECT_EQ(collected.stills.back().kind(), v1::Still::KIND_CUE);
  EXPECT_EQ(collected.stills[1].kind(), v1::Still::KIND_MATCH);
  EXPECT_EQ(collected.stills[1].width(), 320);
  for (size_t i = 1; i < collected.stills.size(); ++i) {
    EXPECT_LE(FromProto(collected.stills[i - 1].time()),
              FromProto(collected.stills[i].time()));
  }
}

TEST(CollectStillsTest, WhatCannotBeReadLeavesTheCues) {
  const v1::CueStill cues[] = {CueAt(absl::Seconds(1)), v1::CueStill()};
  const auto report = ReportOfMatch(absl::Seconds(3), absl::Seconds(6));
  const CaseStills broken = CollectStills(report, cues, VideoReader::Open,
                                          MakeMemorySource("no video"), {});
  EXPECT_EQ(broken.stills.size(), 1) << "what is no JPEG is left out";
  EXPECT_FALSE(broken.missing.ok());
  const CaseStills dead =
      CollectStills(report, {}, VideoReader::Open, nullptr, {});
  EXPECT_TRUE(dead.stills.empty());
  EXPECT_THAT(dead.missing.message(), HasSubstr("decoder died"));
}

class KeepEvidenceTest : public testing::Test {
 protected:
  std::string Open(const std::string& content_id) {
    v1::Case opened;
    opened.set_content_id(content_id);
    return *rooms_.cases->Submit(opened);
  }
  void Keep(const std::string& content_id, CaseStills stills) {
    KeepEvidence(*rooms_.evidence, *rooms_.cases, content_id,
                 std::move(stills));
  }
  static CaseStills OneStill(size_t bytes = 100) {
    CaseStills stills;
    stills.stills.emplace_back().set_jpeg(std::string(bytes, 'j'));
    return stills;
  }
  Rooms rooms_;
};

TEST_F(KeepEvidenceTest, StillsAreSealedInTheCaseOfTheUpload) {
  const std::string id = Open("upload");
  Keep("upload", OneStill());
  EXPECT_EQ(rooms_.evidence->Find("upload")->case_id, id);
  EXPECT_EQ(rooms_.evidence->Open("upload")->size(), 1);
}

TEST_F(KeepEvidenceTest, OfWhatIsDecidedOnNothingIsSealed) {
  Open("upload");
  auto leases = rooms_.cases->LeaseCases("ann", 1, absl::Minutes(5));
  ASSERT_TRUE(
      std::move((*leases)[0]).Decide(v1::Decision::OUTCOME_KEEP, "").ok());
  Keep("upload", OneStill());
  EXPECT_TRUE(absl::IsNotFound(rooms_.evidence->Find("upload").status()));
}

TEST_F(KeepEvidenceTest, WhyThereAreNoneIsKept) {
  Open("a");
  Keep("a", {.stills = {}, .missing = absl::DataLossError("cut short")});
  EXPECT_THAT(rooms_.evidence->Find("a")->unavailable, HasSubstr("cut short"));
  Open("b");
  Keep("b", OneStill(EvidenceStore::kMaxStillBytes + 1));
  EXPECT_THAT(rooms_.evidence->Find("b")->unavailable,
              HasSubstr("could not be sealed"));
}

TEST_F(KeepEvidenceTest, AnUploadInNoCaseHasNone) {
  Keep("upload", OneStill());
  EXPECT_TRUE(absl::IsNotFound(rooms_.evidence->Find("upload").status()));
}

}  // namespace
}  // namespace lenscap
