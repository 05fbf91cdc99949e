// What a marketplace hears of a listing's text.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/proto_time.h"
#include "tests/services/listing_server.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ListingReviewTest : public ListingServerTest {
 protected:
  std::string FaultOf(const v1::ReviewListingRequest& request) {
    const auto report = Review(request);
    EXPECT_TRUE(absl::IsInvalidArgument(report.status())) << report.status();
    return std::string(report.status().message());
  }
};

TEST_F(ListingReviewTest, ADisguisedCameraGoesToAPerson) {
  v1::ReviewListingRequest request =
      Listing("l-1", "A P I N H O L E camera, 1080P");
  request.set_description("Hidden in a charger.");
  request.set_seller("seller-1");
  request.set_category("electronics");
  (*request.mutable_attributes())["lens"] = "3.7mm";
  const v1::ListingReport report = ReportOn(request);
  EXPECT_EQ(report.listing_id(), "l-1");
  EXPECT_EQ(report.verdict().action(), v1::ACTION_REVIEW);
  EXPECT_EQ(report.verdict().policy_version(), "default-3");
  EXPECT_THAT(report.verdict().reasons(),
              ElementsAre("The text scores 70 by rules \"pinhole\", "
                          "\"in-charger\"; from 50 on it is looked at."));
  EXPECT_EQ(report.score(), 70);
  EXPECT_EQ(report.review_score(), 50);
  EXPECT_THAT(report.rule_packs(), ElementsAre("test-pack@1"));
  ASSERT_EQ(report.rule_hits_size(), 2);
  const v1::RuleHit& hit = report.rule_hits(0);
  EXPECT_EQ(hit.rule_id(), "pinhole");
  EXPECT_EQ(hit.pack_id(), "test-pack");
  ASSERT_GE(hit.spans_size(), 1);
  EXPECT_EQ(hit.spans(0).field(), "title");
  EXPECT_EQ(hit.spans(0).text(), "P I N H O L E camera");
  EXPECT_EQ(hit.spans(0).start(), 2);
  EXPECT_THAT(report.case_id(), StartsWith("case-"));
  EXPECT_FALSE(report.has_item());
}

TEST_F(ListingReviewTest, TheCaseShowsWhatWasReviewed) {
  v1::ReviewListingRequest request =
      Listing("l-1", "pinhole camera in a charger");
  request.set_seller("seller-1");
  request.set_locale("en-GB");
  const v1::Case opened = CaseOf(ReportOn(request).case_id());
  EXPECT_EQ(opened.kind(), v1::Case::KIND_LISTING);
  EXPECT_EQ(opened.queue(), v1::CASE_QUEUE_LISTING);
  EXPECT_EQ(opened.content_id(), "l-1");
  EXPECT_EQ(opened.account(), "seller-1");
  EXPECT_EQ(opened.language(), "en-GB");
  EXPECT_EQ(opened.listing().item().title(), request.title());
  EXPECT_EQ(opened.listing().rule_hits_size(), 2);
  EXPECT_EQ(opened.listing().case_id(), opened.case_id());
  EXPECT_EQ(opened.report().verdict().action(), v1::ACTION_REVIEW);
}

TEST_F(ListingReviewTest, ADetectorIsLeftAlone) {
  const v1::ListingReport report =
      ReportOn(Listing("l-1", "detector of any pinhole camera in a charger"));
  EXPECT_EQ(report.verdict().action(), v1::ACTION_ALLOW);
  EXPECT_EQ(report.score(), 20);
  EXPECT_THAT(report.verdict().reasons(), IsEmpty());
  EXPECT_EQ(report.case_id(), "");
}

TEST_F(ListingReviewTest, TextAloneBlocksNothingByDefault) {
  const v1::ListingReport report =
      ReportOn(Listing("l-1", "hotel room footage"));
  EXPECT_EQ(report.verdict().action(), v1::ACTION_REVIEW);
  EXPECT_THAT(report.verdict().reasons(0),
              HasSubstr("Rule \"footage\" of pack \"test-pack\" asks for a "
                        "block, of which the policy makes a review."));
}

TEST_F(ListingReviewTest, RulesInShadowAreCountedAndNotActedOn) {
  const v1::ListingReport report =
      ReportOn(Listing("l-1", "pinhole camera for a hotel room"));
  EXPECT_EQ(report.verdict().action(), v1::ACTION_ALLOW);
  EXPECT_EQ(report.score(), 40);
  EXPECT_EQ(report.shadow_score(), 60);
  EXPECT_EQ(report.verdict().shadow_action(), v1::ACTION_REVIEW);
}

TEST_F(ListingReviewTest, TheSameListingIsOneCaseEvenAfterItsDecision) {
  const v1::ReviewListingRequest request =
      Listing("l-1", "pinhole camera in a charger");
  const std::string case_id = ReportOn(request).case_id();
  EXPECT_EQ(ReportOn(request).case_id(), case_id);
  DecideNext(v1::Decision::OUTCOME_KEEP);
  EXPECT_EQ(ReportOn(request).case_id(), case_id);
  // And still once its text has become harmless.
  const v1::ListingReport edited = ReportOn(Listing("l-1", "a charger"));
  EXPECT_EQ(edited.verdict().action(), v1::ACTION_ALLOW);
  EXPECT_EQ(edited.case_id(), case_id);
  EXPECT_EQ(CaseOf(case_id).reach().uploads(), 1);
}

