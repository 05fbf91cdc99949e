#include "index/never_match.h"

#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

constexpr int kDistance = 31;
constexpr int kQuality = 50;

class NeverMatchTest : public testing::Test {
 protected:
  SearchState StateOf(ClipStanding standing, int max_distance = kDistance) {
    Clip clip = MakeClip("never", "card", {card_});
    clip.terms.max_distance = max_distance;
    SearchChange change;
    change.added = {MakeSearchedClip(clip, 1, kQuality, standing)};
    return SearchState().With(change);
  }
  FrameFingerprint At(int second, const Hash256& hash, int quality = 100) {
    return FingerprintOf(hash, absl::Seconds(second), quality);
  }

  Random random_{1};
  const Hash256 card_ = CorrelatedHash(random_);
  const Hash256 other_ = CorrelatedHash(random_);
};

TEST_F(NeverMatchTest, AFrameLikeOneOfThemIsFoundHoweverTurned) {
  const SearchState state = StateOf({.never_match = true});
  const auto never = [&](const Hash256& hash) {
    return IsNeverMatched(state, At(0, hash).pdq, kDistance);
  };
  EXPECT_TRUE(never(card_));
  EXPECT_TRUE(never(Turned(card_, Orientation::kMirrored)));
  EXPECT_TRUE(never(AtDistance(card_, kDistance, random_)));
  EXPECT_FALSE(never(AtDistance(card_, kDistance + 1, random_)));
  EXPECT_FALSE(never(other_));
}

TEST_F(NeverMatchTest, OtherListsAndHeldEntriesDoNotCount) {
  for (const ClipStanding standing :
       {ClipStanding(), ClipStanding{.held = true, .never_match = true}}) {
    EXPECT_FALSE(
        IsNeverMatched(StateOf(standing), At(0, card_).pdq, kDistance));
  }
}

TEST_F(NeverMatchTest, AnEntrysOwnDistanceCounts) {
  const SearchState state = StateOf({.never_match = true}, 5);
  EXPECT_TRUE(IsNeverMatched(state, At(0, AtDistance(card_, 5, random_)).pdq,
                             kDistance));
  EXPECT_FALSE(IsNeverMatched(state, At(0, AtDistance(card_, 6, random_)).pdq,
                              kDistance));
}

TEST_F(NeverMatchTest, HalfOfTheFramesExplainASpan) {
  const SearchState state = StateOf({.never_match = true});
  const std::vector<FrameFingerprint> frames = {
      At(0, card_),  At(1, card_),  At(2, other_),
      At(3, other_), At(4, other_), At(5, other_, kQuality - 1)};
  const auto explained = [&](int start, int end) {
    return IsExplainedByNever(state, frames,
                              {absl::Seconds(start), absl::Seconds(end)},
                              kDistance, kQuality);
  };
  EXPECT_TRUE(explained(0, 1));
  EXPECT_TRUE(explained(0, 3));
  EXPECT_FALSE(explained(0, 4));
  EXPECT_FALSE(explained(2, 5));
  EXPECT_FALSE(explained(5, 9)) << "no frame says so";
}

}  // namespace
}  // namespace lenscap
