#ifndef LENSCAP_SERVICES_LISTING_PHOTOS_H_
#define LENSCAP_SERVICES_LISTING_PHOTOS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fingerprint/hash256.h"
#include "index/clip_match.h"
#include "index/known_clips.h"
#include "index/photo_index.h"
#include "media/video_reader.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "services/cancellation.h"
#include "services/case_evidence.h"
#include "takedown/queue.h"

namespace lenscap {

// What photos are looked at with; all must outlive it.
struct PhotoReading {
  const KnownClips* clips = nullptr;
  PhotoIndex* index = nullptr;
  OpenVideo open_video = VideoReader::Open;
  MediaLimits limits;
  int max_distance = 31;  // Of a photo from one of another listing.
};

// What the photos of a listing are known as.
struct ListingPhotos {
  std::vector<v1::ImageMatch> matches;  // In order of the photos.
  std::vector<ClipMatch> clips;         // Of these, those on lists.
  std::vector<v1::PhotoMatch> others;   // And those of other listings.
  std::vector<Hash256> hashes;          // To be kept.
  std::vector<std::string> unreadable;  // "images[2]: ..."
  absl::Duration decoding;
};

// At most so many matches of each kind are told of each photo: listings that
// were removed first, then the nearest.
inline constexpr size_t kMaxPhotoMatches = 8;

// Looks at the photos, sent or hashed: each is decoded as every upload is, and
// compared with the lists and with the photos of other listings, whose standing
// is that of now. A photo that cannot be read costs that photo. Fails with the
// reason of `cancellation`, or where the queue cannot be read.
absl::StatusOr<ListingPhotos> ReviewPhotos(
    const PhotoReading& reading, const TakedownQueue& cases,
    const v1::ReviewListingRequest& request, const Cancellation& cancellation);

// The photos that were sent, as stills for a reviewer; those that cannot be
// read are left out.
CaseStills PhotoStills(const PhotoReading& reading,
                       const v1::ReviewListingRequest& request,
                       const Cancellation& cancellation);

// Keeps their hashes under the listing, in place of what was there.
absl::Status KeepPhotos(const PhotoReading& reading,
                        const v1::ReviewListingRequest& request, bool in_case,
                        const ListingPhotos& photos);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTING_PHOTOS_H_
