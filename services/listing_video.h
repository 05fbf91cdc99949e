#ifndef LENSCAP_SERVICES_LISTING_VIDEO_H_
#define LENSCAP_SERVICES_LISTING_VIDEO_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "index/known_clips.h"
#include "index/upload_store.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "proto/lenscap/v1/policy.pb.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/cancellation.h"
#include "services/media_roots.h"
#include "services/screen_video.h"
#include "takedown/queue.h"

namespace lenscap {

// What the videos of listings are looked at with; all must outlive it.
struct VideoReading {
  const VideoScreener* screener = nullptr;
  const MediaRoots* roots = nullptr;
  const KnownClips* clips = nullptr;
  const UploadStore* uploads = nullptr;  // Null where none are kept.
  v1::Policy policy;
  int64_t max_bytes = 0;
};

// What was found in the listing's video; none where it has none. A file, or one
// that is named, goes through the whole scan, under the listing's account and
// a content id of its own; of an upload that was scanned already it is what
// its case says, or else what the lists make of its fingerprint now. NOT_FOUND,
// naming video.content_id, where neither is there; errors of VideoScreener.
absl::StatusOr<std::optional<v1::ScanReport>> ReviewVideo(
    const VideoReading& reading, const TakedownQueue& cases,
    const v1::ReviewListingRequest& request, const Cancellation& cancellation);

// How long this scan decoded.
absl::Duration DecodingOf(const v1::ReviewListingRequest& request,
                          const std::optional<v1::ScanReport>& video);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTING_VIDEO_H_
