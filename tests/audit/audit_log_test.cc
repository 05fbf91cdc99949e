#include "audit/audit_log.h"

#include <filesystem>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/audit/audit_files.h"
#include "tests/support/fake_clock.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class AuditLogTest : public testing::Test {
 protected:
  AuditLogTest() { TestDisk::SetMode(TestDisk::Mode::kNoSyncs); }
  ~AuditLogTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  std::vector<std::string> Subjects(const AuditLog& log, uint64_t after = 0) {
    std::vector<std::string> subjects;
    EXPECT_TRUE(log.ForEach(after,
                            [&](const AuditRecord& record, auto) {
                              subjects.push_back(record.entry.subject);
                              return absl::OkStatus();
                            })
                    .ok());
    return subjects;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
};

TEST_F(AuditLogTest, ARecordHoldsWhatWasDoneAndFollowsOnTheOneBefore) {
  const auto log = MustOpen(directory_, clock_);
  const AuditLog::Head begin = log->head();
  EXPECT_EQ(begin.sequence, 1);
  const auto record = log->Append({.actor = "admin:bob",
                                   .action = "token.create",
                                   .subject = "token/1",
                                   .reason = "a new partner",
                                   .details = {{"role", "platform"}},
                                   .source = "tokens",
                                   .source_sequence = 5});
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->sequence, 2);
  EXPECT_EQ(record->previous, begin.sha256);
  EXPECT_EQ(record->time, clock_.Now());
  EXPECT_EQ(log->head().sha256, record->sha256);
  EXPECT_EQ(log->LastOf("tokens"), 5);
  EXPECT_EQ(log->LastOf("cases"), 0);
}

TEST_F(AuditLogTest, ALineIsWhatTheFormatSays) {
  AuditRecord record;
  record.sequence = 2;
  record.time = absl::FromUnixMicros(1'750'000'000'000'001);
  record.entry = {.actor = "system",
                  .action = "case.decide",
                  .subject = "case/1",
                  .reason = "\xff\"",
                  .details = {{"z", "1"}, {"a", "2"}},
                  .source = "cases",
                  .source_sequence = 9};
  const std::string line = EncodeAuditLine(record);
  const std::string body =
      "{\"sequence\":2,\"time\":\"2025-06-15T15:06:40.000001Z\","
      "\"actor\":\"system\",\"action\":\"case.decide\",\"subject\":\"case/1\","
      "\"reason\":\"\xef\xbf\xbd\\\"\",\"details\":{\"z\":\"1\",\"a\":\"2\"},"
      "\"source\":\"cases\",\"source_sequence\":9,\"previous\":\"" +
      std::string(64, '0') + "\"";
  EXPECT_EQ(line, body + ",\"sha256\":\"" + ToHex(Sha256Of(body)) + "\"}");
  const auto decoded = DecodeAuditLine(line);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->time, record.time);
  EXPECT_EQ(decoded->entry.details, record.entry.details);
  EXPECT_EQ(decoded->sha256, record.sha256);
}

TEST_F(AuditLogTest, EverythingIsThereAgainAfterReopening) {
  Sha256 id = {};
  AuditLog::Head head;
  {
    const auto log = MustOpen(directory_, clock_);
    AppendEntries(*log, clock_, 3);
    ASSERT_TRUE(log->Append({.source = "cases", .source_sequence = 7}).ok());
    id = log->id();
    head = log->head();
  }
  const auto log = MustOpen(directory_, clock_);
  EXPECT_EQ(log->id(), id);
  EXPECT_EQ(log->head().sha256, head.sha256);
  EXPECT_EQ(log->LastOf("cases"), 7);
  EXPECT_FALSE(log->dropped_cut_line());
  EXPECT_THAT(Subjects(*log),
              ElementsAre("", "case/1", "case/2", "case/3", ""));
  EXPECT_THAT(Subjects(*log, 3), ElementsAre("case/3", ""));
}

TEST_F(AuditLogTest, TimeNeverGoesBack) {
  const auto log = MustOpen(directory_, clock_);
  AppendEntries(*log, clock_, 1);
  const absl::Time before = log->head().time;
  clock_.Advance(-absl::Hours(1));
  EXPECT_EQ(log->Append({})->time, before);
}

