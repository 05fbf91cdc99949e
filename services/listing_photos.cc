#include "services/listing_photos.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "fingerprint/derive_dihedral.h"
#include "media/byte_source.h"
#include "models/cue_footage.h"
#include "services/convert.h"
#include "services/fingerprint_video.h"
#include "services/match_stills.h"
#include "services/proto_time.h"
#include "services/still_image.h"
#include "takedown/evidence_store.h"

namespace lenscap {
namespace {

// Of other listings, whose standing is looked up for each photo.
constexpr size_t kMaxLookedUp = 64;

ReaderOptions ReaderOptionsOf(const PhotoReading& reading,
                              const Cancellation& cancellation) {
  return {.sample_interval = kUploadInterval,
          .sampling = Sampling::kSparse,
          .limits = reading.limits,
          .cancelled = cancellation.flag()};
}

// Small and grey, as all stills are.
absl::StatusOr<v1::Still> StillOf(const PhotoReading& reading,
                                  const std::string& image, int number,
                                  const Cancellation& cancellation) {
  ASSIGN_OR_RETURN(
      const std::vector<CueStill> pictures,
      ReadMatchStills(reading.open_video, MakeMemorySource(image),
                      ReaderOptionsOf(reading, cancellation), TimeSpan()));
  ASSIGN_OR_RETURN(std::string jpeg, EncodeStill(pictures.front()));
  v1::Still still;
  still.set_kind(v1::Still::KIND_PHOTO);
  *still.mutable_time() = ToProto(absl::Seconds(number));
  still.set_jpeg(std::move(jpeg));
  still.set_width(pictures.front().width);
  still.set_height(pictures.front().height);
  return still;
}

// Where the other listing stands now.
absl::Status LookUp(const TakedownQueue& cases, const std::string& tenant,
                    v1::PhotoMatch& match) {
  const absl::StatusOr<v1::CaseUpload> listing =
      cases.Upload(match.listing_id());
  if (absl::IsNotFound(listing.status())) return absl::OkStatus();
  RETURN_IF_ERROR(listing.status());
  // The id may be that of something else.
  if (listing->kind() != v1::Case::KIND_LISTING ||
      listing->tenant() != tenant) {
    return absl::OkStatus();
  }
  match.set_case_id(listing->case_id());
  if (listing->decisions().empty()) return absl::OkStatus();
  match.set_standing(listing->decisions().rbegin()->outcome() ==
                             v1::Decision::OUTCOME_REMOVE
                         ? v1::PhotoMatch::STANDING_REMOVED
                         : v1::PhotoMatch::STANDING_KEPT);
  return absl::OkStatus();
}

class PhotoReview {
 public:
  PhotoReview(const PhotoReading& reading, const TakedownQueue& cases,
              const v1::ReviewListingRequest& request,
              const Cancellation& cancellation)
      : reading_(reading),
        cases_(cases),
        request_(request),
        cancellation_(cancellation) {}

  absl::StatusOr<ListingPhotos> Run() && {
    for (int i = 0; i < request_.images_size(); ++i) {
      RETURN_IF_ERROR(LookAtImage(i));
    }
    for (int i = 0; i < request_.image_hashes_size(); ++i) {
      RETURN_IF_ERROR(LookAtHash(i));
    }
    return std::move(photos_);
  }

 private:
  absl::Status LookAtImage(int number) {
    const std::string& image = request_.images(number);
    Digester digester;
    digester.Update(image);
    FingerprintOptions options = {
        .reader = ReaderOptionsOf(reading_, cancellation_),
        .open = reading_.open_video};
    auto read = FingerprintUpload(MakeMemorySource(image), digester.Finish(),
                                  options, *reading_.clips);
    RETURN_IF_ERROR(cancellation_.status());
    // What is not the photo's fault may be better when it is tried again.
    if (!read.ok() && !IsUnreadable(read.status())) return read.status();
    if (read.ok()) photos_.decoding += read->decode_time;
    if (!read.ok() || read->upload.frames.empty()) {
      photos_.unreadable.push_back(absl::StrCat(
          "images[", number,
          "]: ", read.ok() ? "it has no picture" : read.status().message()));
      // The very file may be listed all the same.
      UploadFingerprint file;
      file.digests = digester.Finish();
      MatchClips(file, number);
      return absl::OkStatus();
    }
    MatchClips(read->upload, number);
    // Of a picture that moves, the first.
    return MatchPhotos(read->upload.frames.front().pdq, number);
  }

