#include "tests/fuzz/process_memory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

// The high-water mark of a process's resident memory; 0 where it is gone.
int64_t PeakOf(pid_t process) {
  std::ifstream status(absl::StrCat("/proc/", process, "/status"));
  for (std::string word; status >> word;) {
    int64_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

}  // namespace

void ProcessMemory::Look() {
  own_peak_ = std::max(own_peak_, PeakOf(process_));
  LookBelow(process_);
}

// Each thread has its own children.
void ProcessMemory::LookBelow(pid_t process) {
  std::error_code gone;
  for (const auto& thread :
       fs::directory_iterator(absl::StrCat("/proc/", process, "/task"), gone)) {
    std::ifstream children(thread.path() / "children");
    for (pid_t child; children >> child;) {
      children_.insert(child);
      child_peak_ = std::max(child_peak_, PeakOf(child));
      LookBelow(child);
    }
  }
}

}  // namespace lenscap
