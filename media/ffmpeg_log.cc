#include "media/ffmpeg_log.h"

#include <cstdarg>
#include <limits>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"
#include "media/ffmpeg_handles.h"

namespace lenscap {
namespace {

// One plane of 16-bit RGBA at the default limit of pixels takes 302 MB.
constexpr size_t kMaxAllocation = size_t{512} << 20;

thread_local FfmpegRefusal refusal;

void OnLog(void*, int, const char* format, va_list arguments) {
  const absl::string_view text(format);
  if (absl::StartsWith(text, "Picture size %ux%u") ||
      absl::StartsWith(text, "Frame size %dx%d exceeds limit")) {  // dav1d
    const int64_t width = va_arg(arguments, unsigned);
    const int64_t height = va_arg(arguments, unsigned);
    if (__builtin_mul_overflow(width, height, &refusal.pixels)) {
      refusal.pixels = std::numeric_limits<int64_t>::max();
    }
  } else if (absl::StartsWith(text, "Number of streams exceeds max_streams")) {
    refusal.streams = true;
  }
}

}  // namespace

void SetUpFfmpeg() {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_callback(OnLog);
    av_max_alloc(kMaxAllocation);
  });
}

FfmpegRefusal TakeFfmpegRefusal() { return std::exchange(refusal, {}); }

}  // namespace lenscap
