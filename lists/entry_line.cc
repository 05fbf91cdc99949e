#include "lists/entry_line.h"

#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "lists/signal_json.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

using Json = nlohmann::json;
using Op = EntryChange::Op;

// A frame of vPDQ is at most five values; the rest of an entry is few.
constexpr size_t kMaxValues = 5 * size_t{kMaxClipFrames} + 10'000;
constexpr size_t kMaxCategoryBytes = 64;
constexpr size_t kMaxAssessors = 16;
constexpr size_t kMaxAssessorBytes = 128;

// Pairs of what a member can be and its word.
template <typename Value>
using Words = std::vector<std::pair<Value, const char*>>;

const Words<Op>& Ops() {
  static const auto* const words = new Words<Op>{
      {Op::kAdd, "add"}, {Op::kUpdate, "update"}, {Op::kWithdraw, "withdraw"}};
  return *words;
}

const Words<Severity>& Severities() {
  static const auto* const words =
      new Words<Severity>{{Severity::kSuspected, "suspected"},
                          {Severity::kConfirmed, "confirmed"},
                          {Severity::kCritical, "critical"}};
  return *words;
}

const Words<Advice>& Actions() {
  static const auto* const words =
      new Words<Advice>{{Advice::kReview, "review"}, {Advice::kBlock, "block"}};
  return *words;
}

template <typename Value>
absl::StatusOr<Value> ParseWord(JsonFields& fields, absl::string_view name,
                                const Words<Value>& words) {
  ASSIGN_OR_RETURN(const absl::string_view text, fields.Text(name));
  std::string known;
  for (const auto& [value, word] : words) {
    if (text == word) return value;
    absl::StrAppend(&known, known.empty() ? "" : "|", word);
  }
  return InvalidField(name, ": expected ", known, ", got ", QuotedField(text));
}

template <typename Value>
const char* WordOf(Value value, const Words<Value>& words) {
  for (const auto& [known, word] : words) {
    if (value == known) return word;
  }
  return "";  // Refused when it is read back.
}

absl::StatusOr<EntryTerms> ParseTerms(JsonFields& fields) {
  EntryTerms terms;
  if (fields.Has("category")) {
    ASSIGN_OR_RETURN(const absl::string_view category,
                     fields.Text("category", kMaxCategoryBytes));
    terms.category = std::string(category);
  }
  if (fields.Has("expires")) {
    ASSIGN_OR_RETURN(terms.expires, fields.Time("expires"));
  }
  if (fields.Has("max_distance")) {
    ASSIGN_OR_RETURN(const int64_t bits,
                     fields.Integer("max_distance", 0, terms.max_distance));
    terms.max_distance = static_cast<int>(bits);
  }
  if (fields.Has("action")) {
    ASSIGN_OR_RETURN(terms.advice, ParseWord(fields, "action", Actions()));
  }
  if (fields.Has("assessors")) {
    ASSIGN_OR_RETURN(terms.assessors, fields.Texts("assessors", kMaxAssessors,
                                                   kMaxAssessorBytes));
  }
  return terms;
}

absl::Status CheckDetailTimes(const Clip& clip) {
  const ClipDetail& detail = clip.detail;
  // The detail keeps nanoseconds, the duration was cut.
  const absl::Duration latest = clip.duration + absl::Microseconds(1);
  const bool late =
      (!detail.windows.empty() && detail.windows.back().until > latest) ||
      (!detail.scenes.empty() && detail.scenes.back().span.end > latest);
  if (!late) return absl::OkStatus();
  return InvalidField("signals: the detail goes on after duration_us");
}

