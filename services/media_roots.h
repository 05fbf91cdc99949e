#ifndef LENSCAP_SERVICES_MEDIA_ROOTS_H_
#define LENSCAP_SERVICES_MEDIA_ROOTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "media/byte_source.h"

namespace lenscap {

// The directories that callers may name files in, by URI. Immutable.
class MediaRoots {
 public:
  // INVALID_ARGUMENT, naming it, for what is not an absolute path to a
  // directory that is there.
  static absl::StatusOr<MediaRoots> Open(const std::vector<std::string>& paths);

  // Opens the regular file that `uri` names: "file:" or "file://" and an
  // absolute path, taken literally. Its place is judged after it was opened,
  // so that no link, and no change of one, leads out of the roots.
  // INVALID_ARGUMENT for another URI or no regular file, PERMISSION_DENIED
  // outside the roots, NOT_FOUND. Messages begin with "header.uri".
  absl::StatusOr<std::unique_ptr<ByteSource>> OpenUri(absl::string_view uri,
                                                      int64_t max_bytes) const;

 private:
  std::vector<std::string> roots_;  // Canonical.
  std::vector<std::string> names_;  // As they were given.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_MEDIA_ROOTS_H_
