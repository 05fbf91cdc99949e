#include "base/lease_queue_store.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "rocksdb/iterator.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"

namespace lenscap {
namespace {

using State = LeaseQueue::State;

constexpr uint64_t kFormat = 2;

std::string FormatKey() { return Key(Keyspace::kMeta, "format"); }
std::string SequenceKey() { return Key(Keyspace::kMeta, "sequence"); }

bool HasEnded(const std::optional<LeaseRecord>& record) {
  return record &&
         (record->state == State::kSettled || record->state == State::kDead);
}

std::string EndedKey(const LeaseRecord& record) {
  return Key(EndedKeyspace(record.state), record.sequence);
}

void Forget(const LeaseRecord& record, rocksdb::WriteBatch& batch) {
  batch.Delete(Key(Keyspace::kSequenceOfId, record.id));
  batch.Delete(Key(Keyspace::kRecord, record.sequence));
  batch.Delete(Key(Keyspace::kPayload, record.sequence));
}

void Add(const LeaseStore::Step& step, rocksdb::WriteBatch& batch) {
  const auto& [before, after, payload, event, sides] = step;
  for (const LeaseQueue::SideWrite& side : sides) {
    if (side.value) {
      batch.Put(Key(Keyspace::kSide, side.key), *side.value);
    } else {
      batch.Delete(Key(Keyspace::kSide, side.key));
    }
  }
  if (!before && !after) return;
  if (event) {
    batch.Put(Key(Keyspace::kEvent, event->sequence), EncodeEvent(*event));
  }
  if (HasEnded(before)) batch.Delete(EndedKey(*before));
  if (!after) return Forget(*before, batch);
  if (!before) {
    batch.Put(Key(Keyspace::kSequenceOfId, after->id),
              EncodeUint64(after->sequence));
  }
  batch.Put(Key(Keyspace::kRecord, after->sequence), EncodeRecord(*after));
  if (payload) {
    batch.Put(Key(Keyspace::kPayload, after->sequence), ToSlice(*payload));
  }
  if (HasEnded(after)) batch.Put(EndedKey(*after), "");
}

bool IsIn(Keyspace keyspace, const rocksdb::Iterator& it) {
  return it.Valid() && absl::StartsWith(ToView(it.key()), Prefix(keyspace));
}

}  // namespace

absl::StatusOr<std::unique_ptr<LeaseStore>> LeaseStore::Open(
    const std::string& directory) {
  ASSIGN_OR_RETURN(auto db, OpenDatabase(directory));
  std::unique_ptr<LeaseStore> store(new LeaseStore(directory, std::move(db)));
  RETURN_IF_ERROR(store->CheckFormat());
  return store;
}

absl::Status LeaseStore::CheckFormat() {
  const auto format = Read(FormatKey(), nullptr);
  if (!format.ok() && !absl::IsNotFound(format.status())) {
    return format.status();
  }
  // Values of format 1 stay as they are until they are written again.
  if (!format.ok() || DecodeUint64(*format) == 1) {
    rocksdb::WriteBatch batch;
    batch.Put(FormatKey(), EncodeUint64(kFormat));
    return Commit(batch);
  }
  if (DecodeUint64(*format) == kFormat) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      directory_, " holds a queue of format ", DecodeUint64(*format),
      "; this program reads up to ", kFormat));
}

absl::Status LeaseStore::ForEachRecord(
    const std::function<absl::Status(const LeaseRecord&)>& visit,
    Moment moment) const {
  const auto it = Iterate(moment);
  for (it->Seek(Prefix(Keyspace::kRecord)); IsIn(Keyspace::kRecord, *it);
       it->Next()) {
    ASSIGN_OR_RETURN(
        const LeaseRecord record,
        DecodeRecord(SequenceOfKey(ToView(it->key())), ToView(it->value())));
    RETURN_IF_ERROR(visit(record));
  }
  return ToStatus(it->status(), absl::StrCat("reading the queue ", directory_));
}

absl::StatusOr<uint64_t> LeaseStore::LastSequence() const {
  uint64_t last = 0;
  const auto kept = Read(SequenceKey(), nullptr);
  if (kept.ok()) {
    last = DecodeUint64(*kept);
  } else if (!absl::IsNotFound(kept.status())) {
    return kept.status();
  }
  const auto it = Iterate(nullptr);
  for (const Keyspace keyspace : {Keyspace::kEvent, Keyspace::kRecord}) {
    it->SeekForPrev(Key(keyspace, ~uint64_t{0}));
    if (IsIn(keyspace, *it)) {
      last = std::max(last, SequenceOfKey(ToView(it->key())));
    }
  }
  RETURN_IF_ERROR(
      ToStatus(it->status(), absl::StrCat("reading the queue ", directory_)));
  return last;
}

rocksdb::ManagedSnapshot LeaseStore::Now() const {
  return rocksdb::ManagedSnapshot(db_.get());
}

