#ifndef LENSCAP_SERVICES_CLI_EVIDENCE_FILE_H_
#define LENSCAP_SERVICES_CLI_EVIDENCE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/lenscap/v1/scan.pb.h"

namespace lenscap::cli {

// "night_1.mp4": what a page on the report is called, without ".svg". The name
// of the upload, or else of its case or content, as one that leads nowhere
// else and is easily typed; at most 200 bytes.
std::string EvidenceName(const v1::ScanReport& report);

// Makes `directory` where it is missing, for its owner alone: the pages show
// footage. The file system's error, with the path, where that fails.
absl::Status MakeEvidenceDirectory(const std::string& directory);

// Writes the report's EvidencePage to a new file in `directory`, for its owner
// alone, and returns the file's path; "" where there is no page. Nothing is
// overwritten: where NAME.svg is there it is NAME-2.svg, and so on;
// ALREADY_EXISTS where thousands are. The file system's error, with the path,
// where it cannot be written whole; then no file is left. Thread-safe.
absl::StatusOr<std::string> WriteEvidence(const std::string& directory,
                                          const v1::ScanReport& report);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_EVIDENCE_FILE_H_
