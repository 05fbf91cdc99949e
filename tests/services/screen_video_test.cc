#include "services/screen_video.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/text_serializer.h"
#include "services/convert.h"
#include "services/fingerprint_video.h"
#include "tests/media/decoder_programs.h"
#include "tests/services/footage.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

FileDigests DigestsOfBytes(const std::string& bytes) {
  Digester digester;
  digester.Update(bytes);
  return digester.Finish();
}

// Answers what it is told to.
class FakeScorer final : public CueScorer {
 public:
  explicit FakeScorer(absl::StatusOr<CueReport> answer)
      : answer_(std::move(answer)) {}
  absl::StatusOr<CueReport> Score(const CueFootage& footage) const override {
    frames_seen = footage.frames.size();
    ++calls;
    return answer_;
  }
  mutable size_t frames_seen = 0;
  mutable int calls = 0;

 private:
  const absl::StatusOr<CueReport> answer_;
};

CueReport OneCue(const std::string& version, double probability) {
  CueReport report;
  report.cues.push_back({.name = "fixed_angle",
                         .probability = probability,
                         .spans = {},
                         .evidence = {}});
  report.model_version = version;
  return report;
}

// A file whose disk fails.
class BrokenSource final : public ByteSource {
 public:
  absl::StatusOr<size_t> ReadAt(int64_t, absl::Span<uint8_t>) override {
    return absl::InternalError("input/output error");
  }
  int64_t size() const override { return 1000; }
};

OpenVideo OpenIn(DecoderPool& pool) {
  return [&pool](std::unique_ptr<ByteSource> source, ReaderOptions options) {
    return pool.Open(std::move(source), options);
  };
}

// Decoders that do what the file says.
std::unique_ptr<DecoderPool> RoguePool() {
  DecoderPool::Options options;
  options.program = RogueDecoderProgram();
  options.max_cpu = absl::Seconds(1);
  return *DecoderPool::Start(options);
}

class ScreenVideoTest : public testing::Test {
 protected:
  void PublishKnownClip(Severity severity = Severity::kConfirmed) {
    const auto video = FingerprintReference(
        MakeMemorySource(KnownClip()), DigestsOfBytes(KnownClip()),
        {.reader = {.sample_interval = kReferenceInterval}});
    ASSERT_TRUE(video.ok()) << video.status();
    ASSERT_TRUE(rooms_.clips->CreateList("list", "hotline").ok());
    const auto published =
        rooms_.clips->Publish(ClipFromVideo(*video, "list", "entry", severity));
    ASSERT_TRUE(published.ok()) << published.status();
  }

  ScreenInput InputOf(const std::string& bytes,
                      const std::string& content_id = "content") {
    ScreenInput input = {.scan_id = "scan-1",
                         .header = {},
                         .digests = DigestsOfBytes(bytes),
                         .source = MakeMemorySource(bytes)};
    input.header.set_content_id(content_id);
    input.header.set_account("account");
    input.header.set_group("group");
    return input;
  }

  absl::StatusOr<v1::ScanReport> Screen(ScreenInput input) {
    return VideoScreener(options_).Screen(
        std::move(input),
        [this](const v1::Progress& progress) { progress_.push_back(progress); },
        cancellation_);
  }
  v1::ScanReport ReportOn(const std::string& bytes) {
    const auto report = Screen(InputOf(bytes));
    EXPECT_TRUE(report.ok()) << report.status();
    return report.value_or(v1::ScanReport());
  }
  std::string MetricsText() const {
    return prometheus::TextSerializer().Serialize(rooms_.metrics.Collect());
  }
  int64_t CasesWaiting() { return rooms_.cases->Stats()->waiting(); }

  Rooms rooms_;
  VideoScreener::Options options_ = rooms_.ScreenerOptions();
  Cancellation cancellation_;
  std::vector<v1::Progress> progress_;
};