  absl::Status LookAtHash(int index) {
    const v1::PhotoHash& photo = request_.image_hashes(index);
    const int number = request_.images_size() + index;
    ASSIGN_OR_RETURN(const Hash256 hash, HashFromBytes(photo.pdq()));
    const Pdq upright = {.hash = hash, .quality = photo.quality()};
    UploadFingerprint upload;
    upload.frames.push_back(
        {.time = absl::ZeroDuration(), .pdq = DeriveDihedral(upright)});
    MatchClips(upload, number);
    return MatchPhotos(upload.frames.front().pdq, number);
  }

  void MatchClips(const UploadFingerprint& upload, int number) {
    std::vector<ClipMatch> clips = reading_.clips->Match(upload);
    clips.resize(std::min(clips.size(), kMaxPhotoMatches));
    for (ClipMatch& clip : clips) {
      v1::ImageMatch& match = photos_.matches.emplace_back();
      match.set_image(number);
      *match.mutable_clip() = ToProto(clip);
      photos_.clips.push_back(std::move(clip));
    }
  }

  absl::Status MatchPhotos(const DihedralPdq& photo, int number) {
    if (photo.quality < PhotoIndex::kMinQuality) return absl::OkStatus();
    photos_.hashes.push_back(photo.hashes[0]);
    const PhotoIndex::Listing asked = {.tenant = request_.tenant(),
                                       .listing_id = request_.listing_id()};
    std::vector<v1::PhotoMatch> found;
    for (const PhotoIndex::Match& match : reading_.index->Search(
             asked, photo, reading_.max_distance, kMaxLookedUp)) {
      v1::PhotoMatch& told = found.emplace_back();
      told.set_listing_id(match.listing.listing_id);
      told.set_seller(match.listing.seller);
      told.set_distance(match.distance);
      told.set_orientation(ToProto(match.orientation));
      *told.mutable_seen() = ToProto(match.seen);
      RETURN_IF_ERROR(LookUp(cases_, request_.tenant(), told));
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const v1::PhotoMatch& a, const v1::PhotoMatch& b) {
                       return IsRemoved(a) && !IsRemoved(b);
                     });
    found.resize(std::min(found.size(), kMaxPhotoMatches));
    for (v1::PhotoMatch& told : found) {
      v1::ImageMatch& match = photos_.matches.emplace_back();
      match.set_image(number);
      *match.mutable_photo() = told;
      photos_.others.push_back(std::move(told));
    }
    return absl::OkStatus();
  }

  static bool IsRemoved(const v1::PhotoMatch& match) {
    return match.standing() == v1::PhotoMatch::STANDING_REMOVED;
  }

  const PhotoReading& reading_;
  const TakedownQueue& cases_;
  const v1::ReviewListingRequest& request_;
  const Cancellation& cancellation_;
  ListingPhotos photos_;
};

}  // namespace

absl::StatusOr<ListingPhotos> ReviewPhotos(
    const PhotoReading& reading, const TakedownQueue& cases,
    const v1::ReviewListingRequest& request, const Cancellation& cancellation) {
  return PhotoReview(reading, cases, request, cancellation).Run();
}

CaseStills PhotoStills(const PhotoReading& reading,
                       const v1::ReviewListingRequest& request,
                       const Cancellation& cancellation) {
  CaseStills stills;
  for (int i = 0; i < request.images_size() &&
                  stills.stills.size() < EvidenceStore::kMaxStills;
       ++i) {
    auto still = StillOf(reading, request.images(i), i, cancellation);
    if (still.ok()) {
      stills.stills.push_back(*std::move(still));
    } else {
      stills.missing = still.status();
    }
  }
  return stills;
}

absl::Status KeepPhotos(const PhotoReading& reading,
                        const v1::ReviewListingRequest& request, bool in_case,
                        const ListingPhotos& photos) {
  return reading.index->Put({.tenant = request.tenant(),
                             .listing_id = request.listing_id(),
                             .seller = request.seller(),
                             .in_case = in_case},
                            photos.hashes);
}

}  // namespace lenscap
