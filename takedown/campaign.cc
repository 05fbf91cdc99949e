#include "takedown/campaign.h"

#include <algorithm>

#include "google/protobuf/util/time_util.h"
#include "takedown/quantile.h"

namespace lenscap {
namespace {

bool Allows(const std::string& wanted, const std::string& value) {
  return wanted.empty() || wanted == value;
}

bool AllowsMatch(const v1::CaseFilter& filter, const v1::ClipMatch& match,
                 const JurisdictionsOf& jurisdictions_of) {
  if (!Allows(filter.list_id(), match.list_id()) ||
      !Allows(filter.issuer(), match.issuer())) {
    return false;
  }
  if (filter.jurisdiction().empty()) return true;
  const auto jurisdictions = jurisdictions_of(match.list_id());
  return std::find(jurisdictions.begin(), jurisdictions.end(),
                   filter.jurisdiction()) != jurisdictions.end();
}

double ShareWithin(const std::vector<absl::Duration>& times,
                   absl::Duration limit) {
  const auto within =
      std::count_if(times.begin(), times.end(),
                    [&](absl::Duration time) { return time <= limit; });
  return static_cast<double>(within) / static_cast<double>(times.size());
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  return google::protobuf::util::TimeUtil::MicrosecondsToDuration(
      absl::ToInt64Microseconds(duration));
}

}  // namespace

absl::Time TimeOf(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

Filtered Apply(const v1::CaseFilter& filter, const v1::Case& opened,
               const JurisdictionsOf& jurisdictions_of) {
  Filtered filtered;
  for (const v1::ClipMatch& match : opened.report().matches()) {
    if (AllowsMatch(filter, match, jurisdictions_of)) {
      filtered.matches.push_back(&match);
    }
  }
  const bool any_match = filter.list_id().empty() && filter.issuer().empty() &&
                         filter.jurisdiction().empty();
  filtered.passes = (any_match || !filtered.matches.empty()) &&
                    Allows(filter.platform_class(), opened.platform_class()) &&
                    Allows(filter.tenant(), opened.tenant());
  return filtered;
}

bool Removes(const v1::Case& opened, int index) {
  const auto outcome = [&](int i) { return opened.decisions(i).outcome(); };
  return outcome(index) == v1::Decision::OUTCOME_REMOVE &&
         (index == 0 || outcome(index - 1) != v1::Decision::OUTCOME_REMOVE);
}

bool Restores(const v1::Case& opened, int index) {
  const auto outcome = [&](int i) { return opened.decisions(i).outcome(); };
  if (outcome(index) != v1::Decision::OUTCOME_KEEP) return false;
  return index == 0 ? opened.report().verdict().action() == v1::ACTION_BLOCK
                    : outcome(index - 1) == v1::Decision::OUTCOME_REMOVE;
}

CampaignCounter::CampaignCounter(Period period, v1::CaseFilter filter,
                                 JurisdictionsOf jurisdictions_of)
    : period_(period),
      filter_(std::move(filter)),
      jurisdictions_of_(std::move(jurisdictions_of)) {}

void CampaignCounter::Add(const v1::Case& opened) {
  const Filtered filtered = Apply(filter_, opened, jurisdictions_of_);
  if (!filtered.passes) return;
  if (period_.Has(TimeOf(opened.opened()))) AddFound(opened);
  auto last = v1::Decision::OUTCOME_UNSPECIFIED;
  for (int i = 0; i < opened.decisions_size(); ++i) {
    if (!period_.Has(TimeOf(opened.decisions(i).time()))) continue;
    AddDecision(opened, i);
    last = opened.decisions(i).outcome();
  }
  AddPrecision(filtered, last);
  const bool waits = opened.state() == v1::Case::STATE_WAITING ||
                     opened.state() == v1::Case::STATE_LEASED;
  if (waits && !opened.withdrawn_basis().empty() &&
      !opened.decisions().empty()) {
    report_.set_awaiting_redecision(report_.awaiting_redecision() + 1);
  }
}

void CampaignCounter::AddFound(const v1::Case& opened) {
  report_.set_items_found(report_.items_found() + 1);
  if (opened.report().verdict().action() == v1::ACTION_BLOCK) {
    report_.set_items_blocked(report_.items_blocked() + 1);
  }
  if (opened.retrospective()) {
    report_.set_items_retrospective(report_.items_retrospective() + 1);
  }
}

void CampaignCounter::AddDecision(const v1::Case& opened, int index) {
  report_.set_decisions(report_.decisions() + 1);
  if (Restores(opened, index)) {
    report_.set_items_restored(report_.items_restored() + 1);
  }
  if (!Removes(opened, index)) return;
  report_.set_items_removed(report_.items_removed() + 1);
  if (opened.kind() == v1::Case::KIND_LISTING) {
    report_.set_listings_removed(report_.listings_removed() + 1);
  }
  if (!opened.account().empty()) {
    accounts_.emplace(opened.tenant(), opened.account());
  }
  if (!opened.group().empty()) {
    groups_.emplace(opened.tenant(), opened.group());
  }
  // A later one waited for an appeal, not for the first look.
  const bool first = std::none_of(
      opened.decisions().begin(), opened.decisions().begin() + index,
      [](const v1::Decision& decision) {
        return decision.outcome() == v1::Decision::OUTCOME_REMOVE;
      });
  if (first) {
    removal_times_.push_back(TimeOf(opened.decisions(index).time()) -
                             TimeOf(opened.opened()));
  }
}

void CampaignCounter::AddPrecision(const Filtered& filtered,
                                   v1::Decision::Outcome outcome) {
  if (outcome == v1::Decision::OUTCOME_UNSPECIFIED) return;
  std::set<std::string> counted;
  for (const v1::ClipMatch* match : filtered.matches) {
    if (match->kind() == v1::ClipMatch::KIND_SAME_SCENE ||
        !counted.insert(match->list_id()).second) {
      continue;
    }
    v1::ListPrecision& list = lists_[match->list_id()];
    list.set_list_id(match->list_id());
    list.set_issuer(match->issuer());
    if (outcome == v1::Decision::OUTCOME_REMOVE) {
      list.set_upheld(list.upheld() + 1);
    } else {
      list.set_rejected(list.rejected() + 1);
    }
  }
}

v1::CampaignReport CampaignCounter::Finish() const {
  v1::CampaignReport report = report_;
  report.set_accounts_acted_on(static_cast<int64_t>(accounts_.size()));
  report.set_groups_acted_on(static_cast<int64_t>(groups_.size()));
  if (!removal_times_.empty()) {
    std::vector<absl::Duration> times = removal_times_;
    std::sort(times.begin(), times.end());
    *report.mutable_removal_median() = ToProto(NearestRank(times, 0.5));
    *report.mutable_removal_p95() = ToProto(NearestRank(times, 0.95));
    report.set_removed_within_24h(ShareWithin(times, absl::Hours(24)));
    report.set_removed_within_48h(ShareWithin(times, absl::Hours(48)));
  }
  for (const auto& [id, counted] : lists_) {
    v1::ListPrecision& list = *report.add_lists();
    list = counted;
    list.set_precision(static_cast<double>(list.upheld()) /
                       static_cast<double>(list.upheld() + list.rejected()));
  }
  return report;
}

}  // namespace lenscap
