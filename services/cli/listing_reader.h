#ifndef LENSCAP_SERVICES_CLI_LISTING_READER_H_
#define LENSCAP_SERVICES_CLI_LISTING_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/byte_reader.h"
#include "proto/lenscap/v1/listing.pb.h"

namespace lenscap::cli {

// What a file of listings says of one of them.
struct ListingLine {
  int64_t number = 0;  // Of the line that it begins in, from 1.
  // Why it cannot be sent, naming the field; then `request` has no more than
  // the id.
  absl::Status status;
  v1::ReviewListingRequest request;
  std::vector<std::string> photo_files;
};

// Listings one by one, in bounded memory; a line that is none costs itself
// alone. Not thread-safe.
class ListingReader {
 public:
  // A record of CSV, or a line of JSON, may have so many bytes.
  static constexpr size_t kMaxRecordBytes = size_t{8} << 20;

  virtual ~ListingReader() = default;

  // Nothing at the end. An error is of the file: there is no reading on.
  virtual absl::StatusOr<std::optional<ListingLine>> Next() = 0;
};

// A ReviewListingRequest a line, as protobuf's JSON, with "photo_files" beside
// its fields: ["a.jpg"]. Empty lines are skipped.
std::unique_ptr<ListingReader> ReadNdjsonListings(
    std::unique_ptr<ByteReader> file);

// Records under a header that names the fields of each: listing_id, which must
// be there, kind (listing, post, chat-message, profile), title, description,
// category, price or price_minor_units, currency, seller, locale, tenant,
// platform_class, group, photo_files (separated by ';') and attr.NAME. Empty
// fields are not there. INVALID_ARGUMENT for a header that has others: a column
// that nobody reads would be a listing that nobody reviews.
absl::StatusOr<std::unique_ptr<ListingReader>> ReadCsvListings(
    std::unique_ptr<ByteReader> file);

// By the name's end (.csv, .ndjson, .jsonl, .json); else JSON where the first
// character is '{', and CSV.
absl::StatusOr<std::unique_ptr<ListingReader>> ReadListings(
    const std::string& path, std::unique_ptr<ByteReader> file);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LISTING_READER_H_
