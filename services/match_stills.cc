#include "services/match_stills.h"

#include <utility>

#include "base/status_macros.h"
#include "services/still_image.h"

namespace lenscap {

bool SpanSampler::Add(const Frame& frame) {
  if (after_.has_value()) return false;
  if (frame.time < span_.start) {
    before_ = frame;
    return true;
  }
  if (frame.time >= span_.end) {
    after_ = MakeStill(frame, longest_side_);
    return false;
  }
  if (seen_++ % stride_ != 0) return true;
  if (within_.size() == kMaxWithin) {
    // Every other one stays; the next is one that the new stride keeps too.
    for (size_t i = 1; i < kMaxWithin / 2; ++i) {
      within_[i] = std::move(within_[2 * i]);
    }
    within_.resize(kMaxWithin / 2);
    stride_ *= 2;
  }
  within_.push_back(MakeStill(frame, longest_side_));
  return true;
}

void SpanSampler::Take(SpanSampler other) {
  if (other.seen_ > seen_) {
    within_ = std::move(other.within_);
    seen_ = other.seen_;
    stride_ = other.stride_;
  }
  if (!before_.has_value()) before_ = std::move(other.before_);
  if (!after_.has_value()) after_ = std::move(other.after_);
}

std::vector<CueStill> SpanSampler::Finish() && {
  std::vector<CueStill> stills;
  if (before_.has_value()) {
    stills.push_back(MakeStill(*before_, longest_side_));
  }
  for (CueStill& still : within_) stills.push_back(std::move(still));
  if (after_.has_value()) stills.push_back(*std::move(after_));
  return stills;
}

absl::StatusOr<std::vector<CueStill>> ReadMatchStills(
    const OpenVideo& open, std::unique_ptr<ByteSource> source,
    ReaderOptions options, const TimeSpan& span) {
  options.sampling = Sampling::kSparse;
  ASSIGN_OR_RETURN(const std::unique_ptr<VideoReader> reader,
                   open(std::move(source), options));
  SpanSampler first(span, kLongestStillSide);
  absl::StatusOr<std::optional<Frame>> frame;
  while ((frame = reader->Next()).ok() && frame->has_value() &&
         first.Add(**frame)) {
  }
  SpanSampler again(span, kLongestStillSide);
  // What fails here has been seen once.
  reader->ReadAgain({span}, [&](const Frame& dense) { again.Add(dense); })
      .IgnoreError();
  first.Take(std::move(again));
  std::vector<CueStill> stills = std::move(first).Finish();
  if (stills.empty()) RETURN_IF_ERROR(frame.status());
  return stills;
}

}  // namespace lenscap
