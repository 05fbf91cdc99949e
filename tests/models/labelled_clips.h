#ifndef LENSCAP_TESTS_MODELS_LABELLED_CLIPS_H_
#define LENSCAP_TESTS_MODELS_LABELLED_CLIPS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "media/video_reader.h"
#include "models/cue_footage.h"

namespace lenscap {

// A clip of a folder of labelled footage: a row of its manifest.csv.
struct LabelledClip {
  std::string path;        // Of the file, with the folder.
  std::string group;       // Clips of one camera or source.
  bool composite = false;  // Made of other clips of the folder.
  bool image = false;
  // The label's column, such as "static", and its value; none where it is
  // empty or between the two; 2, "strongly", counts as true.
  std::map<std::string, bool> labels;
  // What its burned-in clock shows at its start, "2021-06-11 23:14:05", where
  // the column "clock" says so of one that runs.
  std::string clock;
};

// Rows in the order of the manifest. Besides the labels it has the columns
// path, group, kind ("real" or "composite") and duration_s (0 or empty for
// images). INVALID_ARGUMENT names the line.
absl::StatusOr<std::vector<LabelledClip>> ReadManifest(
    const std::string& folder, const std::vector<std::string>& labels);

// What a scan would show to the cue model; an image twice, as a video of half a
// second.
absl::StatusOr<CueFootage> ReadCueFootage(const LabelledClip& clip,
                                          Sampling sampling);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_MODELS_LABELLED_CLIPS_H_