TEST_F(AuditLogTest, AFullFileIsFollowedByOneThatAloneTellsAStartAll) {
  {
    const auto log = MustOpen(directory_, clock_, 1000);
    ASSERT_TRUE(log->Append({.source = "list:a", .source_sequence = 3}).ok());
    AppendEntries(*log, clock_, 20);
  }
  const auto files = RecordFiles(directory_);
  EXPECT_GT(files.size(), 3);
  const auto log = MustOpen(directory_, clock_, 1000);
  EXPECT_EQ(log->LastOf("list:a"), 3);
  // 1 to begin, and one for each file that follows.
  EXPECT_EQ(log->head().sequence, 21 + files.size());
  EXPECT_EQ(Subjects(*log, log->head().sequence - 1),
            std::vector<std::string>{"case/20"});
  EXPECT_EQ(Subjects(*log).size(), log->head().sequence);
}

// A log of so many sources that in one record they would have more bytes than a
// record may have, and of a second file.
class AuditLogOfManySourcesTest : public AuditLogTest {
 protected:
  static constexpr int kSources = 14'000;
  static constexpr int kContinues = 14;
  static constexpr uint64_t kSegmentBytes = 6 << 20;

  static std::string Name(int i) {
    return absl::StrCat("list:", std::string(59, 'x'), 10'000 + i);
  }

  void SetUp() override {
    const auto log = MustOpen(directory_, clock_, kSegmentBytes);
    std::vector<AuditEntry> entries;
    for (int i = 0; i < kSources; ++i) {
      entries.push_back({.subject = std::string(100, 's'),
                         .source = Name(i),
                         .source_sequence = static_cast<uint64_t>(i + 1)});
    }
    ASSERT_TRUE(log->AppendAll(entries).ok());
    ASSERT_EQ(RecordFiles(directory_).size(), 1u);
    AppendEntries(*log, clock_, 1);
    ASSERT_EQ(RecordFiles(directory_).size(), 2u);
    ASSERT_EQ(log->head().sequence, 1u + kSources + kContinues + 1);
  }

  void ExpectAllSources(const AuditLog& log) {
    for (const int i : {0, 1, 999, 1000, kSources - 1}) {
      EXPECT_EQ(log.LastOf(Name(i)), i + 1);
    }
    EXPECT_EQ(Subjects(log).size(), log.head().sequence);
  }
};

TEST_F(AuditLogOfManySourcesTest, TheyAreTakenAlongToTheNextFile) {
  const auto log = MustOpen(directory_, clock_, kSegmentBytes);
  EXPECT_EQ(RecordFiles(directory_).size(), 2u);
  ExpectAllSources(*log);
}

TEST_F(AuditLogOfManySourcesTest, ACrashWhileTheyAreWrittenLosesNone) {
  const std::string path = RecordFiles(directory_)[1];
  const std::vector<std::string> lines = LinesOf(ReadFile(path));
  ASSERT_EQ(lines.size(), kContinues + 1);
  const auto write = [&](int count) {
    std::string written;
    for (int i = 0; i < count; ++i) written += lines[i];
    WriteFile(path, written);
  };
  for (const int count : {1, kContinues - 1}) {
    write(count);
    const auto log = MustOpen(directory_, clock_, 2 * kSegmentBytes);
    EXPECT_EQ(log->head().sequence, 1u + kSources) << count;
    EXPECT_EQ(RecordFiles(directory_).size(), 1u);
  }
  write(kContinues);
  const auto log = MustOpen(directory_, clock_, 2 * kSegmentBytes);
  EXPECT_EQ(log->head().sequence, 1u + kSources + kContinues);
  ExpectAllSources(*log);
}

TEST_F(AuditLogTest, ALineThatACrashCutShortIsDropped) {
  { AppendEntries(*MustOpen(directory_, clock_), clock_, 2); }
  const std::string path = RecordFiles(directory_)[0];
  const std::string whole = ReadFile(path);
  const size_t last = LinesOf(whole).back().size();
  for (size_t cut = 1; cut < last; ++cut) {
    WriteFile(path, whole.substr(0, whole.size() - cut));
    const auto log = MustOpen(directory_, clock_);
    ASSERT_NE(log, nullptr) << cut;
    EXPECT_TRUE(log->dropped_cut_line());
    EXPECT_EQ(log->head().sequence, 2);
  }
  const auto log = MustOpen(directory_, clock_);
  EXPECT_EQ(log->Append({})->sequence, 3);
}

TEST_F(AuditLogTest, AFileWithoutAWholeRecordIsMadeAnew) {
  uint64_t last = 0;
  {
    const auto log = MustOpen(directory_, clock_, 1000);
    AppendEntries(*log, clock_, 5);
    last = log->head().sequence;
  }
  WriteFile(absl::StrCat(directory_, "/audit-00000000000000000099.ndjson"),
            "{\"seq");
  const auto log = MustOpen(directory_, clock_, 1000);
  ASSERT_NE(log, nullptr);
  EXPECT_EQ(log->head().sequence, last);
}

TEST_F(AuditLogTest, OtherDamageIsNamedAndNothingIsAdded) {
  { AppendEntries(*MustOpen(directory_, clock_), clock_, 5); }
  const std::string path = RecordFiles(directory_)[0];
  const std::string whole = ReadFile(path);
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] ^= 1;
    WriteFile(path, damaged);
    const auto log = AuditLog::Open({.directory = directory_});
    ASSERT_TRUE(absl::IsDataLoss(log.status())) << i << log.status();
    const auto line = 1 + std::count(whole.begin(), whole.begin() + i, '\n');
    EXPECT_THAT(std::string(log.status().message()),
                HasSubstr(absl::StrCat(path, ":", line, ":")));
    EXPECT_EQ(ReadFile(path), damaged);
  }
}

