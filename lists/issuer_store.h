#ifndef LENSCAP_LISTS_ISSUER_STORE_H_
#define LENSCAP_LISTS_ISSUER_STORE_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "lists/issuer_keys.h"

namespace lenscap {

// The issuers that this installation trusts, in a directory of one file each,
// SHA-256(issuer).json: a line of JSON {"format":"lenscap-issuer/1","issuer",
// "key_sets":[{"document","jws"},...] oldest first and as they came,
// "revoked":[{"kid","revoked","reason"}...] by hand}. A file is replaced
// whole and durably, so a crash leaves the old or the new one. Thread-safe; one
// process at a time.
class IssuerStore {
 public:
  // Makes the directory where there is none. DATA_LOSS for a file that is not
  // as it was written. `clock` must outlive the store.
  static absl::StatusOr<std::unique_ptr<IssuerStore>> Open(
      std::string directory, const Clock* clock);

  // Who may sign now: the newest key set, without the keys that any version or
  // an operator has revoked; those are all in `revoked`. NOT_FOUND.
  absl::StatusOr<IssuerKeys> Get(absl::string_view issuer) const;
  // Of all issuers, by name.
  std::vector<IssuerKeys> List() const;

  // As it came, with its signatures.
  struct KeySet {
    std::string document;
    std::string jws;
  };
  // Oldest first. NOT_FOUND.
  absl::StatusOr<std::vector<KeySet>> History(absl::string_view issuer) const;

  // Trusts a key set because an operator says so. It must be signed by its own
  // keys, and may be of any version that is greater than one that is there:
  // this is how an issuer that lost its keys goes on. ALREADY_EXISTS;
  // RESOURCE_EXHAUSTED where there are 500, or 16 MiB of them; errors of
  // CheckKeySet.
  absl::StatusOr<IssuerKeys> Install(const KeySet& key_set);
  // Trusts a key set because the one before says so. NOT_FOUND;
  // RESOURCE_EXHAUSTED as above; errors of CheckNextKeySet.
  absl::StatusOr<IssuerKeys> Rotate(const KeySet& key_set);
  // Trusts a key no more, whatever the issuer says. NOT_FOUND for a key that is
  // not among those that may sign; INVALID_ARGUMENT for the reason.
  absl::Status Revoke(absl::string_view issuer, absl::string_view key_id,
                      absl::string_view reason);

 private:
  struct Revocation {
    std::string key_id;
    absl::Time revoked;
    std::string reason;
  };
  struct Record {
    std::vector<KeySet> key_sets;
    std::vector<IssuerKeys> versions;  // The same, parsed.
    std::vector<Revocation> revoked;   // By hand.
  };

  IssuerStore(std::string directory, const Clock* clock)
      : directory_(std::move(directory)), clock_(clock) {}

  static IssuerKeys InForce(const Record& record);
  static absl::StatusOr<std::string> Format(const Record& record);
  static absl::StatusOr<Record> Parse(absl::string_view text);
  std::string PathOf(absl::string_view issuer) const;
  absl::Status Load();
  // Adds a key set that was checked, where there is room.
  absl::StatusOr<IssuerKeys> Add(Record record, const KeySet& key_set,
                                 IssuerKeys keys);
  // The file first, then the memory.
  absl::Status Replace(const std::string& issuer, Record record);

  const std::string directory_;
  const Clock* const clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Record, std::less<>> records_;  // Guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_LISTS_ISSUER_STORE_H_
