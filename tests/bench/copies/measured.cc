#include "tests/bench/copies/measured.h"

#include <algorithm>
#include <ctime>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "media/byte_source.h"
#include "media/media_limits.h"
#include "media/video_reader.h"

namespace lenscap {
namespace {

absl::Duration CpuTime() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

template <typename Stage>
auto CpuTimed(absl::Duration* cpu, const Stage& stage) {
  const absl::Duration start = CpuTime();
  auto result = stage();
  *cpu += CpuTime() - start;
  return result;
}

// `read` is given the file and its digests, whose time is not counted.
template <typename Read>
absl::StatusOr<VideoFingerprint> ReadFile(const std::string& path,
                                          absl::Duration* cpu,
                                          const Read& read) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenFileSource(path));
  ASSIGN_OR_RETURN(const FileDigests digests,
                   DigestsOf(*source, MediaLimits().max_bytes, nullptr));
  return CpuTimed(cpu, [&] { return read(std::move(source), digests); });
}

}  // namespace

absl::StatusOr<VideoFingerprint> ReadReference(const std::string& path,
                                               absl::Duration* cpu) {
  FingerprintOptions options;
  options.reader.sample_interval = kReferenceInterval;
  return ReadFile(
      path, cpu,
      [&](std::unique_ptr<ByteSource> source, const FileDigests& digests) {
        return FingerprintReference(std::move(source), digests, options);
      });
}

absl::StatusOr<VideoFingerprint> ReadUpload(
    const std::string& path, const KnownClips& clips,
    const PictureSearch::Options& looking, Sampling sampling,
    absl::Duration* cpu) {
  FingerprintOptions options;
  options.reader.sampling = sampling;
  options.reader.sample_interval = kUploadInterval;
  return ReadFile(
      path, cpu,
      [&](std::unique_ptr<ByteSource> source, const FileDigests& digests) {
        return FingerprintUpload(std::move(source), digests, options, clips,
                                 looking);
      });
}

std::vector<ClipMatch> Find(const KnownClips& clips,
                            const VideoFingerprint& video,
                            absl::Duration* cpu) {
  return CpuTimed(cpu, [&] { return clips.Match(video.upload); });
}

absl::Status Decode(const std::string& path, absl::Duration* cpu) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenFileSource(path));
  return CpuTimed(cpu, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::unique_ptr<VideoReader> reader,
                     VideoReader::Open(std::move(source),
                                       {.sample_interval = kUploadInterval}));
    while (true) {
      ASSIGN_OR_RETURN(const std::optional<Frame> frame, reader->Next());
      if (!frame.has_value()) return absl::OkStatus();
    }
  });
}

absl::Span<const std::string> WaysOfLooking() {
  static const auto* const ways = new std::vector<std::string>{
      "parts", "keypoints", "lookalikes", "scenes"};
  return *ways;
}

absl::StatusOr<PictureSearch::Options> LookingWithout(
    absl::Span<const std::string> ways) {
  PictureSearch::Options looking;
  bool* const switches[] = {&looking.parts, &looking.keypoints,
                            &looking.lookalikes, &looking.scenes};
  const absl::Span<const std::string> known = WaysOfLooking();
  for (const std::string& way : ways) {
    const auto found = std::find(known.begin(), known.end(), way);
    if (found == known.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("nothing is searched by \"", way, "\""));
    }
    *switches[std::distance(known.begin(), found)] = false;
  }
  return looking;
}

}  // namespace lenscap