TEST_F(ScreenVideoTest, ADisguisedExcerptIsFoundLocatedAndBlocked) {
  PublishKnownClip();
  const v1::ScanReport report = ReportOn(DisguisedExcerpt());
  EXPECT_EQ(report.scan_id(), "scan-1");
  EXPECT_EQ(report.content_id(), "content");
  EXPECT_EQ(report.sha256(), ToBytes(Sha256Of(DisguisedExcerpt())));
  EXPECT_EQ(report.media().width(), 160);
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK)
      << report.DebugString();
  ASSERT_EQ(report.matches_size(), 1);
  const v1::ClipMatch& match = report.matches(0);
  EXPECT_EQ(match.list_id(), "list");
  EXPECT_EQ(match.entry_id(), "entry");
  EXPECT_EQ(match.issuer(), "hotline");
  EXPECT_EQ(match.kind(), v1::ClipMatch::KIND_FRAMES);
  const TimeSpan query = FromProto(match.query());
  const TimeSpan reference = FromProto(match.reference());
  EXPECT_NEAR(absl::ToDoubleSeconds(query.start), 0, 1);
  EXPECT_NEAR(absl::ToDoubleSeconds(query.end), 5, 1);
  EXPECT_NEAR(absl::ToDoubleSeconds(reference.start), 3, 1);
  EXPECT_NEAR(absl::ToDoubleSeconds(reference.end), 8, 1);
}

TEST_F(ScreenVideoTest, ABlockedUploadHasACaseWithTheReport) {
  PublishKnownClip();
  const v1::ScanReport report = ReportOn(DisguisedExcerpt());
  const auto opened = rooms_.cases->Get(report.case_id());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->content_id(), "content");
  EXPECT_EQ(opened->account(), "account");
  EXPECT_EQ(opened->group(), "group");
  EXPECT_GT(opened->priority(), 0);
  EXPECT_EQ(opened->report().matches_size(), 1);
  EXPECT_EQ(opened->report().case_id(), report.case_id());
}

TEST_F(ScreenVideoTest, TheSameContentHasOneCase) {
  PublishKnownClip();
  const std::string first = ReportOn(DisguisedExcerpt()).case_id();
  EXPECT_EQ(ReportOn(DisguisedExcerpt()).case_id(), first);
  EXPECT_EQ(CasesWaiting(), 1);
}

TEST_F(ScreenVideoTest, ASuspectedClipIsReviewed) {
  PublishKnownClip(Severity::kSuspected);
  const v1::ScanReport report = ReportOn(DisguisedExcerpt());
  EXPECT_EQ(report.verdict().action(), v1::ACTION_REVIEW);
  EXPECT_FALSE(report.case_id().empty());
}

TEST_F(ScreenVideoTest, AnUnrelatedVideoIsAllowedWithoutACase) {
  PublishKnownClip();
  const v1::ScanReport report = ReportOn(UnrelatedVideo());
  EXPECT_EQ(report.verdict().action(), v1::ACTION_ALLOW)
      << report.DebugString();
  EXPECT_EQ(report.matches_size(), 0);
  EXPECT_EQ(report.case_id(), "");
  EXPECT_EQ(CasesWaiting(), 0);
  EXPECT_EQ(report.cues().unavailable(), "no model in this test");
}

TEST_F(ScreenVideoTest, ATruncatedCopyIsStillFound) {
  PublishKnownClip();
  const v1::ScanReport report = ReportOn(TruncatedVideo());
  EXPECT_TRUE(report.media().truncated());
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK)
      << report.DebugString();
}

TEST_F(ScreenVideoTest, WhatIsNoVideoIsUnreadableForAReason) {
  const std::string kFiles[] = {
      "", "this is no video at all", SoundOnly(), KnownClip().substr(0, 100),
      std::string("#EXTM3U\n#EXTINF:1\nhttp://127.0.0.1/x.ts\n")};
  for (const std::string& file : kFiles) {
    const v1::ScanReport report = ReportOn(file);
    EXPECT_EQ(report.verdict().action(), v1::ACTION_UNREADABLE)
        << report.DebugString();
    ASSERT_GE(report.verdict().reasons_size(), 1);
    EXPECT_NE(report.verdict().reasons(0), "");
    EXPECT_EQ(report.case_id(), "");
  }
  EXPECT_THAT(MetricsText(),
              HasSubstr("lenscap_scans_total{verdict=\"unreadable\"} 5"));
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_unreadable_total{reason="));
}

// --- The decoder in a process of its own.

TEST_F(ScreenVideoTest, AJailedDecoderFindsWhatOneInThisProcessFinds) {
  PublishKnownClip();
  options_.open_video = OpenIn(TestPool());
  const v1::ScanReport report = ReportOn(DisguisedExcerpt());
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK);
}

