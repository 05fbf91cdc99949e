#ifndef LENSCAP_TESTS_MEDIA_READ_MEDIA_H_
#define LENSCAP_TESTS_MEDIA_READ_MEDIA_H_

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "media/byte_source.h"
#include "media/frame.h"
#include "media/video_reader.h"

namespace lenscap {

// All that a VideoReader gave.
struct MediaRead {
  absl::Status status;  // Of the opening, or of the last frame.
  std::vector<Frame> frames;
  MediaFacts facts;

  // The frames' times, in seconds.
  std::vector<double> times() const;
};

// For the messages of tests.
void PrintTo(const MediaRead& read, std::ostream* out);

// Options that give every frame.
ReaderOptions EveryFrame();

MediaRead ReadMedia(std::unique_ptr<ByteSource> source,
                    const ReaderOptions& options = EveryFrame(),
                    const OpenVideo& open = VideoReader::Open);
MediaRead ReadMediaFile(const std::string& path,
                        const ReaderOptions& options = EveryFrame());
MediaRead ReadMediaBytes(std::string bytes,
                         const ReaderOptions& options = EveryFrame());

// The luma samples, row by row, without padding.
std::string LumaBytes(const Frame& frame);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_MEDIA_READ_MEDIA_H_
