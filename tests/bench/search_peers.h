#ifndef LENSCAP_TESTS_BENCH_SEARCH_PEERS_H_
#define LENSCAP_TESTS_BENCH_SEARCH_PEERS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "fingerprint/hash256.h"

namespace lenscap {

// A hash's number in the list that was searched.
struct NumberedHit {
  size_t number = 0;
  int distance = 0;
  friend auto operator<=>(const NumberedHit&, const NumberedHit&) = default;
};

// Another way to find all hashes within a radius, in one thread.
class SearchPeer {
 public:
  virtual ~SearchPeer() = default;

  // Replaces `hits`, in no particular order.
  virtual void Search(const Hash256& hash, int radius,
                      std::vector<NumberedHit>* hits) const = 0;
};

// Compares one by one, word beside word, by the widest vectors that this
// machine has.
std::unique_ptr<SearchPeer> MakePlainScan(absl::Span<const Hash256> hashes);

// FAISS's own such scan, IndexBinaryFlat. Debian builds it for any x86-64,
// without the instruction that counts bits; the plain scan shows what it could
// be. To the other index here that makes little difference.
std::unique_ptr<SearchPeer> MakeFaissFlat(absl::Span<const Hash256> hashes);

// How FAISS's IndexBinaryMultiHash cuts a hash: `tables` runs of `bits`
// neighbouring bits, of which up to `flips` are flipped in a search.
struct MultiHashShape {
  int tables = 0;
  int bits = 0;
  int flips = 0;

  // Up to which radius every hash differs by at most `flips` in some run.
  constexpr int exact_radius() const { return tables * (flips + 1) - 1; }
};
std::unique_ptr<SearchPeer> MakeFaissMultiHash(absl::Span<const Hash256> hashes,
                                               const MultiHashShape& shape);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_BENCH_SEARCH_PEERS_H_