#ifndef LENSCAP_SANITIZER  // With one there is no jail to break out of.
TEST_F(ScreenVideoTest, AFileThatKillsTwoDecodersIsUnreadableForThatReason) {
  const auto pool = RoguePool();
  int opened = 0;
  options_.open_video = [&](std::unique_ptr<ByteSource> source,
                            ReaderOptions options) {
    ++opened;
    return pool->Open(std::move(source), options);
  };
  const v1::ScanReport report = ReportOn("segfault");
  EXPECT_EQ(opened, 2);
  EXPECT_EQ(report.verdict().action(), v1::ACTION_UNREADABLE);
  EXPECT_THAT(report.verdict().reasons(0), HasSubstr("crashed, SIGSEGV"));
  EXPECT_EQ(report.case_id(), "");
  ReportOn("socket");
  EXPECT_THAT(ReportOn("spin").verdict().reasons(0),
              HasSubstr("killed by limit cpu"));
  for (const char* reason : {"crashed", "forbidden_call", "limit_cpu"}) {
    EXPECT_THAT(MetricsText(), HasSubstr(absl::StrCat(
                                   "lenscap_unreadable_total{reason=\"decoder_",
                                   reason, "\"} 1")));
  }
}

TEST_F(ScreenVideoTest, ADecoderThatDiesOnceLosesNothing) {
  PublishKnownClip();
  const auto pool = RoguePool();
  int opened = 0;
  options_.open_video = [&](std::unique_ptr<ByteSource> source,
                            ReaderOptions options)
      -> absl::StatusOr<std::unique_ptr<VideoReader>> {
    if (++opened == 1) return pool->Open(MakeMemorySource("abort"), options);
    return VideoReader::Open(std::move(source), options);
  };
  EXPECT_EQ(ReportOn(DisguisedExcerpt()).verdict().action(), v1::ACTION_BLOCK);
  EXPECT_EQ(opened, 3) << "once more for the stills";
}

#endif

// --- How much is looked at.

TEST_F(ScreenVideoTest, WhatIsHiddenBetweenDistantKeyframesIsFound) {
  PublishKnownClip();
  const v1::ScanReport report = ReportOn(HiddenBetweenKeyframes());
  EXPECT_EQ(report.verdict().action(), v1::ACTION_REVIEW)
      << "three seconds are little, but not nothing";
  ASSERT_GE(report.matches_size(), 1);
  EXPECT_NEAR(
      absl::ToDoubleSeconds(FromProto(report.matches(0).query().start())), 11,
      0.6);
  EXPECT_NEAR(
      absl::ToDoubleSeconds(FromProto(report.matches(0).reference().start())),
      3, 0.6);
}

TEST_F(ScreenVideoTest, AroundWhatLooksKnownAllIsLookedAt) {
  PublishKnownClip();
  const v1::ScanReport report = ReportOn(AmongCloseKeyframes());
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK);
  ASSERT_GE(report.matches_size(), 1);
  const v1::ClipMatch& match = report.matches(0);
  EXPECT_NEAR(absl::ToDoubleSeconds(FromProto(match.query().start())), 11, 0.6);
  EXPECT_NEAR(absl::ToDoubleSeconds(FromProto(match.query().end())), 17, 0.6);
  EXPECT_GE(match.frames_matched(), 11) << "two of each of six seconds";
  EXPECT_LT(report.media().frames_sampled(), 45) << "of 60";
}

TEST_F(ScreenVideoTest, CuesInDoubtAreScoredOnMoreFrames) {
  const auto cue = [](double probability) {
    CueReport report = OneCue("1", probability);
    report.cues[0].name = "hidden_camera";
    return std::make_shared<FakeScorer>(std::move(report));
  };
  const auto sure = cue(0.1), in_doubt = cue(0.5);
  options_.cues = sure;
  ReportOn(AmongCloseKeyframes());
  EXPECT_EQ(sure->calls, 1);
  EXPECT_LT(sure->frames_seen, 20u);
  options_.cues = in_doubt;
  ReportOn(AmongCloseKeyframes());
  EXPECT_EQ(in_doubt->calls, 2);
  EXPECT_EQ(in_doubt->frames_seen, 60u);
}

