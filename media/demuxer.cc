#include "media/demuxer.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "media/decoder.h"
#include "media/ffmpeg_log.h"
#include "media/formats.h"

namespace lenscap {
namespace {

// Errors in a row after which the rest is given up for lost.
constexpr int kMaxReadErrors = 64;

// How far beyond the last packet honest writers declare the end.
constexpr absl::Duration kDurationSlack = absl::Milliseconds(250);

// A transport stream is a row of cells of one of these sizes, in bytes: plain,
// with a time stamp, with error correction. FFmpeg does not say that it has
// dropped a part of one.
constexpr int kTransportCells[] = {188, 192, 204};

int RefuseToOpen(AVFormatContext*, AVIOContext**, const char*, int,
                 AVDictionary**) {
  return AVERROR(EACCES);
}

int IsCancelled(void* io) { return !static_cast<SourceIo*>(io)->status().ok(); }

absl::Duration ToDuration(int64_t ticks, AVRational tick) {
  return absl::Microseconds(av_rescale_q(ticks, tick, AV_TIME_BASE_Q));
}

// Hides streams from av_find_best_stream while in scope.
class HiddenStreams {
 public:
  ~HiddenStreams() {
    for (AVStream* stream : streams_) {
      stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    }
  }
  void Hide(AVStream* stream) {
    stream->codecpar->codec_type = AVMEDIA_TYPE_UNKNOWN;
    streams_.push_back(stream);
  }

 private:
  std::vector<AVStream*> streams_;
};

bool IsVideo(const AVStream& stream) {
  return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
}

bool IsPicture(const AVStream& stream) {
  return (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

// FFmpeg's choice among the streams that `accept` accepts, or null.
template <typename Accept>
AVStream* BestStream(AVFormatContext* format, Accept accept) {
  HiddenStreams hidden;
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    AVStream* const stream = format->streams[i];
    if (IsVideo(*stream) && !accept(*stream)) hidden.Hide(stream);
  }
  const int best =
      av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, /*wanted_stream_nb=*/-1,
                          /*related_stream=*/-1, nullptr, /*flags=*/0);
  return best >= 0 ? format->streams[best] : nullptr;
}

}  // namespace

Demuxer::Demuxer(std::unique_ptr<ByteSource> source, const MediaLimits& limits,
                 const std::atomic<bool>* cancelled)
    : limits_(limits),
      io_(std::move(source), limits.max_bytes, cancelled),
      packet_(av_packet_alloc()) {}

absl::StatusOr<std::unique_ptr<Demuxer>> Demuxer::Open(
    std::unique_ptr<ByteSource> source, const MediaLimits& limits,
    const std::atomic<bool>* cancelled) {
  SetUpFfmpeg();
  TakeFfmpegRefusal();
  if (source->size() > limits.max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the media has ", source->size(),
                     " bytes, more than max_bytes, ", limits.max_bytes));
  }
  uint8_t first;
  ASSIGN_OR_RETURN(const size_t length,
                   source->ReadAt(0, absl::MakeSpan(&first, 1)));
  if (length == 0) return absl::InvalidArgumentError("the media is empty");

  auto demuxer = std::unique_ptr<Demuxer>(
      new Demuxer(std::move(source), limits, cancelled));
  RETURN_IF_ERROR(demuxer->OpenContainer());
  RETURN_IF_ERROR(demuxer->FindStreams());
  RETURN_IF_ERROR(demuxer->ChooseStream());
  return demuxer;
}

absl::Status Demuxer::OpenContainer() {
  AVFormatContext* format = avformat_alloc_context();
  format->pb = io_.avio();
  format->io_open = RefuseToOpen;
  format->interrupt_callback = {IsCancelled, &io_};
  format->max_streams = limits_.max_streams;
  format->probesize = limits_.probe_bytes;
  format->format_probesize = static_cast<int>(
      std::min<int64_t>(limits_.probe_bytes, format->format_probesize));

  AVDictionary* locks = nullptr;
  av_dict_set(&locks, "format_whitelist", kDemuxers, 0);
  av_dict_set(&locks, "protocol_whitelist", "", 0);
  // Decoders run only in a context with a limit of pixels (decoder.cc), so
  // none of them may run to find out what the streams are.
  av_dict_set(&locks, "codec_whitelist", "none", 0);
  const int result = avformat_open_input(&format, /*url=*/"", nullptr, &locks);
  av_dict_free(&locks);
  if (result < 0) {
    return Explain(result, result == AVERROR(EINVAL)
                               ? "not a video or image in a known format"
                               : "no video or image, or one without its index");
  }
  format_.reset(format);
  return absl::OkStatus();
}

