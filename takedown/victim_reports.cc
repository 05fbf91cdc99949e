#include "takedown/victim_reports.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/aead.h"
#include "base/base64url.h"
#include "base/digest.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "rocksdb/write_batch.h"
#include "takedown/case_record.h"
#include "takedown/victim_report_record.pb.h"

namespace lenscap {
namespace {

constexpr char kFormatKey[] = "F";
constexpr uint64_t kFormat = 1;
constexpr char kReportPrefix[] = "R";
constexpr char kFootagePrefix[] = "P";
constexpr char kStatePrefix[] = "Q";
constexpr char kPendingPrefix[] = "W";

using State = v1::VictimReport::State;

std::string ReportKey(absl::string_view id) {
  return absl::StrCat(kReportPrefix, id);
}
std::string FootageKey(absl::string_view id) {
  return absl::StrCat(kFootagePrefix, id);
}
std::string PendingKey(absl::string_view id) {
  return absl::StrCat(kPendingPrefix, id);
}
std::string StatesKey(State state) {
  return absl::StrCat(kStatePrefix, EncodeUint64(state));
}
absl::Time TimeFrom(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}
std::string StateKey(const takedown::VictimReportRecord& record) {
  return absl::StrCat(
      StatesKey(record.state()),
      EncodeUint64(absl::ToUnixMicros(TimeFrom(record.received()))),
      record.report_id());
}

template <size_t n>
std::array<uint8_t, n> RandomBytes() {
  std::array<uint8_t, n> bytes;
  // OpenSSL fails here only when the system has no random numbers.
  if (RAND_bytes(bytes.data(), n) != 1) std::abort();
  return bytes;
}

absl::Status NoSuchReport() {
  return absl::NotFoundError("report_id: there is no such report");
}

}  // namespace

absl::StatusOr<std::unique_ptr<VictimReports>> VictimReports::Open(
    Options options) {
  ASSIGN_OR_RETURN(auto db, OpenDatabase(options.directory));
  ASSIGN_OR_RETURN(auto keys, KeyFile::Open(options.key_file));
  auto reports = std::unique_ptr<VictimReports>(
      new VictimReports(std::move(options), std::move(keys), std::move(db)));
  RETURN_IF_ERROR(reports->Load());
  return reports;
}

VictimReports::VictimReports(Options options, std::unique_ptr<KeyFile> keys,
                             std::unique_ptr<rocksdb::DB> db)
    : options_(std::move(options)),
      keys_(std::move(keys)),
      db_(std::move(db)) {}

VictimReports::~VictimReports() = default;

absl::Status VictimReports::Load() {
  std::string version;
  const absl::Status read =
      ToStatus(db_->Get(rocksdb::ReadOptions(), kFormatKey, &version),
               absl::StrCat("reading ", options_.directory));
  if (absl::IsNotFound(read)) {
    rocksdb::WriteBatch batch;
    batch.Put(kFormatKey, EncodeUint64(kFormat));
    return Write(&batch);
  }
  RETURN_IF_ERROR(read);
  if (DecodeUint64(version) != kFormat) {
    return absl::FailedPreconditionError(
        absl::StrCat(options_.directory, " has format ", DecodeUint64(version),
                     "; this program knows format ", kFormat));
  }
  // Keys without a report and reports without a key are what crashes have left
  // of submissions and removals.
  std::vector<std::string> ids, keyless;
  const std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions()));
  for (it->Seek(kReportPrefix);
       it->Valid() && it->key().starts_with(kReportPrefix); it->Next()) {
    std::string id(ToView(it->key()).substr(1));
    const bool has_key = keys_->Get(id).ok();
    (has_key ? ids : keyless).push_back(std::move(id));
  }
  for (const std::string& id : keyless) {
    ASSIGN_OR_RETURN(const Record record, GetRecord(id));
    RETURN_IF_ERROR(Remove(record));
  }
  const std::string waiting = StatesKey(v1::VictimReport::STATE_WAITING);
  const std::unique_ptr<rocksdb::Iterator> counted(
      db_->NewIterator(rocksdb::ReadOptions()));
  for (counted->Seek(waiting);
       counted->Valid() && counted->key().starts_with(waiting);
       counted->Next()) {
    ++waiting_;
  }
  RETURN_IF_ERROR(ToStatus(it->status().ok() ? counted->status() : it->status(),
                           absl::StrCat("reading ", options_.directory)));
  return keys_->DestroyAllBut(ids);
}

absl::Status VictimReports::Write(rocksdb::WriteBatch* batch) {
  return ToStatus(db_->Write(Synced(), batch),
                  absl::StrCat("writing to ", options_.directory));
}

absl::StatusOr<VictimReports::Record> VictimReports::GetRecord(
    absl::string_view report_id) const {
  std::string value;
  const absl::Status read =
      ToStatus(db_->Get(rocksdb::ReadOptions(), ReportKey(report_id), &value),
               absl::StrCat("reading ", options_.directory));
  if (absl::IsNotFound(read)) return NoSuchReport();
  RETURN_IF_ERROR(read);
  Record record;
  if (record.ParseFromString(value) && record.report_id() == report_id) {
    return record;
  }
  return absl::DataLossError(
      absl::StrCat(options_.directory, ": ", report_id, " is damaged"));
}

