#ifndef LENSCAP_SERVICES_CLI_SCAN_CLIENT_H_
#define LENSCAP_SERVICES_CLI_SCAN_CLIENT_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/cli/connection.h"

namespace lenscap::cli {

// The report on what could not be read on this side: UNREADABLE, with the
// reason.
v1::ScanReport UnreadableReport(const std::string& path,
                                const absl::Status& reason);

// Sends one file ("-" is standard input) and waits for the report on it, with
// `file` set. `header` has the names; length and digest are filled in here.
// `progress` gets the share that is done, 0 to 1, from this thread. A file that
// cannot be read has a report as above; an error is the server's.
absl::StatusOr<v1::ScanReport> ScanOneFile(
    const Connection& connection, const std::string& path,
    v1::UploadHeader header, const std::function<void(double)>& progress);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_SCAN_CLIENT_H_
