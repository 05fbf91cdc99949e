#include "tests/services/footage.h"

#include <vector>

#include "tests/support/media_files.h"

namespace lenscap {
namespace {

// Never freed, so that it lives as long as the tests.
template <typename Make>
const std::string& Once(const Make& make) {
  static const std::string* const bytes = new std::string(make());
  return *bytes;
}

std::string Made(const std::string& name,
                 const std::vector<std::string>& arguments) {
  return ReadFileBytes(MakeMedia(name, arguments));
}

const std::string& KnownClipFile() {
  return Once([] {
    return MakeMedia(
        "known.mp4",
        {"-f", "lavfi", "-i",
         "mandelbrot=s=320x240:r=10:end_scale=0.001:end_pts=120", "-t", "10",
         "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"});
  });
}

}  // namespace

const std::string& KnownClip() {
  return Once([] { return ReadFileBytes(KnownClipFile()); });
}

const std::string& DisguisedExcerpt() {
  return Once([] {
    return Made("excerpt.avi",
                {"-ss", "3", "-t", "5", "-i", KnownClipFile(), "-vf",
                 "scale=160:120", "-c:v", "mpeg4", "-q:v", "5", "-an"});
  });
}

const std::string& UnrelatedVideo() {
  return Once([] {
    return Made("unrelated.mp4",
                {"-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=5", "-c:v",
                 "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"});
  });
}

const std::string& TruncatedVideo() {
  return Once([] {
    const std::string whole =
        Made("whole.mkv", {"-i", KnownClipFile(), "-c", "copy"});
    return whole.substr(0, whole.size() * 6 / 10);
  });
}

const std::string& SoundOnly() {
  return Once([] {
    return Made("sound.mkv",
                {"-f", "lavfi", "-i", "sine=d=1", "-c:a", "pcm_s16le"});
  });
}

const std::string& KnownClipOfUnknownLength() {
  return Once([] {
    return Made("endless.mkv",
                {"-i", KnownClipFile(), "-c", "copy", "-live", "1"});
  });
}

const std::string& HiddenBetweenKeyframes() {
  return Once([] {
    return Made(
        "hidden.mp4",
        {"-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=20", "-i",
         KnownClipFile(), "-filter_complex",
         "[0]loop=loop=-1:size=1,trim=duration=20[still];"
         "[1]trim=3:6,setpts=PTS-STARTPTS+11/TB[clip];"
         "[still][clip]overlay=eof_action=pass:enable='between(t,11,13.99)'",
         "-t", "20", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt",
         "yuv420p", "-x264-params", "keyint=100:scenecut=0"});
  });
}

const std::string& AmongCloseKeyframes() {
  return Once([] {
    return Made(
        "among.mp4",
        {"-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=30", "-i",
         KnownClipFile(), "-filter_complex",
         "[1]trim=2:8,setpts=PTS-STARTPTS+11/TB[clip];"
         "[0][clip]overlay=eof_action=pass:enable='between(t,11,16.99)'",
         "-t", "30", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt",
         "yuv420p", "-x264-params", "keyint=10:scenecut=0"});
  });
}

const std::string& LongVideo() {
  return Once([] {
    return Made("long.mp4",
                {"-f", "lavfi", "-i", "testsrc2=s=640x480:r=25:d=30", "-c:v",
                 "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"});
  });
}

}  // namespace lenscap