absl::StatusOr<v1::VictimReport> VictimReports::Unseal(
    const Record& record) const {
  ASSIGN_OR_RETURN(const AeadKey key, keys_->Get(record.report_id()));
  ASSIGN_OR_RETURN(std::string text,
                   key.Open(record.sealed(), ReportKey(record.report_id())));
  v1::VictimReport report;
  const bool parsed = report.ParseFromString(text);
  OPENSSL_cleanse(text.data(), text.size());
  if (!parsed) return absl::DataLossError("a sealed report is no report");
  return report;
}

absl::Status VictimReports::Put(const v1::VictimReport& report, Record& record,
                                rocksdb::WriteBatch& batch) const {
  ASSIGN_OR_RETURN(const AeadKey key, keys_->Get(record.report_id()));
  std::string text = report.SerializeAsString();
  record.set_state(report.state());
  record.set_sealed(key.Seal(text, ReportKey(record.report_id())));
  OPENSSL_cleanse(text.data(), text.size());
  batch.Put(ReportKey(record.report_id()), record.SerializeAsString());
  batch.Put(StateKey(record), "");
  if (record.submission_pending() || record.answer_pending()) {
    batch.Put(PendingKey(record.report_id()), "");
  } else {
    batch.Delete(PendingKey(record.report_id()));
  }
  return absl::OkStatus();
}

absl::StatusOr<VictimReports::Submitted> VictimReports::Submit(
    v1::VictimReport report, absl::string_view footage) {
  Submitted submitted = {
      .report_id = absl::StrCat("report-", ToHex(RandomBytes<16>())),
      .receipt = ToBase64Url(ToBytes(RandomBytes<32>()))};
  const std::lock_guard lock(writing_);
  if (waiting_ >= options_.max_waiting) {
    return absl::ResourceExhaustedError(absl::StrCat(
        options_.max_waiting, " reports wait for an answer, as many as may"));
  }
  ASSIGN_OR_RETURN(const AeadKey key, keys_->Make(submitted.report_id));
  latest_ = std::max(latest_, options_.clock->Now());
  Record record;
  record.set_report_id(submitted.report_id);
  *record.mutable_received() = ToTimestamp(latest_);
  record.set_receipt_sha256(ToBytes(Sha256Of(submitted.receipt)));
  record.set_submission_pending(true);
  record.set_has_footage(!footage.empty());
  report.set_report_id(submitted.report_id);
  report.set_state(v1::VictimReport::STATE_WAITING);
  *report.mutable_received() = record.received();
  rocksdb::WriteBatch batch;
  RETURN_IF_ERROR(Put(report, record, batch));
  if (!footage.empty()) {
    const std::string place = FootageKey(submitted.report_id);
    batch.Put(place, key.Seal(footage, place));
  }
  RETURN_IF_ERROR(Write(&batch));
  ++waiting_;
  return submitted;
}

absl::StatusOr<v1::VictimReport> VictimReports::Get(
    absl::string_view report_id) const {
  ASSIGN_OR_RETURN(const Record record, GetRecord(report_id));
  return Unseal(record);
}

absl::StatusOr<v1::VictimReport> VictimReports::GetByReceipt(
    absl::string_view report_id, absl::string_view receipt) const {
  ASSIGN_OR_RETURN(const Record record, GetRecord(report_id));
  const Sha256 digest = Sha256Of(receipt);
  if (record.receipt_sha256().size() != digest.size() ||
      CRYPTO_memcmp(record.receipt_sha256().data(), digest.data(),
                    digest.size()) != 0) {
    return NoSuchReport();
  }
  return Unseal(record);
}

absl::StatusOr<std::string> VictimReports::Footage(
    absl::string_view report_id) const {
  ASSIGN_OR_RETURN(const Record record, GetRecord(report_id));
  if (!record.has_footage()) {
    return absl::NotFoundError(absl::StrCat(report_id, " has no footage"));
  }
  const std::string place = FootageKey(report_id);
  std::string sealed;
  RETURN_IF_ERROR(ToStatus(db_->Get(rocksdb::ReadOptions(), place, &sealed),
                           absl::StrCat("reading ", options_.directory)));
  ASSIGN_OR_RETURN(const AeadKey key, keys_->Get(report_id));
  return key.Open(sealed, place);
}

