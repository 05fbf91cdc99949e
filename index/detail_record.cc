#include <bit>
#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/clip_record.h"
#include "index/clip_record.pb.h"

namespace lenscap {
namespace {

constexpr size_t kHashBytes = 32;
constexpr size_t kPdqBytes = kHashBytes + 1;
constexpr size_t kWindowFrameBytes = 2 * 8 + kWindows * kPdqBytes;
constexpr size_t kKeypointBytes = kHashBytes + 4 * 4;
constexpr size_t kSceneBytes = kPdqBytes + 2 * 8;

template <typename... What>
absl::Status Damaged(const What&... what) {
  return absl::DataLossError(absl::StrCat(what...));
}

// Numbers with the most significant byte first.
class Writer {
 public:
  explicit Writer(std::string* bytes) : bytes_(bytes) {}

  template <typename Unsigned>
  void Put(Unsigned value) {
    for (int shift = 8 * sizeof(value) - 8; shift >= 0; shift -= 8) {
      bytes_->push_back(static_cast<char>(value >> shift));
    }
  }
  void Put(float value) { Put(std::bit_cast<uint32_t>(value)); }
  void Put(absl::Duration time) {
    Put(static_cast<uint64_t>(absl::ToInt64Nanoseconds(time)));
  }
  void Put(const Hash256& hash) {
    for (int w = 3; w >= 0; --w) Put(hash.words[w]);
  }

 private:
  std::string* bytes_;
};

// Of bytes that are known to be enough.
class Reader {
 public:
  explicit Reader(absl::string_view bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }

  template <typename Unsigned>
  Unsigned Take() {
    Unsigned value = 0;
    for (size_t i = 0; i < sizeof(value); ++i) {
      value =
          static_cast<Unsigned>(value << 8 | static_cast<uint8_t>(bytes_[i]));
    }
    bytes_.remove_prefix(sizeof(value));
    return value;
  }
  float TakeFloat() { return std::bit_cast<float>(Take<uint32_t>()); }
  absl::Duration TakeTime() {
    return absl::Nanoseconds(static_cast<int64_t>(Take<uint64_t>()));
  }
  Hash256 TakeHash() {
    Hash256 hash;
    for (int w = 3; w >= 0; --w) hash.words[w] = Take<uint64_t>();
    return hash;
  }

 private:
  absl::string_view bytes_;
};

absl::Status CheckLength(absl::string_view field, absl::string_view bytes,
                         size_t unit) {
  if (bytes.size() % unit == 0) return absl::OkStatus();
  return Damaged(field, " has ", bytes.size(), " bytes, not a multiple of ",
                 unit);
}

absl::Status CheckTime(absl::string_view field, absl::Duration time,
                       absl::Duration earliest) {
  if (time >= earliest && time <= kMaxClipDuration) return absl::OkStatus();
  return Damaged(field, " at ", absl::FormatDuration(time), " follows one at ",
                 absl::FormatDuration(earliest));
}

absl::Status CheckQuality(absl::string_view field, int quality) {
  if (quality <= 100) return absl::OkStatus();
  return Damaged("a quality of ", field, " is ", quality);
}

absl::Status DecodeWindows(absl::string_view bytes, ClipDetail* detail) {
  RETURN_IF_ERROR(CheckLength("windows", bytes, kWindowFrameBytes));
  absl::Duration earliest;
  for (Reader reader(bytes); !reader.empty();) {
    WindowFrame frame;
    frame.time = reader.TakeTime();
    RETURN_IF_ERROR(CheckTime("windows", frame.time, earliest));
    frame.until = reader.TakeTime();
    RETURN_IF_ERROR(CheckTime("windows", frame.until, frame.time));
    earliest = frame.until;
    for (Pdq& window : frame.windows) {
      window.hash = reader.TakeHash();
      window.quality = reader.Take<uint8_t>();
      RETURN_IF_ERROR(CheckQuality("windows", window.quality));
    }
    detail->windows.push_back(frame);
  }
  return absl::OkStatus();
}

absl::Status DecodeKeypoints(absl::string_view bytes, ClipDetail* detail) {
  RETURN_IF_ERROR(CheckLength("keypoints", bytes, kKeypointBytes));
  for (Reader reader(bytes); !reader.empty();) {
    Keypoint keypoint;
    keypoint.descriptor = reader.TakeHash();
    keypoint.at.x = reader.TakeFloat();
    keypoint.at.y = reader.TakeFloat();
    keypoint.size = reader.TakeFloat();
    keypoint.angle = reader.TakeFloat();
    for (const double number :
         {keypoint.at.x, keypoint.at.y, double{keypoint.size},
          double{keypoint.angle}}) {
      if (!std::isfinite(number)) return Damaged("keypoints has no number");
    }
    detail->keypoints.push_back(keypoint);
  }
  return absl::OkStatus();
}

absl::Status DecodeScenes(absl::string_view bytes, ClipDetail* detail) {
  RETURN_IF_ERROR(CheckLength("scenes", bytes, kSceneBytes));
  absl::Duration earliest;
  for (Reader reader(bytes); !reader.empty();) {
    ReferenceScene scene;
    scene.hash = reader.TakeHash();
    scene.quality = reader.Take<uint8_t>();
    RETURN_IF_ERROR(CheckQuality("scenes", scene.quality));
    scene.span.start = reader.TakeTime();
    RETURN_IF_ERROR(CheckTime("scenes", scene.span.start, earliest));
    scene.span.end = reader.TakeTime();
    RETURN_IF_ERROR(CheckTime("scenes", scene.span.end, scene.span.start));
    earliest = scene.span.end;
    detail->scenes.push_back(scene);
  }
  return absl::OkStatus();
}

}  // namespace

std::string EncodeDetail(const ClipDetail& detail) {
  index::DetailRecord record;
  record.set_width(detail.size.width);
  record.set_height(detail.size.height);
  Writer windows(record.mutable_windows());
  for (const WindowFrame& frame : detail.windows) {
    windows.Put(frame.time);
    windows.Put(frame.until);
    for (const Pdq& window : frame.windows) {
      windows.Put(window.hash);
      windows.Put(static_cast<uint8_t>(window.quality));
    }
  }
  Writer keypoints(record.mutable_keypoints());
  for (const Keypoint& keypoint : detail.keypoints) {
    keypoints.Put(keypoint.descriptor);
    keypoints.Put(static_cast<float>(keypoint.at.x));
    keypoints.Put(static_cast<float>(keypoint.at.y));
    keypoints.Put(keypoint.size);
    keypoints.Put(keypoint.angle);
  }
  Writer scenes(record.mutable_scenes());
  for (const ReferenceScene& scene : detail.scenes) {
    scenes.Put(scene.hash);
    scenes.Put(static_cast<uint8_t>(scene.quality));
    scenes.Put(scene.span.start);
    scenes.Put(scene.span.end);
  }
  return record.SerializeAsString();
}

absl::StatusOr<ClipDetail> DecodeDetail(absl::string_view bytes) {
  index::DetailRecord record;
  if (!record.ParseFromArray(bytes.data(), bytes.size())) {
    return Damaged("it is no DetailRecord");
  }
  ClipDetail detail;
  detail.size = {record.width(), record.height()};
  for (const double side : {record.width(), record.height()}) {
    if (!(side > 0 && side <= 1)) return Damaged("a side is ", side);
  }
  RETURN_IF_ERROR(DecodeWindows(record.windows(), &detail));
  RETURN_IF_ERROR(DecodeKeypoints(record.keypoints(), &detail));
  RETURN_IF_ERROR(DecodeScenes(record.scenes(), &detail));
  return detail;
}

}  // namespace lenscap
