#ifndef LENSCAP_MEDIA_FFMPEG_HANDLES_H_
#define LENSCAP_MEDIA_FFMPEG_HANDLES_H_

// The one door to FFmpeg: its headers, its handles as unique_ptr and its
// errors as absl::Status. Only media's own .cc files include this.

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/mathematics.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Calls FFmpeg's `free_function`, which takes the address of the pointer.
template <auto free_function>
struct FfmpegDeleter {
  template <typename T>
  void operator()(T* object) const {
    free_function(&object);
  }
};

struct AvioDeleter {
  void operator()(AVIOContext* io) const {
    av_freep(&io->buffer);  // FFmpeg may have replaced the one it was given.
    avio_context_free(&io);
  }
};

struct SwsDeleter {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};

using AvioHandle = std::unique_ptr<AVIOContext, AvioDeleter>;
using FormatHandle =
    std::unique_ptr<AVFormatContext, FfmpegDeleter<avformat_close_input>>;
using CodecHandle =
    std::unique_ptr<AVCodecContext, FfmpegDeleter<avcodec_free_context>>;
using PacketHandle = std::unique_ptr<AVPacket, FfmpegDeleter<av_packet_free>>;
using FrameHandle = std::unique_ptr<AVFrame, FfmpegDeleter<av_frame_free>>;
using DictionaryHandle =
    std::unique_ptr<AVDictionary, FfmpegDeleter<av_dict_free>>;
using SwsHandle = std::unique_ptr<SwsContext, SwsDeleter>;

// A negative AVERROR as a status; `what` opens the message. Out of memory is
// RESOURCE_EXHAUSTED, all else is the input's fault: INVALID_ARGUMENT.
inline absl::Status FfmpegError(int error, absl::string_view what) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, text, sizeof(text));
  const std::string message = absl::StrCat(what, ": ", text);
  return error == AVERROR(ENOMEM) ? absl::ResourceExhaustedError(message)
                                  : absl::InvalidArgumentError(message);
}

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_FFMPEG_HANDLES_H_
