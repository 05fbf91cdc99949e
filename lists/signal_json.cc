#include "lists/signal_json.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/base64url.h"
#include "base/status_macros.h"
#include "base/zstd.h"
#include "fingerprint/hash256.h"
#include "index/clip_record.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

using Json = nlohmann::json;

constexpr char kPdq[] = "pdq";
constexpr char kVpdq[] = "vpdq";
constexpr char kMd5[] = "md5";
constexpr char kSha1[] = "sha1";
constexpr char kSha256[] = "sha256";
constexpr char kDetail[] = "lenscap-detail/1";
constexpr ZstdLimits kDetailLimits = {.max_bytes = 256 << 20};

absl::StatusOr<Hash256> ParseHash(absl::string_view hex) {
  if (IsLowerHex(hex, 64)) return HashFromHex(hex);
  return InvalidField("expected 64 lower-case hexadecimal digits, got ",
                      QuotedField(hex));
}

template <size_t n>
absl::Status ParseDigest(absl::string_view hex, absl::string_view path,
                         std::optional<std::array<uint8_t, n>>* digest) {
  if (digest->has_value()) {
    return InvalidField(path, "type: this type is there twice");
  }
  if (!IsLowerHex(hex, 2 * n)) {
    return InvalidField(path, "value: expected ", 2 * n,
                        " lower-case hexadecimal digits, got ",
                        QuotedField(hex));
  }
  const std::string bytes = absl::HexStringToBytes(hex);
  std::copy(bytes.begin(), bytes.end(), digest->emplace().begin());
  return absl::OkStatus();
}

// A whole number from 0 to `max`; -1 for anything else.
int64_t NumberOf(const Json& value, int64_t max) {
  if (!value.is_number_integer()) return -1;
  // What is beyond int64_t wraps around to less than 0.
  const int64_t number = value.get<int64_t>();
  return number <= max ? std::max<int64_t>(number, -1) : -1;
}

// [hash, quality, time_us] or [hash, quality, time_us, until_us].
absl::StatusOr<ReferenceFrame> ParseFrame(const Json& value) {
  if (!value.is_array() || value.size() < 3 || value.size() > 4) {
    return InvalidField(
        "expected [hash, quality, time_us] or "
        "[hash, quality, time_us, until_us]");
  }
  const auto* const hex = value[0].get_ptr<const std::string*>();
  if (hex == nullptr) return InvalidField("the hash is no text");
  ReferenceFrame frame;
  ASSIGN_OR_RETURN(frame.hash, ParseHash(*hex));
  frame.quality = static_cast<int>(NumberOf(value[1], 100));
  if (frame.quality < 0) {
    return InvalidField("expected a quality from 0 to 100, got ",
                        QuotedField(value[1].dump()));
  }
  const int64_t latest = absl::ToInt64Microseconds(kMaxClipDuration);
  const int64_t time = NumberOf(value[2], latest);
  const int64_t until = NumberOf(value.back(), latest);
  if (time < 0 || until < 0) {
    return InvalidField("expected a time from 0 to ", latest, " microseconds");
  }
  frame.time = absl::Microseconds(time);
  frame.until = absl::Microseconds(value.size() == 4 ? until : time);
  return frame;
}

absl::Status ParseVpdq(const Json& value, absl::string_view path, Clip* clip) {
  if (!clip->frames.empty()) {
    return InvalidField(path, "type: the clip has frames already");
  }
  if (!value.is_array() || value.empty()) {
    return InvalidField(path, "value: expected an array of frames");
  }
  clip->frames.reserve(value.size());
  for (const Json& item : value) {
    auto frame = ParseFrame(item);
    if (!frame.ok()) {
      return InvalidField(path, "value[", clip->frames.size(),
                          "]: ", frame.status().message());
    }
    clip->frames.push_back(*frame);
  }
  return absl::OkStatus();
}

// `n` is how many the clip has.
absl::Status ParsePdq(JsonFields& fields, absl::string_view path, int64_t n,
                      Clip* clip) {
  if (clip->frames.size() != static_cast<size_t>(n)) {
    return InvalidField(path, "type: the clip has frames of vpdq already");
  }
  ReferenceFrame frame;
  ASSIGN_OR_RETURN(const absl::string_view hex, fields.Text("value"));
  auto hash = ParseHash(hex);
  if (!hash.ok()) {
    return InvalidField(path, "value: ", hash.status().message());
  }
  frame.hash = *hash;
  ASSIGN_OR_RETURN(const int64_t quality, fields.Integer("quality", 0, 100));
  frame.quality = static_cast<int>(quality);
  frame.time = frame.until = absl::Seconds(n);
  clip->frames.push_back(frame);
  return absl::OkStatus();
}

