// Small files in the shapes that others publish, and what is in them.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lists/formats/format.h"
#include "tests/lists/formats/conversion.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kHash1[] =
    "f8f8f0cce0f4a84d0e370a22028f67f0b36e2ed596623e1d33e6b39c4e9c9b22";
constexpr char kHash2[] =
    "54a977c221d14c1c43ba5e6e21d4a13989a3553f1462611cbb85fda7be83b677";

std::string Sample(const std::string& name) {
  return ReadFileBytes("tests/data/lists/formats/" + name);
}

// An entry on one line: "+" or "-", id, signals, category, severity.
std::string Line(const EntryChange& change) {
  const Clip& clip = change.clip;
  if (change.op == EntryChange::Op::kWithdraw) return "- " + clip.entry_id;
  std::string line = "+ " + clip.entry_id;
  for (const ReferenceFrame& frame : clip.frames) {
    absl::StrAppend(&line, " pdq:", ToHex(frame.hash).substr(0, 4), "/",
                    frame.quality, "@", absl::FormatDuration(frame.time));
  }
  if (clip.md5) absl::StrAppend(&line, " md5:", ToHex(*clip.md5).substr(0, 4));
  if (clip.sha1) {
    absl::StrAppend(&line, " sha1:", ToHex(*clip.sha1).substr(0, 4));
  }
  if (clip.sha256) {
    absl::StrAppend(&line, " sha256:", ToHex(*clip.sha256).substr(0, 4));
  }
  absl::StrAppend(&line, " [", clip.terms.category, "] ",
                  static_cast<int>(clip.severity));
  return line;
}

class SampleFilesTest : public testing::Test {
 protected:
  std::vector<std::string> Read(ListFormat format, const std::string& name) {
    const auto entries = ReadAll(format, Sample(name), &losses_);
    EXPECT_TRUE(entries.ok()) << entries.status();
    std::vector<std::string> lines;
    for (const EntryChange& entry :
         entries.value_or(std::vector<EntryChange>())) {
      EXPECT_EQ(entry.clip.list_id, "list");
      lines.push_back(Line(entry));
    }
    return lines;
  }

  LossReport losses_;
};

TEST_F(SampleFilesTest, PdqWithHeaderQualityAndFile) {
  EXPECT_THAT(
      Read(ListFormat::kPdqText, "pdq.csv"),
      ElementsAre(absl::StrCat("+ pdq:", kHash1, " pdq:f8f8/100@0 [] 1"),
                  "+ two.png pdq:54a9/62@0 pdq:54a9/61@1s [] 1"));
  EXPECT_THAT(Lines(losses_),
              ElementsAre("name: it cannot be an entry's id (1)"));
}

TEST_F(SampleFilesTest, PdqHashesAlone) {
  EXPECT_THAT(
      Read(ListFormat::kPdqText, "pdq.txt"),
      ElementsAre(absl::StrCat("+ pdq:", kHash1, " pdq:f8f8/100@0 [] 1"),
                  absl::StrCat("+ pdq:", kHash2, " pdq:54a9/49@0 [] 1")));
  EXPECT_TRUE(losses_.empty());
}

TEST_F(SampleFilesTest, VpdqText) {
  EXPECT_THAT(Read(ListFormat::kVpdqText, "clip-7.vpdq"),
              ElementsAre("+ entry pdq:f8f8/100@0 pdq:54a9/87@1.001s "
                          "pdq:f8f8/50@2.002s [] 1"));
  EXPECT_TRUE(losses_.empty());
}

TEST_F(SampleFilesTest, ThreatUpdates) {
  EXPECT_THAT(Read(ListFormat::kThreatExchangeJson, "threat_updates.json"),
              ElementsAre("+ 2001 pdq:f8f8/100@0 [hidden_camera] 2",
                          "+ 2002 md5:face [] 1", "- 2005"));
  EXPECT_THAT(
      Lines(losses_),
      ElementsAre("further pages: the document is one of several (1)",
                  "tags: an entry has one category, of at most 64 bytes (1)",
                  "whole signal: nothing is known of type \"URI\" (1)",
                  "whole signal: somebody says NON_MALICIOUS (1)"));
}

