#ifndef LENSCAP_SERVICES_CLI_EVIDENCE_PLOTS_H_
#define LENSCAP_SERVICES_CLI_EVIDENCE_PLOTS_H_

#include "proto/lenscap/v1/cue.pb.h"
#include "services/cli/svg.h"

// What cues rest on, as plots. Each is drawn within `box`, whatever the report
// says; `aspect` is the picture's width by its height.
namespace lenscap::cli {

// Where the camera looked, from the first frame to the last, over the frame of
// one picture (dashed).
void DrawCameraPath(const v1::CueReport& cues, double aspect, const Box& box,
                    SvgDrawing& drawing);

// How far it moved from frame to frame, in percent of the picture's width, over
// the time of the video.
void DrawMoveLengths(const v1::CueReport& cues, double aspect, const Box& box,
                     SvgDrawing& drawing);

// What the lens makes of a grid of straight lines, and how far from the middle
// it draws what a straight lens would draw at each distance.
void DrawLens(double distortion, double aspect, const Box& box,
              SvgDrawing& drawing);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_EVIDENCE_PLOTS_H_
