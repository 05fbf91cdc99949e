#include "services/cli/local_decoder.h"

#include <memory>
#include <utility>

#include "media/decoder_pool.h"

namespace lenscap::cli {

OpenVideo OpenInJailIfPossible() {
  DecoderPool::Options options;
  options.program = DecoderBesideThisProgram();
  options.idle = 1;
  auto started = DecoderPool::Start(options);
  if (!started.ok()) return VideoReader::Open;
  const std::shared_ptr<DecoderPool> pool = *std::move(started);
  return [pool](std::unique_ptr<ByteSource> source, ReaderOptions reading) {
    return pool->Open(std::move(source), reading);
  };
}

}  // namespace lenscap::cli
