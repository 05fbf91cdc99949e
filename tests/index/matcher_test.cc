#include "index/matcher.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

template <typename... Parts>
std::vector<Hash256> Concatenated(std::vector<Hash256> all,
                                  const Parts&... parts) {
  (all.insert(all.end(), parts.begin(), parts.end()), ...);
  return all;
}

class MatcherTest : public testing::Test {
 protected:
  uint32_t Add(const Clip& clip) {
    const uint32_t clip_id = next_clip_++;
    state_ = state_.With({.added = {MakeSearchedClip(clip, clip_id, 50)},
                          .removed = {},
                          .lists = {{.list_id = clip.list_id,
                                     .issuer = "the issuer",
                                     .version = 70 + clip_id,
                                     .entries = 1,
                                     .frames = 1,
                                     .changed = {}}}});
    return clip_id;
  }
  std::vector<ClipMatch> Match(const UploadFingerprint& upload,
                               const MatchOptions& options = {}) {
    return FindMatches(state_, upload, options);
  }
  std::vector<Hash256> Moving(int count) {
    return MovingHashes(count, 8, random_);
  }
  static void ExpectNear(const TimeSpan& span, double start, double end,
                         double tolerance) {
    EXPECT_NEAR(absl::ToDoubleSeconds(span.start), start, tolerance);
    EXPECT_NEAR(absl::ToDoubleSeconds(span.end), end, tolerance);
  }

  Random random_{1};
  SearchState state_;
  uint32_t next_clip_ = 1;
};

TEST_F(MatcherTest, AnEmptyStoreAndAnEmptyUploadMatchNothing) {
  EXPECT_THAT(Match({}), IsEmpty());
  EXPECT_THAT(Match(MakeUpload(Moving(10))), IsEmpty());
  Add(MakeClip("list", "entry", Moving(100)));
  EXPECT_THAT(Match({}), IsEmpty());
  EXPECT_THAT(Match(MakeUpload(Moving(50))), IsEmpty());
}

TEST_F(MatcherTest, AMatchSaysWhatWhereAndHowClose) {
  // Ten seconds from 50 s on, of 100 s, stand at 20 s of 60 s.
  const auto hashes = Moving(400);
  Clip clip = MakeClip("list", "entry", hashes);
  clip.severity = Severity::kCritical;
  for (int i = 0; i < 50; ++i) Add(MakeClip("other", "x", Moving(100)));
  const uint32_t clip_id = Add(clip);
  const auto matches = Match(MakeUpload(Concatenated(
      Moving(40), CopyOf(hashes, 200, 20, 6, random_), Moving(60))));
  ASSERT_THAT(matches, SizeIs(1));
  const ClipMatch& match = matches[0];
  EXPECT_EQ(match.list_id, "list");
  EXPECT_EQ(match.list_version, 70 + clip_id);
  EXPECT_EQ(match.issuer, "the issuer");
  EXPECT_EQ(match.entry_id, "entry");
  EXPECT_EQ(match.clip_id, clip_id);
  EXPECT_EQ(match.severity, Severity::kCritical);
  EXPECT_EQ(match.kind, ClipMatch::Kind::kFrames);
  EXPECT_EQ(match.query, (TimeSpan{absl::Seconds(20), absl::Seconds(30)}));
  ExpectNear(match.reference, 50, 60, 0.26);
  EXPECT_EQ(match.reference.length(), absl::Seconds(10));
  EXPECT_NEAR(match.query_coverage, 10.0 / 60, 1e-9);
  EXPECT_NEAR(match.reference_coverage, 0.1, 1e-9);
  EXPECT_EQ(match.frames_matched, 20);
  EXPECT_EQ(match.frames_sampled, 20);
  EXPECT_EQ(match.best_distance, 6);
  EXPECT_EQ(match.median_distance, 6);
  EXPECT_EQ(match.orientation, Orientation::kUpright);
  EXPECT_EQ(match.speed, 1);
}

