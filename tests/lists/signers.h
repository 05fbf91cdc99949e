#ifndef LENSCAP_TESTS_LISTS_SIGNERS_H_
#define LENSCAP_TESTS_LISTS_SIGNERS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/ed25519.h"
#include "lists/issuer_keys.h"

namespace lenscap {

// Keys, key sets and signatures for tests. Aborts where something fails.

// The same for the same number. 0 and 1 are those of tests/data/lists.
Ed25519PrivateKey SomeKey(int number);

IssuerKeys SomeKeySet(const std::string& issuer, int64_t version, int threshold,
                      const std::vector<int>& keys);

std::string Document(const IssuerKeys& keys);

// A detached JWS by these keys.
std::string SignedBy(const std::vector<int>& keys, const std::string& payload);

// When all of these are in force.
inline const absl::Time kSomeTime = absl::FromUnixSeconds(1'770'000'000);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_LISTS_SIGNERS_H_
