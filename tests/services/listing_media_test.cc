// What a listing's photos and video add to what its text says.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/evidence.grpc.pb.h"
#include "services/proto_time.h"
#include "tests/services/footage.h"
#include "tests/services/listing_server.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kBad[] = "pinhole camera in a charger";

// The picture of the known clip at a second, in JPEG of this size.
std::string Picture(int second, const std::string& filter = "scale=320:240") {
  const std::string clip = WriteTempFile("clip.mp4", KnownClip());
  return ReadFileBytes(
      MakeMedia("picture.jpg", {"-ss", absl::StrCat(second), "-i", clip, "-vf",
                                filter, "-frames:v", "1"}));
}

class ListingMediaTest : public ListingServerTest {
 protected:
  static v1::ReviewListingRequest WithPhoto(const std::string& id,
                                            const std::string& title,
                                            const std::string& photo,
                                            const std::string& seller = "") {
    v1::ReviewListingRequest request = Listing(id, title);
    request.set_seller(seller);
    request.add_images(photo);
    return request;
  }
};

TEST_F(ListingMediaTest, APhotoOfARemovedListingBringsItBackWhoeverSellsIt) {
  ReportOn(WithPhoto("l-1", kBad, Picture(2), "ann"));
  const auto shrunk =
      WithPhoto("l-2", "a toaster", Picture(2, "hflip,scale=200:150"), "bob");
  // As long as nobody has decided, a photo says nothing.
  v1::ListingReport report = ReportOn(shrunk);
  EXPECT_EQ(report.verdict().action(), v1::ACTION_ALLOW);
  ASSERT_THAT(report.image_matches(), SizeIs(1));
  EXPECT_EQ(report.image_matches(0).photo().standing(),
            v1::PhotoMatch::STANDING_UNSPECIFIED);
  DecideNext(v1::Decision::OUTCOME_REMOVE);
  report = ReportOn(shrunk);
  EXPECT_EQ(report.verdict().action(), v1::ACTION_REVIEW);
  EXPECT_THAT(report.verdict().reasons(0),
              StartsWith("A photo is one of listing \"l-1\""));
  const v1::PhotoMatch& photo = report.image_matches(0).photo();
  EXPECT_EQ(photo.listing_id(), "l-1");
  EXPECT_EQ(photo.seller(), "ann");
  EXPECT_EQ(photo.standing(), v1::PhotoMatch::STANDING_REMOVED);
  EXPECT_EQ(photo.orientation(), v1::ORIENTATION_MIRRORED);
  EXPECT_LE(photo.distance(), 31);
  // Another picture is another picture, and other tenants' are not looked at.
  EXPECT_EQ(
      ReportOn(WithPhoto("l-3", "a toaster", Picture(9))).verdict().action(),
      v1::ACTION_ALLOW);
  auto elsewhere = shrunk;
  elsewhere.set_listing_id("l-4");
  elsewhere.set_tenant("other");
  EXPECT_EQ(ReportOn(elsewhere).verdict().action(), v1::ACTION_ALLOW);
  // It is known after a start.
  Start();
  EXPECT_EQ(ReportOn(WithPhoto("l-5", "x", Picture(2))).verdict().action(),
            v1::ACTION_REVIEW);
}

TEST_F(ListingMediaTest, AKeptListingsPhotoSaysNothing) {
  ReportOn(WithPhoto("l-1", kBad, Picture(2), "ann"));
  DecideNext(v1::Decision::OUTCOME_KEEP);
  const auto report = ReportOn(WithPhoto("l-2", "x", Picture(2), "bob"));
  EXPECT_EQ(report.verdict().action(), v1::ACTION_ALLOW);
  EXPECT_EQ(report.image_matches(0).photo().standing(),
            v1::PhotoMatch::STANDING_KEPT);
}

TEST_F(ListingMediaTest, ListingsWithTheSamePhotoAreOneCase) {
  const std::string case_id =
      ReportOn(WithPhoto("l-1", kBad, Picture(2), "ann")).case_id();
  EXPECT_EQ(ReportOn(WithPhoto("l-2", kBad, Picture(2), "bob")).case_id(),
            case_id);
  EXPECT_EQ(CaseOf(case_id).reach().accounts(), 2);
}

