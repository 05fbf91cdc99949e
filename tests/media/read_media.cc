#include "tests/media/read_media.h"

#include <optional>
#include <utility>

#include "absl/time/time.h"

namespace lenscap {

std::vector<double> MediaRead::times() const {
  std::vector<double> seconds;
  for (const Frame& frame : frames) {
    seconds.push_back(absl::ToDoubleSeconds(frame.time));
  }
  return seconds;
}

void PrintTo(const MediaRead& read, std::ostream* out) {
  *out << read.frames.size() << " frames, " << read.status;
}

ReaderOptions EveryFrame() { return {.sample_interval = absl::ZeroDuration()}; }

MediaRead ReadMedia(std::unique_ptr<ByteSource> source,
                    const ReaderOptions& options, const OpenVideo& open) {
  MediaRead read;
  auto reader = open(std::move(source), options);
  read.status = reader.status();
  while (read.status.ok()) {
    absl::StatusOr<std::optional<Frame>> frame = (*reader)->Next();
    read.status = frame.status();
    read.facts = (*reader)->facts();
    if (!frame.ok() || !frame->has_value()) break;
    read.frames.push_back(**std::move(frame));
  }
  return read;
}

MediaRead ReadMediaFile(const std::string& path, const ReaderOptions& options) {
  auto source = OpenFileSource(path);
  if (!source.ok()) {
    return {.status = source.status(), .frames = {}, .facts = {}};
  }
  return ReadMedia(*std::move(source), options);
}

MediaRead ReadMediaBytes(std::string bytes, const ReaderOptions& options) {
  return ReadMedia(MakeMemorySource(std::move(bytes)), options);
}

std::string LumaBytes(const Frame& frame) {
  std::string bytes;
  for (int y = 0; y < frame.luma.height; ++y) {
    const uint8_t* const row = frame.luma.data + y * frame.luma.stride;
    bytes.append(row, row + frame.luma.width);
  }
  return bytes;
}

}  // namespace lenscap
