#ifndef LENSCAP_MEDIA_PACKET_GROUP_H_
#define LENSCAP_MEDIA_PACKET_GROUP_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "media/demuxer.h"
#include "media/ffmpeg_handles.h"

namespace lenscap {

// A keyframe's packet and those that follow it, up to the next keyframe: a
// group of pictures, in order of decoding.
struct PacketGroup {
  std::vector<PacketHandle> packets;
  PacketHandle next_key;  // Null where the stream ends, or the group is cut.
  bool starts_at_key = false;
  bool cut = false;  // Too long to wait for its end: the next one goes on.
  int64_t bytes = 0;

  // Filled in once the times are known: of each picture, by timestamp. Those
  // that are shown before the keyframe need the group before and have none.
  struct Place {
    absl::Duration time;
    bool sampled = false;  // By dense sampling.
  };
  std::map<int64_t, Place> places;
  // When its pictures are shown: [start, end).
  absl::Duration start;
  absl::Duration end;

  // Whether the packets' timestamps say when the pictures are shown: each has
  // one, no two the same, and all before the next keyframe's.
  bool TellsTimes() const;
  // Between the keyframe's timestamp and the next one's, or the latest in the
  // group where there is none; in ticks.
  int64_t ticks() const;
};

// Cuts a demuxer's stream into groups. Not thread-safe.
class PacketGroups {
 public:
  // A group that takes more than so much is given in parts.
  struct Limits {
    int64_t bytes = 32 << 20;
    size_t packets = 3600;
    absl::Duration length = absl::Seconds(40);
  };

  // `demuxer` must outlive this.
  explicit PacketGroups(Demuxer* demuxer) : demuxer_(demuxer) {}

  // The next group; null at the end. Errors as Demuxer::ReadPacket.
  absl::StatusOr<std::shared_ptr<PacketGroup>> Next();

 private:
  bool IsFull(const PacketGroup& group) const;

  Demuxer* const demuxer_;
  const Limits limits_;
  PacketHandle first_;  // Of the next group, where it has been read.
  bool ended_ = false;
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_PACKET_GROUP_H_
