#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "audit/audit_record.h"
#include "audit/verify.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/audit/audit_files.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A log of records 1 to 11 in one file, and a checkpoint of records 6 and 11.
class AuditVerifyTest : public testing::Test {
 protected:
  AuditVerifyTest() {
    const auto log = MustOpen(directory_, clock_);
    AppendEntries(*log, clock_, 5);
    checkpoints_.push_back(CheckpointOf(*log, clock_.Now()));
    AppendEntries(*log, clock_, 5);
    checkpoints_.push_back(CheckpointOf(*log, clock_.Now()));
    path_ = RecordFiles(directory_)[0];
    lines_ = LinesOf(ReadFile(path_));
  }

  AuditVerification Verify(const std::string& bytes,
                           std::vector<Checkpoint> checkpoints = {}) {
    WriteFile(path_, bytes);
    const auto verified = VerifyAuditLog(
        {.path = directory_, .checkpoints = std::move(checkpoints)});
    EXPECT_TRUE(verified.ok()) << verified.status();
    return verified.value_or(AuditVerification());
  }
  AuditVerification Verify(const std::vector<std::string>& lines,
                           std::vector<Checkpoint> checkpoints = {}) {
    std::string bytes;
    for (const std::string& line : lines) bytes += line;
    return Verify(bytes, std::move(checkpoints));
  }

  // All hashes made anew from the record at `index` on, whose reason becomes
  // another one.
  std::vector<std::string> Rewritten(size_t index) const {
    std::vector<std::string> lines = lines_;
    Sha256 previous = {};
    for (size_t i = 0; i < lines.size(); ++i) {
      const std::string line = lines[i].substr(0, lines[i].size() - 1);
      AuditRecord record = *DecodeAuditLine(line);
      if (i == index) record.entry.reason = "forged";
      if (i > 0) record.previous = previous;
      lines[i] = EncodeAuditLine(record) + "\n";
      previous = record.sha256;
    }
    return lines;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::string path_;
  std::vector<std::string> lines_;
  std::vector<Checkpoint> checkpoints_;
};

void ExpectFault(const AuditVerification& verified, uint64_t record,
                 const std::string& what) {
  ASSERT_TRUE(verified.fault.has_value());
  EXPECT_EQ(verified.fault->record, record) << verified.fault->what;
  EXPECT_THAT(verified.fault->what, StartsWith(what));
}

TEST_F(AuditVerifyTest, AWholeLogIsProvenUpToItsLastCheckpoint) {
  const auto verified = Verify(lines_, checkpoints_);
  EXPECT_FALSE(verified.fault) << verified.fault->what;
  EXPECT_EQ(verified.first, 1);
  EXPECT_EQ(verified.last, 11);
  EXPECT_EQ(verified.checkpoints, 2);
  EXPECT_EQ(verified.proven_up_to, 11);
  EXPECT_FALSE(verified.cut_line);
}

TEST_F(AuditVerifyTest, EveryFlippedByteIsFoundAndItsRecordNamed) {
  std::string whole = ReadFile(path_);
  uint64_t record = 1;
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] ^= 1 << i % 8;
    const auto verified = Verify(flipped);
    ASSERT_TRUE(verified.fault) << "byte " << i;
    EXPECT_EQ(verified.fault->record, record) << "byte " << i;
    EXPECT_EQ(verified.fault->line, record);
    if (whole[i] == '\n') ++record;
  }
}

TEST_F(AuditVerifyTest, AnEditWithAHashToMatchIsFoundByTheNextRecord) {
  std::vector<std::string> lines = lines_;
  lines[3] = Rewritten(3)[3];
  ExpectFault(Verify(lines), 4, "rewritten");
}

TEST_F(AuditVerifyTest, AnEditWithAllHashesMadeAnewIsFoundByACheckpoint) {
  EXPECT_FALSE(Verify(Rewritten(3)).fault);
  ExpectFault(Verify(Rewritten(3), checkpoints_), 1, "rewritten");
  const auto verified = Verify(Rewritten(8), checkpoints_);
  ExpectFault(verified, 7, "rewritten");
  EXPECT_THAT(verified.fault->what, HasSubstr("in records 7 to 11"));
  ExpectFault(Verify(Rewritten(0), {checkpoints_[1]}), 1, "rewritten");
}

TEST_F(AuditVerifyTest, RemovedRecordsAreNamed) {
  for (size_t i = 0; i + 1 < lines_.size(); ++i) {
    std::vector<std::string> lines = lines_;
    lines.erase(lines.begin() + i);
    ExpectFault(Verify(lines), i + 1, "removed");
  }
  std::vector<std::string> lines = lines_;
  lines.erase(lines.begin() + 2, lines.begin() + 5);
  const auto verified = Verify(lines);
  ExpectFault(verified, 3, "removed");
  EXPECT_THAT(verified.fault->what, HasSubstr("records 3 to 5"));
}

TEST_F(AuditVerifyTest, RecordsThatChangedPlacesAreNamed) {
  for (size_t i = 0; i < lines_.size(); ++i) {
    for (size_t j = i + 1; j < lines_.size(); ++j) {
      std::vector<std::string> lines = lines_;
      std::swap(lines[i], lines[j]);
      ExpectFault(Verify(lines), i + 1, "moved");
    }
  }
}

