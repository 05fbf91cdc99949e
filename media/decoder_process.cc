#include "media/decoder_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr absl::string_view kEndPayload = "lenscap/decoder_end";
constexpr int kPollMilliseconds = 20;
// To load its libraries on a busy machine.
constexpr absl::Duration kMaxStart = absl::Seconds(60);
// Of a process that has closed its socket.
constexpr std::chrono::seconds kMaxEnd(5);

absl::Status Ended(absl::string_view reason, absl::string_view message) {
  absl::Status status = absl::DataLossError(message);
  status.SetPayload(std::string(kEndPayload), absl::Cord(std::string(reason)));
  return status;
}

std::string SignalName(int number) {
  const char* const name = sigabbrev_np(number);
  return name != nullptr ? absl::StrCat("SIG", name)
                         : absl::StrCat("signal ", number);
}

// What waitpid said of a decoder that ended by itself.
absl::Status DescribeEnd(int status, const DecoderPool::Options& options) {
  if (!WIFSIGNALED(status)) {
    return Ended("crashed", absl::StrCat("the decoder ended with code ",
                                         WEXITSTATUS(status)));
  }
  const int number = WTERMSIG(status);
  switch (number) {
    case SIGXCPU:
      return Ended("limit_cpu",
                   absl::StrCat("the decoder was killed by limit cpu, ",
                                absl::FormatDuration(options.max_cpu)));
    case SIGSYS:
      return Ended(
          "forbidden_call",
          "the decoder was killed for a system call that decoding does "
          "not need");
    case SIGKILL:
      return Ended("killed", "the decoder was killed, perhaps for its memory");
    default:
      return Ended("crashed",
                   absl::StrCat("the decoder crashed, ", SignalName(number)));
  }
}

// Descriptors at these places in the child, and nothing else.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // Signals that this process ignores or blocks are as ever in the child.
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  void Place(int descriptor, int at) {
    posix_spawn_file_actions_adddup2(&actions_, descriptor, at);
  }
  void PlaceNothing(int at) {
    posix_spawn_file_actions_addopen(&actions_, at, "/dev/null", O_RDWR, 0);
  }
  // 0 or an errno.
  int Spawn(const std::string& program, pid_t* pid) {
    std::string name = program;
    char* const arguments[] = {name.data(), nullptr};
    char* const environment[] = {nullptr};
    return posix_spawn(pid, program.c_str(), &actions_, &attributes_, arguments,
                       environment);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Above the places of the child, so that none is overwritten before it is
// copied.
int Raise(int descriptor) {
  const int raised = fcntl(descriptor, F_DUPFD_CLOEXEC, 16);
  close(descriptor);
  return raised;
}

bool IsAnswer(const DecoderReply& reply) {
  return reply.kind != DecoderReply::kAlive;
}

}  // namespace

std::string DecoderBesideThisProgram() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder =
      fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path above = folder.parent_path() / "lenscap_decoder";
  return fs::exists(above, error) ? above : folder / "lenscap_decoder";
}

std::string DecoderEnd(const absl::Status& status) {
  const absl::optional<absl::Cord> payload =
      status.GetPayload(std::string(kEndPayload));
  return payload ? std::string(*payload) : "";
}

// --- SharedSlots

absl::StatusOr<std::shared_ptr<SharedSlots>> SharedSlots::Make(
    int64_t max_pixels) {
  auto slots = std::shared_ptr<SharedSlots>(new SharedSlots());
  // Rows may be some bytes apart, and SIMD code reads past the last one.
  constexpr int64_t kPage = 4096;
  slots->slot_bytes_ =
      (max_pixels + max_pixels / 8 + 2 * kPage) / kPage * kPage;
  const int64_t bytes = kSlots * slots->slot_bytes_;
  slots->descriptor_ =
      Raise(memfd_create("lenscap-frames", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (slots->descriptor_ < 0 || ftruncate(slots->descriptor_, bytes) != 0 ||
      fcntl(slots->descriptor_, F_ADD_SEALS,
            F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return absl::ErrnoToStatus(errno, "no memory to share with a decoder");
  }
  void* const memory =
      mmap(nullptr, bytes, PROT_READ, MAP_SHARED, slots->descriptor_, 0);
  if (memory == MAP_FAILED) {
    return absl::ErrnoToStatus(errno, "no memory to share with a decoder");
  }
  slots->memory_ = static_cast<uint8_t*>(memory);
  return slots;
}

SharedSlots::~SharedSlots() {
  if (memory_ != nullptr) munmap(memory_, kSlots * slot_bytes_);
  if (descriptor_ >= 0) close(descriptor_);
}

int SharedSlots::Take() {
  for (int i = 0; i < kSlots; ++i) {
    if (!taken_[i].exchange(true)) return i;
  }
  return -1;
}

void SharedSlots::Release(int index) { taken_[index] = false; }

void SharedSlots::Trim() {
  for (int i = 0; i < kSlots; ++i) {
    if (taken_[i].exchange(true)) continue;
    fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
              i * slot_bytes_, slot_bytes_);
    taken_[i] = false;
  }
}

// --- DecoderProcess

absl::StatusOr<std::unique_ptr<DecoderProcess>> DecoderProcess::Start(
    const DecoderPool::Options& options) {
  auto process = std::unique_ptr<DecoderProcess>(new DecoderProcess(options));
  ASSIGN_OR_RETURN(process->slots_, SharedSlots::Make(options.max_pixels));
  RETURN_IF_ERROR(process->Spawn());
  RETURN_IF_ERROR(process->Enter());
  return process;
}

DecoderProcess::~DecoderProcess() { Kill("", "").IgnoreError(); }

absl::Status DecoderProcess::Spawn() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return absl::ErrnoToStatus(errno, "no socket to a decoder");
  }
  socket_ = ends[0];
  const int other = Raise(ends[1]);
  SpawnPlan plan;
  for (int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    plan.PlaceNothing(standard);
  }
  plan.Place(other, kDecoderSocket);
  plan.Place(slots_->descriptor(), kDecoderMemory);
  const int error = plan.Spawn(options_.program, &pid_);
  close(other);
  if (error == 0) return absl::OkStatus();
  pid_ = -1;
  return absl::FailedPreconditionError(
      absl::StrCat("cannot start the decoder, ", options_.program, ": ",
                   std::strerror(error)));
}

