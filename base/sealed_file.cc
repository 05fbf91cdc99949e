#include "base/sealed_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr uint64_t kPage = 4096;
constexpr uint32_t kMaxHeader = 1 << 30;
// Read, and checked while it is in the cache, at a time.
constexpr size_t kPiece = 1 << 20;

struct Preamble {
  char magic[8] = {};
  uint32_t version = 0;
  uint32_t header_bytes = 0;
  uint64_t body_bytes = 0;
  uint64_t header_sum = 0;
  uint64_t body_sum = 0;
  uint64_t unused[2] = {};
  uint64_t sum = 0;  // Of what stands before it.
};
static_assert(sizeof(Preamble) == 64);

uint64_t SumOf(absl::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

uint64_t SumOf(const Preamble& preamble) {
  return SumOf({reinterpret_cast<const char*>(&preamble),
                sizeof(preamble) - sizeof(preamble.sum)});
}

uint64_t BodyAt(uint64_t header_bytes) {
  return (sizeof(Preamble) + header_bytes + kPage - 1) / kPage * kPage;
}

class RunningSum {
 public:
  RunningSum() : state_(XXH3_createState(), &XXH3_freeState) {
    XXH3_64bits_reset(state_.get());
  }
  void Add(absl::string_view bytes) {
    XXH3_64bits_update(state_.get(), bytes.data(), bytes.size());
  }
  uint64_t Get() const { return XXH3_64bits_digest(state_.get()); }

 private:
  std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state_;
};

absl::Status WriteError(int error, const std::string& path) {
  const std::string what = absl::StrCat("writing ", path);
  if (error != ENOSPC && error != EDQUOT && error != EFBIG) {
    return absl::ErrnoToStatus(error, what);
  }
  return absl::ResourceExhaustedError(
      absl::StrCat(what, ": ", std::strerror(error)));
}

absl::Status WriteAll(int file, absl::string_view bytes,
                      const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return WriteError(errno, path);
    bytes.remove_prefix(written);
  }
  return absl::OkStatus();
}

absl::Status SyncDirectory(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int error = file < 0 || fsync(file) != 0 ? errno : 0;
  if (file >= 0) close(file);
  if (error == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(error, absl::StrCat("syncing ", path));
}

absl::Status WriteParts(const std::string& path, const Preamble& preamble,
                        absl::string_view header,
                        absl::Span<const absl::string_view> body) {
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("making ", path));
  }
  const std::string padding(
      BodyAt(header.size()) - sizeof(preamble) - header.size(), '\0');
  absl::Status status = WriteAll(
      file, {reinterpret_cast<const char*>(&preamble), sizeof(preamble)}, path);
  if (status.ok()) status = WriteAll(file, header, path);
  if (status.ok()) status = WriteAll(file, padding, path);
  for (const absl::string_view piece : body) {
    if (status.ok()) status = WriteAll(file, piece, path);
  }
  if (status.ok() && fdatasync(file) != 0) status = WriteError(errno, path);
  if (close(file) != 0 && status.ok()) status = WriteError(errno, path);
  return status;
}

}  // namespace

absl::Status WriteSealedFile(const std::string& path, const FileKind& kind,
                             absl::string_view header,
                             absl::Span<const absl::string_view> body) {
  if (kind.magic.size() != sizeof(Preamble::magic) ||
      header.size() > kMaxHeader) {
    return absl::InvalidArgumentError("a magic has 8 bytes, a header 1 GiB");
  }
  Preamble preamble;
  kind.magic.copy(preamble.magic, sizeof(preamble.magic));
  preamble.version = kind.version;
  preamble.header_bytes = header.size();
  preamble.header_sum = SumOf(header);
  RunningSum sum;
  for (const absl::string_view piece : body) {
    preamble.body_bytes += piece.size();
    sum.Add(piece);
  }
  preamble.body_sum = sum.Get();
  preamble.sum = SumOf(preamble);

  const std::string unfinished = absl::StrCat(path, ".new");
  absl::Status status = WriteParts(unfinished, preamble, header, body);
  if (status.ok() && rename(unfinished.c_str(), path.c_str()) != 0) {
    status = absl::ErrnoToStatus(errno, absl::StrCat("renaming ", unfinished));
  }
  if (!status.ok()) {
    unlink(unfinished.c_str());
    return status;
  }
  const auto directory = std::filesystem::path(path).parent_path();
  return SyncDirectory(directory.empty() ? "." : directory.string());
}