TEST_F(ListingReviewTest, ASellersRemovalsBringWhatIsNearAcrossTheLine) {
  v1::ReviewListingRequest bad = Listing("l-1", "pinhole camera in a charger");
  bad.set_seller("seller-1");
  ReportOn(bad);
  DecideNext(v1::Decision::OUTCOME_REMOVE);
  v1::ReviewListingRequest near = Listing("l-2", "pinhole camera");
  near.set_seller("seller-1");
  const v1::ListingReport report = ReportOn(near);
  EXPECT_EQ(report.seller().known(), 1);
  EXPECT_EQ(report.seller().removed(), 1);
  EXPECT_EQ(report.score(), 40);
  EXPECT_EQ(report.verdict().action(), v1::ACTION_REVIEW);
  EXPECT_THAT(report.verdict().reasons(0),
              HasSubstr("and 10 for 1 earlier removal of the seller"));
  // Where the text says nothing, the seller does not either.
  v1::ReviewListingRequest harmless = Listing("l-3", "a toaster");
  harmless.set_seller("seller-1");
  EXPECT_EQ(ReportOn(harmless).verdict().action(), v1::ACTION_ALLOW);
  // Another seller is not suspected for it.
  near.set_listing_id("l-4");
  near.set_seller("seller-2");
  EXPECT_EQ(ReportOn(near).verdict().action(), v1::ACTION_ALLOW);
}

TEST_F(ListingReviewTest, ListingsOfASellerAreOneCaseWhileItIsOpen) {
  v1::ReviewListingRequest request =
      Listing("l-1", "pinhole camera in a charger");
  request.set_seller("seller-1");
  const std::string case_id = ReportOn(request).case_id();
  request.set_listing_id("l-2");
  EXPECT_EQ(ReportOn(request).case_id(), case_id);
  EXPECT_EQ(CaseOf(case_id).reach().uploads(), 2);
  request.set_listing_id("l-3");
  request.set_tenant("other");
  EXPECT_NE(ReportOn(request).case_id(), case_id);
}

TEST_F(ListingReviewTest, ListingsWithoutASellerStandAlone) {
  const std::string one =
      ReportOn(Listing("l-1", "pinhole camera in a charger")).case_id();
  EXPECT_NE(ReportOn(Listing("l-2", "pinhole camera in a charger")).case_id(),
            one);
}

TEST_F(ListingReviewTest, EachFieldHasItsBounds) {
  const v1::ReviewListingRequest good = Listing("l-1", "t");
  const auto fault = [&](const auto& change) {
    v1::ReviewListingRequest bad = good;
    change(bad);
    return FaultOf(bad);
  };
  EXPECT_THAT(fault([](auto& r) { r.clear_listing_id(); }),
              StartsWith("listing_id: expected 1 to 256 bytes, got 0"));
  EXPECT_THAT(fault([](auto& r) { r.set_listing_id(std::string(257, 'x')); }),
              StartsWith("listing_id"));
  EXPECT_THAT(fault([](auto& r) { r.set_title(std::string(4097, 'x')); }),
              StartsWith("title: expected 0 to 4096 bytes, got 4097"));
  EXPECT_THAT(
      fault([](auto& r) { r.set_description(std::string(262145, 'x')); }),
      StartsWith("description"));
  EXPECT_THAT(fault([](auto& r) {
                for (int i = 0; i < 257; ++i) {
                  (*r.mutable_attributes())[absl::StrCat(i)] = "x";
                }
              }),
              StartsWith("attributes"));
  EXPECT_THAT(fault([](auto& r) {
                (*r.mutable_attributes())["lens"] = std::string(4097, 'x');
              }),
              StartsWith("attributes[\"lens\"]"));
  EXPECT_THAT(fault([](auto& r) { (*r.mutable_attributes())[""] = "x"; }),
              HasSubstr("attributes"));
  EXPECT_THAT(fault([](auto& r) { r.set_category(std::string(1025, 'x')); }),
              StartsWith("category"));
  EXPECT_THAT(fault([](auto& r) { r.set_price_minor_units(-1); }),
              StartsWith("price_minor_units"));
  EXPECT_THAT(fault([](auto& r) { r.set_currency("eur"); }),
              StartsWith("currency"));
  EXPECT_THAT(fault([](auto& r) { r.set_seller(std::string(257, 'x')); }),
              StartsWith("seller"));
  EXPECT_THAT(fault([](auto& r) { r.set_locale("zh CN"); }),
              StartsWith("locale"));
  EXPECT_THAT(fault([](auto& r) { r.set_tenant("\n"); }), StartsWith("tenant"));
  EXPECT_THAT(fault([](auto& r) { r.set_group(std::string(257, 'x')); }),
              StartsWith("group"));
  EXPECT_THAT(fault([](auto& r) {
                r.set_kind(static_cast<v1::ReviewListingRequest::Kind>(9));
              }),
              StartsWith("kind"));
  EXPECT_THAT(fault([](auto& r) {
                for (int i = 0; i < 33; ++i) r.add_images("x");
              }),
              StartsWith("images and image_hashes together"));
  EXPECT_THAT(fault([](auto& r) { r.add_image_hashes()->set_pdq("short"); }),
              StartsWith("image_hashes[0].pdq"));
  EXPECT_THAT(fault([](auto& r) { r.mutable_video(); }), StartsWith("video"));
  EXPECT_THAT(fault([](auto& r) { r.mutable_reported()->set_nanos(-1); }),
              StartsWith("reported.nanos"));
}

