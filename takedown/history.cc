#include "takedown/history.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "takedown/case_record.h"

namespace lenscap {
namespace {

constexpr size_t kMostListed = 100;

}  // namespace

void HistoryCounter::Add(const v1::CaseUpload& upload, bool decided,
                         const std::string& neighbour) {
  const absl::Time seen = FromTimestamp(upload.seen());
  counted_.set_uploads(counted_.uploads() + 1);
  first_ = std::min(first_, seen);
  last_ = std::max(last_, seen);
  if (!neighbour.empty()) ++neighbours_[neighbour];
  auto& joined = cases_.try_emplace(upload.case_id(), seen).first->second;
  joined = std::max(joined, seen);
  if (!decided) {
    counted_.set_undecided(counted_.undecided() + 1);
    return;
  }
  const v1::Decision& holds = *upload.decisions().rbegin();
  if (holds.outcome() == v1::Decision::OUTCOME_KEEP) {
    counted_.set_kept(counted_.kept() + 1);
    return;
  }
  counted_.set_removed(counted_.removed() + 1);
  // What inherits a decision counts from when it was posted.
  removals_.push_back({std::max(seen, FromTimestamp(holds.time())),
                       upload.case_id(), upload.content_id()});
}

v1::History HistoryCounter::Finish() const {
  v1::History history = counted_;
  if (history.uploads() > 0) {
    *history.mutable_first_seen() = ToTimestamp(first_);
    *history.mutable_last_seen() = ToTimestamp(last_);
  }
  std::vector<Seen> removals = removals_;
  std::sort(removals.begin(), removals.end(), [](const Seen& a, const Seen& b) {
    return std::tie(b.time, a.content_id) < std::tie(a.time, b.content_id);
  });
  removals.resize(std::min(removals.size(), kMostListed));
  for (const Seen& removal : removals) {
    v1::Strike& strike = *history.add_strikes();
    strike.set_case_id(removal.case_id);
    strike.set_content_id(removal.content_id);
    *strike.mutable_time() = ToTimestamp(removal.time);
    *strike.mutable_expires() = ToTimestamp(removal.time + strike_expiry_);
  }
  history.set_neighbour_count(static_cast<int64_t>(neighbours_.size()));
  std::vector<std::pair<std::string, int64_t>> neighbours(neighbours_.begin(),
                                                          neighbours_.end());
  std::stable_sort(
      neighbours.begin(), neighbours.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; });
  neighbours.resize(std::min(neighbours.size(), kMostListed));
  for (const auto& [name, uploads] : neighbours) {
    v1::Neighbour& neighbour = *history.add_neighbours();
    neighbour.set_name(name);
    neighbour.set_uploads(uploads);
  }
  std::vector<std::pair<std::string, absl::Time>> cases(cases_.begin(),
                                                        cases_.end());
  std::stable_sort(
      cases.begin(), cases.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; });
  cases.resize(std::min(cases.size(), kMostListed));
  for (const auto& [id, joined] : cases) history.add_case_ids(id);
  return history;
}

}  // namespace lenscap
