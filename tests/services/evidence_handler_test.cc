#include "services/evidence_handler.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/proto_time.h"
#include "services/still_image.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

// A chequered still, as detailed as can be.
std::string Jpeg(int seed) {
  CueStill still = {.time = {}, .width = 96, .height = 64, .luma = {}};
  for (int i = 0; i < 96 * 64; ++i) {
    still.luma.push_back((i / 4 + i / 96 / 4 + seed) % 2 == 0 ? 30 : 220);
  }
  return *EncodeStill(still);
}

class EvidenceHandlerTest : public testing::Test {
 protected:
  EvidenceHandlerTest()
      : exposure_(
            *ExposureLedger::Open({.directory = rooms_.directory + "/exposure",
                                   .clock = &rooms_.clock})),
        evidence_{.evidence = rooms_.evidence.get(),
                  .exposure = exposure_.get(),
                  .cases = rooms_.cases.get(),
                  .limits = {.budget = absl::Seconds(5), .notice = 0.8},
                  .record = [this](const AuditEntry& entry) {
                    records_.push_back(entry);
                    return record_status_;
                  }} {
    caller_.name = "ann";
    caller_.role = CallerRole::kReviewer;
  }

  // A case of an upload with stills at these seconds; returns its id.
  std::string OpenCase(const std::string& content_id,
                       const std::vector<int>& seconds,
                       const std::string& tenant = "") {
    v1::Case opened;
    opened.set_content_id(content_id);
    opened.set_tenant(tenant);
    opened.mutable_report()->set_content_id(content_id);
    opened.mutable_report()->set_sha256(std::string(32, content_id[0]));
    const std::string id = *rooms_.cases->Submit(opened);
    if (!seconds.empty()) Seal(id, content_id, seconds);
    return id;
  }
  void Seal(const std::string& case_id, const std::string& content_id,
            const std::vector<int>& seconds) {
    std::vector<v1::Still> stills;
    for (const int second : seconds) {
      v1::Still& still = stills.emplace_back();
      *still.mutable_time() =
          ToProto(absl::Seconds(second) + absl::Milliseconds(400));
      still.set_kind(v1::Still::KIND_MATCH);
      still.set_jpeg(Jpeg(second));
    }
    ASSERT_TRUE(rooms_.evidence->Seal(case_id, content_id, stills).ok());
  }
  std::string Lease(const std::string& reviewer = "ann") {
    auto leases = rooms_.cases->LeaseCases(reviewer, 1, absl::Minutes(5));
    if (!leases.ok() || leases->empty()) return "nothing was waiting";
    return std::move((*leases)[0]).Detach();
  }
  void Decide(const std::string& token) {
    ASSERT_TRUE(
        rooms_.cases->Decide(token, v1::Decision::OUTCOME_REMOVE, "").ok());
  }

  absl::StatusOr<v1::RevealReply> RevealStills(
      const std::string& token, const std::vector<int>& ids,
      const std::string& content_id = "") {
    v1::RevealRequest request;
    request.set_lease_token(token);
    request.set_content_id(content_id);
    request.mutable_still_ids()->Assign(ids.begin(), ids.end());
    return Reveal(evidence_, caller_, request);
  }
  absl::StatusOr<v1::ListStillsReply> List(const std::string& case_id,
                                           const std::string& content_id = "") {
    v1::ListStillsRequest request;
    request.set_case_id(case_id);
    request.set_content_id(content_id);
    return ListStills(evidence_, caller_, request);
  }
  absl::Duration Exposed(const std::string& reviewer = "") {
    v1::GetExposureRequest request;
    request.set_reviewer(reviewer);
    const auto exposure = GetExposure(evidence_, caller_, request);
    return exposure.ok() ? FromProto(exposure->revealed())
                         : -absl::InfiniteDuration();
  }

  Rooms rooms_;
  std::unique_ptr<ExposureLedger> exposure_;
  std::vector<AuditEntry> records_;
  absl::Status record_status_;
  EvidenceRooms evidence_;
  Caller caller_;
};

TEST_F(EvidenceHandlerTest, StillsAreListedBlurred) {
  const std::string id = OpenCase("a", {1, 2, 3});
  const auto reply = List(id);
  ASSERT_TRUE(reply.ok()) << reply.status();
  ASSERT_EQ(reply->stills_size(), 3);
  const v1::Still& still = reply->stills(1);
  EXPECT_EQ(still.still_id(), 2);
  EXPECT_TRUE(still.blurred());
  EXPECT_EQ(still.time().seconds(), 2);
  EXPECT_NE(still.jpeg(), Jpeg(2));
  const auto picture = DecodeStill(still.jpeg());
  ASSERT_TRUE(picture.ok()) << picture.status();
  EXPECT_EQ(picture->width, 96);
  // Of the squares, black and white, nothing is left but their mean.
  for (const uint8_t luma : picture->luma) ASSERT_NEAR(luma, 125, 30);
  EXPECT_EQ(records_.size(), 0);
  EXPECT_EQ(Exposed(), absl::ZeroDuration());
}

