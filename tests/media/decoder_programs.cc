#include "tests/media/decoder_programs.h"

#include <filesystem>
#include <utility>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

std::string ProgramAt(const std::string& below) {
  const std::string own = std::filesystem::read_symlink("/proc/self/exe");
  const std::string runfiles = own + ".runfiles/lenscap/" + below;
  return std::filesystem::absolute(std::filesystem::exists(below) ? below
                                                                  : runfiles);
}

}  // namespace

std::string DecoderProgram() { return ProgramAt("services/lenscap_decoder"); }

std::string RogueDecoderProgram() {
  return ProgramAt("tests/media/rogue_decoder");
}

DecoderPool& TestPool() {
  static DecoderPool* const pool = [] {
    DecoderPool::Options options;
    options.program = DecoderProgram();
    options.may_be_free = true;
    auto started = DecoderPool::Start(options);
    EXPECT_TRUE(started.ok()) << started.status();
    return started->release();
  }();
  return *pool;
}

}  // namespace lenscap