TEST_F(ScreenVideoTest, TheCallerSaysHowMuchIsLookedAt) {
  ScreenInput triage = InputOf(UnrelatedVideo());
  triage.header.set_effort(v1::EFFORT_TRIAGE);
  ScreenInput thorough = InputOf(UnrelatedVideo());
  thorough.header.set_effort(v1::EFFORT_THOROUGH);
  const auto least = Screen(std::move(triage));
  const auto most = Screen(std::move(thorough));
  ASSERT_TRUE(least.ok() && most.ok());
  EXPECT_EQ(least->effort(), v1::EFFORT_TRIAGE);
  const v1::ScanReport usual = ReportOn(UnrelatedVideo());
  EXPECT_LT(least->media().frames_sampled(), usual.media().frames_sampled());
  EXPECT_LT(usual.media().frames_sampled(), most->media().frames_sampled());
}

TEST_F(ScreenVideoTest, AnUnreadableFileIsKnownByItsDigest) {
  Clip clip = {.list_id = "list",
               .entry_id = "broken",
               .severity = Severity::kConfirmed,
               .duration = absl::Seconds(1),
               .frames = {},
               .sha256 = Sha256Of("cannot be decoded"),
               .md5 = std::nullopt,
               .detail = {}};
  ASSERT_TRUE(rooms_.clips->CreateList("list", "hotline").ok());
  ASSERT_TRUE(rooms_.clips->Publish(clip).ok());
  const v1::ScanReport report = ReportOn("cannot be decoded");
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK)
      << report.DebugString();
  ASSERT_EQ(report.matches_size(), 1);
  EXPECT_EQ(report.matches(0).kind(), v1::ClipMatch::KIND_EXACT_FILE);
  EXPECT_THAT(report.verdict().DebugString(),
              HasSubstr("could not be decoded whole"));
  EXPECT_FALSE(report.case_id().empty());
}

TEST_F(ScreenVideoTest, AVideoBeyondALimitIsUnreadableByTheLimitsName) {
  options_.limits.max_pixels = 100;
  const v1::ScanReport report = ReportOn(UnrelatedVideo());
  EXPECT_EQ(report.verdict().action(), v1::ACTION_UNREADABLE);
  EXPECT_THAT(report.verdict().reasons(0), HasSubstr("max_pixels"));
}

TEST_F(ScreenVideoTest, WhatCameBeforeALimitIsStillMatched) {
  PublishKnownClip();
  options_.limits.max_duration = absl::Seconds(6);
  const v1::ScanReport report = ReportOn(KnownClipOfUnknownLength());
  EXPECT_THAT(report.verdict().DebugString(), HasSubstr("max_duration"));
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK)
      << report.DebugString();
}

TEST_F(ScreenVideoTest, CuesComeWithTheReport) {
  CueReport answer = OneCue("7", 0.999);
  answer.cues[0].evidence = "nothing moves";
  const auto scorer = std::make_shared<FakeScorer>(answer);
  options_.cues = scorer;
  const v1::ScanReport report = ReportOn(UnrelatedVideo());
  EXPECT_GT(scorer->frames_seen, 0);
  EXPECT_EQ(report.cues().model_version(), "7");
  ASSERT_EQ(report.cues().cues_size(), 1);
  EXPECT_EQ(report.cues().cues(0).evidence(), "nothing moves");
  EXPECT_EQ(report.verdict().action(), v1::ACTION_ALLOW);
  EXPECT_EQ(report.verdict().shadow_action(), v1::ACTION_REVIEW);
}

TEST_F(ScreenVideoTest, AModelInShadowIsReportedAndCountedAndNotActedOn) {
  CueReport alarm = OneCue("9", 1);
  alarm.cues[0].name = "hidden_camera";
  options_.cues = std::make_shared<FakeScorer>(OneCue("8", 0.25));
  options_.shadow_cues = std::make_shared<FakeScorer>(alarm);
  const v1::ScanReport report = ReportOn(UnrelatedVideo());
  EXPECT_EQ(report.cues().model_version(), "8");
  EXPECT_EQ(report.shadow_cues().model_version(), "9");
  EXPECT_EQ(report.verdict().action(), v1::ACTION_ALLOW);
  options_.shadow_cues = std::make_shared<FakeScorer>(OneCue("9", 0.75));
  ReportOn(UnrelatedVideo());
  EXPECT_THAT(MetricsText(),
              HasSubstr("lenscap_shadow_cue_difference_sum{cue=\"fixed_angle\"}"
                        " 0.5"));
}

