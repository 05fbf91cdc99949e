#ifndef LENSCAP_SERVICES_CLI_COMPLIANCE_TEXT_H_
#define LENSCAP_SERVICES_CLI_COMPLIANCE_TEXT_H_

#include <string>

#include "proto/lenscap/v1/report.pb.h"

namespace lenscap::cli {

// For people: a table of clocks, and the cases that missed one.
std::string DescribeCompliance(const v1::ComplianceReply& reply);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_COMPLIANCE_TEXT_H_
