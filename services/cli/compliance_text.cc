#include "services/cli/compliance_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

// Of what has ended; "-" where nothing has.
std::string ShareMet(const v1::ClockFigures& clock) {
  const int64_t ended = clock.met() + clock.missed();
  if (ended == 0) return "-";
  return absl::StrFormat("%.1f %%", 100.0 * static_cast<double>(clock.met()) /
                                        static_cast<double>(ended));
}

std::string Took(bool present, const google::protobuf::Duration& duration) {
  return present ? absl::FormatDuration(
                       absl::Trunc(FromProto(duration), absl::Seconds(1)))
                 : "-";
}

}  // namespace

std::string DescribeCompliance(const v1::ComplianceReply& reply) {
  if (reply.clocks().empty()) return "No clock started in this period.\n";
  std::vector<std::vector<std::string>> rows = {
      {"CLOCK", "MET", "MISSED", "RUNNING", "IN TIME", "MEDIAN", "P95"}};
  std::string missed;
  for (const v1::ClockFigures& clock : reply.clocks()) {
    rows.push_back({Printable(clock.name()), absl::StrCat(clock.met()),
                    absl::StrCat(clock.missed()), absl::StrCat(clock.running()),
                    ShareMet(clock), Took(clock.has_median(), clock.median()),
                    Took(clock.has_p95(), clock.p95())});
    for (const std::string& case_id : clock.missed_case_ids()) {
      absl::StrAppend(&missed, Printable(clock.name()), " missed by ",
                      Printable(case_id), "\n");
    }
  }
  return absl::StrCat(FormatTable(rows), missed.empty() ? "" : "\n", missed);
}

}  // namespace lenscap::cli
