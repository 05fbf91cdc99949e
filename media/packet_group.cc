#include "media/packet_group.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/status_macros.h"

namespace lenscap {
namespace {

bool IsKey(const AVPacket& packet) {
  return (packet.flags & AV_PKT_FLAG_KEY) != 0;
}

}  // namespace

bool PacketGroup::TellsTimes() const {
  std::set<int64_t> seen;
  for (const PacketHandle& packet : packets) {
    if (packet->pts == AV_NOPTS_VALUE || !seen.insert(packet->pts).second) {
      return false;
    }
  }
  // Of a set, the last is the latest.
  return next_key == nullptr ||
         (next_key->pts != AV_NOPTS_VALUE && *seen.rbegin() < next_key->pts);
}

int64_t PacketGroup::ticks() const {
  const int64_t start = packets.front()->pts;
  if (next_key != nullptr) return av_sat_sub64(next_key->pts, start);
  int64_t end = start;
  for (const PacketHandle& packet : packets) {
    end = std::max(
        end, av_sat_add64(packet->pts, std::max<int64_t>(packet->duration, 0)));
  }
  return av_sat_sub64(end, start);
}

absl::StatusOr<std::shared_ptr<PacketGroup>> PacketGroups::Next() {
  auto group = std::make_shared<PacketGroup>();
  const auto add = [&group](PacketHandle packet) {
    group->bytes += packet->size;
    group->packets.push_back(std::move(packet));
  };
  if (first_ != nullptr) add(std::move(first_));
  while (!ended_) {
    ASSIGN_OR_RETURN(const AVPacket* next, demuxer_->ReadPacket());
    ended_ = next == nullptr;
    if (ended_) break;
    PacketHandle packet(av_packet_clone(next));
    if (packet == nullptr) {
      return absl::ResourceExhaustedError("no memory for a packet");
    }
    const bool full = !group->packets.empty() && IsFull(*group);
    if (!group->packets.empty() && (full || IsKey(*packet))) {
      group->cut = !IsKey(*packet);
      if (!group->cut) group->next_key.reset(av_packet_clone(packet.get()));
      first_ = std::move(packet);
      break;
    }
    add(std::move(packet));
  }
  if (group->packets.empty()) return nullptr;
  group->starts_at_key = IsKey(*group->packets.front());
  return group;
}

bool PacketGroups::IsFull(const PacketGroup& group) const {
  if (group.bytes >= limits_.bytes || group.packets.size() >= limits_.packets) {
    return true;
  }
  const AVPacket& first = *group.packets.front();
  const AVPacket& last = *group.packets.back();
  if (first.dts == AV_NOPTS_VALUE || last.dts == AV_NOPTS_VALUE) return false;
  const double seconds =
      static_cast<double>(av_sat_sub64(last.dts, first.dts)) *
      av_q2d(demuxer_->stream().time_base);
  return seconds >= absl::ToDoubleSeconds(limits_.length);
}

}  // namespace lenscap
