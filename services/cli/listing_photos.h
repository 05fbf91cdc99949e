#ifndef LENSCAP_SERVICES_CLI_LISTING_PHOTOS_H_
#define LENSCAP_SERVICES_CLI_LISTING_PHOTOS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "media/video_reader.h"
#include "proto/lenscap/v1/listing.pb.h"

namespace lenscap::cli {

// A gRPC server takes no larger message unless it is told to.
inline constexpr size_t kMaxRequestBytes = size_t{4} << 20;
// Images and hashes together.
inline constexpr size_t kMaxListingPhotos = 32;

// What a listing's photos are called, as far as they were files.
struct PhotoNames {
  // Of images and then of image_hashes, as ImageMatch numbers them; "images[2]"
  // for one that was in the listing itself.
  std::vector<std::string> names;
  // One for each that could not be read: "photo_files[1]: a.jpg: ...".
  std::vector<std::string> problems;
};

// The folder that photos of listings lie in. Not thread-safe.
class PhotoFolder {
 public:
  // INVALID_ARGUMENT or NOT_FOUND where there is no such directory. `decoder`
  // is asked for the first time that a photo has to be decoded here.
  static absl::StatusOr<PhotoFolder> Open(const std::string& path,
                                          std::function<OpenVideo()> decoder);

  // Adds the files, in their order, to the request: as they are while it stays
  // within kMaxRequestBytes, else as PDQ hashes. Names are relative to the
  // folder; what lies outside, by a link too, is not read. A file that cannot
  // be read is left out, and named. INVALID_ARGUMENT for too many of them.
  absl::StatusOr<PhotoNames> Add(const std::vector<std::string>& files,
                                 v1::ReviewListingRequest& request);

 private:
  PhotoFolder(std::string path, std::function<OpenVideo()> decoder);
  // Whether it was added as it is, and not as a hash.
  absl::StatusOr<bool> AddFile(const std::string& name, size_t room,
                               v1::ReviewListingRequest& request);
  absl::StatusOr<int> OpenFile(const std::string& name) const;
  absl::StatusOr<v1::PhotoHash> Hash(int descriptor, int64_t bytes);

  std::string path_;  // Canonical.
  std::function<OpenVideo()> decoder_;
  OpenVideo open_video_;
};

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LISTING_PHOTOS_H_