TEST_F(AuditVerifyTest, ARecordPutInIsNamed) {
  for (size_t i = 1; i < lines_.size(); ++i) {
    std::vector<std::string> lines = lines_;
    AuditRecord forged =
        *DecodeAuditLine(lines[i].substr(0, lines[i].size() - 1));
    forged.entry.reason = "forged";
    lines.insert(lines.begin() + i, EncodeAuditLine(forged) + "\n");
    ExpectFault(Verify(lines), i + 1, "put in");
  }
  std::vector<std::string> lines = lines_;
  lines.insert(lines.begin() + 4, "not a record\n");
  ExpectFault(Verify(lines), 5, "edited");
}

TEST_F(AuditVerifyTest, ACutOffEndIsFoundByACheckpointAlone) {
  std::vector<std::string> lines = lines_;
  lines.resize(8);
  EXPECT_FALSE(Verify(lines).fault);
  EXPECT_FALSE(Verify(lines, {checkpoints_[0]}).fault);
  const auto verified = Verify(lines, checkpoints_);
  ExpectFault(verified, 9, "cut off");
  EXPECT_EQ(verified.proven_up_to, 6);
}

TEST_F(AuditVerifyTest, APartOfALineIsNoFaultOfADirectoryButOfAFile) {
  const std::string whole = ReadFile(path_);
  const auto verified = Verify(whole.substr(0, whole.size() - 10));
  EXPECT_FALSE(verified.fault);
  EXPECT_TRUE(verified.cut_line);
  EXPECT_EQ(verified.last, 10);
  ExpectFault(*VerifyAuditLog({.path = path_}), 11, "edited, or cut short");
}

TEST_F(AuditVerifyTest, AnExcerptMayBeginLater) {
  Verify(std::vector<std::string>(lines_.begin() + 4, lines_.end()));
  ExpectFault(*VerifyAuditLog({.path = path_}), 1, "removed");
  const auto verified = *VerifyAuditLog(
      {.path = path_, .checkpoints = checkpoints_, .excerpt = true});
  EXPECT_FALSE(verified.fault);
  EXPECT_EQ(verified.first, 5);
  EXPECT_EQ(verified.proven_up_to, 11);
}

TEST_F(AuditVerifyTest, NothingMayStandBeforeAnExcerpt) {
  AuditRecord forged;
  forged.entry.reason = "forged";
  std::vector<std::string> lines(lines_.begin() + 4, lines_.end());
  lines.insert(lines.begin(), EncodeAuditLine(forged) + "\n");
  Verify(lines);
  const auto verified = *VerifyAuditLog({.path = path_, .excerpt = true});
  ASSERT_TRUE(verified.fault);
  EXPECT_EQ(verified.fault->line, 1);
}

TEST_F(AuditVerifyTest, AMissingFileIsFound) {
  const std::string directory = MakeTempDirectory();
  AppendEntries(*MustOpen(directory, clock_, 1000), clock_, 20);
  const auto files = RecordFiles(directory);
  ASSERT_GT(files.size(), 3);
  EXPECT_FALSE(VerifyAuditLog({.path = directory})->fault);
  const std::string last = LinesOf(ReadFile(files[0])).back();
  const uint64_t expected =
      DecodeAuditLine(last.substr(0, last.size() - 1))->sequence + 1;
  std::filesystem::remove(files[1]);
  ExpectFault(*VerifyAuditLog({.path = directory}), expected, "removed");
}

TEST_F(AuditVerifyTest, WhatIsNotThereIsAnError) {
  EXPECT_TRUE(absl::IsNotFound(
      VerifyAuditLog({.path = directory_ + "/none"}).status()));
  EXPECT_TRUE(
      absl::IsNotFound(VerifyAuditLog({.path = MakeTempDirectory()}).status()));
}

TEST_F(AuditVerifyTest, CheckpointsAreReadAsTheyWereSigned) {
  const Ed25519PrivateKey key = TestKey();
  for (const Checkpoint& checkpoint : checkpoints_) {
    ASSERT_TRUE(
        AddCheckpointLine(directory_, SignCheckpoint(checkpoint, key)).ok());
  }
  const std::string path = CheckpointsPath(directory_);
  EXPECT_EQ(*ReadCheckpoints(path, key.public_key()), checkpoints_);
  // A crash in the middle of the next one.
  const std::string whole = ReadFile(path);
  WriteFile(path, whole + "{\"checkpoint\":1,\"lo");
  EXPECT_EQ(*ReadCheckpoints(path, key.public_key()), checkpoints_);
  ASSERT_TRUE(
      AddCheckpointLine(directory_, SignCheckpoint(checkpoints_[0], key)).ok());
  EXPECT_EQ(ReadCheckpoints(path, key.public_key())->size(), 3);
  const auto other = Ed25519PrivateKey::Generate();
  EXPECT_TRUE(
      absl::IsDataLoss(ReadCheckpoints(path, other.public_key()).status()));
}

TEST_F(AuditVerifyTest, EveryFlippedByteOfACheckpointIsFound) {
  const Ed25519PrivateKey key = TestKey();
  const std::string path = CheckpointsPath(directory_);
  for (const Checkpoint& checkpoint : checkpoints_) {
    ASSERT_TRUE(
        AddCheckpointLine(directory_, SignCheckpoint(checkpoint, key)).ok());
  }
  const std::string whole = ReadFile(path);
  int line = 1;
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] ^= 1;
    WriteFile(path, flipped);
    const auto status = ReadCheckpoints(path, key.public_key()).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << i;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(absl::StrCat(path, ":", line, ":")));
    if (whole[i] == '\n') ++line;
  }
}

}  // namespace
}  // namespace lenscap
