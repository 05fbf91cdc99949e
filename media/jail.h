#ifndef LENSCAP_MEDIA_JAIL_H_
#define LENSCAP_MEDIA_JAIL_H_

#include <cstdint>

#include "absl/status/status.h"

namespace lenscap {

// What a process that decodes the files of strangers may take.
struct JailLimits {
  int64_t address_space = int64_t{1} << 30;  // Bytes.
  int descriptors = 8;                       // Open at a time.
};

// Sets the limits that need nothing of the kernel but setrlimit: address space,
// descriptors, no byte written to a file, no child, no core dump. For good.
absl::Status LimitResources(const JailLimits& limits);

// From here on the process can read and write the descriptors that it has, get
// memory that is no code, and end. Naming a file fails with EACCES; any other
// system call, such as one for a socket, a process or a thread, kills it with
// SIGSYS. For good; the process must have one thread. UNIMPLEMENTED where the
// kernel has no seccomp filters or the build has a sanitizer, which needs more:
// then nothing is changed.
absl::Status EnterJail();

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_JAIL_H_
