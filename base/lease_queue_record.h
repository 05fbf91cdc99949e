#ifndef LENSCAP_BASE_LEASE_QUEUE_RECORD_H_
#define LENSCAP_BASE_LEASE_QUEUE_RECORD_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/lease_queue.h"

namespace lenscap {

// What LeaseQueue keeps on disk: keys, and values as bytes. The format is
// described in lease_queue_format.md. Pure functions.

// An item without its payload. Times are whole microseconds.
struct LeaseRecord {
  uint64_t sequence = 0;  // Part of the key, not of the value.
  std::string id;
  LeaseQueue::State state = LeaseQueue::State::kWaiting;
  int priority = 0;
  absl::Time submitted;
  absl::Time waiting_since;  // When submitted or last reopened.
  int deliveries = 0;
  std::string holder;    // While leased.
  absl::Time lease_end;  // While leased.
  absl::Time ended;      // When settled or dead.
  std::string nonce;     // Of the token that leases or settled it; else empty.
  std::string lane;
  absl::Time due = absl::InfiniteFuture();
  absl::Time leased_since;    // While leased.
  absl::Duration leased_for;  // All finished leases together.
  bool set_aside = false;     // While leased.

  friend bool operator==(const LeaseRecord&, const LeaseRecord&) = default;
};

std::string EncodeRecord(const LeaseRecord& record);
// DATA_LOSS for what no version of EncodeRecord can have made.
absl::StatusOr<LeaseRecord> DecodeRecord(uint64_t sequence,
                                         absl::string_view value);

std::string EncodeEvent(const LeaseQueue::Event& event);
absl::StatusOr<LeaseQueue::Event> DecodeEvent(uint64_t sequence,
                                              absl::string_view value);

// The first byte of each key.
enum class Keyspace : char {
  kEvent = 'e',
  kSequenceOfId = 'i',
  kMeta = 'm',
  kPayload = 'p',
  kRecord = 'r',
  kSide = 'x',
  kSettled = 's',
  kDead = 'd',
};

std::string Prefix(Keyspace keyspace);
std::string Key(Keyspace keyspace, absl::string_view name);
std::string Key(Keyspace keyspace, uint64_t sequence);
// The sequence at the end of a key that has one.
uint64_t SequenceOfKey(absl::string_view key);

// Where the ended items in `state`, which is kSettled or kDead, are listed.
Keyspace EndedKeyspace(LeaseQueue::State state);

}  // namespace lenscap

#endif  // LENSCAP_BASE_LEASE_QUEUE_RECORD_H_
