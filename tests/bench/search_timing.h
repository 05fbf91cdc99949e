#ifndef LENSCAP_TESTS_BENCH_SEARCH_TIMING_H_
#define LENSCAP_TESTS_BENCH_SEARCH_TIMING_H_

#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "fingerprint/hash256.h"

namespace lenscap {

// Something to search, and what making it took.
template <typename Index>
struct Built {
  Index index;
  double seconds = 0;
  double cpu_seconds = 0;  // Of all threads.
  double bytes = 0;        // That it keeps on the heap.
};

// The readings that are subtracted from one another.
struct Meters {
  double seconds = 0;
  double cpu_seconds = 0;
  double heap_bytes = 0;
};
Meters ReadMeters();

template <typename Make>
auto Build(const Make& make) {
  const Meters before = ReadMeters();
  auto index = make();
  const Meters after = ReadMeters();
  return Built<decltype(index)>{
      .index = std::move(index),
      .seconds = after.seconds - before.seconds,
      .cpu_seconds = after.cpu_seconds - before.cpu_seconds,
      .bytes = after.heap_bytes - before.heap_bytes};
}

// A new query finds nothing of its own in the caches: puts other things there.
void SweepCaches();

// `share` 0 is the least, 1 the greatest; not empty.
double Quantile(double share, std::vector<double> values);
double Mean(absl::Span<const double> values);

// Of some queries.
struct SearchTimes {
  std::vector<double> us;  // Of each query, the median of its rounds.
  double hits = 0;         // Of a query, on average.
};

// `search` takes a query and returns how many hits it has.
template <typename Search>
SearchTimes TimeEach(absl::Span<const Hash256> queries, int rounds,
                     const Search& search) {
  size_t hits = 0;
  std::vector<std::vector<double>> rounds_of(queries.size());
  for (int round = 0; round < rounds; ++round) {
    SweepCaches();
    for (size_t i = 0; i < queries.size(); ++i) {
      const auto start = std::chrono::steady_clock::now();
      hits += search(queries[i]);
      const auto end = std::chrono::steady_clock::now();
      rounds_of[i].push_back(
          std::chrono::duration<double, std::micro>(end - start).count());
    }
  }
  SearchTimes times;
  for (auto& of_query : rounds_of) {
    times.us.push_back(Quantile(0.5, std::move(of_query)));
  }
  times.hits = static_cast<double>(hits) / (rounds * queries.size());
  return times;
}

}  // namespace lenscap

#endif  // LENSCAP_TESTS_BENCH_SEARCH_TIMING_H_