TEST_F(ListingMediaTest, AListedPictureIsFoundAsOnAnyUpload) {
  const std::string picture = Picture(2);
  ASSERT_TRUE(PublishFootage(channel_, "list", "entry", picture).ok());
  const auto report = ReportOn(WithPhoto("l-1", "x", picture));
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK);
  EXPECT_EQ(report.image_matches(0).clip().entry_id(), "entry");
  const v1::Case opened = CaseOf(report.case_id());
  EXPECT_EQ(opened.grouped_by(), v1::Case::GROUPED_BY_LIST_ENTRY);
  EXPECT_EQ(opened.queue(), v1::CASE_QUEUE_LISTING);
  EXPECT_EQ(opened.report().matches(0).list_id(), "list");
  // Made smaller, whatever a scan makes of it.
  const std::string smaller = Picture(2, "scale=160:120");
  const auto scanned = ScanBytes(channel_, smaller);
  ASSERT_TRUE(scanned.ok()) << scanned.status();
  const auto again = ReportOn(WithPhoto("l-2", "x", smaller));
  int clips = 0;
  for (const auto& match : again.image_matches()) {
    clips += match.has_clip() ? 1 : 0;
  }
  EXPECT_EQ(clips, scanned->matches_size());
}

TEST_F(ListingMediaTest, HashesDoWhereTheCallerHasThem) {
  ReportOn(WithPhoto("l-1", kBad, Picture(2), "ann"));
  DecideNext(v1::Decision::OUTCOME_REMOVE);
  // The hash of the same picture, as an export of a list has it.
  ASSERT_TRUE(PublishFootage(channel_, "list", "entry", Picture(2)).ok());
  const auto exported = Export(channel_, "list");
  ASSERT_TRUE(exported.ok()) << exported.status();
  v1::WithdrawRequest withdraw;
  withdraw.set_list_id("list");
  withdraw.set_all_entries(true);
  withdraw.set_reason("only its hash was wanted");
  const auto lists = v1::HashListService::NewStub(channel_);
  ASSERT_TRUE(
      Call(lists.get(), &v1::HashListService::Stub::Withdraw, withdraw).ok());
  v1::ReviewListingRequest request = Listing("l-2", "x");
  v1::PhotoHash& hash = *request.add_image_hashes();
  hash.set_pdq(exported->at(0).frames(0).pdq());
  hash.set_quality(100);
  const auto report = ReportOn(request);
  EXPECT_EQ(report.verdict().action(), v1::ACTION_REVIEW);
  EXPECT_EQ(report.image_matches(0).image(), 0);
  request.mutable_image_hashes(0)->set_quality(49);
  request.set_listing_id("l-3");
  EXPECT_EQ(ReportOn(request).image_matches_size(), 0);
}

TEST_F(ListingMediaTest, APhotoThatCannotBeReadIsSaidAndTheRestGoesOn) {
  v1::ReviewListingRequest request = WithPhoto("l-1", kBad, Picture(2));
  request.add_images("no picture");
  request.add_images("");
  const auto report = ReportOn(request);
  EXPECT_EQ(report.verdict().action(), v1::ACTION_REVIEW);
  EXPECT_THAT(
      report.unreadable_images(),
      ElementsAre(StartsWith("images[1]: "), StartsWith("images[2]: ")));
}

TEST_F(ListingMediaTest, AReviewerIsShownThePhotos) {
  v1::ReviewListingRequest request = WithPhoto("l-1", kBad, Picture(2));
  request.add_images(Picture(6));
  const auto report = ReportOn(request);
  v1::ListStillsRequest stills;
  stills.set_case_id(report.case_id());
  const auto evidence = v1::EvidenceService::NewStub(channel_);
  const auto listed =
      Call(evidence.get(), &v1::EvidenceService::Stub::ListStills, stills);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_THAT(listed->stills(), SizeIs(2));
  EXPECT_EQ(listed->stills(1).kind(), v1::Still::KIND_PHOTO);
  EXPECT_EQ(FromProto(listed->stills(1).time()), absl::Seconds(1));
  EXPECT_TRUE(listed->stills(1).blurred());
}

