#ifndef LENSCAP_SERVICES_CLI_CASE_TABLE_H_
#define LENSCAP_SERVICES_CLI_CASE_TABLE_H_

#include <string>
#include <vector>

#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap::cli {

// One row per case: what it is about and what the scan advised.
std::string FormatCaseTable(const std::vector<v1::Case>& cases);

// Everything a reviewer decides by: the uploader, what was found and where,
// and what was decided before.
std::string DescribeCase(const v1::Case& opened);

// One row per queue of a tenant.
std::string FormatQueueTable(const v1::StatsReply& stats);

// One row per upload of a case: whose it is, what it matches, what holds.
std::string FormatUploadTable(const std::vector<v1::CaseUpload>& uploads);

// What is known of an account or a group.
std::string DescribeHistory(const v1::History& history);

// "12 decided", one event.
std::string DescribeEvent(const v1::CaseEvent& event);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_CASE_TABLE_H_