absl::Status DecoderProcess::Enter() {
  DecoderRequest request = {};
  request.kind = DecoderRequest::kEnter;
  // What it maps counts as its address space.
  request.address_space = options_.limits.address_space +
                          SharedSlots::kSlots * slots_->slot_bytes();
  request.slots = SharedSlots::kSlots;
  request.slot_bytes = slots_->slot_bytes();
  request.may_be_free = options_.may_be_free;
  const absl::StatusOr<DecoderReply> reply =
      Ask(request, /*cancelled=*/nullptr);
  if (!reply.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the decoder, ", options_.program,
                     ", does not start: ", reply.status().message()));
  }
  if (reply->code != 0) {
    jailed_ = absl::UnimplementedError(absl::string_view(
        reply->text, strnlen(reply->text, sizeof(reply->text))));
  }
  if (jailed_.ok() || options_.may_be_free) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the decoder cannot be jailed here: ", jailed_.message()));
}

absl::StatusOr<DecoderReply> DecoderProcess::Ask(
    const DecoderRequest& request, const std::atomic<bool>* cancelled,
    int descriptor) {
  if (!alive()) return Ended("crashed", "the decoder has ended");
  SendRecord(socket_, &request, sizeof(request), descriptor);
  return Await(cancelled);
}

void DecoderProcess::Tell(const DecoderRequest& request) {
  if (alive()) SendRecord(socket_, &request, sizeof(request));
}

absl::StatusOr<DecoderReply> DecoderProcess::Await(
    const std::atomic<bool>* cancelled) {
  const auto max_silence = absl::ToChronoNanoseconds(
      files_ == 0 ? std::max(kMaxStart, options_.max_silence)
                  : options_.max_silence);
  auto last_sign = SteadyClock::now();
  while (true) {
    pollfd request = {socket_, POLLIN, 0};
    const int ready = poll(&request, 1, kPollMilliseconds);
    if (cancelled != nullptr && *cancelled) {
      Kill("", "").IgnoreError();
      return absl::CancelledError("reading the media was cancelled");
    }
    if (ready <= 0) {
      if (SteadyClock::now() - last_sign <= max_silence) continue;
      return Kill("hung",
                  absl::StrCat("the decoder hangs: not a sign of life for ",
                               absl::FormatDuration(options_.max_silence)));
    }
    DecoderReply reply;
    switch (ReceiveRecord(socket_, &reply, sizeof(reply))) {
      case Received::kRecord:
        break;
      case Received::kEnd:
        return Reap();
      case Received::kOther:
        return Break("a message of another size");
    }
    if (IsAnswer(reply)) return reply;
    last_sign = SteadyClock::now();
  }
}

absl::Status DecoderProcess::Break(const std::string& what) {
  return Kill("broken_protocol",
              absl::StrCat("the decoder said what it may not: ", what));
}

void DecoderProcess::BeginFile() {
  ++files_;
  clockid_t clock;
  timespec used;
  if (clock_getcpuclockid(pid_, &clock) != 0 ||
      clock_gettime(clock, &used) != 0) {
    return;  // It has ended, which the next request will find out.
  }
  const absl::Duration end =
      absl::DurationFromTimespec(used) + options_.max_cpu;
  const rlimit limit = {
      static_cast<rlim_t>(absl::ToInt64Seconds(end + absl::Seconds(1))),
      RLIM_INFINITY};
  prlimit(pid_, RLIMIT_CPU, &limit, nullptr);
}

absl::Status DecoderProcess::Kill(absl::string_view reason,
                                  absl::string_view message) {
  if (alive()) {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    close(socket_);
  }
  return Ended(reason, message);
}

absl::Status DecoderProcess::Reap() {
  const auto deadline = SteadyClock::now() + kMaxEnd;
  int status = 0;
  while (waitpid(pid_, &status, WNOHANG) == 0) {
    if (SteadyClock::now() > deadline) {
      return Kill("broken_protocol", "the decoder broke off");
    }
    poll(nullptr, 0, /*timeout=*/1);
  }
  pid_ = -1;
  close(socket_);
  return DescribeEnd(status, options_);
}

}  // namespace lenscap
