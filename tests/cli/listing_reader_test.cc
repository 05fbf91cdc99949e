#include "services/cli/listing_reader.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/cli/listing_price.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::vector<ListingLine> ReadAll(const std::string& path,
                                 const std::string& text) {
  std::vector<ListingLine> lines;
  const auto reader = ReadListings(path, MakeByteReader(text));
  if (!reader.ok()) {
    ADD_FAILURE() << reader.status();
    return lines;
  }
  while (true) {
    auto line = (*reader)->Next();
    if (!line.ok()) {
      ADD_FAILURE() << line.status();
      return lines;
    }
    if (!*line) return lines;
    lines.push_back(**std::move(line));
  }
}

ListingLine ReadOne(const std::string& path, const std::string& text) {
  auto lines = ReadAll(path, text);
  EXPECT_THAT(lines, SizeIs(1));
  return lines.empty() ? ListingLine() : lines[0];
}

std::string HeaderError(const std::string& csv) {
  const auto reader = ReadCsvListings(MakeByteReader(csv));
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(reader.status().message());
}

// What is wrong with a listing of one column beside its id.
std::string CsvError(const std::string& columns, const std::string& values) {
  const ListingLine line =
      ReadOne("a.csv", "listing_id," + columns + "\nid," + values + "\n");
  EXPECT_EQ(line.request.listing_id(), "id");
  EXPECT_EQ(line.status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(line.status.message());
}

TEST(ListingReaderTest, EveryColumnOfCsvIsAFieldOfTheListing) {
  const ListingLine line = ReadOne(
      "crawl.csv",
      "listing_id,kind,title,description,category,price,currency,seller,"
      "locale,tenant,platform_class,group,photo_files,attr.Lens size,attr.x\n"
      "item-1,post,Pen,\"It films,\nunseen\",pens,199.5,CNY,shop,zh-CN,mall,"
      "market,channel,a.jpg; b/c.png;,3.7 mm,\n");
  ASSERT_TRUE(line.status.ok()) << line.status;
  EXPECT_EQ(line.number, 2);
  const v1::ReviewListingRequest& request = line.request;
  EXPECT_EQ(request.listing_id(), "item-1");
  EXPECT_EQ(request.kind(), v1::ReviewListingRequest::KIND_POST);
  EXPECT_EQ(request.title(), "Pen");
  EXPECT_EQ(request.description(), "It films,\nunseen");
  EXPECT_EQ(request.category(), "pens");
  EXPECT_EQ(request.price_minor_units(), 19950);
  EXPECT_EQ(request.currency(), "CNY");
  EXPECT_EQ(request.seller(), "shop");
  EXPECT_EQ(request.locale(), "zh-CN");
  EXPECT_EQ(request.tenant(), "mall");
  EXPECT_EQ(request.platform_class(), "market");
  EXPECT_EQ(request.group(), "channel");
  EXPECT_THAT(request.attributes(),
              UnorderedElementsAre(Pair("Lens size", "3.7 mm")));
  EXPECT_THAT(line.photo_files, ElementsAre("a.jpg", "b/c.png"));
}

TEST(ListingReaderTest, AHeaderThatIsNotUnderstoodIsRefused) {
  EXPECT_THAT(HeaderError(""), HasSubstr("the file is empty"));
  EXPECT_THAT(HeaderError("listing_id,titel\n"),
              AllOf(HasSubstr("line 1: column \"titel\" is none of"),
                    HasSubstr("title"), HasSubstr("attr.NAME")));
  EXPECT_THAT(HeaderError("listing_id,title,Title \n"),
              HasSubstr("\"title\" is there twice"));
  EXPECT_THAT(HeaderError("listing_id,attr.a,attr.a\n"),
              HasSubstr("\"attr.a\" is there twice"));
  EXPECT_THAT(HeaderError("title\n"), HasSubstr("no column listing_id"));
  EXPECT_THAT(HeaderError("listing_id,price,price_minor_units\n"),
              HasSubstr("there may be one"));
  EXPECT_THAT(HeaderError("listing_id,\xff\n"), HasSubstr("no UTF-8"));
  EXPECT_THAT(HeaderError("\"listing_id\n"), HasSubstr("not closed"));
}

TEST(ListingReaderTest, AFaultyRecordNamesItsFieldAndKeepsItsId) {
  EXPECT_THAT(CsvError("kind", "auction"),
              HasSubstr("kind: \"auction\" is none of listing, post"));
  EXPECT_THAT(CsvError("title", "\xc0\xc1"),
              HasSubstr("title: it is no UTF-8"));
  EXPECT_THAT(CsvError("price_minor_units", "1.5"),
              HasSubstr("price_minor_units: expected a whole number"));
  EXPECT_THAT(CsvError("price", "5"), HasSubstr("price: needs a currency"));
  EXPECT_THAT(CsvError("price,currency", "\"1,000\",CNY"),
              HasSubstr("price: expected a number such as 199.50"));
  const auto lines =
      ReadAll("a.csv", "listing_id,title\na,1,2\nb,\"x\"y\nc,fine\n");
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(std::string(lines[0].status.message()),
              HasSubstr("it has 3 fields where the header has 2"));
  EXPECT_EQ(lines[1].number, 3);
  EXPECT_THAT(std::string(lines[1].status.message()), HasSubstr("quote"));
  EXPECT_TRUE(lines[2].status.ok());
}

TEST(ListingReaderTest, PricesAreInTheSmallestUnitOfTheirCurrency) {
  const auto minor = [](const char* price, const char* currency) {
    return PriceInMinorUnits(price, currency).value_or(-1);
  };
  EXPECT_EQ(minor("199", "CNY"), 19900);
  EXPECT_EQ(minor("199.5", "USD"), 19950);
  EXPECT_EQ(minor("0.05", "EUR"), 5);
  EXPECT_EQ(minor("1980", "JPY"), 1980);
  EXPECT_EQ(minor("1.25", "KWD"), 1250);
  EXPECT_EQ(minor("92233720368547758.07", "CNY"), INT64_MAX);
  for (const auto& [price, currency] :
       std::vector<std::pair<const char*, const char*>>{
           {"92233720368547758.08", "CNY"},
           {"19.8", "JPY"},
           {"1.234", "CNY"},
           {"-1", "CNY"},
           {"+1", "CNY"},
           {"1.", "CNY"},
           {".5", "CNY"},
           {"1e3", "CNY"},
           {"", "CNY"},
           {"1", ""},
           {"1", "cny"},
           {"1", "YUAN"},
           {"1.2.3", "CNY"}}) {
    EXPECT_EQ(PriceInMinorUnits(price, currency).status().code(),
              absl::StatusCode::kInvalidArgument)
        << price << currency;
  }
}

TEST(ListingReaderTest, ALineOfJsonIsARequest) {
  const ListingLine line = ReadOne(
      "crawl.ndjson",
      "\xef\xbb\xbf"
      R"({"listing_id":"a","kind":"KIND_POST","title":"\u9488","priceMinorUnits":"5","attributes":{"lens":"1"},"images":["YWJj"]})");
  ASSERT_TRUE(line.status.ok()) << line.status;
  EXPECT_EQ(line.number, 1);
  EXPECT_EQ(line.request.listing_id(), "a");
  EXPECT_EQ(line.request.kind(), v1::ReviewListingRequest::KIND_POST);
  EXPECT_EQ(line.request.title(), "\xe9\x92\x88");
  EXPECT_EQ(line.request.price_minor_units(), 5);
  EXPECT_THAT(line.request.images(), ElementsAre("abc"));
  EXPECT_THAT(line.photo_files, IsEmpty());
}

TEST(ListingReaderTest, PhotoFilesStandBesideTheFieldsOfTheRequest) {
  const ListingLine line = ReadOne(
      "-",
      R"({"photo_files":["a.jpg","b.png"],"listing_id":"a","price_minor_units":9007199254740993,"title":"\"photo_files\""})"
      "\r\n");
  ASSERT_TRUE(line.status.ok()) << line.status;
  EXPECT_THAT(line.photo_files, ElementsAre("a.jpg", "b.png"));
  EXPECT_EQ(line.request.title(), "\"photo_files\"");
  EXPECT_EQ(line.request.price_minor_units(), 9007199254740993);
}

