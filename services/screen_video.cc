#include "services/screen_video.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "media/decoder_pool.h"
#include "services/archive_upload.h"
#include "services/case_evidence.h"
#include "services/convert.h"
#include "services/fingerprint_video.h"
#include "services/log.h"
#include "services/open_case.h"
#include "services/still_image.h"
#include "services/stopwatch.h"
#include "services/throttle.h"
#include "verdict/verdict.h"

namespace lenscap {
namespace {

constexpr absl::Duration kProgressInterval = absl::Milliseconds(250);
constexpr size_t kReportedStills = 3;
// From so few frames, cues that are so near a rule's threshold are in doubt.
constexpr size_t kFewFrames = 16;
constexpr double kDoubt = 0.3;
// A decoder that dies may have been unlucky; the second one tells.
constexpr int kMaxDecoders = 2;

v1::Progress ProgressOf(const Frame& frame, const MediaFacts& facts) {
  v1::Progress progress;
  progress.set_bytes_received(facts.bytes);
  *progress.mutable_decoded() = ToProto(frame.time);
  if (facts.declared_duration.has_value()) {
    *progress.mutable_duration() = ToProto(*facts.declared_duration);
  }
  progress.set_frames_sampled(facts.frames_sampled);
  return progress;
}

Sampling SamplingFor(v1::Effort effort) {
  switch (effort) {
    case v1::EFFORT_TRIAGE:
      return Sampling::kKeyframes;
    case v1::EFFORT_THOROUGH:
      return Sampling::kDense;
    default:
      return Sampling::kSparse;
  }
}

// Whether the decoder died of it, whatever had come out before.
std::string DecoderEndOf(const absl::StatusOr<VideoFingerprint>& video) {
  return DecoderEnd(video.ok() ? video->ended : video.status());
}

// What was decoded, or of an unreadable file its digests and the reason.
absl::StatusOr<VideoFingerprint> OrUnreadable(
    absl::StatusOr<VideoFingerprint> video, const ScreenInput& input) {
  if (video.ok()) {
    RETURN_IF_ERROR(video->ended.ok() || IsUnreadable(video->ended)
                        ? absl::OkStatus()
                        : video->ended);
    return video;
  }
  if (!IsUnreadable(video.status())) return video.status();
  VideoFingerprint unreadable;
  unreadable.upload.digests = input.digests;
  unreadable.facts.bytes = input.source->size();
  unreadable.ended = video.status();
  return unreadable;
}

// A model that fails costs the cues, never the matches.
CueReport ScoreCues(const CueScorer* scorer, absl::string_view unavailable,
                    const CueFootage& footage, Metrics* metrics) {
  CueReport report;
  if (scorer == nullptr || footage.frames.empty()) {
    report.unavailable = std::string(
        scorer == nullptr ? unavailable : "not one frame was decoded");
    return report;
  }
  absl::StatusOr<CueReport> scored = scorer->Score(footage);
  if (scored.ok()) return *std::move(scored);
  metrics->CountCueFailure();
  Log(LogSeverity::kWarning, "cue_failure",
      {{"error", scored.status().ToString()}});
  report.unavailable =
      absl::StrCat("the cue model failed: ", scored.status().message());
  return report;
}

// Whether more frames may change what the policy makes of the cues.
bool AreInDoubt(const CueReport& cues, const CueFootage& footage,
                const v1::Policy& policy) {
  if (footage.frames.size() >= kFewFrames) return false;
  if (footage.frames.size() < 2) return true;  // Nothing moves in one.
  for (const v1::CueRule& rule : policy.cue_rules()) {
    for (const Cue& cue : cues.cues) {
      if (cue.name == rule.cue() &&
          std::abs(cue.probability - rule.min_probability()) < kDoubt) {
        return true;
      }
    }
  }
  return false;
}

absl::StatusOr<CueFootage> ReadCueFootage(const OpenVideo& open,
                                          std::unique_ptr<ByteSource> source,
                                          const ReaderOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<VideoReader> reader,
                   open(std::move(source), options));
  CueSampler sampler;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<Frame> frame, reader->Next());
    if (!frame) return sampler.footage();
    sampler.Add(*frame);
  }
}

