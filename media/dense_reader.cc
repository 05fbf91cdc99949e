#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "media/dense_decoding.h"
#include "media/stream_reader.h"

namespace lenscap {
namespace {

class DenseReader final : public StreamReader {
 public:
  DenseReader(std::unique_ptr<Demuxer> demuxer,
              std::unique_ptr<Decoder> decoder, const ReaderOptions& options)
      : StreamReader(std::move(demuxer), std::move(decoder), options),
        decoding_(decoder_.get(), &clock_, &sampler_, options.sample_interval) {
  }

  void SetDense(bool) override {}
  absl::StatusOr<std::vector<TimeSpan>> ReadAgain(
      absl::Span<const TimeSpan>,
      const std::function<void(const Frame&)>&) override {
    return std::vector<TimeSpan>();
  }
  void Forget() override {}

 private:
  absl::StatusOr<std::optional<Frame>> NextSample() override {
    while (!ended_) {
      RETURN_IF_ERROR(GoOn());
      ASSIGN_OR_RETURN(DenseDecoding::Picture picture, decoding_.Receive());
      facts_.decoded_duration =
          std::max(facts_.decoded_duration, decoding_.end());
      if (picture.frame == nullptr) {
        RETURN_IF_ERROR(SendPacket());
        continue;
      }
      ++facts_.frames_decoded;
      RETURN_IF_ERROR(CheckDuration(picture.time));
      if (picture.sampled) return Give(std::move(picture.frame), picture.time);
    }
    return std::nullopt;
  }

  absl::Status SendPacket() {
    if (draining_) {
      ended_ = true;
      return End();
    }
    ASSIGN_OR_RETURN(const AVPacket* packet, demuxer_->ReadPacket());
    draining_ = packet == nullptr;
    absl::Status sent = decoding_.Send(packet);
    facts_.decoded_duration =
        std::max(facts_.decoded_duration, decoding_.end());
    return sent;
  }

  DenseDecoding decoding_;
  bool draining_ = false;  // All packets are with the decoder.
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<VideoReader> MakeDenseReader(std::unique_ptr<Demuxer> demuxer,
                                             std::unique_ptr<Decoder> decoder,
                                             const ReaderOptions& options) {
  return std::make_unique<DenseReader>(std::move(demuxer), std::move(decoder),
                                       options);
}

}  // namespace lenscap
