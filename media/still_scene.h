#ifndef LENSCAP_MEDIA_STILL_SCENE_H_
#define LENSCAP_MEDIA_STILL_SCENE_H_

#include <cstdint>

#include "absl/time/time.h"
#include "media/ffmpeg_handles.h"
#include "media/packet_group.h"

namespace lenscap {

// Two proofs, which together say that between two keyframes nothing happens.

// Whether no packet but the keyframes', and no second of them, has enough bytes
// to draw another picture of so many `pixels`: next to the keyframes, and, as
// those may be padded, next to what any codec needs. The group must have a next
// keyframe; it is shown for `length`.
bool HasSmallPackets(const PacketGroup& group, absl::Duration length,
                     int64_t pixels);

// Whether two decoded pictures of one size show the same, but for noise.
bool LookAlike(const AVFrame& a, const AVFrame& b);

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_STILL_SCENE_H_
