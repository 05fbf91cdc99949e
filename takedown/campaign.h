#ifndef LENSCAP_TAKEDOWN_CAMPAIGN_H_
#define LENSCAP_TAKEDOWN_CAMPAIGN_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/lenscap/v1/report.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// What the list names as where it holds; empty for an unknown list.
using JurisdictionsOf =
    std::function<std::vector<std::string>(absl::string_view list_id)>;

// The matches of the case that the filter's list, issuer and jurisdiction
// allow. Nothing where the filter does not let the case through.
struct Filtered {
  bool passes = false;
  std::vector<const v1::ClipMatch*> matches;  // Of the case given.
};
Filtered Apply(const v1::CaseFilter& filter, const v1::Case& opened,
               const JurisdictionsOf& jurisdictions_of);

// Whether the decision at `index` removed what was not removed before it, or
// restored what had been removed or blocked at once.
bool Removes(const v1::Case& opened, int index);
bool Restores(const v1::Case& opened, int index);

// The half-open period [start, end).
struct Period {
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();
  bool Has(absl::Time time) const { return start <= time && time < end; }
};

// Counts a campaign report (proto/lenscap/v1/report.proto says what each figure
// is) from cases that come one by one, each once. Not thread-safe.
class CampaignCounter {
 public:
  CampaignCounter(Period period, v1::CaseFilter filter,
                  JurisdictionsOf jurisdictions_of);
  void Add(const v1::Case& opened);
  v1::CampaignReport Finish() const;

 private:
  using Name = std::pair<std::string, std::string>;  // Tenant, and its name.

  void AddFound(const v1::Case& opened);
  void AddDecision(const v1::Case& opened, int index);
  void AddPrecision(const Filtered& filtered, v1::Decision::Outcome outcome);

  const Period period_;
  const v1::CaseFilter filter_;
  const JurisdictionsOf jurisdictions_of_;
  v1::CampaignReport report_;
  std::set<Name> accounts_;
  std::set<Name> groups_;
  std::vector<absl::Duration> removal_times_;
  std::map<std::string, v1::ListPrecision> lists_;
};

absl::Time TimeOf(const google::protobuf::Timestamp& timestamp);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_CAMPAIGN_H_