TEST_F(AuditLogTest, CallersAtTheSameTimeShareASync) {
  TestDisk::SetMode(TestDisk::Mode::kSound);
  const auto log = MustOpen(directory_, clock_);
  const int64_t before = TestDisk::syncs();
  std::vector<std::thread> threads;
  {
    TestDisk::SyncHolder holder;
    threads.emplace_back([&] { EXPECT_TRUE(log->Append({}).ok()); });
    holder.AwaitSync();
    for (int i = 0; i < 20; ++i) {
      threads.emplace_back([&] { EXPECT_TRUE(log->Append({}).ok()); });
    }
    holder.AwaitOthers();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(log->head().sequence, 22);
  EXPECT_LE(TestDisk::syncs() - before, 21);
  EXPECT_EQ(Subjects(*log).size(), 22);
}

TEST_F(AuditLogTest, AFullDiskIsSaidAndRecordsNothing) {
  const auto log = MustOpen(directory_, clock_);
  for (const auto mode :
       {TestDisk::Mode::kFull, TestDisk::Mode::kBroken,
        TestDisk::Mode::kFullSyncs, TestDisk::Mode::kBrokenSyncs}) {
    TestDisk::SetMode(mode);
    EXPECT_FALSE(log->Append({.source = "cases", .source_sequence = 1}).ok());
    EXPECT_EQ(log->LastOf("cases"), 0);
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    EXPECT_EQ(Subjects(*log).size(), log->head().sequence);
    EXPECT_TRUE(log->Append({}).ok());
  }
  EXPECT_EQ(log->head().sequence, 5);
  EXPECT_EQ(MustOpen(directory_, clock_)->head().sequence, 5);
}

TEST_F(AuditLogTest, AFullDiskWhereTheNextFileBeginsIsNoEnd) {
  const auto log = MustOpen(directory_, clock_, 1);
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_TRUE(absl::IsResourceExhausted(log->Append({}).status()));
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  EXPECT_EQ(log->Append({})->sequence, 3);
  EXPECT_EQ(MustOpen(directory_, clock_)->head().sequence, 3);
}

TEST_F(AuditLogTest, AnEntryTooLongIsRefusedAlone) {
  const auto log = MustOpen(directory_, clock_);
  EXPECT_TRUE(absl::IsInvalidArgument(
      log->Append({.reason = std::string(kMaxAuditLineBytes, 'x')}).status()));
  EXPECT_EQ(log->Append({})->sequence, 2);
}

TEST_F(AuditLogTest, DetailsAndSourcesHaveBounds) {
  const auto log = MustOpen(directory_, clock_);
  AuditEntry entry;
  for (size_t i = 0; i < kMaxAuditDetails; ++i) {
    entry.details.emplace_back(absl::StrCat(i), "");
  }
  entry.source = std::string(kMaxAuditSourceBytes, 's');
  EXPECT_TRUE(log->Append(entry).ok());
  AuditEntry long_source = entry;
  long_source.source.push_back('s');
  EXPECT_TRUE(absl::IsInvalidArgument(log->Append(long_source).status()));
  entry.details.emplace_back("one more", "");
  EXPECT_TRUE(absl::IsInvalidArgument(log->Append(entry).status()));
  EXPECT_EQ(log->head().sequence, 2);
}

TEST_F(AuditLogTest, ALineWithTooManyMembersIsNoRecord) {
  const std::string sound = [] {
    AuditRecord record;
    record.sequence = 1;
    return EncodeAuditLine(record);
  }();
  const auto with_members = [&](int count) {
    std::string body = sound.substr(0, sound.rfind(",\"sha256\""));
    for (int i = 0; i < count; ++i) absl::StrAppend(&body, ",\"", i, "\":0");
    return absl::StrCat(body, ",\"sha256\":\"", ToHex(Sha256Of(body)), "\"}");
  };
  EXPECT_TRUE(DecodeAuditLine(with_members(1000)).ok());
  EXPECT_TRUE(
      absl::IsInvalidArgument(DecodeAuditLine(with_members(2000)).status()));
  // As many as a line can hold, each of which would be compared with all
  // others.
  EXPECT_TRUE(
      absl::IsInvalidArgument(DecodeAuditLine(with_members(90'000)).status()));
}

TEST_F(AuditLogTest, NoRecordHasTheNumber0) {
  AuditRecord record;
  EXPECT_TRUE(absl::IsInvalidArgument(
      DecodeAuditLine(EncodeAuditLine(record)).status()));
  record.sequence = 1;
  EXPECT_TRUE(DecodeAuditLine(EncodeAuditLine(record)).ok());
}

TEST_F(AuditLogTest, SeveralEntriesAreRecordedTogetherOrNotAtAll) {
  const auto log = MustOpen(directory_, clock_);
  const std::vector<AuditEntry> entries = {{.subject = "a"}, {.subject = "b"}};
  const auto records = log->AppendAll(entries);
  ASSERT_TRUE(records.ok()) << records.status();
  ASSERT_EQ(records->size(), 2);
  EXPECT_EQ(records->at(1).previous, records->at(0).sha256);
  const std::vector<AuditEntry> one_too_long = {
      {.subject = "c"}, {.reason = std::string(kMaxAuditLineBytes, 'x')}};
  EXPECT_TRUE(absl::IsInvalidArgument(log->AppendAll(one_too_long).status()));
  EXPECT_TRUE(log->AppendAll({})->empty());
  EXPECT_THAT(Subjects(*log), ElementsAre("", "a", "b"));
}

TEST_F(AuditLogTest, TenLinesOfPythonVerifyIt) {
  { AppendEntries(*MustOpen(directory_, clock_, 1000), clock_, 20); }
  const std::string page = ReadFile("audit/FORMAT.md");
  const std::string fence = "```python\n";
  const size_t start = page.find(fence) + fence.size();
  const std::string program = WriteTempFile(
      "verify.py", page.substr(start, page.find("```", start) - start));
  std::vector<std::string> command = {"python3", program};
  for (const std::string& file : RecordFiles(directory_)) {
    command.push_back(file);
  }
  const auto log = MustOpen(directory_, clock_, 1000);
  EXPECT_EQ(OutputOf(command), absl::StrCat(log->head().sequence, " ",
                                            ToHex(log->head().sha256), "\n"));
}

}  // namespace
}  // namespace lenscap