TEST_F(ListingMediaTest, AVideoGoesThroughTheWholeScan) {
  ASSERT_TRUE(PublishFootage(channel_, "list", "entry", KnownClip()).ok());
  v1::ReviewListingRequest request = Listing("l-1", "x");
  request.set_seller("ann");
  request.mutable_video()->set_content(DisguisedExcerpt());
  const auto report = ReportOn(request);
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK);
  EXPECT_THAT(report.verdict().reasons(0), StartsWith("The video: "));
  EXPECT_EQ(report.video().content_id(), "l-1#video");
  EXPECT_EQ(CaseOf(report.video().case_id()).account(), "ann");
  // That the listing rests on the entry too is known to withdrawals.
  EXPECT_EQ(CaseOf(report.case_id()).report().matches(0).entry_id(), "entry");
}

TEST_F(ListingMediaTest, AVideoThatIsNoneIsSaidToBe) {
  v1::ReviewListingRequest request = Listing("l-1", "x");
  request.mutable_video()->set_content("no video");
  const auto report = ReportOn(request);
  EXPECT_EQ(report.verdict().action(), v1::ACTION_ALLOW);
  EXPECT_EQ(report.video().verdict().action(), v1::ACTION_UNREADABLE);
  EXPECT_THAT(report.verdict().reasons(0), HasSubstr("could not be read"));
}

TEST_F(ListingMediaTest, TheFindingsOfAnEarlierUploadCount) {
  ASSERT_TRUE(ScanBytes(channel_, UnrelatedVideo(), "clean").ok());
  // What is kept of a short copy finds it where it was looked at closely.
  v1::UploadHeader early;
  early.set_content_id("early");
  early.set_effort(v1::EFFORT_THOROUGH);
  ASSERT_TRUE(
      Scan(channel_, MessagesOf<v1::UploadRequest>(early, DisguisedExcerpt()))
          .ok());
  ASSERT_TRUE(PublishFootage(channel_, "list", "entry", KnownClip()).ok());
  ASSERT_TRUE(ScanBytes(channel_, DisguisedExcerpt(), "late").ok());
  const auto review = [&](const std::string& content_id) {
    v1::ReviewListingRequest request =
        Listing(absl::StrCat("l-", content_id), "x");
    request.mutable_video()->set_content_id(content_id);
    return Review(request);
  };
  const auto clean = review("clean");
  ASSERT_TRUE(clean.ok()) << clean.status();
  EXPECT_EQ(clean->verdict().action(), v1::ACTION_ALLOW);
  // Scanned before the clip was known, and after.
  for (const char* content_id : {"early", "late"}) {
    const auto report = review(content_id);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_GE(report->verdict().action(), v1::ACTION_REVIEW) << content_id;
    EXPECT_EQ(report->video().content_id(), content_id);
  }
  const auto unknown = review("unknown");
  EXPECT_TRUE(absl::IsNotFound(unknown.status())) << unknown.status();
  EXPECT_THAT(std::string(unknown.status().message()),
              StartsWith("video.content_id"));
}

TEST_F(ListingMediaTest, AFileIsNamedOnlyWhereTheServerMayRead) {
  v1::ReviewListingRequest request = Listing("l-1", "x");
  request.mutable_video()->set_uri("file:///etc/passwd");
  const auto report = Review(request);
  EXPECT_FALSE(report.ok());
  EXPECT_THAT(std::string(report.status().message()), StartsWith("video.uri"));
}

TEST_F(ListingMediaTest, AnIdIsOfAnUploadOrOfAListing) {
  ASSERT_TRUE(PublishFootage(channel_, "list", "entry", KnownClip()).ok());
  ASSERT_TRUE(ScanBytes(channel_, DisguisedExcerpt(), "same").ok());
  const auto report = Review(Listing("same", kBad));
  EXPECT_TRUE(absl::IsAlreadyExists(report.status())) << report.status();
  EXPECT_THAT(std::string(report.status().message()),
              StartsWith("listing_id: "));
  // What needs no case is in nobody's way.
  EXPECT_EQ(ReportOn(Listing("same", "x")).case_id(), "");
}

}  // namespace
}  // namespace lenscap
