#include "services/takedown_handler.h"

#include <functional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/proto_time.h"
#include "services/takedown_read_handler.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

using ::testing::StartsWith;

class TakedownHandlerTest : public testing::Test {
 protected:
  std::string Open(const std::string& content_id, int priority = 500,
                   int matches = 3, size_t issuer_bytes = 10) {
    v1::Case opened;
    opened.set_content_id(content_id);
    opened.set_priority(priority);
    opened.mutable_report()->set_content_id(content_id);
    for (int i = 0; i < matches; ++i) {
      opened.mutable_report()->add_matches()->set_issuer(
          std::string(issuer_bytes, 'i'));
    }
    const auto id = cases_->Submit(opened);
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or("");
  }
  v1::LeaseReply Lease(int max_cases = 1, const std::string& reviewer = "ann") {
    v1::LeaseRequest request;
    request.set_reviewer(reviewer);
    request.set_max_cases(max_cases);
    const auto reply = LeaseCases(*cases_, caller_, request);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.value_or(v1::LeaseReply());
  }
  absl::StatusOr<v1::DecideReply> Decide(
      const std::string& token,
      v1::Decision::Outcome outcome = v1::Decision::OUTCOME_REMOVE) {
    v1::DecideRequest request;
    request.set_lease_token(token);
    request.set_outcome(outcome);
    request.set_note("note");
    return DecideCase(*cases_, caller_, request);
  }

  Rooms rooms_;
  TakedownQueue* const cases_ = rooms_.cases.get();
  Caller caller_ = LocalCaller();
};

TEST_F(TakedownHandlerTest, ACaseIsLeasedAndDecided) {
  const std::string id = Open("content");
  const v1::LeaseReply leased = Lease();
  ASSERT_EQ(leased.leases_size(), 1);
  EXPECT_EQ(leased.leases(0).case_().case_id(), id);
  EXPECT_EQ(leased.leases(0).case_().report().matches_size(), 3);
  EXPECT_EQ(leased.leases(0).case_().state(), v1::Case::STATE_LEASED);
  EXPECT_EQ(FromProto(leased.leases(0).case_().lease_end()),
            rooms_.clock.Now() + absl::Minutes(5));
  EXPECT_EQ(Lease().leases_size(), 0);
  const auto decided = Decide(leased.leases(0).lease_token());
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->case_().state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(decided->case_().decisions(0).reviewer(), "ann");
  EXPECT_EQ(decided->case_().decisions(0).note(), "note");
}

TEST_F(TakedownHandlerTest, DecidingAgainSucceedsOrIsAborted) {
  Open("content");
  const std::string token = Lease().leases(0).lease_token();
  ASSERT_TRUE(Decide(token).ok());
  const auto again = Decide(token);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->case_().decisions_size(), 1);
  EXPECT_TRUE(
      absl::IsAborted(Decide(token, v1::Decision::OUTCOME_KEEP).status()));
}

TEST_F(TakedownHandlerTest, ALeaseIsExtendedAndReleased) {
  const std::string id = Open("content");
  const std::string token = Lease().leases(0).lease_token();
  v1::ExtendRequest extend;
  extend.set_lease_token(token);
  extend.mutable_duration()->set_seconds(3600);
  const auto extended = ExtendLease(*cases_, caller_, extend);
  ASSERT_TRUE(extended.ok()) << extended.status();
  EXPECT_EQ(FromProto(extended->lease_end()),
            rooms_.clock.Now() + absl::Hours(1));
  v1::ReleaseRequest release;
  release.set_lease_token(token);
  ASSERT_TRUE(ReleaseLease(*cases_, caller_, release).ok());
  EXPECT_TRUE(
      absl::IsAborted(ReleaseLease(*cases_, caller_, release).status()));
  v1::GetCaseRequest get;
  get.set_case_id(id);
  EXPECT_EQ(GetCase(*cases_, caller_, get)->state(), v1::Case::STATE_WAITING);
}

TEST_F(TakedownHandlerTest, ALeaseThatRanOutIsLost) {
  Open("content");
  const std::string token = Lease().leases(0).lease_token();
  rooms_.clock.Advance(absl::Minutes(5));
  EXPECT_TRUE(absl::IsAborted(Decide(token).status()));
  EXPECT_EQ(Lease(1, "ben").leases_size(), 1);
}

