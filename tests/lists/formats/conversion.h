#ifndef LENSCAP_TESTS_LISTS_FORMATS_CONVERSION_H_
#define LENSCAP_TESTS_LISTS_FORMATS_CONVERSION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lists/formats/format.h"
#include "tests/index/hashes.h"

namespace lenscap {

// Conversions of texts in memory, for tests of the formats.

// Everything that `text` has; entries are of list "list", and of id "entry"
// where the format has one that says none.
absl::StatusOr<std::vector<EntryChange>> ReadAll(ListFormat format,
                                                 const std::string& text,
                                                 LossReport* losses);

// The running test fails where it cannot be written.
std::string WriteAll(ListFormat format, const std::vector<EntryChange>& entries,
                     LossReport* losses);

EntryChange Added(Clip clip);

// An entry with any of what an entry can have.
Clip RandomEntry(const std::string& entry_id, Random& random);

// "what (count)" of each loss.
std::vector<std::string> Lines(const LossReport& losses);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_LISTS_FORMATS_CONVERSION_H_
