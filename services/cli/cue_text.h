#ifndef LENSCAP_SERVICES_CLI_CUE_TEXT_H_
#define LENSCAP_SERVICES_CLI_CUE_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "proto/lenscap/v1/common.pb.h"
#include "proto/lenscap/v1/cue.pb.h"
#include "proto/lenscap/v1/match.pb.h"
#include "proto/lenscap/v1/scan.pb.h"

// Cues, and what they rest on, in words. The reports come from another machine:
// all text returned here is printable, and bounded in length whatever they say.
namespace lenscap::cli {

// From this distortion on a lens bends lines visibly; below it is not spoken
// of.
inline constexpr double kVisibleDistortion = 0.05;

// The number of [low, high] nearest to `value`, or to 0 where it is none.
double Bounded(double value, double low, double high);
// From 0 to 1000 hours.
absl::Duration MediaTime(const google::protobuf::Duration& time);
// Width by height; 1 where the size is not known. From 1/8 to 8.
double PictureAspect(const v1::MediaFacts& media);

// `text`, printable; what is beyond `columns` is cut off and ends in "...".
std::string Shorten(absl::string_view text, size_t columns);
// At most `lines` lines of at most `columns`, broken between words where there
// are any; the last line is shortened.
std::vector<std::string> WrapText(absl::string_view text, size_t columns,
                                  size_t lines);

// "top left", "right", "middle": where the middle of the region is.
std::string PlaceName(const v1::Region& region);
// "ticks with the video", "stands still", "runs 2.0 times as fast"; "" for a
// text that is no clock.
std::string DescribeClock(const v1::BurnedInText& text);
// "+1.32": what the cue adds to the log of the odds of "hidden_camera".
std::string DescribeContribution(const v1::Cue& cue);
// "4 x 6 views", rows first; "" where there is one.
std::string DescribeViews(const v1::CueReport& cues);

// How far the camera moved since the frame before.
struct MoveLength {
  absl::Duration time;
  double length = 0;  // In shares of the picture's width, 0 to 9.
};
// Of the first 255 moves; `aspect` is the picture's.
std::vector<MoveLength> MoveLengths(const v1::CueReport& cues, double aspect);
// The longest one; nothing moved where there is none.
MoveLength LongestMove(const std::vector<MoveLength>& moves);

// At most `columns` block characters, each as high as the greatest of the
// values that share its column; the highest stands for `full`, which is
// positive.
std::string Sparkline(const std::vector<double>& values, double full,
                      size_t columns);

// Lines for every cue, for what they rest on, and for what a shadow model says
// beside them; "" where there is nothing. Each begins with "  cue     ",
// "  text    " and the like.
std::string ExplainCues(const v1::ScanReport& report);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_CUE_TEXT_H_
