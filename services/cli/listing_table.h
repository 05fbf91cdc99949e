#ifndef LENSCAP_SERVICES_CLI_LISTING_TABLE_H_
#define LENSCAP_SERVICES_CLI_LISTING_TABLE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "services/cli/listing_client.h"

namespace lenscap::cli {

// Reviews of listings as text, one listing after another: of a whole crawl
// there are too many to be kept.

// A record of CSV (csv_text.h): listing_id, action, score, rules ("pack/rule",
// in shadow with " (shadow)"), matched_text, image_matches, case_id, error;
// what there are several of is separated by "; ".
std::string ListingCsvHeader();
std::string ListingCsvRecord(const ReviewedListing& listing);

// A line for people; the columns are as wide for each.
std::string ListingTableHeader();
std::string ListingTableRow(const ReviewedListing& listing);

// "list/entry", or the listing that the photo is known from, and how near it
// is; printable.
std::string DescribeImageMatch(const v1::ImageMatch& match);

struct ListingTotals {
  int64_t blocked = 0;
  int64_t to_review = 0;
  int64_t allowed = 0;
  int64_t unreadable = 0;  // Nothing is known of them.
  int64_t failed = 0;
  int64_t photos_unread = 0;

  void Add(const ReviewedListing& listing);
  int64_t listings() const {
    return blocked + to_review + allowed + unreadable + failed;
  }
};

// "20 listings: 1 blocked, ...".
std::string SummarizeListings(const ListingTotals& totals,
                              absl::Duration elapsed);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LISTING_TABLE_H_
