#ifndef LENSCAP_TESTS_BENCH_HASH_KINDS_H_
#define LENSCAP_TESTS_BENCH_HASH_KINDS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fingerprint/hash256.h"
#include "index/hamming_index.h"

namespace lenscap {

// Hashes of one kind: some that are stored, and others of other pictures.
struct HashSample {
  std::vector<Hash256> stored;
  std::vector<Hash256> apart;
  // How many of the stored ones are as made; the others are altered copies.
  size_t originals = 0;
};

// The same each time. The kinds are
//   random      every bit its own coin
//   correlated  bits of a 16x16 Gaussian field, neighbours correlated by 0.5,
//               above its median
//   scenes      PDQ of drawn pictures: slopes, boxes and ellipses, blurred and
//               with noise. Each picture gives eight, its orientations, which
//               are PDQ hashes as good as any and far from one another; the
//               drawing knows no up or left, so all eight are alike likely.
//   footage     PDQ of four frames a second of the files below `footage`, which
//               must be readable as video or image; others are skipped. Beyond
//               their number, copies with up to 16 pairs of neighbouring bits
//               flipped. What is apart comes from the last tenth of the frames,
//               of files in shuffled order.
// FAILED_PRECONDITION if there are fewer than 20 frames of footage.
absl::StatusOr<HashSample> MakeHashes(absl::string_view kind, size_t stored,
                                      size_t apart, const std::string& footage);
bool IsHashKind(absl::string_view kind);

// Every fourth is within 31 bits of one that is stored; most of what is
// uploaded is not.
std::vector<Hash256> MakeQueries(absl::Span<const Hash256> stored,
                                 absl::Span<const Hash256> apart, size_t count);

// The first `share` of the hashes become groups of four equal ones, far from
// each other in the list.
void ShareHashes(double share, std::vector<Hash256>* hashes);

// `count` hashes within 4 bits of `centre`, so within 8 of one another.
std::vector<Hash256> CrowdAround(const Hash256& centre, size_t count);

// As frames of clips of a minute each, in order.
inline constexpr uint32_t kFramesOfClip = 240;
std::vector<IndexedFrame> FramesOf(absl::Span<const Hash256> hashes);
// Where in that order.
size_t NumberOf(const FrameRef& ref);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_BENCH_HASH_KINDS_H_
