#include "media/dense_decoding.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace lenscap {

absl::Status DenseDecoding::Send(const AVPacket* packet) {
  return packet != nullptr && IsSpare(*packet) ? decoder_->SendSpare(*packet)
                                               : decoder_->Send(packet);
}

absl::StatusOr<DenseDecoding::Picture> DenseDecoding::Receive() {
  Picture picture;
  ASSIGN_OR_RETURN(picture.frame, decoder_->Receive());
  if (picture.frame == nullptr) return picture;
  picture.time = clock_->Place(*picture.frame);
  picture.sampled = sampler_->Take(picture.time);
  end_ = std::max(end_, clock_->end());
  return picture;
}

// Whether the packet's picture will surely not be sampled. In a damaged stream
// nothing is sure: the one that was to be sampled may be lost.
bool DenseDecoding::IsSpare(const AVPacket& packet) {
  if (packet.pts == AV_NOPTS_VALUE) return false;
  pts_differ_from_dts_ |= packet.pts != packet.dts;
  // Some files keep times of decoding and call them times of showing.
  const bool is_true = pts_differ_from_dts_ || !decoder_->reorders();
  if (!is_true || decoder_->damaged()) return false;
  const std::optional<absl::Duration> time = clock_->Foresee(packet);
  if (!time || !plan_.IsSpare(*time)) return false;
  end_ = std::max(end_, *time + clock_->ShownFor(packet.duration));
  return true;
}

}  // namespace lenscap
