#ifndef LENSCAP_AUDIT_SEGMENT_TAIL_H_
#define LENSCAP_AUDIT_SEGMENT_TAIL_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "audit/audit_record.h"
#include "audit/segments.h"
#include "base/digest.h"

namespace lenscap {

// The first records of every file but the first one: their details say how far
// each source was recorded, so that a start need not read the files before.
inline constexpr char kContinueAction[] = "audit.continue";
// The subject of all of them but the last.
inline constexpr char kContinueMore[] = "more";

// What a start has to know of the last file. All answer DATA_LOSS, naming file,
// line and record, for damage.
struct SegmentTail {
  uint64_t records = 0;
  uint64_t bytes = 0;      // Up to the end of the last whole line.
  bool cut_line = false;   // Whether a part of a line comes after that.
  bool continues = false;  // Whether more of the first records should come.
  Sha256 previous = {};    // Of the first record.
  AuditRecord last;
  std::map<std::string, uint64_t, std::less<>> sources;
};
absl::StatusOr<SegmentTail> ReadSegmentTail(const Segment& segment);

absl::StatusOr<Sha256> FirstHashOf(const Segment& segment);
absl::StatusOr<Sha256> LastHashOf(const Segment& segment);

absl::StatusOr<AuditRecord> DecodeLineOf(const std::string& path,
                                         const AuditLineReader::Line& line);

// Whether a line without an end is what a crash may leave: the beginning of a
// record, and not a whole one with something behind it.
bool MayBeCutShort(const AuditLineReader::Line& line);

}  // namespace lenscap

#endif  // LENSCAP_AUDIT_SEGMENT_TAIL_H_
