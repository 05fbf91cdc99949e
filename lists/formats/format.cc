#include "lists/formats/format.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "lists/formats/parts.h"

namespace lenscap {
namespace {

absl::StatusOr<Source> NewSource(ListFormat format, std::istream& input,
                                 const ReadOptions& options,
                                 LossReport* losses) {
  switch (format) {
    case ListFormat::kLenscap:
      return ReadLenscapLines(input, options);
    case ListFormat::kPdqText:
      return ReadPdqText(input, options, losses);
    case ListFormat::kVpdqText:
      return ReadVpdqText(input, options);
    case ListFormat::kThreatExchangeJson:
      return ReadThreatExchangeJson(input, options, losses);
    case ListFormat::kThreatExchangeCsv:
      return ReadThreatExchangeCsv(input, options, losses);
    case ListFormat::kNcmecXml:
      return ReadNcmecXml(input, options, losses);
    case ListFormat::kStopNciiJson:
      return ReadStopNciiJson(input, options, losses);
    case ListFormat::kMd5Text:
    case ListFormat::kSha1Text:
    case ListFormat::kSha256Text:
      return ReadDigestText(format, input, options, losses);
    case ListFormat::kDigestCsv:
      return ReadDigestCsv(input, options, losses);
    case ListFormat::kStixJson:
      break;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(ListFormatName(format), ": can be written, but not read"));
}

}  // namespace

absl::string_view ListFormatName(ListFormat format) {
  switch (format) {
    case ListFormat::kLenscap:
      return "lenscap";
    case ListFormat::kPdqText:
      return "pdq";
    case ListFormat::kVpdqText:
      return "vpdq";
    case ListFormat::kThreatExchangeJson:
      return "threatexchange-json";
    case ListFormat::kThreatExchangeCsv:
      return "threatexchange-csv";
    case ListFormat::kNcmecXml:
      return "ncmec-xml";
    case ListFormat::kStopNciiJson:
      return "stopncii-json";
    case ListFormat::kMd5Text:
      return "md5";
    case ListFormat::kSha1Text:
      return "sha1";
    case ListFormat::kSha256Text:
      return "sha256";
    case ListFormat::kDigestCsv:
      return "digest-csv";
    case ListFormat::kStixJson:
      return "stix-json";
  }
  return "";
}

absl::StatusOr<Source> ReadEntries(ListFormat format, std::istream& input,
                                   const ReadOptions& options,
                                   LossReport* losses) {
  RETURN_IF_ERROR(CheckListId(options.list_id));
  ASSIGN_OR_RETURN(Source source, NewSource(format, input, options, losses));
  return OnlyOnce(std::move(source), losses);
}

Sink WriteEntries(ListFormat format, std::ostream& output,
                  const WriteOptions& options, LossReport* losses) {
  switch (format) {
    case ListFormat::kLenscap:
      return WriteLenscapLines(output, losses);
    case ListFormat::kPdqText:
      return WritePdqText(output, losses);
    case ListFormat::kVpdqText:
      return WriteVpdqText(output, losses);
    case ListFormat::kThreatExchangeJson:
      return WriteThreatExchangeJson(output, options, losses);
    case ListFormat::kThreatExchangeCsv:
      return WriteThreatExchangeCsv(output, options, losses);
    case ListFormat::kNcmecXml:
      return WriteNcmecXml(output, options, losses);
    case ListFormat::kStopNciiJson:
      return WriteStopNciiJson(output, options, losses);
    case ListFormat::kMd5Text:
    case ListFormat::kSha1Text:
    case ListFormat::kSha256Text:
      return WriteDigestText(format, output, losses);
    case ListFormat::kDigestCsv:
      return WriteDigestCsv(output, losses);
    case ListFormat::kStixJson:
      return WriteStixJson(output, options, losses);
  }
  return nullptr;
}

}  // namespace lenscap
