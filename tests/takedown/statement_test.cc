#include "takedown/statement.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/case_record.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ListBasis BasisOf(absl::string_view list_id) {
  if (list_id == "hotline") return {"section 201a of a code", {"DE", "US"}};
  if (list_id == "union") return {std::string(3000, 'x'), {"EU"}};
  return {};
}

v1::Case RemovedCase(const std::string& list) {
  v1::Case opened;
  opened.set_case_id("case-1");
  opened.set_account("somebody");
  *opened.mutable_opened() = ToTimestamp(absl::FromUnixSeconds(1'750'000'000));
  v1::ClipMatch& match = *opened.mutable_report()->add_matches();
  match.set_list_id(list);
  match.set_issuer("a hotline");
  match.set_kind(v1::ClipMatch::KIND_FRAMES);
  opened.mutable_report()->mutable_verdict()->set_action(v1::ACTION_BLOCK);
  v1::Decision& decision = *opened.add_decisions();
  decision.set_outcome(v1::Decision::OUTCOME_REMOVE);
  decision.set_note("a note with a name");
  decision.set_reviewer("ann");
  *decision.mutable_time() = ToTimestamp(absl::FromUnixSeconds(1'750'100'000));
  return opened;
}

TEST(StatementTest, AListWithALegalBasisMakesItIllegalContent) {
  const auto statement = StatementOf(RemovedCase("hotline"), 0, BasisOf);
  EXPECT_THAT(statement.decision_visibility(),
              ElementsAre("DECISION_VISIBILITY_CONTENT_REMOVED"));
  EXPECT_EQ(statement.decision_ground(), "DECISION_GROUND_ILLEGAL_CONTENT");
  EXPECT_EQ(statement.illegal_content_legal_ground(), "section 201a of a code");
  EXPECT_NE(statement.illegal_content_explanation(), "");
  EXPECT_EQ(statement.incompatible_content_ground(), "");
  EXPECT_EQ(statement.category(), "STATEMENT_CATEGORY_CYBER_VIOLENCE");
  EXPECT_THAT(statement.content_type(), ElementsAre("CONTENT_TYPE_VIDEO"));
  EXPECT_THAT(statement.territorial_scope(), ElementsAre("DE"));
  EXPECT_EQ(statement.content_date(), "2025-06-15");
  EXPECT_EQ(statement.application_date(), "2025-06-16");
  EXPECT_EQ(statement.automated_detection(), "Yes");
  EXPECT_EQ(statement.automated_decision(), "AUTOMATED_DECISION_PARTIALLY");
  EXPECT_EQ(statement.source_type(), "SOURCE_VOLUNTARY");
  EXPECT_EQ(statement.puid(), "case-1-1");
}

TEST(StatementTest, WithoutOneItIsThePlatformsTerms) {
  v1::Case opened = RemovedCase("plain");
  opened.mutable_report()->mutable_verdict()->set_action(v1::ACTION_REVIEW);
  opened.set_kind(v1::Case::KIND_LISTING);
  const auto statement = StatementOf(opened, 0, BasisOf);
  EXPECT_EQ(statement.decision_ground(),
            "DECISION_GROUND_INCOMPATIBLE_CONTENT");
  EXPECT_NE(statement.incompatible_content_ground(), "");
  EXPECT_NE(statement.incompatible_content_explanation(), "");
  EXPECT_EQ(statement.automated_decision(), "AUTOMATED_DECISION_NOT_AUTOMATED");
  EXPECT_THAT(statement.content_type(), ElementsAre("CONTENT_TYPE_PRODUCT"));
}

TEST(StatementTest, TheUnionIsItsTwentySevenCountriesAndTextsFit) {
  const auto statement = StatementOf(RemovedCase("union"), 0, BasisOf);
  EXPECT_EQ(statement.territorial_scope_size(), 27);
  EXPECT_EQ(statement.illegal_content_legal_ground().size(), 500);
}

TEST(StatementTest, ItNamesNobody) {
  const std::string text =
      StatementOf(RemovedCase("hotline"), 0, BasisOf).DebugString();
  EXPECT_THAT(text, HasSubstr("hotline of a hotline"));
  EXPECT_THAT(text, Not(HasSubstr("somebody")));
  EXPECT_THAT(text, Not(HasSubstr("ann\"")));
  EXPECT_THAT(text, Not(HasSubstr("note with")));
}

}  // namespace
}  // namespace lenscap