TEST_F(ScreenVideoTest, StillsComeWithTheReportWhereTheCallerAsks) {
  PublishKnownClip();
  EXPECT_EQ(ReportOn(DisguisedExcerpt()).cues().stills_size(), 0);
  ScreenInput asking = InputOf(UnrelatedVideo());
  asking.header.set_stills(true);
  const auto asked = Screen(std::move(asking));
  ASSERT_TRUE(asked.ok()) << asked.status();
  ASSERT_EQ(asked->cues().stills_size(), 3);
  EXPECT_EQ(asked->cues().stills(0).jpeg().substr(0, 2), "\xff\xd8");
  EXPECT_LT(FromProto(asked->cues().stills(0).time()),
            FromProto(asked->cues().stills(2).time()));
}

TEST_F(ScreenVideoTest, StillsOfWhatHasACaseAreSealedAndNotInTheCase) {
  PublishKnownClip();
  ScreenInput asking = InputOf(DisguisedExcerpt(), "copy");
  asking.header.set_stills(true);
  const auto report = Screen(std::move(asking));
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->cues().stills_size(), 3);
  const auto opened = rooms_.cases->Get(report->case_id());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->report().cues().stills_size(), 0);
  EXPECT_EQ(opened->report().matches_size(), report->matches_size());
  EXPECT_EQ(rooms_.evidence->Find("copy")->case_id, report->case_id());
  const auto stills = rooms_.evidence->Open("copy");
  ASSERT_TRUE(stills.ok()) << stills.status();
  int of_match = 0;
  int of_cues = 0;
  for (const v1::Still& still : *stills) {
    EXPECT_EQ(still.width(), 160);
    EXPECT_EQ(still.jpeg().substr(0, 2), "\xff\xd8");
    ++(still.kind() == v1::Still::KIND_MATCH ? of_match : of_cues);
  }
  EXPECT_GE(of_match, 2);
  EXPECT_EQ(of_cues, 3);
}

TEST_F(ScreenVideoTest, OfWhatNeedsNoCaseNothingIsSealed) {
  ScreenInput asking = InputOf(UnrelatedVideo(), "clean");
  asking.header.set_stills(true);
  ASSERT_TRUE(Screen(std::move(asking)).ok());
  EXPECT_TRUE(absl::IsNotFound(rooms_.evidence->Find("clean").status()));
}

TEST_F(ScreenVideoTest, ACaseIsOpenedAlsoWhereItsStillsCannotBeSealed) {
  PublishKnownClip();
  options_.evidence = nullptr;
  EXPECT_EQ(ReportOn(DisguisedExcerpt()).verdict().action(), v1::ACTION_BLOCK);
  options_.evidence = rooms_.evidence.get();
  // It is decoded the first time, and no more.
  int opened = 0;
  options_.open_video = [&opened](auto source, auto options) {
    if (++opened > 1) {
      return absl::StatusOr<std::unique_ptr<VideoReader>>(
          absl::DataLossError("the disk went away"));
    }
    return VideoReader::Open(std::move(source), options);
  };
  const auto report = Screen(InputOf(DisguisedExcerpt(), "copy"));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(rooms_.cases->Get(report->case_id()).ok());
  EXPECT_EQ(rooms_.evidence->Open("copy")->size(), 3) << "those of the cues";
}

TEST_F(ScreenVideoTest, AModelThatFailsCostsTheCuesAlone) {
  PublishKnownClip();
  options_.cues =
      std::make_shared<FakeScorer>(absl::InternalError("out of order"));
  const v1::ScanReport report = ReportOn(DisguisedExcerpt());
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK);
  EXPECT_EQ(report.cues().unavailable(), "the cue model failed: out of order");
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_cue_failures_total 1"));
}

TEST_F(ScreenVideoTest, ProgressSaysHowFarTheDecoderIs) {
  ReportOn(UnrelatedVideo());
  ASSERT_EQ(progress_.size(), 1) << "the clock stands still";
  EXPECT_EQ(FromProto(progress_[0].decoded()), absl::ZeroDuration());
  EXPECT_EQ(FromProto(progress_[0].duration()), absl::Seconds(5));
}

