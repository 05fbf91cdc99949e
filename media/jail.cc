#include "media/jail.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

#ifdef LENSCAP_SANITIZER  // .bazelrc
constexpr bool kHasSanitizer = true;
#else
constexpr bool kHasSanitizer = false;
#endif

// On what the process has already.
constexpr int kAllowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(rt_sigprocmask),  // Of abort(), as is tgkill.
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

// Libraries look for files that they can do without.
constexpr int kRefused[] = {
    SCMP_SYS(open),      SCMP_SYS(openat),     SCMP_SYS(access),
    SCMP_SYS(faccessat), SCMP_SYS(newfstatat), SCMP_SYS(stat),
    SCMP_SYS(readlink),
};

absl::Status Limit(int resource, rlim_t value, const char* name) {
  const rlimit limit = {value, value};
  if (setrlimit(static_cast<__rlimit_resource_t>(resource), &limit) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot limit ", name));
}

absl::Status Rule(int result, const char* what) {
  if (result == 0) return absl::OkStatus();
  return absl::UnimplementedError(
      absl::StrCat(what, ": ", absl::ErrnoToStatus(-result, "").message()));
}

using Filter = std::unique_ptr<void, void (*)(scmp_filter_ctx)>;

absl::Status AddRules(scmp_filter_ctx filter) {
  for (int call : kAllowed) {
    RETURN_IF_ERROR(
        Rule(seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0), "a rule"));
  }
  for (int call : kRefused) {
    RETURN_IF_ERROR(Rule(
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), call, 0), "a rule"));
  }
  // Memory that is not, and does not become, code.
  for (int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    RETURN_IF_ERROR(
        Rule(seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)),
             "a rule of memory"));
  }
  // Last words, and abort().
  for (int call : {SCMP_SYS(write), SCMP_SYS(writev)}) {
    RETURN_IF_ERROR(Rule(seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                          SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO)),
                         "a rule of writing"));
  }
  return Rule(seccomp_rule_add(
                  filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                  SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()))),
              "a rule of signals");
}

}  // namespace

absl::Status LimitResources(const JailLimits& limits) {
  if (!kHasSanitizer) {
    RETURN_IF_ERROR(
        Limit(RLIMIT_AS, limits.address_space, "the address space"));
  }
  RETURN_IF_ERROR(Limit(RLIMIT_NOFILE, limits.descriptors, "descriptors"));
  RETURN_IF_ERROR(Limit(RLIMIT_FSIZE, 0, "the size of files"));
  RETURN_IF_ERROR(Limit(RLIMIT_NPROC, 0, "processes"));
  return Limit(RLIMIT_CORE, 0, "core dumps");
}

absl::Status EnterJail() {
  if (kHasSanitizer) {
    return absl::UnimplementedError("a sanitizer cannot work in a jail");
  }
  const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS), seccomp_release);
  if (filter == nullptr) {
    return absl::UnimplementedError("no seccomp filter can be made");
  }
  RETURN_IF_ERROR(AddRules(filter.get()));
  return Rule(seccomp_load(filter.get()), "the kernel refuses seccomp filters");
}

}  // namespace lenscap
