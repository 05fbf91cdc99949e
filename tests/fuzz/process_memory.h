#ifndef LENSCAP_TESTS_FUZZ_PROCESS_MEMORY_H_
#define LENSCAP_TESTS_FUZZ_PROCESS_MEMORY_H_

#include <sys/types.h>

#include <cstdint>
#include <set>

namespace lenscap {

// Watches the peak resident memory of a process and of what it starts, in
// bytes, as /proc tells it. A child that comes and goes between two looks is
// not seen. Not thread-safe.
class ProcessMemory {
 public:
  explicit ProcessMemory(pid_t process) : process_(process) {}

  // Looks now; nothing happens once the process is gone.
  void Look();

  int64_t own_peak() const { return own_peak_; }
  // Of the largest descendant; 0 where there was none.
  int64_t child_peak() const { return child_peak_; }
  int64_t children_seen() const { return children_.size(); }

 private:
  void LookBelow(pid_t process);

  const pid_t process_;
  int64_t own_peak_ = 0;
  int64_t child_peak_ = 0;
  std::set<pid_t> children_;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FUZZ_PROCESS_MEMORY_H_
