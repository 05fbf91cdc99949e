#include "takedown/exposure_ledger.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr char kDayPrefix[] = "X";
constexpr size_t kSecondBytes = 8;
constexpr int64_t kMaxSecond = int64_t{1} << 32;

uint64_t DayOf(absl::Time time) {
  return static_cast<uint64_t>(absl::ToUnixSeconds(time) / (24 * 60 * 60));
}

std::string ReviewerKey(absl::Time now, absl::string_view reviewer) {
  return absl::StrCat(kDayPrefix, EncodeUint64(DayOf(now)),
                      ToBytes(Sha256Of(reviewer)));
}

std::set<int64_t> DecodeSeconds(absl::string_view bytes) {
  std::set<int64_t> seconds;
  for (; bytes.size() >= kSecondBytes; bytes.remove_prefix(kSecondBytes)) {
    seconds.insert(static_cast<int64_t>(DecodeUint64(bytes)));
  }
  return seconds;
}

std::string EncodeSeconds(const std::set<int64_t>& seconds) {
  std::string bytes;
  for (const int64_t second : seconds) {
    absl::StrAppend(&bytes, EncodeUint64(static_cast<uint64_t>(second)));
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ExposureLedger>> ExposureLedger::Open(
    Options options) {
  ASSIGN_OR_RETURN(auto db, OpenDatabase(options.directory));
  return std::unique_ptr<ExposureLedger>(
      new ExposureLedger(std::move(options), std::move(db)));
}

ExposureLedger::ExposureLedger(Options options, std::unique_ptr<rocksdb::DB> db)
    : options_(std::move(options)), db_(std::move(db)) {}

ExposureLedger::~ExposureLedger() = default;

absl::StatusOr<int64_t> ExposureLedger::SecondsOf(
    absl::string_view prefix) const {
  int64_t seconds = 0;
  const std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions()));
  for (it->Seek(ToSlice(prefix));
       it->Valid() && it->key().starts_with(ToSlice(prefix)); it->Next()) {
    seconds += static_cast<int64_t>(it->value().size() / kSecondBytes);
  }
  RETURN_IF_ERROR(
      ToStatus(it->status(), absl::StrCat("reading ", options_.directory)));
  return seconds;
}

absl::StatusOr<absl::Duration> ExposureLedger::Charge(
    absl::string_view reviewer, absl::string_view footage,
    absl::Span<const int64_t> seconds, absl::Duration budget) {
  const std::lock_guard lock(charging_);
  const std::string prefix = ReviewerKey(options_.clock->Now(), reviewer);
  const std::string key = absl::StrCat(prefix, ToBytes(Sha256Of(footage)));
  std::string value;
  const absl::Status read =
      ToStatus(db_->Get(rocksdb::ReadOptions(), key, &value),
               absl::StrCat("reading ", options_.directory));
  if (!read.ok() && !absl::IsNotFound(read)) return read;
  std::set<int64_t> shown = DecodeSeconds(value);
  const size_t before = shown.size();
  for (const int64_t second : seconds) {
    if (second < 0 || second >= kMaxSecond) {
      return absl::InvalidArgumentError(
          absl::StrCat("seconds: ", second, " is in no footage"));
    }
    shown.insert(second);
  }
  ASSIGN_OR_RETURN(const int64_t charged, SecondsOf(prefix));
  const auto more = static_cast<int64_t>(shown.size() - before);
  const absl::Duration total = absl::Seconds(charged + more);
  if (more == 0) return total;
  if (total > budget) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the day's budget is ", absl::FormatDuration(budget),
        " of footage, of which ", absl::FormatDuration(absl::Seconds(charged)),
        " were shown; these stills would add ",
        absl::FormatDuration(absl::Seconds(more)),
        ". The next day begins at 00:00 UTC"));
  }
  RETURN_IF_ERROR(ToStatus(db_->Put(Synced(), key, EncodeSeconds(shown)),
                           absl::StrCat("writing to ", options_.directory)));
  return total;
}

absl::StatusOr<absl::Duration> ExposureLedger::Today(
    absl::string_view reviewer) const {
  ASSIGN_OR_RETURN(const int64_t seconds,
                   SecondsOf(ReviewerKey(options_.clock->Now(), reviewer)));
  return absl::Seconds(seconds);
}

absl::Status ExposureLedger::Purge(absl::Time before) {
  return ToStatus(
      db_->DeleteRange(rocksdb::WriteOptions(), db_->DefaultColumnFamily(),
                       kDayPrefix,
                       absl::StrCat(kDayPrefix, EncodeUint64(DayOf(before)))),
      absl::StrCat("writing to ", options_.directory));
}

}  // namespace lenscap
