#include "tests/bench/hash_kinds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "fingerprint/pdq.h"
#include "media/byte_source.h"
#include "media/video_reader.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

constexpr int kMinQuality = 50;
constexpr size_t kMinFootage = 20;

using MakeHash = std::function<Hash256()>;

// From `low` to `high`.
float Between(float low, float high, Random& random) {
  return low + (high - low) * static_cast<float>(random() >> 40) / (1 << 24);
}

class FieldHashes {
 public:
  explicit FieldHashes(uint64_t seed) : random_(seed) {}

  Hash256 operator()() {
    std::array<float, 256> field;
    for (float& value : field) value = Normal();
    // Along the rows, then along the columns; the variance stays.
    for (int i = 0; i < 256; ++i) {
      if (i % 16 != 0) field[i] = kOwn * field[i] + kShared * field[i - 1];
    }
    for (int i = 16; i < 256; ++i) {
      field[i] = kOwn * field[i] + kShared * field[i - 16];
    }
    std::array<float, 256> sorted = field;
    std::nth_element(sorted.begin(), sorted.begin() + 128, sorted.end());
    Hash256 hash;
    for (int i = 0; i < 256; ++i) {
      hash.words[i / 64] |= uint64_t{field[i] >= sorted[128]} << (i % 64);
    }
    return hash;
  }

 private:
  static constexpr float kShared = 0.5F;
  static constexpr float kOwn = 0.8660254F;

  // Nearly: the sum of four even draws, around 0. Its scale does not matter.
  float Normal() {
    const uint64_t bits = random_();
    const int sum = static_cast<int>((bits & 0xffff) + (bits >> 16 & 0xffff) +
                                     (bits >> 32 & 0xffff) + (bits >> 48));
    return static_cast<float>(sum - 2 * 0xffff);
  }

  Random random_;
};

// Draws pictures of PDQ's own size.
class ScenePainter {
 public:
  explicit ScenePainter(uint64_t seed) : random_(seed) {}

  Plane Draw() {
    DrawSlope();
    const int things = 3 + Below(8, random_);
    for (int i = 0; i < things; ++i) DrawThing();
    const int radius = Below(4, random_);
    Blur(radius, 1, kSide);
    Blur(radius, kSide, 1);
    AddNoise(Between(0, 0.06F, random_));
    return {samples_.data(), kSide, kSide, kSide};
  }

 private:
  static constexpr int kSide = 64;

  void DrawSlope() {
    const float grey = Between(60, 190, random_);
    const float along_x = Between(-1.5F, 1.5F, random_);
    const float along_y = Between(-1.5F, 1.5F, random_);
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        picture_[y * kSide + x] =
            grey + along_x * (x - 31.5F) + along_y * (y - 31.5F);
      }
    }
  }

  // A box or an ellipse, more often a small one.
  void DrawThing() {
    const bool round = Below(2, random_) == 0;
    const float middle_x = Between(0, kSide, random_);
    const float middle_y = Between(0, kSide, random_);
    const float half_width = 2 * std::exp(Between(0, 2.5F, random_));
    const float half_height = 2 * std::exp(Between(0, 2.5F, random_));
    const float grey = Between(10, 245, random_);
    for (int y = 0; y < kSide; ++y) {
      const float dy = (y + 0.5F - middle_y) / half_height;
      if (std::abs(dy) > 1) continue;
      const float half =
          round ? half_width * std::sqrt(1 - dy * dy) : half_width;
      const int first = std::max(0, static_cast<int>(middle_x - half + 0.5F));
      const int last = std::min<int>(kSide, middle_x + half + 0.5F);
      for (int x = first; x < last; ++x) picture_[y * kSide + x] = grey;
    }
  }

  // Each line of samples `step` apart, by means of 2 * radius + 1.
  void Blur(int radius, int step, int line_step) {
    if (radius == 0) return;
    for (int line = 0; line < kSide; ++line) {
      float* const samples = picture_.data() + line * line_step;
      std::array<float, kSide + 1> sums;
      sums[0] = 0;
      for (int i = 0; i < kSide; ++i) sums[i + 1] = sums[i] + samples[i * step];
      for (int i = 0; i < kSide; ++i) {
        const int first = std::max(0, i - radius);
        const int end = std::min(kSide, i + radius + 1);
        samples[i * step] = (sums[end] - sums[first]) / (end - first);
      }
    }
  }

  void AddNoise(float amount) {
    for (int i = 0; i < kSide * kSide; i += 8) {
      const uint64_t bits = random_();
      for (int k = 0; k < 8; ++k) {
        const float noise = static_cast<int>(bits >> (8 * k) & 0xff) - 127.5F;
        samples_[i + k] = static_cast<uint8_t>(
            std::clamp(picture_[i + k] + amount * noise, 0.0F, 255.0F));
      }
    }
  }

  Random random_;
  std::array<float, kSide * kSide> picture_;
  std::array<uint8_t, kSide * kSide> samples_;
};

class SceneHashes {
 public:
  explicit SceneHashes(uint64_t seed) : painter_(seed) {}

  Hash256 operator()() {
    if (next_ == kOrientations) {
      do {
        pdq_ = ComputeDihedralPdq(painter_.Draw(), LumaRange::kFull);
      } while (pdq_.quality < kMinQuality);
      next_ = 0;
    }
    return pdq_.hashes[next_++];
  }

