#include "tests/services/camera.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "index/frame_runs.h"
#include "services/clip_detail.h"
#include "services/picture_search.h"
#include "tests/fingerprint/scenes.h"

namespace lenscap {
namespace {

constexpr int kWidth = 480;
constexpr int kHeight = 360;
constexpr int kPeople = 4;

void DrawBox(int left, int top, int width, int height, uint8_t grey,
             Picture* picture) {
  for (int y = std::max(0, top); y < std::min(kHeight, top + height); ++y) {
    for (int x = std::max(0, left); x < std::min(kWidth, left + width); ++x) {
      picture->at(x, y) = grey;
    }
  }
}

// Each walks to and fro in its own way.
void DrawPeople(uint32_t people, double seconds, Picture* picture) {
  for (int p = 0; p < kPeople; ++p) {
    const double phase = 1.7 * p + 2.9 * people;
    const double pace = 0.31 + 0.13 * p + 0.017 * (people % 7);
    const int x = static_cast<int>(
        kWidth * (0.5 + 0.45 * std::sin(phase + pace * seconds)));
    const int y = static_cast<int>(
        kHeight * (0.45 + 0.2 * std::sin(2.3 * phase + 0.7 * pace * seconds)));
    DrawBox(x - 35, y - 60, 70, 180, p % 2 == 0 ? 225 : 30, picture);
    DrawBox(x - 20, y - 100, 40, 40, p % 2 == 0 ? 60 : 190, picture);
  }
}

Frame FrameOf(const Picture& picture, const Region& region,
              absl::Duration time) {
  auto pixels = std::make_shared<const Picture>(picture);
  return {.time = time,
          .luma = SubPlane(pixels->plane(), region),
          .range = LumaRange::kFull,
          .colour = {},
          .pixels = pixels};
}

}  // namespace

std::vector<Frame> Film(const Camera& camera, absl::Duration start,
                        absl::Duration end, absl::Duration every,
                        const Region& region) {
  const Picture room = DrawScene(camera.scene, kWidth, kHeight);
  std::vector<Frame> frames;
  for (absl::Duration time = start; time < end; time += every) {
    Picture picture = room;
    DrawPeople(camera.people, absl::ToDoubleSeconds(time), &picture);
    frames.push_back(FrameOf(picture, region, time - start));
  }
  return frames;
}

Clip ClipOf(const std::vector<Frame>& frames) {
  Clip clip;
  clip.list_id = "list";
  clip.entry_id = "entry";
  FrameRuns<ReferenceFrame> runs;
  ClipDetailCollector detail;
  for (const Frame& frame : frames) {
    const FrameFingerprint fingerprint = Fingerprint(frame);
    runs.Add({.hash = fingerprint.hash(),
              .quality = fingerprint.quality(),
              .time = frame.time});
    detail.Add(frame, fingerprint);
  }
  clip.frames = runs.Finish();
  clip.detail = detail.Finish();
  clip.duration = frames.back().time + absl::Milliseconds(250);
  return clip;
}

UploadFingerprint UploadOf(const std::vector<Frame>& frames,
                           const ClipSighter& clips) {
  UploadFingerprint upload;
  PictureSearch pictures(clips, {});
  for (const Frame& frame : frames) {
    upload.frames.push_back(Fingerprint(frame));
    pictures.Add(frame, upload.frames.back());
  }
  pictures.Finish(&upload);
  upload.duration = frames.back().time + absl::Milliseconds(500);
  return upload;
}

}  // namespace lenscap
