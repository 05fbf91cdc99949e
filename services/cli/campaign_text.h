#ifndef LENSCAP_SERVICES_CLI_CAMPAIGN_TEXT_H_
#define LENSCAP_SERVICES_CLI_CAMPAIGN_TEXT_H_

#include <string>

#include "proto/lenscap/v1/report.pb.h"

namespace lenscap::cli {

// For people: the figures, and a table of lists.
std::string DescribeCampaign(const v1::CampaignReport& report);

// For spreadsheets (RFC 4180): "figure,list,issuer,value", one row a figure,
// with durations in seconds; figures that are absent have no value.
std::string CampaignCsv(const v1::CampaignReport& report);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_CAMPAIGN_TEXT_H_
