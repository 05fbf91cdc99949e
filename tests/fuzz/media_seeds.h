#ifndef LENSCAP_TESTS_FUZZ_MEDIA_SEEDS_H_
#define LENSCAP_TESTS_FUZZ_MEDIA_SEEDS_H_

#include <vector>

#include "tests/fuzz/seed.h"

namespace lenscap {

// Small good files, about half a second each, made by ffmpeg: every container
// of media/formats.h, every codec that ffmpeg can encode here, time stamps
// that jump, and files without their index. What cannot be encoded is named on
// standard output and left out. If ffmpeg fails, the running test fails.
std::vector<Seed> MakeMediaSeeds();

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FUZZ_MEDIA_SEEDS_H_