 private:
  ScenePainter painter_;
  DihedralPdq pdq_;
  int next_ = kOrientations;
};

std::vector<std::string> ShuffledFiles(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Random random(5);
  for (size_t i = files.size(); i > 1; --i) {
    std::swap(files[i - 1], files[random() % i]);
  }
  return files;
}

void AppendHashesOf(const std::string& file, std::vector<Hash256>* hashes) {
  auto source = OpenFileSource(file);
  if (!source.ok()) return;
  auto reader = VideoReader::Open(*std::move(source),
                                  {.sample_interval = absl::Milliseconds(250),
                                   .limits = {},
                                   .cancelled = nullptr});
  if (!reader.ok()) return;
  while (true) {
    const auto frame = (*reader)->Next();
    if (!frame.ok() || !frame->has_value()) return;
    const Pdq pdq = ComputePdq((*frame)->luma, (*frame)->range);
    if (pdq.quality >= kMinQuality) hashes->push_back(pdq.hash);
  }
}

Hash256 WithPairsFlipped(Hash256 hash, Random& random) {
  for (int pairs = Below(17, random); pairs > 0; --pairs) {
    const int bit = Below(256, random);
    const int step = Below(2, random) == 0 ? 1 : 16;
    for (const int k : {bit, (bit + step) % 256}) {
      hash.words[k / 64] ^= uint64_t{1} << (k % 64);
    }
  }
  return hash;
}

std::vector<Hash256> Multiplied(absl::Span<const Hash256> hashes, size_t count,
                                Random& random) {
  std::vector<Hash256> more(hashes.begin(),
                            hashes.begin() + std::min(count, hashes.size()));
  more.reserve(count);
  while (more.size() < count) {
    more.push_back(
        WithPairsFlipped(hashes[more.size() % hashes.size()], random));
  }
  return more;
}

absl::StatusOr<HashSample> FootageHashes(size_t stored, size_t apart,
                                         const std::string& folder) {
  std::vector<Hash256> hashes;
  for (const std::string& file : ShuffledFiles(folder)) {
    AppendHashesOf(file, &hashes);
  }
  if (hashes.size() < kMinFootage) {
    return absl::FailedPreconditionError(
        absl::StrCat(hashes.size(), " frames of footage"));
  }
  Random random(6);
  const absl::Span<const Hash256> all = hashes;
  const auto kept = all.first(all.size() - all.size() / 10);
  return HashSample{
      .stored = Multiplied(kept, stored, random),
      .apart = Multiplied(all.subspan(kept.size()), apart, random),
      .originals = std::min(kept.size(), stored)};
}

MakeHash MakerOf(absl::string_view kind, uint64_t seed) {
  if (kind == "correlated") return FieldHashes(seed);
  if (kind == "scenes") return SceneHashes(seed);
  return [random = Random(seed)]() mutable { return RandomHash(random); };
}

std::vector<Hash256> MakeMany(size_t count, MakeHash make) {
  std::vector<Hash256> hashes(count);
  std::generate(hashes.begin(), hashes.end(), std::ref(make));
  return hashes;
}

}  // namespace

bool IsHashKind(absl::string_view kind) {
  return kind == "random" || kind == "correlated" || kind == "scenes" ||
         kind == "footage";
}

absl::StatusOr<HashSample> MakeHashes(absl::string_view kind, size_t stored,
                                      size_t apart,
                                      const std::string& footage) {
  if (kind == "footage") return FootageHashes(stored, apart, footage);
  return HashSample{.stored = MakeMany(stored, MakerOf(kind, 1)),
                    .apart = MakeMany(apart, MakerOf(kind, 2)),
                    .originals = stored};
}

std::vector<Hash256> MakeQueries(absl::Span<const Hash256> stored,
                                 absl::Span<const Hash256> apart,
                                 size_t count) {
  Random random(3);
  std::vector<Hash256> queries;
  for (size_t i = 0; i < count; ++i) {
    queries.push_back(i % 4 == 0 ? AtDistance(stored[random() % stored.size()],
                                              Below(32, random), random)
                                 : apart[i % apart.size()]);
  }
  return queries;
}

void ShareHashes(double share, std::vector<Hash256>* hashes) {
  const size_t sharing = static_cast<size_t>(share * hashes->size());
  const size_t distinct = std::max<size_t>(1, sharing / 4);
  for (size_t i = distinct; i < sharing; ++i) {
    (*hashes)[i] = (*hashes)[i % distinct];
  }
}

std::vector<Hash256> CrowdAround(const Hash256& centre, size_t count) {
  Random random(4);
  std::vector<Hash256> hashes;
  hashes.reserve(count);
  while (hashes.size() < count) {
    hashes.push_back(AtDistance(centre, Below(5, random), random));
  }
  return hashes;
}

std::vector<IndexedFrame> FramesOf(absl::Span<const Hash256> hashes) {
  std::vector<IndexedFrame> frames;
  frames.reserve(hashes.size());
  for (const Hash256& hash : hashes) {
    const uint32_t number = static_cast<uint32_t>(frames.size());
    frames.push_back({.hash = hash,
                      .ref = {.clip = number / kFramesOfClip + 1,
                              .frame = number % kFramesOfClip}});
  }
  return frames;
}

size_t NumberOf(const FrameRef& ref) {
  return size_t{ref.clip - 1} * kFramesOfClip + ref.frame;
}

}  // namespace lenscap