TEST_F(ScreenVideoTest, TimesAreGivenPerStage) {
  const v1::Timings timings = ReportOn(UnrelatedVideo()).timings();
  EXPECT_GT(FromProto(timings.decode()), absl::ZeroDuration());
  EXPECT_GT(FromProto(timings.fingerprint()), absl::ZeroDuration());
  EXPECT_GE(FromProto(timings.total()),
            FromProto(timings.decode()) + FromProto(timings.fingerprint()));
}

TEST_F(ScreenVideoTest, ACancelledScanHasNoReport) {
  PublishKnownClip();
  cancellation_.Cancel(absl::DeadlineExceededError("too slow"));
  const auto report = Screen(InputOf(DisguisedExcerpt()));
  EXPECT_EQ(report.status(), absl::DeadlineExceededError("too slow"));
  EXPECT_EQ(CasesWaiting(), 0);
}

TEST_F(ScreenVideoTest, AScanCanBeCancelledInTheMiddle) {
  VideoScreener screener(options_);
  const auto report = screener.Screen(
      InputOf(KnownClip()),
      [this](const v1::Progress&) {
        cancellation_.Cancel(absl::CancelledError("enough"));
      },
      cancellation_);
  EXPECT_EQ(report.status(), absl::CancelledError("enough"));
}

TEST_F(ScreenVideoTest, ADiskThatFailsIsNotTheFilesFault) {
  ScreenInput input = InputOf("x");
  input.source = std::make_unique<BrokenSource>();
  const auto report = Screen(std::move(input));
  EXPECT_TRUE(absl::IsInternal(report.status())) << report.status();
}

TEST_F(ScreenVideoTest, TheFingerprintOfEachUploadIsKept) {
  PublishKnownClip();
  ScreenInput input = InputOf(UnrelatedVideo(), "clean");
  input.header.set_tenant("shop");
  input.header.set_stills(true);
  ASSERT_TRUE(Screen(std::move(input)).ok());
  ASSERT_TRUE(Screen(InputOf(DisguisedExcerpt(), "known")).ok());
  const auto kept = *rooms_.uploads->List(0, 100, 100);
  ASSERT_EQ(kept.size(), 2);
  EXPECT_EQ(kept[0].content_id, "clean");
  EXPECT_EQ(kept[0].account, "account");
  EXPECT_EQ(kept[0].group, "group");
  EXPECT_EQ(kept[0].tenant, "shop");
  EXPECT_EQ(kept[0].action, v1::ACTION_ALLOW);
  EXPECT_EQ(kept[0].case_id, "");
  EXPECT_EQ(kept[0].clips_below, rooms_.clips->NextClipId());
  v1::ScanReport report;
  ASSERT_TRUE(report.ParseFromString(kept[0].report));
  EXPECT_EQ(report.scan_id(), "scan-1");
  EXPECT_EQ(report.cues().stills_size(), 0);
  EXPECT_EQ(kept[1].action, v1::ACTION_BLOCK);
  EXPECT_EQ(kept[1].case_id, TakedownQueue::CaseId("known"));
  const auto fingerprint = rooms_.uploads->Fingerprint(kept[1].sequence);
  ASSERT_TRUE(fingerprint.ok()) << fingerprint.status();
  EXPECT_EQ(fingerprint->digests, DigestsOfBytes(DisguisedExcerpt()));
  EXPECT_FALSE(rooms_.clips->Match(*fingerprint).empty());
}

TEST_F(ScreenVideoTest, OfAnUnreadableFileTheDigestsAreKept) {
  ASSERT_TRUE(Screen(InputOf("no video at all")).ok());
  const auto kept = *rooms_.uploads->List(0, 100, 100);
  ASSERT_EQ(kept.size(), 1);
  EXPECT_EQ(kept[0].action, v1::ACTION_UNREADABLE);
  EXPECT_EQ(rooms_.uploads->Fingerprint(kept[0].sequence)->digests,
            DigestsOfBytes("no video at all"));
}

TEST_F(ScreenVideoTest, NothingIsKeptWhereThereIsNoStore) {
  options_.uploads = nullptr;
  ASSERT_TRUE(Screen(InputOf(UnrelatedVideo())).ok());
  EXPECT_EQ(rooms_.uploads->size().uploads, 0);
}

}  // namespace
}  // namespace lenscap
