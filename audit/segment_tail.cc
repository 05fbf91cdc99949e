#include "audit/segment_tail.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "audit/sealed_line.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr absl::string_view kEnd = "\"}";
constexpr int kMaxTries = 8;

bool HasSeal(absl::string_view line) {
  return SplitSealedLine(line, "sha256", sizeof(Sha256)).has_value();
}

absl::Status Damaged(const std::string& path, int64_t line,
                     absl::string_view what) {
  return absl::DataLossError(absl::StrCat(path, ":", line, ": ", what));
}

absl::Status CheckFollows(const std::string& path, int64_t line,
                          const AuditRecord& record, uint64_t expected,
                          const std::optional<Sha256>& previous) {
  if (record.sequence != expected) {
    return Damaged(path, line,
                   absl::StrCat("record ", record.sequence,
                                " stands where record ", expected, " belongs"));
  }
  if (previous && record.previous != *previous) {
    return Damaged(path, line,
                   absl::StrCat("record ", record.sequence,
                                " does not follow on the one before"));
  }
  return absl::OkStatus();
}

void AddSources(const AuditEntry& entry, SegmentTail& tail) {
  const auto add = [&](const std::string& source, uint64_t sequence) {
    uint64_t& last = tail.sources[source];
    last = std::max(last, sequence);
  };
  if (!entry.source.empty()) add(entry.source, entry.source_sequence);
  if (entry.action != kContinueAction) return;
  for (const auto& [source, number] : entry.details) {
    uint64_t sequence = 0;
    if (absl::SimpleAtoi(number, &sequence)) add(source, sequence);
  }
}

}  // namespace

absl::StatusOr<AuditRecord> DecodeLineOf(const std::string& path,
                                         const AuditLineReader::Line& line) {
  auto record = DecodeAuditLine(line.text);
  if (record.ok()) return record;
  return Damaged(path, line.number,
                 absl::StrCat("no sound record: ", record.status().message()));
}

bool MayBeCutShort(const AuditLineReader::Line& line) {
  const absl::string_view text = line.text;
  int tried = 0;
  for (size_t end = text.find(kEnd); end != absl::string_view::npos;
       end = text.find(kEnd, end + 1)) {
    const absl::string_view whole = text.substr(0, end + kEnd.size());
    if (whole.size() == text.size() || !HasSeal(whole)) continue;
    if (DecodeAuditLine(whole).ok()) return false;
    if (++tried == kMaxTries) break;  // Bounds the work on made-up lines.
  }
  return true;
}

absl::StatusOr<SegmentTail> ReadSegmentTail(const Segment& segment) {
  SegmentTail tail;
  ASSIGN_OR_RETURN(AuditLineReader lines, AuditLineReader::Open(segment.path));
  while (true) {
    ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line) return tail;
    const uint64_t expected = segment.first + tail.records;
    if (!line->whole) {
      tail.cut_line = true;
      if (MayBeCutShort(*line)) return tail;
      return Damaged(
          segment.path, line->number,
          absl::StrCat("the end of record ", expected, " was changed"));
    }
    ASSIGN_OR_RETURN(AuditRecord record, DecodeLineOf(segment.path, *line));
    const bool first = tail.records == 0;
    RETURN_IF_ERROR(CheckFollows(
        segment.path, line->number, record, expected,
        first ? std::nullopt : std::make_optional(tail.last.sha256)));
    if (first) tail.previous = record.previous;
    AddSources(record.entry, tail);
    tail.continues = record.entry.action == kContinueAction &&
                     record.entry.subject == kContinueMore;
    ++tail.records;
    tail.bytes = line->start + line->text.size() + 1;
    tail.last = std::move(record);
  }
}

absl::StatusOr<Sha256> FirstHashOf(const Segment& segment) {
  ASSIGN_OR_RETURN(AuditLineReader lines, AuditLineReader::Open(segment.path));
  ASSIGN_OR_RETURN(const auto line, lines.Next());
  if (!line) return Damaged(segment.path, 1, "the file is empty");
  ASSIGN_OR_RETURN(const AuditRecord record, DecodeLineOf(segment.path, *line));
  return record.sha256;
}

absl::StatusOr<Sha256> LastHashOf(const Segment& segment) {
  ASSIGN_OR_RETURN(AuditLineReader lines, AuditLineReader::Open(segment.path));
  std::optional<AuditLineReader::Line> last;
  while (true) {
    ASSIGN_OR_RETURN(auto line, lines.Next());
    if (!line) break;
    last = std::move(line);
  }
  if (!last) return Damaged(segment.path, 1, "the file is empty");
  ASSIGN_OR_RETURN(const AuditRecord record, DecodeLineOf(segment.path, *last));
  return record.sha256;
}

}  // namespace lenscap
