#ifndef LENSCAP_MEDIA_DECODER_PROCESS_H_
#define LENSCAP_MEDIA_DECODER_PROCESS_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "media/decoder_pool.h"
#include "media/decoder_protocol.h"

namespace lenscap {

// Memory that this process shares with one decoder, in equal slots. Its size is
// sealed: the decoder cannot take it away from under a reader. Thread-safe.
class SharedSlots {
 public:
  static constexpr int kSlots = 4;

  // Each slot has room for a picture of `max_pixels`.
  static absl::StatusOr<std::shared_ptr<SharedSlots>> Make(int64_t max_pixels);
  ~SharedSlots();
  SharedSlots(const SharedSlots&) = delete;
  SharedSlots& operator=(const SharedSlots&) = delete;

  int descriptor() const { return descriptor_; }
  int64_t slot_bytes() const { return slot_bytes_; }
  const uint8_t* slot(int index) const { return memory_ + index * slot_bytes_; }

  // A slot that nothing points to, or -1; it is free again after Release.
  int Take();
  void Release(int index);
  // Gives the pages of all slots that are free back to the system.
  void Trim();

 private:
  SharedSlots() = default;

  int descriptor_ = -1;
  int64_t slot_bytes_ = 0;
  uint8_t* memory_ = nullptr;
  std::atomic<bool> taken_[kSlots] = {};
};

// One lenscap_decoder. Not thread-safe.
class DecoderProcess {
 public:
  // Starts the program and waits until it is in its jail. Errors as
  // DecoderPool::Start.
  static absl::StatusOr<std::unique_ptr<DecoderProcess>> Start(
      const DecoderPool::Options& options);
  ~DecoderProcess();  // Kills it.

  // Sends a request and waits for an answer, but not for kAlive. If the process
  // ends, is silent for too long or says what it may not, it is killed: then
  // DATA_LOSS, as DecoderPool::Open says. CANCELLED, and it is killed, soon
  // after `cancelled` (which may be null) was set.
  absl::StatusOr<DecoderReply> Ask(const DecoderRequest& request,
                                   const std::atomic<bool>* cancelled,
                                   int descriptor = -1);
  // As Ask, without a request: the next reply to the last one.
  absl::StatusOr<DecoderReply> Await(const std::atomic<bool>* cancelled);
  // Sends a request that has no reply.
  void Tell(const DecoderRequest& request);

  // Kills it for what it said.
  absl::Status Break(const std::string& what);

  // Gives it max_cpu for a new file.
  void BeginFile();
  int files() const { return files_; }
  bool alive() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  // OK, or why it is not in a jail.
  const absl::Status& jailed() const { return jailed_; }
  const std::shared_ptr<SharedSlots>& slots() const { return slots_; }

 private:
  explicit DecoderProcess(const DecoderPool::Options& options)
      : options_(options) {}
  absl::Status Spawn();
  absl::Status Enter();
  // Kills and reaps it, for this reason.
  absl::Status Kill(absl::string_view reason, absl::string_view message);
  // Reaps it, which has closed its socket, and says how it ended.
  absl::Status Reap();

  const DecoderPool::Options options_;
  std::shared_ptr<SharedSlots> slots_;
  int socket_ = -1;
  pid_t pid_ = -1;
  int files_ = 0;
  absl::Status jailed_;
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_DECODER_PROCESS_H_
