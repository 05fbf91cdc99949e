#include "services/cli/listing_photos.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "fingerprint/fingerprint.h"
#include "fingerprint/hash256.h"
#include "media/byte_source.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;

// Of a field's tag and length.
constexpr size_t kFieldBytes = 8;
// Of one PhotoHash, as a field.
constexpr size_t kHashBytes = 48;

absl::StatusOr<std::string> ReadAll(int descriptor, size_t bytes) {
  std::string content(bytes, '\0');
  size_t got = 0;
  while (got < bytes) {
    const ssize_t count = read(descriptor, &content[got], bytes - got);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return absl::ErrnoToStatus(errno, "cannot be read");
    if (count == 0) return absl::DataLossError("it was cut short meanwhile");
    got += static_cast<size_t>(count);
  }
  return content;
}

}  // namespace

PhotoFolder::PhotoFolder(std::string path, std::function<OpenVideo()> decoder)
    : path_(std::move(path)), decoder_(std::move(decoder)) {}

absl::StatusOr<PhotoFolder> PhotoFolder::Open(
    const std::string& path, std::function<OpenVideo()> decoder) {
  std::error_code error;
  const fs::path canonical = fs::canonical(path, error);
  if (error) return absl::ErrnoToStatus(error.value(), path);
  if (!fs::is_directory(canonical, error)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": it is no directory"));
  }
  return PhotoFolder(canonical, std::move(decoder));
}

absl::StatusOr<PhotoNames> PhotoFolder::Add(
    const std::vector<std::string>& files, v1::ReviewListingRequest& request) {
  const size_t given = request.images_size() + request.image_hashes_size();
  if (given + files.size() > kMaxListingPhotos) {
    return absl::InvalidArgumentError(
        absl::StrCat("photo_files: there are ", given + files.size(),
                     " photos; there may be ", kMaxListingPhotos));
  }
  PhotoNames photos;
  std::vector<std::string> hash_names;
  for (int i = 0; i < request.images_size(); ++i) {
    photos.names.push_back(absl::StrCat("images[", i, "]"));
  }
  for (int i = 0; i < request.image_hashes_size(); ++i) {
    hash_names.push_back(absl::StrCat("image_hashes[", i, "]"));
  }
  for (size_t i = 0; i < files.size(); ++i) {
    // Whatever comes after it still fits as a hash.
    const size_t kept =
        request.ByteSizeLong() + (files.size() - i) * kHashBytes + kFieldBytes;
    const absl::StatusOr<bool> whole =
        AddFile(files[i], kept < kMaxRequestBytes ? kMaxRequestBytes - kept : 0,
                request);
    if (whole.ok()) {
      (*whole ? photos.names : hash_names).push_back(files[i]);
    } else {
      photos.problems.push_back(absl::StrCat("photo_files[", i, "]: ", files[i],
                                             ": ", whole.status().message()));
    }
  }
  photos.names.insert(photos.names.end(), hash_names.begin(), hash_names.end());
  return photos;
}

absl::StatusOr<bool> PhotoFolder::AddFile(const std::string& name, size_t room,
                                          v1::ReviewListingRequest& request) {
  ASSIGN_OR_RETURN(const int descriptor, OpenFile(name));
  const auto closer = absl::MakeCleanup([descriptor] { close(descriptor); });
  struct stat facts = {};
  if (fstat(descriptor, &facts) != 0) {
    return absl::ErrnoToStatus(errno, "cannot be read");
  }
  if (static_cast<size_t>(facts.st_size) <= room) {
    ASSIGN_OR_RETURN(std::string content,
                     ReadAll(descriptor, static_cast<size_t>(facts.st_size)));
    request.add_images(std::move(content));
    return true;
  }
  ASSIGN_OR_RETURN(v1::PhotoHash hash, Hash(descriptor, facts.st_size));
  *request.add_image_hashes() = std::move(hash);
  return false;
}

// A regular, open file below the folder. Where it lies is judged after it was
// opened: no link, and no change of one, leads out.
absl::StatusOr<int> PhotoFolder::OpenFile(const std::string& name) const {
  const auto outside = [] {
    return absl::PermissionDeniedError("it does not lie in the photos' folder");
  };
  const fs::path path = fs::path(name).lexically_normal();
  if (name.empty() || absl::StrContains(name, '\0')) {
    return absl::InvalidArgumentError("it is no name of a file");
  }
  if (path.is_absolute() || *path.begin() == "..") return outside();
  // Without O_NONBLOCK the open of a pipe would wait for its writer.
  const int descriptor = open((fs::path(path_) / path).c_str(),
                              O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, "cannot be opened");
  auto closer = absl::MakeCleanup([descriptor] { close(descriptor); });
  std::error_code error;
  const std::string place =
      fs::read_symlink(absl::StrCat("/proc/self/fd/", descriptor), error);
  absl::string_view below = place;
  if (!absl::ConsumePrefix(&below, path_) ||
      (path_ != "/" && !absl::StartsWith(below, "/"))) {
    return outside();
  }
  struct stat facts;
  if (fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return absl::InvalidArgumentError("it is no regular file");
  }
  if (facts.st_size == 0) return absl::InvalidArgumentError("it is empty");
  std::move(closer).Cancel();
  return descriptor;
}

absl::StatusOr<v1::PhotoHash> PhotoFolder::Hash(int descriptor, int64_t bytes) {
  // The source closes what it is given.
  const int own = dup(descriptor);
  if (own < 0) return absl::ErrnoToStatus(errno, "cannot be read");
  std::unique_ptr<ByteSource> source = MakeFileSource(own, bytes);
  if (open_video_ == nullptr) open_video_ = decoder_();
  ASSIGN_OR_RETURN(const auto reader,
                   open_video_(std::move(source), ReaderOptions()));
  ASSIGN_OR_RETURN(const std::optional<Frame> frame, reader->Next());
  if (!frame) return absl::InvalidArgumentError("there is no picture in it");
  const FrameFingerprint fingerprint = Fingerprint(*frame);
  v1::PhotoHash hash;
  hash.set_pdq(ToBytes(fingerprint.hash()));
  hash.set_quality(fingerprint.quality());
  return hash;
}

}  // namespace lenscap::cli