TEST_F(EvidenceHandlerTest, WhoHoldsTheCaseIsShownWhatTheyAskFor) {
  const std::string id = OpenCase("a", {1, 2, 3});
  const std::string token = Lease();
  const auto reply = RevealStills(token, {3, 1});
  ASSERT_TRUE(reply.ok()) << reply.status();
  ASSERT_EQ(reply->stills_size(), 2);
  EXPECT_EQ(reply->stills(0).jpeg(), Jpeg(3));
  EXPECT_EQ(reply->stills(1).jpeg(), Jpeg(1));
  EXPECT_FALSE(reply->stills(0).blurred());
  EXPECT_EQ(FromProto(reply->exposure().revealed()), absl::Seconds(2));
  EXPECT_EQ(FromProto(reply->exposure().budget()), absl::Seconds(5));
  ASSERT_EQ(records_.size(), 1);
  EXPECT_EQ(records_[0].action, "evidence.reveal");
  EXPECT_EQ(records_[0].actor, "reviewer:ann");
  EXPECT_EQ(records_[0].subject, "case/" + id);
  const std::vector<std::pair<std::string, std::string>> details = {
      {"content_id", "a"},
      {"reviewer", "ann"},
      {"stills", "3,1"},
      {"seconds", "3,1"}};
  EXPECT_EQ(records_[0].details, details);
}

