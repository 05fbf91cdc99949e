#ifndef LENSCAP_TESTS_BENCH_COPIES_MEASURED_H_
#define LENSCAP_TESTS_BENCH_COPIES_MEASURED_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "index/clip_match.h"
#include "index/known_clips.h"
#include "services/fingerprint_video.h"
#include "services/picture_search.h"

namespace lenscap {

// What is measured. All that depends on how a match is made is here. Each adds
// the CPU time of the process to `cpu`: OpenCV has threads of its own, and
// nothing else runs meanwhile. Unlike the wall clock's it is the same on a busy
// machine.

absl::StatusOr<VideoFingerprint> ReadReference(const std::string& path,
                                               absl::Duration* cpu);

absl::StatusOr<VideoFingerprint> ReadUpload(
    const std::string& path, const KnownClips& clips,
    const PictureSearch::Options& looking, Sampling sampling,
    absl::Duration* cpu);

std::vector<ClipMatch> Find(const KnownClips& clips,
                            const VideoFingerprint& video, absl::Duration* cpu);

// Decodes what ReadUpload does and does no more with it.
absl::Status Decode(const std::string& path, absl::Duration* cpu);

// What uploads are searched by beside the hashes of their frames, in the order
// of PictureSearch::Options.
absl::Span<const std::string> WaysOfLooking();

// All of it but these; INVALID_ARGUMENT for what is none of WaysOfLooking.
absl::StatusOr<PictureSearch::Options> LookingWithout(
    absl::Span<const std::string> ways);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_BENCH_COPIES_MEASURED_H_
