#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "base/status_macros.h"
#include "media/dense_decoding.h"
#include "media/packet_group.h"
#include "media/still_scene.h"
#include "media/stream_reader.h"

namespace lenscap {
namespace {

// Compressed groups that can be read again, the latest; in bytes.
constexpr int64_t kMaxKeptBytes = 64 << 20;

// Chooses for each group of pictures the cheapest way to frames that are at
// most max_gap apart.
class SparseReader final : public StreamReader {
 public:
  SparseReader(std::unique_ptr<Demuxer> demuxer,
               std::unique_ptr<Decoder> decoder, const ReaderOptions& options)
      : StreamReader(std::move(demuxer), std::move(decoder), options),
        groups_(demuxer_.get()),
        dense_(decoder_.get(), &clock_, &sampler_, options.sample_interval) {}

  void SetDense(bool dense) override { wants_dense_ = dense; }

  absl::StatusOr<std::vector<TimeSpan>> ReadAgain(
      absl::Span<const TimeSpan> spans,
      const std::function<void(const Frame&)>& on_frame) override {
    std::vector<TimeSpan> read;
    for (auto at = kept_.begin(); at != kept_.end();) {
      const PacketGroup& group = **at;
      const TimeSpan shown = {group.start, group.end};
      if (absl::c_none_of(spans, [&](const TimeSpan& span) {
            return span.start < shown.end && shown.start < span.end;
          })) {
        ++at;
        continue;
      }
      RETURN_IF_ERROR(OpenSecondDecoder());
      RETURN_IF_ERROR(DecodeDensely(
          group, *second_decoder_, /*ends=*/true,
          [&](FrameHandle picture, absl::Duration time) -> absl::Status {
            ASSIGN_OR_RETURN(const Frame frame, Give(std::move(picture), time));
            on_frame(frame);
            return absl::OkStatus();
          }));
      read.push_back(shown);
      facts_.kept_bytes -= group.bytes;
      at = kept_.erase(at);
    }
    return read;
  }

  // But for the group that more may come of.
  void Forget() override {
    const bool goes_on = group_ != nullptr || !ready_.empty();
    while (kept_.size() > (goes_on ? 1 : 0)) {
      facts_.kept_bytes -= kept_.front()->bytes;
      kept_.pop_front();
    }
  }

 private:
  using VisitPicture = std::function<absl::Status(FrameHandle, absl::Duration)>;

  // What is decoded of a group.
  enum class Plan {
    kAll,       // As for dense sampling.
    kThin,      // What others need, unfiltered, up to max_gap from its end.
    kIfMoving,  // As kThin, unless the scene stands still.
    kKeyframe,  // No more than that.
  };

  absl::StatusOr<std::optional<Frame>> NextSample() override {
    while (ready_.empty() && !ended_) {
      RETURN_IF_ERROR(beyond_limit_);
      RETURN_IF_ERROR(GoOn());
      RETURN_IF_ERROR(group_ == nullptr ? BeginGroup() : Advance());
    }
    if (ready_.empty()) return std::nullopt;
    Picture picture = std::move(ready_.front());
    ready_.pop_front();
    return Give(std::move(picture.frame), picture.time);
  }

  // --- From group to group.

