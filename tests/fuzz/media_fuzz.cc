// A file of media, to its end or its twentieth frame, and the fingerprint of
// each frame.

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "fingerprint/fingerprint.h"
#include "media/byte_source.h"
#include "media/video_reader.h"
#include "tests/fuzz/fuzz_target.h"

namespace lenscap {
namespace {

constexpr int kMaxFrames = 20;
constexpr MediaLimits kLimits = {.max_bytes = 16 << 20,
                                 .max_pixels = 512 * 512,
                                 .max_streams = 16,
                                 .max_duration = absl::Hours(12),
                                 .probe_bytes = 256 << 10};

void CheckFrame(const Frame& frame, absl::Duration before) {
  FUZZ_EXPECT(frame.time >= before);
  FUZZ_EXPECT(frame.luma.width > 0 && frame.luma.height > 0);
  const FrameFingerprint fingerprint = Fingerprint(frame);
  FUZZ_EXPECT(fingerprint.quality() >= 0 && fingerprint.quality() <= 100);
}

void ReadFrames(VideoReader& reader) {
  absl::Duration before;
  for (int i = 0; i < kMaxFrames; ++i) {
    const absl::StatusOr<std::optional<Frame>> frame = reader.Next();
    if (!frame.ok()) {
      FUZZ_EXPECT(!frame.status().message().empty());
      return;
    }
    if (!frame->has_value()) {
      FUZZ_EXPECT(i > 0);
      return;
    }
    CheckFrame(**frame, before);
    before = (*frame)->time;
    FUZZ_EXPECT(reader.facts().frames_sampled == i + 1);
  }
}

}  // namespace
}  // namespace lenscap

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lenscap;
  const auto reader = VideoReader::Open(
      MakeMemorySource(std::string(reinterpret_cast<const char*>(data), size)),
      {.sample_interval = absl::ZeroDuration(), .limits = kLimits});
  if (reader.ok()) {
    ReadFrames(**reader);
  } else {
    FUZZ_EXPECT(!reader.status().message().empty());
  }
  return 0;
}