TEST_F(ListingReviewTest, TextThatIsNoUtf8IsRefused) {
  // listing_id "x", title "\xff".
  const auto answer = CallRaw(channel_, "/lenscap.v1.ListingService/Review",
                              std::string("\x0a\x01x\x1a\x01\xff", 6));
  EXPECT_FALSE(answer.ok());
}

TEST_F(ListingReviewTest, HostileTextIsReviewedLikeAnyOther) {
  // As many combining marks, and direction overrides, as a description holds.
  std::string marks = "p";
  while (marks.size() < (256 << 10) - 64) marks += "\xcc\x81";
  marks += "inhole camera \xe2\x80\xaein a charger\xe2\x80\xac";
  v1::ReviewListingRequest request = Listing("l-1", "x");
  request.set_description(marks);
  EXPECT_EQ(ReportOn(request).verdict().action(), v1::ACTION_REVIEW);
}

TEST_F(ListingReviewTest, ExplainKeepsNothing) {
  const auto report = Call(stub().get(), &Stub::Explain,
                           Listing("l-1", "pinhole camera in a charger"));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_REVIEW);
  EXPECT_EQ(report->rule_hits_size(), 2);
  EXPECT_EQ(report->case_id(), "");
  const auto stats = Call(cases().get(), &v1::TakedownService::Stub::Stats,
                          v1::StatsRequest());
  ASSERT_TRUE(stats.ok()) << stats.status();
  EXPECT_EQ(stats->waiting(), 0);
}

TEST_F(ListingReviewTest, ABatchAnswersEachListingByItself) {
  v1::ReviewBatchRequest request;
  *request.add_listings() = Listing("l-1", "pinhole camera in a charger");
  *request.add_listings() = Listing("", "no id");
  *request.add_listings() = Listing("l-3", "a toaster");
  const auto reply = Call(stub().get(), &Stub::ReviewBatch, request);
  ASSERT_TRUE(reply.ok()) << reply.status();
  ASSERT_EQ(reply->results_size(), 3);
  EXPECT_EQ(reply->results(0).report().verdict().action(), v1::ACTION_REVIEW);
  EXPECT_EQ(reply->results(1).error().code(),
            static_cast<int>(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(reply->results(1).error().message(), StartsWith("listing_id"));
  EXPECT_EQ(reply->results(2).listing_id(), "l-3");
  EXPECT_EQ(reply->results(2).report().verdict().action(), v1::ACTION_ALLOW);
  for (int i = 0; i < 1000; ++i) *request.add_listings() = Listing("l", "t");
  const auto many = Call(stub().get(), &Stub::ReviewBatch, request);
  EXPECT_TRUE(absl::IsInvalidArgument(many.status())) << many.status();
}

TEST_F(ListingReviewTest, AStreamAnswersInOrder) {
  const auto context = NewContext();
  const auto listings = stub();
  const auto stream = listings->ReviewStream(context.get());
  constexpr int kListings = 20;
  for (int i = 0; i < kListings; ++i) {
    v1::ReviewListingRequest request =
        Listing(absl::StrCat("l-", i), i % 2 == 0 ? "a toaster" : "x");
    if (i == 7) request.set_currency("?");
    ASSERT_TRUE(stream->Write(request));
    v1::ReviewResult result;
    ASSERT_TRUE(stream->Read(&result));
    EXPECT_EQ(result.listing_id(), absl::StrCat("l-", i));
    EXPECT_EQ(result.has_error(), i == 7);
  }
  // The next are sent before any of them is answered.
  for (int i = 0; i < kListings; ++i) {
    ASSERT_TRUE(stream->Write(Listing(absl::StrCat("m-", i), "x")));
  }
  stream->WritesDone();
  for (int i = 0; i < kListings; ++i) {
    v1::ReviewResult result;
    ASSERT_TRUE(stream->Read(&result));
    EXPECT_EQ(result.listing_id(), absl::StrCat("m-", i));
  }
  v1::ReviewResult none;
  EXPECT_FALSE(stream->Read(&none));
  EXPECT_TRUE(stream->Finish().ok());
}

}  // namespace
}  // namespace lenscap
