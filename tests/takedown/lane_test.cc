#include "takedown/lane.h"

#include "gtest/gtest.h"

namespace lenscap {
namespace {

CaseLane FullLane() {
  return {.queue = v1::CASE_QUEUE_APPEAL,
          .tenant = "videos",
          .language = "zh-CN",
          .skills = {"cctv", "senior"},
          .assigned_to = "a\tb\nc",
          .barred = {"ann", "\xe5\x81\xb7\n"}};
}

TEST(LaneTest, ALaneComesBackFromItsText) {
  EXPECT_EQ(ParseLane(ToText(FullLane())), FullLane());
  EXPECT_EQ(ParseLane(ToText(CaseLane())), CaseLane());
}

TEST(LaneTest, WhatIsNoLaneIsForNobodyInParticular) {
  for (const char* text : {"", "1", "x\ty\t\t\t\t", "1\t\t\t\t\t\t"}) {
    EXPECT_EQ(ParseLane(text), CaseLane()) << text;
  }
}

TEST(LaneTest, AReviewerNeedsEverySkill) {
  const CaseLane lane{.skills = {"cctv", "senior"}};
  EXPECT_FALSE(MayTake(lane, {.name = "ann", .skills = {"senior"}}));
  EXPECT_TRUE(MayTake(lane, {.name = "ann", .skills = {"senior", "cctv"}}));
  EXPECT_TRUE(MayTake(lane, {.name = "root", .oversees = true}));
  EXPECT_TRUE(MayTake({}, {.name = "ann"}));
}

TEST(LaneTest, AReviewerReadsTheLanguageOrNobodyKnowsIt) {
  const CaseLane lane{.language = "zh-CN"};
  EXPECT_TRUE(MayTake(lane, {.name = "ann"}));
  EXPECT_TRUE(MayTake(lane, {.name = "ann", .languages = {"en", "ZH"}}));
  EXPECT_TRUE(MayTake(lane, {.name = "ann", .languages = {"zh-TW"}}));
  EXPECT_FALSE(MayTake(lane, {.name = "ann", .languages = {"en"}}));
  EXPECT_FALSE(Reads("z", {"zh"}));
  EXPECT_TRUE(MayTake({}, {.name = "ann", .languages = {"en"}}));
}

TEST(LaneTest, NobodyIsOfferedWhatTheyAreBarredFrom) {
  const CaseLane lane{.barred = {"ann"}};
  EXPECT_FALSE(MayTake(lane, {.name = "ann", .oversees = true}));
  EXPECT_TRUE(MayTake(lane, {.name = "bob"}));
}

TEST(LaneTest, WhatIsAssignedIsForOneReviewer) {
  const CaseLane lane{.assigned_to = "ann"};
  EXPECT_TRUE(MayTake(lane, {.name = "ann"}));
  EXPECT_FALSE(MayTake(lane, {.name = "bob", .oversees = true}));
}

TEST(LaneTest, TenantsAreKeptApart) {
  const CaseLane lane{.tenant = "videos"};
  EXPECT_TRUE(MayTake(lane, {.name = "ann", .tenants = {"videos", "forum"}}));
  EXPECT_FALSE(MayTake(lane, {.name = "ann", .tenants = {"forum"}}));
  EXPECT_FALSE(
      MayTake(lane, {.name = "ann", .tenants = {"forum"}, .oversees = true}));
  EXPECT_TRUE(IsShown(lane, {}, {}));
  EXPECT_TRUE(IsShown(lane, {}, {"videos"}));
  EXPECT_FALSE(IsShown(lane, {}, {"forum"}));
}

TEST(LaneTest, AFilterNarrowsByEachOfItsFields) {
  const CaseLane lane = FullLane();
  v1::QueueFilter filter;
  EXPECT_TRUE(IsShown(lane, filter, {}));
  filter.add_queues(v1::CASE_QUEUE_LISTING);
  EXPECT_FALSE(IsShown(lane, filter, {}));
  filter.add_queues(v1::CASE_QUEUE_APPEAL);
  EXPECT_TRUE(IsShown(lane, filter, {}));
  filter.set_tenant("forum");
  EXPECT_FALSE(IsShown(lane, filter, {}));
  filter.set_tenant("videos");
  filter.add_skills("law");
  EXPECT_FALSE(IsShown(lane, filter, {}));
  filter.add_skills("cctv");
  filter.add_languages("en");
  EXPECT_FALSE(IsShown(lane, filter, {}));
  filter.add_languages("zh");
  EXPECT_TRUE(IsShown(lane, filter, {}));
}

TEST(LaneTest, AnAppealBarsWhoDecidedUntilItIsDecidedAgain) {
  v1::Case opened;
  opened.add_decisions()->set_reviewer("ann");
  EXPECT_TRUE(LaneOf(opened).barred.empty());
  opened.set_appeal("why?");
  opened.add_rounds(1);
  EXPECT_EQ(LaneOf(opened).barred, std::vector<std::string>{"ann"});
  opened.set_reopened_by("system");
  EXPECT_TRUE(LaneOf(opened).barred.empty());
  opened.set_reopened_by("platform:videos");
  opened.add_decisions()->set_reviewer("bob");
  EXPECT_TRUE(LaneOf(opened).barred.empty());
}

}  // namespace
}  // namespace lenscap
