#include "index/common_stretch.h"

#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kStep = kSecond / 4;

class CommonStretchTest : public testing::Test {
 protected:
  struct Video {
    std::vector<Hash256> hashes;
    std::vector<int64_t> times;
  };

  // Frames every quarter of a second.
  std::vector<Hash256> Moving(int seconds) {
    return MovingHashes(4 * seconds, 16, random_);
  }
  static Video Joined(std::initializer_list<std::vector<Hash256>> parts) {
    Video video;
    for (const auto& part : parts) {
      for (const Hash256& hash : part) {
        video.times.push_back(kStep * video.hashes.size());
        video.hashes.push_back(hash);
      }
    }
    return video;
  }
  // The `seconds` of the video from `in_clip` on stand in the query at `start`.
  static Stretch Shown(const Video& video, uint32_t clip_id, int start,
                       int seconds, int in_clip) {
    return {.clip = {video.hashes, video.times, kStep},
            .clip_id = clip_id,
            .path = Path::Through(1, start * kSecond, in_clip * kSecond),
            .start = start * kSecond,
            .end = (start + seconds) * kSecond};
  }
  // Of each, whether any other shows that it is common.
  static std::vector<bool> FindCommon(const std::vector<Stretch>& stretches) {
    std::vector<bool> common(stretches.size());
    for (size_t a = 0; a < stretches.size(); ++a) {
      for (const Stretch& b : stretches) {
        EXPECT_EQ(ShowCommon(stretches[a], b), ShowCommon(b, stretches[a]));
        if (ShowCommon(stretches[a], b)) common[a] = true;
      }
      if (common[a]) {
        EXPECT_TRUE(MayBeCommon(stretches[a]));
      }
    }
    return common;
  }
  using Common = std::vector<bool>;
  Random random_{1};
};

TEST_F(CommonStretchTest, NothingIsCommonAlone) {
  EXPECT_EQ(FindCommon({}), Common());
  const Video video = Joined({Moving(60)});
  EXPECT_EQ(FindCommon({Shown(video, 1, 0, 5, 0)}), Common({false}));
}

TEST_F(CommonStretchTest, AnIntroOfTwoClipsIsCommon) {
  const auto intro = Moving(5);
  const Video a = Joined({intro, Moving(30)}), b = Joined({intro, Moving(40)});
  const Video other = Joined({Moving(40)});
  EXPECT_EQ(FindCommon({Shown(a, 1, 10, 5, 0), Shown(other, 3, 10, 5, 20),
                        Shown(b, 2, 10, 5, 0)}),
            Common({true, false, true}));
}

TEST_F(CommonStretchTest, AnEndCardOfTwoClipsIsCommon) {
  const auto card = Moving(8);
  const Video a = Joined({Moving(30), card}), b = Joined({Moving(50), card});
  EXPECT_EQ(FindCommon({Shown(a, 1, 3, 8, 30), Shown(b, 2, 3, 8, 50)}),
            Common({true, true}));
}

TEST_F(CommonStretchTest, CopiesAndCutsOfOneClipAreNot) {
  const auto content = Moving(60);
  const Video whole = Joined({content});
  const Video again = Joined({content});
  const Video cut = Joined({{content.begin(), content.begin() + 40}});
  const Video end = Joined({{content.begin() + 100, content.end()}});
  EXPECT_EQ(FindCommon({Shown(whole, 1, 0, 8, 0), Shown(again, 2, 0, 8, 0),
                        Shown(cut, 3, 0, 8, 0)}),
            Common({false, false, false}));
  EXPECT_EQ(FindCommon({Shown(whole, 1, 0, 8, 52), Shown(end, 2, 0, 8, 27)}),
            Common({false, false}));
}

TEST_F(CommonStretchTest, WhatIsMostOfAClipIsNoIntro) {
  const auto content = Moving(8);
  const Video a = Joined({content, Moving(4)}),
              b = Joined({content, Moving(30)});
  EXPECT_EQ(FindCommon({Shown(a, 1, 0, 8, 0), Shown(b, 2, 0, 8, 0)}),
            Common({false, false}));
}

TEST_F(CommonStretchTest, AMiddleIsNotCommon) {
  const auto content = Moving(8);
  const Video a = Joined({Moving(20), content, Moving(20)});
  const Video b = Joined({Moving(30), content, Moving(20)});
  EXPECT_EQ(FindCommon({Shown(a, 1, 0, 8, 20), Shown(b, 2, 0, 8, 30)}),
            Common({false, false}));
}

TEST_F(CommonStretchTest, AFixedCamerasClipsDoNotDiffer) {
  const auto camera = FixedCameraHashes(480, random_);
  const Video a = Joined({{camera.begin(), camera.begin() + 200}});
  const Video b = Joined({{camera.begin() + 240, camera.end()}});
  EXPECT_EQ(FindCommon({Shown(a, 1, 0, 8, 0), Shown(b, 2, 0, 8, 0)}),
            Common({false, false}));
}

TEST_F(CommonStretchTest, LongAndStillStretchesAreNot) {
  const auto intro = Moving(20);
  const Video a = Joined({intro, Moving(60)}), b = Joined({intro, Moving(60)});
  EXPECT_EQ(FindCommon({Shown(a, 1, 0, 20, 0), Shown(b, 2, 0, 20, 0)}),
            Common({false, false}));
  Stretch still_a = Shown(a, 1, 0, 5, 0), still_b = Shown(b, 2, 0, 5, 0);
  still_a.path.still = still_b.path.still = true;
  EXPECT_EQ(FindCommon({still_a, still_b}), Common({false, false}));
}

TEST_F(CommonStretchTest, OtherPlacesAndTheSameClipAreNot) {
  const auto intro = Moving(5);
  const Video a = Joined({intro, Moving(30)}), b = Joined({intro, Moving(40)});
  EXPECT_EQ(FindCommon({Shown(a, 1, 10, 5, 0), Shown(b, 2, 30, 5, 0)}),
            Common({false, false}));
  EXPECT_EQ(FindCommon({Shown(a, 1, 10, 5, 0), Shown(b, 1, 10, 5, 0)}),
            Common({false, false}));
}

}  // namespace
}  // namespace lenscap
