#ifndef LENSCAP_TAKEDOWN_LANE_H_
#define LENSCAP_TAKEDOWN_LANE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "takedown/queue.h"

namespace lenscap {

// Everything about a case that says who may be offered it: cases that are alike
// in this stand in one lane, which is asked for once however many wait in it.
// Pure functions.
struct CaseLane {
  v1::CaseQueue queue = v1::CASE_QUEUE_UNSPECIFIED;
  std::string tenant = {};
  std::string language = {};  // BCP 47; empty if unknown.
  // In order; the reviewer needs them all.
  std::vector<std::string> skills = {};
  std::string assigned_to = {};  // Empty for anybody.
  // In order; whom it is never offered to.
  std::vector<std::string> barred = {};
  friend bool operator==(const CaseLane&, const CaseLane&) = default;
};

CaseLane LaneOf(const v1::Case& opened);

// As a lane of a LeaseQueue.
std::string ToText(const CaseLane& lane);
// What is no text of a lane is a lane that is for nobody in particular.
CaseLane ParseLane(absl::string_view text);

// Whether the filter, and the tenants (none means all), let the lane through.
bool IsShown(const CaseLane& lane, const v1::QueueFilter& filter,
             const std::vector<std::string>& tenants);

// Whether the reviewer may be offered it: of their tenants, with the skills
// that it asks for, in a language that they read, assigned to nobody else, and
// not one that they are barred from. Who oversees needs neither skill nor
// language.
bool MayTake(const CaseLane& lane, const Reviewer& reviewer);

// Whether what is written in `language` can be read by who reads one of
// `languages`, by the first subtags: "zh" reads "zh-CN", and the other way
// round. None of them, and none known, mean any.
bool Reads(absl::string_view language,
           const std::vector<std::string>& languages);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_LANE_H_
