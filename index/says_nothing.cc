#include "index/says_nothing.h"

#include <algorithm>
#include <bit>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

// A PDQ hash has a bit for each of 256 frequencies, set where it is above their
// median: 128 of them, unless many are equal, as they are where there is
// nothing in the picture.
constexpr int kMinOnes = 96;
constexpr int kMaxOnes = 160;

// `empty` is the digest of no bytes, in hexadecimal digits.
template <size_t n>
bool IsEmptyOrConstant(const std::array<uint8_t, n>& digest,
                       absl::string_view empty) {
  const bool constant =
      (digest[0] == 0 || digest[0] == 0xff) &&
      std::all_of(digest.begin(), digest.end(),
                  [&](uint8_t byte) { return byte == digest[0]; });
  return constant || ToBytes(digest) == absl::HexStringToBytes(empty);
}

}  // namespace

bool SaysNothing(const Hash256& hash) {
  int ones = 0;
  for (const uint64_t word : hash.words) ones += std::popcount(word);
  return ones < kMinOnes || ones > kMaxOnes;
}

bool SaysNothing(const Sha256& sha256) {
  return IsEmptyOrConstant(
      sha256,
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

bool SaysNothing(const Sha1& sha1) {
  return IsEmptyOrConstant(sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

bool SaysNothing(const Md5& md5) {
  return IsEmptyOrConstant(md5, "d41d8cd98f00b204e9800998ecf8427e");
}

bool SaysSomething(const ReferenceFrame& frame, int min_quality) {
  return frame.quality >= min_quality && !SaysNothing(frame.hash);
}

std::string WhyItSaysNothing(const Clip& clip, int min_quality) {
  const bool has_digest = (clip.sha256 && !SaysNothing(*clip.sha256)) ||
                          (clip.sha1 && !SaysNothing(*clip.sha1)) ||
                          (clip.md5 && !SaysNothing(*clip.md5));
  const bool has_frame = std::any_of(clip.frames.begin(), clip.frames.end(),
                                     [&](const ReferenceFrame& frame) {
                                       return SaysSomething(frame, min_quality);
                                     });
  if (has_digest || has_frame) return "";
  return absl::StrCat(
      "expected one of quality ", min_quality,
      " or more that is not plain, or a digest of a file that is not empty; "
      "of these ",
      clip.frames.size(), " frames nothing should ever match");
}

}  // namespace lenscap
