#include "takedown/held_uploads.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "google/protobuf/util/time_util.h"

namespace lenscap {
namespace {

using google::protobuf::util::TimeUtil;
using takedown::HeldUpload;

// The keys; takedown/HOLDS.md documents them.
constexpr char kUploadPrefix[] = "H";
constexpr char kIdPrefix[] = "I";
constexpr char kDeadlinePrefix[] = "D";
constexpr char kDuePrefix[] = "U";
constexpr char kToldPrefix[] = "T";
constexpr int kPage = 100;
constexpr size_t kTimeBytes = 8;
// The bounds that scan.proto gives.
constexpr absl::Duration kMinHold = absl::Seconds(1);
constexpr absl::Duration kMaxHold = absl::Hours(24 * 30);

int64_t MicrosOf(const google::protobuf::Timestamp& time) {
  return TimeUtil::TimestampToMicroseconds(time);
}

// Sorts by time.
std::string TimeKey(absl::string_view prefix, int64_t micros,
                    absl::string_view content_id) {
  std::string key(prefix);
  for (int shift = 56; shift >= 0; shift -= 8) {
    key += static_cast<char>(static_cast<uint64_t>(micros) >> shift);
  }
  return absl::StrCat(key, content_id);
}
// The content id of such a key.
std::string NamedBy(absl::string_view key) {
  return std::string(key.substr(1 + kTimeBytes));
}

std::string UploadKey(absl::string_view content_id) {
  return absl::StrCat(kUploadPrefix, content_id);
}
std::string IdKey(absl::string_view hold_id) {
  return absl::StrCat(kIdPrefix, hold_id);
}

// Where a hold lies among those in its state.
std::string PlaceOf(const HeldUpload& held) {
  switch (held.state()) {
    case HeldUpload::STATE_HOLDING:
      return TimeKey(kDeadlinePrefix, MicrosOf(held.deadline()),
                     held.content_id());
    case HeldUpload::STATE_DUE:
      return TimeKey(kDuePrefix, MicrosOf(held.deadline()), held.content_id());
    default:
      return TimeKey(kToldPrefix, MicrosOf(held.told()), held.content_id());
  }
}

std::string HoldIdOf(absl::string_view content_id, int64_t start) {
  const Sha256 digest = Sha256Of(absl::StrCat("hold ", start, " ", content_id));
  return absl::StrCat("hold-", ToHex(digest).substr(0, 32));
}

google::protobuf::Timestamp AtMicros(absl::Time time) {
  return TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

absl::StatusOr<HeldUpload> NewHold(const v1::UploadHeader& header,
                                   v1::Fallback otherwise, absl::Time now) {
  const auto& length = header.pre_publish().deadline();
  const absl::Duration held_for =
      absl::Seconds(length.seconds()) + absl::Nanoseconds(length.nanos());
  if (held_for < kMinHold || held_for > kMaxHold) {
    return absl::InvalidArgumentError(
        "header.pre_publish.deadline: must be 1 s to 30 d");
  }
  HeldUpload held;
  held.set_content_id(header.content_id());
  held.set_account(header.account());
  held.set_group(header.group());
  held.set_tenant(header.tenant());
  *held.mutable_start() = AtMicros(now);
  *held.mutable_deadline() = AtMicros(now + held_for);
  held.set_hold_id(HoldIdOf(held.content_id(), MicrosOf(held.start())));
  held.set_state(HeldUpload::STATE_HOLDING);
  const v1::Fallback named = header.pre_publish().fallback();
  held.set_fallback(named == v1::FALLBACK_UNSPECIFIED ? otherwise : named);
  return held;
}

}  // namespace

absl::StatusOr<std::unique_ptr<HeldUploads>> HeldUploads::Open(
    Options options) {
  ASSIGN_OR_RETURN(auto records, RecordStore::Open(options.directory));
  return std::unique_ptr<HeldUploads>(
      new HeldUploads(std::move(options), std::move(records)));
}

HeldUploads::HeldUploads(Options options, std::unique_ptr<RecordStore> records)
    : options_(std::move(options)), records_(std::move(records)) {}

absl::StatusOr<std::optional<HeldUpload>> HeldUploads::Find(
    absl::string_view content_id) const {
  const auto bytes = records_->Get(UploadKey(content_id));
  if (absl::IsNotFound(bytes.status())) return std::nullopt;
  RETURN_IF_ERROR(bytes.status());
  HeldUpload held;
  if (!held.ParseFromString(*bytes)) {
    return absl::DataLossError(
        absl::StrCat("the hold on ", absl::Utf8SafeCEscape(content_id),
                     " is damaged: restore the data directory from a backup"));
  }
  return held;
}

absl::Status HeldUploads::Replace(const std::optional<HeldUpload>& before,
                                  const std::optional<HeldUpload>& after) {
  std::vector<RecordStore::Change> changes;
  if (before) {
    changes.push_back({PlaceOf(*before), std::nullopt});
    changes.push_back({IdKey(before->hold_id()), std::nullopt});
    changes.push_back({UploadKey(before->content_id()), std::nullopt});
  }
  if (after) {
    std::string bytes = after->SerializeAsString();
    if (!HeldUpload().ParseFromString(bytes)) {
      return absl::InvalidArgumentError("header: has text that is not UTF-8");
    }
    changes.push_back({PlaceOf(*after), ""});
    changes.push_back({IdKey(after->hold_id()), after->content_id()});
    changes.push_back({UploadKey(after->content_id()), std::move(bytes)});
  }
  return records_->Write(changes);
}

absl::Status HeldUploads::Begin(const v1::UploadHeader& header) {
  ASSIGN_OR_RETURN(const HeldUpload hold,
                   NewHold(header, options_.fallback, options_.clock->Now()));
  std::lock_guard lock(changing_);
  ASSIGN_OR_RETURN(const std::optional<HeldUpload> before,
                   Find(header.content_id()));
  if (before && before->state() != HeldUpload::STATE_TOLD) {
    return absl::OkStatus();
  }
  return Replace(before, hold);
}

absl::Status HeldUploads::End(absl::string_view content_id) {
  std::lock_guard lock(changing_);
  ASSIGN_OR_RETURN(const std::optional<HeldUpload> before, Find(content_id));
  if (!before) return absl::OkStatus();
  if (before->state() != HeldUpload::STATE_DUE) {
    return Replace(before, std::nullopt);
  }
  HeldUpload ended = *before;
  ended.set_ended(true);
  return Replace(before, ended);
}

// False where the hold is to be looked at again later.
absl::StatusOr<bool> HeldUploads::MayFallDue(const std::string& content_id,
                                             const StandingOf& standing_of) {
  ASSIGN_OR_RETURN(const UploadStanding standing, standing_of(content_id));
  std::lock_guard lock(changing_);
  ASSIGN_OR_RETURN(const std::optional<HeldUpload> held, Find(content_id));
  if (standing == UploadStanding::kUndoable || !held ||
      held->state() != HeldUpload::STATE_HOLDING) {
    return false;
  }
  if (standing == UploadStanding::kDecided) {
    RETURN_IF_ERROR(Replace(held, std::nullopt));
    return true;
  }
  HeldUpload due = *held;
  due.set_state(HeldUpload::STATE_DUE);
  RETURN_IF_ERROR(Replace(held, due));
  return true;
}

absl::Status HeldUploads::FallDue(const StandingOf& standing_of) {
  const std::string end = TimeKey(
      kDeadlinePrefix, absl::ToUnixMicros(options_.clock->Now()) + 1, "");
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const auto page,
                     records_->List(kDeadlinePrefix, after, kPage));
    for (const RecordStore::Record& record : page) {
      if (record.key >= end) return absl::OkStatus();
      after = record.key;
      RETURN_IF_ERROR(MayFallDue(NamedBy(record.key), standing_of).status());
    }
    if (page.size() < kPage) return absl::OkStatus();
  }
}

