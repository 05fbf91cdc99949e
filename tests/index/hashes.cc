#include "tests/index/hashes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

namespace lenscap {
namespace {

void Flip(int bit, Hash256* hash) {
  hash->words[bit / 64] ^= uint64_t{1} << (bit % 64);
}

// Chance makes one in 50,000 that no picture with anything in it has.
bool IsPlain(const Hash256& hash) {
  int ones = 0;
  for (const uint64_t word : hash.words) ones += std::popcount(word);
  return ones < 96 || ones > 160;
}

}  // namespace

int Below(int below, Random& random) { return random() % below; }

Hash256 RandomHash(Random& random) {
  return {{random(), random(), random(), random()}};
}

Hash256 CorrelatedHash(Random& random) {
  std::array<int, 16> rows, columns;
  for (int i = 0; i < 16; ++i) {
    rows[i] = Below(1000, random);
    columns[i] = Below(1000, random);
  }
  std::array<int, 256> values;
  for (int bit = 0; bit < 256; ++bit) {
    values[bit] = rows[bit / 16] + columns[bit % 16] + Below(1500, random);
  }
  std::array<int, 256> sorted = values;
  std::nth_element(sorted.begin(), sorted.begin() + 128, sorted.end());
  Hash256 hash;
  for (int bit = 0; bit < 256; ++bit) {
    if (values[bit] >= sorted[128]) Flip(bit, &hash);
  }
  return hash;
}

Hash256 AtDistance(const Hash256& hash, int distance, Random& random) {
  std::array<int, 256> bits;
  std::iota(bits.begin(), bits.end(), 0);
  Hash256 other = hash;
  for (int i = 0; i < distance; ++i) {
    std::swap(bits[i], bits[i + Below(256 - i, random)]);
    Flip(bits[i], &other);
  }
  return other;
}

std::vector<Hash256> MovingHashes(int count, int bits, Random& random) {
  std::vector<Hash256> hashes = {CorrelatedHash(random)};
  while (std::ssize(hashes) < count) {
    const Hash256 next = AtDistance(hashes.back(), bits, random);
    if (!IsPlain(next)) hashes.push_back(next);
  }
  return hashes;
}

std::vector<Hash256> FixedCameraHashes(int count, Random& random) {
  const Hash256 scene = CorrelatedHash(random);
  std::vector<int> changed;
  std::vector<Hash256> hashes;
  for (int i = 0; i < count; ++i) {
    // One bit comes or goes with each frame.
    changed.push_back(Below(256, random));
    if (changed.size() > 12) changed.erase(changed.begin());
    Hash256 hash = scene;
    for (const int bit : changed) Flip(bit, &hash);
    hashes.push_back(AtDistance(hash, 2, random));
  }
  return hashes;
}

Hash256 Turned(const Hash256& hash, Orientation orientation) {
  Hash256 turned = hash;
  if (orientation == Orientation::kUpright) return turned;
  Random random(static_cast<int>(orientation));
  const Hash256 pattern = AtDistance({}, 128, random);
  for (int w = 0; w < 4; ++w) turned.words[w] ^= pattern.words[w];
  return turned;
}

FrameFingerprint FingerprintOf(const Hash256& hash, absl::Duration time,
                               int quality) {
  FrameFingerprint frame;
  frame.time = time;
  for (int o = 0; o < kOrientations; ++o) {
    frame.pdq.hashes[o] = Turned(hash, static_cast<Orientation>(o));
  }
  frame.pdq.quality = quality;
  return frame;
}

Clip MakeClip(const std::string& list_id, const std::string& entry_id,
              const std::vector<Hash256>& hashes, absl::Duration step) {
  Clip clip;
  clip.list_id = list_id;
  clip.entry_id = entry_id;
  clip.duration = step * std::ssize(hashes);
  for (size_t i = 0; i < hashes.size(); ++i) {
    clip.frames.push_back({hashes[i], 100, step * i});
  }
  return clip;
}

UploadFingerprint MakeUpload(const std::vector<Hash256>& hashes,
                             absl::Duration step) {
  UploadFingerprint upload;
  upload.digests = {};
  upload.duration = step * std::ssize(hashes);
  for (size_t i = 0; i < hashes.size(); ++i) {
    upload.frames.push_back(FingerprintOf(hashes[i], step * i));
  }
  return upload;
}

std::vector<Hash256> CopyOf(const std::vector<Hash256>& hashes, int first,
                            int count, int noise, Random& random) {
  std::vector<Hash256> copy;
  for (int i = 0; i < count; ++i) {
    copy.push_back(AtDistance(hashes[first + 2 * i], noise, random));
  }
  return copy;
}

}  // namespace lenscap
