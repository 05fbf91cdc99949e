#include "takedown/golden_cases.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "takedown/campaign.h"
#include "takedown/case_record.h"
#include "takedown/queue.h"

namespace lenscap {
namespace {

using takedown::GoldenRecord;
using takedown::GoldenTurn;

// The keys; takedown/GOLDEN.md documents them.
constexpr char kGoldenPrefix[] = "G";
constexpr char kHadPrefix[] = "R";
constexpr char kTurnPrefix[] = "C";
constexpr char kCasePrefix[] = "case-";
constexpr size_t kMaxNoteBytes = 1024;

std::string GoldenIdOf(absl::string_view case_id) {
  const std::string named =
      TakedownQueue::CaseId(absl::StrCat("golden\n", case_id));
  return absl::StrCat("golden-", named.substr(sizeof(kCasePrefix) - 1));
}
std::string GoldenKey(absl::string_view golden_id) {
  return absl::StrCat(kGoldenPrefix, golden_id);
}
std::string HadKey(absl::string_view golden_id, absl::string_view reviewer) {
  return absl::StrCat(kHadPrefix, golden_id, " ", reviewer);
}
std::string TurnKey(absl::string_view case_id) {
  return absl::StrCat(kTurnPrefix, case_id);
}

template <typename Message>
absl::StatusOr<Message> Parsed(absl::string_view key,
                               const std::string& bytes) {
  Message message;
  if (message.ParseFromString(bytes)) return message;
  return absl::DataLossError(absl::StrCat(
      absl::Utf8SafeCEscape(key),
      " of the golden cases is damaged: restore the data directory from a "
      "backup"));
}

std::vector<GoldenRecord>::const_iterator Find(
    const std::vector<GoldenRecord>& all, absl::string_view golden_id) {
  return std::find_if(all.begin(), all.end(), [&](const GoldenRecord& record) {
    return record.golden().golden_id() == golden_id;
  });
}

bool HasDecidedOn(const v1::Case& original, absl::string_view reviewer) {
  const auto by = [&](const v1::Decision& decision) {
    return decision.reviewer() == reviewer;
  };
  return std::any_of(original.decisions().begin(), original.decisions().end(),
                     by) ||
         std::any_of(original.reviews().begin(), original.reviews().end(), by);
}

// Bytes that follow from a seed, as many as are asked for.
class SeededBytes {
 public:
  explicit SeededBytes(std::string seed) : seed_(std::move(seed)) {}
  // From 0 to `end` - 1.
  int Below(int end) {
    if (used_ == bytes_.size()) {
      bytes_ = Sha256Of(absl::StrCat(seed_, "\n", block_++));
      used_ = 0;
    }
    return bytes_[used_++] % end;
  }