TEST_F(TakedownHandlerTest, AnAppealGoesToAnotherReviewer) {
  const std::string id = Open("content");
  ASSERT_TRUE(Decide(Lease().leases(0).lease_token()).ok());
  v1::AppealRequest appeal;
  appeal.set_case_id(id);
  appeal.set_statement("it is my own garden");
  const auto appealed = AppealCase(*cases_, caller_, appeal);
  ASSERT_TRUE(appealed.ok()) << appealed.status();
  EXPECT_EQ(appealed->case_().appeal(), "it is my own garden");
  EXPECT_EQ(Lease(1, "ann").leases_size(), 0);
  EXPECT_EQ(Lease(1, "ben").leases_size(), 1);
}

TEST_F(TakedownHandlerTest, CasesAreListedInPagesWithTheirBestMatch) {
  for (int i = 0; i < 5; ++i) Open("content " + std::to_string(i));
  v1::ListCasesRequest request;
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    const auto page = ListCases(*cases_, caller_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->cases_size(), 2);
    for (const v1::Case& listed : page->cases()) {
      seen.push_back(listed.content_id());
      EXPECT_EQ(listed.report().matches_size(), 1);
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, testing::ElementsAre("content 0", "content 1", "content 2",
                                         "content 3", "content 4"));
}

