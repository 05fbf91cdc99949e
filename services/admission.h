#ifndef LENSCAP_SERVICES_ADMISSION_H_
#define LENSCAP_SERVICES_ADMISSION_H_

#include <atomic>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace lenscap {

// Bounds how many uploads are open at a time. Thread-safe; must outlive its
// tickets.
class Admission {
 public:
  using Ticket = std::shared_ptr<void>;  // Gives the place back when it goes.

  explicit Admission(int max) : max_(max) {}

  // RESOURCE_EXHAUSTED where there is no place.
  absl::StatusOr<Ticket> Enter() {
    if (open_.fetch_add(1) >= max_) {
      --open_;
      return absl::ResourceExhaustedError(absl::StrCat(
          "the server has ", max_, " uploads open: try again in a moment"));
    }
    return Ticket(nullptr, [this](void*) { --open_; });
  }

 private:
  const int max_;
  std::atomic<int> open_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_ADMISSION_H_
