#ifndef LENSCAP_SERVICES_SPOOL_H_
#define LENSCAP_SERVICES_SPOOL_H_

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// A file in a spool, written from its start to its end. Move-only; the file is
// removed with the object unless it was kept. Not thread-safe.
class SpoolFile {
 public:
  SpoolFile(SpoolFile&& other) noexcept;
  SpoolFile& operator=(SpoolFile&& other) noexcept;
  ~SpoolFile();

  const std::string& name() const { return name_; }  // Within the spool.
  std::string path() const;

  // RESOURCE_EXHAUSTED where the disk is full or a file may not grow so large.
  absl::Status Append(absl::string_view bytes);
  // The bytes and the name are on disk when this returns.
  absl::Status Sync();
  // Leaves the file where it is when the object goes.
  void Keep() { kept_ = true; }

 private:
  friend class Spool;
  SpoolFile(std::string directory, std::string name, int descriptor);
  void Discard();

  std::string directory_;
  std::string name_;
  int descriptor_ = -1;  // -1 once moved from.
  bool kept_ = false;
};

// A directory of uploads that wait for their scan or are being received.
// Only this process's user may read it. Thread-safe.
class Spool {
 public:
  // Makes the directory if it is absent.
  static absl::StatusOr<Spool> Open(std::string directory);

  // A new empty file, named by a new scan id.
  absl::StatusOr<SpoolFile> Create() const;
  std::string PathOf(absl::string_view name) const;
  // OK where it is gone already.
  absl::Status Remove(absl::string_view name) const;
  // What an earlier process left behind, save `names`.
  absl::Status RemoveAllBut(const std::set<std::string>& names) const;

 private:
  explicit Spool(std::string directory) : directory_(std::move(directory)) {}
  std::string directory_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SPOOL_H_
