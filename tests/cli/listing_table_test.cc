#include "services/cli/listing_table.h"

#include <clocale>
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/cli/listing_text.h"

namespace lenscap::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class ListingTableTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(std::setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
  }
};
using ListingTextTest = ListingTableTest;

ReviewedListing Parse(const std::string& text) {
  ReviewedListing listing;
  listing.line = 7;
  EXPECT_TRUE(
      google::protobuf::TextFormat::ParseFromString(text, &listing.result));
  return listing;
}

ReviewedListing Reviewed() {
  ReviewedListing listing = Parse(R"(
    listing_id: "item-1"
    report {
      score: 55
      case_id: "case-9"
      verdict { action: ACTION_REVIEW reasons: "the score is 55" }
      rule_hits {
        rule_id: "zh-pinhole" pack_id: "starter-zh" score: 20
        spans { field: "title" text: "针孔摄像头" }
        spans { field: "title" text: "针孔摄像头" }
      }
      rule_hits {
        rule_id: "zh-place" pack_id: "starter-zh" score: 35
        spans { field: "description" text: "=酒店" }
      }
      rule_hits { rule_id: "new" pack_id: "starter-zh" shadow: true }
      image_matches {
        image: 1
        clip {
          list_id: "hotline" entry_id: "room-7"
          kind: KIND_EXACT_FILE
        }
      }
      image_matches {
        image: 5
        photo { listing_id: "item-0" distance: 4 standing: STANDING_REMOVED }
      }
      unreadable_images: "images[0]: no picture"
    })");
  listing.photos.names = {"a.jpg", "b.jpg"};
  return listing;
}

TEST_F(ListingTableTest, ARecordOfCsvSaysWhatWasFoundAndWhere) {
  EXPECT_EQ(ListingCsvHeader(),
            "listing_id,action,score,rules,matched_text,image_matches,case_id,"
            "error\r\n");
  EXPECT_EQ(
      ListingCsvRecord(Reviewed()),
      "item-1,REVIEW,55.0,starter-zh/zh-pinhole; starter-zh/zh-place; "
      "starter-zh/new (shadow),针孔摄像头; =酒店,\"b.jpg is hotline/room-7, "
      "exact file; image 5 is a photo of listing item-0 at 4, which was "
      "removed\",case-9,images[0]: no picture\r\n");
}

TEST_F(ListingTableTest, AListingThatFailedHasItsErrorInPlaceOfAVerdict) {
  const ReviewedListing failed =
      Parse(R"(listing_id: "=1" error { code: 3 message: "title: \"long\"" })");
  EXPECT_EQ(ListingCsvRecord(failed),
            "'=1,ERROR,,,,,,\"title: \"\"long\"\"\"\r\n");
  EXPECT_EQ(ListingTableRow(failed),
            "ERROR            -  =1                        line 7: title: "
            "\"long\"\n");
}

TEST_F(ListingTableTest, ARowShowsWhatCountedAndNothingInShadow) {
  EXPECT_EQ(ListingTableRow(Reviewed()),
            "REVIEW        55.0  item-1                    zh-pinhole "
            "\"针孔摄像头\", zh-place \"=酒店\", b.jpg is hotline/room-7, "
            "exact file; image 5 is a photo of listing item-0 at 4, which was "
            "removed\n");
  EXPECT_EQ(ListingTableHeader(),
            "VERDICT      SCORE  LISTING                   WHY\n");
  EXPECT_THAT(ListingTableRow(Parse(R"(
    listing_id: "a\x1b[2J"
    report { verdict { action: ACTION_BLOCK reasons: "its video" } })")),
              testing::AllOf(HasSubstr("BLOCK"), HasSubstr("a?[2J"),
                             HasSubstr("its video"), Not(HasSubstr("\x1b"))));
}

TEST_F(ListingTableTest, TheSummaryCountsEveryListingOnce) {
  ListingTotals totals;
  totals.Add(Reviewed());
  totals.Add(Parse("error { code: 3 }"));
  totals.Add(Parse("report { verdict { action: ACTION_ALLOW } }"));
  totals.Add(Parse("report { verdict { action: ACTION_ALLOW } }"));
  totals.Add(Parse("report { verdict { action: ACTION_BLOCK } }"));
  EXPECT_EQ(SummarizeListings(totals, absl::Seconds(2)),
            "5 listings: 1 blocked, 1 to review, 2 allowed, 1 not reviewed; 1 "
            "photo not read. 2.0 s, 2 a second\n");
}

TEST_F(ListingTextTest, ASpanIsUnderlinedByWhatItTakesOnATerminal) {
  EXPECT_EQ(UnderlineSpan("a 针孔 b", 2, 8, 10, "  "),
            "  a 针孔 b\n"
            "    ^^^^\n");
  EXPECT_EQ(UnderlineSpan("0123456789x0123456789", 10, 11, 6, ""),
            "...789x012...\n"
            "      ^\n");
  EXPECT_EQ(UnderlineSpan("针孔针孔x针孔针孔", 12, 13, 6, ""),
            "...孔x针...\n"
            "     ^\n");
  // A span that is not of this text is no reason to fall over.
  EXPECT_EQ(UnderlineSpan("ab", 1, 99, 6, ""), "ab\n ^\n");
  EXPECT_EQ(UnderlineSpan("a\nb", 2, 3, 6, ""), "a?b\n  ^\n");
}

TEST_F(ListingTextTest, AnExplanationShowsHitsGroupsScoreAndVerdict) {
  v1::ReviewListingRequest listing;
  listing.set_title("针孔摄像头");
  (*listing.mutable_attributes())["lens"] = "3.7 mm";
  v1::ListingReport report;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    rule_hits {
      rule_id: "zh-pinhole" pack_id: "starter-zh" title: "Pinhole camera"
      level: "medium" group: "object" score: 20
      spans { field: "title" start: 0 end: 6 key: "针孔" }
    }
    rule_hits {
      rule_id: "tiny" pack_id: "own" title: "Tiny lens" level: "low"
      group: "concealment" score: 5 shadow: true action: ACTION_REVIEW
      spans { field: "attributes" attribute: "lens" start: 0 end: 3 key: "lte 5" }
    }
    groups { group: "object" score: 20 capped: true }
    score: 20
    shadow_score: 25
    verdict {
      action: ACTION_ALLOW policy_version: "default-3" reasons: "below 50"
    })",
                                                            &report));
  EXPECT_EQ(
      ExplainListing(listing, report),
      "zh-pinhole of starter-zh: Pinhole camera\n"
      "  object, +20, medium\n"
      "  title, bytes [0, 6), for \"针孔\"\n"
      "    针孔摄像头\n"
      "    ^^^^\n"
      "\n"
      "tiny of own: Tiny lens\n"
      "  concealment, +5, low, asks for REVIEW, in shadow: counted, never "
      "acted on\n"
      "  attributes.lens, bytes [0, 3), for \"lte 5\"\n"
      "    3.7 mm\n"
      "    ^^^\n"
      "\n"
      "score 20, with the rules in shadow 25\n"
      "  object  20  its cap; it would be more\n"
      "ALLOW by policy default-3\n"
      "  below 50\n");
  EXPECT_THAT(ExplainListing(listing, v1::ListingReport()),
              HasSubstr("no rule fits"));
}

}  // namespace
}  // namespace lenscap::cli
