#include "media/still_scene.h"

#include <cstring>
#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "media/packet_group.h"

namespace lenscap {
namespace {

PacketHandle PacketOf(int bytes) {
  PacketHandle packet(av_packet_alloc());
  av_new_packet(packet.get(), bytes);
  return packet;
}

// A keyframe, others, and the next keyframe; ten pictures a second.
bool IsSmall(int key, const std::vector<int>& others, int next_key,
             int64_t pixels = 640 * 480) {
  PacketGroup group;
  group.packets.push_back(PacketOf(key));
  for (int bytes : others) group.packets.push_back(PacketOf(bytes));
  group.next_key = PacketOf(next_key);
  return HasSmallPackets(group, absl::Milliseconds(100 * group.packets.size()),
                         pixels);
}

TEST(StillSceneTest, PacketsOfNoiseAreSmall) {
  EXPECT_TRUE(IsSmall(10000, std::vector<int>(59, 300), 10000));
}

TEST(StillSceneTest, OnePacketThatCouldDrawAPictureIsNot) {
  std::vector<int> others(59, 300);
  others[40] = 1300;
  EXPECT_FALSE(IsSmall(10000, others, 10000));
}

TEST(StillSceneTest, ASecondOfPacketsThatCouldDrawAPictureIsNot) {
  std::vector<int> others(59, 100);
  for (int i = 30; i < 40; ++i) others[i] = 800;
  EXPECT_FALSE(IsSmall(10000, others, 10000));
}

TEST(StillSceneTest, TheSmallerKeyframeIsTheMeasure) {
  EXPECT_FALSE(IsSmall(100000, std::vector<int>(59, 300), 2000));
}

TEST(StillSceneTest, PaddingOfTheKeyframesHidesNothing) {
  std::vector<int> others(59, 300);
  others[40] = 5000;
  EXPECT_FALSE(IsSmall(1000000, others, 1000000));
  EXPECT_FALSE(IsSmall(1000000, std::vector<int>(59, 1400), 1000000));
  EXPECT_TRUE(IsSmall(1000000, others, 1000000, 1920 * 1080));
}

TEST(StillSceneTest, AKeyframeAloneProvesNothing) {
  EXPECT_FALSE(IsSmall(10000, {}, 10000));
}

// Grey, with a brighter square.
FrameHandle Picture(int width, int height, int left, int top, int side) {
  FrameHandle frame(av_frame_alloc());
  frame->format = AV_PIX_FMT_GRAY8;
  frame->width = width;
  frame->height = height;
  av_frame_get_buffer(frame.get(), 0);
  for (int y = 0; y < height; ++y) {
    uint8_t* const row = frame->data[0] + y * frame->linesize[0];
    for (int x = 0; x < width; ++x) {
      const bool inside =
          left <= x && x < left + side && top <= y && y < top + side;
      row[x] = (inside ? 160 : 100) + (x * 7 + y * 13) % 5;
    }
  }
  return frame;
}

TEST(StillSceneTest, ThePictureIsLikeItself) {
  EXPECT_TRUE(LookAlike(*Picture(320, 240, 40, 40, 60),
                        *Picture(320, 240, 40, 40, 60)));
}

TEST(StillSceneTest, SomethingThatMovedIsSeen) {
  EXPECT_FALSE(LookAlike(*Picture(320, 240, 40, 40, 30),
                         *Picture(320, 240, 60, 40, 30)));
}

TEST(StillSceneTest, PicturesOfAnySizeCanBeCompared) {
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{
           {1, 1}, {1, 500}, {500, 1}, {31, 33}, {16, 16}}) {
    EXPECT_TRUE(LookAlike(*Picture(width, height, 0, 0, 0),
                          *Picture(width, height, 0, 0, 0)));
    EXPECT_FALSE(LookAlike(*Picture(width, height, 0, 0, 0),
                           *Picture(width, height, 0, 0, 500)));
  }
  EXPECT_FALSE(LookAlike(*Picture(64, 64, 0, 0, 0), *Picture(64, 65, 0, 0, 0)));
}

}  // namespace
}  // namespace lenscap
