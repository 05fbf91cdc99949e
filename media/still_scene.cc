#include "media/still_scene.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "media/pixel_format.h"

namespace lenscap {
namespace {

// Of one packet, and of all of a second: shares of the smaller keyframe's
// bytes, and bits for each pixel, of which a recognisable picture takes a
// tenth.
constexpr double kMaxPacketShare = 1.0 / 8;
constexpr double kMaxSecondShare = 3.0 / 4;
constexpr double kMaxPacketBits = 0.04;
constexpr double kMaxSecondBits = 0.3;

constexpr int kCells = 32;          // Along each side.
constexpr int kMaxDifference = 12;  // Between the means of a cell.
constexpr int kSampleStep = 2;      // Along each side.

using Cells = std::array<int, kCells * kCells>;

std::optional<Cells> MeansOf(const AVFrame& picture) {
  FrameHandle copy(av_frame_clone(&picture));
  if (copy == nullptr) return std::nullopt;
  const absl::StatusOr<Luma> luma = LumaOf(std::move(copy));
  if (!luma.ok()) return std::nullopt;
  const Plane& plane = luma->plane;
  Cells sums = {}, counts = {};
  for (int y = 0; y < plane.height; y += kSampleStep) {
    const uint8_t* const row = plane.data + y * plane.stride;
    const int first = int{y * kCells / plane.height} * kCells;
    for (int i = 0; i < kCells; ++i) {
      const int end = (i + 1) * plane.width / kCells;
      for (int x = i * plane.width / kCells; x < end; x += kSampleStep) {
        sums[first + i] += row[x];
        ++counts[first + i];
      }
    }
  }
  for (size_t i = 0; i < sums.size(); ++i) sums[i] /= std::max(1, counts[i]);
  return sums;
}

}  // namespace

bool HasSmallPackets(const PacketGroup& group, absl::Duration length,
                     int64_t pixels) {
  const auto& packets = group.packets;
  const double key = std::min(packets.front()->size, group.next_key->size);
  const double most_of_packet =
      std::min(kMaxPacketShare * key, kMaxPacketBits / 8 * pixels);
  const double most_of_second =
      std::min(kMaxSecondShare * key, kMaxSecondBits / 8 * pixels);
  const double seconds = absl::ToDoubleSeconds(length);
  if (packets.size() < 2 || seconds <= 0) return false;
  const size_t in_a_second = std::max<size_t>(
      1, static_cast<size_t>(static_cast<double>(packets.size()) / seconds));
  double second = 0;  // Bytes of the last second's packets.
  for (size_t i = 1; i < packets.size(); ++i) {
    second += packets[i]->size;
    if (i > in_a_second) second -= packets[i - in_a_second]->size;
    if (packets[i]->size > most_of_packet || second > most_of_second) {
      return false;
    }
  }
  return true;
}

bool LookAlike(const AVFrame& a, const AVFrame& b) {
  if (a.width != b.width || a.height != b.height) return false;
  const std::optional<Cells> of_a = MeansOf(a);
  const std::optional<Cells> of_b = MeansOf(b);
  if (!of_a || !of_b) return false;
  for (size_t i = 0; i < of_a->size(); ++i) {
    if (std::abs((*of_a)[i] - (*of_b)[i]) > kMaxDifference) return false;
  }
  return true;
}

}  // namespace lenscap
