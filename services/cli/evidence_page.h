#ifndef LENSCAP_SERVICES_CLI_EVIDENCE_PAGE_H_
#define LENSCAP_SERVICES_CLI_EVIDENCE_PAGE_H_

#include <string>

#include "proto/lenscap/v1/scan.pb.h"

namespace lenscap::cli {

// What a reviewer looks at to check the cues of one report: its stills with the
// burned-in texts and views marked, every cue with what it adds to
// hidden_camera, the camera's path and the lens. One SVG document, 900 pixels
// wide, without scripts and without anything outside itself; well-formed
// whatever the report says. "" where the report has no still that is a JPEG.
// It shows footage: guard it as you would the upload. Pure.
std::string EvidencePage(const v1::ScanReport& report);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_EVIDENCE_PAGE_H_
