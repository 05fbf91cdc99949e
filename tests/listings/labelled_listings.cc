#include "tests/listings/labelled_listings.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "nlohmann/json.hpp"
#include "proto/lenscap/v1/listing.pb.h"
#include "services/web/json_message.h"

namespace lenscap {
namespace {

constexpr std::array kEvasions = {
    "none",   "spacing",   "emoji", "homoglyph", "full-width", "traditional",
    "pinyin", "homophone", "split", "leet",      "zero-width", "mixed"};

ListingText TextOf(const v1::ReviewListingRequest& request) {
  ListingText text;
  if (request.kind() != v1::ReviewListingRequest::KIND_UNSPECIFIED) {
    text.kind = static_cast<ListingKind>(request.kind());
  }
  text.title = request.title();
  text.description = request.description();
  text.category = request.category();
  text.attributes = {request.attributes().begin(), request.attributes().end()};
  text.locale = request.locale();
  return text;
}

absl::StatusOr<LabelledListing> ParseLine(absl::string_view line) {
  const auto fault = [](absl::string_view what) {
    return absl::InvalidArgumentError(what);
  };
  const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object()) return fault("is no JSON object");
  for (const char* name : {"id", "label", "category", "evasion"}) {
    if (!json.contains(name) || !json[name].is_string()) {
      return fault(absl::StrCat("\"", name, "\" is no text"));
    }
  }
  if (!json.contains("listing")) return fault("\"listing\" is absent");
  LabelledListing listing;
  listing.id = json["id"];
  listing.category = json["category"];
  listing.evasion = json["evasion"];
  if (std::find(kEvasions.begin(), kEvasions.end(), listing.evasion) ==
      kEvasions.end()) {
    return fault(absl::StrCat("evasion is \"", listing.evasion, "\""));
  }
  const std::string label = json["label"];
  listing.positive = label == "positive";
  if (!listing.positive && label != "negative") {
    return fault(absl::StrCat("label is \"", label, "\""));
  }
  v1::ReviewListingRequest request;
  RETURN_IF_ERROR(ReadJson(json["listing"].dump(), request));
  listing.text = TextOf(request);
  return listing;
}

}  // namespace

absl::StatusOr<std::vector<LabelledListing>> ParseLabelledListings(
    absl::string_view ndjson) {
  std::vector<LabelledListing> listings;
  std::set<std::string> ids;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(ndjson, '\n')) {
    ++number;
    if (line.empty()) continue;
    absl::StatusOr<LabelledListing> listing = ParseLine(line);
    if (listing.ok() && !ids.insert(listing->id).second) {
      listing = absl::InvalidArgumentError(
          absl::StrCat("id \"", listing->id, "\" is there already"));
    }
    if (!listing.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", listing.status().message()));
    }
    listings.push_back(*std::move(listing));
  }
  return listings;
}

absl::StatusOr<LabelledPart> ReadLabelledFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " is not there"));
  std::ostringstream text;
  text << file.rdbuf();
  absl::StatusOr<std::vector<LabelledListing>> listings =
      ParseLabelledListings(text.str());
  if (!listings.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", listings.status().message()));
  }
  return LabelledPart{std::filesystem::path(path).stem().string(),
                      *std::move(listings)};
}

absl::StatusOr<std::vector<LabelledPart>> ReadLabelledParts() {
  std::vector<LabelledPart> parts;
  for (const char* name : {"held_out", "second_author", "third_author",
                           "fourth_author", "fifth_author", "written_on"}) {
    absl::StatusOr<LabelledPart> part =
        ReadLabelledFile(absl::StrCat("tests/data/listings/", name, ".ndjson"));
    if (absl::IsNotFound(part.status())) continue;
    RETURN_IF_ERROR(part.status());
    parts.push_back(*std::move(part));
  }
  if (parts.empty()) {
    return absl::NotFoundError("tests/data/listings has no part");
  }
  return parts;
}

}  // namespace lenscap
