#ifndef LENSCAP_FINGERPRINT_WINDOWS_H_
#define LENSCAP_FINGERPRINT_WINDOWS_H_

#include <array>
#include <cstdint>

#include "fingerprint/pdq.h"
#include "fingerprint/picture_map.h"
#include "fingerprint/region.h"
#include "fingerprint/thumbnail.h"

namespace lenscap {

// A picture that is not seen whole is compared by its windows: half its width
// and height each, three rows of three, a quarter apart. What is left of a
// picture after 30 % of both sides were cut off holds at least one of them.
inline constexpr int kWindowsPerSide = 3;
inline constexpr int kWindows = kWindowsPerSide * kWindowsPerSide;

using WindowHashes = std::array<Pdq, kWindows>;

// Some of the windows: bit w for window w, row by row.
using WindowSet = uint16_t;
inline constexpr WindowSet kAllWindows = (1 << kWindows) - 1;

Region WindowRegion(int window);

// Which windows of a picture of size `from` lie in one of size `to`, but for a
// margin of three hundredths, where `map` takes the one to the other.
WindowSet WindowsInside(const PictureMap& map, PictureSize from,
                        PictureSize to);

// The hashes of these windows of a picture of size `from` as `shown` shows
// them; those of others are zero, with quality 0.
WindowHashes HashWindows(const Thumbnail& shown, const PictureMap& map,
                         PictureSize from, WindowSet windows);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_WINDOWS_H_
