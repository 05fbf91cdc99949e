#include "tests/support/test_disk.h"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <thread>

namespace lenscap {
namespace {

using Mode = TestDisk::Mode;

struct Disk {
  std::atomic<Mode> mode = Mode::kSound;
  std::atomic<int64_t> syncs = 0;
  std::mutex mutex;
  std::condition_variable changed;
  bool holding = false;
  int waiting = 0;
};

// Never destroyed: libraries write to the very end.
Disk& TheDisk() {
  static Disk* const disk = new Disk;
  return *disk;
}

bool IsRegularFile(int descriptor) {
  struct stat facts;
  return fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
}

int Fail(int error) {
  errno = error;
  return -1;
}

template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

void WaitUntilLetGo(Disk& disk) {
  std::unique_lock lock(disk.mutex);
  ++disk.waiting;
  disk.changed.notify_all();
  disk.changed.wait(lock, [&] { return !disk.holding; });
  --disk.waiting;
}

// "S" in the third field of proc(5)'s stat; the second ends with the last ')'.
bool Sleeps(const std::filesystem::path& task) {
  std::ifstream file(task / "stat");
  const std::string stat{std::istreambuf_iterator<char>(file), {}};
  const size_t name_end = stat.rfind(')');
  // A thread that has just ended has no stat to read.
  return name_end == std::string::npos || stat.substr(name_end + 2, 1) == "S";
}

bool OthersSleep() {
  const std::string own = std::to_string(gettid());
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/self/task")) {
    if (task.path().filename() != own && !Sleeps(task.path())) return false;
  }
  return true;
}

}  // namespace

void TestDisk::SetMode(Mode mode) { TheDisk().mode = mode; }

int64_t TestDisk::syncs() { return TheDisk().syncs; }

TestDisk::SyncHolder::SyncHolder() {
  std::lock_guard lock(TheDisk().mutex);
  TheDisk().holding = true;
}

void TestDisk::SyncHolder::AwaitSync() {
  std::unique_lock lock(TheDisk().mutex);
  TheDisk().changed.wait(lock, [] { return TheDisk().waiting > 0; });
}

void TestDisk::SyncHolder::AwaitOthers() {
  while (!OthersSleep()) std::this_thread::yield();
}

void TestDisk::SyncHolder::LetGo() {
  std::lock_guard lock(TheDisk().mutex);
  TheDisk().holding = false;
  TheDisk().changed.notify_all();
}

}  // namespace lenscap

extern "C" ssize_t write(int descriptor, const void* bytes, size_t size) {
  using lenscap::TestDisk;
  static auto* const real = lenscap::Real<decltype(write)>("write");
  const TestDisk::Mode mode = lenscap::TheDisk().mode;
  const bool full = mode == TestDisk::Mode::kFull;
  if ((full || mode == TestDisk::Mode::kBroken) &&
      lenscap::IsRegularFile(descriptor)) {
    return lenscap::Fail(full ? ENOSPC : EIO);
  }
  return real(descriptor, bytes, size);
}

extern "C" int fdatasync(int descriptor) {
  using lenscap::TestDisk;
  static auto* const real = lenscap::Real<decltype(fdatasync)>("fdatasync");
  lenscap::Disk& disk = lenscap::TheDisk();
  ++disk.syncs;
  lenscap::WaitUntilLetGo(disk);
  const TestDisk::Mode mode = disk.mode;
  if (mode == TestDisk::Mode::kNoSyncs) return 0;
  if (mode == TestDisk::Mode::kFullSyncs) return lenscap::Fail(ENOSPC);
  if (mode == TestDisk::Mode::kBrokenSyncs) return lenscap::Fail(EIO);
  return real(descriptor);
}
