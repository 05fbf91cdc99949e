#include "services/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/limit_status.h"
#include "services/scan_id.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

// After which there may be room: nobody can know.
constexpr absl::Duration kRetry = absl::Seconds(10);

absl::Status ErrnoStatus(int error, absl::string_view what) {
  const std::string message =
      absl::StrCat(what, ": ", std::generic_category().message(error));
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return absl::ResourceExhaustedError(
        absl::StrCat(message, "; free some space on its disk"));
  }
  return absl::ErrnoToStatus(error, what);
}

// 0 of a file that is gone.
int64_t SizeOf(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(size);
}

absl::Status SyncDirectory(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return ErrnoStatus(errno, path);
  const int result = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  return result == 0 ? absl::OkStatus() : ErrnoStatus(error, path);
}

}  // namespace

absl::Status SpoolBudget::Take(int64_t bytes) {
  const int64_t before = used_.fetch_add(bytes);
  if (max_ == 0 || bytes <= max_ - before) return absl::OkStatus();
  used_ -= bytes;
  return OverLimit(
      kSpoolBytesLimit,
      absl::StrCat("the server keeps at most ", max_,
                   " bytes of uploads, and has ", before, " already"),
      kRetry);
}

SpoolFile::SpoolFile(std::string directory, std::string name, int descriptor,
                     std::shared_ptr<SpoolBudget> budget, int64_t reserved)
    : directory_(std::move(directory)),
      name_(std::move(name)),
      descriptor_(descriptor),
      budget_(std::move(budget)),
      reserved_(reserved) {}

SpoolFile::SpoolFile(SpoolFile&& other) noexcept
    : directory_(std::move(other.directory_)),
      name_(std::move(other.name_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      kept_(other.kept_),
      budget_(std::move(other.budget_)),
      reserved_(other.reserved_),
      written_(other.written_) {}

SpoolFile& SpoolFile::operator=(SpoolFile&& other) noexcept {
  if (this != &other) {
    Discard();
    directory_ = std::move(other.directory_);
    name_ = std::move(other.name_);
    descriptor_ = std::exchange(other.descriptor_, -1);
    kept_ = other.kept_;
    budget_ = std::move(other.budget_);
    reserved_ = other.reserved_;
    written_ = other.written_;
  }
  return *this;
}

SpoolFile::~SpoolFile() { Discard(); }

void SpoolFile::Discard() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  if (!kept_) {
    unlink(path().c_str());
    budget_->GiveBack(reserved_);
  }
  descriptor_ = -1;
}

std::string SpoolFile::path() const {
  return absl::StrCat(directory_, "/", name_);
}

void SpoolFile::Keep() {
  if (std::exchange(kept_, true)) return;
  budget_->GiveBack(reserved_ - written_);
}

absl::Status SpoolFile::Reserve(int64_t bytes) {
  if (bytes <= reserved_) return absl::OkStatus();
  RETURN_IF_ERROR(budget_->Take(bytes - reserved_));
  reserved_ = bytes;
  return absl::OkStatus();
}

absl::Status SpoolFile::Append(absl::string_view bytes) {
  RETURN_IF_ERROR(Reserve(written_ + static_cast<int64_t>(bytes.size())));
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoStatus(errno, path());
    bytes.remove_prefix(written);
    written_ += written;
  }
  return absl::OkStatus();
}

absl::Status SpoolFile::Sync() {
  if (fsync(descriptor_) != 0) return ErrnoStatus(errno, path());
  return SyncDirectory(directory_);
}

absl::StatusOr<Spool> Spool::Open(std::string directory, int64_t max_bytes) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  if (error) return ErrnoStatus(error.value(), directory);
  Spool spool(std::move(directory), max_bytes);
  for (fs::directory_iterator it(spool.directory_, error), end;
       !error && it != end; it.increment(error)) {
    spool.budget_->Count(SizeOf(it->path()));
  }
  if (error) return ErrnoStatus(error.value(), spool.directory_);
  return spool;
}

absl::StatusOr<SpoolFile> Spool::Create(int64_t expected_bytes) const {
  RETURN_IF_ERROR(budget_->Take(expected_bytes));
  absl::Cleanup give_back = [&] { budget_->GiveBack(expected_bytes); };
  const std::string name = NewScanId();
  const std::string path = PathOf(name);
  const int descriptor =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return ErrnoStatus(errno, path);
  std::move(give_back).Cancel();
  return SpoolFile(directory_, name, descriptor, budget_, expected_bytes);
}

std::string Spool::PathOf(absl::string_view name) const {
  return absl::StrCat(directory_, "/", name);
}

absl::Status Spool::Remove(absl::string_view name) const {
  const std::string path = PathOf(name);
  const int64_t bytes = SizeOf(path);
  if (unlink(path.c_str()) == 0) {
    budget_->GiveBack(bytes);
    return absl::OkStatus();
  }
  return errno == ENOENT ? absl::OkStatus() : ErrnoStatus(errno, path);
}

absl::Status Spool::RemoveAllBut(const std::set<std::string>& names) const {
  std::error_code error;
  for (fs::directory_iterator it(directory_, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename();
    if (!names.contains(name)) RETURN_IF_ERROR(Remove(name));
  }
  return error ? ErrnoStatus(error.value(), directory_) : absl::OkStatus();
}

}  // namespace lenscap
