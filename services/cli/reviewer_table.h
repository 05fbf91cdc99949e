#ifndef LENSCAP_SERVICES_CLI_REVIEWER_TABLE_H_
#define LENSCAP_SERVICES_CLI_REVIEWER_TABLE_H_

#include <string>

#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap::cli {

// For people: one line a golden case, and one a reviewer.
std::string FormatGoldenTable(const v1::ListGoldenReply& reply);
std::string FormatReviewerTable(const v1::ReviewerStatsReply& reply);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_REVIEWER_TABLE_H_
