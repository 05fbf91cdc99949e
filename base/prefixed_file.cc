#include "base/prefixed_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"

namespace lenscap {
namespace {

size_t WholePages(size_t bytes) {
  static const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

}  // namespace

absl::StatusOr<PrefixedFile> PrefixedFile::Map(absl::string_view prefix,
                                               const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return absl::ErrnoToStatus(errno, path);
  const auto close_file = absl::MakeCleanup([file] { close(file); });
  struct stat facts = {};
  if (fstat(file, &facts) != 0) return absl::ErrnoToStatus(errno, path);
  if (!S_ISREG(facts.st_mode)) {
    return absl::InvalidArgumentError(path + " is not a regular file");
  }
  const size_t file_bytes = static_cast<size_t>(facts.st_size);
  const size_t front = WholePages(prefix.size() + 1);
  const size_t all = front + WholePages(file_bytes);
  void* const pages = mmap(nullptr, all, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) return absl::ErrnoToStatus(errno, path);
  PrefixedFile mapped(static_cast<char*>(pages), all);
  char* const start = mapped.pages_ + front - prefix.size();
  prefix.copy(start, prefix.size());
  if (file_bytes > 0) {
    // Takes the place of the anonymous pages there.
    void* const body = mmap(mapped.pages_ + front, file_bytes, PROT_READ,
                            MAP_PRIVATE | MAP_FIXED, file, 0);
    if (body == MAP_FAILED) return absl::ErrnoToStatus(errno, path);
    madvise(body, file_bytes, MADV_SEQUENTIAL);
  }
  mapped.bytes_ = {start, prefix.size() + file_bytes};
  return mapped;
}

PrefixedFile::PrefixedFile(PrefixedFile&& other) noexcept
    : pages_(std::exchange(other.pages_, nullptr)),
      page_bytes_(other.page_bytes_),
      bytes_(other.bytes_) {}

PrefixedFile::~PrefixedFile() {
  if (pages_ != nullptr) munmap(pages_, page_bytes_);
}

}  // namespace lenscap
