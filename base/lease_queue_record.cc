#include "base/lease_queue_record.h"

#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

void PutNumber(std::string& out, int64_t number) {
  out += EncodeUint64(static_cast<uint64_t>(number));
}

void PutTime(std::string& out, absl::Time time) {
  PutNumber(out, absl::ToUnixMicros(time));
}

void PutString(std::string& out, absl::string_view bytes) {
  PutNumber(out, static_cast<int64_t>(bytes.size()));
  out.append(bytes.data(), bytes.size());
}

// The first number of a value says its format and, below, its state or kind;
// format 1 said nothing.
constexpr int64_t kFormat2 = 2 << 8;

// Times may be infinite where this is said.
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

void PutDue(std::string& out, absl::Time due) {
  PutNumber(out,
            due == absl::InfiniteFuture() ? kNever : absl::ToUnixMicros(due));
}

// Takes values off the front of `bytes`; `ok` turns false, for good, where
// there are too few.
struct Taker {
  absl::string_view bytes;
  bool ok = true;

  int64_t Number() {
    ok = ok && bytes.size() >= 8;
    if (!ok) return 0;
    const auto number = static_cast<int64_t>(DecodeUint64(bytes));
    bytes.remove_prefix(8);
    return number;
  }

  absl::Time Time() { return absl::FromUnixMicros(Number()); }

  std::string String() {
    const int64_t size = Number();
    ok = ok && size >= 0 && static_cast<uint64_t>(size) <= bytes.size();
    if (!ok) return "";
    std::string string(bytes.substr(0, size));
    bytes.remove_prefix(size);
    return string;
  }

  absl::Time Due() {
    const int64_t number = Number();
    return number == kNever ? absl::InfiniteFuture()
                            : absl::FromUnixMicros(number);
  }

  // A value of an enum whose values are 1 to `last`; `is_new` says whether the
  // rest is of format 2.
  template <typename Enum>
  Enum EnumUpTo(Enum last, bool& is_new) {
    int64_t number = Number();
    is_new = (number & ~int64_t{0xff}) == kFormat2;
    if (is_new) number &= 0xff;
    ok = ok && number >= 1 && number <= static_cast<int64_t>(last);
    return static_cast<Enum>(number);
  }

  absl::Status Finish(absl::string_view what, uint64_t sequence) const {
    if (ok && bytes.empty()) return absl::OkStatus();
    return absl::DataLossError(
        absl::StrCat("the queue's ", what, " ", sequence,
                     " is damaged: restore the data directory from a backup"));
  }
};

}  // namespace

std::string EncodeRecord(const LeaseRecord& record) {
  std::string out;
  PutNumber(out, kFormat2 | static_cast<int64_t>(record.state));
  PutNumber(out, record.priority);
  PutTime(out, record.submitted);
  PutTime(out, record.waiting_since);
  PutNumber(out, record.deliveries);
  PutTime(out, record.lease_end);
  PutTime(out, record.ended);
  PutString(out, record.id);
  PutString(out, record.holder);
  PutString(out, record.nonce);
  PutString(out, record.lane);
  PutDue(out, record.due);
  PutTime(out, record.leased_since);
  PutNumber(out, absl::ToInt64Microseconds(record.leased_for));
  PutNumber(out, record.set_aside ? 1 : 0);
  return out;
}

absl::StatusOr<LeaseRecord> DecodeRecord(uint64_t sequence,
                                         absl::string_view value) {
  Taker taker{value};
  LeaseRecord record;
  record.sequence = sequence;
  bool is_new = false;
  record.state = taker.EnumUpTo(LeaseQueue::State::kDead, is_new);
  record.priority = static_cast<int>(taker.Number());
  record.submitted = taker.Time();
  record.waiting_since = taker.Time();
  record.deliveries = static_cast<int>(taker.Number());
  record.lease_end = taker.Time();
  record.ended = taker.Time();
  record.id = taker.String();
  record.holder = taker.String();
  record.nonce = taker.String();
  if (is_new) {
    record.lane = taker.String();
    record.due = taker.Due();
    record.leased_since = taker.Time();
    record.leased_for = absl::Microseconds(taker.Number());
    record.set_aside = taker.Number() != 0;
  }
  RETURN_IF_ERROR(taker.Finish("record", sequence));
  return record;
}

std::string EncodeEvent(const LeaseQueue::Event& event) {
  std::string out;
  PutNumber(out, kFormat2 | static_cast<int64_t>(event.kind));
  PutTime(out, event.time);
  PutString(out, event.id);
  PutString(out, event.detail);
  return out;
}

absl::StatusOr<LeaseQueue::Event> DecodeEvent(uint64_t sequence,
                                              absl::string_view value) {
  Taker taker{value};
  LeaseQueue::Event event;
  event.sequence = sequence;
  bool is_new = false;
  event.kind = taker.EnumUpTo(LeaseQueue::EventKind::kRevised, is_new);
  event.time = taker.Time();
  event.id = taker.String();
  if (is_new) event.detail = taker.String();
  RETURN_IF_ERROR(taker.Finish("event", sequence));
  return event;
}

std::string Prefix(Keyspace keyspace) {
  return std::string(1, static_cast<char>(keyspace));
}

std::string Key(Keyspace keyspace, absl::string_view name) {
  return absl::StrCat(Prefix(keyspace), name);
}

std::string Key(Keyspace keyspace, uint64_t sequence) {
  return Prefix(keyspace) + EncodeUint64(sequence);
}

uint64_t SequenceOfKey(absl::string_view key) {
  return DecodeUint64(key.substr(1));
}

Keyspace EndedKeyspace(LeaseQueue::State state) {
  return state == LeaseQueue::State::kDead ? Keyspace::kDead
                                           : Keyspace::kSettled;
}

}  // namespace lenscap
