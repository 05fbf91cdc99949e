#include "takedown/evidence_expiry.h"

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

class EvidenceExpiryTest : public testing::Test {
 protected:
  EvidenceExpiryTest()
      : cases_(*OpenLocalQueue(
            {.directory = directory_ + "/cases", .clock = &clock_})),
        evidence_(*EvidenceStore::Open({.directory = directory_ + "/evidence",
                                        .key_file = directory_ + "/keys",
                                        .clock = &clock_})) {}

  std::string Open(const std::string& content_id) {
    v1::Case opened;
    opened.set_content_id(content_id);
    const std::string id = *cases_->Submit(opened);
    Seal(id, content_id);
    return id;
  }
  void Seal(const std::string& case_id, const std::string& content_id) {
    v1::Still still;
    still.set_jpeg("a still");
    ASSERT_TRUE(evidence_->Seal(case_id, content_id, {still}).ok());
  }
  void Decide(const std::string& reviewer = "ann") {
    auto leases = cases_->LeaseCases(reviewer, 1, absl::Minutes(5));
    ASSERT_EQ(leases->size(), 1);
    ASSERT_TRUE(
        std::move((*leases)[0]).Decide(v1::Decision::OUTCOME_KEEP, "").ok());
  }
  EvidenceExpired Expire(const std::set<std::string>& in_use = {}) {
    const auto expired = ExpireEvidence(
        *evidence_, *cases_,
        {.after_decision = 30 * kDay, .at_most = 180 * kDay, .in_use = in_use},
        clock_.Now());
    EXPECT_TRUE(expired.ok()) << expired.status();
    return expired.value_or(EvidenceExpired());
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<TakedownQueue> cases_;
  std::unique_ptr<EvidenceStore> evidence_;
};

TEST_F(EvidenceExpiryTest, StillsGoSoLongAfterTheDecision) {
  Open("upload");
  clock_.Advance(100 * kDay);
  Decide();
  clock_.Advance(30 * kDay - absl::Seconds(1));
  EXPECT_EQ(Expire().destroyed, 0);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Expire().destroyed, 1);
  EXPECT_EQ(evidence_->Find("upload")->destroyed, clock_.Now());
  EXPECT_EQ(Expire().destroyed, 0);
}

TEST_F(EvidenceExpiryTest, WhatNobodyDecidesGoesInTheEnd) {
  Open("upload");
  clock_.Advance(180 * kDay - absl::Seconds(1));
  EXPECT_EQ(Expire().destroyed, 0);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Expire().destroyed, 1);
}

TEST_F(EvidenceExpiryTest, WhatIsStillShownIsKeptButNotForEver) {
  const std::string id = Open("upload");
  Decide();
  clock_.Advance(100 * kDay);
  EXPECT_EQ(Expire({id}).destroyed, 0);
  clock_.Advance(80 * kDay);
  EXPECT_EQ(Expire({id}).destroyed, 1);
}

TEST_F(EvidenceExpiryTest, AnAppealKeepsThemUntilItIsDecided) {
  const std::string id = Open("upload");
  Decide();
  clock_.Advance(29 * kDay);
  ASSERT_TRUE(cases_->Appeal(id, "It is mine").ok());
  clock_.Advance(29 * kDay);
  EXPECT_EQ(Expire().destroyed, 0);
  Decide("ben");
  clock_.Advance(29 * kDay);
  EXPECT_EQ(Expire().destroyed, 0);
  clock_.Advance(kDay);
  EXPECT_EQ(Expire().destroyed, 1);
}

TEST_F(EvidenceExpiryTest, WithTheCaseEverythingGoes) {
  Open("upload");
  Decide();
  clock_.Advance(31 * kDay);
  EXPECT_EQ(Expire().destroyed, 1);
  ASSERT_EQ(*cases_->Purge(clock_.Now()), 1);
  EXPECT_EQ(Expire().forgotten, 1);
  EXPECT_TRUE(absl::IsNotFound(evidence_->Find("upload").status()));
}

TEST_F(EvidenceExpiryTest, WhatHasNoCaseYetIsGivenAnHour) {
  Seal("case-1", "upload");
  clock_.Advance(absl::Minutes(59));
  EXPECT_EQ(Expire().forgotten, 0);
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(Expire().forgotten, 1);
}

TEST_F(EvidenceExpiryTest, OfManyNoneIsPassedOver) {
  for (int i = 0; i < 1203; ++i) Seal("case-1", std::to_string(i));
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Expire().forgotten, 1203);
  EXPECT_TRUE(evidence_->List("", 1)->empty());
}

}  // namespace
}  // namespace lenscap
