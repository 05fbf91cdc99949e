#include "index/upload_record.h"

#include <string>
#include <utility>
#include <vector>

#include "fingerprint/derive_dihedral.h"
#include "gtest/gtest.h"
#include "index/clip_set.h"
#include "index/upload_record.pb.h"
#include "tests/index/hashes.h"
#include "tests/index/uploads.h"

namespace lenscap {
namespace {

UploadFingerprint RoundTrip(const UploadFingerprint& upload) {
  const auto decoded = DecodeFingerprint(EncodeFingerprint(upload));
  EXPECT_TRUE(decoded.ok()) << decoded.status();
  return decoded.value_or(UploadFingerprint());
}

void ExpectSameFrames(const std::vector<FrameFingerprint>& a,
                      const std::vector<FrameFingerprint>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].time, b[i].time) << i;
    EXPECT_EQ(a[i].quality(), b[i].quality()) << i;
    EXPECT_EQ(a[i].pdq.hashes, b[i].pdq.hashes) << i;
  }
}

std::vector<FrameFingerprint> MovingFrames(int count, Random& random) {
  auto frames = FramesOf(MovingHashes(count, 40, random), random);
  for (FrameFingerprint& frame : frames) {
    frame.time += absl::Microseconds(Below(400'000, random));
    frame.pdq.quality = Below(101, random);
  }
  return frames;
}

TEST(UploadRecordTest, AFingerprintComesBackAsItWas) {
  Random random(1);
  UploadFingerprint upload;
  upload.digests.sha256.fill(1);
  upload.digests.md5.fill(2);
  upload.digests.sha1.fill(3);
  upload.duration = absl::Microseconds(17'000'001);
  upload.frames = MovingFrames(50, random);
  upload.parts.push_back({.part = {.kind = LayoutPart::Kind::kInner,
                                   .region = {0.1, 0.2, 0.7, 0.9},
                                   .row = 1,
                                   .column = 2,
                                   .rows = 3,
                                   .columns = 4},
                          .frames = MovingFrames(50, random)});
  const UploadFingerprint restored = RoundTrip(upload);
  EXPECT_EQ(restored.digests, upload.digests);
  EXPECT_EQ(restored.duration, upload.duration);
  ExpectSameFrames(restored.frames, upload.frames);
  ASSERT_EQ(restored.parts.size(), 1);
  const LayoutPart& part = restored.parts[0].part;
  EXPECT_EQ(part.kind, LayoutPart::Kind::kInner);
  EXPECT_EQ(part.region.left, 0.1);
  EXPECT_EQ(part.region.bottom, 0.9);
  EXPECT_EQ(part.row, 1);
  EXPECT_EQ(part.column, 2);
  EXPECT_EQ(part.rows, 3);
  EXPECT_EQ(part.columns, 4);
  ExpectSameFrames(restored.parts[0].frames, upload.parts[0].frames);
}

TEST(UploadRecordTest, AnEmptyFingerprintComesBackEmpty) {
  const UploadFingerprint restored = RoundTrip({});
  EXPECT_TRUE(restored.frames.empty());
  EXPECT_TRUE(restored.parts.empty());
}

TEST(UploadRecordTest, AStillPictureIsStoredOnceAndComesBackWithItsFrames) {
  Random random(2);
  const Hash256 still = RandomHash(random);
  std::vector<Hash256> hashes(1000, still);
  hashes.push_back(RandomHash(random));
  UploadFingerprint upload;
  upload.frames = FramesOf(hashes, random);
  for (int i = 1; i < 1000; ++i) upload.frames[i].pdq = upload.frames[0].pdq;
  EXPECT_LT(EncodeFingerprint(upload).size(), 1000);
  const UploadFingerprint restored = RoundTrip(upload);
  ExpectSameFrames(restored.frames, upload.frames);
}

TEST(UploadRecordTest, MatchesAreTheSameAfterwards) {
  Random random(3);
  const auto known = MovingHashes(80, 40, random);
  const ClipSet clips(MakeClip("list", "entry", known));
  int found = 0;
  for (int turn = 0; turn < kOrientations; ++turn) {
    auto copy = CopyOf(known, 20, 20, 8, random);
    for (Hash256& hash : copy) {
      hash = DeriveDihedral({.hash = hash, .quality = 0}).hashes[turn];
    }
    UploadFingerprint upload = MakeUpload(MovingHashes(20, 40, random));
    upload.frames = FramesOf(MovingHashes(20, 40, random), random);
    upload.parts.push_back({.part = {.kind = LayoutPart::Kind::kTile,
                                     .region = {0, 0, 0.5, 0.5},
                                     .row = 0,
                                     .column = 0,
                                     .rows = 2,
                                     .columns = 2},
                            .frames = FramesOf(copy, random)});
    if (turn % 2 == 0) std::swap(upload.frames, upload.parts[0].frames);
    const auto expected = clips.Match(upload);
    const auto matches = clips.Match(RoundTrip(upload));
    found += !expected.empty();
    ASSERT_EQ(matches.size(), expected.size()) << turn;
    if (matches.empty()) continue;
    EXPECT_EQ(matches[0].orientation, expected[0].orientation);
    EXPECT_EQ(matches[0].part.kind, expected[0].part.kind);
    EXPECT_EQ(matches[0].query, expected[0].query);
    EXPECT_EQ(matches[0].reference, expected[0].reference);
    EXPECT_EQ(matches[0].score, expected[0].score);
    EXPECT_EQ(matches[0].median_distance, expected[0].median_distance);
  }
  EXPECT_GE(found, 2);
}

TEST(UploadRecordTest, WhatIsSaidOfAnUploadComesBack) {
  KeptUpload upload = CleanUpload("content\xff");
  upload.kept = absl::FromUnixMicros(1'750'000'000'123'456);
  upload.case_id = "case";
  upload.action = v1::ACTION_REVIEW;
  upload.clips_below = 77;
  upload.tenant = "forum";
  upload.platform_class = "social";
  upload.fingerprint_bytes = 12;
  const auto decoded = DecodeKeptUpload(5, EncodeKeptUpload(upload));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->sequence, 5);
  EXPECT_EQ(decoded->kept, upload.kept);
  EXPECT_EQ(decoded->content_id, upload.content_id);
  EXPECT_EQ(decoded->account, upload.account);
  EXPECT_EQ(decoded->group, upload.group);
  EXPECT_EQ(decoded->tenant, upload.tenant);
  EXPECT_EQ(decoded->platform_class, upload.platform_class);
  EXPECT_EQ(decoded->action, upload.action);
  EXPECT_EQ(decoded->case_id, upload.case_id);
  EXPECT_EQ(decoded->clips_below, upload.clips_below);
  EXPECT_EQ(decoded->report, upload.report);
  EXPECT_EQ(decoded->fingerprint_bytes, 12);
}

// Whatever the damage: an answer, and never more frames than are bounded.
TEST(UploadRecordTest, DamagedRecordsAreRefusedOrReadButNeverCrash) {
  Random random(4);
  UploadFingerprint upload = MakeUpload(MovingHashes(20, 40, random));
  upload.parts.push_back({.part = {}, .frames = MovingFrames(50, random)});
  const std::string bytes = EncodeFingerprint(upload);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << Below(8, random)));
    const auto decoded = DecodeFingerprint(damaged);
    if (!decoded.ok()) {
      EXPECT_EQ(decoded.status().code(), absl::StatusCode::kDataLoss);
    }
    DecodeFingerprint(bytes.substr(0, i)).IgnoreError();
  }
}

