#ifndef LENSCAP_TESTS_MODELS_CUE_SAMPLES_H_
#define LENSCAP_TESTS_MODELS_CUE_SAMPLES_H_

#include <array>

#include "models/cue_module.h"
#include "tests/models/labelled_clips.h"

namespace lenscap {

// How a cue is taught: by which label, from which measures of footage.
struct CueLesson {
  const char* cue;
  const char* label;  // The manifest's column.
  std::vector<CueMeasure> measures;
  bool from_images;  // Whether one picture tells it too.
};
inline const std::array<CueLesson, 2> kCueLessons = {{
    {"fixed_angle",
     "static",
     {kPersistence, kBlockPersistence, kLogChange},
     /*from_images=*/false},
    {"infrared", "ir", {kLogSaturation}, /*from_images=*/true},
}};

// Whether a clip can teach or test the cue: it has the label and, but for cues
// that an image tells, two frames. Composites repeat other clips, so they are
// left out.
inline bool IsUsable(const LabelledClip& clip, size_t frames,
                     const CueLesson& lesson) {
  return !clip.composite && clip.labels.count(lesson.label) != 0 &&
         frames >= (lesson.from_images ? 1 : 2);
}

}  // namespace lenscap

#endif  // LENSCAP_TESTS_MODELS_CUE_SAMPLES_H_
