#ifndef LENSCAP_INDEX_CLIP_H_
#define LENSCAP_INDEX_CLIP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/digest.h"
#include "base/time_span.h"
#include "fingerprint/fingerprint.h"
#include "fingerprint/hash256.h"
#include "fingerprint/keypoints.h"
#include "fingerprint/layout.h"
#include "fingerprint/picture_map.h"
#include "fingerprint/scene_key.h"
#include "fingerprint/windows.h"
#include "index/clip_match.h"

namespace lenscap {

// The bounds of what is published; index/clip_check.h checks them.
inline constexpr int kMaxClipFrames = 1'000'000;
inline constexpr absl::Duration kMaxClipDuration = absl::Seconds(1'000'000);
inline constexpr int kMaxClipKeypoints = 200'000;
inline constexpr int kMaxClipScenes = 64;
inline constexpr int kMaxIssuerBytes = 256;
inline constexpr int kMaxReasonBytes = 1024;

// One fingerprinted frame of a reference clip. Where the picture stays the
// same, one frame stands for all (index/frame_runs.h).
struct ReferenceFrame {
  Hash256 hash;
  int quality = 0;      // 0 to 100.
  absl::Duration time;  // From the start of the clip, at most its duration.
  // The last moment at which the picture is known to be the same; not after
  // the next frame's time.
  absl::Duration until = time;
  friend bool operator==(const ReferenceFrame&,
                         const ReferenceFrame&) = default;
};

// One picture by its windows (fingerprint/windows.h).
struct WindowFrame {
  absl::Duration time;
  absl::Duration until = time;  // As of a ReferenceFrame.
  WindowHashes windows;
};

// What a fixed camera sees behind everything that moves.
struct ReferenceScene {
  Hash256 hash;
  int quality = 0;  // 0 to 100.
  TimeSpan span;    // Of the clip.
};

// What only footage gives, beyond the hashes of its frames: to find copies of
// which a part is missing, that are turned by any angle or filmed off a screen,
// and other footage of the same camera.
struct ClipDetail {
  PictureSize size;
  std::vector<WindowFrame> windows;  // In order of time.
  std::vector<Keypoint> keypoints;   // Of all pictures, each detail once.
  std::vector<ReferenceScene> scenes;