absl::Status ParseClip(JsonFields& fields, Clip* clip) {
  ASSIGN_OR_RETURN(clip->severity, ParseWord(fields, "severity", Severities()));
  ASSIGN_OR_RETURN(clip->terms, ParseTerms(fields));
  ASSIGN_OR_RETURN(const Json* const signals, fields.Array("signals"));
  RETURN_IF_ERROR(ParseSignals(*signals, clip));
  if (fields.Has("duration_us")) {
    const int64_t longest = absl::ToInt64Microseconds(kMaxClipDuration);
    ASSIGN_OR_RETURN(const int64_t duration,
                     fields.Integer("duration_us", 0, longest));
    clip->duration = absl::Microseconds(duration);
  } else if (!clip->frames.empty()) {
    clip->duration = clip->frames.back().until;
  }
  RETURN_IF_ERROR(CheckDetailTimes(*clip));
  // Whether it says enough to be searched is up to the index.
  return CheckClipBounds(*clip);
}

absl::StatusOr<Sha256> DigestOf(Json entry) {
  entry.erase("op");
  ASSIGN_OR_RETURN(const std::string canonical, CanonicalJson(entry));
  return Sha256Of(canonical);
}

absl::StatusOr<EntryChange> ParseJson(Json json, const std::string& list_id) {
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(json));
  EntryChange change;
  change.clip.list_id = list_id;
  ASSIGN_OR_RETURN(change.op, ParseWord(fields, "op", Ops()));
  ASSIGN_OR_RETURN(const absl::string_view id, fields.Text("id"));
  RETURN_IF_ERROR(CheckEntryId(id));
  change.clip.entry_id = std::string(id);
  if (change.op == Op::kWithdraw) {
    ASSIGN_OR_RETURN(const absl::string_view reason, fields.Text("reason"));
    RETURN_IF_ERROR(CheckReason(reason));
    change.reason = std::string(reason);
    RETURN_IF_ERROR(fields.CheckNoneLeft());
    return change;
  }
  RETURN_IF_ERROR(ParseClip(fields, &change.clip));
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  ASSIGN_OR_RETURN(change.digest, DigestOf(std::move(json)));
  return change;
}

absl::StatusOr<Json> ClipToJson(const Clip& clip) {
  Json json = {{"id", clip.entry_id},
               {"severity", WordOf(clip.severity, Severities())}};
  const EntryTerms& terms = clip.terms;
  if (!terms.category.empty()) json["category"] = terms.category;
  if (terms.expires != absl::InfiniteFuture()) {
    json["expires"] = FormatListTime(terms.expires);
  }
  if (terms.max_distance != EntryTerms().max_distance) {
    json["max_distance"] = terms.max_distance;
  }
  if (terms.advice != Advice::kNone) {
    json["action"] = WordOf(terms.advice, Actions());
  }
  if (!terms.assessors.empty()) json["assessors"] = terms.assessors;
  json["duration_us"] = absl::ToInt64Microseconds(clip.duration);
  ASSIGN_OR_RETURN(json["signals"], FormatSignals(clip));
  return json;
}

}  // namespace

absl::StatusOr<EntryChange> ParseEntry(absl::string_view line,
                                       const std::string& list_id) {
  ASSIGN_OR_RETURN(Json json, ParseStrictJson(line, kMaxValues));
  return ParseJson(std::move(json), list_id);
}

absl::StatusOr<EntryLine> FormatEntry(const EntryChange& change) {
  Json json;
  if (change.op == Op::kWithdraw) {
    json = {{"id", change.clip.entry_id}, {"reason", change.reason}};
  } else {
    ASSIGN_OR_RETURN(json, ClipToJson(change.clip));
  }
  json["op"] = WordOf(change.op, Ops());
  EntryLine line;
  ASSIGN_OR_RETURN(line.text, CanonicalJson(json));
  if (line.text.size() > kMaxEntryBytes) {
    return InvalidField("id ", change.clip.entry_id, ": its line would have ",
                        line.text.size(), " bytes, of at most ",
                        kMaxEntryBytes);
  }
  ASSIGN_OR_RETURN(const EntryChange read,
                   ParseJson(std::move(json), change.clip.list_id));
  line.digest = read.digest;
  return line;
}

}  // namespace lenscap
