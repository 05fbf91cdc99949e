#ifndef LENSCAP_TESTS_LISTINGS_LABELLED_LISTINGS_H_
#define LENSCAP_TESTS_LISTINGS_LABELLED_LISTINGS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "listings/rule.h"

namespace lenscap {

// A listing, and whether a person should look at it: a line of
// tests/data/listings, whose README.md has the fields.
struct LabelledListing {
  std::string id;
  bool positive = false;
  // Of a positive what it offers, such as "footage-trade"; of a negative what
  // it is easily taken for.
  std::string category;
  std::string evasion;  // How its words are hidden; "none" where they are not.
  ListingText text;
};

// In the order of the lines. INVALID_ARGUMENT names line and fault.
absl::StatusOr<std::vector<LabelledListing>> ParseLabelledListings(
    absl::string_view ndjson);

// The parts that are there, such as "held_out" and "written_on", by name.
struct LabelledPart {
  std::string name;
  std::vector<LabelledListing> listings;
};
absl::StatusOr<std::vector<LabelledPart>> ReadLabelledParts();

// Any other file of such lines; its part is called as the file is, without
// folder and ending. NOT_FOUND, or INVALID_ARGUMENT as above.
absl::StatusOr<LabelledPart> ReadLabelledFile(const std::string& path);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_LISTINGS_LABELLED_LISTINGS_H_
