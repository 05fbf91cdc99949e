// What is written and read again is the same, but for what was reported; and
// what was reported is not the same.

#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lists/formats/format.h"
#include "tests/lists/formats/conversion.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr ListFormat kReadableFormats[] = {
    ListFormat::kLenscap,           ListFormat::kPdqText,
    ListFormat::kVpdqText,          ListFormat::kThreatExchangeJson,
    ListFormat::kThreatExchangeCsv, ListFormat::kNcmecXml,
    ListFormat::kStopNciiJson,      ListFormat::kMd5Text,
    ListFormat::kSha1Text,          ListFormat::kSha256Text,
    ListFormat::kDigestCsv,
};

// The fields in which they differ, as losses name them.
std::set<std::string> Differences(const Clip& a, const Clip& b) {
  std::map<std::string, bool> differs = {
      {"id", a.entry_id != b.entry_id},
      {"severity", a.severity != b.severity},
      {"duration", a.duration != b.duration},
      {"frames", a.frames != b.frames},
      {"MD5", a.md5 != b.md5},
      {"SHA-1", a.sha1 != b.sha1},
      {"SHA-256", a.sha256 != b.sha256},
      {"detail", a.detail.keypoints.size() != b.detail.keypoints.size()},
      {"category", a.terms.category != b.terms.category},
      {"expiry", a.terms.expires != b.terms.expires},
      {"assessors", a.terms.assessors != b.terms.assessors},
      {"recommended action", a.terms.advice != b.terms.advice},
      {"greatest distance", a.terms.max_distance != b.terms.max_distance}};
  std::set<std::string> fields;
  for (const auto& [field, differ] : differs) {
    if (differ) fields.insert(field);
  }
  return fields;
}

std::set<std::string> Reported(const LossReport& losses) {
  std::set<std::string> fields;
  for (const LossReport::Loss& loss : losses.losses()) {
    fields.insert(loss.what.substr(0, loss.what.find(": ")));
  }
  return fields;
}

class RoundTripTest : public testing::TestWithParam<ListFormat> {
 protected:
  Random random_{1};
};

INSTANTIATE_TEST_SUITE_P(Formats, RoundTripTest,
                         testing::ValuesIn(kReadableFormats),
                         [](const testing::TestParamInfo<ListFormat>& info) {
                           return absl::StrCat("Format", info.index);
                         });

// All formats but vPDQ text, which has one entry a file.
class ManyEntriesTest : public RoundTripTest {};

std::vector<ListFormat> FormatsOfMany() {
  std::vector<ListFormat> formats(std::begin(kReadableFormats),
                                  std::end(kReadableFormats));
  std::erase(formats, ListFormat::kVpdqText);
  return formats;
}

INSTANTIATE_TEST_SUITE_P(Formats, ManyEntriesTest,
                         testing::ValuesIn(FormatsOfMany()),
                         [](const testing::TestParamInfo<ListFormat>& info) {
                           return absl::StrCat("Format", info.index);
                         });

TEST_P(RoundTripTest, WhatIsLostIsExactlyWhatIsReported) {
  for (int i = 0; i < 500; ++i) {
    SCOPED_TRACE(i);
    Clip clip = RandomEntry("entry", random_);
    if (GetParam() == ListFormat::kStopNciiJson && clip.frames.size() == 1) {
      clip.md5.reset();  // Else it becomes two entries; see below.
    }
    LossReport losses;
    const std::string text = WriteAll(GetParam(), {Added(clip)}, &losses);
    SCOPED_TRACE(text);
    if (Reported(losses).count("whole entry") > 0) {
      EXPECT_THAT(Reported(losses), ElementsAre("whole entry"));
      if (GetParam() == ListFormat::kVpdqText) continue;
      LossReport none;
      EXPECT_THAT(ReadAll(GetParam(), text, &none).value(), IsEmpty());
      continue;
    }
    LossReport reading;
    const auto read = ReadAll(GetParam(), text, &reading);
    ASSERT_TRUE(read.ok()) << read.status();
    ASSERT_THAT(*read, SizeIs(1));
    EXPECT_THAT(Lines(reading), IsEmpty());
    EXPECT_EQ(Differences(clip, (*read)[0].clip), Reported(losses));
  }
}