TEST_F(MatcherTest, EveryTurnIsFoundAndNamed) {
  const auto hashes = Moving(200);
  Add(MakeClip("list", "entry", hashes));
  for (int o = 0; o < kOrientations; ++o) {
    auto copy = CopyOf(hashes, 40, 20, 6, random_);
    const auto turn = static_cast<Orientation>(o);
    for (Hash256& hash : copy) hash = Turned(hash, turn);
    const auto matches = Match(MakeUpload(copy));
    ASSERT_THAT(matches, SizeIs(1)) << o;
    // What turning by 90 degrees makes the reference was turned by 270.
    const Orientation expected =
        turn == Orientation::kRotated90    ? Orientation::kRotated270
        : turn == Orientation::kRotated270 ? Orientation::kRotated90
                                           : turn;
    EXPECT_EQ(matches[0].orientation, expected);
    EXPECT_EQ(matches[0].frames_matched, 20);
  }
}

TEST_F(MatcherTest, OneStretchOfAClipIsReportedOneWay) {
  // A picture that is its own mirror image, nearly.
  auto hashes = Moving(200);
  Clip clip = MakeClip("list", "entry", hashes);
  Add(clip);
  UploadFingerprint upload = MakeUpload(CopyOf(hashes, 0, 40, 6, random_));
  for (FrameFingerprint& frame : upload.frames) {
    frame.pdq.hashes[5] = AtDistance(frame.pdq.hashes[0], 4, random_);
  }
  const auto matches = Match(upload);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].orientation, Orientation::kUpright);
}

TEST_F(MatcherTest, FramesOfLowQualityAreNotCompared) {
  const auto hashes = Moving(200);
  Add(MakeClip("list", "entry", hashes));
  UploadFingerprint upload = MakeUpload(CopyOf(hashes, 0, 40, 6, random_));
  for (FrameFingerprint& frame : upload.frames) frame.pdq.quality = 49;
  EXPECT_THAT(Match(upload), IsEmpty());
  EXPECT_THAT(Match(upload, {.max_distance = 31, .min_quality = 49}),
              SizeIs(1));
  // Among others they count as sampled.
  for (size_t i = 0; i < upload.frames.size(); i += 2) {
    upload.frames[i].pdq.quality = 100;
  }
  const auto matches = Match(upload);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].frames_matched, 20);
  EXPECT_EQ(matches[0].frames_sampled, 39);
}

TEST_F(MatcherTest, AnUploadedImageIsFoundInAVideo) {
  const auto hashes = Moving(200);
  Add(MakeClip("list", "video", hashes));
  UploadFingerprint image = MakeUpload({AtDistance(hashes[80], 12, random_)});
  image.duration = absl::ZeroDuration();
  const auto matches = Match(image);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].query, (TimeSpan{}));
  EXPECT_EQ(matches[0].query_coverage, 1);
  ExpectNear(matches[0].reference, 20, 20.25, 0.51);
  EXPECT_EQ(matches[0].frames_matched, 1);
  EXPECT_EQ(matches[0].frames_sampled, 1);
}

TEST_F(MatcherTest, AKnownImageIsFoundInAVideo) {
  Random random(5);
  const Hash256 image = CorrelatedHash(random);
  Clip clip = MakeClip("list", "image", {image});
  clip.duration = absl::ZeroDuration();
  Add(clip);
  auto frames = Moving(60);
  for (int i = 10; i < 30; ++i) frames[i] = AtDistance(image, 5, random_);
  const auto matches = Match(MakeUpload(frames));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].query, (TimeSpan{absl::Seconds(5), absl::Seconds(15)}));
  EXPECT_EQ(matches[0].reference, TimeSpan{});
  EXPECT_EQ(matches[0].reference_coverage, 1);
  EXPECT_EQ(matches[0].frames_matched, 20);
}

TEST_F(MatcherTest, AClipOfTwoFramesNeedsTwo) {
  const auto hashes = Moving(2);
  Add(MakeClip("list", "entry", hashes, absl::Seconds(1)));
  auto frames = MovingHashes(40, 20, random_);
  frames[10] = AtDistance(hashes[0], 20, random_);
  EXPECT_THAT(Match(MakeUpload(frames, absl::Seconds(1))), IsEmpty());
  frames[11] = AtDistance(hashes[1], 20, random_);
  const auto matches = Match(MakeUpload(frames, absl::Seconds(1)));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].frames_matched, 2);
  EXPECT_EQ(matches[0].reference, (TimeSpan{{}, absl::Seconds(2)}));
}

