#include "services/picture_search.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "fingerprint/keypoints.h"
#include "fingerprint/layout.h"
#include "fingerprint/region.h"
#include "fingerprint/region_pdq.h"
#include "fingerprint/windows.h"

namespace lenscap {
namespace {

// A stretch is over with so many pictures, half a second apart where they are
// dense, or after so long.
constexpr size_t kStretch = 128;
constexpr absl::Duration kMaxStretch = absl::Minutes(4);

// What surrounds a picture that is worth a look.
constexpr absl::Duration kAround = absl::Seconds(3);

constexpr size_t kLayoutPlanes = 32;

// Keypoints are looked for at most so often, and only in a picture that differs
// by more than so many bits from the last one. Unless that is worth a look,
// ever more rarely within one shot.
constexpr absl::Duration kKeyInterval = absl::Seconds(1);
constexpr absl::Duration kMaxKeyInterval = absl::Seconds(16);
constexpr int kKeyGrowth = 3;
constexpr int kKeyDistance = 8;
// Two pictures in a row that differ by more are of two shots.
constexpr int kCutDistance = 60;
constexpr int kKeypoints = 500;

// What a picture that looks alike as a whole counts for among sightings.
constexpr int kPairsOfLookalike = 30;

// Parts and sightings that are kept of a whole upload, and sightings of one
// stretch.
constexpr size_t kMaxParts = 128;
constexpr size_t kMaxSightings = 64;
constexpr size_t kMaxSightingsPerStretch = 8;
constexpr int kMaxSightingsPerClip = 2;

// The same part a minute later.
constexpr double kSameRegion = 0.95;
// How far apart the corners of a clip may be where two sightings agree.
constexpr double kSamePlace = 0.03;

// A screen that is filmed from the hand moves: its place is looked for in each
// picture, in so many of an upload.
constexpr double kHandHeld = 0.06;
constexpr double kSlant = 0.03;
constexpr int kMinPairsOfOne = 12;
constexpr int kMaxFollowed = 256;

bool IsSamePart(const LayoutPart& a, const LayoutPart& b) {
  return a.kind == b.kind && a.row == b.row && a.column == b.column &&
         a.rows == b.rows && a.columns == b.columns &&
         Overlap(a.region, b.region) >= kSameRegion;
}

bool Agree(const PictureSighting& a, const PictureSighting& b,
           double within = kSamePlace) {
  if (a.clip_id != b.clip_id || a.mirrored != b.mirrored) return false;
  for (const double x : {0.0, a.size.width}) {
    for (const double y : {0.0, a.size.height}) {
      const PicturePoint in_a = a.map({x, y});
      const PicturePoint in_b = b.map({x, y});
      if (std::hypot(in_a.x - in_b.x, in_a.y - in_b.y) > within) {
        return false;
      }
    }
  }
  return true;
}

// Neither upright nor turned by right angles.
bool IsSlanted(const PictureMap& map) {
  const double along = std::max(std::abs(map.xx), std::abs(map.yy));
  const double across = std::max(std::abs(map.xy), std::abs(map.yx));
  return std::min(along, across) > kSlant ||
         std::abs(map.zx) + std::abs(map.zy) > kSlant;
}

TimeSpan Around(absl::Duration time) {
  return {time - kAround, time + kAround};
}

// Of one picture.
SightingFingerprint SeenAt(absl::Duration time, const PictureSighting& sighting,
                           int pairs) {
  SightingFingerprint seen;
  seen.sighting = sighting;
  seen.seen = {time, time};
  seen.pictures = 1;
  seen.pairs = pairs;
  return seen;
}

void Merge(const SightingFingerprint& other, SightingFingerprint* place) {
  place->seen.start = std::min(place->seen.start, other.seen.start);
  place->seen.end = std::max(place->seen.end, other.seen.end);
  place->pictures += other.pictures;
  place->pairs = std::max(place->pairs, other.pairs);
}

// A clip is seen in one place for long: of sightings that agree, the surest;
// first those that most others agree with.
std::vector<SightingFingerprint> Consensus(
    std::vector<SightingFingerprint> all) {
  std::vector<SightingFingerprint> places;
  while (!all.empty() && places.size() < kMaxSightingsPerStretch) {
    size_t best = 0;
    int most = -1;
    for (size_t i = 0; i < all.size(); ++i) {
      int pairs = 0;
      for (const SightingFingerprint& other : all) {
        if (Agree(all[i].sighting, other.sighting)) {
          pairs += other.sighting.pairs;
        }
      }
      if (pairs > most) {
        most = pairs;
        best = i;
      }
    }
    SightingFingerprint chosen = all[best];
    chosen.pictures = 0;
    std::vector<SightingFingerprint> rest;
    for (SightingFingerprint& other : all) {
      if (Agree(chosen.sighting, other.sighting)) {
        Merge(other, &chosen);
      } else {
        rest.push_back(std::move(other));
      }
    }
    all = std::move(rest);
    const auto of_clip = std::count_if(
        places.begin(), places.end(), [&](const SightingFingerprint& place) {
          return place.sighting.clip_id == chosen.sighting.clip_id;
        });
    if (of_clip < kMaxSightingsPerClip) places.push_back(std::move(chosen));
  }
  return places;
}

bool IsMirrored(Orientation orientation) {
  return orientation >= Orientation::kFlipped;
}

// From the clip's picture to the region of the upload's that shows it. Turning
// the upload's as `orientation` says gives the clip's.
PictureMap MapInto(const Region& region, PictureSize upload,
                   const Lookalike& clip) {
  // Of shares of the clip's picture to shares of the region.
  constexpr PictureMap kShares[kOrientations] = {
      {1, 0, 0, 0, 1, 0},    // Upright.
      {0, -1, 1, 1, 0, 0},   // Turned counter-clockwise to get the clip's.
      {-1, 0, 1, 0, -1, 1},  // By half a turn.
      {0, 1, 0, -1, 0, 1},   // Clockwise.
      {1, 0, 0, 0, -1, 1},   // Flipped.
      {-1, 0, 1, 0, 1, 0},   // Mirrored.
      {0, 1, 0, 1, 0, 0},    // Transposed.
      {0, -1, 1, -1, 0, 1},  // Transversed.
  };
  const PictureMap& s = kShares[static_cast<int>(clip.orientation)];
  const double width = region.width() * upload.width;
  const double height = region.height() * upload.height;
  return {.xx = s.xx * width / clip.size.width,
          .xy = s.xy * width / clip.size.height,
          .x0 = region.left * upload.width + s.x0 * width,
          .yx = s.yx * height / clip.size.width,
          .yy = s.yy * height / clip.size.height,
          .y0 = region.top * upload.height + s.y0 * height};
}

}  // namespace

SearchedPicture::SearchedPicture(const Frame& frame,
                                 const FrameFingerprint& fingerprint)
    : time(frame.time),
      fingerprint(fingerprint),
      range(frame.range),
      thumbnail(Thumbnail::Of(frame.luma)) {}

bool PictureSearch::Add(const Frame& frame,
                        const FrameFingerprint& fingerprint) {
  if (StretchIsFull()) EndStretch();
  SearchedPicture& picture = stretch_.emplace_back(frame, fingerprint);
  picture.known = clips_.HasFrameLike(fingerprint.pdq);
  return picture.known;
}

bool PictureSearch::StretchIsFull() const {
  return stretch_.size() >= kStretch ||
         (!stretch_.empty() &&
          stretch_.back().time - stretch_.front().time >= kMaxStretch);
}

std::vector<TimeSpan> PictureSearch::WorthALook() {
  if (stretch_.empty()) return {};
  findings_ = Look();
  return findings_->spans;
}

void PictureSearch::Replace(absl::Span<const TimeSpan> spans,
                            std::vector<SearchedPicture> pictures) {
  if (stretch_.empty()) return;
  const absl::Duration start = stretch_.front().time;
  std::erase_if(pictures, [&](const SearchedPicture& picture) {
    return picture.time < start;
  });
  std::erase_if(stretch_, [&](const SearchedPicture& picture) {
    return IsWithin(spans, picture.time);
  });
  std::move(pictures.begin(), pictures.end(), std::back_inserter(stretch_));
  absl::c_stable_sort(stretch_,
                      [](const SearchedPicture& a, const SearchedPicture& b) {
                        return a.time < b.time;
                      });
  findings_.reset();
  looks_closely_ = true;
}

void PictureSearch::EndStretch() {
  if (stretch_.empty()) return;
  if (!findings_) findings_ = Look();
  AddParts(*findings_);
  for (SightingFingerprint& place :
       Consensus(std::move(findings_->sightings))) {
    AddSighting(std::move(place));
  }
  if (options_.scenes) {
    for (const SearchedPicture& picture : stretch_) {
      scenes_.Add(picture.time, picture.fingerprint.hash(), picture.thumbnail);
    }
  }
  findings_.reset();
  looks_closely_ = false;
  stretch_.clear();
}

PictureSearch::Findings PictureSearch::Look() {
  Findings findings;
  std::vector<DihedralPdq> whole;
  for (const SearchedPicture& picture : stretch_) {
    whole.push_back(picture.fingerprint.pdq);
    if (picture.known) findings.spans.push_back(Around(picture.time));
  }
  if (options_.parts) LookAtParts(findings);
  if (options_.keypoints && clips_.KnowsDetails()) LookForKeypoints(findings);
  if (options_.lookalikes) {
    LookForLookalikes(whole, Region(), findings);
    for (size_t i = 0; i < findings.layout.size(); ++i) {
      LookForLookalikes(findings.part_pdqs[i], findings.layout[i].region,
                        findings);
    }
  }
  return findings;
}

void PictureSearch::LookAtParts(Findings& findings) const {
  std::vector<Plane> planes;
  const size_t every = (stretch_.size() + kLayoutPlanes - 1) / kLayoutPlanes;
  for (size_t i = 0; i < stretch_.size(); i += every) {
    planes.push_back(stretch_[i].thumbnail.plane());
  }
  findings.layout = FindLayout(planes, stretch_[0].range);
  for (const LayoutPart& part : findings.layout) {
    std::vector<DihedralPdq>& pdqs = findings.part_pdqs.emplace_back();
    for (const SearchedPicture& picture : stretch_) {
      pdqs.push_back(ComputeRegionPdq(picture.thumbnail.plane(), part.region,
                                      picture.range));
      if (clips_.HasFrameLike(pdqs.back())) {
        findings.spans.push_back(Around(picture.time));
      }
    }
  }
}

void PictureSearch::AddParts(Findings& findings) {
  for (size_t i = 0; i < findings.layout.size(); ++i) {
    const LayoutPart& part = findings.layout[i];
    auto known = std::find_if(parts_.begin(), parts_.end(),
                              [&](const PartFingerprint& before) {
                                return IsSamePart(before.part, part);
                              });
    if (part_pictures_ + stretch_.size() > options_.max_part_pictures) break;
    if (known == parts_.end()) {
      if (parts_.size() >= kMaxParts) continue;
      known = parts_.insert(parts_.end(), {.part = part, .frames = {}});
    }
    part_pictures_ += stretch_.size();
    for (size_t k = 0; k < stretch_.size(); ++k) {
      known->frames.push_back(
          {.time = stretch_[k].time, .pdq = findings.part_pdqs[i][k]});
    }
  }
}

void PictureSearch::LookForKeypoints(Findings& findings) {
  const bool closely = options_.closely || looks_closely_;
  const SearchedPicture* last = nullptr;      // That was looked into.
  const SearchedPicture* previous = nullptr;  // In the stretch.
  absl::Duration interval = kKeyInterval;
  for (SearchedPicture& picture : stretch_) {
    const auto differs = [&](const SearchedPicture& other, int distance) {
      return HammingDistance(picture.fingerprint.hash(),
                             other.fingerprint.hash()) > distance;
    };
    if (previous != nullptr && differs(*previous, kCutDistance)) {
      interval = kKeyInterval;
    }
    previous = &picture;
    if (last != nullptr && (picture.time - last->time < interval ||
                            !differs(*last, kKeyDistance))) {
      continue;
    }
    last = &picture;
    if (!closely) {
      interval = std::min(kKeyGrowth * interval, kMaxKeyInterval);
    }
    for (const PictureSighting& sighting : SightingsIn(picture)) {
      findings.sightings.push_back(
          SeenAt(picture.time, sighting, sighting.pairs));
      // It may be there until the next look.
      findings.spans.push_back(Around(picture.time));
      findings.spans.back().end += interval;
    }
  }
}

// Frames that look alike as a whole say where the clip is, too.
void PictureSearch::LookForLookalikes(absl::Span<const DihedralPdq> pdqs,
                                      const Region& region,
                                      Findings& findings) const {
  absl::Duration next;
  for (size_t i = 0; i < stretch_.size(); ++i) {
    const SearchedPicture& picture = stretch_[i];
    if (picture.time < next) continue;
    next = picture.time + kKeyInterval;
    for (const Lookalike& lookalike : clips_.FindLookalikes(pdqs[i])) {
      findings.sightings.push_back(
          SeenAt(picture.time,
                 {.clip_id = lookalike.clip_id,
                  .size = lookalike.size,
                  .map = MapInto(region, picture.thumbnail.size(), lookalike),
                  .pairs = kPairsOfLookalike,
                  .mirrored = IsMirrored(lookalike.orientation)},
                 /*pairs=*/0));
    }
  }
}

void PictureSearch::AddSighting(SightingFingerprint place) {
  auto known = std::find_if(sightings_.begin(), sightings_.end(),
                            [&](const SightingFingerprint& before) {
                              return Agree(before.sighting, place.sighting);
                            });
  if (sighted_pictures_ + stretch_.size() > options_.max_sighted_pictures) {
    return;
  }
  if (known == sightings_.end()) {
    place.upload_size = stretch_[0].thumbnail.size();
    place.visible = WindowsInside(place.sighting.map, place.sighting.size,
                                  place.upload_size);
    if (place.visible == 0 || sightings_.size() >= kMaxSightings) return;
    known = sightings_.insert(sightings_.end(), std::move(place));
  } else {
    Merge(place, &*known);
  }
  sighted_pictures_ += stretch_.size();
  for (SearchedPicture& picture : stretch_) {
    known->windows.push_back(
        {.time = picture.time,
         .windows =
             HashWindows(picture.thumbnail, Follow(known->sighting, picture),
                         known->sighting.size, known->visible)});
  }
}

const std::vector<PictureSighting>& PictureSearch::SightingsIn(
    SearchedPicture& picture) const {
  if (!picture.sightings) {
    picture.sightings = clips_.FindSightings(
        FindKeypoints(picture.thumbnail, kKeypoints),
        FindKeypoints(picture.thumbnail.Mirrored(), kKeypoints),
        picture.thumbnail.size().width);
  }
  return *picture.sightings;
}

// Where the clip is in this picture, if it is known better than from others.
PictureMap PictureSearch::Follow(const PictureSighting& sighting,
                                 SearchedPicture& picture) {
  if (!IsSlanted(sighting.map) || followed_ >= kMaxFollowed) {
    return sighting.map;
  }
  ++followed_;
  for (const PictureSighting& here : SightingsIn(picture)) {
    if (here.pairs >= kMinPairsOfOne && Agree(here, sighting, kHandHeld)) {
      return here.map;
    }
  }
  return sighting.map;
}

void PictureSearch::Finish(UploadFingerprint* upload) {
  EndStretch();
  upload->parts = std::move(parts_);
  upload->sightings = std::move(sightings_);
  upload->scenes = scenes_.Finish();
}

}  // namespace lenscap