TEST(ListingReaderTest, ALineThatIsNoListingCostsItselfAlone) {
  const std::string deep(100'000, '[');
  const auto lines = ReadAll(
      "a.jsonl", "{\"listing_id\":\"a\"}\n\n  \nnonsense\n{\"titel\":\"x\"}\n" +
                     ("{\"photo_files\":" + deep + "\n") +
                     "{\"photo_files\":\"a.jpg\"}\n{\"photo_files\":[1]}\n" +
                     "{\"title\":\"\xff\"}\n{\"listing_id\":\"b\"}\n");
  std::vector<std::string> told;
  for (const ListingLine& line : lines) {
    told.push_back(std::to_string(line.number) + " " +
                   (line.status.ok() ? line.request.listing_id()
                                     : std::string(line.status.message())));
  }
  EXPECT_THAT(told, ElementsAre("1 a", HasSubstr("4 "), HasSubstr("titel"),
                                HasSubstr("6 it nests deeper than 16"),
                                HasSubstr("7 photo_files: expected an array"),
                                HasSubstr("8 photo_files[0]: expected a name"),
                                HasSubstr("9 it is no UTF-8"), "10 b"));
}

TEST(ListingReaderTest, ALineThatIsTooLongIsSkipped) {
  const auto lines =
      ReadAll("a.json", "{\"listing_id\":\"" +
                            std::string(ListingReader::kMaxRecordBytes, 'x') +
                            "\"}\n{\"listing_id\":\"b\"}");
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(std::string(lines[0].status.message()),
              HasSubstr("longer than 8388608 bytes"));
  EXPECT_EQ(lines[1].number, 2);
  EXPECT_EQ(lines[1].request.listing_id(), "b");
}

TEST(ListingReaderTest, WithoutATellingNameTheContentTells) {
  EXPECT_EQ(ReadOne("-", "\n {\"listing_id\":\"a\"}").request.listing_id(),
            "a");
  EXPECT_EQ(
      ReadOne("-", "\xef\xbb\xbf{\"listing_id\":\"a\"}").request.listing_id(),
      "a");
  EXPECT_EQ(ReadOne("crawl", "listing_id\na\n").request.listing_id(), "a");
  EXPECT_EQ(ReadOne("{.CSV", "listing_id\na\n").request.listing_id(), "a");
}

}  // namespace
}  // namespace lenscap::cli
