#ifndef LENSCAP_SERVICES_ADMISSION_H_
#define LENSCAP_SERVICES_ADMISSION_H_

#include <atomic>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "services/limit_status.h"

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
      return OverLimit(kUploadsLimit,
                       absl::StrCat("the server has ", max_,
                                    " uploads open, as many as it may"),
                       absl::Seconds(1));
    }
    return Ticket(nullptr, [this](void*) { --open_; });
  }

 private:
  const int max_;
  std::atomic<int> open_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_ADMISSION_H_
