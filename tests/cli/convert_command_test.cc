#include "services/cli/convert_command.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::internal::CaptureStderr;
using testing::internal::CaptureStdout;
using testing::internal::GetCapturedStderr;
using testing::internal::GetCapturedStdout;

const std::string kMd5(32, 'a');
const std::string kOtherMd5(32, 'b');
const std::string kHash(64, 'c');

struct Outcome {
  ExitCode code = ExitCode::kOk;
  std::string output;
  std::string errors;
};

Outcome Convert(const ConvertOptions& options) {
  CaptureStdout();
  CaptureStderr();
  Outcome outcome;
  outcome.code = Run(options);
  outcome.output = GetCapturedStdout();
  outcome.errors = GetCapturedStderr();
  return outcome;
}

ConvertOptions FromFiles(std::vector<std::string> files, ListFormat to) {
  ConvertOptions options;
  options.files = std::move(files);
  options.to = to;
  return options;
}

TEST(ConvertCommandTest, SeveralFilesBecomeOneList) {
  const std::string a = WriteTempFile("a.md5", kMd5 + "  one\n");
  const std::string b =
      WriteTempFile("b.csv", "id,md5\ntwo," + kOtherMd5 + "\n");
  const Outcome outcome = Convert(FromFiles({a, b}, ListFormat::kDigestCsv));
  EXPECT_EQ(outcome.code, ExitCode::kOk) << outcome.errors;
  EXPECT_EQ(outcome.output, "id,md5,sha1,sha256\none," + kMd5 + ",,\ntwo," +
                                kOtherMd5 + ",,\n");
  EXPECT_EQ(outcome.errors, "");
}

TEST(ConvertCommandTest, WhatIsLostIsPrinted) {
  const std::string file = WriteTempFile("a.txt", kHash + ",90,pic\n");
  const Outcome outcome = Convert(FromFiles({file}, ListFormat::kMd5Text));
  EXPECT_EQ(outcome.code, ExitCode::kOk);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors,
            "lenscap: lost: whole entry: md5 has none of its hashes: 1, such "
            "as pic\n");
}

TEST(ConvertCommandTest, OurOwnLinesComeOutAndGoIn) {
  const std::string file = WriteTempFile("a.txt", kHash + ",90,pic\n");
  ConvertOptions options = FromFiles({file}, ListFormat::kLenscap);
  options.severity = Severity::kCritical;
  const Outcome lines = Convert(options);
  EXPECT_THAT(lines.output, HasSubstr("\"severity\":\"critical\""));
  const Outcome back = Convert(FromFiles(
      {WriteTempFile("list.ndjson", lines.output)}, ListFormat::kPdqText));
  EXPECT_EQ(back.output, kHash + ",90,pic\n");
  EXPECT_THAT(back.errors, HasSubstr("lost: severity: pdq"));
}

TEST(ConvertCommandTest, VpdqIsAFileForEachEntry) {
  const std::string clip =
      WriteTempFile("clip-1.vpdq", "0,100," + kHash + ",0.000\n");
  ConvertOptions options = FromFiles({clip}, ListFormat::kVpdqText);
  options.output = MakeTempDirectory() + "/out";
  const Outcome outcome = Convert(options);
  EXPECT_EQ(outcome.code, ExitCode::kOk) << outcome.errors;
  EXPECT_EQ(ReadFileBytes(options.output + "/clip-1.vpdq"),
            ReadFileBytes(clip));
}

TEST(ConvertCommandTest, WhatHasNoFramesMakesNoVpdq) {
  ConvertOptions options = FromFiles({WriteTempFile("a.md5", kMd5 + "  one\n")},
                                     ListFormat::kVpdqText);
  options.output = MakeTempDirectory();
  const Outcome outcome = Convert(options);
  EXPECT_EQ(outcome.code, ExitCode::kOk) << outcome.errors;
  EXPECT_TRUE(fs::is_empty(options.output));
  EXPECT_THAT(outcome.errors, HasSubstr("lost: whole entry: vpdq"));
}

TEST(ConvertCommandTest, ABrokenFileLeavesTheOutputAsItWas) {
  const std::string good = WriteTempFile("a.md5", kMd5 + "  one\n");
  const std::string bad = WriteTempFile("b.md5", kMd5 + "  two\nxyz\n");
  ConvertOptions options = FromFiles({good, bad}, ListFormat::kSha1Text);
  options.from = ListFormat::kMd5Text;
  options.output = WriteTempFile("out", "as it was");
  const Outcome outcome = Convert(options);
  EXPECT_EQ(outcome.code, ExitCode::kUnreadable);
  EXPECT_EQ(outcome.errors, "lenscap: " + bad +
                                ": line 2: expected the 32 hexadecimal digits "
                                "of MD5, got \"xyz\"\n");
  EXPECT_EQ(ReadFileBytes(options.output), "as it was");
  EXPECT_FALSE(fs::exists(options.output + ".part"));
}

TEST(ConvertCommandTest, OneEntryInTwoFilesIsRefused) {
  const std::string a = WriteTempFile("a.md5", kMd5 + "  one\n");
  const std::string b = WriteTempFile("b.md5", kOtherMd5 + "  one\n");
  const Outcome outcome = Convert(FromFiles({a, b}, ListFormat::kMd5Text));
  EXPECT_EQ(outcome.code, ExitCode::kUnreadable);
  EXPECT_THAT(outcome.errors, HasSubstr("entry one: is there twice"));
}

TEST(ConvertCommandTest, AFormatThatIsNotToldHasToBeSaid) {
  const std::string file = WriteTempFile("a.txt", kHash + "\n");
  const Outcome outcome = Convert(FromFiles({file}, ListFormat::kLenscap));
  EXPECT_EQ(outcome.code, ExitCode::kUnreadable);
  EXPECT_EQ(outcome.errors,
            "lenscap: " + file +
                ": its start does not tell its format; say --from\n");
  EXPECT_EQ(Convert(FromFiles({"/no/such/file"}, ListFormat::kMd5Text)).code,
            ExitCode::kUnreadable);
}

}  // namespace
}  // namespace lenscap::cli
