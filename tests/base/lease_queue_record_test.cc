#include "base/lease_queue_record.h"

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using State = LeaseQueue::State;

LeaseRecord FullRecord() {
  LeaseRecord record;
  record.sequence = 7;
  record.id = std::string("id\0\xff", 4);
  record.state = State::kLeased;
  record.priority = -5;
  record.submitted = absl::FromUnixMicros(1'700'000'000'000'001);
  record.waiting_since = absl::FromUnixMicros(1'700'000'000'000'002);
  record.deliveries = 3;
  record.holder = "holder";
  record.lease_end = absl::FromUnixMicros(1'700'000'000'000'003);
  record.ended = absl::FromUnixMicros(-1);
  record.nonce = std::string(16, 'n');
  record.lane = "lane";
  record.due = absl::FromUnixMicros(1'700'000'000'000'004);
  record.leased_since = absl::FromUnixMicros(1'700'000'000'000'005);
  record.leased_for = absl::Microseconds(6);
  record.set_aside = true;
  return record;
}

TEST(LeaseQueueRecordTest, ARecordComesBackAsItWas) {
  const LeaseRecord record = FullRecord();
  EXPECT_EQ(*DecodeRecord(7, EncodeRecord(record)), record);
  EXPECT_EQ(*DecodeRecord(0, EncodeRecord(LeaseRecord{})), LeaseRecord{});
}

// Files of today must be readable for ever.
TEST(LeaseQueueRecordTest, TheBytesOfFormat1) {
  LeaseRecord record;
  record.id = "a";
  record.state = State::kSettled;
  record.priority = -1;
  record.submitted = absl::FromUnixMicros(2);
  record.waiting_since = absl::FromUnixMicros(3);
  record.deliveries = 4;
  record.ended = absl::FromUnixMicros(5);
  record.nonce = "n";
  EXPECT_EQ(*DecodeRecord(0, absl::HexStringToBytes("0000000000000003"
                                                    "ffffffffffffffff"
                                                    "0000000000000002"
                                                    "0000000000000003"
                                                    "0000000000000004"
                                                    "0000000000000000"
                                                    "0000000000000005"
                                                    "000000000000000161"
                                                    "0000000000000000"
                                                    "00000000000000016e")),
            record);
  const auto event =
      DecodeEvent(9, absl::HexStringToBytes("0000000000000003"
                                            "0000000000000002"
                                            "000000000000000161"));
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->kind, LeaseQueue::EventKind::kReopened);
  EXPECT_EQ(event->time, absl::FromUnixMicros(2));
  EXPECT_EQ(event->id, "a");
  EXPECT_EQ(event->detail, "");
  EXPECT_EQ(Key(Keyspace::kRecord, 258), std::string("r\0\0\0\0\0\0\1\2", 9));
  EXPECT_EQ(Key(Keyspace::kSequenceOfId, "x"), "ix");
}

TEST(LeaseQueueRecordTest, TheBytesOfFormat2) {
  LeaseRecord record;
  record.id = "a";
  record.state = State::kSettled;
  record.priority = -1;
  record.submitted = absl::FromUnixMicros(2);
  record.waiting_since = absl::FromUnixMicros(3);
  record.deliveries = 4;
  record.ended = absl::FromUnixMicros(5);
  record.nonce = "n";
  record.lane = "l";
  record.leased_for = absl::Microseconds(6);
  EXPECT_EQ(absl::BytesToHexString(EncodeRecord(record)),
            "0000000000000203"
            "ffffffffffffffff"
            "0000000000000002"
            "0000000000000003"
            "0000000000000004"
            "0000000000000000"
            "0000000000000005"
            "000000000000000161"
            "0000000000000000"
            "00000000000000016e"
            "00000000000000016c"
            "7fffffffffffffff"
            "0000000000000000"
            "0000000000000006"
            "0000000000000000");
  const LeaseQueue::Event event{9, LeaseQueue::EventKind::kReopened, "a",
                                absl::FromUnixMicros(2), "d"};
  EXPECT_EQ(absl::BytesToHexString(EncodeEvent(event)),
            "0000000000000203"
            "0000000000000002"
            "000000000000000161"
            "000000000000000164");
}

TEST(LeaseQueueRecordTest, AnEventComesBackAsItWas) {
  const LeaseQueue::Event event{9, LeaseQueue::EventKind::kDead, "id",
                                absl::FromUnixMicros(5)};
  const auto decoded = DecodeEvent(9, EncodeEvent(event));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->sequence, 9);
  EXPECT_EQ(decoded->kind, event.kind);
  EXPECT_EQ(decoded->id, "id");
  EXPECT_EQ(decoded->time, event.time);
}

TEST(LeaseQueueRecordTest, DamageIsDataLossWhereverItIs) {
  const std::string bytes = EncodeRecord(FullRecord());
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded = DecodeRecord(7, bytes.substr(0, size));
    EXPECT_TRUE(absl::IsDataLoss(decoded.status())) << size;
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeRecord(7, bytes + "x").status()));
  std::string odd_state = bytes;
  odd_state[7] = 9;
  EXPECT_TRUE(absl::IsDataLoss(DecodeRecord(7, odd_state).status()));
  std::string endless_id = bytes;
  endless_id[7 * 8] = '\x7f';
  EXPECT_TRUE(absl::IsDataLoss(DecodeRecord(7, endless_id).status()));
  endless_id[7 * 8] = '\xff';
  EXPECT_TRUE(absl::IsDataLoss(DecodeRecord(7, endless_id).status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeEvent(7, "").status()));
}

TEST(LeaseQueueRecordTest, KeysOfOneKindSortBySequence) {
  EXPECT_LT(Key(Keyspace::kEvent, 255), Key(Keyspace::kEvent, 256));
  EXPECT_EQ(SequenceOfKey(Key(Keyspace::kEvent, 256)), 256);
  EXPECT_EQ(EndedKeyspace(State::kSettled), Keyspace::kSettled);
  EXPECT_EQ(EndedKeyspace(State::kDead), Keyspace::kDead);
}

}  // namespace
}  // namespace lenscap