TEST_P(ManyEntriesTest, ManyEntriesKeepTheirOrder) {
  std::vector<EntryChange> entries;
  for (int i = 0; i < 300; ++i) {
    Clip clip;
    clip.list_id = "list";
    clip.entry_id = absl::StrCat("entry:", i);
    clip.frames = {{RandomHash(random_), 100, absl::ZeroDuration()}};
    clip.md5.emplace().fill(static_cast<uint8_t>(i));
    clip.sha1.emplace().fill(static_cast<uint8_t>(i));
    clip.sha256.emplace().fill(static_cast<uint8_t>(i));
    // Digests alone where the hash would be another entry.
    if (GetParam() == ListFormat::kStopNciiJson) clip.md5.reset();
    entries.push_back(Added(clip));
  }
  LossReport losses;
  const auto read =
      ReadAll(GetParam(), WriteAll(GetParam(), entries, &losses), &losses);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), entries.size());
  if (GetParam() == ListFormat::kStopNciiJson) return;
  for (size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ((*read)[i].clip.entry_id, entries[i].clip.entry_id);
  }
}

TEST_P(ManyEntriesTest, AnEmptyListStaysEmpty) {
  LossReport losses;
  EXPECT_THAT(
      ReadAll(GetParam(), WriteAll(GetParam(), {}, &losses), &losses).value(),
      IsEmpty());
  EXPECT_TRUE(losses.empty());
}

TEST_P(RoundTripTest, WithdrawalsAreToldOrReported) {
  EntryChange withdrawal;
  withdrawal.op = EntryChange::Op::kWithdraw;
  withdrawal.clip.list_id = "list";
  withdrawal.clip.entry_id = "12:entry";
  withdrawal.reason = "a mistake";
  LossReport losses;
  const std::string text = WriteAll(GetParam(), {withdrawal}, &losses);
  // Of the reason, at least.
  EXPECT_EQ(losses.empty(), GetParam() == ListFormat::kLenscap);
  if (Reported(losses).count("withdrawal") > 0) return;
  LossReport reading;
  const auto read = ReadAll(GetParam(), text, &reading);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_THAT(*read, SizeIs(1));
  EXPECT_EQ((*read)[0].op, EntryChange::Op::kWithdraw);
  EXPECT_EQ((*read)[0].clip.entry_id, "12:entry");
  EXPECT_NE((*read)[0].reason, "");
}

TEST(RoundTripTest, StopNciiMakesTwoEntriesOfTwoHashes) {
  Clip clip;
  clip.list_id = "list";
  clip.entry_id = "entry";
  clip.frames = {{Hash256{}, 100, absl::ZeroDuration()}};
  clip.md5.emplace();
  LossReport losses;
  const auto read = ReadAll(
      ListFormat::kStopNciiJson,
      WriteAll(ListFormat::kStopNciiJson, {Added(clip)}, &losses), &losses);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_EQ((*read)[0].clip.frames, clip.frames);
  EXPECT_EQ((*read)[1].clip.md5, clip.md5);
  EXPECT_THAT(Lines(losses), ElementsAre("id: stopncii-json has none (1)"));
}

TEST(RoundTripTest, StopNciiTellsWithdrawalsByTheHash) {
  EntryChange withdrawal;
  withdrawal.op = EntryChange::Op::kWithdraw;
  withdrawal.clip.entry_id = "md5:" + std::string(32, 'a');
  LossReport losses;
  const auto read = ReadAll(
      ListFormat::kStopNciiJson,
      WriteAll(ListFormat::kStopNciiJson, {withdrawal}, &losses), &losses);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_THAT(*read, SizeIs(1));
  EXPECT_EQ((*read)[0].op, EntryChange::Op::kWithdraw);
  EXPECT_EQ((*read)[0].clip.entry_id, withdrawal.clip.entry_id);
}

TEST(RoundTripTest, VpdqTextTakesOneEntry) {
  Random random(1);
  std::ostringstream output;
  LossReport losses;
  const auto sink = WriteEntries(ListFormat::kVpdqText, output, {}, &losses);
  EntryChange entry = Added(MakeClip("list", "a", {RandomHash(random)}));
  EXPECT_TRUE(sink->Write(entry).ok());
  entry.clip.entry_id = "b";
  EXPECT_EQ(sink->Write(entry).message(),
            "vPDQ text has one entry a file, and b is a second one");
}

}  // namespace
}  // namespace lenscap
