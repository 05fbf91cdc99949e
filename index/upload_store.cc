#include "index/upload_store.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "rocksdb/iterator.h"
#include "rocksdb/write_batch.h"

namespace lenscap {
namespace {

// The keys; index/UPLOADS.md documents them.
constexpr uint64_t kFormat = 1;
constexpr char kFormatKey[] = "V";
constexpr char kTotalsKey[] = "S";
constexpr char kCursorKey[] = "M";
constexpr char kUploadPrefix[] = "U";
constexpr char kFingerprintPrefix[] = "F";
constexpr char kContentPrefix[] = "C";

constexpr size_t kMaxFingerprintBytes = 64 << 20;
constexpr int kRemovedAtATime = 64;
constexpr uint64_t kNoEnd = std::numeric_limits<uint64_t>::max();

std::string UploadKey(uint64_t sequence) {
  return absl::StrCat(kUploadPrefix, EncodeUint64(sequence));
}
std::string FingerprintKey(uint64_t sequence) {
  return absl::StrCat(kFingerprintPrefix, EncodeUint64(sequence));
}
std::string ContentKey(absl::string_view content_id) {
  return absl::StrCat(kContentPrefix, content_id);
}

std::string EncodeNumbers(std::initializer_list<uint64_t> numbers) {
  std::string bytes;
  for (const uint64_t number : numbers) bytes += EncodeUint64(number);
  return bytes;
}

// The whole fingerprint, or without its parts where those take too much.
absl::StatusOr<std::string> EncodeBounded(const UploadFingerprint& upload) {
  std::string bytes = EncodeFingerprint(upload);
  if (bytes.size() <= kMaxFingerprintBytes) return bytes;
  UploadFingerprint whole;
  whole.digests = upload.digests;
  whole.duration = upload.duration;
  whole.frames = upload.frames;
  bytes = EncodeFingerprint(whole);
  if (bytes.size() <= kMaxFingerprintBytes) return bytes;
  return absl::ResourceExhaustedError(
      absl::StrCat("a fingerprint of ", bytes.size(), " bytes is not kept"));
}

int64_t BytesOf(const KeptUpload& upload) {
  return static_cast<int64_t>(EncodeKeptUpload(upload).size()) +
         upload.fingerprint_bytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<UploadStore>> UploadStore::Open(
    Options options) {
  ASSIGN_OR_RETURN(auto db, OpenDatabase(options.directory));
  auto store = std::unique_ptr<UploadStore>(
      new UploadStore(std::move(options), std::move(db)));
  RETURN_IF_ERROR(store->Load());
  return store;
}

UploadStore::UploadStore(Options options, std::unique_ptr<rocksdb::DB> db)
    : options_(std::move(options)), db_(std::move(db)) {}

UploadStore::~UploadStore() = default;

absl::Status UploadStore::Load() {
  const auto version = Get(kFormatKey);
  if (absl::IsNotFound(version.status())) {
    rocksdb::WriteBatch batch;
    batch.Put(kFormatKey, EncodeUint64(kFormat));
    return Write(&batch, totals_);
  }
  RETURN_IF_ERROR(version.status());
  const uint64_t number = DecodeUint64(*version);
  if (number > kFormat) {
    return absl::FailedPreconditionError(absl::StrCat(
        options_.directory, " has format ", number,
        ", written by a newer version of this program, which knows format ",
        kFormat));
  }
  ASSIGN_OR_RETURN(const std::string bytes, Get(kTotalsKey));
  if (number != kFormat || bytes.size() != 5 * 8) {
    return At(kTotalsKey, absl::DataLossError("it is no record of totals"));
  }
  const auto word = [&](int k) {
    return DecodeUint64(absl::string_view(bytes).substr(8 * k));
  };
  totals_ = {.next = word(0),
             .first = word(1),
             .size = {.uploads = static_cast<int64_t>(word(2)),
                      .bytes = static_cast<int64_t>(word(3))},
             .latest = absl::FromUnixMicros(static_cast<int64_t>(word(4)))};
  return absl::OkStatus();
}

absl::Status UploadStore::At(absl::string_view key,
                             const absl::Status& status) const {
  return absl::Status(
      status.code(),
      absl::StrCat(options_.directory, ": record \"", absl::CEscape(key),
                   "\": ", status.message()));
}

absl::StatusOr<std::string> UploadStore::Get(absl::string_view key) const {
  std::string value;
  RETURN_IF_ERROR(
      ToStatus(db_->Get(rocksdb::ReadOptions(), ToSlice(key), &value),
               absl::StrCat("reading ", options_.directory)));
  return value;
}

absl::StatusOr<KeptUpload> UploadStore::GetUpload(uint64_t sequence) const {
  const std::string key = UploadKey(sequence);
  ASSIGN_OR_RETURN(const std::string bytes, Get(key));
  auto upload = DecodeKeptUpload(sequence, bytes);
  if (!upload.ok()) return At(key, upload.status());
  return upload;
}

absl::StatusOr<UploadFingerprint> UploadStore::Fingerprint(
    uint64_t sequence) const {
  const std::string key = FingerprintKey(sequence);
  ASSIGN_OR_RETURN(const std::string bytes, Get(key));
  auto fingerprint = DecodeFingerprint(bytes);
  if (!fingerprint.ok()) return At(key, fingerprint.status());
  return fingerprint;
}

absl::Status UploadStore::Write(rocksdb::WriteBatch* batch,
                                const Totals& totals) {
  batch->Put(kTotalsKey,
             EncodeNumbers(
                 {totals.next, totals.first,
                  static_cast<uint64_t>(totals.size.uploads),
                  static_cast<uint64_t>(totals.size.bytes),
                  static_cast<uint64_t>(absl::ToUnixMicros(totals.latest))}));
  // Not synced: see the class.
  RETURN_IF_ERROR(ToStatus(db_->Write(rocksdb::WriteOptions(), batch),
                           absl::StrCat("writing to ", options_.directory)));
  std::lock_guard lock(mutex_);
  totals_ = totals;
  return absl::OkStatus();
}

void UploadStore::Remove(const KeptUpload& upload, rocksdb::WriteBatch* batch,
                         Totals* totals) const {
  batch->Delete(UploadKey(upload.sequence));
  batch->Delete(FingerprintKey(upload.sequence));
  batch->Delete(ContentKey(upload.content_id));
  --totals->size.uploads;
  totals->size.bytes -= BytesOf(upload);
}

absl::StatusOr<uint64_t> UploadStore::Keep(
    KeptUpload upload, const UploadFingerprint& fingerprint) {
  ASSIGN_OR_RETURN(const std::string bytes, EncodeBounded(fingerprint));
  const std::lock_guard writing(writing_);
  Totals totals = totals_;
  rocksdb::WriteBatch batch;
  const std::string content_key = ContentKey(upload.content_id);
  const auto before = Get(content_key);
  if (before.ok()) {
    const auto replaced = GetUpload(DecodeUint64(*before));
    if (replaced.ok()) Remove(*replaced, &batch, &totals);
  } else if (!absl::IsNotFound(before.status())) {
    return before.status();
  }
  // Times go with sequences even if somebody sets the clock back.
  totals.latest = std::max(totals.latest, options_.clock->Now());
  upload.sequence = totals.next++;
  upload.kept = totals.latest;
  upload.fingerprint_bytes = static_cast<int64_t>(bytes.size());
  ++totals.size.uploads;
  totals.size.bytes += BytesOf(upload);
  batch.Put(UploadKey(upload.sequence), EncodeKeptUpload(upload));
  batch.Put(FingerprintKey(upload.sequence), bytes);
  batch.Put(content_key, EncodeUint64(upload.sequence));
  RETURN_IF_ERROR(Write(&batch, totals));
  RETURN_IF_ERROR(RemoveOldest(absl::InfinitePast()).status());
  return upload.sequence;
}

absl::Status UploadStore::SetCase(uint64_t sequence, v1::Action action,
                                  absl::string_view case_id) {
  const std::lock_guard writing(writing_);
  auto upload = GetUpload(sequence);
  if (absl::IsNotFound(upload.status())) return absl::OkStatus();
  RETURN_IF_ERROR(upload.status());
  Totals totals = totals_;
  totals.size.bytes -= BytesOf(*upload);
  upload->action = action;
  upload->case_id = std::string(case_id);
  totals.size.bytes += BytesOf(*upload);
  rocksdb::WriteBatch batch;
  batch.Put(UploadKey(sequence), EncodeKeptUpload(*upload));
  return Write(&batch, totals);
}

absl::StatusOr<KeptUpload> UploadStore::Find(
    absl::string_view content_id) const {
  ASSIGN_OR_RETURN(const std::string sequence, Get(ContentKey(content_id)));
  return GetUpload(DecodeUint64(sequence));
}

absl::StatusOr<std::vector<KeptUpload>> UploadStore::List(uint64_t first,
                                                          uint64_t end,
                                                          int limit) const {
  std::vector<KeptUpload> uploads;
  const std::unique_ptr<rocksdb::Iterator> record(
      db_->NewIterator(rocksdb::ReadOptions()));
  {
    // Past what was removed, which is slow to skip.
    std::lock_guard lock(mutex_);
    first = std::max(first, totals_.first);
  }
  for (record->Seek(UploadKey(first));
       record->Valid() && record->key().starts_with(kUploadPrefix) &&
       std::ssize(uploads) < limit;
       record->Next()) {
    const absl::string_view key = ToView(record->key());
    const uint64_t sequence = DecodeUint64(key.substr(1));
    if (sequence >= end) break;
    auto upload = DecodeKeptUpload(sequence, ToView(record->value()));
    if (upload.ok()) uploads.push_back(*std::move(upload));
  }
  RETURN_IF_ERROR(
      ToStatus(record->status(), absl::StrCat("reading ", options_.directory)));
  return uploads;
}

absl::StatusOr<std::vector<KeptUpload>> UploadStore::ListNewest(
    uint64_t end, int limit) const {
  std::vector<KeptUpload> uploads;
  if (end == 0) return uploads;
  const std::unique_ptr<rocksdb::Iterator> record(
      db_->NewIterator(rocksdb::ReadOptions()));
  for (record->SeekForPrev(UploadKey(end - 1));
       record->Valid() && record->key().starts_with(kUploadPrefix) &&
       std::ssize(uploads) < limit;
       record->Prev()) {
    const absl::string_view key = ToView(record->key());
    auto upload =
        DecodeKeptUpload(DecodeUint64(key.substr(1)), ToView(record->value()));
    if (upload.ok()) uploads.push_back(*std::move(upload));
  }
  RETURN_IF_ERROR(
      ToStatus(record->status(), absl::StrCat("reading ", options_.directory)));
  return uploads;
}

absl::StatusOr<int64_t> UploadStore::RemoveOldest(absl::Time before) {
  int64_t removed = 0;
  while (true) {
    Totals totals = totals_;
    const auto too_many = [&] {
      return totals.size.uploads > options_.max_uploads ||
             totals.size.bytes > options_.max_bytes;
    };
    if (before == absl::InfinitePast() && !too_many()) return removed;
    ASSIGN_OR_RETURN(const std::vector<KeptUpload> oldest,
                     List(totals.first, kNoEnd, kRemovedAtATime));
    rocksdb::WriteBatch batch;
    for (const KeptUpload& upload : oldest) {
      if (!too_many() && upload.kept >= before) break;
      Remove(upload, &batch, &totals);
      totals.first = upload.sequence + 1;
    }
    const int64_t fewer = totals_.size.uploads - totals.size.uploads;
    if (fewer == 0) return removed;
    RETURN_IF_ERROR(Write(&batch, totals));
    removed += fewer;
  }
}

absl::StatusOr<int64_t> UploadStore::Purge() {
  const std::lock_guard writing(writing_);
  return RemoveOldest(options_.clock->Now() - options_.keep);
}

uint64_t UploadStore::NextSequence() const {
  std::lock_guard lock(mutex_);
  return totals_.next;
}

UploadStore::Size UploadStore::size() const {
  std::lock_guard lock(mutex_);
  return totals_.size;
}

absl::StatusOr<RetroCursor> UploadStore::Cursor() const {
  const auto bytes = Get(kCursorKey);
  if (absl::IsNotFound(bytes.status())) return RetroCursor();
  RETURN_IF_ERROR(bytes.status());
  if (bytes->size() != 4 * 8) {
    return At(kCursorKey, absl::DataLossError("it is no cursor"));
  }
  const auto word = [&](int k) {
    return DecodeUint64(absl::string_view(*bytes).substr(8 * k));
  };
  return RetroCursor{.clips = word(0),
                     .uploads = word(1),
                     .pass_clips = word(2),
                     .pass_uploads = word(3)};
}

absl::Status UploadStore::SetCursor(const RetroCursor& cursor) {
  return ToStatus(
      db_->Put(rocksdb::WriteOptions(), kCursorKey,
               EncodeNumbers({cursor.clips, cursor.uploads, cursor.pass_clips,
                              cursor.pass_uploads})),
      absl::StrCat("writing to ", options_.directory));
}

}  // namespace lenscap
