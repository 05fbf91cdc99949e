// Files that are broken, too big, or made to do harm: refused, with the place
// and what is wrong there.

#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lists/formats/format.h"
#include "tests/lists/formats/conversion.h"

namespace lenscap {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const std::string kHash(64, 'a');
const std::string kMd5(32, 'b');

std::string Refusal(ListFormat format, const std::string& text) {
  LossReport losses;
  const auto entries = ReadAll(format, text, &losses);
  EXPECT_EQ(entries.status().code(), absl::StatusCode::kInvalidArgument)
      << entries.status();
  return std::string(entries.status().message());
}

std::string Repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::string QueryResult(const std::string& videos) {
  return "<queryResult><videos>" + videos + "</videos></queryResult>";
}

std::string Descriptor(const std::string& members) {
  return "{\"data\": [{\"id\": \"1\", " + members + "}]}";
}

TEST(HostileListTest, LinesAreRefusedByNumber) {
  const auto pdq = [](const std::string& line) {
    return Refusal(ListFormat::kPdqText, kHash + ",100\n\n" + line);
  };
  EXPECT_THAT(pdq("zz"), HasSubstr("line 3: "));
  EXPECT_THAT(pdq(kHash.substr(1)), HasSubstr("line 3: "));
  EXPECT_EQ(pdq(kHash + ",101"),
            "line 3: expected a quality from 0 to 100, got \"101\"");
  EXPECT_EQ(pdq(kHash + ",nan"),
            "line 3: expected a quality from 0 to 100, got \"nan\"");
  EXPECT_EQ(pdq(std::string(70'000, 'a')), "line 3: longer than 65536 bytes");
  EXPECT_EQ(Refusal(ListFormat::kMd5Text, kMd5 + "\n" + kHash.substr(0, 33)),
            "line 2: expected the 32 hexadecimal digits of MD5, got \"" +
                kHash.substr(0, 33) + "\"");
  EXPECT_THAT(Refusal(ListFormat::kVpdqText, "0,100," + kHash + ",nan\n"),
              HasSubstr("line 1: "));
  EXPECT_EQ(Refusal(ListFormat::kVpdqText, ""), "line 1: no frames");
}

TEST(HostileListTest, CsvIsRefusedByLine) {
  const auto csv = [](const std::string& rest) {
    return Refusal(ListFormat::kThreatExchangeCsv,
                   "signal_type,signal_str\r\n" + rest);
  };
  EXPECT_EQ(csv("pdq\n"), "line 2: expected 2 fields, got 1");
  EXPECT_EQ(csv("pdq,\"" + kHash), "line 2: the input ends within quotes");
  EXPECT_EQ(csv("pdq,a\"b\n"), "line 2: a quote in the middle of a field");
  EXPECT_EQ(csv("pdq,\"" + Repeated("\n", 5000)),
            "line 1002: a quoted field is too long");
  EXPECT_THAT(csv("pdq," + Repeated(",", 200)), HasSubstr("too many fields"));
  EXPECT_THAT(csv("video_md5,xyz\n"), HasSubstr("line 2: video_md5: "));
  EXPECT_EQ(
      Refusal(ListFormat::kThreatExchangeCsv,
              "signal_type,signal_str,tags\nvideo_md5," + kMd5 + ",\xff\n"),
      "line 2: tags: no UTF-8");
  for (const std::string& vpdq : std::vector<std::string>{
           "{}", "[]", "[1]", "[\"\"]", "[\"" + kHash + ",100,0\\n\"]",
           "[\"" + kHash + ",100,-1\"]", "[\"" + kHash + ",1e2,0\"]",
           "[\"" + kHash + ",100,1\", \"" + kHash + ",100,0\"]"}) {
    SCOPED_TRACE(vpdq);
    EXPECT_THAT(Refusal(ListFormat::kThreatExchangeCsv, "vpdq " + vpdq),
                HasSubstr("line 1: vpdq: "));
  }
  EXPECT_THAT(Refusal(ListFormat::kDigestCsv, "a,b\n"),
              HasSubstr("expected a header"));
  EXPECT_EQ(Refusal(ListFormat::kDigestCsv, "id,md5\nx,\n"),
            "line 2: no digest");
}

// Each byte of it is looked at once; with each line anew it would be 15 GB.
TEST(HostileListTest, ALargeFieldOfManyLinesIsRead) {
  const std::string field = Repeated(std::string(30'000, 'a') + "\n", 999);
  LossReport losses;
  const auto entries = ReadAll(ListFormat::kDigestCsv,
                               "md5,note\n" + kMd5 + ",\"" + field + "\"\n" +
                                   std::string(32, 'c') + ",\"\"\"\n\"\"\"\n",
                               &losses);
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_THAT(*entries, SizeIs(2));
}

TEST(HostileListTest, JsonIsBoundedInDepthAndCount) {
  for (ListFormat format :
       {ListFormat::kThreatExchangeJson, ListFormat::kStopNciiJson}) {
    EXPECT_EQ(Refusal(format, Repeated("[", 1'000'000)),
              "nested deeper than 16 levels");
    EXPECT_EQ(Refusal(format, Repeated("{\"a\":", 1'000'000)),
              "nested deeper than 16 levels");
    EXPECT_EQ(Refusal(format, "[" + Repeated("0,", 2'000'001) + "0]"),
              "more than 2000000 values");
    EXPECT_EQ(Refusal(format, R"({"data": [], "data": []})"),
              R"(a member is there twice: "data")");
    EXPECT_THAT(Refusal(format, R"({"data": [NaN]})"), HasSubstr("no JSON"));
    EXPECT_THAT(Refusal(format, R"({"data": [)"), HasSubstr("no JSON"));
    EXPECT_THAT(Refusal(format, ""), HasSubstr("no JSON"));
    EXPECT_THAT(Refusal(format, "{\"\xff\": 1}"), HasSubstr("no JSON"));
    EXPECT_THAT(Refusal(format, std::string(40 << 20, ' ')),
                HasSubstr("more than 33554432 bytes"));
    EXPECT_THAT(Refusal(format, "[]"), HasSubstr("expected an array"));
  }
}

TEST(HostileListTest, ThreatExchangeIsRefusedByElement) {
  const auto json = [](const std::string& members) {
    return Refusal(ListFormat::kThreatExchangeJson, Descriptor(members));
  };
  EXPECT_EQ(json(R"("type": "HASH_MD5")"), "data[0]: indicator: is missing");
  EXPECT_EQ(json(R"("indicator": 7, "type": "HASH_MD5")"),
            "data[0]: indicator: expected a string, got number");
  EXPECT_EQ(json(R"("indicator": "7", "type": "HASH_MD5")"),
            "data[0]: indicator: expected the 32 hexadecimal digits of MD5, "
            "got \"7\"");
  EXPECT_EQ(json("\"indicator\": \"" + kMd5 +
                 R"(", "type": "HASH_MD5", "expire_time": 999999999999)"),
            "data[0]: expire_time: too far away");
  EXPECT_EQ(json("\"indicator\": \"" + kMd5 +
                 R"(", "type": "HASH_MD5", "status": [])"),
            "data[0]: status: expected a string, got array");
}

TEST(HostileListTest, XmlDeclaresNothingAndResolvesNothing) {
  std::string bomb = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">";
  for (int i = 1; i < 10; ++i) {
    absl::StrAppend(&bomb, "<!ENTITY lol", i, " \"",
                    Repeated(absl::StrCat("&lol", i - 1, ";"), 10), "\">");
  }
  bomb +=
      "]>" + QueryResult("<video><member id=\"1\"/><id>&lol9;</id></video>");
  EXPECT_EQ(Refusal(ListFormat::kNcmecXml, bomb),
            "a document type declaration is not accepted");
  EXPECT_EQ(
      Refusal(ListFormat::kNcmecXml,
              "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">" + QueryResult("")),
      "a document type declaration is not accepted");
  EXPECT_THAT(
      Refusal(ListFormat::kNcmecXml,
              QueryResult("<video><member id=\"1\"/><id>&lol;</id></video>")),
      HasSubstr("entry 1: entry_id: "));
}

TEST(HostileListTest, XmlIsRefusedByEntry) {
  const auto xml = [](const std::string& videos) {
    return Refusal(ListFormat::kNcmecXml, QueryResult(videos));
  };
  const std::string good =
      "<video><member id=\"1\"/><id>a</id><fingerprints><md5>" + kMd5 +
      "</md5></fingerprints></video>";
  EXPECT_EQ(xml(good + "<audio/>"), "entry 2: expected an image or a video");
  EXPECT_THAT(xml(good + "<video><id>b</id></video>"),
              HasSubstr("entry 2: member: expected a number"));
  EXPECT_THAT(xml("<video><member id=\"1\"/><id>a</id><fingerprints><md5>" +
                  kHash + "</md5></fingerprints></video>"),
              HasSubstr("entry 1: fingerprints: md5: expected the 32"));
  EXPECT_THAT(xml("<video><member id=\"1\"/>"), HasSubstr("byte "));
  EXPECT_THAT(xml(Repeated("<video>", 100'000)), HasSubstr("byte "));
  EXPECT_THAT(xml("<video a=\"" + std::string(1 << 20, 'x') + "\"/>"),
              HasSubstr("entry 1: "));
  EXPECT_EQ(xml("\xff"), "the document is no UTF-8");
  EXPECT_THAT(Refusal(ListFormat::kNcmecXml, "<a/>"),
              HasSubstr("expected <queryResult>"));
  EXPECT_THAT(Refusal(ListFormat::kNcmecXml, ""), HasSubstr("byte 0"));
  EXPECT_THAT(Refusal(ListFormat::kNcmecXml, std::string(40 << 20, '<')),
              HasSubstr("more than 33554432 bytes"));
}

TEST(HostileListTest, EveryShortenedDocumentIsRefused) {
  Random random(1);
  const std::vector<EntryChange> entries = {
      Added(MakeClip("list", "a", {RandomHash(random)}))};
  for (ListFormat format : {ListFormat::kThreatExchangeJson,
                            ListFormat::kNcmecXml, ListFormat::kStopNciiJson}) {
    LossReport losses;
    std::string text = WriteAll(format, entries, &losses);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    for (size_t size = 0; size < text.size(); ++size) {
      Refusal(format, text.substr(0, size));
    }
  }
}

TEST(HostileListTest, AnEntryIsThereOnce) {
  LossReport losses;
  EXPECT_THAT(
      ReadAll(ListFormat::kMd5Text, kMd5 + "\n" + kMd5 + "\n", &losses).value(),
      SizeIs(1));
  EXPECT_EQ(Lines(losses),
            std::vector<std::string>{
                "repetition: an entry is there again with the same content "
                "(1)"});
  EXPECT_EQ(Refusal(ListFormat::kMd5Text,
                    kMd5 + "  a\n" + std::string(32, 'c') + "  a\n"),
            "entry a: is there twice, with different contents");
}

TEST(HostileListTest, WhatIsLostTakesBoundedMemory) {
  std::string text = "signal_type,signal_str\n";
  for (int i = 0; i < 5000; ++i) {
    absl::StrAppend(&text, std::string(300, 'x'), i, ",value\n");
    absl::StrAppend(&text, "type", i, ",value\n");
  }
  LossReport losses;
  EXPECT_THAT(ReadAll(ListFormat::kThreatExchangeCsv, text, &losses).value(),
              SizeIs(0));
  EXPECT_EQ(losses.losses().size(), LossReport::kMaxKinds);
  int64_t count = 0;
  for (const LossReport::Loss& loss : losses.losses()) count += loss.count;
  EXPECT_EQ(count, 10'000);
}

TEST(HostileListTest, StixIsNotRead) {
  EXPECT_EQ(Refusal(ListFormat::kStixJson, "{}"),
            "stix-json: can be written, but not read");
}

}  // namespace
}  // namespace lenscap