TEST_F(TakedownHandlerTest, NoReplyIsLargerThanAClientTakes) {
  constexpr int kCases = 60;
  for (int i = 0; i < kCases; ++i) {
    Open(std::to_string(i), 500, /*matches=*/2, /*issuer_bytes=*/50'000);
  }
  v1::ListCasesRequest request;
  request.set_page_size(1000);
  int listed = 0;
  do {
    const auto page = ListCases(*cases_, caller_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LT(page->ByteSizeLong(), 4 << 20);
    listed += page->cases_size();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, kCases);
  const v1::LeaseReply leased = Lease(100);
  EXPECT_GT(leased.leases_size(), 10);
  EXPECT_LT(leased.leases_size(), kCases);
  EXPECT_LT(leased.ByteSizeLong(), 4 << 20);
  EXPECT_EQ(cases_->Stats()->leased(), leased.leases_size())
      << "what did not fit was given back";
}

TEST_F(TakedownHandlerTest, ABadRequestIsRefusedByTheNameOfItsField) {
  const auto lease = [this](std::function<void(v1::LeaseRequest&)> spoil) {
    v1::LeaseRequest request;
    request.set_reviewer("ann");
    spoil(request);
    return LeaseCases(*cases_, caller_, request).status();
  };
  const auto extend = [this](std::function<void(v1::ExtendRequest&)> spoil) {
    v1::ExtendRequest request;
    request.set_lease_token("t");
    request.mutable_duration()->set_seconds(60);
    spoil(request);
    return ExtendLease(*cases_, caller_, request).status();
  };
  const auto decide = [this](std::function<void(v1::DecideRequest&)> spoil) {
    v1::DecideRequest request;
    request.set_lease_token("t");
    request.set_outcome(v1::Decision::OUTCOME_KEEP);
    spoil(request);
    return DecideCase(*cases_, caller_, request).status();
  };
  const auto appeal = [this](std::function<void(v1::AppealRequest&)> spoil) {
    v1::AppealRequest request;
    request.set_case_id("case-x");
    request.set_statement("s");
    spoil(request);
    return AppealCase(*cases_, caller_, request).status();
  };
  const auto list = [this](std::function<void(v1::ListCasesRequest&)> spoil) {
    v1::ListCasesRequest request;
    spoil(request);
    return ListCases(*cases_, caller_, request).status();
  };
  v1::ReleaseRequest long_token;
  long_token.set_lease_token(std::string(129, 't'));
  const struct {
    std::string field;
    absl::Status status;
  } kCases[] = {
      {"reviewer", lease([](auto& r) { r.clear_reviewer(); })},
      {"reviewer",
       lease([](auto& r) { r.set_reviewer(std::string(257, 'r')); })},
      {"max_cases", lease([](auto& r) { r.set_max_cases(101); })},
      {"max_cases", lease([](auto& r) { r.set_max_cases(-1); })},
      {"duration", lease([](auto& r) { r.mutable_duration(); })},
      {"duration",
       lease([](auto& r) { r.mutable_duration()->set_seconds(3601); })},
      {"lease_token", extend([](auto& r) { r.clear_lease_token(); })},
      {"duration", extend([](auto& r) { r.clear_duration(); })},
      {"lease_token", ReleaseLease(*cases_, caller_, {}).status()},
      {"lease_token", ReleaseLease(*cases_, caller_, long_token).status()},
      {"lease_token", decide([](auto& r) { r.clear_lease_token(); })},
      {"outcome", decide([](auto& r) { r.clear_outcome(); })},
      {"outcome", decide([](auto& r) {
         r.set_outcome(static_cast<v1::Decision::Outcome>(7));
       })},
      {"note", decide([](auto& r) { r.set_note(std::string(4097, 'n')); })},
      {"case_id", appeal([](auto& r) { r.clear_case_id(); })},
      {"statement", appeal([](auto& r) { r.clear_statement(); })},
      {"statement",
       appeal([](auto& r) { r.set_statement(std::string(4097, 's')); })},
      {"case_id", GetCase(*cases_, caller_, {}).status()},
      {"filter.tenant", lease([](auto& r) {
         r.mutable_filter()->set_tenant(std::string(65, 't'));
       })},
      {"filter.queues", list([](auto& r) {
         r.mutable_filter()->add_queues(v1::CASE_QUEUE_UNSPECIFIED);
       })},
      {"filter.skills",
       list([](auto& r) { r.mutable_filter()->add_skills(""); })},
      {"filter.languages", list([](auto& r) {
         for (int i = 0; i < 17; ++i) r.mutable_filter()->add_languages("en");
       })},
      {"content_ids", decide([](auto& r) {
         for (int i = 0; i < 1001; ++i) r.add_content_ids("a");
       })},
      {"content_ids", decide([](auto& r) { r.add_content_ids(""); })},
      {"lease_token", UndoDecision(*cases_, caller_, {}).status()},
      {"lease_token", HoldCase(*cases_, caller_, {}).status()},
      {"lease_token", EscalateCase(*cases_, caller_, {}).status()},
      {"case_id", ReassignCase(*cases_, caller_, {}).status()},
      {"case_id", ListUploads(*cases_, caller_, {}).status()},
      {"account", GetAccount(*cases_, caller_, {}).status()},
      {"group", GetGroup(*cases_, caller_, {}).status()},
      {"reviewer", ListClaims(*cases_, caller_, {}).status()},
      {"state",
       list([](auto& r) { r.set_state(static_cast<v1::Case::State>(17)); })},
      {"content_id",
       [&] {
         v1::ListUploadsRequest long_name;
         long_name.set_case_id("case");
         long_name.set_content_id(std::string(257, 'c'));
         return ListUploads(*cases_, caller_, long_name).status();
       }()},
      {"page_size", list([](auto& r) { r.set_page_size(1001); })},
      {"page_token",
       list([](auto& r) { r.set_page_token(std::string(257, 'p')); })},
  };
  for (const auto& test : kCases) {
    EXPECT_TRUE(absl::IsInvalidArgument(test.status))
        << test.field << ": " << test.status;
    EXPECT_THAT(std::string(test.status.message()),
                StartsWith(test.field + ": "));
  }
}

Caller ReviewerNamed(const std::string& name) {
  return {.name = name,
          .role = CallerRole::kReviewer,
          .issuer = {},
          .tenant = {},
          .platform_class = {}};
}

TEST_F(TakedownHandlerTest, ADecisionIsUndoneWhileItsReplySaysSo) {
  Open("content");
  const std::string token = Lease().leases(0).lease_token();
  const auto decided = Decide(token);
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(FromProto(decided->undo_end()),
            rooms_.clock.Now() + absl::Seconds(10));
  v1::UndoRequest undo;
  undo.set_lease_token(token);
  const auto undone = UndoDecision(*cases_, caller_, undo);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->case_().state(), v1::Case::STATE_LEASED);
  ASSERT_TRUE(Decide(token).ok());
  rooms_.clock.Advance(absl::Seconds(10));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      UndoDecision(*cases_, caller_, undo).status()));
}

