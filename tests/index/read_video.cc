#include "tests/index/read_video.h"

#include <utility>

#include "gtest/gtest.h"
#include "media/byte_source.h"
#include "media/video_reader.h"

namespace lenscap {

UploadFingerprint ReadVideo(const std::string& path, absl::Duration interval) {
  UploadFingerprint upload;
  upload.digests = {};
  auto source = OpenFileSource(path);
  EXPECT_TRUE(source.ok()) << source.status();
  auto reader =
      VideoReader::Open(*std::move(source), {.sample_interval = interval});
  EXPECT_TRUE(reader.ok()) << reader.status();
  while (true) {
    auto frame = (*reader)->Next();
    EXPECT_TRUE(frame.ok()) << frame.status();
    if (!frame.ok() || !frame->has_value()) break;
    upload.frames.push_back(Fingerprint(**frame));
  }
  upload.duration = (*reader)->facts().duration();
  return upload;
}

}  // namespace lenscap
