#ifndef LENSCAP_SERVICES_CLI_CSV_TEXT_H_
#define LENSCAP_SERVICES_CLI_CSV_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lenscap::cli {

// One record as in RFC 4180, with its CR LF. Fields that a spreadsheet would
// take for a formula, because of how they begin, begin with an apostrophe
// instead: a seller writes them, and somebody else opens the file.
std::string FormatCsvRecord(const std::vector<std::string>& fields);

// Whether a spreadsheet may take it for a formula.
bool LooksLikeFormula(absl::string_view field);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_CSV_TEXT_H_
