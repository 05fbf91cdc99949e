#include "services/listing_request.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/tenants.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxTitleBytes = 4 << 10;
constexpr size_t kMaxDescriptionBytes = 256 << 10;
constexpr size_t kMaxCategoryBytes = 1024;
constexpr int kMaxAttributes = 256;
constexpr size_t kMaxValueBytes = 4 << 10;
constexpr size_t kMaxLocaleBytes = 32;
constexpr size_t kMaxUriBytes = 4096;
constexpr int kMaxPhotos = 32;
constexpr size_t kPdqBytes = 32;
constexpr char kVideoSuffix[] = "#video";

absl::Status Invalid(absl::string_view field, absl::string_view expected) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": expected ", expected));
}

absl::Status ValidateAttributes(const v1::ReviewListingRequest& request) {
  RETURN_IF_ERROR(CheckRange("attributes",
                             static_cast<int64_t>(request.attributes().size()),
                             0, kMaxAttributes));
  for (const auto& [name, value] : request.attributes()) {
    RETURN_IF_ERROR(
        CheckLength("the name of one of attributes", name, 1, kMaxNameBytes));
    RETURN_IF_ERROR(CheckLength(
        absl::StrCat("attributes[\"", absl::Utf8SafeCEscape(name), "\"]"),
        value, 0, kMaxValueBytes));
  }
  return absl::OkStatus();
}

absl::Status ValidatePrice(const v1::ReviewListingRequest& request) {
  if (request.price_minor_units() < 0) {
    return Invalid("price_minor_units", "0 or more");
  }
  const std::string& currency = request.currency();
  const bool code =
      currency.size() == 3 &&
      std::all_of(currency.begin(), currency.end(), absl::ascii_isupper);
  return currency.empty() || code
             ? absl::OkStatus()
             : Invalid("currency", "three capital letters, or nothing");
}

absl::Status ValidateLocale(const std::string& locale) {
  RETURN_IF_ERROR(CheckLength("locale", locale, 0, kMaxLocaleBytes));
  const bool tag = std::all_of(
      locale.begin(), locale.end(),
      [](unsigned char c) { return absl::ascii_isalnum(c) || c == '-'; });
  return tag ? absl::OkStatus()
             : Invalid("locale", "a language tag such as \"zh-CN\"");
}

absl::Status ValidatePhotos(const v1::ReviewListingRequest& request) {
  RETURN_IF_ERROR(
      CheckRange("images and image_hashes together",
                 int64_t{request.images_size()} + request.image_hashes_size(),
                 0, kMaxPhotos));
  for (int i = 0; i < request.image_hashes_size(); ++i) {
    const std::string field = absl::StrCat("image_hashes[", i, "]");
    const v1::PhotoHash& photo = request.image_hashes(i);
    RETURN_IF_ERROR(CheckLength(absl::StrCat(field, ".pdq"), photo.pdq(),
                                kPdqBytes, kPdqBytes));
    RETURN_IF_ERROR(
        CheckRange(absl::StrCat(field, ".quality"), photo.quality(), 0, 100));
  }
  return absl::OkStatus();
}

bool IsScanned(const v1::ListingVideo& video) {
  return video.has_content() || video.has_uri();
}

absl::Status ValidateVideo(const v1::ReviewListingRequest& request) {
  if (!request.has_video()) return absl::OkStatus();
  const v1::ListingVideo& video = request.video();
  if (IsScanned(video)) {
    // The scan's name is made of the listing's.
    RETURN_IF_ERROR(CheckLength("listing_id of a listing with a video",
                                request.listing_id(), 1,
                                kMaxNameBytes - sizeof(kVideoSuffix) + 1));
  }
  switch (video.source_case()) {
    case v1::ListingVideo::kContent:
      return video.content().empty()
                 ? Invalid("video.content", "a file, got 0 bytes")
                 : absl::OkStatus();
    case v1::ListingVideo::kUri:
      return CheckLength("video.uri", video.uri(), 1, kMaxUriBytes);
    case v1::ListingVideo::kContentId:
      return CheckLength("video.content_id", video.content_id(), 1,
                         kMaxNameBytes);
    case v1::ListingVideo::SOURCE_NOT_SET:
      break;
  }
  return Invalid("video", "content, uri or content_id");
}

absl::Status ValidateReported(const v1::ReviewListingRequest& request) {
  if (!request.has_reported()) return absl::OkStatus();
  // As google.protobuf.Timestamp has it: the years 1 to 9999.
  RETURN_IF_ERROR(CheckRange("reported.seconds", request.reported().seconds(),
                             -62'135'596'800, 253'402'300'799));
  return CheckRange("reported.nanos", request.reported().nanos(), 0,
                    999'999'999);
}

}  // namespace

absl::Status ValidateListing(const v1::ReviewListingRequest& request) {
  RETURN_IF_ERROR(
      CheckLength("listing_id", request.listing_id(), 1, kMaxNameBytes));
  if (!v1::ReviewListingRequest::Kind_IsValid(request.kind())) {
    return Invalid("kind", absl::StrCat("a known value, got ",
                                        static_cast<int>(request.kind())));
  }
  RETURN_IF_ERROR(CheckLength("title", request.title(), 0, kMaxTitleBytes));
  RETURN_IF_ERROR(CheckLength("description", request.description(), 0,
                              kMaxDescriptionBytes));
  RETURN_IF_ERROR(ValidateAttributes(request));
  RETURN_IF_ERROR(
      CheckLength("category", request.category(), 0, kMaxCategoryBytes));
  RETURN_IF_ERROR(ValidatePrice(request));
  RETURN_IF_ERROR(CheckLength("seller", request.seller(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(CheckLength("group", request.group(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(ValidateLocale(request.locale()));
  RETURN_IF_ERROR(ValidateTenant("tenant", request.tenant()));
  RETURN_IF_ERROR(ValidateTenant("platform_class", request.platform_class()));
  RETURN_IF_ERROR(ValidatePhotos(request));
  RETURN_IF_ERROR(ValidateVideo(request));
  return ValidateReported(request);
}

bool NeedsDecoding(const v1::ReviewListingRequest& request) {
  return !request.images().empty() || IsScanned(request.video());
}

int64_t MediaBytes(const v1::ReviewListingRequest& request) {
  auto bytes = static_cast<int64_t>(request.video().content().size());
  for (const std::string& image : request.images()) {
    bytes += static_cast<int64_t>(image.size());
  }
  return bytes;
}

ListingText TextOf(const v1::ReviewListingRequest& request) {
  ListingText text;
  text.kind = request.kind() == v1::ReviewListingRequest::KIND_UNSPECIFIED
                  ? ListingKind::kListing
                  : static_cast<ListingKind>(request.kind());
  text.title = request.title();
  text.description = request.description();
  text.category = request.category();
  text.attributes = {request.attributes().begin(), request.attributes().end()};
  text.locale = request.locale();
  return text;
}

std::string VideoContentId(const v1::ReviewListingRequest& request) {
  return absl::StrCat(request.listing_id(), kVideoSuffix);
}

v1::ReviewListingRequest WithoutMedia(const v1::ReviewListingRequest& request) {
  v1::ReviewListingRequest item = request;
  item.clear_images();
  if (IsScanned(item.video())) item.clear_video();
  return item;
}

}  // namespace lenscap
