#include "index/hash_text.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kHex[] =
    "f8f8f0cce0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6339c4e9c9b22";

Hash256 Hash() { return *HashFromHex(kHex); }
std::string Line(absl::string_view rest) { return absl::StrCat(kHex, rest); }
std::string VpdqLine(absl::string_view number, absl::string_view quality,
                     absl::string_view seconds) {
  return absl::StrCat(number, ",", quality, ",", kHex, ",", seconds, "\n");
}

struct BadText {
  std::string text;
  std::string message;
};

TEST(PdqTextTest, EachLineIsAnImageASecondAfterTheOneBefore) {
  const auto frames =
      ParsePdqText(Line("\n") + Line(",7\r\n") + "\n\r\n" + Line(",100"));
  ASSERT_TRUE(frames.ok()) << frames.status();
  EXPECT_THAT(*frames,
              ElementsAre(ReferenceFrame{Hash(), 100, absl::Seconds(0)},
                          ReferenceFrame{Hash(), 7, absl::Seconds(1)},
                          ReferenceFrame{Hash(), 100, absl::Seconds(2)}));
}

TEST(PdqTextTest, TextWithoutLinesHasNoImages) {
  for (const char* text : {"", "\n", "\r\n\r\n"}) {
    EXPECT_THAT(*ParsePdqText(text), IsEmpty());
  }
}

TEST(PdqTextTest, TheFirstBadLineIsNamed) {
  const std::vector<BadText> table = {
      {"12ab", "line 1: a PDQ hash has 64 hexadecimal digits, this has 4"},
      {Line("\n\n") + "x\n",
       "line 3: a PDQ hash has 64 hexadecimal digits, this has 1"},
      {Line(",101"), "line 1: expected a quality from 0 to 100, got \"101\""},
      {Line(",-1"), "line 1: expected a quality from 0 to 100, got \"-1\""},
      {Line(", 5"), "line 1: expected a quality from 0 to 100, got \" 5\""},
      {Line(","), "line 1: expected a quality from 0 to 100, got \"\""},
      {Line(",99999999999999999999"),
       "line 1: expected a quality from 0 to 100, got "
       "\"99999999999999999999\""},
      {Line(",5,"),
       "line 1: expected a hash and perhaps a quality, got 3 fields"},
      {absl::StrCat(Line("\n"), std::string(64, 'g')),
       "line 2: a PDQ hash has hexadecimal digits only, not \"g\" at position "
       "1"},
  };
  for (const BadText& bad : table) {
    const auto frames = ParsePdqText(bad.text);
    EXPECT_TRUE(absl::IsInvalidArgument(frames.status())) << bad.text;
    EXPECT_EQ(frames.status().message(), bad.message);
  }
}

TEST(VpdqTextTest, EachLineIsAFrame) {
  const auto frames = ParseVpdqText(VpdqLine("0", "100", "0.000") +
                                    VpdqLine("7", "0", "0.233") + "\r\n" +
                                    VpdqLine("9", "49", "12"));
  ASSERT_TRUE(frames.ok()) << frames.status();
  EXPECT_THAT(*frames,
              ElementsAre(ReferenceFrame{Hash(), 100, absl::ZeroDuration()},
                          ReferenceFrame{Hash(), 0, absl::Milliseconds(233)},
                          ReferenceFrame{Hash(), 49, absl::Seconds(12)}));
}

TEST(VpdqTextTest, TheFirstBadLineIsNamed) {
  const std::string good = VpdqLine("0", "100", "1.5");
  const std::vector<BadText> table = {
      {Line("\n"),
       "line 1: expected frame number, quality, hash and seconds with commas "
       "in between, got 1 fields"},
      {good + VpdqLine("x", "1", "2"),
       "line 2: expected a frame number, got \"x\""},
      {good + VpdqLine("", "1", "2"),
       "line 2: expected a frame number, got \"\""},
      {good + VpdqLine("1", "1000", "2"),
       "line 2: expected a quality from 0 to 100, got \"1000\""},
      {good + "\n" + VpdqLine("1", "1", "1.499"),
       "line 3: its time 1.499 is before that of the frame before"},
      {"0,1,abc,0\n",
       "line 1: a PDQ hash has 64 hexadecimal digits, this has 3"},
  };
  for (const BadText& bad : table) {
    const auto frames = ParseVpdqText(bad.text);
    EXPECT_TRUE(absl::IsInvalidArgument(frames.status())) << bad.text;
    EXPECT_EQ(frames.status().message(), bad.message);
  }
}