absl::Status Demuxer::FindStreams() {
  const int result = avformat_find_stream_info(format_.get(), nullptr);
  RETURN_IF_ERROR(Explain(std::min(result, 0), "cannot find the streams"));
  const std::optional<absl::Duration> declared = declared_duration();
  if (declared > limits_.max_duration &&
      format_->duration_estimation_method == AVFMT_DURATION_FROM_STREAM) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the media says it lasts ", absl::FormatDuration(*declared),
        ", more than max_duration, ",
        absl::FormatDuration(limits_.max_duration)));
  }
  return absl::OkStatus();
}

absl::Status Demuxer::ChooseStream() {
  const auto decodable = [](const AVStream& stream) {
    return FindDecoder(stream.codecpar->codec_id) != nullptr;
  };
  stream_ = BestStream(format_.get(), [&](const AVStream& stream) {
    return decodable(stream) && !IsPicture(stream);
  });
  if (stream_ == nullptr) stream_ = BestStream(format_.get(), decodable);
  if (stream_ != nullptr) return absl::OkStatus();
  const AVStream* const other =
      BestStream(format_.get(), [](const AVStream&) { return true; });
  if (other == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("no video stream in the ", container(), " container"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no decoder for the video codec ",
                   avcodec_get_name(other->codecpar->codec_id)));
}

absl::Status Demuxer::Explain(int error, const char* what) {
  RETURN_IF_ERROR(io_.status());
  if (TakeFfmpegRefusal().streams) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the media has more streams than max_streams, ", limits_.max_streams));
  }
  return error < 0 ? FfmpegError(error, what) : absl::OkStatus();
}

absl::StatusOr<const AVPacket*> Demuxer::ReadPacket() {
  while (errors_ < kMaxReadErrors) {
    av_packet_unref(packet_.get());
    const int result = av_read_frame(format_.get(), packet_.get());
    RETURN_IF_ERROR(Explain(0, "cannot read a packet"));
    if (result == AVERROR_EOF) return nullptr;
    errors_ = result < 0 ? errors_ + 1 : 0;
    if (result < 0) continue;
    Note(*packet_);
    if (packet_->stream_index == stream_->index) return packet_.get();
  }
  return nullptr;
}

void Demuxer::Note(const AVPacket& packet) {
  last_damaged_.resize(format_->nb_streams);
  last_damaged_[packet.stream_index] =
      (packet.flags & AV_PKT_FLAG_CORRUPT) != 0;
  const int64_t start = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (start == AV_NOPTS_VALUE) return;
  const AVRational tick = format_->streams[packet.stream_index]->time_base;
  seen_ = std::max(seen_,
                   ToDuration(start, tick) +
                       ToDuration(std::max<int64_t>(packet.duration, 0), tick));
}

std::optional<absl::Duration> Demuxer::declared_duration() const {
  const int64_t duration = format_->duration;
  if (duration == AV_NOPTS_VALUE || duration <= 0 ||
      format_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) {
    return std::nullopt;
  }
  return ToDuration(duration, AV_TIME_BASE_Q);
}

bool Demuxer::ended_early() const {
  return errors_ > 0 || absl::c_linear_search(last_damaged_, true) ||
         promises_more_bytes() || promises_more_time() || ends_within_cell();
}

bool Demuxer::promises_more_bytes() const {
  const int64_t size = io_.size();
  if (size < 0) return false;
  const int count = avformat_index_get_entries_count(stream_);
  for (int i = 0; i < count; ++i) {
    const AVIndexEntry& entry = *avformat_index_get_entry(stream_, i);
    if (entry.pos > size - entry.size) return true;
  }
  return false;
}

bool Demuxer::promises_more_time() const {
  const std::optional<absl::Duration> declared = declared_duration();
  if (!declared ||
      format_->duration_estimation_method != AVFMT_DURATION_FROM_STREAM) {
    return false;
  }
  const absl::Duration start =
      format_->start_time == AV_NOPTS_VALUE
          ? absl::ZeroDuration()
          : ToDuration(format_->start_time, AV_TIME_BASE_Q);
  return seen_ - start + kDurationSlack < *declared;
}

bool Demuxer::ends_within_cell() const {
  if (container() != "mpegts" || io_.size() < 0) return false;
  return absl::c_all_of(kTransportCells,
                        [&](int cell) { return io_.size() % cell != 0; });
}

}  // namespace lenscap