absl::Status ParseDetail(absl::string_view text, absl::string_view path,
                         Clip* clip) {
  if (!clip->detail.empty()) {
    return InvalidField(path, "type: this type is there twice");
  }
  const auto parse = [&]() -> absl::StatusOr<ClipDetail> {
    ASSIGN_OR_RETURN(const std::string compressed, FromBase64Url(text));
    ASSIGN_OR_RETURN(const std::string bytes,
                     ZstdDecompress(compressed, kDetailLimits));
    return DecodeDetail(bytes);
  };
  auto detail = parse();
  if (!detail.ok()) {
    return InvalidField(path, "value: ", detail.status().message());
  }
  if (detail->empty()) return InvalidField(path, "value: it has nothing");
  clip->detail = *std::move(detail);
  return absl::OkStatus();
}

absl::Status ParseSignal(const Json& signal, const std::string& path,
                         int64_t* images, Clip* clip) {
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(signal, path));
  ASSIGN_OR_RETURN(const absl::string_view type, fields.Text("type"));
  if (type == kVpdq) {
    ASSIGN_OR_RETURN(const Json* const frames, fields.Array("value"));
    RETURN_IF_ERROR(ParseVpdq(*frames, path, clip));
    return fields.CheckNoneLeft();
  }
  if (type == kPdq) {
    RETURN_IF_ERROR(ParsePdq(fields, path, (*images)++, clip));
    return fields.CheckNoneLeft();
  }
  ASSIGN_OR_RETURN(const absl::string_view value, fields.Text("value"));
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  if (type == kMd5) return ParseDigest(value, path, &clip->md5);
  if (type == kSha1) return ParseDigest(value, path, &clip->sha1);
  if (type == kSha256) return ParseDigest(value, path, &clip->sha256);
  if (type == kDetail) return ParseDetail(value, path, clip);
  return InvalidField(path, "type: expected ", kPdq, ", ", kVpdq, ", ", kMd5,
                      ", ", kSha1, ", ", kSha256, " or ", kDetail, ", got ",
                      QuotedField(type));
}

// Whether the frames are images a second apart, which pdq can say.
bool AreImages(const Clip& clip) {
  for (size_t i = 0; i < clip.frames.size(); ++i) {
    const ReferenceFrame& frame = clip.frames[i];
    const absl::Duration second = absl::Seconds(static_cast<int64_t>(i));
    if (frame.time != second || frame.until != second) return false;
  }
  return true;
}

Json FormatFrame(const ReferenceFrame& frame) {
  const int64_t time = absl::ToInt64Microseconds(frame.time);
  const int64_t until = absl::ToInt64Microseconds(frame.until);
  Json json = {ToHex(frame.hash), frame.quality, time};
  if (until != time) json.push_back(until);
  return json;
}

void AppendFrames(const Clip& clip, Json* signals) {
  if (clip.frames.empty()) return;
  if (AreImages(clip)) {
    for (const ReferenceFrame& frame : clip.frames) {
      signals->push_back({{"type", kPdq},
                          {"value", ToHex(frame.hash)},
                          {"quality", frame.quality}});
    }
    return;
  }
  Json frames = Json::array();
  for (const ReferenceFrame& frame : clip.frames) {
    frames.push_back(FormatFrame(frame));
  }
  signals->push_back({{"type", kVpdq}, {"value", std::move(frames)}});
}

}  // namespace

absl::Status ParseSignals(const Json& signals, Clip* clip) {
  if (signals.empty()) return InvalidField("signals: expected at least one");
  int64_t images = 0;
  for (size_t i = 0; i < signals.size(); ++i) {
    RETURN_IF_ERROR(ParseSignal(signals[i], absl::StrCat("signals[", i, "]."),
                                &images, clip));
  }
  return absl::OkStatus();
}

absl::StatusOr<Json> FormatSignals(const Clip& clip) {
  Json signals = Json::array();
  AppendFrames(clip, &signals);
  const auto append = [&](const char* type, std::string value) {
    signals.push_back({{"type", type}, {"value", std::move(value)}});
  };
  if (clip.md5) append(kMd5, ToHex(*clip.md5));
  if (clip.sha1) append(kSha1, ToHex(*clip.sha1));
  if (clip.sha256) append(kSha256, ToHex(*clip.sha256));
  if (!clip.detail.empty()) {
    append(kDetail, ToBase64Url(ZstdCompress(EncodeDetail(clip.detail))));
  }
  if (signals.empty()) return InvalidField("signals: expected at least one");
  return signals;
}

}  // namespace lenscap
