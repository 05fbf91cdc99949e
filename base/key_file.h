#ifndef LENSCAP_BASE_KEY_FILE_H_
#define LENSCAP_BASE_KEY_FILE_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/aead.h"
#include "base/digest.h"

namespace lenscap {

// Random keys by name, each in a slot of its own of one file, which is
// overwritten where it stands when the key is destroyed: what the key has
// sealed is then lost, also in copies that were made before. What each promises
// of the disk is in key_file_format.md. Whatever a call acknowledged is on
// disk. Errors name the file. Thread-safe. One process at a time per file.
class KeyFile {
 public:
  // Made where it is absent, for its owner alone. FAILED_PRECONDITION for one
  // that others can read, or that is no such file.
  static absl::StatusOr<std::unique_ptr<KeyFile>> Open(std::string path);
  ~KeyFile();

  // The key of that name; a new one where there is none.
  absl::StatusOr<AeadKey> Make(absl::string_view name);
  // NOT_FOUND where there is none, or none any more.
  absl::StatusOr<AeadKey> Get(absl::string_view name) const;
  // For good, with one sync for all. OK for what is not there.
  absl::Status Destroy(absl::Span<const std::string> names);
  // Those of no other name.
  absl::Status DestroyAllBut(absl::Span<const std::string> names);

  size_t size() const;

 private:
  // A name is known by its digest alone.
  using Name = Sha256;
  static constexpr size_t kSlotBytes = 128;
  using Slot = std::array<uint8_t, kSlotBytes>;

  KeyFile(std::string path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}
  absl::Status Load();
  absl::StatusOr<AeadKey> ReadSlot(const Name& name, int64_t slot) const;
  absl::Status WriteSlot(int64_t slot, const Slot& bytes);
  absl::Status Sync();
  absl::Status DestroyLocked(const std::vector<Name>& names);

  const std::string path_;
  const int descriptor_;
  mutable std::mutex mutex_;
  std::map<Name, int64_t> slots_;  // Guarded by mutex_; the header is slot 0.
  std::vector<int64_t> free_;      // Guarded by mutex_.
  int64_t end_ = 1;                // Guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_KEY_FILE_H_
