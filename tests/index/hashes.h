#ifndef LENSCAP_TESTS_INDEX_HASHES_H_
#define LENSCAP_TESTS_INDEX_HASHES_H_

#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "fingerprint/hash256.h"
#include "index/clip.h"

namespace lenscap {

// Hashes, and videos made of them, for tests of the index. The same seed gives
// the same ones everywhere.
using Random = std::mt19937_64;

// From 0 to `below` - 1.
int Below(int below, Random& random);

// Every bit its own coin.
Hash256 RandomHash(Random& random);
// As PDQ makes them: half of the bits are set, neighbours go together.
Hash256 CorrelatedHash(Random& random);
// At exactly `distance` from `hash`.
Hash256 AtDistance(const Hash256& hash, int distance, Random& random);

// Moving content: each hash differs from the one before in `bits` bits.
std::vector<Hash256> MovingHashes(int count, int bits, Random& random);
// A fixed camera: a scene that people walk through, which changes up to a dozen
// bits for seconds, and 2 bits of noise in each frame. Nearly every frame is
// within 31 bits of nearly every other.
std::vector<Hash256> FixedCameraHashes(int count, Random& random);

// A turned picture's hash, as far as tests of the index go: fixed bits are
// inverted, half of all for any turn. Turning twice the same way turns back.
Hash256 Turned(const Hash256& hash, Orientation orientation);
// Of a frame with this hash, as the fingerprint room would make it.
FrameFingerprint FingerprintOf(const Hash256& hash, absl::Duration time,
                               int quality = 100);

// Frames at 0, step, 2 * step, ...; the duration ends the last step.
Clip MakeClip(const std::string& list_id, const std::string& entry_id,
              const std::vector<Hash256>& hashes,
              absl::Duration step = absl::Milliseconds(250));
UploadFingerprint MakeUpload(const std::vector<Hash256>& hashes,
                             absl::Duration step = absl::Milliseconds(500));

// What a copy sampled half as densely sees: every second hash from `first` on,
// `count` of them, each with `noise` bits changed.
std::vector<Hash256> CopyOf(const std::vector<Hash256>& hashes, int first,
                            int count, int noise, Random& random);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_INDEX_HASHES_H_