TEST(VpdqTextTest, SecondsArePlainDecimalsWithinBounds) {
  for (const char* seconds :
       {"", "-1", "1e3", "nan", "inf", "1.2.3", ".", "1s", "1000000.001", " 1",
        "99999999999999999999999999999", "0x1"}) {
    const auto frames = ParseVpdqText(VpdqLine("0", "1", seconds));
    EXPECT_EQ(frames.status().message(),
              absl::StrCat("line 1: expected seconds from 0 to 1000000, got \"",
                           seconds, "\""));
  }
  EXPECT_TRUE(ParseVpdqText(VpdqLine("0", "1", "1000000")).ok());
}

TEST(VpdqTextTest, MessagesStayShortAndPrintable) {
  const auto frames =
      ParseVpdqText(VpdqLine("0", "1", std::string(1000, '\x01')));
  EXPECT_LT(frames.status().message().size(), 300);
  EXPECT_THAT(std::string(frames.status().message()),
              testing::HasSubstr("\\x01"));
}

TEST(VpdqTextTest, WhatWasFormattedIsParsedBackAsItWas) {
  Random random(1);
  std::vector<ReferenceFrame> frames;
  int64_t nanos = 0;
  for (int i = 0; i < 500; ++i) {
    frames.push_back(
        {RandomHash(random), Below(101, random), absl::Nanoseconds(nanos)});
    nanos += i % 3 == 0 ? Below(1'000'000'000, random)
                        : 1'000'000 * Below(2000, random);
  }
  const std::string text = FormatVpdqText(frames);
  const auto parsed = ParseVpdqText(text);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, frames);
}

TEST(VpdqTextTest, TimesArePrintedInMillisecondsOrFiner) {
  const std::vector<ReferenceFrame> frames = {
      {Hash(), 100, absl::ZeroDuration()},
      {Hash(), 3, absl::Milliseconds(1050)},
      {Hash(), 0, absl::Nanoseconds(61'000'000'001)}};
  EXPECT_EQ(FormatVpdqText(frames), VpdqLine("0", "100", "0.000") +
                                        VpdqLine("1", "3", "1.050") +
                                        VpdqLine("2", "0", "61.000000001"));
}

TEST(VpdqTextTest, TimesFinerThanWhatIsPrintedAreCutOff) {
  const auto frames = ParseVpdqText(VpdqLine("0", "1", "10.0009999999999"));
  ASSERT_TRUE(frames.ok()) << frames.status();
  EXPECT_EQ(frames->at(0).time, absl::Nanoseconds(10'000'999'999));
  EXPECT_EQ(frames->at(0).until, frames->at(0).time);
  const auto again = ParseVpdqText(FormatVpdqText(*frames));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, *frames);
}

TEST(VpdqTextTest, AFrameThatStaysIsALineAtEachEnd) {
  EXPECT_EQ(
      FormatVpdqText({{Hash(), 100, absl::ZeroDuration(), absl::Seconds(1)},
                      {Hash(), 90, absl::Seconds(2), absl::Seconds(3.25)},
                      {Hash(), 80, absl::Seconds(4)}}),
      VpdqLine("0", "100", "0.000") + VpdqLine("1", "90", "2.000") +
          VpdqLine("2", "90", "3.250") + VpdqLine("3", "80", "4.000"));
}

TEST(HashTextTest, AMillionFramesAndNoMore) {
  std::string text;
  for (int i = 0; i < kMaxClipFrames; ++i) absl::StrAppend(&text, kHex, "\n");
  const auto frames = ParsePdqText(text);
  ASSERT_TRUE(frames.ok()) << frames.status();
  EXPECT_EQ(frames->size(), kMaxClipFrames);
  EXPECT_EQ(ParsePdqText(text + kHex).status().message(),
            "line 1000001: there are more than 1000000 frames");
}

}  // namespace
}  // namespace lenscap
