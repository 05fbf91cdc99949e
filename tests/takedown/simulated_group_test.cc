// Three weeks of one chat group in which copies of known clips are passed on,
// and some that nobody knows, as the queue sees it.

#include <map>
#include <random>
#include <set>

#include "takedown/campaign.h"
#include "takedown/case_record.h"
#include "takedown/decided.h"
#include "tests/takedown/queue_fixture.h"

namespace lenscap {
namespace {

constexpr int kUploads = 8000;
constexpr int kAccounts = 900;
constexpr int kDays = 20;
constexpr int kClips = 12;

class SimulatedGroupTest : public QueueFixture {
 protected:
  SimulatedGroupTest() {
    auto queue =
        OpenLocalQueue({.directory = MakeTempDirectory(), .clock = &clock_});
    queue_ = *std::move(queue);
  }

  // Every account posts something.
  v1::Case Next(int i) {
    const std::string content = absl::StrCat("upload ", i);
    const bool known = random_() % 5 != 0;
    const bool sure = random_() % 10 != 0;
    v1::Case upload =
        known ? Known(content, absl::StrCat("clip ", random_() % kClips),
                      sure ? v1::ACTION_BLOCK : v1::ACTION_REVIEW)
              : Suspected(content);
    upload.set_account(
        absl::StrCat("account ", i < kAccounts ? i : random_() % kAccounts));
    ++(known ? known_ : unknown_);
    blocked_ += known && sure ? 1 : 0;
    return upload;
  }

  // Decides everything that waits in the queue.
  void Work(v1::CaseQueue queue, v1::Decision::Outcome outcome) {
    v1::QueueFilter filter;
    filter.add_queues(queue);
    for (std::string token;
         !(token = Claim({.name = "ann"}, filter)).empty();) {
      Decide(token, outcome);
      ++decisions_;
    }
  }

  std::mt19937 random_{7};
  int known_ = 0;
  int unknown_ = 0;
  int blocked_ = 0;
  int decisions_ = 0;
};

TEST_F(SimulatedGroupTest, EightThousandUploadsAreAHandfulOfCases) {
  const absl::Time start = clock_.Now();
  std::set<std::string> accounts;
  for (int i = 0; i < kUploads; ++i) {
    const v1::Case upload = Next(i);
    accounts.insert(upload.account());
    Submit(upload);
    clock_.Advance(absl::Hours(24 * kDays) / kUploads);
    if (i % (kUploads / kDays) == 0) {
      Work(v1::CASE_QUEUE_KNOWN_CLIP, kRemove);
    }
  }
  Work(v1::CASE_QUEUE_KNOWN_CLIP, kRemove);
  Work(v1::CASE_QUEUE_SUSPECTED, kRemove);
  ASSERT_EQ(accounts.size(), kAccounts);

  // A case for each clip, and one of what nobody knows for each week.
  std::map<v1::CaseQueue, int> cases;
  int64_t uploads = 0;
  ASSERT_TRUE(queue_
                  ->ForEach([&](const v1::Case& opened) {
                    ++cases[opened.queue()];
                    uploads += opened.reach().uploads();
                    EXPECT_EQ(opened.reach().undecided(), 0);
                    EXPECT_EQ(opened.state(), v1::Case::STATE_DECIDED);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(uploads, kUploads);
  EXPECT_EQ(cases[v1::CASE_QUEUE_KNOWN_CLIP], kClips);
  EXPECT_EQ(cases[v1::CASE_QUEUE_SUSPECTED], 3);
  // Somebody looks at each clip once a day at most, and not 8,000 times.
  EXPECT_LE(decisions_, kClips * (kDays + 1) + 3);

  CampaignCounter counter(
      Period{start, clock_.Now() + absl::Seconds(1)}, {},
      [](absl::string_view) { return std::vector<std::string>(); });
  ASSERT_TRUE(queue_
                  ->ForEachUpload([&](const v1::Case& opened,
                                      const v1::CaseUpload& upload) {
                    EXPECT_EQ(upload.decisions_size(), 1);
                    counter.Add(AsCase(opened, upload));
                    return absl::OkStatus();
                  })
                  .ok());
  const v1::CampaignReport report = counter.Finish();
  EXPECT_EQ(report.items_found(), kUploads);
  EXPECT_EQ(report.items_blocked(), blocked_);
  EXPECT_EQ(report.decisions(), kUploads);
  EXPECT_EQ(report.items_removed(), kUploads);
  EXPECT_EQ(report.accounts_acted_on(), kAccounts);
  EXPECT_EQ(report.groups_acted_on(), 1);
  ASSERT_EQ(report.lists_size(), 1);
  EXPECT_EQ(report.lists(0).upheld(), known_);
  EXPECT_EQ(known_ + unknown_, kUploads);

  const auto group = queue_->Group("", "chat");
  EXPECT_EQ(group->uploads(), kUploads);
  EXPECT_EQ(group->removed(), kUploads);
  EXPECT_EQ(group->neighbour_count(), kAccounts);
  EXPECT_EQ(group->case_ids_size(), kClips + 3);
  EXPECT_EQ(group->strikes_size(), 100);
}

}  // namespace
}  // namespace lenscap
