// Listings as CSV.

#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "services/cli/csv_reader.h"
#include "services/cli/listing_price.h"
#include "services/cli/listing_reader.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

using Request = v1::ReviewListingRequest;

// Takes a field that is not empty into the listing; `price` is kept until the
// currency is known, wherever that stands.
struct CsvListing {
  ListingLine line;
  std::string price;
};
using SetField =
    std::function<absl::Status(const std::string& value, CsvListing& listing)>;

constexpr absl::string_view kAttribute = "attr.";
constexpr size_t kMaxColumns = 1024;

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", Printable(text.substr(0, 80)), "\"");
}

absl::Status SetKind(const std::string& value, CsvListing& listing) {
  const std::pair<const char*, Request::Kind> kinds[] = {
      {"listing", Request::KIND_LISTING},
      {"post", Request::KIND_POST},
      {"chat-message", Request::KIND_CHAT_MESSAGE},
      {"profile", Request::KIND_PROFILE}};
  for (const auto& [name, kind] : kinds) {
    if (value != name) continue;
    listing.line.request.set_kind(kind);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("kind: ", Quoted(value),
                   " is none of listing, post, chat-message, profile"));
}

absl::Status SetMinorUnits(const std::string& value, CsvListing& listing) {
  int64_t minor = 0;
  if (!absl::SimpleAtoi(value, &minor)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "price_minor_units: expected a whole number, got ", Quoted(value)));
  }
  listing.line.request.set_price_minor_units(minor);
  return absl::OkStatus();
}

absl::Status SetPhotoFiles(const std::string& value, CsvListing& listing) {
  for (const absl::string_view file :
       absl::StrSplit(value, ';', absl::SkipWhitespace())) {
    listing.line.photo_files.emplace_back(absl::StripAsciiWhitespace(file));
  }
  return absl::OkStatus();
}

SetField Text(std::string* (Request::*field)()) {
  return [field](const std::string& value, CsvListing& listing) {
    *(listing.line.request.*field)() = value;
    return absl::OkStatus();
  };
}

SetField Attribute(const std::string& name) {
  return [name](const std::string& value, CsvListing& listing) {
    (*listing.line.request.mutable_attributes())[name] = value;
    return absl::OkStatus();
  };
}

const std::map<std::string, SetField>& Columns() {
  static const auto* const columns = new std::map<std::string, SetField>{
      {"listing_id", Text(&Request::mutable_listing_id)},
      {"kind", SetKind},
      {"title", Text(&Request::mutable_title)},
      {"description", Text(&Request::mutable_description)},
      {"category", Text(&Request::mutable_category)},
      {"price",
       [](const std::string& value, CsvListing& listing) {
         listing.price = value;
         return absl::OkStatus();
       }},
      {"price_minor_units", SetMinorUnits},
      {"currency", Text(&Request::mutable_currency)},
      {"seller", Text(&Request::mutable_seller)},
      {"locale", Text(&Request::mutable_locale)},
      {"tenant", Text(&Request::mutable_tenant)},
      {"platform_class", Text(&Request::mutable_platform_class)},
      {"group", Text(&Request::mutable_group)},
      {"photo_files", SetPhotoFiles},
  };
  return *columns;
}

class CsvListings final : public ListingReader {
 public:
  explicit CsvListings(std::unique_ptr<ByteReader> file)
      : csv_(std::move(file), kMaxRecordBytes) {}

  absl::Status ReadHeader() {
    ASSIGN_OR_RETURN(const auto header, csv_.Next());
    if (!header) {
      return absl::InvalidArgumentError(
          "the file is empty; CSV begins with a line that names its columns");
    }
    const absl::Status status = TakeHeader(*header);
    if (status.ok()) return status;
    return absl::Status(status.code(), absl::StrCat("line ", header->line, ": ",
                                                    status.message()));
  }

  absl::StatusOr<std::optional<ListingLine>> Next() override {
    ASSIGN_OR_RETURN(const auto record, csv_.Next());
    if (!record) return std::nullopt;
    CsvListing listing;
    listing.line.status = TakeRecord(*record, listing);
    if (!listing.line.status.ok()) {
      // Sent nowhere, so that nothing else of it is needed.
      std::string id = std::move(*listing.line.request.mutable_listing_id());
      listing.line.request.Clear();
      listing.line.request.set_listing_id(std::move(id));
    }
    listing.line.number = record->line;
    return std::move(listing.line);
  }

 private:
  struct Column {
    std::string name;
    SetField set;
  };

  absl::Status TakeHeader(const CsvRecord& header) {
    RETURN_IF_ERROR(header.status);
    if (header.fields.size() > kMaxColumns) {
      return absl::InvalidArgumentError(
          absl::StrCat("there are ", header.fields.size(),
                       " columns; there may be ", kMaxColumns));
    }
    std::set<std::string> seen;
    for (const std::string& field : header.fields) {
      ASSIGN_OR_RETURN(Column column, ColumnOf(field));
      if (!seen.insert(column.name).second) {
        return absl::InvalidArgumentError(
            absl::StrCat("column ", Quoted(column.name), " is there twice"));
      }
      columns_.push_back(std::move(column));
    }
    if (!seen.contains("listing_id")) {
      return absl::InvalidArgumentError("there is no column listing_id");
    }
    if (seen.contains("price") && seen.contains("price_minor_units")) {
      return absl::InvalidArgumentError(
          "of the columns price and price_minor_units there may be one");
    }
    return absl::OkStatus();
  }

  static absl::StatusOr<Column> ColumnOf(absl::string_view field) {
    field = absl::StripAsciiWhitespace(field);
    if (!IsUtf8(field)) {
      return absl::InvalidArgumentError("the header is no UTF-8");
    }
    if (absl::StartsWithIgnoreCase(field, kAttribute) &&
        field.size() > kAttribute.size()) {
      const std::string name(field.substr(kAttribute.size()));
      return Column{absl::StrCat(kAttribute, name), Attribute(name)};
    }
    const std::string name = absl::AsciiStrToLower(field);
    const auto it = Columns().find(name);
    if (it == Columns().end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("column ", Quoted(field), " is none of ",
                       absl::StrJoin(Columns(), ", ",
                                     [](std::string* out, const auto& known) {
                                       absl::StrAppend(out, known.first);
                                     }),
                       ", ", kAttribute, "NAME"));
    }
    return Column{name, it->second};
  }

  absl::Status TakeRecord(const CsvRecord& record, CsvListing& listing) const {
    RETURN_IF_ERROR(record.status);
    if (record.fields.size() != columns_.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("it has ", record.fields.size(),
                       " fields where the header has ", columns_.size()));
    }
    absl::Status status;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::string& value = record.fields[i];
      if (value.empty()) continue;
      // The id is found behind a faulty field, too.
      if (!IsUtf8(value)) {
        status.Update(absl::InvalidArgumentError(
            absl::StrCat(columns_[i].name, ": it is no UTF-8")));
        continue;
      }
      status.Update(columns_[i].set(value, listing));
    }
    RETURN_IF_ERROR(status);
    if (listing.price.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(
        const int64_t minor,
        PriceInMinorUnits(listing.price, listing.line.request.currency()));
    listing.line.request.set_price_minor_units(minor);
    return absl::OkStatus();
  }

  CsvReader csv_;
  std::vector<Column> columns_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ListingReader>> ReadCsvListings(
    std::unique_ptr<ByteReader> file) {
  auto listings = std::make_unique<CsvListings>(std::move(file));
  RETURN_IF_ERROR(listings->ReadHeader());
  return listings;
}

}  // namespace lenscap::cli
