#ifndef LENSCAP_LISTINGS_PACK_FAULTS_H_
#define LENSCAP_LISTINGS_PACK_FAULTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// What is wrong with a pack: the first 20 faults. Not thread-safe.
class PackFaults {
 public:
  static constexpr size_t kMost = 20;

  // "line 12: rule \"zh-pinhole\": score: is missing"; `where` may be empty.
  void Add(int line, absl::string_view where, absl::string_view what);

  bool empty() const { return lines_.empty(); }
  bool full() const { return lines_.size() >= kMost; }

  // INVALID_ARGUMENT, a line for each fault, by line; OK without any.
  absl::Status ToStatus() const;

 private:
  struct Fault {
    int line = 0;
    std::string message;
  };
  std::vector<Fault> lines_;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_PACK_FAULTS_H_
