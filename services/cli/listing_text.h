#ifndef LENSCAP_SERVICES_CLI_LISTING_TEXT_H_
#define LENSCAP_SERVICES_CLI_LISTING_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "proto/lenscap/v1/listing.pb.h"

namespace lenscap::cli {

// One field of a listing, as rules name it: "title", "attributes.NAME".
struct ListingField {
  std::string name;
  std::string text;
};
// Those that are not empty, in the order that rules look at them.
std::vector<ListingField> FieldsOf(const v1::ReviewListingRequest& listing);

// The text on one line, at most `columns` before and behind bytes [start, end),
// and below these a row of carets; printable, each line after `indent`. Bytes
// beyond the text's end are left out.
std::string UnderlineSpan(absl::string_view text, size_t start, size_t end,
                          size_t columns, absl::string_view indent);

// Each rule of the report and where it hits `listing`, the groups' sums, the
// score and the verdict with its reasons.
std::string ExplainListing(const v1::ReviewListingRequest& listing,
                           const v1::ListingReport& report);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LISTING_TEXT_H_
