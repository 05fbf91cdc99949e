#ifndef LENSCAP_MEDIA_DECODER_POOL_H_
#define LENSCAP_MEDIA_DECODER_POOL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "media/byte_source.h"
#include "media/jail.h"
#include "media/video_reader.h"

namespace lenscap {

// Reads videos in processes of their own, each in a jail (media/jail.h): it
// has the file's descriptor, which it can read, a piece of memory for pictures,
// and a socket to this process. Some wait for work; each does many files, one
// after another, and is then replaced. Thread-safe.
class DecoderPool {
 public:
  struct Options {
    std::string program;  // The path of lenscap_decoder.
    int idle = 2;         // Processes that wait for work.
    int max_files = 256;  // After so many a process is replaced.
    JailLimits limits;
    int64_t max_pixels = MediaLimits().max_pixels;  // Of any file.
    absl::Duration max_cpu = absl::Minutes(30);     // For one file.
    // A process that gives no sign of life for so long hangs.
    absl::Duration max_silence = absl::Seconds(30);
    // Whether to work without a jail where the kernel has none.
    bool may_be_free = false;
  };

  // Starts the first process. FAILED_PRECONDITION where it cannot be started,
  // or cannot be jailed and may not be free: the message says what is missing.
  static absl::StatusOr<std::unique_ptr<DecoderPool>> Start(Options options);
  virtual ~DecoderPool() = default;  // No reader may be left.

  // As VideoReader::Open. Frames point into shared memory. Where the process
  // crashes, hangs, breaks a rule of the jail or is killed by a limit, this or
  // any later call gives DATA_LOSS, for which DecoderEnd is not empty; the
  // process is gone, and others are not concerned. A source that has no
  // descriptor is copied.
  virtual absl::StatusOr<std::unique_ptr<VideoReader>> Open(
      std::unique_ptr<ByteSource> source, const ReaderOptions& options) = 0;

  // OK, or why the processes are free.
  virtual absl::Status jailed() const = 0;
};

// The path of lenscap_decoder in the folder of the running program, or in the
// one above it.
std::string DecoderBesideThisProgram();

// Why a decoder process ended while it had work: "crashed", "hung",
// "limit_cpu", "killed", "forbidden_call" or "broken_protocol". Empty for any
// other status.
std::string DecoderEnd(const absl::Status& status);

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_DECODER_POOL_H_
