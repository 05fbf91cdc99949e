#ifndef LENSCAP_LISTS_FORMATS_FORMAT_H_
#define LENSCAP_LISTS_FORMATS_FORMAT_H_

#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "index/clip_match.h"
#include "index/list_update.h"
#include "lists/formats/loss_report.h"

namespace lenscap {

// Our own and those that others keep their hash lists in; FORMATS.md says where
// each is defined, and what it can carry.
enum class ListFormat {
  kLenscap,  // The entries of lists/LISTS.md, one a line.
  kPdqText,
  kVpdqText,
  kThreatExchangeJson,
  kThreatExchangeCsv,
  kNcmecXml,
  kStopNciiJson,
  kMd5Text,
  kSha1Text,
  kSha256Text,
  kDigestCsv,
  kStixJson,  // Can be written, not read.
};

inline constexpr ListFormat kAllListFormats[] = {
    ListFormat::kLenscap,           ListFormat::kPdqText,
    ListFormat::kVpdqText,          ListFormat::kThreatExchangeJson,
    ListFormat::kThreatExchangeCsv, ListFormat::kNcmecXml,
    ListFormat::kStopNciiJson,      ListFormat::kMd5Text,
    ListFormat::kSha1Text,          ListFormat::kSha256Text,
    ListFormat::kDigestCsv,         ListFormat::kStixJson,
};

// Such as "ncmec-xml"; words of the command line.
absl::string_view ListFormatName(ListFormat format);

// By how the file begins (its first 4,096 bytes are enough). Nothing where
// that is no format's or could be several's, as for bare lines of 64 digits.
std::optional<ListFormat> SniffListFormat(absl::string_view start);

struct ReadOptions {
  std::string list_id;   // Of every clip that is read.
  std::string entry_id;  // Of vPDQ text, which has one entry and no id.
  // Of entries of which the format does not say how grave they are.
  Severity severity = Severity::kSuspected;
};

// Reads entries one by one: line by line where a format has lines, and the
// whole of a JSON or XML document, of at most 32 MiB, at the first call.
// INVALID_ARGUMENT names the line or element and what is wrong; what came
// before it must then not be used. Withdrawals have a reason where the format
// does not tell one. `input` and `losses` must outlive what is returned.
absl::StatusOr<std::unique_ptr<EntryChangeSource>> ReadEntries(
    ListFormat format, std::istream& input, const ReadOptions& options,
    LossReport* losses);

// Refuses an entry that is named twice, as ReadEntries does within one file;
// one that says the same again is left out and added to `losses`. Takes some 40
// to 80 bytes of memory for each entry.
std::unique_ptr<EntryChangeSource> OnlyOnce(
    std::unique_ptr<EntryChangeSource> source, LossReport* losses);

struct WriteOptions {
  std::string list_id;
  std::string issuer;
  absl::Time issued;  // When the list that is written was.
};

// Takes the changes of a list one by one. An entry that is updated is told as
// it is now, like one that is added.
class EntryChangeSink {
 public:
  virtual ~EntryChangeSink() = default;
  virtual absl::Status Write(const EntryChange& change) = 0;
  // Must be called once, after the last one.
  virtual absl::Status Finish() = 0;
};

// Writes a format. What it cannot carry goes to `losses`: a part of an entry,
// or a whole entry of which nothing would be left. vPDQ text takes one entry;
// a second one is FAILED_PRECONDITION. `output` and `losses` must outlive what
// is returned.
std::unique_ptr<EntryChangeSink> WriteEntries(ListFormat format,
                                              std::ostream& output,
                                              const WriteOptions& options,
                                              LossReport* losses);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_FORMATS_FORMAT_H_