TEST_F(MatcherTest, TheSameFileIsFoundByItsDigests) {
  const auto hashes = Moving(200);
  UploadFingerprint upload = MakeUpload(CopyOf(hashes, 0, 100, 0, random_));
  upload.digests.sha256.fill(3);
  upload.digests.md5.fill(4);
  Clip clip = MakeClip("list", "both", hashes);
  clip.sha256 = upload.digests.sha256;
  clip.md5 = Md5{};  // SHA-256 decides.
  Add(clip);
  clip = MakeClip("list", "md5", {});
  clip.duration = absl::Seconds(50);
  clip.md5 = upload.digests.md5;
  Add(clip);
  clip.entry_id = "another file with that MD5";
  clip.sha256 = Sha256{};
  Add(clip);
  const auto matches = Match(upload);
  ASSERT_THAT(matches, SizeIs(2));
  for (const ClipMatch& match : matches) {
    EXPECT_EQ(match.kind, ClipMatch::Kind::kExactFile);
    EXPECT_EQ(match.query, (TimeSpan{{}, absl::Seconds(50)}));
    EXPECT_EQ(match.reference, (TimeSpan{{}, absl::Seconds(50)}));
    EXPECT_EQ(match.query_coverage, 1);
    EXPECT_EQ(match.reference_coverage, 1);
    EXPECT_EQ(match.frames_matched, 100);
    EXPECT_EQ(match.median_distance, 0);
  }
  EXPECT_EQ(matches[0].entry_id, "both");
  EXPECT_EQ(matches[1].entry_id, "md5");
}

TEST_F(MatcherTest, TheBestMatchComesFirst) {
  const auto hashes = Moving(400);
  Add(MakeClip("list", "short", {hashes.begin(), hashes.begin() + 40}));
  Add(MakeClip("list", "long", hashes));
  std::vector<Hash256> far = hashes;
  for (Hash256& hash : far) hash = AtDistance(hash, 20, random_);
  Add(MakeClip("list", "far", far));
  const auto matches = Match(MakeUpload(CopyOf(hashes, 0, 200, 2, random_)));
  ASSERT_THAT(matches, SizeIs(3));
  EXPECT_EQ(matches[0].entry_id, "long");
  EXPECT_EQ(matches[1].entry_id, "far");
  EXPECT_EQ(matches[2].entry_id, "short");
}

TEST_F(MatcherTest, ManyClipsOfOneCameraAreAllFoundAndTheRightOneIsFirst) {
  // One scene on twenty days; the excerpt is from one of them.
  const auto long_take = FixedCameraHashes(20 * 400, random_);
  for (int day = 0; day < 20; ++day) {
    Add(MakeClip(
        "list", absl::StrCat("day", day),
        {long_take.begin() + day * 400, long_take.begin() + (day + 1) * 400}));
  }
  const auto matches = Match(MakeUpload(Concatenated(
      Moving(30), CopyOf(long_take, 13 * 400 + 100, 20, 4, random_))));
  ASSERT_FALSE(matches.empty());
  EXPECT_EQ(matches[0].entry_id, "day13");
  ExpectNear(matches[0].query, 15, 25, 0.01);
  ExpectNear(matches[0].reference, 25, 35, 0.26);
}

TEST_F(MatcherTest, ThousandsOfCopiesOfAnImageAreBounded) {
  const Hash256 image = CorrelatedHash(random_);
  SearchChange change;
  for (uint32_t i = 1; i <= 3000; ++i) {
    Clip clip = MakeClip("list", absl::StrCat(i),
                         {AtDistance(image, Below(4, random_), random_)});
    if (i == 2999) clip.severity = Severity::kCritical;
    change.added.push_back(MakeSearchedClip(clip, i, 50));
  }
  state_ = state_.With(change);
  const auto matches = Match(MakeUpload(std::vector<Hash256>(2000, image)));
  EXPECT_THAT(matches, SizeIs(256));
  // The gravest is among them.
  EXPECT_TRUE(std::any_of(matches.begin(), matches.end(), [](const auto& m) {
    return m.severity == Severity::kCritical;
  }));
}

TEST_F(MatcherTest, ACopyAtAnotherSpeedSaysSo) {
  const auto hashes = Moving(400);
  Add(MakeClip("list", "entry", hashes));
  // Four frames of the clip for one of the upload, which is twice the speed.
  std::vector<Hash256> faster, backwards;
  for (int i = 0; i < 30; ++i) {
    faster.push_back(AtDistance(hashes[80 + 4 * i], 6, random_));
    backwards.push_back(AtDistance(hashes[200 - 2 * i], 6, random_));
  }
  auto matches = Match(MakeUpload(faster));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_NEAR(matches[0].speed, 2, 0.02);
  EXPECT_EQ(matches[0].kind, ClipMatch::Kind::kFrames);
  ExpectNear(matches[0].query, 0, 15, 0.01);
  ExpectNear(matches[0].reference, 20, 50, 0.5);
  matches = Match(MakeUpload(backwards));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].speed, -1);
  ExpectNear(matches[0].reference, 35, 50, 0.5);
}

