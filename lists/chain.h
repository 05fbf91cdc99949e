#ifndef LENSCAP_LISTS_CHAIN_H_
#define LENSCAP_LISTS_CHAIN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "lists/list_file.h"

namespace lenscap {

// How far the clocks of an issuer and of this machine may be apart.
inline constexpr absl::Duration kMaxClockSkew = absl::Minutes(5);

// The last version of a signed list that was accepted; version 0 where there is
// none yet.
struct ListHead {
  std::string list_id;
  std::string issuer;
  int64_t version = 0;
  Sha256 sha256 = {};                // Of its file.
  std::optional<absl::Time> issued;  // Where it is known.
};

enum class ChainStep {
  kNext,          // To be applied.
  kAlreadyThere,  // It is the head itself, byte for byte.
};

// Whether a list file with this envelope and digest comes next (the ideas are
// TUF's, of rollback and freeze attacks). Pure. Messages begin with the field
// concerned. FAILED_PRECONDITION where it does not fit the chain: of another
// list or issuer, an old version, another file as the head (a fork at its
// version), versions left out (a gap), or another one before it than the head
// (a fork before). INVALID_ARGUMENT where the clock refuses it: issued in the
// future or before the head, or expired.
absl::StatusOr<ChainStep> CheckChain(const ListEnvelope& envelope,
                                     const Sha256& file_sha256,
                                     const ListHead& head, absl::Time now);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_CHAIN_H_