TEST_F(SampleFilesTest, ThreatDescriptors) {
  const auto entries = ReadAll(ListFormat::kThreatExchangeJson,
                               Sample("threat_descriptors.json"), &losses_);
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 2);
  EXPECT_EQ(Line((*entries)[0]), "+ 3058061737574159 md5:face [ncii] 3");
  EXPECT_EQ((*entries)[0].clip.terms.expires,
            absl::FromUnixSeconds(1'800'000'000));
  EXPECT_EQ(Line((*entries)[1]), "+ 3058061737574160 sha1:0bee [] 1");
  EXPECT_TRUE(losses_.empty());
}

TEST_F(SampleFilesTest, TheDatasetOfPythonThreatExchange) {
  EXPECT_THAT(
      Read(ListFormat::kThreatExchangeCsv, "dataset.csv"),
      ElementsAre(
          absl::StrCat("+ pdq:", kHash1, " pdq:f8f8/100@0 [hidden_camera] 2"),
          "+ md5:facefacefacefacefacefacefaceface md5:face [] 1",
          "+ clip-9 pdq:f8f8/100@0 pdq:54a9/90@1s [hidden_camera] 2"));
  EXPECT_THAT(
      Lines(losses_),
      ElementsAre("tags: an entry has one category, of at most 64 bytes (1)",
                  "whole signal: nothing is known of type \"raw_text\" (1)",
                  "whole signal: of the negative class (1)"));
}

TEST_F(SampleFilesTest, SignalsOnLinesOfTheirOwn) {
  EXPECT_THAT(
      Read(ListFormat::kThreatExchangeCsv, "signals.txt"),
      ElementsAre(absl::StrCat("+ pdq:", kHash1, " pdq:f8f8/100@0 [] 1"),
                  "+ md5:facefacefacefacefacefacefaceface md5:face [] 1"));
  EXPECT_THAT(
      Lines(losses_),
      ElementsAre("whole signal: nothing is known of type \"url\" (1)"));
}

TEST_F(SampleFilesTest, NcmecHashSharing) {
  const auto entries =
      ReadAll(ListFormat::kNcmecXml, Sample("ncmec.xml"), &losses_);
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 4);
  EXPECT_EQ(Line((*entries)[0]),
            "+ 42:image1 pdq:f8f8/100@0 md5:a1a1 sha1:a1a1 [A1] 1");
  EXPECT_THAT((*entries)[0].clip.terms.assessors,
              ElementsAre("Example Member"));
  EXPECT_EQ(Line((*entries)[1]), "- 43:image4");
  EXPECT_EQ((*entries)[1].reason, "deleted in NCMEC's hash sharing");
  EXPECT_EQ(Line((*entries)[2]), "+ 42:video1 md5:b1b1 [] 1");
  EXPECT_EQ(Line((*entries)[3]), "- 42:video4");
  EXPECT_THAT(
      Lines(losses_),
      ElementsAre("further pages: the document is one of several (1)",
                  "fingerprint: nothing is known of type \"pdna\" (1)",
                  "feedback: an entry has no place for members' feedback (1)",
                  "fingerprint: nothing is known of type \"tmk-pdqf\" (1)"));
}

TEST_F(SampleFilesTest, StopNcii) {
  EXPECT_THAT(
      Read(ListFormat::kStopNciiJson, "stopncii.json"),
      ElementsAre(absl::StrCat("+ pdq:", kHash1, " pdq:f8f8/100@0 [] 1"),
                  "+ md5:facefacefacefacefacefacefaceface md5:face [] 1",
                  absl::StrCat("- pdq:", kHash2)));
  EXPECT_THAT(
      Lines(losses_),
      ElementsAre(
          "further pages: the document is one of several (1)",
          "caseNumbers: an entry has no place for them (1)",
          "CSPFeedbacks: an entry has no place for them (1)",
          "hashRegions: an entry has no place for them (1)",
          "whole entry: nothing is known of signal type \"VideoTMK\" (1)"));
}

