#ifndef LENSCAP_TESTS_SERVICES_FOOTAGE_H_
#define LENSCAP_TESTS_SERVICES_FOOTAGE_H_

#include <string>

namespace lenscap {

// Small media files, made by ffmpeg once per process. Each returns the file's
// bytes.

// Ten seconds of a moving picture, H.264 in MP4.
const std::string& KnownClip();
// Seconds 3 to 8 of it, a quarter of the size, another codec and container.
const std::string& DisguisedExcerpt();
// Five seconds of something else.
const std::string& UnrelatedVideo();
// The first part of the known clip's bytes, in a container that plays on.
const std::string& TruncatedVideo();
// Sound alone.
const std::string& SoundOnly();
// The known clip in a container that does not say how long it is.
const std::string& KnownClipOfUnknownLength();
// Twenty seconds of a picture that stands still, with seconds 3 to 6 of the
// known clip at 11 s, and a keyframe every ten seconds alone.
const std::string& HiddenBetweenKeyframes();
// Half a minute of another picture, with seconds 2 to 8 of the known clip at
// 11 s, and a keyframe each second.
const std::string& AmongCloseKeyframes();
// Half a minute that takes a while to decode.
const std::string& LongVideo();

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_FOOTAGE_H_
