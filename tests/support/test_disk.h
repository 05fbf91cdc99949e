#ifndef LENSCAP_TESTS_SUPPORT_TEST_DISK_H_
#define LENSCAP_TESTS_SUPPORT_TEST_DISK_H_

#include <cstdint>

namespace lenscap {

// Stands between this process and its disk: a test that links it takes the
// place of libc's write and fdatasync, for itself and for every library in it,
// and passes regular files' calls on, or fails them as a disk does. Calls may
// come from any thread; the tests of one process share the disk.
class TestDisk {
 public:
  enum class Mode {
    kSound,        // As the real disk.
    kNoSyncs,      // Syncs do nothing: quick, and no different without a crash.
    kFull,         // Writes fail with ENOSPC.
    kBroken,       // Writes fail with EIO.
    kFullSyncs,    // Syncs fail with ENOSPC, after writes that did not.
    kBrokenSyncs,  // Syncs fail with EIO.
  };
  static void SetMode(Mode mode);

  // Syncs since the process started.
  static int64_t syncs();

  // Makes syncs wait until they are let go, or the holder is destroyed.
  class SyncHolder {
   public:
    SyncHolder();
    ~SyncHolder() { LetGo(); }
    SyncHolder(const SyncHolder&) = delete;
    SyncHolder& operator=(const SyncHolder&) = delete;

    // Returns once a sync waits.
    void AwaitSync();
    // Returns once every other thread of the process waits, be it for a sync,
    // for who waits for one, or for work.
    void AwaitOthers();
    void LetGo();
  };
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SUPPORT_TEST_DISK_H_
