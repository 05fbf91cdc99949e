#include "lists/list_reader.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lists/entry_line.h"
#include "tests/lists/clips.h"

namespace lenscap {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const char kHash[] =
    "f8f8f0cce0f4a84d0e370a22028f67f0b36e2ed596623e1d33e6b39c4e9c9b22";

std::string ErrorOf(const std::string& file) {
  const auto list = ReadList(MakeByteReader(file));
  if (list.ok()) return "";
  EXPECT_TRUE(absl::IsInvalidArgument(list.status())) << list.status();
  return std::string(list.status().message());
}

// The known file with one text in it replaced.
std::string Version1With(const std::string& from, const std::string& to) {
  const std::string known = KnownFile("version1.ndjson");
  const std::string changed = absl::StrReplaceAll(known, {{from, to}});
  EXPECT_NE(changed, known) << from;
  return changed;
}

TEST(ListReaderTest, AFileMadeByPythonIsRead) {
  auto reader = ListReader::Open(MakeByteReader(KnownFile("version1.ndjson")));
  ASSERT_TRUE(reader.ok()) << reader.status();
  const ListEnvelope& envelope = (*reader)->envelope();
  EXPECT_EQ(envelope.list_id, "hidden-cameras");
  EXPECT_EQ(envelope.issuer, "Hotline Example");
  EXPECT_EQ(envelope.terms.legal_basis, "Example Act, section 7");
  EXPECT_EQ(envelope.terms.jurisdictions,
            (std::vector<std::string>{"EU", "KR"}));
  EXPECT_EQ(envelope.version, 1);
  EXPECT_EQ(envelope.previous_sha256, std::nullopt);
  EXPECT_EQ(envelope.issued, absl::FromUnixSeconds(1'769'947'200));
  EXPECT_EQ(envelope.terms.expires, absl::FromUnixSeconds(1'798'761'600));
  EXPECT_EQ(envelope.entries, 2);
  const auto changes = ReadList(MakeByteReader(KnownFile("version1.ndjson")));
  ASSERT_TRUE(changes.ok()) << changes.status();
  ASSERT_EQ(changes->size(), 2u);
  const Clip& image = (*changes)[0].clip;
  EXPECT_EQ(image.entry_id, "case-1:image");
  EXPECT_EQ(image.severity, Severity::kConfirmed);
  EXPECT_EQ(image.terms.advice, Advice::kBlock);
  EXPECT_EQ(image.terms.max_distance, 20);
  EXPECT_EQ(image.terms.assessors, (std::vector<std::string>{"Zoë 김", "B"}));
  EXPECT_EQ(ToHex(image.frames.at(0).hash), kHash);
  EXPECT_TRUE(image.md5 && image.sha1 && image.sha256);
  const Clip& video = (*changes)[1].clip;
  EXPECT_EQ(video.duration, absl::Milliseconds(2500));
  ASSERT_EQ(video.frames.size(), 2u);
  EXPECT_EQ(video.frames[1].quality, 80);
  EXPECT_EQ(video.frames[1].time, absl::Milliseconds(500));
  EXPECT_EQ(video.frames[1].until, absl::Milliseconds(2500));
}

TEST(ListReaderTest, ACompressedDeltaMadeByPythonIsRead) {
  const auto changes =
      ReadList(MakeByteReader(KnownFile("version2.ndjson.zst")));
  ASSERT_TRUE(changes.ok()) << changes.status();
  ASSERT_EQ(changes->size(), 2u);
  EXPECT_EQ((*changes)[0].op, EntryChange::Op::kUpdate);
  EXPECT_EQ((*changes)[1].op, EntryChange::Op::kWithdraw);
  EXPECT_EQ((*changes)[1].reason, "a film scene");
  EXPECT_EQ((*changes)[1].digest, Sha256());
}

struct Bad {
  const char* from;
  const char* to;
  const char* error;
};

constexpr Bad kBadEnvelopes[] = {
    {"lenscap-list/1", "lenscap-list/2", "line 1: format: "},
    {"\"list_id\": \"h", "\"list_id\": \"H", "line 1: list_id: "},
    {"\"Hotline Example\"", "\"\"", "line 1: issuer: "},
    {"\"known_clips\"", "\"all\"", "line 1: purpose: "},
    {"\"version\": 1,", "\"version\": 0,", "line 1: version: "},
    {"\"version\": 1,", "\"version\": 2,", "line 1: previous_sha256: missing"},
    {"\"version\": 1,", "\"version\": 1.0,", "whole number"},
    {"\"version\": 1,", "\"version\": 1e99,", "line 1: "},
    {"\"version\": 1,", "\"version\": 18446744073709551615,", "version: "},
    {"\"version\": 1,", "\"version\": \"1\",", "version: expected a whole"},
    {"\"version\": 1,", "", "line 1: version: missing"},
    {"\"version\": 1,", "\"version\": 1, \"version\": 1,", "there twice"},
    {"\"version\": 1,", "\"version\": 1, \"extra\": 1,",
     "\"extra\": not known"},
    {"02-01T12:00:00Z", "02-30T12:00:00Z", "line 1: issued: "},
    {"02-01T12:00:00Z", "02-01T12:00:00+01:00", "line 1: issued: "},
    {"2027-01-01T00:00:00Z", "infinite-future", "line 1: expires: expected a"},
    {"2027-01-01T", "2025-01-01T", "line 1: expires: it is not after issued"},
    {"\"KR\"", "\"kr\"", "line 1: jurisdictions: "},
    {"\"snapshot\"", "\"all\"", "line 1: kind: "},
    {"\"entries\": 2", "\"entries\": 1", "line 3: entries: line 1 announces 1"},
    {"\"entries\": 2", "\"entries\": 3",
     "line 1: entries: 3 are announced, but 2 follow"},
    {"\"entries\": 2", "\"entries\": -2", "line 1: entries: expected 0"},
    {"875d0d85", "875d0d86", "line 1: content_sha256: the entries make 875d"},
    {"875d0d85", "875D0d85", "line 1: content_sha256: expected 64 lower"},
};

constexpr Bad kBadEntries[] = {
    {"\"op\": \"add\", \"id\": \"case-1", "\"op\": \"put\", \"id\": \"case-1",
     "line 2: op: expected add|update|withdraw, got \"put\""},
    {"\"op\": \"add\", \"id\": \"case-1", "\"op\": \"update\", \"id\": \"c",
     "line 2: op: a snapshot has nothing but add"},
    {"case-1:image", "case 1", "line 2: entry_id: "},
    {"\"confirmed\"", "\"bad\"", "line 2: severity: expected suspected|"},
    {"\"block\"", "\"none\"", "line 2: action: expected review|block"},
    {"\"max_distance\": 20", "\"max_distance\": 32", "line 2: max_distance: "},
    {"\"B\"]", "\"\"]", "line 2: assessors[1]: "},
    {"f8f8f0cc", "F8f8f0cc", "line 2: signals[0].value: expected 64 lower"},
    {"f8f8f0cc", "g8f8f0cc", "line 2: signals[0].value: expected 64 lower"},
    {"f8f8f0cc", "8f8f0cc", "line 2: signals[0].value: expected 64 lower"},
    {"\"quality\": 100", "\"quality\": 101", "line 2: signals[0].quality: "},
    {"\"md5\"", "\"crc\"", "line 2: signals[1].type: expected pdq, vpdq"},
    {"\"md5\"", "\"sha1\"", "line 2: signals[1].value: expected 40"},
    {"\"value\": \"78", "\"value\": 7, \"x\": \"78", "signals[1].value: "},
    {"2500000,", "2400000,", "line 3: frames[1].until"},
    {"80, 500000", "101, 500000", "line 3: signals[0].value[1]: expected a q"},
    {"500000, 2500000", "500000, 400000", "line 3: frames[1].until"},
    {"500000, 2500000", "-1", "line 3: signals[0].value[1]: expected a time"},
    {"80, 500000, 2500000", "80", "line 3: signals[0].value[1]: expected [h"},
    {"12-31T23:59:59Z", "12-31T23:59:60Z", "line 3: expires: "},
    {"\"critical\"", "null", "line 3: severity: expected text, got null"},
    {"김", "\xff", "line 2: it is not JSON"},
    {"\"assessors\": [", "\"assessors\": [[[[[[[[[[[[", "line 2: it nests"},
};

TEST(ListReaderTest, EveryBadFieldIsNamedWithItsLine) {
  for (const Bad& bad : kBadEnvelopes) {
    EXPECT_THAT(ErrorOf(Version1With(bad.from, bad.to)), HasSubstr(bad.error));
  }
  for (const Bad& bad : kBadEntries) {
    EXPECT_THAT(ErrorOf(Version1With(bad.from, bad.to)), HasSubstr(bad.error));
  }
}

TEST(ListReaderTest, EveryFlippedBitOfAnEntryIsRefusedEvenUnsigned) {
  const std::string known = KnownFile("version1.ndjson");
  for (size_t at = known.find('\n') + 1; at < known.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = known;
      flipped[at] ^= 1 << bit;
      EXPECT_NE(ErrorOf(flipped), "") << at << " " << bit;
    }
  }
}

TEST(ListReaderTest, CutsAndTailsAreRefused) {
  const std::string known = KnownFile("version1.ndjson");
  for (size_t size = 0; size < known.size(); ++size) {
    EXPECT_NE(ErrorOf(known.substr(0, size)), "") << size;
  }
  EXPECT_EQ(ErrorOf(known), "");
  EXPECT_NE(ErrorOf(known + " "), "");
  EXPECT_NE(ErrorOf(known + "\n"), "");
  EXPECT_EQ(ErrorOf(""), "line 1: the file is empty");
}

TEST(ListReaderTest, AnErrorStays) {
  auto reader = ListReader::Open(
      MakeByteReader(Version1With("\"confirmed\"", "\"bad\"")));
  ASSERT_TRUE(reader.ok());
  const absl::Status status = (*reader)->Next().status();
  EXPECT_FALSE(status.ok());
  EXPECT_EQ((*reader)->Next().status(), status);
}

// Zeros without end, and how many of them were asked for.
class Zeros final : public ByteReader {
 public:
  explicit Zeros(std::string start, int64_t* given)
      : start_(std::move(start)), given_(given) {}
  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    std::fill(buffer.begin(), buffer.end(), '\0');
    const size_t count = start_.copy(buffer.data(), buffer.size());
    start_.erase(0, count);
    *given_ += static_cast<int64_t>(buffer.size());
    return count > 0 ? count : buffer.size();
  }

 private:
  std::string start_;
  int64_t* const given_;
};

TEST(ListReaderTest, ZerosWithoutEndAreGivenUpEarly) {
  int64_t given = 0;
  EXPECT_THAT(
      std::string(
          ReadList(std::make_unique<Zeros>("", &given)).status().message()),
      StartsWith("line 1: it is longer than 65536 bytes"));
  EXPECT_LE(given, 1 << 20);
  given = 0;
  const std::string known = KnownFile("version1.ndjson");
  const std::string first = known.substr(0, known.find('\n') + 1);
  EXPECT_THAT(
      std::string(
          ReadList(std::make_unique<Zeros>(first, &given)).status().message()),
      StartsWith("line 2: it is longer than 67108864 bytes"));
  EXPECT_LE(given, 66 << 20);
}

TEST(ListReaderTest, ABombIsGivenUpEarly) {
  const std::string known = KnownFile("version1.ndjson");
  ZstdWriter zstd;
  std::string bomb = zstd.Add(known.substr(0, known.find('\n') + 1));
  for (int i = 0; i < 64; ++i) bomb += zstd.Add(std::string(1 << 20, ' '));
  bomb += zstd.Finish();
  EXPECT_THAT(ErrorOf(bomb), StartsWith("line 2: zstd: "));
}

TEST(ListReaderTest, AMillionEmptyArraysTakeNoMillionArraysOfMemory) {
  std::string line = "{\"op\":\"add\",\"signals\":[";
  for (int i = 0; i < 6'000'000; ++i) line += "0,";
  const std::string known = KnownFile("version1.ndjson");
  EXPECT_THAT(ErrorOf(known.substr(0, known.find('\n') + 1) + line + "0]}\n"),
              StartsWith("line 2: it has more than 5010000 values"));
}

TEST(ListReaderTest, WhatSaysLittleIsReadForTheIndexToHold) {
  for (const char* const signal :
       {"{\"type\":\"sha1\",\"value\":"
        "\"da39a3ee5e6b4b0d3255bfef95601890afd80709\"}",
        "{\"type\":\"pdq\",\"quality\":0,\"value\":\"000000000000000000000000"
        "0000000000000000000000000000000000000000\"}"}) {
    const auto change = ParseEntry(
        absl::StrCat("{\"op\":\"add\",\"id\":\"a\",\"severity\":\"critical\","
                     "\"signals\":[",
                     signal, "]}"),
        "list");
    EXPECT_TRUE(change.ok()) << change.status();
  }
}

TEST(ListReaderTest, ADetailThatIsNoneIsRefused) {
  for (const std::string value :
       {"", "AAAA", "A", "KLUv_SQAAQAAmenX2A==", "not base64 at all!"}) {
    EXPECT_THAT(
        ErrorOf(Version1With(
            "{\"type\": \"md5\", \"value\": \"78805a221a988e79ef3f42d7c5bfd418"
            "\"}",
            absl::StrCat("{\"type\": \"lenscap-detail/1\", \"value\": \"",
                         value, "\"}"))),
        StartsWith("line 2: signals[1].value: "));
  }
}

}  // namespace
}  // namespace lenscap
