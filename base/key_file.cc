#include "base/key_file.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr char kHeader[] = "lenscap keys, format 1\n";
constexpr size_t kNameBytes = 32;
constexpr size_t kCheckedBytes = kNameBytes + AeadKey::kKeyBytes;

// The checksum of name and key, behind them.
std::array<uint8_t, 4> ChecksumOf(const uint8_t* slot) {
  const uint32_t sum =
      Crc32({reinterpret_cast<const char*>(slot), kCheckedBytes});
  return {static_cast<uint8_t>(sum >> 24), static_cast<uint8_t>(sum >> 16),
          static_cast<uint8_t>(sum >> 8), static_cast<uint8_t>(sum)};
}

bool IsWhole(const uint8_t* slot) {
  const auto sum = ChecksumOf(slot);
  return std::equal(sum.begin(), sum.end(), slot + kCheckedBytes);
}

}  // namespace

absl::StatusOr<std::unique_ptr<KeyFile>> KeyFile::Open(std::string path) {
  const int descriptor =
      open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, path);
  auto file =
      std::unique_ptr<KeyFile>(new KeyFile(std::move(path), descriptor));
  RETURN_IF_ERROR(file->Load());
  return file;
}

KeyFile::~KeyFile() { close(descriptor_); }

absl::Status KeyFile::Load() {
  std::lock_guard lock(mutex_);
  struct stat facts = {};
  if (fstat(descriptor_, &facts) != 0) {
    return absl::ErrnoToStatus(errno, path_);
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        path_, ": others than its owner can use these keys; chmod 600 it"));
  }
  Slot slot = {};
  std::memcpy(slot.data(), kHeader, sizeof(kHeader));
  const Slot header = slot;
  if (facts.st_size == 0) {
    RETURN_IF_ERROR(WriteSlot(0, header));
    RETURN_IF_ERROR(Sync());
    return SyncDirectoryOf(path_);
  }
  const auto next = [&](int64_t number) {
    return pread(descriptor_, slot.data(), kSlotBytes,
                 number * static_cast<int64_t>(kSlotBytes)) ==
           static_cast<ssize_t>(kSlotBytes);
  };
  if (!next(0) || slot != header) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, ": it is no file of keys"));
  }
  // A slot that a crash has torn was never acknowledged, and is used again.
  for (; next(end_); ++end_) {
    Name name;
    std::copy_n(slot.begin(), kNameBytes, name.begin());
    if (slot == Slot{} || !IsWhole(slot.data()) ||
        !slots_.emplace(name, end_).second) {
      free_.push_back(end_);
    }
  }
  OPENSSL_cleanse(slot.data(), slot.size());
  return absl::OkStatus();
}

absl::StatusOr<AeadKey> KeyFile::Make(absl::string_view name) {
  const Name digest = Sha256Of(name);
  std::lock_guard lock(mutex_);
  if (const auto found = slots_.find(digest); found != slots_.end()) {
    return ReadSlot(digest, found->second);
  }
  const AeadKey key = AeadKey::Generate();
  Slot slot = {};
  std::copy(digest.begin(), digest.end(), slot.begin());
  std::copy(key.bytes().begin(), key.bytes().end(), slot.begin() + kNameBytes);
  const auto sum = ChecksumOf(slot.data());
  std::copy(sum.begin(), sum.end(), slot.begin() + kCheckedBytes);
  const bool reuse = !free_.empty();
  const int64_t place = reuse ? free_.back() : end_;
  absl::Status written = WriteSlot(place, slot);
  OPENSSL_cleanse(slot.data(), slot.size());
  written.Update(Sync());
  RETURN_IF_ERROR(written);
  reuse ? free_.pop_back() : static_cast<void>(++end_);
  slots_.emplace(digest, place);
  return key;
}

absl::StatusOr<AeadKey> KeyFile::Get(absl::string_view name) const {
  const Name digest = Sha256Of(name);
  std::lock_guard lock(mutex_);
  const auto found = slots_.find(digest);
  if (found == slots_.end()) {
    return absl::NotFoundError(absl::StrCat(path_, ": there is no such key"));
  }
  return ReadSlot(digest, found->second);
}

absl::StatusOr<AeadKey> KeyFile::ReadSlot(const Name& name,
                                          int64_t slot) const {
  Slot bytes;
  const ssize_t read = pread(descriptor_, bytes.data(), kSlotBytes,
                             slot * static_cast<int64_t>(kSlotBytes));
  if (read < 0) return absl::ErrnoToStatus(errno, path_);
  if (read != static_cast<ssize_t>(kSlotBytes) || !IsWhole(bytes.data()) ||
      !std::equal(name.begin(), name.end(), bytes.begin())) {
    return absl::DataLossError(
        absl::StrCat(path_, ": slot ", slot, " was changed under our hands"));
  }
  std::array<uint8_t, AeadKey::kKeyBytes> key;
  std::copy_n(bytes.begin() + kNameBytes, key.size(), key.begin());
  const AeadKey made(key);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  OPENSSL_cleanse(key.data(), key.size());
  return made;
}

absl::Status KeyFile::Destroy(absl::Span<const std::string> names) {
  std::vector<Name> digests;
  for (const std::string& name : names) digests.push_back(Sha256Of(name));
  std::lock_guard lock(mutex_);
  return DestroyLocked(digests);
}

absl::Status KeyFile::DestroyAllBut(absl::Span<const std::string> names) {
  std::set<Name> kept;
  for (const std::string& name : names) kept.insert(Sha256Of(name));
  std::lock_guard lock(mutex_);
  std::vector<Name> others;
  for (const auto& [name, slot] : slots_) {
    if (!kept.contains(name)) others.push_back(name);
  }
  return DestroyLocked(others);
}

absl::Status KeyFile::DestroyLocked(const std::vector<Name>& names) {
  std::vector<std::map<Name, int64_t>::iterator> gone;
  for (const Name& name : names) {
    const auto found = slots_.find(name);
    if (found == slots_.end()) continue;
    RETURN_IF_ERROR(WriteSlot(found->second, Slot{}));
    gone.push_back(found);
  }
  if (gone.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(Sync());
  for (const auto found : gone) {
    free_.push_back(found->second);
    slots_.erase(found);
  }
  return absl::OkStatus();
}

absl::Status KeyFile::WriteSlot(int64_t slot, const Slot& bytes) {
  const ssize_t written = pwrite(descriptor_, bytes.data(), kSlotBytes,
                                 slot * static_cast<int64_t>(kSlotBytes));
  if (written == static_cast<ssize_t>(kSlotBytes)) return absl::OkStatus();
  return absl::ErrnoToStatus(written < 0 ? errno : ENOSPC, path_);
}

absl::Status KeyFile::Sync() {
  if (fdatasync(descriptor_) == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, path_);
}

size_t KeyFile::size() const {
  std::lock_guard lock(mutex_);
  return slots_.size();
}

}  // namespace lenscap