TEST_F(SampleFilesTest, PlainDigests) {
  EXPECT_THAT(Read(ListFormat::kMd5Text, "md5.txt"),
              ElementsAre("+ md5:facefacefacefacefacefacefaceface md5:face "
                          "[] 1",
                          "+ clip.mp4 md5:0123 [] 1"));
  EXPECT_THAT(Read(ListFormat::kSha1Text, "sha1.txt"),
              ElementsAre("+ a.mp4 sha1:0bee [] 1"));
  EXPECT_THAT(losses_.losses(), IsEmpty());
  EXPECT_THAT(
      Read(ListFormat::kSha256Text, "sha256.txt"),
      ElementsAre("+ sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98"
                  "a5e886266e7ae sha256:2c26 [] 1",
                  "+ sha256:fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae"
                  "5511b68fbf8fb9 sha256:fcde [] 1"));
  EXPECT_THAT(Lines(losses_),
              ElementsAre("name: it cannot be an entry's id (2)"));
}

TEST_F(SampleFilesTest, DigestsUnderAHeader) {
  EXPECT_THAT(
      Read(ListFormat::kDigestCsv, "digests.csv"),
      ElementsAre("+ clip-1 md5:face sha1:0bee [] 1",
                  "+ sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98"
                  "a5e886266e7ae sha256:2c26 [] 1"));
  EXPECT_THAT(Lines(losses_),
              ElementsAre("other columns: an entry has no place for them (1)",
                          "name: it cannot be an entry's id (1)"));
}

TEST_F(SampleFilesTest, AListFileOfOurOwnWithItsEnvelope) {
  const auto entries =
      ReadAll(ListFormat::kLenscap,
              ReadFileBytes("tests/data/lists/version1.ndjson"), &losses_);
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 2);
  EXPECT_EQ((*entries)[0].clip.entry_id, "case-1:image");
  EXPECT_EQ((*entries)[0].clip.terms.category, "changing room");
  EXPECT_TRUE(losses_.empty());
}

TEST_F(SampleFilesTest, TheFormatIsToldByTheStart) {
  const auto sniff = [](const std::string& name) {
    return SniffListFormat(Sample(name));
  };
  EXPECT_EQ(sniff("pdq.csv"), ListFormat::kPdqText);
  EXPECT_EQ(sniff("clip-7.vpdq"), ListFormat::kVpdqText);
  EXPECT_EQ(sniff("threat_updates.json"), ListFormat::kThreatExchangeJson);
  EXPECT_EQ(sniff("threat_descriptors.json"), ListFormat::kThreatExchangeJson);
  EXPECT_EQ(sniff("dataset.csv"), ListFormat::kThreatExchangeCsv);
  EXPECT_EQ(sniff("signals.txt"), ListFormat::kThreatExchangeCsv);
  EXPECT_EQ(sniff("ncmec.xml"), ListFormat::kNcmecXml);
  EXPECT_EQ(sniff("stopncii.json"), ListFormat::kStopNciiJson);
  EXPECT_EQ(sniff("sha1.txt"), ListFormat::kSha1Text);
  EXPECT_EQ(sniff("sha256.txt"), ListFormat::kSha256Text);
  EXPECT_EQ(sniff("digests.csv"), ListFormat::kDigestCsv);
  EXPECT_EQ(SniffListFormat(R"({"op":"withdraw","id":"a","reason":"b"})"),
            ListFormat::kLenscap);
  EXPECT_EQ(SniffListFormat(R"({"format": "lenscap-list/1", "list_id": "a"})"),
            ListFormat::kLenscap);
  // Sixty-four digits can be PDQ or SHA-256; a comment, anything.
  EXPECT_EQ(sniff("pdq.txt"), std::nullopt);
  EXPECT_EQ(sniff("md5.txt"), std::nullopt);
  EXPECT_EQ(SniffListFormat(""), std::nullopt);
  EXPECT_EQ(SniffListFormat(std::string(4096, '\0')), std::nullopt);
}

}  // namespace
}  // namespace lenscap