TEST_F(MatcherTest, AnotherTimeOfAFixedCameraIsOneMatchOfItsScene) {
  const auto camera = FixedCameraHashes(1200, random_);
  Add(MakeClip("list", "morning", {camera.begin(), camera.begin() + 400}));
  Add(MakeClip("list", "noon", {camera.begin() + 420, camera.begin() + 800}));
  const auto matches = Match(MakeUpload(CopyOf(camera, 440, 100, 4, random_)));
  ASSERT_THAT(matches, SizeIs(2));
  EXPECT_EQ(matches[0].entry_id, "noon");
  EXPECT_EQ(matches[0].kind, ClipMatch::Kind::kFrames);
  EXPECT_GT(matches[0].score, 0.3);
  EXPECT_EQ(matches[1].entry_id, "morning");
  EXPECT_EQ(matches[1].kind, ClipMatch::Kind::kSameScene);
  EXPECT_LE(matches[1].score, 0.3);
  EXPECT_EQ(matches[1].speed, 1);
  EXPECT_GE(matches[1].query_coverage, 0.9);
}

TEST_F(MatcherTest, AnIntroThatClipsShareSaysLittle) {
  const auto intro = MovingHashes(32, 16, random_);
  const auto first = MovingHashes(200, 16, random_);
  Add(MakeClip("list", "a", Concatenated(intro, first)));
  UploadFingerprint upload = MakeUpload(Concatenated(
      CopyOf(intro, 0, 16, 4, random_), MovingHashes(60, 30, random_)));
  auto matches = Match(upload);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_GT(matches[0].score, 0.5);
  // The same clip again, in another list and in a longer cut.
  Add(MakeClip("list", "a2", Concatenated(intro, first)));
  Add(MakeClip("list", "a3",
               Concatenated(intro, first, MovingHashes(80, 16, random_))));
  for (const ClipMatch& match : Match(upload)) EXPECT_GT(match.score, 0.5);
  Add(MakeClip("list", "b",
               Concatenated(intro, MovingHashes(200, 16, random_))));
  matches = Match(upload);
  ASSERT_THAT(matches, SizeIs(4));
  for (const ClipMatch& match : matches) EXPECT_LE(match.score, 0.2);
}

TEST_F(MatcherTest, ADistinctiveExcerptScoresHigh) {
  const auto hashes = MovingHashes(400, 12, random_);
  Add(MakeClip("list", "entry", hashes));
  const auto matches = Match(MakeUpload(Concatenated(
      MovingHashes(40, 20, random_), CopyOf(hashes, 200, 6, 6, random_),
      MovingHashes(40, 20, random_))));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].kind, ClipMatch::Kind::kFrames);
  EXPECT_GE(matches[0].score, 0.68);
}

TEST_F(MatcherTest, UploadsOutOfAllBoundsDoNoHarm) {
  const auto hashes = FixedCameraHashes(100, random_);
  Add(MakeClip("list", "entry", hashes));
  UploadFingerprint upload = MakeUpload(CopyOf(hashes, 0, 50, 4, random_));
  upload.duration = -absl::InfiniteDuration();
  upload.frames[3].time = absl::InfiniteDuration();
  upload.frames[5].time = -absl::InfiniteDuration();
  std::swap(upload.frames[7].time, upload.frames[20].time);
  for (const ClipMatch& match : Match(upload)) {
    EXPECT_GE(match.query.start, absl::ZeroDuration());
    EXPECT_GE(match.query.end, match.query.start);
    EXPECT_GE(match.reference.start, absl::ZeroDuration());
    EXPECT_LE(match.reference.end, absl::Seconds(25));
    EXPECT_GE(match.query_coverage, 0);
    EXPECT_LE(match.query_coverage, 1);
  }
  upload.duration = absl::InfiniteDuration();
  Match(upload);
}

}  // namespace
}  // namespace lenscap