TEST_F(TakedownHandlerTest, NobodyWorksOnAnothersClaim) {
  const std::string id = Open("content");
  const Caller ann = ReviewerNamed("ann");
  const Caller bob = ReviewerNamed("bob");
  const auto leased = LeaseCases(*cases_, ann, {});
  ASSERT_EQ(leased->leases_size(), 1);
  const std::string token = leased->leases(0).lease_token();
  v1::HoldRequest hold;
  hold.set_lease_token(token);
  hold.mutable_duration()->set_seconds(3600);
  hold.set_reason("later");
  v1::EscalateRequest escalate;
  escalate.set_lease_token(token);
  escalate.set_reason("too hard");
  v1::ReassignRequest reassign;
  reassign.set_case_id(id);
  reassign.set_lease_token(token);
  reassign.set_reason("for cleo");
  reassign.set_reviewer("cleo");
  v1::UndoRequest undo;
  undo.set_lease_token(token);
  EXPECT_TRUE(absl::IsPermissionDenied(HoldCase(*cases_, bob, hold).status()));
  EXPECT_TRUE(
      absl::IsPermissionDenied(EscalateCase(*cases_, bob, escalate).status()));
  EXPECT_TRUE(
      absl::IsPermissionDenied(ReassignCase(*cases_, bob, reassign).status()));
  EXPECT_TRUE(
      absl::IsPermissionDenied(UndoDecision(*cases_, bob, undo).status()));
  EXPECT_EQ(HoldCase(*cases_, ann, hold)->case_().hold().reason(), "later");
  EXPECT_EQ(ListClaims(*cases_, ann, {})->leases_size(), 1);
  EXPECT_EQ(ListClaims(*cases_, bob, {})->leases_size(), 0);
  v1::ListClaimsRequest of_ann;
  of_ann.set_reviewer("ann");
  EXPECT_TRUE(
      absl::IsPermissionDenied(ListClaims(*cases_, bob, of_ann).status()));
  EXPECT_EQ(ReassignCase(*cases_, ann, reassign)->case_().assigned_to(),
            "cleo");
  EXPECT_EQ(LeaseCases(*cases_, ann, {})->leases_size(), 0);
  EXPECT_EQ(LeaseCases(*cases_, ReviewerNamed("cleo"), {})->leases_size(), 1);
}

TEST_F(TakedownHandlerTest, WhatATokenAllowsIsOffered) {
  const std::string id = Open("content");
  const Caller ann = ReviewerNamed("ann");
  v1::EscalateRequest escalate;
  escalate.set_lease_token(
      LeaseCases(*cases_, ann, {})->leases(0).lease_token());
  escalate.set_reason("too hard");
  escalate.set_skill("law");
  ASSERT_TRUE(EscalateCase(*cases_, ann, escalate).ok());
  Caller bob = ReviewerNamed("bob");
  v1::LeaseRequest this_case;
  this_case.set_case_id(id);
  EXPECT_EQ(LeaseCases(*cases_, bob, {})->leases_size(), 0);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(LeaseCases(*cases_, bob, this_case).status()));
  bob.skills = {"law"};
  EXPECT_EQ(LeaseCases(*cases_, bob, this_case)->leases_size(), 1);
}

TEST_F(TakedownHandlerTest, AReviewerWithTenantsSeesThoseAlone) {
  v1::Case opened;
  opened.set_content_id("content");
  opened.set_account("acc");
  opened.set_group("chat");
  opened.set_tenant("forum");
  const std::string id = *cases_->Submit(opened);
  Caller ann = ReviewerNamed("ann");
  v1::GetCaseRequest get;
  get.set_case_id(id);
  v1::ListUploadsRequest uploads;
  uploads.set_case_id(id);
  v1::GetAccountRequest account;
  account.set_tenant("forum");
  account.set_account("acc");
  v1::GetGroupRequest group;
  group.set_tenant("forum");
  group.set_group("chat");
  for (const bool sees : {true, false}) {
    ann.tenants = {sees ? "forum" : "videos"};
    EXPECT_EQ(GetCase(*cases_, ann, get).ok(), sees);
    EXPECT_EQ(ListUploads(*cases_, ann, uploads).ok(), sees);
    EXPECT_EQ(GetAccount(*cases_, ann, account).ok(), sees);
    EXPECT_EQ(GetGroup(*cases_, ann, group).ok(), sees);
    EXPECT_EQ(ListCases(*cases_, ann, {})->cases_size(), sees ? 1 : 0);
    EXPECT_EQ(QueueStatsFor(*cases_, ann)->queues_size(), sees ? 1 : 0);
  }
  EXPECT_TRUE(absl::IsNotFound(GetCase(*cases_, ann, get).status()));
  EXPECT_EQ(LeaseCases(*cases_, ann, {})->leases_size(), 0);
}