 private:
  const std::string seed_;
  Sha256 bytes_ = {};
  size_t used_ = sizeof(Sha256);
  int block_ = 0;
};

// Of a run of letters and digits with a digit in it.
std::string DisguiseRun(absl::string_view run, SeededBytes& bytes) {
  const bool hex = run.size() >= 8 &&
                   std::all_of(run.begin(), run.end(), absl::ascii_isxdigit);
  std::string disguised;
  for (const char c : run) {
    if (absl::ascii_isdigit(c)) {
      disguised += static_cast<char>('0' + bytes.Below(10));
    } else {
      const char first = absl::ascii_isupper(c) ? 'A' : 'a';
      disguised += static_cast<char>(first + bytes.Below(hex ? 6 : 26));
    }
  }
  return disguised;
}

}  // namespace

std::string Disguise(absl::string_view name, absl::string_view seed) {
  if (name.empty()) return "";
  SeededBytes bytes(absl::StrCat(seed, "\n", name));
  std::string disguised;
  bool changed = false;
  for (size_t i = 0; i < name.size();) {
    size_t end = i;
    while (end < name.size() && absl::ascii_isalnum(name[end])) ++end;
    if (end == i) {
      disguised += name[i++];
      continue;
    }
    const absl::string_view run = name.substr(i, end - i);
    const bool numbered =
        std::any_of(run.begin(), run.end(), absl::ascii_isdigit);
    disguised += numbered ? DisguiseRun(run, bytes) : std::string(run);
    changed |= numbered;
    i = end;
  }
  if (!changed) {
    for (int digit = 0; digit < 4; ++digit) {
      disguised += static_cast<char>('0' + bytes.Below(10));
    }
  }
  return disguised;
}

namespace {

// Its text is what is to be decided on, and stays.
v1::ListingReport DisguisedListing(const v1::ListingReport& original,
                                   absl::string_view seed) {
  v1::ListingReport shown = original;
  const auto disguise = [seed](std::string* name) {
    if (!name->empty()) *name = Disguise(*name, seed);
  };
  disguise(shown.mutable_listing_id());
  shown.clear_case_id();
  if (shown.has_item()) {
    disguise(shown.mutable_item()->mutable_listing_id());
    disguise(shown.mutable_item()->mutable_seller());
    disguise(shown.mutable_item()->mutable_group());
  }
  for (v1::ImageMatch& match : *shown.mutable_image_matches()) {
    if (!match.has_photo()) continue;
    disguise(match.mutable_photo()->mutable_listing_id());
    disguise(match.mutable_photo()->mutable_seller());
    match.mutable_photo()->clear_case_id();
  }
  if (shown.has_video()) {
    disguise(shown.mutable_video()->mutable_content_id());
    disguise(shown.mutable_video()->mutable_scan_id());
    shown.mutable_video()->clear_case_id();
  }
  return shown;
}

}  // namespace

v1::Case DisguisedCase(const v1::Case& original, absl::string_view seed) {
  v1::Case shown;
  shown.set_content_id(Disguise(original.content_id(), seed));
  shown.set_account(Disguise(original.account(), seed));
  shown.set_group(Disguise(original.group(), seed));
  shown.set_tenant(original.tenant());
  shown.set_platform_class(original.platform_class());
  shown.set_kind(original.kind());
  shown.set_language(original.language());
  shown.set_priority(original.priority());
  shown.set_queue(original.queue());
  *shown.mutable_report() = original.report();
  v1::ScanReport& report = *shown.mutable_report();
  report.set_content_id(shown.content_id());
  report.set_scan_id(Disguise(report.scan_id(), seed));
  report.clear_case_id();
  if (!report.sha256().empty()) {
    report.set_sha256(ToBytes(Sha256Of(absl::StrCat(seed, report.sha256()))));
  }
  if (original.has_listing()) {
    *shown.mutable_listing() = DisguisedListing(original.listing(), seed);
  }
  return shown;
}

absl::StatusOr<std::unique_ptr<GoldenCases>> GoldenCases::Open(
    const std::string& directory, const Clock* clock) {
  ASSIGN_OR_RETURN(auto records, RecordStore::Open(directory));
  std::unique_ptr<GoldenCases> golden(
      new GoldenCases(std::move(records), clock));
  RETURN_IF_ERROR(golden->Load());
  return golden;
}

absl::Status GoldenCases::Load() {
  std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const auto records,
                   records_->List(kGoldenPrefix, "", kMaxGolden));
  for (const RecordStore::Record& record : records) {
    ASSIGN_OR_RETURN(golden_.emplace_back(),
                     Parsed<GoldenRecord>(record.key, record.value));
  }
  std::stable_sort(golden_.begin(), golden_.end(),
                   [](const GoldenRecord& a, const GoldenRecord& b) {
                     return TimeOf(a.golden().added()) <
                            TimeOf(b.golden().added());
                   });
  return absl::OkStatus();
}

