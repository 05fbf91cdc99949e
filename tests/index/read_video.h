#ifndef LENSCAP_TESTS_INDEX_READ_VIDEO_H_
#define LENSCAP_TESTS_INDEX_READ_VIDEO_H_

#include <string>

#include "absl/time/time.h"
#include "index/clip.h"

namespace lenscap {

// The hashes of whole frames of a file, one each `interval`, without digests. A
// file that cannot be read fails the test.
UploadFingerprint ReadVideo(const std::string& path, absl::Duration interval);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_INDEX_READ_VIDEO_H_
