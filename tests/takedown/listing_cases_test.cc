// Listings in cases: which case they are in, and what of them is kept.

#include "gmock/gmock.h"
#include "takedown/campaign.h"
#include "takedown/decided.h"
#include "tests/takedown/queue_fixture.h"

namespace lenscap {
namespace {

using testing::ElementsAre;

class ListingCasesTest : public QueueFixture {
 protected:
  static v1::Case Listing(const std::string& id,
                          const std::string& seller = "acc") {
    v1::Case listing;
    listing.set_content_id(id);
    listing.set_account(seller);
    listing.set_kind(v1::Case::KIND_LISTING);
    listing.set_priority(100);
    listing.mutable_report()->mutable_verdict()->set_action(v1::ACTION_REVIEW);
    listing.mutable_listing()->set_listing_id(id);
    listing.mutable_listing()->mutable_item()->set_title("title of " + id);
    return listing;
  }
  // With a photo of the entry of the list "list".
  static v1::Case WithListedPhoto(const std::string& id,
                                  const std::string& seller,
                                  v1::ClipMatch::Kind kind) {
    v1::Case listing = Listing(id, seller);
    v1::ClipMatch& match = *listing.mutable_report()->add_matches();
    match.set_list_id("list");
    match.set_entry_id("entry");
    match.set_kind(kind);
    return listing;
  }
  static v1::Case Naming(v1::Case listing, const std::string& case_id) {
    listing.set_case_id(case_id);
    return listing;
  }
};

TEST_F(ListingCasesTest, ListingsOfASellerAreOneCaseInTheirOwnQueue) {
  const std::string id = Submit(Listing("l1"));
  EXPECT_EQ(Submit(Listing("l2")), id);
  EXPECT_NE(Submit(Listing("l3", "another")), id);
  const v1::Case opened = Get(id);
  EXPECT_EQ(opened.queue(), v1::CASE_QUEUE_LISTING);
  EXPECT_EQ(opened.kind(), v1::Case::KIND_LISTING);
  EXPECT_EQ(opened.grouped_by(), v1::Case::GROUPED_BY_ACCOUNT);
  EXPECT_EQ(opened.listing().item().title(), "title of l1");
  EXPECT_EQ(opened.listing().case_id(), id);
  EXPECT_EQ(Upload("l2").kind(), v1::Case::KIND_LISTING);
  EXPECT_EQ(Upload("l2").listing().item().title(), "title of l2");
  EXPECT_EQ(Upload("l2").listing().case_id(), id);
}

TEST_F(ListingCasesTest, TheSellerCountsMoreThanTheChannel) {
  v1::Case one = Listing("l1", "ann");
  one.set_group("market");
  v1::Case other = Listing("l2", "bob");
  other.set_group("market");
  EXPECT_NE(Submit(one), Submit(other));
  v1::Case nobodys = Listing("l3", "");
  nobodys.set_group("market");
  v1::Case nobodys_too = Listing("l4", "");
  nobodys_too.set_group("market");
  EXPECT_EQ(Submit(nobodys), Submit(nobodys_too));
  EXPECT_NE(Submit(Listing("l5", "")), Submit(Listing("l6", "")));
}

TEST_F(ListingCasesTest, AListingJoinsTheCaseThatItNames) {
  const std::string footage = Submit(Suspected("a", "ann"));
  EXPECT_EQ(Submit(Naming(Listing("l1", "bob"), footage)), footage);
  EXPECT_THAT(ContentIds(footage), ElementsAre("a", "l1"));
  const v1::Case opened = Get(footage);
  EXPECT_EQ(opened.kind(), v1::Case::KIND_UPLOAD);
  EXPECT_EQ(opened.queue(), v1::CASE_QUEUE_SUSPECTED);
  EXPECT_EQ(opened.reach().accounts(), 2);
  EXPECT_EQ(Upload("a").kind(), v1::Case::KIND_UPLOAD);
  EXPECT_EQ(Upload("l1").kind(), v1::Case::KIND_LISTING);
  // It is known by now, whatever it names.
  const std::string other = Submit(Listing("l2", "carl"));
  EXPECT_EQ(Submit(Naming(Listing("l1", "bob"), other)), footage);
}

TEST_F(ListingCasesTest, ACaseThatTakesNoMoreIsNotJoined) {
  const std::string decided = Submit(Suspected("a"));
  Decide(Claim("ann"), kRemove);
  const std::string own = Submit(Naming(Listing("l1", "s1"), decided));
  EXPECT_NE(own, decided);
  EXPECT_EQ(Get(decided).state(), v1::Case::STATE_DECIDED);
  // Of another tenant, of none, and full.
  v1::Case elsewhere = Naming(Listing("l2", "s2"), own);
  elsewhere.set_tenant("other");
  EXPECT_NE(Submit(elsewhere), own);
  EXPECT_NE(Submit(Naming(Listing("l3", "s3"), "case-none")), own);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(Submit(Naming(Listing(absl::StrCat("m", i), "s4"), own)), own);
  }
  EXPECT_NE(Submit(Naming(Listing("m4", "s5"), own)), own);
}

TEST_F(ListingCasesTest, ADecidedCaseOfAListEntryIsNotOpenedByBeingNamed) {
  const std::string known = Submit(Known("a", "entry"));
  Decide(Claim("ann"), kRemove);
  EXPECT_NE(Submit(Naming(Listing("l1"), known)), known);
  EXPECT_EQ(Get(known).state(), v1::Case::STATE_DECIDED);
}

TEST_F(ListingCasesTest, AListedPhotoComesBeforeTheCaseThatIsNamed) {
  const auto frames = v1::ClipMatch::KIND_FRAMES;
  const std::string listed = Submit(WithListedPhoto("l1", "ann", frames));
  const std::string other = Submit(Listing("l2", "bob"));
  EXPECT_EQ(Submit(Naming(WithListedPhoto("l3", "bob", frames), other)),
            listed);
  EXPECT_EQ(Get(listed).grouped_by(), v1::Case::GROUPED_BY_LIST_ENTRY);
  EXPECT_EQ(Get(listed).queue(), v1::CASE_QUEUE_LISTING);
}

TEST_F(ListingCasesTest, OnlyTheListedFileItselfIsRemovedUnseen) {
  const auto file = v1::ClipMatch::KIND_EXACT_FILE;
  Submit(WithListedPhoto("l1", "ann", file));
  Decide(Claim("ann"), kRemove);
  Submit(WithListedPhoto("l2", "bob", file));
  EXPECT_TRUE(Upload("l2").inherited());
  // Blocked for whatever its text says: its photo only looks like the listed.
  v1::Case blocked = WithListedPhoto("l3", "carl", v1::ClipMatch::KIND_FRAMES);
  blocked.mutable_report()->mutable_verdict()->set_action(v1::ACTION_BLOCK);
  Submit(blocked);
  EXPECT_FALSE(Upload("l3").inherited());
}

TEST_F(ListingCasesTest, ThatOneOfferWasKeptSaysNothingOfTheNext) {
  const auto file = v1::ClipMatch::KIND_EXACT_FILE;
  Submit(WithListedPhoto("l1", "ann", file));
  Decide(Claim("ann"), kKeep);
  Submit(WithListedPhoto("l2", "bob", file));
  EXPECT_FALSE(Upload("l2").inherited());
}

TEST_F(ListingCasesTest, AnAppealedListingStaysOne) {
  const std::string footage = Submit(Suspected("a", "ann"));
  Submit(Naming(Listing("l1", "ann"), footage));
  Decide(Claim("ann"), kRemove);
  const auto appealed = queue_->Reopen(
      Reopening{.content_id = "l1", .statement = "it is a toaster"});
  ASSERT_TRUE(appealed.ok()) << appealed.status();
  EXPECT_NE(appealed->case_id(), footage);
  EXPECT_EQ(appealed->kind(), v1::Case::KIND_LISTING);
  EXPECT_EQ(appealed->listing().item().title(), "title of l1");
  EXPECT_EQ(Upload("l1").listing().case_id(), appealed->case_id());
}

TEST_F(ListingCasesTest, ReportsCountEachUploadAsWhatItIs) {
  const std::string footage = Submit(Suspected("a", "ann"));
  Submit(Naming(Listing("l1", "ann"), footage));
  Decide(Claim("ann"), kRemove);
  CampaignCounter counter(
      {}, {}, [](absl::string_view) { return std::vector<std::string>(); });
  ASSERT_TRUE(queue_
                  ->ForEachUpload([&](const v1::Case& opened,
                                      const v1::CaseUpload& upload) {
                    counter.Add(AsCase(opened, upload));
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(counter.Finish().items_removed(), 2);
  EXPECT_EQ(counter.Finish().listings_removed(), 1);
}

TEST_F(ListingCasesTest, ListingsOutliveAStart) {
  const std::string id = Submit(Listing("l1"));
  OpenQueue();
  EXPECT_EQ(Get(id).listing().item().title(), "title of l1");
  EXPECT_EQ(Submit(Listing("l1")), id);
  EXPECT_EQ(Submit(Listing("l2")), id);
}

}  // namespace
}  // namespace lenscap
