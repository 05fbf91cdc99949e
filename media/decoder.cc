#include "media/decoder.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "media/ffmpeg_log.h"
#include "media/formats.h"

namespace lenscap {
namespace {

// Errors in a row after which a packet is taken to hold nothing more.
constexpr int kMaxErrors = 64;

// Some decoders count the padding of their buffers too. This many pixels may
// be allocated for a picture of no more than `max_pixels`.
int64_t WithPadding(int64_t max_pixels) {
  return max_pixels + max_pixels / 4 + (256 << 10);
}

}  // namespace

const AVCodec* FindDecoder(AVCodecID codec) {
  void* position = nullptr;
  while (const AVCodec* candidate = av_codec_iterate(&position)) {
    if (candidate->id == codec && av_codec_is_decoder(candidate) &&
        av_match_name(candidate->name, kDecoders)) {
      return candidate;
    }
  }
  return nullptr;
}

absl::StatusOr<std::unique_ptr<Decoder>> Decoder::Open(const AVStream& stream,
                                                       int64_t max_pixels) {
  const AVCodec* const codec = FindDecoder(stream.codecpar->codec_id);
  if (codec == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("no decoder for the video codec ",
                     avcodec_get_name(stream.codecpar->codec_id)));
  }
  CodecHandle context(avcodec_alloc_context3(codec));
  const int copied =
      avcodec_parameters_to_context(context.get(), stream.codecpar);
  if (copied < 0) return FfmpegError(copied, "cannot set up the decoder");
  context->pkt_timebase = stream.time_base;
  context->thread_count = 1;
  context->max_pixels = WithPadding(max_pixels);

  AVDictionary* lock = nullptr;
  av_dict_set(&lock, "codec_whitelist", kDecoders, 0);
  const int opened = avcodec_open2(context.get(), codec, &lock);
  av_dict_free(&lock);
  auto decoder =
      std::unique_ptr<Decoder>(new Decoder(std::move(context), max_pixels));
  if (opened < 0) {
    RETURN_IF_ERROR(decoder->Judge(opened));
    return FfmpegError(
        opened, absl::StrCat("cannot open the ", codec->name, " video stream"));
  }
  return decoder;
}

absl::Status Decoder::Send(const AVPacket* packet) {
  TakeFfmpegRefusal();  // Of others on this thread.
  if (packet != nullptr) last_damaged_ = false;
  const int result = avcodec_send_packet(context_.get(), packet);
  return result < 0 ? Judge(result) : absl::OkStatus();
}

absl::Status Decoder::SendSpare(const AVPacket& packet) {
  if ((context_->codec_descriptor->props & AV_CODEC_PROP_INTRA_ONLY) != 0) {
    return absl::OkStatus();
  }
  context_->skip_frame = AVDISCARD_NONREF;
  absl::Status status = Send(&packet);
  context_->skip_frame = AVDISCARD_DEFAULT;
  return status;
}

void Decoder::SetLoopFilter(bool on) {
  context_->skip_loop_filter = on ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
}

absl::StatusOr<FrameHandle> Decoder::DecodeAlone(const AVPacket& key) {
  Flush();
  RETURN_IF_ERROR(Send(&key));
  RETURN_IF_ERROR(Send(nullptr));
  absl::StatusOr<FrameHandle> picture = Receive();
  Flush();
  if (picture.ok() && last_damaged_) return nullptr;
  return picture;
}

void Decoder::Flush() { avcodec_flush_buffers(context_.get()); }

absl::StatusOr<FrameHandle> Decoder::Receive() {
  FrameHandle frame(av_frame_alloc());
  for (int errors = 0; errors < kMaxErrors; ++errors) {
    const int result = avcodec_receive_frame(context_.get(), frame.get());
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return nullptr;
    if (result < 0) {
      RETURN_IF_ERROR(Judge(result));
      continue;
    }
    if ((frame->flags & AV_FRAME_FLAG_CORRUPT) != 0 ||
        frame->decode_error_flags != 0) {
      last_damaged_ = damaged_ = true;
    }
    RETURN_IF_ERROR(CheckPixels(int64_t{frame->width} * frame->height));
    return frame;
  }
  return nullptr;
}

absl::Status Decoder::Judge(int error) {
  last_damaged_ = damaged_ = true;
  RETURN_IF_ERROR(CheckPixels(TakeFfmpegRefusal().pixels));
  if (error == AVERROR(ENOMEM)) {
    return FfmpegError(error, "cannot decode a picture");
  }
  return absl::OkStatus();
}

absl::Status Decoder::CheckPixels(int64_t pixels) const {
  if (pixels <= max_pixels_) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("a picture has ", pixels, " pixels, more than max_pixels, ",
                   max_pixels_));
}

}  // namespace lenscap
