#include "lists/list_history.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lists/list_writer.h"
#include "tests/lists/clips.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

const char kFirst[] = "tests/data/lists/version1.ndjson";
const char kSecond[] = "tests/data/lists/version2.ndjson.zst";
// Version 2 was issued on 2026-02-02.
const absl::Time kThen = absl::FromUnixSeconds(1'770'050'000);

void ExpectError(const absl::Status& status, absl::StatusCode code,
                 const std::string& message) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(message));
}

TEST(ListHistoryTest, ASnapshotAndItsDeltaMakeWhatPythonSays) {
  ListHistory history;
  ASSERT_TRUE(history.Append(kFirst).ok());
  const absl::Status status = history.Append(kSecond, kThen);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_TRUE(history.knows_content());
  EXPECT_EQ(history.content(), history.envelope().content);
  EXPECT_EQ(history.head().version, 2);
}

TEST(ListHistoryTest, ADeltaAloneIsCheckedAsFarAsItGoes) {
  ListHistory history;
  ASSERT_TRUE(history.Append(kSecond, kThen).ok());
  EXPECT_FALSE(history.knows_content());
}

TEST(ListHistoryTest, TheClockIsAskedForTheLastAlone) {
  ListHistory history;
  const absl::Time late = absl::FromUnixSeconds(1'900'000'000);
  ASSERT_TRUE(history.Append(kFirst).ok());
  ExpectError(history.Append(kSecond, late), absl::StatusCode::kInvalidArgument,
              "expires: ");
}

TEST(ListHistoryTest, FilesInAnotherOrderAreRefused) {
  ListHistory history;
  ASSERT_TRUE(history.Append(kSecond).ok());
  ExpectError(history.Append(kFirst), absl::StatusCode::kFailedPrecondition,
              "version1.ndjson: version: replay");
  ListHistory twice;
  ASSERT_TRUE(twice.Append(kFirst).ok());
  ExpectError(twice.Append(kFirst), absl::StatusCode::kFailedPrecondition,
              "is there twice");
}

// A delta on the known version 1.
absl::Status AppendDelta(EntryChange::Op op, const std::string& id,
                         bool right_content) {
  ListHistory history;
  absl::Status status = history.Append(kFirst);
  EXPECT_TRUE(status.ok()) << status;
  const std::string path = MakeTempDirectory() + "/delta";
  auto writer = ListWriter::Create(path);
  std::mt19937_64 random(1);
  EntryChange change = Addition(RandomClip("hidden-cameras", id, random));
  change.op = op;
  change.reason = "why";
  status = writer->Add(change);
  EXPECT_TRUE(status.ok()) << status;
  ListEnvelope envelope = history.envelope();
  envelope.kind = ListEnvelope::Kind::kDelta;
  envelope.version = 2;
  envelope.previous_sha256 = history.head().sha256;
  ListHistory expected = history;
  if (right_content && expected.Apply(change).ok()) {
    envelope.content = expected.content();
  }
  EXPECT_TRUE(writer->Finish(envelope, false).ok());
  return history.Append(path);
}

TEST(ListHistoryTest, ChangesThatDoNotFitAreRefused) {
  using Op = EntryChange::Op;
  constexpr auto kCode = absl::StatusCode::kFailedPrecondition;
  ExpectError(AppendDelta(Op::kAdd, "case-1:image", true), kCode,
              "is in the list already");
  ExpectError(AppendDelta(Op::kUpdate, "new", true), kCode,
              "is not in the list");
  ExpectError(AppendDelta(Op::kWithdraw, "new", true), kCode,
              "is not in the list");
  EXPECT_TRUE(AppendDelta(Op::kWithdraw, "case-1:image", true).ok());
  ExpectError(AppendDelta(Op::kWithdraw, "case-1:image", false), kCode,
              "content_sha256: the list becomes");
}

}  // namespace
}  // namespace lenscap
