#include "fingerprint/weighted_rows.h"

#include <algorithm>

#include "fingerprint/cpu_dispatch.h"

namespace lenscap {
namespace {

// Rows that are read at a time.
constexpr int kRows = 4;

// Of `n` rows.
template <int n, typename Sum>
[[gnu::always_inline]] inline void AddSome(const uint8_t* const rows[kRows],
                                           const Sum weights[kRows], bool first,
                                           int width, Sum* sums) {
  const uint8_t *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3];
  const Sum w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3];
  const auto weighted = [=](int x) {
    if constexpr (n == 1) return w0 * r0[x];
    if constexpr (n == 2) return w0 * r0[x] + w1 * r1[x];
    if constexpr (n == 3) return w0 * r0[x] + w1 * r1[x] + w2 * r2[x];
    return (w0 * r0[x] + w1 * r1[x]) + (w2 * r2[x] + w3 * r3[x]);
  };
  if (first) {
    for (int x = 0; x < width; ++x) sums[x] = weighted(x);
  } else {
    for (int x = 0; x < width; ++x) sums[x] += weighted(x);
  }
}
template <typename Sum>
[[gnu::always_inline]] inline void Add(const uint8_t* const rows[kRows],
                                       const Sum weights[kRows], int n,
                                       bool first, int width, Sum* sums) {
  switch (n) {
    case 1:
      return AddSome<1>(rows, weights, first, width, sums);
    case 2:
      return AddSome<2>(rows, weights, first, width, sums);
    case 3:
      return AddSome<3>(rows, weights, first, width, sums);
    default:
      return AddSome<4>(rows, weights, first, width, sums);
  }
}

DISPATCH_SIMD(void, AddRows,
              (const uint8_t* const rows[kRows], const float weights[kRows],
               int n, bool first, int width, float* sums),
              (rows, weights, n, first, width, sums)) {
  Add(rows, weights, n, first, width, sums);
}
DISPATCH_SIMD(void, AddRows,
              (const uint8_t* const rows[kRows], const uint16_t weights[kRows],
               int n, bool first, int width, uint16_t* sums),
              (rows, weights, n, first, width, sums)) {
  Add(rows, weights, n, first, width, sums);
}

// By stretches, while those of the next rows are fetched: the plane of a frame
// that was just decoded is seldom in the cache.
template <typename Sum>
void Walk(const Plane& luma, int first, absl::Span<const Sum> weights,
          Sum* sums) {
  constexpr int kStretch = 512;
  constexpr int kCacheLine = 64;
  const auto row = [&luma](int y) {
    return luma.data + std::min(y, luma.height - 1) * luma.stride;
  };
  const int count = static_cast<int>(weights.size());
  for (int k = 0; k < count; k += kRows) {
    const int n = std::min(kRows, count - k);
    Sum some[kRows] = {};
    std::copy_n(&weights[k], n, some);
    for (int x = 0; x < luma.width; x += kStretch) {
      const int width = std::min(kStretch, luma.width - x);
      const uint8_t* rows[kRows];
      for (int i = 0; i < kRows; ++i) {
        rows[i] = row(first + k + i) + x;
        if (i >= n) continue;
        const uint8_t* const next = row(first + k + n + i) + x;
        for (int ahead = 0; ahead < width; ahead += kCacheLine) {
          __builtin_prefetch(next + ahead);
        }
      }
      AddRows(rows, some, n, k == 0, width, &sums[x]);
    }
  }
}

}  // namespace

void SumRows(const Plane& luma, int first, absl::Span<const uint16_t> weights,
             uint16_t* sums) {
  Walk(luma, first, weights, sums);
}

void SumRows(const Plane& luma, int first, absl::Span<const float> weights,
             float* sums) {
  Walk(luma, first, weights, sums);
}

}  // namespace lenscap
