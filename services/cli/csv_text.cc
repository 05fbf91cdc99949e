#include "services/cli/csv_text.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace lenscap::cli {

bool LooksLikeFormula(absl::string_view field) {
  // Full-width signs are the same to some spreadsheets; white space before
  // them is cut off by others.
  constexpr absl::string_view kStarts[] = {"=",
                                           "+",
                                           "-",
                                           "@",
                                           "\xef\xbc\x9d",
                                           "\xef\xbc\x8b",
                                           "\xef\xbc\x8d",
                                           "\xef\xbc\xa0"};
  if (field.find_first_of("\t\r\n") == 0) return true;
  field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
  return std::any_of(
      std::begin(kStarts), std::end(kStarts),
      [&](absl::string_view start) { return absl::StartsWith(field, start); });
}

std::string FormatCsvRecord(const std::vector<std::string>& fields) {
  std::string record;
  for (const std::string& field : fields) {
    const std::string safe =
        LooksLikeFormula(field) ? absl::StrCat("'", field) : field;
    const absl::string_view comma = &field == &fields.front() ? "" : ",";
    if (safe.find_first_of(",\"\r\n") == std::string::npos) {
      absl::StrAppend(&record, comma, safe);
    } else {
      absl::StrAppend(&record, comma, "\"",
                      absl::StrReplaceAll(safe, {{"\"", "\"\""}}), "\"");
    }
  }
  return record + "\r\n";
}

}  // namespace lenscap::cli
