#include "takedown/decided.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/queue.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

v1::CaseUpload UploadOf(int number) {
  v1::CaseUpload upload;
  upload.set_number(number);
  upload.set_content_id(absl::StrCat("content ", number));
  return upload;
}

void DecideAll(v1::Case& opened, int through) {
  opened.add_decisions()->set_through(through);
}

void DecideSome(v1::Case& opened, const std::vector<int>& numbers) {
  v1::Decision& decision = *opened.add_decisions();
  for (const int number : numbers) {
    decision.add_content_ids(absl::StrCat("content ", number));
  }
}

TEST(DecidedTest, ADecisionOnAllIsOnWhatWasThere) {
  v1::Case opened;
  DecideAll(opened, 2);
  EXPECT_THAT(FindDecisions(opened, UploadOf(2)).places, ElementsAre(0));
  EXPECT_FALSE(FindDecisions(opened, UploadOf(2)).undecided);
  EXPECT_THAT(FindDecisions(opened, UploadOf(3)).places, IsEmpty());
  EXPECT_TRUE(FindDecisions(opened, UploadOf(3)).undecided);
}

TEST(DecidedTest, ADecisionOnAllLeavesWhatWasDecidedOnBefore) {
  v1::Case opened;
  DecideSome(opened, {1});
  DecideAll(opened, 2);
  EXPECT_THAT(FindDecisions(opened, UploadOf(1)).places, ElementsAre(0));
  EXPECT_THAT(FindDecisions(opened, UploadOf(2)).places, ElementsAre(1));
}

TEST(DecidedTest, WhatIsPutUpAgainIsDecidedAgain) {
  v1::Case opened;
  DecideAll(opened, 1);
  opened.add_rounds(1);
  EXPECT_TRUE(FindDecisions(opened, UploadOf(1)).undecided);
  DecideAll(opened, 1);
  EXPECT_THAT(FindDecisions(opened, UploadOf(1)).places, ElementsAre(0, 1));
  EXPECT_FALSE(FindDecisions(opened, UploadOf(1)).undecided);
}

TEST(DecidedTest, AnInheritedDecisionHoldsUntilAllIsPutUpAgain) {
  v1::Case opened;
  DecideAll(opened, 1);
  opened.add_rounds(1);
  v1::CaseUpload upload = UploadOf(2);
  upload.set_inherited(true);
  upload.add_decisions()->set_note("inherited");
  upload.set_joined_round(1);  // It came after that.
  EXPECT_FALSE(FindDecisions(opened, upload).undecided);
  DecideAll(opened, 2);
  EXPECT_THAT(FindDecisions(opened, upload).places, IsEmpty());
  opened.add_rounds(2);
  EXPECT_TRUE(FindDecisions(opened, upload).undecided);
  DecideAll(opened, 2);
  EXPECT_THAT(FindDecisions(opened, upload).places, ElementsAre(2));
  const v1::CaseUpload decided = WithDecisions(opened, upload);
  ASSERT_EQ(decided.decisions_size(), 2);
  EXPECT_EQ(decided.decisions(0).note(), "inherited");
  EXPECT_EQ(AsRecorded(decided).SerializeAsString(),
            upload.SerializeAsString());
}

// Beside what each upload would know if it were told of everything.
TEST(DecidedTest, AfterAnyHistoryEachUploadHasItsDecisions) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    v1::Case opened;
    struct Known {
      v1::CaseUpload recorded;
      std::vector<int> places = {};
      bool undecided = true;
    };
    std::vector<Known> uploads;
    for (int step = 0; step < 30; ++step) {
      switch (random() % 5) {
        case 0:
        case 1: {
          Known known{.recorded =
                          UploadOf(static_cast<int>(uploads.size()) + 1)};
          known.recorded.set_joined_round(opened.rounds_size());
          if (random() % 3 == 0) {
            known.recorded.set_inherited(true);
            known.recorded.add_decisions();
            known.undecided = false;
          }
          uploads.push_back(known);
          break;
        }
        case 2:
          for (Known& known : uploads) {
            if (!known.undecided) continue;
            known.places.push_back(opened.decisions_size());
            known.undecided = false;
          }
          DecideAll(opened, static_cast<int>(uploads.size()));
          break;
        case 3: {
          std::vector<int> some;
          for (Known& known : uploads) {
            if (!known.undecided || random() % 2 == 0) continue;
            some.push_back(static_cast<int>(known.recorded.number()));
            known.places.push_back(opened.decisions_size());
            known.undecided = false;
          }
          if (!some.empty()) DecideSome(opened, some);
          break;
        }
        default:
          opened.add_rounds(opened.decisions_size());
          for (Known& known : uploads) known.undecided = true;
      }
      for (const Known& known : uploads) {
        const DecisionsOn found = FindDecisions(opened, known.recorded);
        ASSERT_EQ(found.places, known.places)
            << seed << " step " << step << " " << known.recorded.number();
        ASSERT_EQ(found.undecided, known.undecided)
            << seed << " step " << step << " " << known.recorded.number();
      }
    }
  }
}

TEST(DecidedTest, AnUploadAloneIsACaseOfItsOwn) {
  v1::Case opened;
  opened.set_case_id("case-of-others");
  opened.set_content_id("content 1");
  opened.set_state(v1::Case::STATE_WAITING);
  opened.set_retrospective(true);
  DecideSome(opened, {2});
  v1::CaseUpload upload = UploadOf(2);
  upload.set_account("account");
  upload.set_tenant("videos");
  upload.mutable_seen()->set_seconds(7);
  const v1::Case alone = AsCase(opened, WithDecisions(opened, upload));
  EXPECT_EQ(alone.case_id(), TakedownQueue::CaseId("content 2"));
  EXPECT_EQ(alone.account(), "account");
  EXPECT_EQ(alone.tenant(), "videos");
  EXPECT_EQ(alone.opened().seconds(), 7);
  EXPECT_EQ(alone.state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(alone.decisions_size(), 1);
  EXPECT_FALSE(alone.retrospective());
  EXPECT_EQ(AsCase(opened, UploadOf(1)).state(), v1::Case::STATE_WAITING);
  EXPECT_TRUE(AsCase(opened, UploadOf(1)).retrospective());
}

}  // namespace
}  // namespace lenscap
