#ifndef LENSCAP_MODELS_TEXT_LINES_H_
#define LENSCAP_MODELS_TEXT_LINES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "models/cue_footage.h"

namespace lenscap {

// How likely each cell of a picture shows burned-in text, 0 to 1, and how
// likely that text is a clock. Cells row by row; equally large.
struct TextMap {
  int width = 0;
  int height = 0;
  std::vector<float> text;
  std::vector<float> clock;
};

// A line of text, in samples of the stills: [left, right) x [top, bottom).
struct TextLine {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  double clock = 0;  // How likely its cells show a clock, on average.
};

// The lines of the map that may be clocks by their shape and by what the map
// says, the likeliest first; at most 4. Cells beside each other in a row are
// one line; where lines stand close above each other, the strokes in `stills`,
// at least one, tell them apart.
std::vector<TextLine> FindTextLines(const TextMap& map,
                                    absl::Span<const CueStill* const> stills);

// The mean of the strongest six cells: how sure it is that there are any.
double Strongest(absl::Span<const float> cells);

// A line cut out of a still to be read, with a little of what is around it:
// kHeight rows of a width that is a multiple of 8. What is too long is
// squeezed; of what is too short, more of what is to the right of it is shown.
struct LinePicture {
  static constexpr int kHeight = 32;
  static constexpr int kMinWidth = 64;
  static constexpr int kMaxWidth = 640;
  int width = 0;
  std::vector<uint8_t> luma;
};
LinePicture CutLine(const CueStill& still, const TextLine& line);

// The characters of UTF-8 text, one by one; what is no UTF-8 is left out.
std::vector<std::string> Characters(absl::string_view text);

// The text that a reader trained by connectionist temporal classification
// (Graves et al., 2006) saw: `scores` are rows of one score for "nothing" and
// one for each character of `alphabet`. At most 64 characters.
std::string DecodeLine(absl::Span<const float> scores,
                       absl::Span<const std::string> alphabet);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_TEXT_LINES_H_
