#include "takedown/outcome.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;

v1::Decision DecisionAt(int second, v1::Decision::Outcome outcome) {
  v1::Decision decision;
  decision.set_outcome(outcome);
  decision.set_reviewer("ann");
  decision.mutable_time()->set_seconds(second);
  return decision;
}

v1::CaseUpload UploadWith(const std::vector<v1::Decision>& decisions,
                          const std::string& content_id = "upload") {
  v1::CaseUpload upload;
  upload.set_content_id(content_id);
  upload.set_account("account-of-" + content_id);
  for (const v1::Decision& decision : decisions) {
    *upload.add_decisions() = decision;
  }
  return upload;
}

v1::CaseEvent DecidedEvent(const v1::Decision& decision, int version) {
  v1::CaseEvent event;
  event.set_sequence(17);
  event.set_kind(v1::CaseEvent::KIND_DECIDED);
  event.set_case_id("case-a");
  *event.mutable_decision() = decision;
  event.set_version(version);
  event.mutable_time()->set_seconds(decision.time().seconds());
  return event;
}

v1::Case CaseWith(const std::vector<v1::Decision>& decisions) {
  v1::Case subject;
  subject.set_case_id("case-a");
  subject.set_tenant("forum");
  for (const v1::Decision& decision : decisions) {
    *subject.add_decisions() = decision;
  }
  return subject;
}

TEST(OutcomeTest, AFirstDecisionIsToldAsSuch) {
  const v1::Decision first = DecisionAt(1, kRemove);
  EXPECT_EQ(OutcomeTypeOf(first, UploadWith({first})),
            v1::Outcome::TYPE_DECIDED);
}

TEST(OutcomeTest, WhatWasRemovedAndIsKeptIsRestored) {
  const v1::Decision first = DecisionAt(1, kRemove);
  const v1::Decision second = DecisionAt(2, kKeep);
  const v1::CaseUpload upload = UploadWith({first, second});
  EXPECT_EQ(OutcomeTypeOf(first, upload), v1::Outcome::TYPE_DECIDED);
  EXPECT_EQ(OutcomeTypeOf(second, upload), v1::Outcome::TYPE_RESTORED);
}

TEST(OutcomeTest, WhatWasKeptAndIsRemovedIsReversed) {
  const v1::Decision first = DecisionAt(1, kKeep);
  const v1::Decision second = DecisionAt(2, kRemove);
  EXPECT_EQ(OutcomeTypeOf(second, UploadWith({first, second})),
            v1::Outcome::TYPE_REVERSED);
}

TEST(OutcomeTest, TheSameDecisionOnceMoreIsNoReversal) {
  const v1::Decision first = DecisionAt(1, kRemove);
  const v1::Decision second = DecisionAt(2, kRemove);
  EXPECT_EQ(OutcomeTypeOf(second, UploadWith({first, second})),
            v1::Outcome::TYPE_DECIDED);
}

TEST(OutcomeTest, WhatTheScanHadBlockedAndIsKeptIsRestored) {
  const v1::Decision first = DecisionAt(1, kKeep);
  v1::CaseUpload upload = UploadWith({first});
  upload.mutable_report()->mutable_verdict()->set_action(v1::ACTION_BLOCK);
  EXPECT_EQ(OutcomeTypeOf(first, upload), v1::Outcome::TYPE_RESTORED);
  upload.mutable_report()->mutable_verdict()->set_action(v1::ACTION_REVIEW);
  EXPECT_EQ(OutcomeTypeOf(first, upload), v1::Outcome::TYPE_DECIDED);
}

TEST(OutcomeTest, ADecisionThatWasUndoneHasNoVersion) {
  const v1::Decision undone = DecisionAt(1, kRemove);
  const v1::Decision later = DecisionAt(5, kRemove);
  EXPECT_EQ(VersionOf(DecidedEvent(undone, 1), CaseWith({undone})), 1);
  EXPECT_EQ(VersionOf(DecidedEvent(undone, 1), CaseWith({})), 0);
  // The number is taken by the one that was made instead.
  EXPECT_EQ(VersionOf(DecidedEvent(undone, 1), CaseWith({later})), 0);
  EXPECT_EQ(VersionOf(DecidedEvent(later, 1), CaseWith({later})), 1);
}

TEST(OutcomeTest, AnEventOfAnEarlierVersionOfTheServerFindsItsDecision) {
  const v1::Decision first = DecisionAt(1, kRemove);
  const v1::Decision second = DecisionAt(2, kKeep);
  EXPECT_EQ(VersionOf(DecidedEvent(second, 0), CaseWith({first, second})), 2);
  EXPECT_EQ(VersionOf(DecidedEvent(second, 0), CaseWith({first})), 0);
}

