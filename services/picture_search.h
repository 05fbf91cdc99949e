#ifndef LENSCAP_SERVICES_PICTURE_SEARCH_H_
#define LENSCAP_SERVICES_PICTURE_SEARCH_H_

#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "fingerprint/fingerprint.h"
#include "fingerprint/layout.h"
#include "fingerprint/region.h"
#include "fingerprint/scene_key.h"
#include "fingerprint/thumbnail.h"
#include "index/clip.h"
#include "index/clip_sighter.h"
#include "media/frame.h"
#include "media/video_reader.h"

namespace lenscap {

// A picture of the stretch that is searched.
struct SearchedPicture {
  SearchedPicture(const Frame& frame, const FrameFingerprint& fingerprint);

  absl::Duration time;
  FrameFingerprint fingerprint;
  LumaRange range;
  Thumbnail thumbnail;
  bool known = false;  // As a whole it looks like one of a known clip.
  std::optional<std::vector<PictureSighting>> sightings;  // Once looked for.
};

// Looks into the pictures of an upload for what the hashes of whole frames do
// not show: its parts, known clips whose details are in it, and its scenes.
// Works on stretches of one to four minutes, of which it keeps thumbnails: some
// 12 MB, and up to 50 where a whole stretch was worth another look.
// What it finds is bounded, so that an upload of any length takes little
// memory: by default to two hours of 24 tiles, or eight hours of 6, and to
// three clips that are sighted for eight hours.
class PictureSearch {
 public:
  // What is looked for; each costs time, which tests/bench/copies measures.
  struct Options {
    bool parts = true;       // Borders, tiles, inner pictures.
    bool keypoints = true;   // Clips whose details are in the picture.
    bool lookalikes = true;  // Clips that look like it, for their windows.
    bool scenes = true;
    // Whether keypoints are looked for each second, and not ever more rarely in
    // a shot until there is something worth a look. FingerprintUpload sets it
    // by the sampling.
    bool closely = true;
    // Where these are reached, later pictures are not searched so.
    size_t max_part_pictures = 400'000;     // Of all parts; 272 bytes each.
    size_t max_sighted_pictures = 180'000;  // Of all clips; 376 bytes each.
  };

  // `clips` must outlive this.
  PictureSearch(const ClipSighter& clips, const Options& options)
      : clips_(clips), options_(options) {}

  // In order of time, each with its fingerprint. Returns whether the picture as
  // a whole looks like one of a known clip.
  bool Add(const Frame& frame, const FrameFingerprint& fingerprint);

  // Whether the next picture will end the stretch.
  bool StretchIsFull() const;

  // Where something in the stretch looks like a known clip, so that it is worth
  // to look at more pictures of these parts; with what surrounds them.
  std::vector<TimeSpan> WorthALook();
  // Takes `pictures` in place of those that the stretch has within `spans`;
  // what came before the stretch is left as it is.
  void Replace(absl::Span<const TimeSpan> spans,
               std::vector<SearchedPicture> pictures);

  // Searches the stretch and begins the next one.
  void EndStretch();

  // Ends the last stretch and adds what was found; nothing may be added
  // afterwards.
  void Finish(UploadFingerprint* upload);

 private:
  // What is found in the pictures of a stretch, and where.
  struct Findings {
    std::vector<TimeSpan> spans;
    std::vector<LayoutPart> layout;
    std::vector<std::vector<DihedralPdq>> part_pdqs;  // By part and picture.
    std::vector<SightingFingerprint> sightings;
  };

  Findings Look();
  void LookAtParts(Findings& findings) const;
  void LookForKeypoints(Findings& findings);
  void LookForLookalikes(absl::Span<const DihedralPdq> pdqs,
                         const Region& region, Findings& findings) const;
  void AddParts(Findings& findings);
  void AddSighting(SightingFingerprint place);
  const std::vector<PictureSighting>& SightingsIn(
      SearchedPicture& picture) const;
  PictureMap Follow(const PictureSighting& sighting, SearchedPicture& picture);

  const ClipSighter& clips_;
  const Options options_;
  std::vector<SearchedPicture> stretch_;
  std::optional<Findings> findings_;  // Of the stretch as it is.
  bool looks_closely_ = false;        // At this stretch.
  int followed_ = 0;  // Pictures in which a place was looked for again.
  SceneKeyFinder scenes_;
  std::vector<PartFingerprint> parts_;
  std::vector<SightingFingerprint> sightings_;
  size_t part_pictures_ = 0;
  size_t sighted_pictures_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_PICTURE_SEARCH_H_
