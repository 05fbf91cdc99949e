#ifndef LENSCAP_SERVICES_MATCH_STILLS_H_
#define LENSCAP_SERVICES_MATCH_STILLS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "base/time_span.h"
#include "media/byte_source.h"
#include "media/frame.h"
#include "media/video_reader.h"
#include "models/cue_footage.h"

namespace lenscap {

// Stills that show what a match is about: of the frames within its span a few,
// evenly spread, and the last one before and the first one after. Frames come
// in order of time. Bounded memory; not thread-safe.
class SpanSampler {
 public:
  static constexpr int kMaxWithin = 8;

  SpanSampler(const TimeSpan& span, int longest_side)
      : span_(span), longest_side_(longest_side) {}

  // False once nothing is missing that a later frame could bring.
  bool Add(const Frame& frame);
  // Takes what another one saw of the span in place of its own, where that is
  // more, and what it lacks around it.
  void Take(SpanSampler other);
  // In order of time, kMaxWithin + 2 at most.
  std::vector<CueStill> Finish() &&;

 private:
  TimeSpan span_;
  int longest_side_;
  std::optional<Frame> before_;
  std::vector<CueStill> within_;
  std::optional<CueStill> after_;
  int64_t seen_ = 0;  // Within the span.
  int64_t stride_ = 1;
};

// Reads the file of an upload once more, sparsely up to the first frame after
// the span and then the span again densely. A single picture is within any
// span. Fails as the reader does where not one still came out.
absl::StatusOr<std::vector<CueStill>> ReadMatchStills(
    const OpenVideo& open, std::unique_ptr<ByteSource> source,
    ReaderOptions options, const TimeSpan& span);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_MATCH_STILLS_H_