TEST(OutcomeTest, CountsFromWhenItCannotBeUndone) {
  v1::CaseEvent event = DecidedEvent(DecisionAt(3, kKeep), 1);
  EXPECT_EQ(EffectiveAt(event), absl::FromUnixSeconds(3));
  event.mutable_effective()->set_seconds(13);
  EXPECT_EQ(EffectiveAt(event), absl::FromUnixSeconds(13));
}

TEST(OutcomeTest, AnOutcomeSaysWhoseUploadsItIsOn) {
  const v1::Decision first = DecisionAt(1, kRemove);
  const v1::CaseEvent event = DecidedEvent(first, 1);
  const v1::Case subject = CaseWith({first});
  OutcomeParts parts(&event, &subject, 1);
  parts.Add(UploadWith({first}, "one"));
  parts.Add(UploadWith({first}, "two"));
  const std::vector<v1::Outcome> told = parts.Take();
  ASSERT_EQ(told.size(), 1);
  EXPECT_EQ(told[0].id(), "out_case-a_v1_1");
  EXPECT_EQ(told[0].tenant(), "forum");
  EXPECT_EQ(told[0].outcome(), kRemove);
  EXPECT_EQ(told[0].version(), 1);
  ASSERT_EQ(told[0].uploads_size(), 2);
  EXPECT_EQ(told[0].uploads(1).content_id(), "two");
  EXPECT_EQ(told[0].uploads(1).account(), "account-of-two");
}

TEST(OutcomeTest, UploadsWithAnotherPastAreToldApart) {
  const v1::Decision removed = DecisionAt(1, kRemove);
  const v1::Decision kept = DecisionAt(2, kKeep);
  const v1::CaseEvent event = DecidedEvent(kept, 2);
  const v1::Case subject = CaseWith({removed, kept});
  OutcomeParts parts(&event, &subject, 2);
  parts.Add(UploadWith({removed, kept}, "old"));
  parts.Add(UploadWith({kept}, "new"));
  const std::vector<v1::Outcome> told = parts.Take();
  ASSERT_EQ(told.size(), 2);
  EXPECT_EQ(told[0].type(), v1::Outcome::TYPE_DECIDED);
  EXPECT_EQ(told[0].uploads(0).content_id(), "new");
  EXPECT_EQ(told[1].type(), v1::Outcome::TYPE_RESTORED);
  EXPECT_EQ(told[1].uploads(0).content_id(), "old");
  EXPECT_EQ(told[1].id(), "out_case-a_v2_2");
}

TEST(OutcomeTest, ManyUploadsComeInPartsThatNameEachOnce) {
  const v1::Decision first = DecisionAt(1, kRemove);
  const v1::CaseEvent event = DecidedEvent(first, 1);
  const v1::Case subject = CaseWith({first});
  const auto told_of = [&](int uploads) {
    OutcomeParts parts(&event, &subject, 1);
    for (int i = 0; i < uploads; ++i) {
      parts.Add(UploadWith({first}, absl::StrCat(i)));
    }
    return parts.Take();
  };
  const std::vector<v1::Outcome> told = told_of(2 * kMaxOutcomeUploads + 1);
  std::vector<int> sizes;
  std::set<std::string> ids, names;
  for (const v1::Outcome& part : told) {
    sizes.push_back(part.uploads_size());
    ids.insert(part.id());
    EXPECT_EQ(part.parts(), 3);
    for (const v1::UploadName& name : part.uploads()) {
      EXPECT_TRUE(names.insert(name.content_id()).second);
    }
  }
  EXPECT_THAT(sizes, ElementsAre(kMaxOutcomeUploads, kMaxOutcomeUploads, 1));
  EXPECT_EQ(ids.size(), 3);
  EXPECT_EQ(names.size(), 2 * kMaxOutcomeUploads + 1);
  EXPECT_EQ(told_of(kMaxOutcomeUploads).size(), 1);
  EXPECT_EQ(told_of(0).size(), 0);
}

TEST(OutcomeTest, AReopeningHasANumberAmongAllEvents) {
  v1::CaseEvent event;
  event.set_sequence(99);
  event.set_kind(v1::CaseEvent::KIND_APPEALED);
  event.set_case_id("case-a");
  event.mutable_time()->set_seconds(5);
  const v1::Decision before = DecisionAt(1, kRemove);
  const v1::Decision since = DecisionAt(9, kKeep);
  const v1::Case subject = CaseWith({before, since});
  EXPECT_EQ(VersionAt(event, subject), 1);
  OutcomeParts parts(&event, &subject, 1);
  parts.Add(UploadWith({before, since}));
  const std::vector<v1::Outcome> told = parts.Take();
  ASSERT_EQ(told.size(), 1);
  EXPECT_EQ(told[0].outcome(), kRemove);  // What held then.
  EXPECT_EQ(told[0].type(), v1::Outcome::TYPE_REOPENED);
  EXPECT_EQ(told[0].id(), "out_case-a_s99_1");
}

}  // namespace
}  // namespace lenscap
