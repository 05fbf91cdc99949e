#include "listings/pack_faults.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace lenscap {

void PackFaults::Add(int line, absl::string_view where,
                     absl::string_view what) {
  if (full()) return;
  lines_.push_back({line, absl::StrCat("line ", line, ": ", where,
                                       where.empty() ? "" : ": ", what)});
}

absl::Status PackFaults::ToStatus() const {
  if (empty()) return absl::OkStatus();
  std::vector<Fault> sorted = lines_;
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const Fault& a, const Fault& b) { return a.line < b.line; });
  return absl::InvalidArgumentError(
      absl::StrJoin(sorted, "\n", [](std::string* out, const Fault& fault) {
        absl::StrAppend(out, fault.message);
      }));
}

}  // namespace lenscap
