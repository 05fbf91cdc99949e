#include "lists/formats/signals.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "index/hash_text.h"
#include "lists/formats/document.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

template <typename... What>
absl::Status Invalid(const What&... what) {
  return absl::InvalidArgumentError(absl::StrCat(what...));
}

template <size_t n>
absl::Status AddDigest(absl::string_view name, absl::string_view hex,
                       std::optional<std::array<uint8_t, n>>* digest) {
  if (hex.size() != 2 * n ||
      !std::all_of(hex.begin(), hex.end(), absl::ascii_isxdigit)) {
    return Invalid("expected the ", 2 * n, " hexadecimal digits of ", name,
                   ", got ", QuotedField(hex));
  }
  const std::string bytes = absl::HexStringToBytes(hex);
  std::array<uint8_t, n> value{};
  std::copy(bytes.begin(), bytes.end(), value.begin());
  if (*digest && **digest != value) {
    return Invalid("the entry has another ", name, ", ", ToHex(**digest));
  }
  *digest = value;
  return absl::OkStatus();
}

}  // namespace

absl::Status AddMd5(absl::string_view hex, Clip* clip) {
  return AddDigest("MD5", hex, &clip->md5);
}

absl::Status AddSha1(absl::string_view hex, Clip* clip) {
  return AddDigest("SHA-1", hex, &clip->sha1);
}

absl::Status AddSha256(absl::string_view hex, Clip* clip) {
  return AddDigest("SHA-256", hex, &clip->sha256);
}

absl::Status AddPicture(absl::string_view hex, int quality, Clip* clip) {
  if (clip->frames.size() == size_t{kMaxClipFrames}) {
    return Invalid("the entry has more than ", kMaxClipFrames, " pictures");
  }
  ASSIGN_OR_RETURN(const Hash256 hash, HashFromHex(hex));
  const absl::Duration time =
      absl::Seconds(static_cast<int64_t>(clip->frames.size()));
  clip->frames.push_back(
      {.hash = hash, .quality = quality, .time = time, .until = time});
  clip->duration = time;
  return absl::OkStatus();
}

absl::Status SetVpdqJson(absl::string_view json, Clip* clip) {
  ASSIGN_OR_RETURN(const nlohmann::json array, ParseJson(json));
  if (!array.is_array() || array.empty()) {
    return Invalid("expected vPDQ as an array of \"hash,quality,seconds\"");
  }
  // The same fields in another order as in vPDQ text.
  std::string text;
  for (const nlohmann::json& feature : array) {
    if (!feature.is_string()) return Invalid("a vPDQ feature is no string");
    const std::vector<absl::string_view> fields =
        absl::StrSplit(feature.get_ref<const std::string&>(), ',');
    if (fields.size() != 3 ||
        absl::StrContains(feature.get_ref<const std::string&>(), '\n')) {
      return Invalid("expected \"hash,quality,seconds\", got ",
                     QuotedField(feature.get_ref<const std::string&>()));
    }
    absl::StrAppend(&text, "0,", fields[1], ",", fields[0], ",", fields[2],
                    "\n");
  }
  ASSIGN_OR_RETURN(clip->frames, ParseVpdqText(text));
  clip->duration = clip->frames.back().time;
  return absl::OkStatus();
}

std::string FormatVpdqJson(absl::Span<const ReferenceFrame> frames) {
  std::vector<std::string> features;
  const std::string text = FormatVpdqText(frames);
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ',');
    features.push_back(
        absl::StrCat("\"", fields[2], ",", fields[1], ",", fields[3], "\""));
  }
  return absl::StrCat("[", absl::StrJoin(features, ", "), "]");
}

std::string IdOfMd5(const Md5& md5) { return "md5:" + ToHex(md5); }

std::string IdOfSha1(const Sha1& sha1) { return "sha1:" + ToHex(sha1); }

std::string IdOfSha256(const Sha256& sha256) {
  return "sha256:" + ToHex(sha256);
}

std::string IdOfPicture(const Hash256& hash) { return "pdq:" + ToHex(hash); }

std::string IdOfSignals(const Clip& clip) {
  if (!clip.frames.empty()) return IdOfPicture(clip.frames[0].hash);
  if (clip.md5) return IdOfMd5(*clip.md5);
  if (clip.sha1) return IdOfSha1(*clip.sha1);
  return clip.sha256 ? IdOfSha256(*clip.sha256) : "";
}

bool IsPicture(const Clip& clip) {
  return clip.frames.size() == 1 &&
         clip.frames[0].until == absl::ZeroDuration();
}

bool HasNoSignals(const Clip& clip) {
  return clip.frames.empty() && !clip.md5 && !clip.sha1 && !clip.sha256;
}

}  // namespace lenscap
