#ifndef LENSCAP_MEDIA_FFMPEG_LOG_H_
#define LENSCAP_MEDIA_FFMPEG_LOG_H_

#include <cstdint>

namespace lenscap {

// What FFmpeg refused because of a limit. Its error codes do not tell a
// refusal from damage; only its log does.
struct FfmpegRefusal {
  int64_t pixels = 0;    // Of the picture it refused, or 0.
  bool streams = false;  // There were more streams than max_streams.
};

// Silences FFmpeg's log for the whole process and caps each of its
// allocations. Cheap to call again; thread-safe.
void SetUpFfmpeg();

// What was refused on this thread since the last call.
FfmpegRefusal TakeFfmpegRefusal();

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_FFMPEG_LOG_H_