  bool empty() const {
    return windows.empty() && keypoints.empty() && scenes.empty();
  }
};

// What a list is for. Values are frozen: on disk and in the API.
enum class ListPurpose {
  kKnownClips = 1,  // Footage to be found.
  // Pictures that say nothing: logos, intros, test cards. What they alone
  // explain is no match of another list.
  kNeverMatch = 2,
};

// Values are frozen: on disk and in the API.
enum class ListMode {
  kActive = 1,
  kShadow = 2,  // Matched and reported, but never acted on.
};

// Why an entry is in its list and yet not searched. Values are frozen: on disk
// and in the API.
enum class Hold {
  kNone = 0,
  // So flat, or so common a file, that it would match innocent uploads.
  kSaysNothing = 1,
  kByHand = 2,  // An operator of this installation held it.
};

// What the issuer of a list says of one entry, beside the clip.
struct EntryTerms {
  std::string category = {};                    // At most 64 bytes.
  absl::Time expires = absl::InfiniteFuture();  // Then it is taken out.
  int max_distance = 31;                        // 0 to 31 bits, of a frame.
  Advice advice = Advice::kNone;
  std::vector<std::string> assessors = {};  // At most 16, of at most 128 bytes.
  friend bool operator==(const EntryTerms&, const EntryTerms&) = default;
};

// A known leaked clip, as it is published to a list.
struct Clip {
  std::string list_id;   // 1 to 64 of [a-z0-9._-].
  std::string entry_id;  // 1 to 128 of [A-Za-z0-9._:-]; unique in its list.
  Severity severity = Severity::kSuspected;
  absl::Duration duration;
  std::vector<ReferenceFrame> frames;  // In order of time.
  std::optional<Sha256> sha256;        // Of the whole file, where known.
  std::optional<Md5> md5;
  std::optional<Sha1> sha1 = {};
  EntryTerms terms = {};
  ClipDetail detail;  // Empty for a clip that is known by its hashes alone.
};

// What the issuer of a signed list says of the list.
struct ListTerms {
  ListPurpose purpose = ListPurpose::kKnownClips;
  std::string legal_basis = {};                 // At most 1,024 bytes.
  std::vector<std::string> jurisdictions = {};  // ISO 3166-1 alpha-2, or "EU".
  absl::Time expires = absl::InfiniteFuture();
  friend bool operator==(const ListTerms&, const ListTerms&) = default;
};

// A list and what it holds now.
struct ListInfo {
  std::string list_id;
  std::string issuer;
  int64_t version = 0;  // Grows by one with each change.
  int64_t entries = 0;
  int64_t frames = 0;  // Stored: a still stretch is one.
  absl::Time changed;
  int64_t held = 0;     // Of the entries: not searched.
  int64_t expired = 0;  // Beside the entries: their issuer still lists them.
  ListMode mode = ListMode::kActive;
  std::string mode_reason = {};  // Why it is in shadow.
  // Of a signed list; otherwise signed_version is 0 and the rest is empty.
  int64_t signed_version = 0;  // The last one accepted: the head of its chain.
  Sha256 signed_sha256 = {};   // Of its file.
  int64_t version_in_force = 0;  // Smaller after a rollback.
  Sha256 sha256_in_force = {};
  Sha256 content = {};  // index/list_update.h, of what is in force.
  ListTerms terms = {};
};

// One entry without its frames.
struct EntryInfo {
  std::string entry_id;
  uint64_t clip_id = 0;
  Severity severity = Severity::kSuspected;
  absl::Duration duration;
  int64_t frames = 0;  // Stored, as in ListInfo.
  int64_t added_in_version = 0;
  EntryTerms terms = {};
  Hold hold = Hold::kNone;
  std::string hold_reason = {};
};

// One change of a list.
struct ListChange {
  // Frozen: on disk.
  enum class Kind {
    kPublished = 1,
    kWithdrawn = 2,
    kSigned = 3,      // A version of a signed list was applied.
    kRolledBack = 4,  // What an earlier version had is in force again.
    kExpired = 5,
    kHeld = 6,
    kReleased = 7,
    kModeSet = 8,
  };
  int64_t version = 0;
  absl::Time time;
  Kind kind = Kind::kPublished;
  std::vector<std::string> entry_ids;  // The first 100 of those concerned.
  int64_t entries = 0;                 // How many they were.
  std::string reason;
  std::string actor = {};      // Who did it; empty where nobody signed in.
  int64_t signed_version = 0;  // Of kSigned, and to which of kRolledBack.
  Sha256 signed_sha256 = {};   // Of that version's file.
};

// A part of the upload's picture that is compared as a video of its own.
struct PartFingerprint {
  LayoutPart part;
  std::vector<FrameFingerprint> frames;  // In order of time.
};

// A clip that details of the upload's picture point to, and where it would be
// in the picture.
struct PictureSighting {
  uint64_t clip_id = 0;
  PictureSize size;  // Of the clip's picture.
  PictureMap map;    // From the clip's picture to the upload's.
  int pairs = 0;     // Of keypoints that agree.
  bool mirrored = false;
};

// The upload's picture as it shows the clip's, if it is where it was sighted.
struct SightingFingerprint {
  PictureSighting sighting;
  PictureSize upload_size;
  TimeSpan seen;          // From the first to the last picture that it is in.
  int pictures = 0;       // In how many, of those that were looked at.
  int pairs = 0;          // Of keypoints that agree, in the best of them.
  WindowSet visible = 0;  // Of the clip's windows.
  std::vector<WindowFrame> windows;  // In order of time.
};

// Everything that is compared of one upload.
struct UploadFingerprint {
  FileDigests digests;
  absl::Duration duration;
  std::vector<FrameFingerprint> frames;  // In order of time.
  std::vector<PartFingerprint> parts;
  std::vector<SightingFingerprint> sightings;
  std::vector<SceneKey> scenes;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_H_
