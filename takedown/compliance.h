#ifndef LENSCAP_TAKEDOWN_COMPLIANCE_H_
#define LENSCAP_TAKEDOWN_COMPLIANCE_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "proto/lenscap/v1/report.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "takedown/campaign.h"

namespace lenscap {

// Counts what became of the clocks that started in a period, as of `now`, from
// cases that come one by one, each once (proto/lenscap/v1/report.proto says
// what each figure is). Periods that follow on one another add up. Not
// thread-safe.
class ComplianceCounter {
 public:
  ComplianceCounter(Period period, v1::CaseFilter filter,
                    JurisdictionsOf jurisdictions_of, absl::Time now);
  void Add(const v1::Case& opened);
  v1::ComplianceReply Finish() const;

 private:
  struct Counted {
    v1::ClockFigures figures;
    std::vector<absl::Duration> times;  // Of those met, late or not.
    std::vector<std::pair<absl::Time, std::string>> missed;  // Start, case.
  };
  void AddClock(const v1::Case& opened, const v1::Clock& clock);

  const Period period_;
  const v1::CaseFilter filter_;
  const JurisdictionsOf jurisdictions_of_;
  const absl::Time now_;
  std::map<std::string, Counted> clocks_;
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_COMPLIANCE_H_
