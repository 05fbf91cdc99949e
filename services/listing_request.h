#ifndef LENSCAP_SERVICES_LISTING_REQUEST_H_
#define LENSCAP_SERVICES_LISTING_REQUEST_H_

#include <string>

#include "absl/status/status.h"
#include "listings/rule_pack.h"
#include "proto/lenscap/v1/listing.pb.h"

namespace lenscap {

// What comes to be reviewed. Pure functions.

// INVALID_ARGUMENT, naming the field, for a request beyond the bounds that
// listing.proto gives.
absl::Status ValidateListing(const v1::ReviewListingRequest& request);

// Whether something of it has to be decoded, on the threads that scan.
bool NeedsDecoding(const v1::ReviewListingRequest& request);
// Of its photos and its video.
int64_t MediaBytes(const v1::ReviewListingRequest& request);

// Its text, as rules see it.
ListingText TextOf(const v1::ReviewListingRequest& request);

// The content id of its video: "listing-1#video".
std::string VideoContentId(const v1::ReviewListingRequest& request);

// What a case keeps of it: all but photos and video.
v1::ReviewListingRequest WithoutMedia(const v1::ReviewListingRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTING_REQUEST_H_