TEST(UploadRecordTest, EachKindOfDamageIsNamed) {
  Random random(5);
  index::FingerprintRecord whole;
  ASSERT_TRUE(whole.ParseFromString(
      EncodeFingerprint(MakeUpload(MovingHashes(3, 40, random)))));
  const auto message_of = [&](const auto& damage) {
    index::FingerprintRecord record = whole;
    damage(record);
    const auto decoded = DecodeFingerprint(record.SerializeAsString());
    EXPECT_EQ(decoded.status().code(), absl::StatusCode::kDataLoss);
    return std::string(decoded.status().message());
  };
  using Record = index::FingerprintRecord;
  EXPECT_EQ(message_of([](Record& r) { r.set_sha256("short"); }),
            "sha256 has 5 bytes, not 32");
  EXPECT_EQ(message_of([](Record& r) { r.set_duration_micros(-1); }),
            "duration_micros is -1");
  EXPECT_EQ(message_of([](Record& r) { r.mutable_whole()->clear_gaps(); }),
            "its frames have unequal numbers of hashes and times");
  EXPECT_EQ(message_of([](Record& r) { r.mutable_whole()->set_counts(0, 0); }),
            "a frame counts 0 times");
  EXPECT_EQ(message_of([](Record& r) {
              r.mutable_whole()->set_counts(1, 4'000'000'000);
            }),
            "a frame counts 4000000000 times");
  EXPECT_EQ(
      message_of([](Record& r) { r.mutable_whole()->set_gaps(1, ~0ull); }),
      "a frame is too late");
  EXPECT_EQ(message_of([](Record& r) {
              r.mutable_whole()->mutable_qualities()->at(0) = 101;
            }),
            "a quality is 101");
  EXPECT_EQ(
      message_of([](Record& r) { r.mutable_whole()->clear_corrections(); }),
      "corrections are missing");
  EXPECT_EQ(message_of([](Record& r) {
              r.mutable_whole()->mutable_corrections()->push_back(0);
            }),
            "there are too many corrections");
  EXPECT_EQ(message_of([](Record& r) { r.add_parts(); }),
            "a region has 0 sides");
}

}  // namespace
}  // namespace lenscap
