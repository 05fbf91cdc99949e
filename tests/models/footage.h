#ifndef LENSCAP_TESTS_MODELS_FOOTAGE_H_
#define LENSCAP_TESTS_MODELS_FOOTAGE_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "models/cue_footage.h"

namespace lenscap {

// A room that a camera looks at: soft shapes of many sizes, in grey, endless in
// both directions. The same for the same coordinates, everywhere.
uint8_t SceneAt(int x, int y);

// `count` frames, two a second, of `sample(x, y, frame)` each.
std::vector<CueFrame> MakeFootage(
    int count, float saturation,
    const std::function<uint8_t(int x, int y, int frame)>& sample);

// The room from one place, a bright box wandering through it.
std::vector<CueFrame> FixedCamera(int count, float saturation = 20);
// The room growing, by `growth` with each frame.
std::vector<CueFrame> ZoomingCamera(int count, double growth);
// The room passing by, `step` samples to the left with each frame.
std::vector<CueFrame> PanningCamera(int count, int step);
// The room from a hand that is never still.
std::vector<CueFrame> ShakingCamera(int count);

// As a scan would keep of these frames: with stills of them, a second apart.
CueFootage WithStills(std::vector<CueFrame> frames);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_MODELS_FOOTAGE_H_