// The first, a middle and the last still. One that cannot be made is left out.
std::vector<v1::CueStill> SomeStills(const CueFootage& footage) {
  const auto& stills = footage.stills;
  const size_t count = std::min(stills.size(), kReportedStills);
  std::vector<v1::CueStill> made;
  for (size_t i = 0; i < count; ++i) {
    const CueStill& still =
        stills[count == 1 ? 0 : i * (stills.size() - 1) / (count - 1)];
    absl::StatusOr<std::string> jpeg = EncodeStill(still);
    if (!jpeg.ok()) {
      Log(LogSeverity::kWarning, "no_still",
          {{"error", jpeg.status().ToString()}});
      continue;
    }
    v1::CueStill& added = made.emplace_back();
    *added.mutable_time() = ToProto(still.time);
    added.set_jpeg(*std::move(jpeg));
  }
  return made;
}

// By policy; where nothing was found in a file that was not decoded whole, it
// is unreadable.
v1::Verdict DecideOn(const absl::Status& ended,
                     absl::Span<const ClipMatch> matches, const CueReport& cues,
                     const v1::Policy& policy) {
  v1::Verdict verdict = Decide(matches, cues, policy);
  if (ended.ok()) return verdict;
  if (verdict.action() == v1::ACTION_ALLOW) {
    v1::Verdict unreadable = Unreadable(ended.message(), policy);
    unreadable.set_shadow_action(verdict.shadow_action());
    *unreadable.mutable_shadow_reasons() = verdict.shadow_reasons();
    return unreadable;
  }
  verdict.add_reasons(
      absl::StrCat("The file could not be decoded whole: ", ended.message()));
  return verdict;
}

struct StageTimes {
  absl::Duration match;
  absl::Duration cues;
  absl::Duration total;
};

v1::Timings TimingsOf(const VideoFingerprint& video, const StageTimes& times) {
  v1::Timings timings;
  *timings.mutable_decode() = ToProto(video.decode_time);
  *timings.mutable_fingerprint() = ToProto(video.fingerprint_time);
  *timings.mutable_match() = ToProto(times.match);
  *timings.mutable_cues() = ToProto(times.cues);
  *timings.mutable_total() = ToProto(times.total);
  return timings;
}

v1::ScanReport ReportOf(const ScreenInput& input, const VideoFingerprint& video,
                        absl::Span<const ClipMatch> matches,
                        const CueReport& cues, const v1::Verdict& verdict) {
  v1::ScanReport report;
  report.set_scan_id(input.scan_id);
  report.set_content_id(input.header.content_id());
  report.set_sha256(ToBytes(input.digests.sha256));
  report.set_effort(input.header.effort());
  *report.mutable_media() = ToProto(video.facts);
  for (const ClipMatch& match : matches) *report.add_matches() = ToProto(match);
  *report.mutable_cues() = ToProto(cues);
  *report.mutable_verdict() = verdict;
  return report;
}

}  // namespace