absl::StatusOr<v1::GoldenCase> GoldenCases::Add(const v1::Case& decided,
                                                v1::Decision::Outcome outcome,
                                                absl::string_view note) {
  RETURN_IF_ERROR(CheckText("note", note, 0, kMaxNoteBytes));
  GoldenRecord record;
  v1::GoldenCase& golden = *record.mutable_golden();
  golden.set_golden_id(GoldenIdOf(decided.case_id()));
  golden.set_case_id(decided.case_id());
  golden.set_outcome(outcome);
  golden.set_note(std::string(note));
  *golden.mutable_added() = ToTimestamp(clock_->Now());
  *record.mutable_original() = decided;
  std::lock_guard lock(mutex_);
  if (Find(golden_, golden.golden_id()) != golden_.end()) {
    return absl::AlreadyExistsError(
        absl::StrCat("case_id: ", decided.case_id(), " is golden already"));
  }
  if (golden_.size() >= kMaxGolden) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "case_id: there are ", kMaxGolden, " golden cases; remove one first"));
  }
  RETURN_IF_ERROR(records_->Write(
      {{GoldenKey(golden.golden_id()), record.SerializeAsString()}}));
  golden_.push_back(record);
  return golden;
}

std::vector<v1::GoldenCase> GoldenCases::List() const {
  std::lock_guard lock(mutex_);
  std::vector<v1::GoldenCase> listed;
  for (const GoldenRecord& record : golden_) listed.push_back(record.golden());
  return listed;
}

absl::StatusOr<v1::GoldenCase> GoldenCases::Remove(
    absl::string_view golden_id) {
  std::lock_guard lock(mutex_);
  const auto found = Find(golden_, golden_id);
  if (found == golden_.end()) {
    return absl::NotFoundError("golden_id: there is no such golden case");
  }
  RETURN_IF_ERROR(records_->Write({{GoldenKey(golden_id), std::nullopt}}));
  v1::GoldenCase removed = found->golden();
  golden_.erase(found);
  return removed;
}

absl::StatusOr<bool> GoldenCases::Had(absl::string_view golden_id,
                                      absl::string_view reviewer) const {
  const auto had = records_->Get(HadKey(golden_id, reviewer));
  if (absl::IsNotFound(had.status())) return false;
  RETURN_IF_ERROR(had.status());
  return true;
}

absl::StatusOr<std::optional<GoldenCases::Drawn>> GoldenCases::Draw(
    absl::string_view reviewer, const FitsReviewer& fits) {
  std::lock_guard lock(mutex_);
  for (const GoldenRecord& record : golden_) {
    const std::string& id = record.golden().golden_id();
    if (HasDecidedOn(record.original(), reviewer) || !fits(record.original())) {
      continue;
    }
    ASSIGN_OR_RETURN(const bool had, Had(id, reviewer));
    if (had) continue;
    Drawn drawn;
    drawn.shown =
        DisguisedCase(record.original(), absl::StrCat(id, "\n", reviewer));
    *drawn.shown.mutable_report()->mutable_scanned() =
        ToTimestamp(clock_->Now());
    GoldenTurn& turn = drawn.turn;
    turn.set_golden_id(id);
    turn.set_reviewer(std::string(reviewer));
    turn.set_case_id(TakedownQueue::CaseId(drawn.shown.content_id()));
    turn.set_original_case_id(record.golden().case_id());
    turn.set_outcome(record.golden().outcome());
    *turn.mutable_given() = ToTimestamp(clock_->Now());
    RETURN_IF_ERROR(
        records_->Write({{HadKey(id, reviewer), turn.case_id()},
                         {TurnKey(turn.case_id()), turn.SerializeAsString()}}));
    return drawn;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<GoldenTurn>> GoldenCases::TurnOf(
    absl::string_view case_id) const {
  const auto bytes = records_->Get(TurnKey(case_id));
  if (absl::IsNotFound(bytes.status())) return std::nullopt;
  RETURN_IF_ERROR(bytes.status());
  ASSIGN_OR_RETURN(GoldenTurn turn, Parsed<GoldenTurn>(case_id, *bytes));
  return turn;
}

}  // namespace lenscap
