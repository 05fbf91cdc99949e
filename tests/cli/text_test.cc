#include "services/cli/text.h"

#include <clocale>

#include "gtest/gtest.h"
#include "proto/lenscap/v1/common.pb.h"
#include "proto/lenscap/v1/match.pb.h"

namespace lenscap::cli {
namespace {

v1::Span MakeSpan(double start, double end) {
  v1::Span span;
  const auto set = [](google::protobuf::Duration* duration, double seconds) {
    duration->set_seconds(static_cast<int64_t>(seconds));
    duration->set_nanos(static_cast<int32_t>(
        (seconds - static_cast<double>(duration->seconds())) * 1e9));
  };
  set(span.mutable_start(), start);
  set(span.mutable_end(), end);
  return span;
}

TEST(TextTest, PrintableTextStaysAsItIs) {
  EXPECT_EQ(Printable("a b\xc3\xa9\xe6\xb0\xb4\xf0\x9f\x8e\xa5.mp4"),
            "a b\xc3\xa9\xe6\xb0\xb4\xf0\x9f\x8e\xa5.mp4");
}

TEST(TextTest, WhatWouldSteerATerminalIsReplaced) {
  EXPECT_EQ(Printable("a\x1b[2Jb\n\r\x7f"), "a?[2Jb???");
  EXPECT_EQ(Printable(absl::string_view("\0x", 2)), "?x");
  // C1 controls, and marks that reorder text, as UTF-8.
  EXPECT_EQ(Printable("\xc2\x9b"
                      "31m"),
            "?31m");
  EXPECT_EQ(Printable("a\xe2\x80\xae"
                      "gpj.exe"),
            "a?gpj.exe");
  EXPECT_EQ(Printable("\xe2\x81\xa6x"), "?x");
}

TEST(TextTest, WhatIsNoUtf8IsReplacedByteByByte) {
  EXPECT_EQ(Printable("\xff\xfe"), "??");
  EXPECT_EQ(Printable("\xc3"), "?");                 // Cut short.
  EXPECT_EQ(Printable("\xc3(x"), "?(x");             // Wrong second byte.
  EXPECT_EQ(Printable("\xc0\xaf"), "??");            // Overlong.
  EXPECT_EQ(Printable("\xe0\x80\xaf"), "???");       // Overlong.
  EXPECT_EQ(Printable("\xed\xa0\x80"), "???");       // A surrogate.
  EXPECT_EQ(Printable("\xf4\x90\x80\x80"), "????");  // Beyond U+10FFFF.
}

TEST(TextTest, WideCharactersTakeTwoColumns) {
  ASSERT_NE(std::setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("\xe6\xb0\xb4x"), 3);
  EXPECT_EQ(DisplayWidth("e\xcc\x81"), 1);  // A combining accent takes none.
}

TEST(TextTest, ALongNameKeepsItsTail) {
  ASSERT_NE(std::setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
  EXPECT_EQ(FitTail("directory/name.mp4", 11), "...name.mp4");
  EXPECT_EQ(FitTail("name.mp4", 8), "name.mp4");
  EXPECT_EQ(FitTail("\xe6\xb0\xb4\xe6\xb0\xb4.mp4", 7), "....mp4");
  EXPECT_EQ(FitTail("name.mp4", 2), "..");
  EXPECT_EQ(FitTail("name.mp4", 0), "");
}

TEST(TextTest, TimesReadAsAPlayerShowsThem) {
  EXPECT_EQ(FormatTime(absl::ZeroDuration()), "0:00.0");
  EXPECT_EQ(FormatTime(absl::Milliseconds(9'960)), "0:10.0");
  EXPECT_EQ(FormatTime(absl::Milliseconds(59'960)), "1:00.0");
  EXPECT_EQ(FormatTime(absl::Milliseconds(3'723'400)), "1:02:03.4");
  EXPECT_EQ(FormatTime(absl::Milliseconds(59'600), false), "1:00");
  EXPECT_EQ(FormatTime(absl::Hours(100), false), "100:00:00");
  EXPECT_EQ(FormatSpan(MakeSpan(10, 20.25)), "0:10.0-0:20.3");
}

TEST(TextTest, BytesGrowIntoTheirUnits) {
  EXPECT_EQ(FormatBytes(0), "0 B");
  EXPECT_EQ(FormatBytes(999), "999 B");
  EXPECT_EQ(FormatBytes(1'000), "1.0 kB");
  EXPECT_EQ(FormatBytes(999'960), "1.0 MB");
  EXPECT_EQ(FormatBytes(12'340'000), "12.3 MB");
  EXPECT_EQ(FormatBytes(5e15), "5000.0 TB");
}

TEST(TextTest, AnAbsentTimeIsADash) {
  EXPECT_EQ(FormatClock({}), "-");
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(1'750'000'000);
  EXPECT_EQ(FormatClock(timestamp).size(),
            std::string("2025-06-15 15:06:40").size());
}

TEST(TextTest, ColumnsAreAsWideAsTheirWidestCell) {
  ASSERT_NE(std::setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
  EXPECT_EQ(FormatTable({{"A", "B", ""}, {"long", "x", "note"}, {"", "y"}}),
            "A     B\n"
            "long  x  note\n"
            "      y\n");
  EXPECT_EQ(FormatTable({{"\xe6\xb0\xb4", "x"}, {"ab", "y"}}),
            "\xe6\xb0\xb4  x\nab  y\n");
  EXPECT_EQ(FormatTable({}), "");
}

TEST(TextTest, JsonKeepsFieldNamesAndPrintsZeroes) {
  v1::ClipMatch match;
  match.set_list_id("demo");
  match.set_clip_id(uint64_t{1} << 60);
  match.set_kind(v1::ClipMatch::KIND_FRAMES);
  const auto json = ToJsonLine(match);
  ASSERT_TRUE(json.ok());
  EXPECT_NE(json->find("\"list_id\":\"demo\""), std::string::npos) << *json;
  EXPECT_NE(json->find("\"clip_id\":\"1152921504606846976\""),
            std::string::npos);
  EXPECT_NE(json->find("\"kind\":\"KIND_FRAMES\""), std::string::npos);
  EXPECT_NE(json->find("\"frames_matched\":0"), std::string::npos);
  EXPECT_EQ(json->find('\n'), json->size() - 1);
}

TEST(TextTest, AMessageThatHasNoJsonIsAnError) {
  google::protobuf::Timestamp never;
  never.set_seconds(int64_t{1} << 62);
  EXPECT_EQ(ToJsonLine(never).status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace lenscap::cli