absl::StatusOr<v1::ScanReport> VideoScreener::Screen(
    ScreenInput input, const ProgressCallback& progress,
    const Cancellation& cancellation) const {
  StageTimes times;
  absl::Duration unused;
  const Stopwatch total(&unused);

  // Decode, fingerprint each sampled frame, and keep some for the cues.
  CueSampler cue_sampler;
  Throttle throttle(options_.clock, kProgressInterval);
  const FingerprintOptions reading = {
      .reader = {.sample_interval = kUploadInterval,
                 .sampling = SamplingFor(input.header.effort()),
                 .limits = options_.limits,
                 .cancelled = cancellation.flag()},
      .open = options_.open_video,
      .on_frame = [&](const Frame& frame, const FrameFingerprint&,
                      const MediaFacts& facts) {
        cue_sampler.Add(frame);
        if (throttle.Due()) progress(ProgressOf(frame, facts));
      }};
  const uint64_t clips_below = options_.clips->NextClipId();
  absl::StatusOr<VideoFingerprint> read;
  for (int tries = 1; tries <= kMaxDecoders; ++tries) {
    cue_sampler = CueSampler();
    read = FingerprintUpload(MakeBorrowedSource(input.source.get()),
                             input.digests, reading, *options_.clips);
    const std::string end = DecoderEndOf(read);
    if (end.empty()) break;
    // The last time it is a dead letter: a verdict, and for somebody to look
    // at.
    Log(tries < kMaxDecoders ? LogSeverity::kWarning : LogSeverity::kError,
        tries < kMaxDecoders ? "decoder_died" : "dead_letter",
        {{"scan_id", input.scan_id},
         {"content_id", input.header.content_id()},
         {"sha256", ToHex(input.digests.sha256)},
         {"how", end}});
  }
  const absl::StatusOr<VideoFingerprint> video =
      OrUnreadable(std::move(read), input);
  RETURN_IF_ERROR(cancellation.status());
  RETURN_IF_ERROR(video.status());
  if (!video->ended.ok()) options_.metrics->CountUnreadable(video->ended);

  // Match against the known clips.
  std::vector<ClipMatch> matches =
      Timed(&times.match, [&] { return options_.clips->Match(video->upload); });
  matches.resize(std::min<size_t>(matches.size(), kMaxMatches));

  // Score the cues; again, on more frames, where few leave them in doubt.
  CueFootage footage = cue_sampler.footage();
  const auto score = [&] {
    return ScoreCues(options_.cues.get(), options_.cues_unavailable, footage,
                     options_.metrics);
  };
  CueReport cues = Timed(&times.cues, score);
  if (reading.reader.sampling == Sampling::kSparse && video->ended.ok() &&
      options_.cues != nullptr && AreInDoubt(cues, footage, options_.policy)) {
    const Stopwatch stopwatch(&times.cues);
    ReaderOptions densely = reading.reader;
    densely.sampling = Sampling::kDense;
    absl::StatusOr<CueFootage> more = ReadCueFootage(
        options_.open_video, MakeBorrowedSource(input.source.get()), densely);
    RETURN_IF_ERROR(cancellation.status());
    if (more.ok()) {
      footage = *std::move(more);
      cues = score();
    }
  }

  // Decide.
  const v1::Verdict verdict =
      DecideOn(video->ended, matches, cues, options_.policy);

  // Report.
  v1::ScanReport report = ReportOf(input, *video, matches, cues, verdict);
  if (options_.shadow_cues != nullptr) {
    *report.mutable_shadow_cues() = ToProto(
        ScoreCues(options_.shadow_cues.get(), "", footage, options_.metrics));
  }
  const std::vector<v1::CueStill> cue_stills =
      NeedsCase(verdict) || input.header.stills() ? SomeStills(footage)
                                                  : std::vector<v1::CueStill>();
  if (input.header.stills()) {
    report.mutable_cues()->mutable_stills()->Assign(cue_stills.begin(),
                                                    cue_stills.end());
  }
  times.total = total.Elapsed();
  *report.mutable_timings() = TimingsOf(*video, times);
  *report.mutable_scanned() = ToProto(options_.clock->Now());

  // Open a case where a person has to look, and keep stills for them.
  CaseStills stills;
  if (NeedsCase(verdict) && options_.evidence != nullptr) {
    stills =
        CollectStills(report, cue_stills, options_.open_video,
                      MakeBorrowedSource(input.source.get()), reading.reader);
  }
  RETURN_IF_ERROR(cancellation.status());
  if (NeedsCase(verdict)) {
    RETURN_IF_ERROR(OpenCase(*options_.cases, input.header,
                             CasePriority(verdict, matches), report));
    if (options_.evidence != nullptr) {
      KeepEvidence(*options_.evidence, *options_.cases,
                   input.header.content_id(), std::move(stills));
    }
    options_.news->Notify(kCaseNews);
  }
  if (options_.holds != nullptr && verdict.action() == v1::ACTION_ALLOW) {
    RETURN_IF_ERROR(options_.holds->End(input.header.content_id()));
  }
  if (options_.uploads != nullptr) {
    ArchiveUpload(*options_.uploads, input.header, video->upload, report,
                  clips_below, *options_.metrics);
  }
  options_.metrics->CountScan(report);
  return report;
}

}  // namespace lenscap