absl::StatusOr<std::string> LeaseStore::Read(absl::string_view key,
                                             Moment moment) const {
  rocksdb::ReadOptions options;
  options.snapshot = moment;
  std::string value;
  RETURN_IF_ERROR(ToStatus(db_->Get(options, ToSlice(key), &value),
                           absl::StrCat("reading the queue ", directory_)));
  return value;
}

std::unique_ptr<rocksdb::Iterator> LeaseStore::Iterate(Moment moment) const {
  rocksdb::ReadOptions options;
  options.snapshot = moment;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options));
}

absl::StatusOr<uint64_t> LeaseStore::SequenceOf(absl::string_view id,
                                                Moment moment) const {
  ASSIGN_OR_RETURN(const std::string value,
                   Read(Key(Keyspace::kSequenceOfId, id), moment));
  return DecodeUint64(value);
}

absl::StatusOr<LeaseRecord> LeaseStore::ReadRecord(uint64_t sequence,
                                                   Moment moment) const {
  ASSIGN_OR_RETURN(const std::string value,
                   Read(Key(Keyspace::kRecord, sequence), moment));
  return DecodeRecord(sequence, value);
}

absl::StatusOr<std::string> LeaseStore::ReadPayload(uint64_t sequence,
                                                    Moment moment) const {
  return Read(Key(Keyspace::kPayload, sequence), moment);
}

absl::StatusOr<std::vector<uint64_t>> LeaseStore::Ended(State state,
                                                        uint64_t after,
                                                        size_t limit,
                                                        Moment moment) const {
  std::vector<uint64_t> sequences;
  const Keyspace keyspace = EndedKeyspace(state);
  const auto it = Iterate(moment);
  for (it->Seek(Key(keyspace, after));
       IsIn(keyspace, *it) && sequences.size() < limit; it->Next()) {
    const uint64_t sequence = SequenceOfKey(ToView(it->key()));
    if (sequence > after) sequences.push_back(sequence);
  }
  RETURN_IF_ERROR(
      ToStatus(it->status(), absl::StrCat("reading the queue ", directory_)));
  return sequences;
}

absl::StatusOr<std::vector<LeaseQueue::Event>> LeaseStore::Events(
    uint64_t after, uint64_t last, size_t limit) const {
  std::vector<LeaseQueue::Event> events;
  const auto it = Iterate(nullptr);
  for (it->Seek(Key(Keyspace::kEvent, after));
       IsIn(Keyspace::kEvent, *it) && events.size() < limit; it->Next()) {
    const uint64_t sequence = SequenceOfKey(ToView(it->key()));
    if (sequence <= after) continue;
    if (sequence > last) break;
    ASSIGN_OR_RETURN(LeaseQueue::Event event,
                     DecodeEvent(sequence, ToView(it->value())));
    events.push_back(std::move(event));
  }
  RETURN_IF_ERROR(
      ToStatus(it->status(), absl::StrCat("reading the queue ", directory_)));
  return events;
}

absl::StatusOr<std::string> LeaseStore::ReadSide(absl::string_view key,
                                                 Moment moment) const {
  return Read(Key(Keyspace::kSide, key), moment);
}

absl::Status LeaseStore::ForEachSide(absl::string_view prefix,
                                     absl::string_view after,
                                     const LeaseQueue::Sides::VisitSide& visit,
                                     Moment moment) const {
  const std::string within = Key(Keyspace::kSide, prefix);
  const auto it = Iterate(moment);
  for (it->Seek(std::max(within, Key(Keyspace::kSide, after)));
       it->Valid() && absl::StartsWith(ToView(it->key()), within); it->Next()) {
    const absl::string_view key = ToView(it->key()).substr(1);
    if (key <= after) continue;
    RETURN_IF_ERROR(visit(key, ToView(it->value())));
  }
  return ToStatus(it->status(), absl::StrCat("reading the queue ", directory_));
}

absl::Status LeaseStore::Commit(rocksdb::WriteBatch& batch) {
  return ToStatus(db_->Write(Synced(), &batch),
                  absl::StrCat("writing to the queue ", directory_));
}

absl::Status LeaseStore::Write(const std::vector<Step>& steps,
                               uint64_t last_sequence) {
  rocksdb::WriteBatch batch;
  for (const Step& step : steps) {
    Add(step, batch);
    if (!step.after) batch.Put(SequenceKey(), EncodeUint64(last_sequence));
  }
  return Commit(batch);
}

absl::Status LeaseStore::ForgetEvents(absl::Time before, uint64_t visible,
                                      uint64_t last_sequence) {
  uint64_t last = 0;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto events, Events(last, visible, 1000));
    const auto kept = std::find_if(
        events.begin(), events.end(),
        [&](const LeaseQueue::Event& event) { return event.time >= before; });
    if (kept != events.begin()) last = std::prev(kept)->sequence;
    more = !events.empty() && kept == events.end();
  }
  if (last == 0) return absl::OkStatus();
  rocksdb::WriteBatch batch;
  batch.DeleteRange(Prefix(Keyspace::kEvent), Key(Keyspace::kEvent, last + 1));
  batch.Put(SequenceKey(), EncodeUint64(last_sequence));
  return Commit(batch);
}

}  // namespace lenscap
