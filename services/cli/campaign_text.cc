#include "services/cli/campaign_text.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

using Figures = std::vector<std::pair<const char*, std::string>>;

Figures CountsOf(const v1::CampaignReport& report) {
  return {{"items_found", absl::StrCat(report.items_found())},
          {"items_blocked", absl::StrCat(report.items_blocked())},
          {"items_retrospective", absl::StrCat(report.items_retrospective())},
          {"decisions", absl::StrCat(report.decisions())},
          {"items_removed", absl::StrCat(report.items_removed())},
          {"listings_removed", absl::StrCat(report.listings_removed())},
          {"items_restored", absl::StrCat(report.items_restored())},
          {"accounts_acted_on", absl::StrCat(report.accounts_acted_on())},
          {"groups_acted_on", absl::StrCat(report.groups_acted_on())},
          {"awaiting_redecision", absl::StrCat(report.awaiting_redecision())}};
}

std::string Seconds(const google::protobuf::Duration& duration) {
  return absl::StrFormat("%.6f", absl::ToDoubleSeconds(FromProto(duration)));
}

// Quoted always: no value is taken for two, or for a formula's start.
std::string Cell(absl::string_view value) {
  return absl::StrCat(
      "\"", absl::StrReplaceAll(Printable(value), {{"\"", "\"\""}}), "\"");
}

std::string Row(const char* figure, absl::string_view list,
                absl::string_view issuer, absl::string_view value) {
  return absl::StrCat(figure, ",", Cell(list), ",", Cell(issuer), ",", value,
                      "\r\n");
}

}  // namespace

std::string DescribeCampaign(const v1::CampaignReport& report) {
  std::string text;
  for (const auto& [name, value] : CountsOf(report)) {
    absl::StrAppend(&text, absl::StrFormat("%-22s%s\n", name, value));
  }
  if (report.has_removal_median()) {
    absl::StrAppend(
        &text, absl::StrFormat(
                   "time to removal       median %s, p95 %s, "
                   "%.1f %% within 24 h, %.1f %% within 48 h\n",
                   absl::FormatDuration(FromProto(report.removal_median())),
                   absl::FormatDuration(FromProto(report.removal_p95())),
                   100 * report.removed_within_24h(),
                   100 * report.removed_within_48h()));
  }
  if (report.lists().empty()) return text;
  std::vector<std::vector<std::string>> rows = {
      {"LIST", "ISSUER", "UPHELD", "REJECTED", "PRECISION"}};
  for (const v1::ListPrecision& list : report.lists()) {
    rows.push_back({Printable(list.list_id()), Printable(list.issuer()),
                    absl::StrCat(list.upheld()), absl::StrCat(list.rejected()),
                    absl::StrFormat("%.3f", list.precision())});
  }
  return absl::StrCat(text, "\n", FormatTable(rows));
}

std::string CampaignCsv(const v1::CampaignReport& report) {
  std::string csv = "figure,list,issuer,value\r\n";
  const auto add = [&](const char* figure, const std::string& value) {
    absl::StrAppend(&csv, Row(figure, "", "", value));
  };
  for (const auto& [name, value] : CountsOf(report)) add(name, value);
  const bool timed = report.has_removal_median();
  add("removal_median_seconds", timed ? Seconds(report.removal_median()) : "");
  add("removal_p95_seconds", timed ? Seconds(report.removal_p95()) : "");
  add("removed_within_24h",
      timed ? absl::StrCat(report.removed_within_24h()) : "");
  add("removed_within_48h",
      timed ? absl::StrCat(report.removed_within_48h()) : "");
  for (const v1::ListPrecision& list : report.lists()) {
    const auto add_of_list = [&](const char* figure, const std::string& value) {
      absl::StrAppend(&csv, Row(figure, list.list_id(), list.issuer(), value));
    };
    add_of_list("upheld", absl::StrCat(list.upheld()));
    add_of_list("rejected", absl::StrCat(list.rejected()));
    add_of_list("precision", absl::StrCat(list.precision()));
  }
  return csv;
}

}  // namespace lenscap::cli
