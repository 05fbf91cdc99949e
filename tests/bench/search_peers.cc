#include "tests/bench/search_peers.h"

#include <omp.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "faiss/IndexBinaryFlat.h"
#include "faiss/IndexBinaryHash.h"
#include "faiss/impl/AuxIndexStructures.h"

namespace lenscap {
namespace {

using Words = std::array<std::vector<uint64_t>, 4>;

// Blocks without a hit are told by their smallest distance, without a branch.
[[gnu::always_inline]] inline void ScanBody(const Words& words,
                                            const Hash256& hash, int radius,
                                            std::vector<NumberedHit>* hits) {
  constexpr size_t kBlock = 64;
  const uint64_t limit = radius;
  const size_t count = words[0].size();
  const auto distance = [&](size_t i) __attribute__((always_inline)) {
    uint64_t sum = 0;
    for (int w = 0; w < 4; ++w) {
      sum += std::popcount(words[w][i] ^ hash.words[w]);
    }
    return sum;
  };
  for (size_t at = 0; at < count; at += kBlock) {
    const size_t end = std::min(at + kBlock, count);
    if (end == at + kBlock) {
      uint64_t smallest = 256;
      for (size_t i = 0; i < kBlock; ++i) {
        smallest = std::min(smallest, distance(at + i));
      }
      if (smallest > limit) continue;
    }
    for (size_t i = at; i < end; ++i) {
      const uint64_t d = distance(i);
      if (d <= limit) hits->push_back({i, static_cast<int>(d)});
    }
  }
}

#if defined(__x86_64__)
[[gnu::target(
    "avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,avx2,popcnt")]] void
ScanAvx512(const Words& words, const Hash256& hash, int radius,
           std::vector<NumberedHit>* hits) {
  ScanBody(words, hash, radius, hits);
}

[[gnu::target("avx2,popcnt")]] void ScanAvx2(const Words& words,
                                             const Hash256& hash, int radius,
                                             std::vector<NumberedHit>* hits) {
  ScanBody(words, hash, radius, hits);
}
#endif

void Scan(const Words& words, const Hash256& hash, int radius,
          std::vector<NumberedHit>* hits) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vpopcntdq")) {
    return ScanAvx512(words, hash, radius, hits);
  }
  if (__builtin_cpu_supports("avx2")) {
    return ScanAvx2(words, hash, radius, hits);
  }
#endif
  ScanBody(words, hash, radius, hits);
}

class PlainScan : public SearchPeer {
 public:
  explicit PlainScan(absl::Span<const Hash256> hashes) {
    for (int w = 0; w < 4; ++w) {
      words_[w].reserve(hashes.size());
      for (const Hash256& hash : hashes) words_[w].push_back(hash.words[w]);
    }
  }

  void Search(const Hash256& hash, int radius,
              std::vector<NumberedHit>* hits) const override {
    hits->clear();
    Scan(words_, hash, radius, hits);
  }

 private:
  Words words_;
};

// Bytes in the order of their bits, as on any machine that FAISS runs on.
const uint8_t* BytesOf(const Hash256* hashes) {
  static_assert(std::endian::native == std::endian::little);
  return reinterpret_cast<const uint8_t*>(hashes);
}

class FaissPeer : public SearchPeer {
 public:
  FaissPeer(std::unique_ptr<faiss::IndexBinary> index,
            absl::Span<const Hash256> hashes)
      : index_(std::move(index)) {
    omp_set_num_threads(1);
    index_->add(static_cast<faiss::IndexBinary::idx_t>(hashes.size()),
                BytesOf(hashes.data()));
  }

  void Search(const Hash256& hash, int radius,
              std::vector<NumberedHit>* hits) const override {
    faiss::RangeSearchResult found(1);
    // What it finds is nearer than the radius that it is given.
    index_->range_search(1, BytesOf(&hash), radius + 1, &found);
    hits->clear();
    for (size_t i = 0; i < found.lims[1]; ++i) {
      hits->push_back({static_cast<size_t>(found.labels[i]),
                       static_cast<int>(found.distances[i])});
    }
  }

 private:
  std::unique_ptr<faiss::IndexBinary> index_;
};

}  // namespace

std::unique_ptr<SearchPeer> MakePlainScan(absl::Span<const Hash256> hashes) {
  return std::make_unique<PlainScan>(hashes);
}

std::unique_ptr<SearchPeer> MakeFaissFlat(absl::Span<const Hash256> hashes) {
  return std::make_unique<FaissPeer>(
      std::make_unique<faiss::IndexBinaryFlat>(256), hashes);
}

std::unique_ptr<SearchPeer> MakeFaissMultiHash(absl::Span<const Hash256> hashes,
                                               const MultiHashShape& shape) {
  auto index = std::make_unique<faiss::IndexBinaryMultiHash>(256, shape.tables,
                                                             shape.bits);
  index->nflip = shape.flips;
  return std::make_unique<FaissPeer>(std::move(index), hashes);
}

}  // namespace lenscap