MappedBytes::MappedBytes(MappedBytes&& other) noexcept {
  *this = std::move(other);
}

MappedBytes& MappedBytes::operator=(MappedBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedBytes::~MappedBytes() {
  if (data_ != nullptr) munmap(const_cast<char*>(data_), bytes_);
}

absl::StatusOr<SealedFile> SealedFile::Open(const std::string& path,
                                            const FileKind& kind) {
  const int number = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (number < 0) return absl::ErrnoToStatus(errno, path);
  SealedFile file(path, number);
  RETURN_IF_ERROR(file.ReadPreamble(kind));
  return file;
}

SealedFile::SealedFile(SealedFile&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      header_(std::move(other.header_)),
      body_at_(other.body_at_),
      body_bytes_(other.body_bytes_),
      body_sum_(other.body_sum_) {}

SealedFile::~SealedFile() {
  if (file_ >= 0) close(file_);
}

absl::Status SealedFile::Damaged(absl::string_view how) const {
  return absl::DataLossError(absl::StrCat(path_, ": ", how));
}

absl::Status SealedFile::ReadAt(uint64_t at, char* to, size_t bytes) const {
  while (bytes > 0) {
    const ssize_t got = pread(file_, to, bytes, at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::ErrnoToStatus(errno, path_);
    if (got == 0) return Damaged("it is cut short");
    to += got;
    at += got;
    bytes -= got;
  }
  return absl::OkStatus();
}

absl::Status SealedFile::ReadPreamble(const FileKind& kind) {
  Preamble preamble;
  RETURN_IF_ERROR(
      ReadAt(0, reinterpret_cast<char*>(&preamble), sizeof(preamble)));
  if (absl::string_view(preamble.magic, sizeof(preamble.magic)) != kind.magic) {
    return Damaged("it is no file of this kind");
  }
  if (preamble.sum != SumOf(preamble))
    return Damaged("its preamble is damaged");
  if (preamble.version != kind.version) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, " has version ", preamble.version,
                     ", this program knows ", kind.version));
  }
  if (preamble.header_bytes > kMaxHeader) return Damaged("its header is huge");
  body_at_ = BodyAt(preamble.header_bytes);
  body_bytes_ = preamble.body_bytes;
  body_sum_ = preamble.body_sum;
  struct stat info;
  if (fstat(file_, &info) != 0) return absl::ErrnoToStatus(errno, path_);
  if (static_cast<uint64_t>(info.st_size) != body_at_ + body_bytes_) {
    return Damaged(absl::StrCat("it has ", info.st_size, " bytes, not ",
                                body_at_ + body_bytes_));
  }
  header_.resize(preamble.header_bytes);
  RETURN_IF_ERROR(ReadAt(sizeof(preamble), header_.data(), header_.size()));
  if (SumOf(header_) != preamble.header_sum) {
    return Damaged("its header is damaged");
  }
  return absl::OkStatus();
}

absl::Status SealedFile::ReadBody(char* to) const {
  RunningSum sum;
  for (uint64_t at = 0; at < body_bytes_; at += kPiece) {
    const size_t bytes = std::min<uint64_t>(kPiece, body_bytes_ - at);
    RETURN_IF_ERROR(ReadAt(body_at_ + at, to + at, bytes));
    sum.Add({to + at, bytes});
  }
  if (sum.Get() != body_sum_) return Damaged("its body is damaged");
  return absl::OkStatus();
}

absl::StatusOr<MappedBytes> SealedFile::MapBody() const {
  // By reading, so that what the disk cannot give is an error and no signal.
  RunningSum sum;
  std::string piece(kPiece, '\0');
  for (uint64_t at = 0; at < body_bytes_; at += kPiece) {
    const size_t bytes = std::min<uint64_t>(kPiece, body_bytes_ - at);
    RETURN_IF_ERROR(ReadAt(body_at_ + at, piece.data(), bytes));
    sum.Add({piece.data(), bytes});
  }
  if (sum.Get() != body_sum_) return Damaged("its body is damaged");
  MappedBytes mapped;
  if (body_bytes_ == 0) return mapped;
  void* const pages = mmap(nullptr, body_bytes_, PROT_READ, MAP_SHARED, file_,
                           static_cast<off_t>(body_at_));
  if (pages == MAP_FAILED) return absl::ErrnoToStatus(errno, path_);
  mapped.data_ = static_cast<const char*>(pages);
  mapped.bytes_ = body_bytes_;
  return mapped;
}

}  // namespace lenscap
