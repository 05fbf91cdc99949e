#ifndef LENSCAP_SERVICES_CLI_SCAN_TABLE_H_
#define LENSCAP_SERVICES_CLI_SCAN_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/lenscap/v1/match.pb.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "proto/lenscap/v1/verdict.pb.h"

namespace lenscap::cli {

// The part of an enum value's name after its prefix, in words:
// "STATE_DEAD_LETTER" is "dead letter".
std::string ValueName(absl::string_view name, absl::string_view prefix);
// "BLOCK", "REVIEW", ...
std::string ActionName(v1::Action action);
// "list/entry", printable.
std::string ClipName(const v1::ClipMatch& match);
// "2 (best 0)" bits, "exact file", "4 (best 2), mirrored, 2x".
std::string DescribeDistance(const v1::ClipMatch& match);

// One row per report: verdict, the best match and where it lies.
std::string FormatScanTable(const std::vector<v1::ScanReport>& reports);

// Everything that stands behind one verdict: reasons, every match, every cue
// and what it rests on. The first line begins with `subject`.
std::string ExplainReport(absl::string_view subject,
                          const v1::ScanReport& report);

// "20 files: 1 blocked, ...". `failed` files have no report.
std::string SummarizeScan(const std::vector<v1::ScanReport>& reports,
                          int64_t failed, int64_t skipped,
                          absl::Duration elapsed);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_SCAN_TABLE_H_
