#ifndef LENSCAP_TESTS_MODELS_CUE_LESSONS_H_
#define LENSCAP_TESTS_MODELS_CUE_LESSONS_H_

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "tests/models/labelled_clips.h"

namespace lenscap {

// By which column of a manifest a cue is judged.
struct CueLesson {
  const char* cue;
  const char* label;
};
inline constexpr std::array<CueLesson, 7> kCueLessons = {{
    {"fixed_angle", "static"},
    {"fisheye", "fisheye"},
    {"timestamp_overlay", "timestamp"},
    {"infrared", "ir"},
    {"multi_view_grid", "grid"},
    {"occluded_border", "occluded"},
    {"hidden_camera", "hidden"},
}};

// The columns that are read, which need not all be there.
inline std::vector<std::string> CueLabels() {
  std::vector<std::string> labels = {"osd_surveillance_text"};
  for (const CueLesson& lesson : kCueLessons) labels.emplace_back(lesson.label);
  return labels;
}

// What is so of a clip; none where that is not known. Footage without a column
// "hidden" counts as a hidden or surveillance camera's if it stands still and
// shows another of the signs, and was not made for a public: its folder is not
// one of the negatives, of dash cams, or of sport, where wide lenses are usual.
inline std::optional<bool> TruthOf(const LabelledClip& clip,
                                   const CueLesson& lesson) {
  const auto label = [&](const char* name) -> std::optional<bool> {
    const auto found = clip.labels.find(name);
    if (found == clip.labels.end()) return std::nullopt;
    return found->second;
  };
  // Composites are made of other clips; they teach layouts alone.
  if (clip.composite && std::string(lesson.label) != "grid") {
    return std::nullopt;
  }
  if (const auto truth = label(lesson.label)) return truth;
  if (std::string(lesson.label) != "hidden" || clip.image) return std::nullopt;
  for (const char* folder : {"/neg_", "/dashcam/", "SoccerTrack"}) {
    if (absl::StrContains(clip.path, folder)) return false;
  }
  const auto still = label("static");
  const auto clock = label("timestamp");
  if (!still || !clock) return std::nullopt;
  return *still &&
         (*clock || label("osd_surveillance_text").value_or(false) ||
          label("ir").value_or(false) || label("fisheye").value_or(false));
}

}  // namespace lenscap

#endif  // LENSCAP_TESTS_MODELS_CUE_LESSONS_H_
