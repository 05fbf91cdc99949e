#include "services/convert.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "services/grpc_status.h"

namespace lenscap {
namespace {

TEST(ConvertTest, DurationsKeepTheirNanoseconds) {
  for (const absl::Duration duration :
       {absl::ZeroDuration(), absl::Nanoseconds(1), absl::Milliseconds(1500),
        -absl::Milliseconds(1500), absl::Hours(12)}) {
    EXPECT_EQ(FromProto(ToProto(duration)), duration);
  }
  const google::protobuf::Duration negative =
      ToProto(-absl::Milliseconds(1500));
  EXPECT_EQ(negative.seconds(), -1);  // Both have one sign, as protobuf wants.
  EXPECT_EQ(negative.nanos(), -500'000'000);
}

TEST(ConvertTest, WhatProtobufCannotHoldIsCut) {
  EXPECT_EQ(ToProto(absl::InfiniteDuration()).seconds(), 315'576'000'000);
  EXPECT_EQ(ToProto(-absl::InfiniteDuration()).seconds(), -315'576'000'000);
  EXPECT_EQ(ToProto(absl::InfiniteFuture()).seconds(), 253'402'300'799);
  EXPECT_EQ(ToProto(absl::InfinitePast()).seconds(), -62'135'596'800);
}

TEST(ConvertTest, TimesKeepTheirNanoseconds) {
  for (const absl::Time time :
       {absl::UnixEpoch(), absl::FromUnixNanos(1'750'000'000'123'456'789),
        absl::FromUnixNanos(-1)}) {
    EXPECT_EQ(FromProto(ToProto(time)), time);
  }
  // Nanoseconds of a timestamp are never negative.
  EXPECT_EQ(ToProto(absl::FromUnixNanos(-1)).seconds(), -1);
  EXPECT_EQ(ToProto(absl::FromUnixNanos(-1)).nanos(), 999'999'999);
}

TEST(ConvertTest, SpansAreHalfOpenOnBothSides) {
  const TimeSpan span = {absl::Seconds(1), absl::Milliseconds(2500)};
  EXPECT_EQ(ToProto(span).start().seconds(), 1);
  EXPECT_EQ(ToProto(span).end().nanos(), 500'000'000);
  EXPECT_EQ(FromProto(ToProto(span)), span);
}

TEST(ConvertTest, EachOrientationHasItsName) {
  EXPECT_EQ(ToProto(Orientation::kUpright), v1::ORIENTATION_UPRIGHT);
  EXPECT_EQ(ToProto(Orientation::kRotated90), v1::ORIENTATION_ROTATED_90);
  EXPECT_EQ(ToProto(Orientation::kRotated180), v1::ORIENTATION_ROTATED_180);
  EXPECT_EQ(ToProto(Orientation::kRotated270), v1::ORIENTATION_ROTATED_270);
  EXPECT_EQ(ToProto(Orientation::kFlipped), v1::ORIENTATION_FLIPPED);
  EXPECT_EQ(ToProto(Orientation::kMirrored), v1::ORIENTATION_MIRRORED);
  EXPECT_EQ(ToProto(Orientation::kTransposed), v1::ORIENTATION_TRANSPOSED);
  EXPECT_EQ(ToProto(Orientation::kTransversed), v1::ORIENTATION_TRANSVERSED);
}

TEST(ConvertTest, EachSeverityHasItsName) {
  EXPECT_EQ(ToProto(Severity::kSuspected), v1::SEVERITY_SUSPECTED);
  EXPECT_EQ(ToProto(Severity::kConfirmed), v1::SEVERITY_CONFIRMED);
  EXPECT_EQ(ToProto(Severity::kCritical), v1::SEVERITY_CRITICAL);
  EXPECT_EQ(FromProto(v1::SEVERITY_CRITICAL), Severity::kCritical);
}

TEST(ConvertTest, AMatchKeepsEveryField) {
  const ClipMatch match = {.list_id = "list",
                           .list_version = 7,
                           .issuer = "hotline",
                           .entry_id = "entry",
                           .clip_id = 9,
                           .severity = Severity::kConfirmed,
                           .kind = ClipMatch::Kind::kFrames,
                           .score = 0.625,
                           .query = {absl::Seconds(1), absl::Seconds(6)},
                           .reference = {absl::Seconds(31), absl::Seconds(36)},
                           .query_coverage = 0.25,
                           .reference_coverage = 0.5,
                           .frames_matched = 10,
                           .frames_sampled = 11,
                           .best_distance = 2,
                           .median_distance = 6,
                           .orientation = Orientation::kMirrored,
                           .speed = 1.25,
                           .negative = true,
                           .part = {.kind = PicturePart::Kind::kTile,
                                    .query = {0.25, 0.5, 0.5, 0.75},
                                    .reference = {0, 0, 1, 0.5},
                                    .row = 2,
                                    .column = 1,
                                    .rows = 4,
                                    .columns = 6}};
  const v1::ClipMatch proto = ToProto(match);
  EXPECT_EQ(proto.list_id(), "list");
  EXPECT_EQ(proto.list_version(), 7);
  EXPECT_EQ(proto.issuer(), "hotline");
  EXPECT_EQ(proto.entry_id(), "entry");
  EXPECT_EQ(proto.clip_id(), 9);
  EXPECT_EQ(proto.severity(), v1::SEVERITY_CONFIRMED);
  EXPECT_EQ(proto.kind(), v1::ClipMatch::KIND_FRAMES);
  EXPECT_EQ(FromProto(proto.query()), match.query);
  EXPECT_EQ(FromProto(proto.reference()), match.reference);
  EXPECT_EQ(proto.query_coverage(), 0.25);
  EXPECT_EQ(proto.reference_coverage(), 0.5);
  EXPECT_EQ(proto.frames_matched(), 10);
  EXPECT_EQ(proto.frames_sampled(), 11);
  EXPECT_EQ(proto.best_distance(), 2);
  EXPECT_EQ(proto.median_distance(), 6);
  EXPECT_EQ(proto.transform().orientation(), v1::ORIENTATION_MIRRORED);
  EXPECT_EQ(proto.transform().speed(), 1.25);
  EXPECT_TRUE(proto.transform().negative());
  EXPECT_EQ(proto.score(), 0.625);
  EXPECT_EQ(proto.part().kind(), v1::PicturePart::KIND_TILE);
  EXPECT_EQ(proto.part().query().left(), 0.25);
  EXPECT_EQ(proto.part().query().top(), 0.5);
  EXPECT_EQ(proto.part().query().right(), 0.5);
  EXPECT_EQ(proto.part().query().bottom(), 0.75);
  EXPECT_EQ(proto.part().reference().bottom(), 0.5);
  EXPECT_EQ(proto.part().row(), 2);
  EXPECT_EQ(proto.part().column(), 1);
  EXPECT_EQ(proto.part().rows(), 4);
  EXPECT_EQ(proto.part().columns(), 6);
}

TEST(ConvertTest, CuesKeepTheirSpansAndEvidence) {
  CueReport report;
  report.cues.push_back({.name = "fixed_angle",
                         .probability = 0.75,
                         .spans = {{absl::Seconds(1), absl::Seconds(2)}},
                         .evidence = "edges persist in 98 % of the frames"});
  report.model_version = "3";
  const v1::CueReport proto = ToProto(report);
  ASSERT_EQ(proto.cues_size(), 1);
  EXPECT_EQ(proto.cues(0).name(), "fixed_angle");
  EXPECT_EQ(proto.cues(0).probability(), 0.75);
  EXPECT_EQ(FromProto(proto.cues(0).spans(0)), report.cues[0].spans[0]);
  EXPECT_EQ(proto.cues(0).evidence(), report.cues[0].evidence);
  EXPECT_EQ(proto.model_version(), "3");
}

TEST(ConvertTest, FactsGiveTheDecodedDurationBeforeTheDeclaredOne) {
  MediaFacts facts;
  facts.container = "matroska,webm";
  facts.codec = "vp9";
  facts.width = 640;
  facts.height = 480;
  facts.declared_duration = absl::Seconds(60);
  facts.decoded_duration = absl::Seconds(10);
  facts.frames_decoded = 250;
  facts.frames_sampled = 20;
  facts.bytes = 1234;
  facts.truncated = true;
  const v1::MediaFacts proto = ToProto(facts);
  EXPECT_EQ(proto.container(), "matroska,webm");
  EXPECT_EQ(proto.codec(), "vp9");
  EXPECT_EQ(proto.width(), 640);
  EXPECT_EQ(proto.height(), 480);
  EXPECT_EQ(FromProto(proto.duration()), facts.duration());
  EXPECT_EQ(proto.frames_decoded(), 250);
  EXPECT_EQ(proto.frames_sampled(), 20);
  EXPECT_EQ(proto.bytes(), 1234);
  EXPECT_TRUE(proto.truncated());
}

TEST(ConvertTest, ListsEntriesChangesAndFramesKeepEveryField) {
  const v1::HashList list = ToProto(ListInfo{.list_id = "l",
                                             .issuer = "i",
                                             .version = 2,
                                             .entries = 3,
                                             .frames = 4,
                                             .changed = absl::UnixEpoch()});
  EXPECT_EQ(list.ShortDebugString(),
            "list_id: \"l\" issuer: \"i\" version: 2 entries: 3 frames: 4 "
            "changed { } mode: LIST_MODE_ACTIVE "
            "purpose: LIST_PURPOSE_KNOWN_CLIPS");
  const v1::ListEntry entry = ToProto(EntryInfo{.entry_id = "e",
                                                .clip_id = 5,
                                                .severity = Severity::kCritical,
                                                .duration = absl::Seconds(6),
                                                .frames = 7,
                                                .added_in_version = 8});
  EXPECT_EQ(entry.ShortDebugString(),
            "entry_id: \"e\" clip_id: 5 severity: SEVERITY_CRITICAL "
            "duration { seconds: 6 } frames: 7 added_in_version: 8 "
            "max_distance: 31");
  const v1::ListChange change =
      ToProto(ListChange{.version = 9,
                         .time = absl::UnixEpoch(),
                         .kind = ListChange::Kind::kWithdrawn,
                         .entry_ids = {"e", "f"},
                         .entries = 200,
                         .reason = "error"});
  EXPECT_EQ(change.ShortDebugString(),
            "version: 9 time { } kind: KIND_WITHDRAWN entry_ids: \"e\" "
            "entry_ids: \"f\" entries: 200 reason: \"error\"");
  Hash256 hash;
  hash.words[3] = uint64_t{0xab} << 56;  // The most significant byte is first.
  const v1::ReferenceFrame frame =
      ToProto(ReferenceFrame{hash, 90, absl::Milliseconds(250)});
  EXPECT_EQ(frame.pdq().size(), 32);
  EXPECT_EQ(frame.pdq()[0], '\xab');
  EXPECT_EQ(frame.quality(), 90);
  EXPECT_EQ(FromProto(frame.time()), absl::Milliseconds(250));
  EXPECT_FALSE(frame.has_until());
  EXPECT_EQ(FromProto(ToProto(ReferenceFrame{hash, 90, absl::Milliseconds(250),
                                             absl::Hours(1)})
                          .until()),
            absl::Hours(1));
}

TEST(ConvertTest, WhatCuesRestOnIsTold) {
  CueReport report;
  report.cues.push_back({.name = "fisheye",
                         .probability = 0.75,
                         .spans = {},
                         .evidence = "bent",
                         .contribution = 1.5});
  report.motion.push_back({absl::Seconds(1), 0.5f, -0.25f, 1.125f});
  report.texts.push_back({.left = 0.25,
                          .top = 0.5,
                          .right = 0.75,
                          .bottom = 1,
                          .text = "23:14:05",
                          .clock = BurnedInText::Clock::kOtherRate,
                          .rate = 2});
  report.distortion = 0.5;
  report.rows = 4;
  report.columns = 6;
  const v1::CueReport proto = ToProto(report);
  EXPECT_EQ(proto.cues(0).contribution(), 1.5);
  EXPECT_EQ(FromProto(proto.motion(0).time()), absl::Seconds(1));
  EXPECT_EQ(proto.motion(0).dx(), 0.5f);
  EXPECT_EQ(proto.motion(0).dy(), -0.25f);
  EXPECT_EQ(proto.motion(0).zoom(), 1.125f);
  EXPECT_EQ(proto.texts(0).region().right(), 0.75);
  EXPECT_EQ(proto.texts(0).text(), "23:14:05");
  EXPECT_EQ(proto.texts(0).clock(), v1::BurnedInText::CLOCK_OTHER_RATE);
  EXPECT_EQ(proto.texts(0).rate(), 2);
  EXPECT_EQ(proto.distortion(), 0.5);
  EXPECT_EQ(proto.rows(), 4);
  EXPECT_EQ(proto.columns(), 6);
}

TEST(ConvertTest, DigestsComeBackFromTheirBytes) {
  FileDigests digests;
  digests.sha256 = Sha256Of("file");
  digests.md5[0] = 0xff;
  digests.sha1[19] = 0x7f;
  const std::string sha1 = ToBytes(digests.sha1);
  const auto back =
      DigestsFromBytes(ToBytes(digests.sha256), ToBytes(digests.md5), sha1);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, digests);
  EXPECT_FALSE(DigestsFromBytes("short", ToBytes(digests.md5), sha1).ok());
  EXPECT_FALSE(DigestsFromBytes(ToBytes(digests.sha256), "", sha1).ok());
  EXPECT_FALSE(
      DigestsFromBytes(ToBytes(digests.sha256), ToBytes(digests.md5), "short")
          .ok());
  digests.sha1 = {};
  EXPECT_EQ(
      *DigestsFromBytes(ToBytes(digests.sha256), ToBytes(digests.md5), ""),
      digests)
      << "of an earlier version";
  EXPECT_EQ(DigestName(digests.sha256), "sha256:" + ToHex(digests.sha256));
}

TEST(GrpcStatusTest, CodesAndMessagesPassThrough) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  const absl::Status status = absl::ResourceExhaustedError("full");
  EXPECT_EQ(ToGrpc(status).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ToGrpc(status).error_message(), "full");
  EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
}

TEST(GrpcStatusTest, AMessageThatFitsNoTrailerIsCut) {
  const grpc::Status status =
      ToGrpc(absl::InternalError(std::string(100'000, 'x')));
  EXPECT_EQ(status.error_message().size(), 2048);
}

}  // namespace
}  // namespace lenscap
