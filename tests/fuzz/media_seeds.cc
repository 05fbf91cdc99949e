#include "tests/fuzz/media_seeds.h"

#include <iostream>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using Arguments = std::vector<std::string>;

// How to make one file. The encoder's name follows "-c:v".
struct Recipe {
  std::string file;
  Arguments encode;
};

Arguments operator+(Arguments a, const Arguments& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Arguments kH264 = {"-c:v", "libx264", "-preset", "ultrafast"};
// With B-frames, so that time stamps are not in order.
const Arguments kH264B = {"-c:v", "libx264", "-preset", "veryfast", "-bf", "2"};
const Arguments kHevc = {
    "-c:v",      "libx265",      "-preset",
    "ultrafast", "-x265-params", "log-level=none:pools=none:frame-threads=1"};
const Arguments kVp8 = {"-c:v", "libvpx", "-cpu-used", "8"};
const Arguments kVp9 = {"-c:v", "libvpx-vp9", "-cpu-used", "8"};
const Arguments kAv1 = {"-c:v",   "libaom-av1", "-cpu-used",      "8",
                        "-usage", "realtime",   "-lag-in-frames", "0"};
const Arguments kMpeg4 = {"-c:v", "mpeg4"};
const Arguments kMjpeg = {"-c:v", "mjpeg"};
const Arguments kMpeg1 = {"-c:v", "mpeg1video"};
const Arguments kMpeg2 = {"-c:v", "mpeg2video"};
const Arguments kMsmpeg4v1 = {"-c:v", "msmpeg4v1"};
const Arguments kMsmpeg4v2 = {"-c:v", "msmpeg4v2"};
const Arguments kMsmpeg4v3 = {"-c:v", "msmpeg4"};
const Arguments kH263 = {"-s", "128x96", "-c:v", "h263"};
const Arguments kFlv1 = {"-c:v", "flv"};
const Arguments kPng = {"-c:v", "png"};
const Arguments kFragments = {"-movflags", "frag_keyframe+empty_moov"};
// From the fourth frame on a day later, and then as if it were long ago.
const Arguments kJump = {"-bsf:v", "setts=ts=TS+if(gte(N\\,3)\\,86400/TB\\,0)"};
const Arguments kBackward = {"-bsf:v",
                             "setts=pts=PTS:dts=DTS-if(gte(N\\,3)\\,9/TB\\,0)"};

std::vector<Recipe> Recipes() {
  return {
      {"h264.mp4", kH264},
      {"h264-b-frames.mp4", kH264B},
      {"h264-fragments.mp4", kH264B + kFragments},
      {"h264-jump.mp4", kH264 + kJump},
      {"h264-backward.mp4", kH264B + kBackward},
      {"hevc.mp4", kHevc},
      {"vp9.mp4", kVp9},
      {"av1.mp4", kAv1},
      {"mpeg4.mp4", kMpeg4},
      {"mpeg2.mp4", kMpeg2},
      {"mpeg1.mp4", kMpeg1},
      {"h264.mov", kH264},
      {"mjpeg.mov", kMjpeg},
      {"png.mov", kPng},
      {"h263.3gp", kH263},
      {"h264.mkv", kH264B},
      {"h264-jump.mkv", kH264 + kJump},
      {"hevc.mkv", kHevc},
      {"mpeg4.mkv", kMpeg4},
      {"mpeg2.mkv", kMpeg2},
      {"mjpeg.mkv", kMjpeg},
      {"msmpeg4v3.mkv", kMsmpeg4v3},
      {"vp8.webm", kVp8},
      {"vp9.webm", kVp9},
      {"av1.webm", kAv1},
      {"h264.avi", kH264},
      {"mpeg4.avi", kMpeg4},
      {"mjpeg.avi", kMjpeg},
      {"png.avi", kPng},
      {"msmpeg4v1.avi", kMsmpeg4v1},
      {"msmpeg4v2.avi", kMsmpeg4v2},
      {"msmpeg4v3.avi", kMsmpeg4v3},
      {"h264.flv", kH264},
      {"h264-jump.flv", kH264 + kJump},
      {"flv1.flv", kFlv1},
      {"h264.ts", kH264B},
      {"h264-jump.ts", kH264 + kJump},
      {"hevc.ts", kHevc},
      {"mpeg2.ts", kMpeg2},
      {"mpeg4.ts", kMpeg4},
      {"mpeg1.mpg", kMpeg1},
      {"mpeg2.vob", kMpeg2},
      {"h264.vob", kH264},
      {"picture.jpg", {"-frames:v", "1", "-c:v", "mjpeg"}},
      {"picture.png", {"-frames:v", "1", "-c:v", "png"}},
      {"interlaced.png",
       {"-frames:v", "1", "-pix_fmt", "rgba64be", "-c:v", "png"}},
      {"picture.webp", {"-frames:v", "1", "-c:v", "libwebp"}},
      {"lossless.webp",
       {"-frames:v", "1", "-lossless", "1", "-c:v", "libwebp"}},
      {"moving.gif", {"-c:v", "gif"}},
      {"moving.apng", {"-c:v", "apng", "-f", "apng"}},
  };
}

const std::string& EncoderOf(const Recipe& recipe) {
  size_t i = 0;
  while (recipe.encode[i] != "-c:v") ++i;
  return recipe.encode[i + 1];
}

std::set<std::string> KnownEncoders() {
  std::set<std::string> names;
  for (absl::string_view line :
       absl::StrSplit(OutputOf({"ffmpeg", "-v", "error", "-encoders"}), '\n')) {
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() > 1) names.insert(std::string(words[1]));
  }
  return names;
}

}  // namespace

// One run of ffmpeg makes them all: starting it takes longer than encoding.
std::vector<Seed> MakeMediaSeeds() {
  const std::string directory = MakeTempDirectory();
  const std::set<std::string> encoders = KnownEncoders();
  Arguments command = {"ffmpeg", "-nostdin", "-v",
                       "error",  "-y",       "-f",
                       "lavfi",  "-i",       "testsrc2=d=0.4:s=64x48:r=25"};
  std::vector<Seed> seeds;
  for (const Recipe& recipe : Recipes()) {
    if (encoders.count(EncoderOf(recipe)) == 0) {
      std::cout << "left out " << recipe.file << ": no encoder "
                << EncoderOf(recipe) << std::endl;
      continue;
    }
    seeds.push_back({recipe.file, ""});
    command = command + Arguments{"-map", "0"} + recipe.encode +
              Arguments{"-threads", "1", "-bitexact",
                        absl::StrCat(directory, "/", recipe.file)};
  }
  OutputOf(command);
  for (Seed& seed : seeds) {
    seed.bytes = ReadFileBytes(absl::StrCat(directory, "/", seed.name));
  }
  return seeds;
}

}  // namespace lenscap