TEST_F(TakedownHandlerTest, OneUploadOfACaseIsDecidedAndAppealed) {
  v1::Case opened;
  opened.set_group("chat");
  opened.set_content_id("a");
  const std::string id = *cases_->Submit(opened);
  opened.set_content_id("b");
  ASSERT_EQ(*cases_->Submit(opened), id);
  v1::DecideRequest decide;
  decide.set_lease_token(Lease().leases(0).lease_token());
  decide.set_outcome(v1::Decision::OUTCOME_REMOVE);
  decide.add_content_ids("b");
  ASSERT_TRUE(DecideCase(*cases_, caller_, decide).ok());
  v1::ListUploadsRequest list;
  list.set_case_id(id);
  list.set_undecided(true);
  const auto left = ListUploads(*cases_, caller_, list);
  ASSERT_EQ(left->uploads_size(), 1);
  EXPECT_EQ(left->uploads(0).content_id(), "a");
  v1::AppealRequest appeal;
  appeal.set_content_id("b");
  appeal.set_statement("my garden");
  const auto appealed = AppealCase(*cases_, caller_, appeal);
  ASSERT_TRUE(appealed.ok()) << appealed.status();
  EXPECT_EQ(appealed->case_().appealed_case_id(), id);
  appeal.set_content_id("unknown");
  EXPECT_TRUE(absl::IsNotFound(AppealCase(*cases_, caller_, appeal).status()));
}

TEST_F(TakedownHandlerTest, OneUploadIsListedWithAllThatWasFoundInIt) {
  v1::Case opened;
  opened.set_group("chat");
  opened.set_content_id("a");
  opened.mutable_report()->add_matches()->set_entry_id("first");
  opened.mutable_report()->add_matches()->set_entry_id("second");
  v1::ListUploadsRequest list;
  list.set_case_id(*cases_->Submit(opened));
  opened.set_content_id("b");
  ASSERT_EQ(*cases_->Submit(opened), list.case_id());
  const auto all = ListUploads(*cases_, caller_, list);
  ASSERT_EQ(all->uploads_size(), 2);
  EXPECT_EQ(all->uploads(1).report().matches_size(), 1);
  list.set_content_id("b");
  const auto one = ListUploads(*cases_, caller_, list);
  ASSERT_TRUE(one.ok()) << one.status();
  ASSERT_EQ(one->uploads_size(), 1);
  EXPECT_EQ(one->uploads(0).content_id(), "b");
  ASSERT_EQ(one->uploads(0).report().matches_size(), 2);
  EXPECT_EQ(one->uploads(0).report().matches(1).entry_id(), "second");
  v1::Case other;
  other.set_content_id("elsewhere");
  ASSERT_TRUE(cases_->Submit(other).ok());
  for (const char* id : {"unknown", "elsewhere"}) {
    list.set_content_id(id);
    EXPECT_TRUE(absl::IsNotFound(ListUploads(*cases_, caller_, list).status()));
  }
}

TEST_F(TakedownHandlerTest, WhatIsNoTokenOrCaseIsSaidToBeNone) {
  EXPECT_TRUE(absl::IsInvalidArgument(Decide("no token").status()));
  v1::GetCaseRequest request;
  request.set_case_id("case-nowhere");
  EXPECT_TRUE(absl::IsNotFound(GetCase(*cases_, caller_, request).status()));
  v1::ListCasesRequest list;
  list.set_page_token("no cursor");
  EXPECT_TRUE(
      absl::IsInvalidArgument(ListCases(*cases_, caller_, list).status()));
}

}  // namespace
}  // namespace lenscap
