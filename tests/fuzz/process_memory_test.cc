#include "tests/fuzz/process_memory.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <functional>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

constexpr size_t kBytes = 64 << 20;

// A child that takes so much memory, says so, and waits to be killed.
class Child {
 public:
  explicit Child(size_t bytes) {
    int ready[2];
    EXPECT_EQ(pipe(ready), 0);
    pid_ = fork();
    if (pid_ == 0) {
      void* const memory = malloc(bytes);
      memset(memory, 1, bytes);
      if (write(ready[1], memory, 1) == 1) pause();
      _exit(0);
    }
    char byte;
    EXPECT_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
  }
  ~Child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_;
};

TEST(ProcessMemoryTest, SeesItselfAndItsLargestChild) {
  ProcessMemory memory(getpid());
  memory.Look();
  EXPECT_GT(memory.own_peak(), 1 << 20);
  EXPECT_EQ(memory.child_peak(), 0);
  {
    const Child small(1 << 20);
    const Child large(kBytes);
    memory.Look();
  }
  EXPECT_EQ(memory.children_seen(), 2);
  EXPECT_GT(memory.child_peak(), kBytes);
  EXPECT_LT(memory.child_peak(), 4 * kBytes);
  memory.Look();
  EXPECT_GT(memory.child_peak(), kBytes) << "a peak stays";
}

}  // namespace
}  // namespace lenscap
