#ifndef LENSCAP_TESTS_MEDIA_DECODER_PROGRAMS_H_
#define LENSCAP_TESTS_MEDIA_DECODER_PROGRAMS_H_

#include <memory>
#include <string>

#include "media/decoder_pool.h"

namespace lenscap {

// The paths of lenscap_decoder and of tests/media/rogue_decoder.cc, beside the
// test's other files, whether Bazel runs it or a person does.
std::string DecoderProgram();
std::string RogueDecoderProgram();

// A pool of real decoders, which lives until the test's process ends. They are
// in a jail unless the build has a sanitizer.
DecoderPool& TestPool();

}  // namespace lenscap

#endif  // LENSCAP_TESTS_MEDIA_DECODER_PROGRAMS_H_
