#include "index/clip_check.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

template <typename... What>
absl::Status Invalid(const What&... what) {
  return absl::InvalidArgumentError(absl::StrCat(what...));
}

absl::Status CheckBytes(absl::string_view field, absl::string_view value,
                        size_t max) {
  if (!value.empty() && value.size() <= max) return absl::OkStatus();
  return Invalid(field, ": expected 1 to ", max, " bytes, got ", value.size());
}

absl::Status UntilError(const ReferenceFrame& frame, size_t i,
                        absl::Duration latest, absl::string_view of) {
  return Invalid("frames[", i, "].until: expected ",
                 absl::FormatDuration(frame.time), " (its time) to ",
                 absl::FormatDuration(latest), " (", of, "), got ",
                 absl::FormatDuration(frame.until));
}

absl::Status CheckFrames(const Clip& clip) {
  if (clip.frames.size() > size_t{kMaxClipFrames}) {
    return Invalid("frames: expected at most ", kMaxClipFrames, ", got ",
                   clip.frames.size());
  }
  absl::Duration earliest = absl::ZeroDuration();
  for (size_t i = 0; i < clip.frames.size(); ++i) {
    const ReferenceFrame& frame = clip.frames[i];
    if (frame.quality < 0 || frame.quality > 100) {
      return Invalid("frames[", i, "].quality: expected 0 to 100, got ",
                     frame.quality);
    }
    if (frame.time < earliest || frame.time > clip.duration) {
      return Invalid("frames[", i, "].time: expected ",
                     absl::FormatDuration(earliest), " (the frame before) to ",
                     absl::FormatDuration(clip.duration),
                     " (the duration), got ", absl::FormatDuration(frame.time));
    }
    if (i > 0 && clip.frames[i - 1].until > frame.time) {
      return UntilError(clip.frames[i - 1], i - 1, frame.time,
                        "the next frame");
    }
    if (frame.until < frame.time || frame.until > clip.duration) {
      return UntilError(frame, i, clip.duration, "the duration");
    }
    earliest = frame.time;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckListId(absl::string_view list_id) {
  const bool known = std::all_of(list_id.begin(), list_id.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' ||
           c == '_' || c == '.';
  });
  if (known && !list_id.empty() && list_id.size() <= 64) {
    return absl::OkStatus();
  }
  return Invalid(
      "list_id: expected 1 to 64 characters of a-z, 0-9, '-', '_' and '.', "
      "got \"",
      absl::CHexEscape(list_id.substr(0, 100)), "\"");
}

absl::Status CheckEntryId(absl::string_view entry_id) {
  const bool known = std::all_of(entry_id.begin(), entry_id.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.' ||
           c == ':';
  });
  if (known && !entry_id.empty() && entry_id.size() <= 128) {
    return absl::OkStatus();
  }
  return Invalid(
      "entry_id: expected 1 to 128 characters of A-Z, a-z, 0-9, '-', '_', "
      "'.' and ':', got \"",
      absl::CHexEscape(entry_id.substr(0, 200)), "\"");
}

absl::Status CheckIssuer(absl::string_view issuer) {
  return CheckBytes("issuer", issuer, kMaxIssuerBytes);
}

absl::Status CheckReason(absl::string_view reason) {
  return CheckBytes("reason", reason, kMaxReasonBytes);
}

absl::Status CheckTerms(const EntryTerms& terms) {
  constexpr int kMaxDistance = 31;
  constexpr size_t kMaxCategoryBytes = 64;
  constexpr size_t kMaxAssessors = 16;
  constexpr size_t kMaxAssessorBytes = 128;
  if (terms.category.size() > kMaxCategoryBytes) {
    return Invalid("category: expected at most ", kMaxCategoryBytes,
                   " bytes, got ", terms.category.size());
  }
  if (terms.max_distance < 0 || terms.max_distance > kMaxDistance) {
    return Invalid("max_distance: expected 0 to ", kMaxDistance, ", got ",
                   terms.max_distance);
  }
  if (terms.advice < Advice::kNone || terms.advice > Advice::kBlock) {
    return Invalid("advice: expected 0 to 2, got ",
                   static_cast<int>(terms.advice));
  }
  if (terms.assessors.size() > kMaxAssessors) {
    return Invalid("assessors: expected at most ", kMaxAssessors, ", got ",
                   terms.assessors.size());
  }
  for (const std::string& assessor : terms.assessors) {
    RETURN_IF_ERROR(CheckBytes("assessors", assessor, kMaxAssessorBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckListTerms(const ListTerms& terms) {
  constexpr size_t kMaxLegalBasisBytes = 1024;
  constexpr size_t kMaxJurisdictions = 256;
  if (terms.purpose != ListPurpose::kKnownClips &&
      terms.purpose != ListPurpose::kNeverMatch) {
    return Invalid("purpose: expected 1 or 2, got ",
                   static_cast<int>(terms.purpose));
  }
  if (terms.legal_basis.size() > kMaxLegalBasisBytes) {
    return Invalid("legal_basis: expected at most ", kMaxLegalBasisBytes,
                   " bytes, got ", terms.legal_basis.size());
  }
  if (terms.jurisdictions.size() > kMaxJurisdictions) {
    return Invalid("jurisdictions: expected at most ", kMaxJurisdictions,
                   ", got ", terms.jurisdictions.size());
  }
  for (const std::string& jurisdiction : terms.jurisdictions) {
    const bool code =
        jurisdiction.size() == 2 &&
        std::all_of(jurisdiction.begin(), jurisdiction.end(),
                    [](unsigned char c) { return absl::ascii_isupper(c); });
    if (!code) {
      return Invalid("jurisdictions: expected two letters A-Z, got \"",
                     absl::CHexEscape(jurisdiction), "\"");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckClipBounds(const Clip& clip) {
  RETURN_IF_ERROR(CheckListId(clip.list_id));
  RETURN_IF_ERROR(CheckEntryId(clip.entry_id));
  if (clip.severity < Severity::kSuspected ||
      clip.severity > Severity::kCritical) {
    return Invalid("severity: expected 1 to 3, got ",
                   static_cast<int>(clip.severity));
  }
  if (clip.duration < absl::ZeroDuration() ||
      clip.duration > kMaxClipDuration) {
    return Invalid("duration: expected 0 to ",
                   absl::FormatDuration(kMaxClipDuration), ", got ",
                   absl::FormatDuration(clip.duration));
  }
  RETURN_IF_ERROR(CheckFrames(clip));
  if (clip.detail.keypoints.size() > size_t{kMaxClipKeypoints}) {
    return Invalid("detail.keypoints: expected at most ", kMaxClipKeypoints,
                   ", got ", clip.detail.keypoints.size());
  }
  if (clip.detail.scenes.size() > size_t{kMaxClipScenes}) {
    return Invalid("detail.scenes: expected at most ", kMaxClipScenes, ", got ",
                   clip.detail.scenes.size());
  }
  return CheckTerms(clip.terms);
}

absl::Status CheckClip(const Clip& clip, int min_quality) {
  RETURN_IF_ERROR(CheckClipBounds(clip));
  const bool can_match = clip.sha256 || clip.sha1 || clip.md5 ||
                         std::any_of(clip.frames.begin(), clip.frames.end(),
                                     [&](const ReferenceFrame& frame) {
                                       return frame.quality >= min_quality;
                                     });
  if (can_match) return absl::OkStatus();
  return Invalid("frames: expected one of quality ", min_quality,
                 " or more, or a digest of the file; of these ",
                 clip.frames.size(), " frames nothing could ever match");
}

}  // namespace lenscap
