#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/cli/csv_reader.h"
#include "services/cli/csv_text.h"

namespace lenscap::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using Fields = std::vector<std::string>;
// A record's line, and its fields, or what is wrong as the only one.
using Record = std::pair<int64_t, Fields>;

// Gives a few bytes at a time, as pipes do.
class PiecesReader final : public ByteReader {
 public:
  PiecesReader(std::string bytes, size_t piece)
      : bytes_(std::move(bytes)), piece_(piece) {}
  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    const size_t count =
        bytes_.copy(buffer.data(), std::min(buffer.size(), piece_), at_);
    at_ += count;
    return count;
  }

 private:
  const std::string bytes_;
  const size_t piece_;
  size_t at_ = 0;
};

std::vector<Record> Read(const std::string& text, size_t max_bytes = 1 << 20,
                         size_t piece = 1 << 20) {
  CsvReader reader(std::make_unique<PiecesReader>(text, piece), max_bytes);
  std::vector<Record> records;
  while (true) {
    const auto record = reader.Next();
    if (!record.ok()) {
      ADD_FAILURE() << record.status();
      return records;
    }
    if (!*record) return records;
    records.emplace_back(
        (*record)->line,
        (*record)->status.ok()
            ? (*record)->fields
            : Fields{"! " + std::string((*record)->status.message())});
  }
}

TEST(CsvReaderTest, FieldsAreSplitAtCommasAndRecordsAtLineEnds) {
  EXPECT_THAT(
      Read("a,b\r\nc,d\ne,\r\n,\n"),
      ElementsAre(Pair(1, ElementsAre("a", "b")),
                  Pair(2, ElementsAre("c", "d")), Pair(3, ElementsAre("e", "")),
                  Pair(4, ElementsAre("", ""))));
  EXPECT_THAT(Read(""), IsEmpty());
  EXPECT_THAT(Read("\n\r\n\n"), IsEmpty());
}

TEST(CsvReaderTest, QuotedFieldsHoldCommasQuotesAndLines) {
  EXPECT_THAT(
      Read("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\nnext,\"\"\n"),
      ElementsAre(Pair(1, ElementsAre("a,b", "say \"hi\"", "two\r\nlines")),
                  Pair(3, ElementsAre("next", ""))));
}

TEST(CsvReaderTest, AByteOrderMarkAndAMissingLastLineEndDoNotMatter) {
  EXPECT_THAT(Read("\xef\xbb\xbf\"id\",x\n1,2"),
              ElementsAre(Pair(1, ElementsAre("id", "x")),
                          Pair(2, ElementsAre("1", "2"))));
  EXPECT_THAT(Read("a,\"b\""), ElementsAre(Pair(1, ElementsAre("a", "b"))));
  EXPECT_THAT(Read("a,"), ElementsAre(Pair(1, ElementsAre("a", ""))));
  EXPECT_THAT(Read("a\r"), ElementsAre(Pair(1, ElementsAre("a\r"))));
  EXPECT_THAT(Read("a\rb,c\n"), ElementsAre(Pair(1, ElementsAre("a\rb", "c"))));
}

TEST(CsvReaderTest, AMalformedRecordCostsItsFirstLineAlone) {
  EXPECT_THAT(
      Read("a,b\nx\"y,1\n\"q\"z,2\nc,d\n"),
      ElementsAre(
          Pair(1, ElementsAre("a", "b")),
          Pair(2, ElementsAre(HasSubstr("! a quote stands in a field"))),
          Pair(3, ElementsAre(HasSubstr("behind a closing quote"))),
          Pair(4, ElementsAre("c", "d"))));
}

TEST(CsvReaderTest, AQuoteThatIsNeverClosedSwallowsNothingElse) {
  EXPECT_THAT(
      Read("a\n\"open,b\nc\nd\n"),
      ElementsAre(Pair(1, ElementsAre("a")),
                  Pair(2, ElementsAre(HasSubstr("not closed"))),
                  Pair(3, ElementsAre("c")), Pair(4, ElementsAre("d"))));
  // Not even where the file goes on for long.
  std::string text = "\"open\n";
  for (int i = 0; i < 100; ++i) text += "line,line\n";
  const auto records = Read(text, /*max_bytes=*/64);
  ASSERT_THAT(records, SizeIs(101));
  EXPECT_THAT(records[0],
              Pair(1, ElementsAre(HasSubstr("not closed within 64 bytes"))));
  EXPECT_THAT(records[100], Pair(101, ElementsAre("line", "line")));
}

TEST(CsvReaderTest, ALineThatIsTooLongIsSkipped) {
  EXPECT_THAT(Read("a\n" + std::string(300'000, 'x') + "\nb\n", 1000),
              ElementsAre(Pair(1, ElementsAre("a")),
                          Pair(2, ElementsAre(HasSubstr("within 1000 bytes"))),
                          Pair(3, ElementsAre("b"))));
  EXPECT_THAT(Read(std::string(300'000, 'x'), 1000), SizeIs(1));
}

TEST(CsvReaderTest, HoweverItComesInPiecesItIsTheSame) {
  const std::string text =
      "\xef\xbb\xbfid,\"a \"\"b\"\"\"\r\n1,\"two\r\nlines\"\r\n\r\n\"x\"y\n2,z";
  const auto whole = Read(text);
  EXPECT_THAT(whole, SizeIs(4));
  for (size_t piece = 1; piece < text.size(); ++piece) {
    EXPECT_EQ(Read(text, 1 << 20, piece), whole) << piece;
  }
}

// What is written is read back, whatever it is made of.
TEST(CsvReaderTest, WhatIsWrittenIsReadBack) {
  std::mt19937 random(1);
  const auto below = [&](int n) {
    return std::uniform_int_distribution<int>(0, n - 1)(random);
  };
  for (int round = 0; round < 200; ++round) {
    std::string text;
    std::vector<Fields> written;
    for (int i = 0; i < 1 + below(5); ++i) {
      // A record of one empty field is an empty line.
      Fields fields = {"id"};
      for (int j = 0; j < below(5); ++j) {
        std::string field(1, 'f');
        for (int k = 0; k < below(6); ++k)
          field += "a,\"\r\n;\xc3\xa9"[below(6)];
        fields.push_back(field);
      }
      text += FormatCsvRecord(fields);
      written.push_back(fields);
    }
    std::vector<Fields> read;
    for (const Record& record : Read(text, 1 << 20, 1 + below(10))) {
      read.push_back(record.second);
    }
    EXPECT_EQ(read, written) << text;
  }
}

TEST(CsvTextTest, WhatASpreadsheetTakesForAFormulaIsDisarmed) {
  EXPECT_EQ(FormatCsvRecord({"=1+1", "+86", "-2", "@cmd", "a=b"}),
            "'=1+1,'+86,'-2,'@cmd,a=b\r\n");
  EXPECT_EQ(FormatCsvRecord({"\t=1", " =1",
                             "\xef\xbc\x9d"
                             "1"}),
            "'\t=1,' =1,'\xef\xbc\x9d"
            "1\r\n");
  EXPECT_EQ(FormatCsvRecord({"=HYPERLINK(\"x\",1)"}),
            "\"'=HYPERLINK(\"\"x\"\",1)\"\r\n");
  EXPECT_EQ(FormatCsvRecord({"", "\n"}), ",\"'\n\"\r\n");
}

}  // namespace
}  // namespace lenscap::cli
