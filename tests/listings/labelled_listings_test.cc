#include "tests/listings/labelled_listings.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

constexpr char kLine[] =
    R"({"id": "a", "label": "positive", "category": "tool-sales", )"
    R"("evasion": "none", "listing": {"listing_id": "a", "kind": "KIND_POST", )"
    R"("title": "T", "attributes": {"lens size": "2 mm"}, "locale": "en"}})";

std::string Refusal(const std::string& ndjson) {
  return std::string(ParseLabelledListings(ndjson).status().message());
}

TEST(LabelledListingsTest, ALineIsAListingAndWhatIsToBeSaidOfIt) {
  const auto read = ParseLabelledListings(absl::StrCat(kLine, "\n"));
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 1);
  const LabelledListing& listing = (*read)[0];
  EXPECT_EQ(listing.id, "a");
  EXPECT_TRUE(listing.positive);
  EXPECT_EQ(listing.category, "tool-sales");
  EXPECT_EQ(listing.evasion, "none");
  EXPECT_EQ(listing.text.kind, ListingKind::kPost);
  EXPECT_EQ(listing.text.title, "T");
  EXPECT_EQ(listing.text.attributes.at("lens size"), "2 mm");
  EXPECT_EQ(listing.text.locale, "en");
}

TEST(LabelledListingsTest, AFaultNamesItsLine) {
  const std::string line = kLine;
  EXPECT_EQ(Refusal("{}\n"), "line 1: \"id\" is no text");
  EXPECT_EQ(Refusal(line + "\n["), "line 2: is no JSON object");
  EXPECT_EQ(Refusal(line + "\n" + line), "line 2: id \"a\" is there already");
}

TEST(LabelledListingsTest, AWordThatIsNoLabelIsAFault) {
  std::string line = kLine;
  line.replace(line.find("positive"), 8, "maybe");
  EXPECT_EQ(Refusal(line), "line 1: label is \"maybe\"");
}

TEST(LabelledListingsTest, AnEvasionThatNobodyKnowsIsAFault) {
  std::string line = kLine;
  line.replace(line.find("none"), 4, "rot13");
  EXPECT_EQ(Refusal(line), "line 1: evasion is \"rot13\"");
}

TEST(LabelledListingsTest, AListingWithAnUnknownFieldIsAFault) {
  std::string line = kLine;
  line.replace(line.find("title"), 5, "tilte");
  EXPECT_THAT(Refusal(line), HasSubstr("tilte"));
}

TEST(LabelledListingsTest, AFileIsAPartByItsNameAndOneThatIsNotThereIsNamed) {
  const auto part = ReadLabelledFile("tests/data/listings/written_on.ndjson");
  ASSERT_TRUE(part.ok()) << part.status();
  EXPECT_EQ(part->name, "written_on");
  EXPECT_FALSE(part->listings.empty());
  EXPECT_EQ(ReadLabelledFile("none.ndjson").status().message(),
            "none.ndjson is not there");
}

}  // namespace
}  // namespace lenscap
