#ifndef LENSCAP_TESTS_SERVICES_ISSUED_LIST_H_
#define LENSCAP_TESTS_SERVICES_ISSUED_LIST_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "index/list_update.h"
#include "lists/issuer_store.h"
#include "lists/list_file.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "tests/lists/signers.h"
#include "tests/services/client.h"

namespace lenscap {

inline constexpr char kIssuer[] = "Example Hotline";
inline constexpr auto kSnapshot = ListEnvelope::Kind::kSnapshot;
inline constexpr auto kDelta = ListEnvelope::Kind::kDelta;

// Whose signatures count for a year: two of the keys 2, 3 and 4.
IssuerStore::KeySet KeysOfIssuer(absl::Time now = kSomeTime);

// A list's versions, as its issuer makes them, signed by keys 2 and 3. Aborts
// where something fails.
class IssuedList {
 public:
  // Issued now, and in force for 300 days.
  explicit IssuedList(std::string list_id, absl::Time now = kSomeTime);

  struct File {
    std::string bytes;
    std::string signatures;
  };
  // What the next version says; its number and the like are set by Next.
  ListEnvelope& envelope() { return envelope_; }

  File Next(ListEnvelope::Kind kind, const std::vector<EntryChange>& changes);

 private:
  // Keeps the content that a reader of the file will find.
  void Follow(const EntryChange& change);

  std::string directory_;
  std::map<std::string, Sha256> digests_;
  ListEnvelope envelope_;
};

// A confirmed clip.
EntryChange Add(const std::string& id, std::vector<ReferenceFrame> frames);
EntryChange Withdraw(const std::string& id);

// One whole call, with what the server answered.
absl::StatusOr<v1::PublishSignedReply> PublishSigned(
    const ChannelPtr& channel, const IssuedList::File& file,
    bool dry_run = false);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_ISSUED_LIST_H_
