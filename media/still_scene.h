#ifndef LENSCAP_MEDIA_STILL_SCENE_H_
#define LENSCAP_MEDIA_STILL_SCENE_H_

#include "absl/time/time.h"
#include "media/ffmpeg_handles.h"
#include "media/packet_group.h"

namespace lenscap {

// Two proofs, which together say that between two keyframes nothing happens.

// Whether no packet but the keyframes', and no second of them, has enough bytes
// to draw another picture. The group must have a next keyframe; it is shown for
// `length`.
bool HasSmallPackets(const PacketGroup& group, absl::Duration length);

// Whether two decoded pictures of one size show the same, but for noise.
bool LookAlike(const AVFrame& a, const AVFrame& b);

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_STILL_SCENE_H_
