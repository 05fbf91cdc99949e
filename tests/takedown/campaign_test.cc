#include "takedown/campaign.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/case_record.h"

namespace lenscap {
namespace {

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;
const absl::Time kStart = absl::FromUnixSeconds(1'750'000'000);

std::vector<std::string> Jurisdictions(absl::string_view list_id) {
  if (list_id == "de") return {"DE"};
  if (list_id == "eu") return {"EU", "FR"};
  return {};
}

v1::Case CaseAt(absl::Duration opened, const std::string& list = "de") {
  v1::Case made;
  made.set_kind(v1::Case::KIND_UPLOAD);
  *made.mutable_opened() = ToTimestamp(kStart + opened);
  v1::ClipMatch& match = *made.mutable_report()->add_matches();
  match.set_list_id(list);
  match.set_issuer("issuer of " + list);
  match.set_kind(v1::ClipMatch::KIND_FRAMES);
  return made;
}

void Decide(v1::Case& opened, v1::Decision::Outcome outcome,
            absl::Duration time) {
  v1::Decision& decision = *opened.add_decisions();
  decision.set_outcome(outcome);
  *decision.mutable_time() = ToTimestamp(kStart + time);
  opened.set_state(v1::Case::STATE_DECIDED);
}

v1::CampaignReport Count(const std::vector<v1::Case>& cases,
                         const v1::CaseFilter& filter = {},
                         Period period = {}) {
  CampaignCounter counter(period, filter, Jurisdictions);
  for (const v1::Case& counted : cases) counter.Add(counted);
  return counter.Finish();
}

// A group of 40 accounts that posts 100 copies of a clip, one each minute; the
// reviewers take two hours for each, and an appeal frees every tenth.
TEST(CampaignTest, AGroupsFiguresAreWhatWasDoneToIt) {
  std::vector<v1::Case> cases;
  for (int i = 0; i < 100; ++i) {
    v1::Case opened = CaseAt(absl::Minutes(i));
    opened.set_account(absl::StrCat("account ", i % 40));
    opened.set_group("the group");
    opened.set_platform_class("social");
    if (i % 2 == 0) {
      opened.mutable_report()->mutable_verdict()->set_action(v1::ACTION_BLOCK);
    }
    if (i % 5 == 0) opened.set_kind(v1::Case::KIND_LISTING);
    const absl::Duration taken = i < 90   ? absl::Hours(2)
                                 : i < 95 ? absl::Hours(30)
                                          : absl::Hours(50);
    Decide(opened, kRemove, absl::Minutes(i) + taken);
    if (i % 10 == 0) Decide(opened, kKeep, absl::Hours(100));
    cases.push_back(opened);
  }
  const v1::CampaignReport report = Count(cases);
  EXPECT_EQ(report.items_found(), 100);
  EXPECT_EQ(report.items_blocked(), 50);
  EXPECT_EQ(report.decisions(), 110);
  EXPECT_EQ(report.items_removed(), 100);
  EXPECT_EQ(report.listings_removed(), 20);
  EXPECT_EQ(report.items_restored(), 10);
  EXPECT_EQ(report.accounts_acted_on(), 40);
  EXPECT_EQ(report.groups_acted_on(), 1);
  EXPECT_EQ(report.removal_median().seconds(), 2 * 3600);
  EXPECT_EQ(report.removal_p95().seconds(), 30 * 3600);
  EXPECT_DOUBLE_EQ(report.removed_within_24h(), 0.9);
  EXPECT_DOUBLE_EQ(report.removed_within_48h(), 0.95);
  ASSERT_EQ(report.lists_size(), 1);
  EXPECT_EQ(report.lists(0).upheld(), 90);
  EXPECT_EQ(report.lists(0).rejected(), 10);
  EXPECT_DOUBLE_EQ(report.lists(0).precision(), 0.9);
}

TEST(CampaignTest, NothingRemovedHasNoTimes) {
  const v1::CampaignReport report = Count({CaseAt({})});
  EXPECT_EQ(report.items_found(), 1);
  EXPECT_FALSE(report.has_removal_median());
  EXPECT_FALSE(report.has_removed_within_24h());
  EXPECT_EQ(report.lists_size(), 0);
}

TEST(CampaignTest, ABlockThatAReviewerLiftsIsARestoration) {
  v1::Case blocked = CaseAt({});
  blocked.mutable_report()->mutable_verdict()->set_action(v1::ACTION_BLOCK);
  Decide(blocked, kKeep, absl::Hours(1));
  v1::Case reviewed = CaseAt({});
  Decide(reviewed, kKeep, absl::Hours(1));
  EXPECT_EQ(Count({blocked, reviewed}).items_restored(), 1);
}

TEST(CampaignTest, TheFilterMustAgreeOnOneMatch) {
  v1::Case both = CaseAt({}, "de");
  *both.mutable_report()->add_matches() = CaseAt({}, "eu").report().matches(0);
  Decide(both, kRemove, absl::Hours(1));
  v1::CaseFilter filter;
  filter.set_issuer("issuer of de");
  const v1::CampaignReport report = Count({both}, filter);
  EXPECT_EQ(report.items_removed(), 1);
  ASSERT_EQ(report.lists_size(), 1);
  EXPECT_EQ(report.lists(0).list_id(), "de");
  filter.set_jurisdiction("FR");
  EXPECT_EQ(Count({both}, filter).items_removed(), 0);
  filter.set_issuer("issuer of eu");
  EXPECT_EQ(Count({both}, filter).items_removed(), 1);
  filter.set_list_id("other");
  EXPECT_EQ(Count({both}, filter).items_found(), 0);
}

// Random histories, and every figure counted again in the simplest way.
class CampaignModelTest : public testing::Test {
 protected:
  int Random(int below) { return static_cast<int>(random_() % below); }

  v1::Case RandomCase() {
    static const char* const kLists[] = {"de", "eu", "none"};
    absl::Duration time = absl::Hours(Random(200));
    v1::Case made = CaseAt(time, kLists[Random(3)]);
    if (Random(3) == 0) {
      *made.mutable_report()->add_matches() =
          CaseAt({}, kLists[Random(3)]).report().matches(0);
    }
    if (Random(4) == 0) {
      made.mutable_report()->mutable_matches(0)->set_kind(
          v1::ClipMatch::KIND_SAME_SCENE);
    }
    made.set_account(Random(5) == 0 ? "" : absl::StrCat(Random(10)));
    made.set_group(Random(5) == 0 ? "" : absl::StrCat(Random(4)));
    made.set_tenant(absl::StrCat(Random(2)));
    made.set_platform_class(Random(2) == 0 ? "social" : "marketplace");
    made.set_retrospective(Random(5) == 0);
    if (Random(4) == 0) made.set_kind(v1::Case::KIND_LISTING);
    made.mutable_report()->mutable_verdict()->set_action(
        Random(2) == 0 ? v1::ACTION_BLOCK : v1::ACTION_REVIEW);
    for (int n = Random(4); n > 0; --n) {
      time += absl::Minutes(1 + Random(4000));
      Decide(made, Random(2) == 0 ? kKeep : kRemove, time);
    }
    return made;
  }

  v1::CaseFilter RandomFilter() {
    v1::CaseFilter filter;
    if (Random(3) == 0) filter.set_list_id(Random(2) == 0 ? "de" : "eu");
    if (Random(3) == 0) filter.set_issuer("issuer of eu");
    if (Random(3) == 0) filter.set_jurisdiction(Random(2) == 0 ? "EU" : "DE");
    if (Random(3) == 0) filter.set_platform_class("social");
    if (Random(3) == 0) filter.set_tenant("1");
    return filter;
  }

  std::mt19937 random_{11};
};

bool ModelMatches(const v1::CaseFilter& filter, const v1::ClipMatch& match) {
  if (filter.list_id() != "" && filter.list_id() != match.list_id()) {
    return false;
  }
  if (filter.issuer() != "" && filter.issuer() != match.issuer()) return false;
  if (filter.jurisdiction() == "DE") return match.list_id() == "de";
  if (filter.jurisdiction() == "EU") return match.list_id() == "eu";
  return true;
}

bool ModelPasses(const v1::CaseFilter& filter, const v1::Case& counted) {
  bool any = false;
  for (const auto& match : counted.report().matches()) {
    any |= ModelMatches(filter, match);
  }
  return any &&
         (filter.tenant() == "" || filter.tenant() == counted.tenant()) &&
         (filter.platform_class() == "" ||
          filter.platform_class() == counted.platform_class());
}

v1::CampaignReport ModelCount(const std::vector<v1::Case>& cases,
                              const v1::CaseFilter& filter, Period period) {
  v1::CampaignReport report;
  int64_t found = 0, blocked = 0, late = 0, decisions = 0, removed = 0;
  int64_t listings = 0, restored = 0;
  std::set<std::string> accounts, groups;
  std::vector<int64_t> seconds;
  std::map<std::string, std::pair<int, int>> lists;
  for (const v1::Case& counted : cases) {
    if (!ModelPasses(filter, counted)) continue;
    const bool block = counted.report().verdict().action() == v1::ACTION_BLOCK;
    if (period.Has(TimeOf(counted.opened()))) {
      ++found;
      blocked += block ? 1 : 0;
      late += counted.retrospective() ? 1 : 0;
    }
    bool down = false, ever_down = false, first = true;
    std::optional<bool> last;
    for (const v1::Decision& decision : counted.decisions()) {
      const bool remove = decision.outcome() == kRemove;
      if (period.Has(TimeOf(decision.time()))) {
        ++decisions;
        last = remove;
        if (remove && !down) {
          ++removed;
          listings += counted.kind() == v1::Case::KIND_LISTING ? 1 : 0;
          if (counted.account() != "") {
            accounts.insert(counted.tenant() + "/" + counted.account());
          }
          if (counted.group() != "") {
            groups.insert(counted.tenant() + "/" + counted.group());
          }
          if (!ever_down) {
            seconds.push_back(decision.time().seconds() -
                              counted.opened().seconds());
          }
        }
        if (!remove && (down || (first && block))) ++restored;
      }
      down = remove;
      ever_down |= remove;
      first = false;
    }
    std::set<std::string> cited;
    for (const auto& match : counted.report().matches()) {
      if (ModelMatches(filter, match) &&
          match.kind() == v1::ClipMatch::KIND_FRAMES) {
        cited.insert(match.list_id());
      }
    }
    for (const auto& list : cited) {
      if (last) ++(*last ? lists[list].first : lists[list].second);
    }
  }
  report.set_items_found(found);
  report.set_items_blocked(blocked);
  report.set_items_retrospective(late);
  report.set_decisions(decisions);
  report.set_items_removed(removed);
  report.set_listings_removed(listings);
  report.set_items_restored(restored);
  report.set_accounts_acted_on(accounts.size());
  report.set_groups_acted_on(groups.size());
  std::sort(seconds.begin(), seconds.end());
  if (!seconds.empty()) {
    const size_t n = seconds.size();
    // The smallest with at least half, and 19 of 20, at or below it.
    size_t half = 1, most = 1;
    while (2 * half < n) ++half;
    while (20 * most < 19 * n) ++most;
    report.mutable_removal_median()->set_seconds(seconds[half - 1]);
    report.mutable_removal_p95()->set_seconds(seconds[most - 1]);
    double day = 0, two = 0;
    for (const int64_t taken : seconds) {
      day += taken <= 24 * 3600 ? 1 : 0;
      two += taken <= 48 * 3600 ? 1 : 0;
    }
    report.set_removed_within_24h(day / n);
    report.set_removed_within_48h(two / n);
  }
  for (const auto& [id, counts] : lists) {
    v1::ListPrecision& list = *report.add_lists();
    list.set_list_id(id);
    list.set_issuer("issuer of " + id);
    list.set_upheld(counts.first);
    list.set_rejected(counts.second);
    list.set_precision(1.0 * counts.first / (counts.first + counts.second));
  }
  return report;
}

TEST_F(CampaignModelTest, AgreesWithATriviallyRightModel) {
  for (int round = 0; round < 300; ++round) {
    std::vector<v1::Case> cases;
    for (int n = Random(40); n > 0; --n) cases.push_back(RandomCase());
    const v1::CaseFilter filter = RandomFilter();
    Period period;
    if (Random(2) == 0) period.start = kStart + absl::Hours(Random(200));
    if (Random(2) == 0) period.end = kStart + absl::Hours(Random(400));
    EXPECT_EQ(Count(cases, filter, period).DebugString(),
              ModelCount(cases, filter, period).DebugString());
  }
}

TEST_F(CampaignModelTest, PeriodsThatFollowAddUp) {
  std::vector<v1::Case> cases;
  for (int i = 0; i < 200; ++i) cases.push_back(RandomCase());
  const v1::CampaignReport all = Count(cases);
  const absl::Time middle = kStart + absl::Hours(100);
  const v1::CampaignReport before = Count(cases, {}, {.end = middle});
  const v1::CampaignReport after = Count(cases, {}, {.start = middle});
  EXPECT_EQ(before.items_found() + after.items_found(), all.items_found());
  EXPECT_EQ(before.items_removed() + after.items_removed(),
            all.items_removed());
  EXPECT_EQ(before.items_restored() + after.items_restored(),
            all.items_restored());
  EXPECT_EQ(before.decisions() + after.decisions(), all.decisions());
}

}  // namespace
}  // namespace lenscap