absl::StatusOr<VictimReports::Page> VictimReports::List(State state,
                                                        absl::string_view after,
                                                        int limit) const {
  Page page;
  const std::string states = StatesKey(state);
  std::string cursor;
  if (!after.empty() && !absl::WebSafeBase64Unescape(after, &cursor)) {
    return absl::InvalidArgumentError("page_token: it is none of ours");
  }
  const std::string start = absl::StrCat(states, cursor);
  const std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions()));
  it->Seek(start);
  if (!after.empty() && it->Valid() && ToView(it->key()) == start) it->Next();
  for (; it->Valid() && it->key().starts_with(states); it->Next()) {
    if (std::ssize(page.reports) == limit) {
      page.next = absl::WebSafeBase64Escape(cursor);
      break;
    }
    cursor = std::string(ToView(it->key()).substr(states.size()));
    const auto report = Get(absl::string_view(cursor).substr(8));
    if (absl::IsNotFound(report.status())) continue;  // It was purged just now.
    RETURN_IF_ERROR(report.status());
    page.reports.push_back(*report);
  }
  RETURN_IF_ERROR(
      ToStatus(it->status(), absl::StrCat("reading ", options_.directory)));
  return page;
}

absl::StatusOr<v1::VictimReport> VictimReports::Update(
    absl::string_view report_id, const Change& change) {
  const std::lock_guard lock(writing_);
  ASSIGN_OR_RETURN(Record record, GetRecord(report_id));
  ASSIGN_OR_RETURN(v1::VictimReport report, Unseal(record));
  const State before = record.state();
  rocksdb::WriteBatch batch;
  batch.Delete(StateKey(record));
  RETURN_IF_ERROR(change(report, record));
  RETURN_IF_ERROR(Put(report, record, batch));
  RETURN_IF_ERROR(Write(&batch));
  if (before == v1::VictimReport::STATE_WAITING && report.state() != before) {
    --waiting_;
  }
  return report;
}

absl::StatusOr<v1::VictimReport> VictimReports::Answer(
    absl::string_view report_id, State state, absl::string_view answer,
    absl::string_view by) {
  const absl::Time now = options_.clock->Now();
  return Update(report_id, [&](v1::VictimReport& report, Record& record) {
    if (report.state() == v1::VictimReport::STATE_WAITING) {
      report.set_state(state);
      report.set_answer(std::string(answer));
      report.set_answered_by(std::string(by));
      *report.mutable_answered() = ToTimestamp(now);
      record.set_answer_pending(true);
      return absl::OkStatus();
    }
    if (report.state() == state && report.answer() == answer) {
      return absl::OkStatus();
    }
    return absl::FailedPreconditionError(
        absl::StrCat(report_id, " was answered already: ",
                     v1::VictimReport::State_Name(report.state()).substr(6)));
  });
}

absl::StatusOr<std::vector<VictimReports::Pending>> VictimReports::ListPending()
    const {
  std::vector<Pending> pending;
  const std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions()));
  for (it->Seek(kPendingPrefix);
       it->Valid() && it->key().starts_with(kPendingPrefix); it->Next()) {
    const auto record = GetRecord(ToView(it->key()).substr(1));
    if (absl::IsNotFound(record.status())) continue;
    RETURN_IF_ERROR(record.status());
    pending.push_back({.report_id = record->report_id(),
                       .submission = record->submission_pending(),
                       .answer = record->answer_pending()});
  }
  RETURN_IF_ERROR(
      ToStatus(it->status(), absl::StrCat("reading ", options_.directory)));
  return pending;
}

absl::StatusOr<v1::VictimReport> VictimReports::FinishSubmission(
    absl::string_view report_id, const std::vector<std::string>& case_ids) {
  return Update(report_id, [&](v1::VictimReport& report, Record& record) {
    report.mutable_case_ids()->Assign(case_ids.begin(), case_ids.end());
    record.set_submission_pending(false);
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::VictimReport> VictimReports::FinishAnswer(
    absl::string_view report_id, absl::string_view entry) {
  return Update(report_id, [&](v1::VictimReport& report, Record& record) {
    report.set_entry(std::string(entry));
    record.set_answer_pending(false);
    return absl::OkStatus();
  });
}

absl::Status VictimReports::Remove(const Record& record) {
  const std::string& id = record.report_id();
  RETURN_IF_ERROR(keys_->Destroy({id}));
  rocksdb::WriteBatch batch;
  batch.Delete(ReportKey(id));
  batch.Delete(FootageKey(id));
  batch.Delete(StateKey(record));
  batch.Delete(PendingKey(id));
  return Write(&batch);
}

absl::StatusOr<int64_t> VictimReports::Purge(absl::Time before) {
  int64_t removed = 0;
  for (const State state :
       {v1::VictimReport::STATE_ACCEPTED, v1::VictimReport::STATE_REJECTED}) {
    std::string after;
    do {
      ASSIGN_OR_RETURN(const Page page, List(state, after, 100));
      for (const v1::VictimReport& report : page.reports) {
        if (TimeFrom(report.answered()) >= before) continue;
        const std::lock_guard lock(writing_);
        ASSIGN_OR_RETURN(const Record record, GetRecord(report.report_id()));
        if (record.answer_pending() || record.submission_pending()) continue;
        RETURN_IF_ERROR(Remove(record));
        ++removed;
      }
      after = page.next;
    } while (!after.empty());
  }
  return removed;
}

}  // namespace lenscap
