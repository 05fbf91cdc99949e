#ifndef LENSCAP_FINGERPRINT_FIND_BORDERS_H_
#define LENSCAP_FINGERPRINT_FIND_BORDERS_H_

#include <optional>

#include "fingerprint/step_map.h"

namespace lenscap {

// What a border may be made of.
enum class Border {
  kColour,         // One colour.
  kColourAndText,  // One colour with a subtitle or a logo in it.
  kStill,          // A still picture around a moving one.
};

// `within`, a part of the picture, without its borders; `within` itself if it
// has none; nothing if it is all of one colour.
std::optional<Box> TakeOffBorders(const StepMap& map, const Box& within,
                                  Border border);

// The same of the whole picture and of borders that are a blurred enlargement
// of the picture itself, on two opposite sides or on all four.
Box TakeOffBlurredBorders(const StepMap& map);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_FIND_BORDERS_H_