  absl::Status BeginGroup() {
    ASSIGN_OR_RETURN(group_, groups_.Next());
    next_packet_ = 0;
    if (group_ == nullptr) {
      RETURN_IF_ERROR(EndDense());
      ended_ = true;
      return End();
    }
    plan_ = PlanFor(*group_);
    if (plan_ == Plan::kAll) {
      decoder_->SetLoopFilter(true);
      is_dense_ = true;
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(EndDense());
    thin_group_ = group_;
    Keep(group_);
    beyond_limit_ = Place(*group_);
    if (!beyond_limit_.ok()) return GiveUpKeyframes();
    decoder_->SetLoopFilter(false);
    if (plan_ == Plan::kThin) return absl::OkStatus();
    return BeginAtKeyframe();
  }

  Plan PlanFor(const PacketGroup& group) const {
    if (wants_dense_ || !keyframes_suffice_ || decoder_->damaged() ||
        !group.starts_at_key || group.cut || !group.TellsTimes() ||
        HasTimesOfDecoding(group)) {
      return Plan::kAll;
    }
    const absl::Duration length = clock_.ToDuration(group.ticks());
    if (length <= absl::ZeroDuration()) return Plan::kAll;
    if (options_.sampling == Sampling::kKeyframes ||
        length <= options_.max_gap) {
      return Plan::kKeyframe;
    }
    return group.next_key != nullptr &&
                   HasSmallPackets(group, length, options_.limits.max_pixels)
               ? Plan::kIfMoving
               : Plan::kThin;
  }

  // Some files keep times of decoding and call them times of showing.
  bool HasTimesOfDecoding(const PacketGroup& group) const {
    return group.packets.size() > 1 && decoder_->reorders() &&
           absl::c_all_of(group.packets, [](const PacketHandle& packet) {
             return packet->pts == packet->dts;
           });
  }

  // Finds out when each picture of the group is shown.
  absl::Status Place(PacketGroup& group) {
    std::vector<const AVPacket*> shown;
    for (const PacketHandle& packet : group.packets) {
      shown.push_back(packet.get());
    }
    absl::c_sort(shown, [](const AVPacket* a, const AVPacket* b) {
      return a->pts < b->pts;
    });
    for (const AVPacket* packet : shown) {
      const absl::Duration time = clock_.PlaceUndecoded(*packet);
      RETURN_IF_ERROR(CheckDuration(time));
      if (packet == shown.front()) group.start = time;
      if (packet->pts < group.packets.front()->pts) continue;
      group.places[packet->pts] = {time, sampler_.Take(time)};
    }
    group.end = clock_.end();
    facts_.decoded_duration = std::max(facts_.decoded_duration, group.end);
    return absl::OkStatus();
  }

  void Keep(const std::shared_ptr<PacketGroup>& group) {
    kept_.push_back(group);
    facts_.kept_bytes += group->bytes;
    // The latest stays, however large: it may have to be decoded whole.
    while (facts_.kept_bytes > kMaxKeptBytes && kept_.size() > 1) {
      facts_.kept_bytes -= kept_.front()->bytes;
      kept_.pop_front();
    }
  }

  // --- Within a group.

  absl::Status Advance() {
    if (next_packet_ == group_->packets.size()) return EndGroup();
    const AVPacket& packet = *group_->packets[next_packet_++];
    if (plan_ == Plan::kAll) {
      RETURN_IF_ERROR(dense_.Send(&packet));
      return TakeDense();
    }
    if (!group_->places.contains(packet.pts)) return absl::OkStatus();
    RETURN_IF_ERROR(next_packet_ == 1 ? decoder_->Send(&packet)
                                      : decoder_->SendSpare(packet));
    return TakeThin();
  }

  absl::Status EndGroup() {
    const auto group = std::exchange(group_, nullptr);
    if (plan_ == Plan::kAll) return absl::OkStatus();
    RETURN_IF_ERROR(decoder_->Send(nullptr));
    return TakeThin();
  }

  absl::Status TakeDense() {
    while (true) {
      ASSIGN_OR_RETURN(DenseDecoding::Picture picture, dense_.Receive());
      facts_.decoded_duration = std::max(facts_.decoded_duration, dense_.end());
      if (picture.frame == nullptr) return absl::OkStatus();
      ++facts_.frames_decoded;
      RETURN_IF_ERROR(CheckDuration(picture.time));
      if (picture.sampled) Push(std::move(picture.frame), picture.time);
    }
  }

  // What the decoder still has of groups that were decoded whole.
  absl::Status EndDense() {
    if (!std::exchange(is_dense_, false)) return absl::OkStatus();
    RETURN_IF_ERROR(dense_.Send(nullptr));
    RETURN_IF_ERROR(TakeDense());
    decoder_->Flush();
    return absl::OkStatus();
  }

  absl::Status TakeThin() {
    const PacketGroup& group = *thin_group_;
    while (true) {
      ASSIGN_OR_RETURN(FrameHandle picture, decoder_->Receive());
      if (picture == nullptr) break;
      ++facts_.frames_decoded;
      const auto place = group.places.find(picture->pts);
      if (place == group.places.end()) continue;
      const absl::Duration time = place->second.time;
      if (IsDue(time, options_.sample_interval)) Push(std::move(picture), time);
    }
    // Up to the next keyframe it is not far from here.
    if (group_ == nullptr || last_given_ >= group.end - options_.max_gap) {
      group_ = nullptr;
      decoder_->Flush();
    }
    return absl::OkStatus();
  }

  // Gives the keyframe, and ends the group with it if that is enough.
  absl::Status BeginAtKeyframe() {
    PacketGroup& group = *group_;
    const AVPacket& key = *group.packets.front();
    const absl::Duration time = group.places[key.pts].time;
    // Where the next one is near enough to the last that was given, this one is
    // not needed.
    const bool due =
        !last_given_ || group.end - *last_given_ > options_.max_gap;
    if (plan_ == Plan::kKeyframe && !due) {
      group_ = nullptr;
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(FrameHandle picture, DecodeKeyframe(key));
    if (picture == nullptr) return GiveUpKeyframes();
    if (plan_ == Plan::kIfMoving) {
      ASSIGN_OR_RETURN(const bool still, StandsStill(group, *picture));
      if (!still) {
        plan_ = Plan::kThin;
        return absl::OkStatus();
      }
    }
    if (due) Push(std::move(picture), time);
    group_ = nullptr;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> StandsStill(const PacketGroup& group,
                                   const AVFrame& picture) {
    if (!HasSmallPackets(group, clock_.ToDuration(group.ticks()),
                         int64_t{picture.width} * picture.height)) {
      return false;
    }
    ASSIGN_OR_RETURN(next_picture_, DecodeKeyframe(*group.next_key));
    return next_picture_ != nullptr && LookAlike(picture, *next_picture_);
  }

  // Null if it has no whole picture alone.
  absl::StatusOr<FrameHandle> DecodeKeyframe(const AVPacket& key) {
    if (next_picture_ != nullptr && next_picture_->pts == key.pts) {
      return std::move(next_picture_);
    }
    next_picture_ = nullptr;
    ASSIGN_OR_RETURN(FrameHandle picture, decoder_->DecodeAlone(key));
    facts_.frames_decoded += picture != nullptr;
    return picture;
  }

  // What calls itself a keyframe is none, or is damaged, or not all of the
  // group is wanted: from here on all is decoded, with the group before, on
  // which it may build.
  absl::Status GiveUpKeyframes() {
    keyframes_suffice_ = false;
    group_ = nullptr;
    decoder_->SetLoopFilter(true);
    decoder_->Flush();
    const size_t first = kept_.size() - std::min<size_t>(kept_.size(), 2);
    for (size_t i = first; i < kept_.size(); ++i) {
      RETURN_IF_ERROR(
          DecodeDensely(*kept_[i], *decoder_, /*ends=*/false,
                        [&](FrameHandle picture, absl::Duration time) {
                          Push(std::move(picture), time);
                          return absl::OkStatus();
                        }));
    }
    is_dense_ = true;
    kept_.clear();
    facts_.kept_bytes = 0;
    return absl::OkStatus();
  }

  // Decodes a group that has places, as for dense sampling. The decoder may
  // keep its last pictures unless it `ends` there.
  absl::Status DecodeDensely(const PacketGroup& group, Decoder& decoder,
                             bool ends, const VisitPicture& visit) {
    auto next = group.places.begin();  // The next one that is sampled.
    const auto take = [&]() -> absl::Status {
      while (true) {
        ASSIGN_OR_RETURN(FrameHandle picture, decoder.Receive());
        if (picture == nullptr) return absl::OkStatus();
        ++facts_.frames_decoded;
        next = std::find_if(next, group.places.end(), [](const auto& place) {
          return place.second.sampled;
        });
        const auto place = group.places.find(picture->pts);
        if (place == group.places.end() || next == group.places.end() ||
            place->first < next->first) {
          continue;
        }
        next = std::next(place);
        RETURN_IF_ERROR(visit(std::move(picture), place->second.time));
      }
    };
    for (const PacketHandle& packet : group.packets) {
      RETURN_IF_ERROR(GoOn());
      const auto place = group.places.find(packet->pts);
      if (place == group.places.end()) continue;
      RETURN_IF_ERROR(place->second.sampled ? decoder.Send(packet.get())
                                            : decoder.SendSpare(*packet));
      RETURN_IF_ERROR(take());
    }
    if (!ends) return absl::OkStatus();
    RETURN_IF_ERROR(decoder.Send(nullptr));
    RETURN_IF_ERROR(take());
    decoder.Flush();
    return absl::OkStatus();
  }

  absl::Status OpenSecondDecoder() {
    if (second_decoder_ != nullptr) return absl::OkStatus();
    ASSIGN_OR_RETURN(
        second_decoder_,
        Decoder::Open(demuxer_->stream(), options_.limits.max_pixels));
    return absl::OkStatus();
  }

  // --- What is given.

  // Whether `time` is the first in its interval that is given.
  bool IsDue(absl::Duration time, absl::Duration interval) const {
    return !last_given_ ||
           absl::Floor(time, interval) > absl::Floor(*last_given_, interval);
  }

  void Push(FrameHandle picture, absl::Duration time) {
    if (last_given_ && time <= *last_given_) return;
    last_given_ = time;
    ready_.push_back({std::move(picture), time});
  }

  struct Picture {
    FrameHandle frame;
    absl::Duration time;
  };

  PacketGroups groups_;
  DenseDecoding dense_;
  std::unique_ptr<Decoder> second_decoder_;  // Of what is read again.
  std::deque<std::shared_ptr<PacketGroup>> kept_;
  std::shared_ptr<PacketGroup> group_;  // The one at work; null between two.
  std::shared_ptr<PacketGroup> thin_group_;  // The latest that has places.
  Plan plan_ = Plan::kAll;
  size_t next_packet_ = 0;
  FrameHandle next_picture_;  // Of the next keyframe, if it is known already.
  std::deque<Picture> ready_;
  std::optional<absl::Duration> last_given_;
  bool wants_dense_ = false;
  bool keyframes_suffice_ = true;
  bool is_dense_ = false;  // Groups with Plan::kAll are with the decoder.
  bool ended_ = false;
  absl::Status beyond_limit_;  // What is ready comes before the limit.
};

}  // namespace

std::unique_ptr<VideoReader> MakeSparseReader(std::unique_ptr<Demuxer> demuxer,
                                              std::unique_ptr<Decoder> decoder,
                                              const ReaderOptions& options) {
  return std::make_unique<SparseReader>(std::move(demuxer), std::move(decoder),
                                        options);
}

}  // namespace lenscap
