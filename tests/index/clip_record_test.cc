#include "index/clip_record.h"

#include <cmath>
#include <utility>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

ListInfo SomeList() {
  return {.list_id = "list",
          .issuer = "issuer \xff",
          .version = 12,
          .entries = 3,
          .frames = 400,
          .changed = absl::FromUnixMicros(1'750'000'000'123'456)};
}

StoredEntry SomeEntry() {
  StoredEntry entry;
  entry.info = {.entry_id = "entry",
                .clip_id = 77,
                .severity = Severity::kCritical,
                .duration = absl::Nanoseconds(1'234'567'891),
                .frames = 5,
                .added_in_version = 9};
  entry.sha256.emplace().fill(0xab);
  entry.md5.emplace().fill(0xcd);
  return entry;
}

Pdq SomePdq(Random& random) {
  return {.hash = RandomHash(random), .quality = Below(101, random)};
}

ClipDetail SomeDetail() {
  Random random(1);
  ClipDetail detail;
  detail.size = {1, 0.5625};
  for (int i = 0; i < 3; ++i) {
    WindowFrame& frame = detail.windows.emplace_back();
    frame.time = absl::Milliseconds(500 * i);
    frame.until = frame.time + absl::Milliseconds(250 * (i % 2));
    for (Pdq& window : frame.windows) window = SomePdq(random);
  }
  for (int i = 0; i < 4; ++i) {
    detail.keypoints.push_back({.descriptor = RandomHash(random),
                                .at = {0.25 * i, 0.125 * i},
                                .size = 0.0625f,
                                .angle = 1.5f * i});
  }
  detail.scenes.push_back({.hash = RandomHash(random),
                           .quality = 77,
                           .span = {absl::Seconds(1), absl::Seconds(9)}});
  return detail;
}

ListChange SomeChange() {
  return {.version = 5,
          .time = absl::FromUnixMicros(-7),
          .kind = ListChange::Kind::kWithdrawn,
          .entry_ids = {"a", "b"},
          .entries = 1000,
          .reason = "by court order"};
}

TEST(ClipRecordTest, DetailIsReadAsItWasWritten) {
  const ClipDetail detail = SomeDetail();
  const std::string bytes = EncodeDetail(detail);
  const auto read = DecodeDetail(bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->size.height, 0.5625);
  ASSERT_EQ(read->windows.size(), 3);
  EXPECT_EQ(read->windows[1].until, absl::Milliseconds(750));
  EXPECT_EQ(read->windows[2].time, absl::Seconds(1));
  EXPECT_EQ(read->windows[2].until, absl::Seconds(1));
  EXPECT_EQ(read->windows[2].windows[8].hash,
            detail.windows[2].windows[8].hash);
  EXPECT_EQ(read->windows[2].windows[8].quality,
            detail.windows[2].windows[8].quality);
  ASSERT_EQ(read->keypoints.size(), 4);
  EXPECT_EQ(read->keypoints[3].descriptor, detail.keypoints[3].descriptor);
  EXPECT_EQ(read->keypoints[3].at.x, 0.75);
  EXPECT_EQ(read->keypoints[3].at.y, 0.375);
  EXPECT_EQ(read->keypoints[3].size, 0.0625f);
  EXPECT_EQ(read->keypoints[3].angle, 4.5f);
  ASSERT_EQ(read->scenes.size(), 1);
  EXPECT_EQ(read->scenes[0].hash, detail.scenes[0].hash);
  EXPECT_EQ(read->scenes[0].quality, 77);
  EXPECT_EQ(read->scenes[0].span.end, absl::Seconds(9));
  EXPECT_EQ(EncodeDetail(*read), bytes);
}

TEST(ClipRecordTest, DetailThatIsDamagedIsRefused) {
  const std::string whole = EncodeDetail(SomeDetail());
  for (size_t length = 0; length < whole.size(); ++length) {
    const auto read = DecodeDetail(whole.substr(0, length));
    EXPECT_TRUE(read.ok() || absl::IsDataLoss(read.status())) << length;
  }
  const auto damaged = [](void (*damage)(ClipDetail*)) {
    ClipDetail detail = SomeDetail();
    damage(&detail);
    return std::string(DecodeDetail(EncodeDetail(detail)).status().message());
  };
  EXPECT_THAT(damaged([](ClipDetail* d) { d->size.width = 0; }),
              HasSubstr("a side is 0"));
  EXPECT_THAT(damaged([](ClipDetail* d) { d->size.height = 1.5; }),
              HasSubstr("a side is 1.5"));
  EXPECT_THAT(
      damaged([](ClipDetail* d) { d->windows[0].windows[3].quality = 101; }),
      HasSubstr("a quality of windows is 101"));
  EXPECT_THAT(damaged([](ClipDetail* d) {
                d->windows[1].until = absl::Milliseconds(499);
              }),
              HasSubstr("windows at 499ms follows one at 500ms"));
  EXPECT_THAT(damaged([](ClipDetail* d) {
                d->windows[1].until = absl::Milliseconds(1001);
              }),
              HasSubstr("windows at 1s follows one at 1.001s"));
  EXPECT_THAT(
      damaged([](ClipDetail* d) { d->windows[2].until = absl::Hours(1000); }),
      HasSubstr("windows at 1000h"));
  EXPECT_THAT(
      damaged([](ClipDetail* d) { std::swap(d->windows[0], d->windows[2]); }),
      HasSubstr("windows at 500ms follows one at 1s"));
  EXPECT_THAT(damaged([](ClipDetail* d) { d->keypoints[1].angle = NAN; }),
              HasSubstr("keypoints has no number"));
  EXPECT_THAT(damaged([](ClipDetail* d) {
                std::swap(d->scenes[0].span.start, d->scenes[0].span.end);
              }),
              HasSubstr("scenes at 1s follows one at 9s"));
}

TEST(ClipRecordTest, RecordsAreReadAsTheyWereWritten) {
  const ListInfo list = SomeList();
  const auto list_read = DecodeList("list", EncodeList(list));
  ASSERT_TRUE(list_read.ok()) << list_read.status();
  EXPECT_EQ(list_read->issuer, list.issuer);
  EXPECT_EQ(list_read->version, list.version);
  EXPECT_EQ(list_read->entries, list.entries);
  EXPECT_EQ(list_read->frames, list.frames);
  EXPECT_EQ(list_read->changed, list.changed);

  const StoredEntry entry = SomeEntry();
  const auto entry_read = DecodeEntry("entry", EncodeEntry(entry));
  ASSERT_TRUE(entry_read.ok()) << entry_read.status();
  EXPECT_EQ(entry_read->info.clip_id, entry.info.clip_id);
  EXPECT_EQ(entry_read->info.severity, entry.info.severity);
  EXPECT_EQ(entry_read->info.duration, entry.info.duration);
  EXPECT_EQ(entry_read->info.frames, entry.info.frames);
  EXPECT_EQ(entry_read->info.added_in_version, entry.info.added_in_version);
  EXPECT_EQ(entry_read->sha256, entry.sha256);
  EXPECT_EQ(entry_read->md5, entry.md5);

  const ListChange change = SomeChange();
  const auto change_read = DecodeChange(5, EncodeChange(change));
  ASSERT_TRUE(change_read.ok()) << change_read.status();
  EXPECT_EQ(change_read->version, change.version);
  EXPECT_EQ(change_read->time, change.time);
  EXPECT_EQ(change_read->kind, change.kind);
  EXPECT_EQ(change_read->entry_ids, change.entry_ids);
  EXPECT_EQ(change_read->entries, change.entries);
  EXPECT_EQ(change_read->reason, change.reason);

  const auto tombstone = DecodeTombstone(
      EncodeTombstone({"list", "entry", /*added=*/3, /*withdrawn=*/8}));
  ASSERT_TRUE(tombstone.ok()) << tombstone.status();
  EXPECT_EQ(tombstone->list_id, "list");
  EXPECT_EQ(tombstone->entry_id, "entry");
  EXPECT_EQ(tombstone->added_in_version, 3);
  EXPECT_EQ(tombstone->withdrawn_in_version, 8);
}

ListInfo SomeSignedList() {
  ListInfo list = SomeList();
  list.held = 2;
  list.expired = 7;
  list.mode = ListMode::kShadow;
  list.mode_reason = "a flood";
  list.signed_version = 5;
  list.signed_sha256.fill(1);
  list.version_in_force = 4;
  list.sha256_in_force.fill(2);
  list.content.fill(3);
  list.terms = {.purpose = ListPurpose::kNeverMatch,
                .legal_basis = "Act 1",
                .jurisdictions = {"KR", "EU"},
                .expires = absl::FromUnixSeconds(1'800'000'000)};
  return list;
}

StoredEntry SomeListedEntry() {
  StoredEntry entry = SomeEntry();
  entry.info.terms = {.category = "ncii",
                      .expires = absl::FromUnixSeconds(1'800'000'000),
                      .max_distance = 0,
                      .advice = Advice::kReview,
                      .assessors = {"a", "b"}};
  entry.info.hold = Hold::kByHand;
  entry.info.hold_reason = "disputed";
  entry.sha1.emplace().fill(0xef);
  entry.digest.fill(9);
  return entry;
}

TEST(ClipRecordTest, WhatASignedListSaysIsReadAsItWasWritten) {
  const ListInfo list = SomeSignedList();
  const auto list_read = DecodeList("list", EncodeList(list));
  ASSERT_TRUE(list_read.ok()) << list_read.status();
  EXPECT_EQ(list_read->held, 2);
  EXPECT_EQ(list_read->expired, 7);
  EXPECT_EQ(list_read->mode, ListMode::kShadow);
  EXPECT_EQ(list_read->mode_reason, "a flood");
  EXPECT_EQ(list_read->signed_version, 5);
  EXPECT_EQ(list_read->signed_sha256, list.signed_sha256);
  EXPECT_EQ(list_read->version_in_force, 4);
  EXPECT_EQ(list_read->sha256_in_force, list.sha256_in_force);
  EXPECT_EQ(list_read->content, list.content);
  EXPECT_EQ(list_read->terms, list.terms);

  const StoredEntry entry = SomeListedEntry();
  const auto entry_read = DecodeEntry("entry", EncodeEntry(entry));
  ASSERT_TRUE(entry_read.ok()) << entry_read.status();
  EXPECT_EQ(entry_read->info.terms, entry.info.terms);
  EXPECT_EQ(entry_read->info.hold, Hold::kByHand);
  EXPECT_EQ(entry_read->info.hold_reason, "disputed");
  EXPECT_EQ(entry_read->sha1, entry.sha1);
  EXPECT_EQ(entry_read->digest, entry.digest);

  ListChange change = SomeChange();
  change.kind = ListChange::Kind::kRolledBack;
  change.actor = "officer";
  change.signed_version = 4;
  change.signed_sha256.fill(2);
  const auto change_read = DecodeChange(5, EncodeChange(change));
  ASSERT_TRUE(change_read.ok()) << change_read.status();
  EXPECT_EQ(change_read->kind, change.kind);
  EXPECT_EQ(change_read->actor, "officer");
  EXPECT_EQ(change_read->signed_version, 4);
  EXPECT_EQ(change_read->signed_sha256, change.signed_sha256);

  const auto expired =
      DecodeExpired(EncodeExpired({.clip_id = 77, .digest = entry.digest}));
  ASSERT_TRUE(expired.ok()) << expired.status();
  EXPECT_EQ(expired->clip_id, 77);
  EXPECT_EQ(expired->digest, entry.digest);

  const auto tombstone = DecodeTombstone(
      EncodeTombstone({.list_id = "list",
                       .entry_id = "entry",
                       .added_in_version = 3,
                       .withdrawn_in_version = 8,
                       .withdrawn = absl::FromUnixSeconds(1'750'000'000),
                       .reason = "expired"}));
  ASSERT_TRUE(tombstone.ok()) << tombstone.status();
  EXPECT_EQ(tombstone->withdrawn, absl::FromUnixSeconds(1'750'000'000));
  EXPECT_EQ(tombstone->reason, "expired");
}

// The bytes of format 1, which format 2 adds to. If this fails, what is on disk
// can no longer be read.
TEST(ClipRecordTest, TheFormatIsFrozen) {
  EXPECT_EQ(absl::BytesToHexString(EncodeEntry(SomeEntry())),
            "084d100318d385d8cc0420052809"
            "3220" +
                absl::BytesToHexString(std::string(32, '\xab')) + "3a10" +
                absl::BytesToHexString(std::string(16, '\xcd')));
  EXPECT_EQ(absl::BytesToHexString(EncodeList(SomeList())),
            "0a0869737375657220ff100c1803209003"
            "28c084f582daf38d03");
  EXPECT_EQ(absl::BytesToHexString(EncodeChange(SomeChange())),
            "080210f9ffffffffffffffff011a01611a016220e8072a0e"
            "627920636f757274206f72646572");
  EXPECT_EQ(absl::BytesToHexString(EncodeTombstone({"list", "entry", 3, 8})),
            "0a046c697374"
            "1205656e747279"
            "18032008");
  const Hash256 hash = *HashFromHex(
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  EXPECT_EQ(absl::BytesToHexString(EncodeFrames(
                {{hash, 99, absl::Milliseconds(250), absl::Seconds(1)}})),
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
            "63"
            "000000000ee6b280"
            "000000003b9aca00");
}

TEST(ClipRecordTest, FramesAreReadAsTheyWereWritten) {
  Random random(1);
  std::vector<ReferenceFrame> frames;
  for (int i = 0; i < 1000; ++i) {
    const absl::Duration time =
        absl::Nanoseconds(i / 2 * int64_t{1'000'000'001});
    frames.push_back({RandomHash(random), Below(101, random), time,
                      time + (i % 2) * absl::Milliseconds(i)});
  }
  std::vector<ReferenceFrame> read;
  const absl::Span<const ReferenceFrame> all = frames;
  ASSERT_TRUE(DecodeFrames(EncodeFrames(all.subspan(0, 300)), &read).ok());
  ASSERT_TRUE(DecodeFrames(EncodeFrames(all.subspan(300)), &read).ok());
  EXPECT_EQ(read, frames);
  EXPECT_EQ(EncodeFrames(all.subspan(0, 1)).substr(0, 32),
            ToBytes(frames[0].hash));
}

TEST(ClipRecordTest, DamagedFramesAreNoticed) {
  const ReferenceFrame frame = {{}, 100, absl::Seconds(1)};
  const std::string good = EncodeFrames({frame, frame});
  const auto decode = [](const std::string& bytes) {
    std::vector<ReferenceFrame> frames;
    return DecodeFrames(bytes, &frames);
  };
  EXPECT_TRUE(decode(good).ok());
  EXPECT_TRUE(absl::IsDataLoss(decode(good.substr(1))));
  std::string quality = good;
  quality[32] = 101;
  EXPECT_THAT(std::string(decode(quality).message()), HasSubstr("quality"));
  std::string order = good;
  order[33 + 3] = 1;  // The first frame's time is now after the second's.
  EXPECT_TRUE(absl::IsDataLoss(decode(order)));
  std::string until = good;
  until[33 + 8 + 3] = 1;  // The first frame now stays beyond the second's time.
  EXPECT_THAT(std::string(decode(until).message()),
              HasSubstr("follows one at"));
  until = good;
  until[33 + 8 + 6] ^= 2;  // 512 nanoseconds before its own time.
  EXPECT_THAT(std::string(decode(until).message()),
              HasSubstr("a frame at 1s stays until 999.999488ms"));
  EXPECT_TRUE(absl::IsDataLoss(
      decode(EncodeFrames({{{}, 100, absl::Seconds(1), absl::Hours(1000)}}))));
  std::string negative = good;
  negative[33] = '\x80';
  EXPECT_TRUE(absl::IsDataLoss(decode(negative)));
}

TEST(ClipRecordTest, ValuesOutOfBoundsAreNoticed) {
  const auto list = [](auto change) {
    ListInfo info = SomeList();
    change(info);
    return DecodeList("list", EncodeList(info)).status();
  };
  EXPECT_TRUE(absl::IsDataLoss(list([](auto& l) { l.issuer = ""; })));
  EXPECT_TRUE(absl::IsDataLoss(list([](auto& l) { l.version = -1; })));
  EXPECT_TRUE(absl::IsDataLoss(list([](auto& l) { l.entries = -1; })));
  EXPECT_TRUE(absl::IsDataLoss(list([](auto& l) { l.frames = -1; })));
  EXPECT_TRUE(
      absl::IsDataLoss(DecodeList("Bad id", EncodeList(SomeList())).status()));

  const auto entry = [](auto change) {
    StoredEntry stored = SomeEntry();
    change(stored.info);
    return DecodeEntry("entry", EncodeEntry(stored)).status();
  };
  EXPECT_TRUE(absl::IsDataLoss(entry([](auto& e) { e.clip_id = 0; })));
  EXPECT_TRUE(absl::IsDataLoss(
      entry([](auto& e) { e.severity = static_cast<Severity>(0); })));
  EXPECT_TRUE(absl::IsDataLoss(
      entry([](auto& e) { e.severity = static_cast<Severity>(9); })));
  EXPECT_TRUE(
      absl::IsDataLoss(entry([](auto& e) { e.duration = -absl::Seconds(1); })));
  EXPECT_TRUE(absl::IsDataLoss(
      entry([](auto& e) { e.duration = absl::Hours(100'000); })));
  EXPECT_TRUE(absl::IsDataLoss(entry([](auto& e) { e.frames = -1; })));
  EXPECT_TRUE(absl::IsDataLoss(entry([](auto& e) { e.frames = 1'000'001; })));
  EXPECT_TRUE(absl::IsDataLoss(entry([](auto& e) { e.added_in_version = 0; })));
  EXPECT_TRUE(
      absl::IsDataLoss(DecodeEntry("", EncodeEntry(SomeEntry())).status()));

  ListChange change = SomeChange();
  EXPECT_TRUE(absl::IsDataLoss(DecodeChange(0, EncodeChange(change)).status()));
  change.entries = 1;
  EXPECT_TRUE(absl::IsDataLoss(DecodeChange(5, EncodeChange(change)).status()));
  change = SomeChange();
  change.kind = static_cast<ListChange::Kind>(9);
  EXPECT_TRUE(absl::IsDataLoss(DecodeChange(5, EncodeChange(change)).status()));

  EXPECT_TRUE(absl::IsDataLoss(
      DecodeTombstone(EncodeTombstone({"list", "entry", 8, 8})).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      DecodeTombstone(EncodeTombstone({"", "entry", 3, 8})).status()));
}

// Whatever the bytes, decoding answers; it reads nothing outside of them.
TEST(ClipRecordTest, AnyBytesAreEitherRecordsOrDamage) {
  Random random(2);
  const std::vector<std::string> good = {
      EncodeList(SomeList()),
      EncodeEntry(SomeEntry()),
      EncodeList(SomeSignedList()),
      EncodeEntry(SomeListedEntry()),
      EncodeExpired({.clip_id = 1, .digest = {}}),
      EncodeChange(SomeChange()),
      EncodeTombstone({"list", "entry", 3, 8}),
      EncodeFrames({{{}, 100, absl::Seconds(1)}})};
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good[Below(good.size(), random)];
    for (int i = Below(4, random); i >= 0 && !bytes.empty(); --i) {
      if (Below(3, random) == 0) {
        bytes.resize(Below(bytes.size(), random));
      } else {
        bytes[Below(bytes.size(), random)] = random();
      }
    }
    std::vector<ReferenceFrame> frames;
    for (const absl::Status& status :
         {DecodeList("list", bytes).status(),
          DecodeEntry("entry", bytes).status(), DecodeChange(5, bytes).status(),
          DecodeTombstone(bytes).status(), DecodeExpired(bytes).status(),
          DecodeFrames(bytes, &frames)}) {
      ASSERT_TRUE(status.ok() || absl::IsDataLoss(status)) << status;
    }
  }
}

}  // namespace
}  // namespace lenscap
