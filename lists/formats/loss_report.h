#ifndef LENSCAP_LISTS_FORMATS_LOSS_REPORT_H_
#define LENSCAP_LISTS_FORMATS_LOSS_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lenscap {

// What did not survive a conversion: one record for each kind of loss, such as
// "category: pdq has none". Empty means that nothing was lost. Takes bounded
// memory, whatever is added. Not thread-safe.
class LossReport {
 public:
  static constexpr size_t kMaxKinds = 200;
  static constexpr size_t kMaxEntryIds = 5;

  struct Loss {
    std::string what;
    int64_t count = 0;
    std::vector<std::string> entry_ids;  // The first few concerned.
  };

  // `what` is cut off after 200 bytes; kinds beyond kMaxKinds go together.
  void Add(absl::string_view what, absl::string_view entry_id);

  bool empty() const { return losses_.empty(); }
  // In the order in which they were first met.
  const std::vector<Loss>& losses() const { return losses_; }

 private:
  std::vector<Loss> losses_;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTS_FORMATS_LOSS_REPORT_H_