absl::StatusOr<std::vector<HeldUpload>> HeldUploads::Due(int limit) const {
  ASSIGN_OR_RETURN(const auto records, records_->List(kDuePrefix, "", limit));
  std::vector<HeldUpload> due;
  for (const RecordStore::Record& record : records) {
    ASSIGN_OR_RETURN(std::optional<HeldUpload> held, Find(NamedBy(record.key)));
    // It may have been told since.
    if (held && held->state() == HeldUpload::STATE_DUE) {
      due.push_back(*std::move(held));
    }
  }
  return due;
}

absl::Status HeldUploads::Told(absl::string_view hold_id) {
  std::lock_guard lock(changing_);
  const auto content_id = records_->Get(IdKey(hold_id));
  if (absl::IsNotFound(content_id.status())) return absl::OkStatus();
  RETURN_IF_ERROR(content_id.status());
  ASSIGN_OR_RETURN(const std::optional<HeldUpload> due, Find(*content_id));
  if (!due || due->state() != HeldUpload::STATE_DUE) return absl::OkStatus();
  if (due->ended()) return Replace(due, std::nullopt);
  HeldUpload told = *due;
  told.set_state(HeldUpload::STATE_TOLD);
  *told.mutable_told() = AtMicros(options_.clock->Now());
  return Replace(due, told);
}

absl::StatusOr<std::optional<HeldUpload>> HeldUploads::State(
    absl::string_view content_id) const {
  ASSIGN_OR_RETURN(std::optional<HeldUpload> held, Find(content_id));
  if (held && held->ended()) return std::nullopt;
  return held;
}

absl::Status HeldUploads::Purge(absl::Time before) {
  const std::string end = TimeKey(kToldPrefix, absl::ToUnixMicros(before), "");
  while (true) {
    std::lock_guard lock(changing_);
    ASSIGN_OR_RETURN(const auto page, records_->List(kToldPrefix, "", kPage));
    for (const RecordStore::Record& record : page) {
      if (record.key >= end) return absl::OkStatus();
      ASSIGN_OR_RETURN(const std::optional<HeldUpload> told,
                       Find(NamedBy(record.key)));
      RETURN_IF_ERROR(Replace(told, std::nullopt));
    }
    if (page.size() < kPage) return absl::OkStatus();
  }
}

}  // namespace lenscap
