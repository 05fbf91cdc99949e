// What a process can still do in the jail.

#include "media/jail.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

// How a child process ends that does this in the jail: "returned 0" where
// `action` gave true, "returned 1" for false, or the signal that killed it.
std::string InJail(const std::function<bool()>& action) {
  const pid_t child = fork();
  if (child == 0) {
    if (!LimitResources({.address_space = int64_t{4} << 30}).ok()) _exit(98);
    if (!EnterJail().ok()) _exit(99);
    _exit(action() ? 0 : 1);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFSIGNALED(status)
             ? absl::StrCat("killed by SIG", sigabbrev_np(WTERMSIG(status)))
             : absl::StrCat("returned ", WEXITSTATUS(status));
}

TEST(JailTest, ItCanReadWhatItHasAndGetMemory) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "abc", 3), 3);
  EXPECT_EQ(InJail([&] {
              char text[3];
              const std::string large(10 << 20, 'x');
              return read(ends[0], text, 3) == 3 && text[2] == 'c' &&
                     large.back() == 'x';
            }),
            "returned 0");
}

TEST(JailTest, ItCannotNameAFile) {
  EXPECT_EQ(InJail([] {
              return open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES;
            }),
            "returned 0");
  EXPECT_EQ(InJail([] {
              return open("/tmp/new", O_WRONLY | O_CREAT, 0600) < 0 &&
                     errno == EACCES;
            }),
            "returned 0");
  EXPECT_EQ(InJail([] {
              struct stat facts;
              return stat("/etc/passwd", &facts) < 0 && errno == EACCES;
            }),
            "returned 0");
  EXPECT_EQ(InJail([] { return unlink("/tmp/any") == 0; }), "killed by SIGSYS");
}

TEST(JailTest, ItCannotReachTheNetwork) {
  EXPECT_EQ(InJail([] { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }),
            "killed by SIGSYS");
  EXPECT_EQ(InJail([] { return socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }),
            "killed by SIGSYS");
  const int existing = socket(AF_INET, SOCK_DGRAM, 0);
  EXPECT_EQ(InJail([&] {
              sockaddr_in address = {};
              return connect(existing, reinterpret_cast<sockaddr*>(&address),
                             sizeof(address)) == 0;
            }),
            "killed by SIGSYS");
}

TEST(JailTest, ItCannotStartAProcessOrReachAnother) {
  EXPECT_EQ(InJail([] { return fork() >= 0; }), "killed by SIGSYS");
  EXPECT_EQ(InJail([] {
              execl("/bin/true", "true", nullptr);
              return true;
            }),
            "killed by SIGSYS");
  EXPECT_EQ(InJail([] { return kill(getppid(), 0) == 0; }), "killed by SIGSYS");
}

TEST(JailTest, ItCannotMakeMemoryCode) {
  EXPECT_EQ(InJail([] {
              return mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
            }),
            "killed by SIGSYS");
}

TEST(JailTest, ItCannotWriteToWhatItHas) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_EQ(InJail([&] { return write(ends[1], "abc", 3) == 3; }),
            "killed by SIGSYS");
}

TEST(JailTest, ItCannotLeave) {
  EXPECT_EQ(InJail([] { return EnterJail().ok(); }), "killed by SIGSYS");
}

TEST(JailTest, ItCannotTakeMoreMemoryThanItsLimit) {
  const pid_t child = fork();
  if (child == 0) {
    const bool limited =
        LimitResources({.address_space = int64_t{1} << 30}).ok();
    _exit(limited && std::malloc(size_t{1} << 30) == nullptr ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(JailTest, AFailedCheckInItIsACrashAsAnywhere) {
  EXPECT_EQ(InJail([]() -> bool { std::abort(); }), "killed by SIGABRT");
}

}  // namespace
}  // namespace lenscap
