#include "services/still_image.h"

#include <turbojpeg.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

constexpr int kLongestSide = 480;
constexpr int kQuality = 70;

}  // namespace

absl::StatusOr<std::string> EncodeStill(const CueStill& still) {
  const CueStill small = Shrink(still, kLongestSide);
  const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(),
                                                         tjDestroy);
  unsigned char* jpeg = nullptr;
  unsigned long size = 0;  // NOLINT: the library's type.
  const int failed = encoder == nullptr ||
                     tjCompress2(encoder.get(), small.luma.data(), small.width,
                                 0, small.height, TJPF_GRAY, &jpeg, &size,
                                 TJSAMP_GRAY, kQuality, 0) != 0;
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(jpeg,
                                                                       tjFree);
  if (failed) {
    return absl::InternalError(
        absl::StrCat("no JPEG: ", tjGetErrorStr2(encoder.get())));
  }
  return std::string(reinterpret_cast<const char*>(jpeg), size);
}

}  // namespace lenscap
