#ifndef LENSCAP_INDEX_PATH_FIT_H_
#define LENSCAP_INDEX_PATH_FIT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/types/span.h"
#include "fingerprint/hash256.h"

namespace lenscap {

// The frames of a video that can be compared, in order of time. Where pictures
// are compared window by window, each frame has several hashes; tracks that are
// compared have the same number.
struct Track {
  absl::Span<const Hash256> hashes;  // Those of a frame stand together.
  absl::Span<const int64_t> times;   // Microseconds, not descending.
  int64_t step = 0;                  // Typical time from one to the next.
  size_t hashes_per_frame = 1;       // hashes.size() is times.size() times it.
  // The last moments at which the frames are known to stay; not after the next
  // frame's time. Empty if none stays. A frame then stands for several moments,
  // a step apart, as many as were sampled.
  absl::Span<const int64_t> untils = {};

  size_t size() const { return times.size(); }
  int64_t UntilOf(size_t i) const {
    return untils.empty() ? times[i] : untils[i];
  }
  int64_t begin_time() const { return times.front(); }
  int64_t end_time() const { return UntilOf(size() - 1); }

  // How many moments frame `i` stands for, and when they are.
  int64_t MomentsOf(size_t i) const {
    const int64_t stays = UntilOf(i) - times[i];
    return stays == 0 ? 1 : 1 + std::max<int64_t>(1, stays / StepOfMoments());
  }
  int64_t MomentTime(size_t i, int64_t moment) const {
    return std::min(times[i] + moment * StepOfMoments(), UntilOf(i));
  }
  int64_t moments() const;  // Of all frames.

  // When the frame is nearest to `time`, and how far that is.
  int64_t TimeNear(size_t i, int64_t time) const {
    return std::clamp(time, times[i], UntilOf(i));
  }
  int64_t AwayFrom(size_t i, int64_t time) const {
    return std::abs(time - TimeNear(i, time));
  }

 private:
  int64_t StepOfMoments() const { return std::max<int64_t>(1, step); }
};

// How many bits frame `i` of `a` and frame `j` of `b` differ in; of several
// hashes the mean, rounded.
[[gnu::always_inline]] inline int FrameDistance(const Track& a, size_t i,
                                                const Track& b, size_t j) {
  const size_t hashes = a.hashes_per_frame;
  if (hashes == 1) return HammingDistance(a.hashes[i], b.hashes[j]);
  size_t sum = hashes / 2;
  for (size_t h = 0; h < hashes; ++h) {
    sum += HammingDistance(a.hashes[i * hashes + h], b.hashes[j * hashes + h]);
  }
  return static_cast<int>(sum / hashes);
}

// Typical time from one frame's last moment, of `untils` if there are any, to
// the next one's time: the median; 0 for fewer than 2.
int64_t TypicalStep(absl::Span<const int64_t> times,
                    absl::Span<const int64_t> untils = {});

// Which time of the reference is compared with each time of the query: that
// of a copy, perhaps faster, slower or backwards, or always the same one.
struct Path {
  bool still = false;
  int64_t offset = 0;  // Of the reference at query time 0; of a still, always.
  double speed = 1;    // Reference time per query time: 0.4 to 2.5, or -1.

  int64_t At(int64_t query_time) const {
    if (still) return offset;
    if (speed == 1) return query_time + offset;
    return static_cast<int64_t>(speed * query_time) + offset;
  }
  // The path at that speed which is at `reference_time` at `query_time`.
  static Path Through(double speed, int64_t query_time,
                      int64_t reference_time) {
    Path path{.still = false, .offset = 0, .speed = speed};
    path.offset = reference_time - path.At(query_time);
    return path;
  }
  friend bool operator==(const Path&, const Path&) = default;
};

// A query frame is compared with the reference's frames before and after its
// time, if they are within this: half the distance of frames sampled once a
// second. A still is compared with the frame at its time alone.
inline constexpr int64_t kMaxSkew = 500'000;

// How a query frame compares with the reference at its time: with the closer of
// the two frames, and with what lies between them in proportion.
struct Fit {
  int16_t distance = -1;  // To the closer one; -1 where there is none.
  int16_t between = 0;
};

// The fits of the query frames from `first` up to `last` (not included).
// Neither track may be empty.
void FillFits(const Track& query, const Track& reference, Path path,
              size_t first, size_t last, Fit* fits);

// The frame of the track that is nearest to `time`, and the moment of it that
// is. The track may not be empty.
size_t NearestFrame(const Track& track, int64_t time);
int64_t NearestMoment(const Track& track, int64_t time);

// What a frame earns for its path by its distance (index/align.h).
inline int GainOf(int distance, int max_distance) {
  if (distance < 0) return -1;
  if (distance <= max_distance) return 2 * (max_distance + 1) - distance;
  return -3 * std::min(distance - max_distance, max_distance + 1) / 4;
}

}  // namespace lenscap

#endif  // LENSCAP_INDEX_PATH_FIT_H_
