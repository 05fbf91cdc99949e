#include "takedown/lane.h"

#include <algorithm>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "takedown/second_review.h"

namespace lenscap {
namespace {

constexpr size_t kFields = 6;
// Who reopens what has lost its basis.
constexpr absl::string_view kSystem = "system";

// Escaped names have neither tabs nor line feeds.
std::string Escaped(absl::string_view name) { return absl::CEscape(name); }

std::string Unescaped(absl::string_view text) {
  std::string name;
  return absl::CUnescape(text, &name) ? name : "";
}

std::string Joined(const std::vector<std::string>& names) {
  return absl::StrJoin(names, "\n",
                       [](std::string* out, absl::string_view name) {
                         absl::StrAppend(out, Escaped(name));
                       });
}

std::vector<std::string> Split(absl::string_view text) {
  std::vector<std::string> names;
  for (const absl::string_view name :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    names.push_back(Unescaped(name));
  }
  return names;
}

template <typename Names>
bool Contains(const Names& names, absl::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

absl::string_view PrimarySubtag(absl::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

// An appeal that waits for an answer goes to another reviewer than the one who
// decided, unless nobody but the lists has changed their mind.
bool AwaitsAnotherReviewer(const v1::Case& opened) {
  const int decisions = opened.decisions_size();
  return decisions > 0 && !opened.appeal().empty() &&
         opened.reopened_by() != kSystem && !opened.rounds().empty() &&
         *opened.rounds().rbegin() == decisions;
}

}  // namespace

CaseLane LaneOf(const v1::Case& opened) {
  std::set<std::string> barred;
  for (const v1::Escalation& escalation : opened.escalations()) {
    barred.insert(escalation.reviewer());
  }
  if (AwaitsAnotherReviewer(opened)) {
    barred.insert(opened.decisions().rbegin()->reviewer());
  }
  if (IsUnderReview(opened)) {
    for (const v1::Decision& review : opened.reviews()) {
      barred.insert(review.reviewer());
    }
  }
  std::set<std::string> skills(opened.skills().begin(), opened.skills().end());
  if (IsDisputed(opened)) skills.insert(kSeniorSkill);
  return {.queue = opened.queue(),
          .tenant = opened.tenant(),
          .language = opened.language(),
          .skills = {skills.begin(), skills.end()},
          .assigned_to = opened.assigned_to(),
          .barred = {barred.begin(), barred.end()}};
}

std::string ToText(const CaseLane& lane) {
  return absl::StrCat(static_cast<int>(lane.queue), "\t", Escaped(lane.tenant),
                      "\t", Escaped(lane.language), "\t", Joined(lane.skills),
                      "\t", Escaped(lane.assigned_to), "\t",
                      Joined(lane.barred));
}

CaseLane ParseLane(absl::string_view text) {
  const std::vector<absl::string_view> fields = absl::StrSplit(text, '\t');
  int queue = 0;
  if (fields.size() != kFields || !absl::SimpleAtoi(fields[0], &queue)) {
    return CaseLane();
  }
  return {.queue = static_cast<v1::CaseQueue>(queue),
          .tenant = Unescaped(fields[1]),
          .language = Unescaped(fields[2]),
          .skills = Split(fields[3]),
          .assigned_to = Unescaped(fields[4]),
          .barred = Split(fields[5])};
}

bool IsShown(const CaseLane& lane, const v1::QueueFilter& filter,
             const std::vector<std::string>& tenants) {
  const auto& queues = filter.queues();
  if (!queues.empty() &&
      std::find(queues.begin(), queues.end(), lane.queue) == queues.end()) {
    return false;
  }
  if (!filter.tenant().empty() && filter.tenant() != lane.tenant) return false;
  if (!tenants.empty() && !Contains(tenants, lane.tenant)) return false;
  if (!filter.skills().empty() && !lane.skills.empty() &&
      std::none_of(lane.skills.begin(), lane.skills.end(),
                   [&](const std::string& skill) {
                     return Contains(filter.skills(), skill);
                   })) {
    return false;
  }
  return Reads(lane.language,
               {filter.languages().begin(), filter.languages().end()});
}

bool MayTake(const CaseLane& lane, const Reviewer& reviewer) {
  if (Contains(lane.barred, reviewer.name)) return false;
  if (!lane.assigned_to.empty() && lane.assigned_to != reviewer.name) {
    return false;
  }
  if (!reviewer.tenants.empty() && !Contains(reviewer.tenants, lane.tenant)) {
    return false;
  }
  if (reviewer.oversees) return true;
  return Reads(lane.language, reviewer.languages) &&
         std::all_of(lane.skills.begin(), lane.skills.end(),
                     [&](const std::string& skill) {
                       return Contains(reviewer.skills, skill);
                     });
}

bool Reads(absl::string_view language,
           const std::vector<std::string>& languages) {
  if (language.empty() || languages.empty()) return true;
  return std::any_of(languages.begin(), languages.end(),
                     [&](absl::string_view read) {
                       return absl::EqualsIgnoreCase(PrimarySubtag(read),
                                                     PrimarySubtag(language));
                     });
}

}  // namespace lenscap