TEST_F(EvidenceHandlerTest, NobodyElseIsShownIt) {
  OpenCase("a", {1});
  const std::string token = Lease();
  caller_.name = "ben";
  EXPECT_TRUE(absl::IsPermissionDenied(RevealStills(token, {1}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(RevealStills("forged", {1}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(RevealStills("", {1}).status()));
  caller_.name = "ann";
  rooms_.clock.Advance(absl::Minutes(6));
  EXPECT_TRUE(absl::IsAborted(RevealStills(token, {1}).status()));
  EXPECT_EQ(Exposed(), absl::ZeroDuration());
  EXPECT_EQ(records_.size(), 0);
}

TEST_F(EvidenceHandlerTest, WhatWasDecidedOnIsNotShownAgain) {
  const std::string id = OpenCase("a", {1});
  const std::string token = Lease();
  Decide(token);
  EXPECT_TRUE(absl::IsFailedPrecondition(RevealStills(token, {1}).status()));
  // An appeal puts it in question again, for somebody else.
  ASSERT_TRUE(rooms_.cases->Appeal(id, "It is mine").ok());
  caller_.name = "ben";
  EXPECT_TRUE(RevealStills(Lease("ben"), {1}).ok());
}

TEST_F(EvidenceHandlerTest, AnUploadOfAnotherCaseIsNotShown) {
  OpenCase("a", {1});
  const std::string other = OpenCase("b", {2});
  const std::string token = Lease();
  const auto refused = RevealStills(token, {1}, "b");
  EXPECT_TRUE(absl::IsNotFound(refused.status()));
  EXPECT_THAT(refused.status().message(), HasSubstr("content_id"));
  EXPECT_TRUE(absl::IsNotFound(List(other, "a").status()));
  EXPECT_TRUE(absl::IsNotFound(List(other, "nothing").status()));
  EXPECT_TRUE(RevealStills(token, {1}, "a").ok());
}

TEST_F(EvidenceHandlerTest, TheBudgetOfADayHolds) {
  OpenCase("a", {1, 2, 3, 4, 5, 6});
  const std::string token = Lease();
  const auto near = RevealStills(token, {1, 2, 3, 4});
  ASSERT_TRUE(near.ok());
  EXPECT_TRUE(near->exposure().near_budget());
  const auto beyond = RevealStills(token, {5, 6});
  EXPECT_TRUE(absl::IsResourceExhausted(beyond.status()));
  EXPECT_EQ(records_.size(), 1);
  // What was shown today costs nothing.
  EXPECT_TRUE(RevealStills(token, {1, 2, 3, 4}).ok());
  EXPECT_EQ(Exposed(), absl::Seconds(4));
}

TEST_F(EvidenceHandlerTest, TheSameFileCountsOnceWhateverItsUpload) {
  OpenCase("a1", {1});
  OpenCase("a2", {1});  // With the same digest.
  const std::string token = Lease();
  EXPECT_TRUE(RevealStills(token, {1}, "a1").ok());
  EXPECT_TRUE(RevealStills(token, {1}, "a2").ok());
  EXPECT_EQ(Exposed(), absl::Seconds(1));
  EXPECT_EQ(records_.size(), 2);
}

TEST_F(EvidenceHandlerTest, WhatCannotBePutOnRecordIsNotShown) {
  OpenCase("a", {1});
  record_status_ = absl::InternalError("disk");
  EXPECT_TRUE(absl::IsInternal(RevealStills(Lease(), {1}).status()));
}

TEST_F(EvidenceHandlerTest, RequestsOutOfBoundsNameTheirField) {
  OpenCase("a", {1});
  const std::string token = Lease();
  const auto refused = [](const absl::Status& status, const char* field) {
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(status.message(), HasSubstr(field));
  };
  refused(RevealStills(token, {}).status(), "still_ids");
  refused(RevealStills(token, std::vector<int>(17, 1)).status(), "still_ids");
  refused(RevealStills(token, {1, 9}).status(), "still_ids[1]");
  refused(RevealStills(token, {-1}).status(), "still_ids[0]");
  refused(RevealStills(token, {1}, std::string(257, 'x')).status(),
          "content_id");
  refused(List("").status(), "case_id");
  EXPECT_TRUE(absl::IsNotFound(List("case-none").status()));
}

TEST_F(EvidenceHandlerTest, WhyThereAreNoneIsSaid) {
  EXPECT_THAT(List(OpenCase("a", {}))->unavailable(), HasSubstr("none"));
  v1::Case opened;
  opened.set_content_id("b");
  opened.mutable_report()->set_retrospective(true);
  EXPECT_THAT(List(*rooms_.cases->Submit(opened))->unavailable(),
              HasSubstr("footage is not kept"));
  const std::string id = OpenCase("c", {});
  ASSERT_TRUE(rooms_.evidence->SetUnavailable(id, "c", "disk full").ok());
  EXPECT_EQ(List(id)->unavailable(), "disk full");
}

TEST_F(EvidenceHandlerTest, WhatWasDestroyedIsSaidToBe) {
  const std::string id = OpenCase("a", {1});
  const std::string token = Lease();
  ASSERT_TRUE(rooms_.evidence->Destroy({"a"}).ok());
  const auto reply = List(id);
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->stills_size(), 0);
  EXPECT_EQ(FromProto(reply->destroyed()), rooms_.clock.Now());
  EXPECT_TRUE(absl::IsFailedPrecondition(RevealStills(token, {1}).status()));
  EXPECT_EQ(Exposed(), absl::ZeroDuration());
}

TEST_F(EvidenceHandlerTest, ACaseWithAKnownAnswerShowsWhatItRepeats) {
  OpenCase("decided", {7});
  Decide(Lease());
  const std::string id = OpenCase("new looks", {});
  evidence_.golden_content = [&](const v1::Case& of) -> std::string {
    return of.case_id() == id ? "decided" : "";
  };
  EXPECT_EQ(List(id)->stills_size(), 1);
  const auto reply = RevealStills(Lease("ben"), {1});
  EXPECT_TRUE(absl::IsPermissionDenied(reply.status())) << "ann asks";
  caller_.name = "ben";
  rooms_.clock.Advance(absl::Minutes(6));
  const auto revealed = RevealStills(Lease("ben"), {1});
  ASSERT_TRUE(revealed.ok()) << revealed.status();
  EXPECT_EQ(revealed->stills(0).jpeg(), Jpeg(7));
}

TEST_F(EvidenceHandlerTest, CasesOfOtherTenantsAreNotThere) {
  const std::string id = OpenCase("a", {1}, "forum");
  caller_.tenant = "shop";
  EXPECT_TRUE(absl::IsNotFound(List(id).status()));
  caller_.tenant = "forum";
  EXPECT_TRUE(List(id).ok());
}

TEST_F(EvidenceHandlerTest, EachHasTheirOwnExposureAndTheLocalUserAnybodys) {
  OpenCase("a", {1, 2});
  ASSERT_TRUE(RevealStills(Lease(), {1, 2}).ok());
  EXPECT_EQ(Exposed("ann"), absl::Seconds(2));
  EXPECT_EQ(Exposed("ben"), -absl::InfiniteDuration());
  caller_ = LocalCaller();
  EXPECT_EQ(Exposed("ann"), absl::Seconds(2));
  EXPECT_EQ(Exposed("ben"), absl::ZeroDuration());
}

}  // namespace
}  // namespace lenscap
