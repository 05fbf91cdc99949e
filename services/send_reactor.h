#ifndef LENSCAP_SERVICES_SEND_REACTOR_H_
#define LENSCAP_SERVICES_SEND_REACTOR_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "services/reactors.h"

namespace lenscap {

// Sends what a function on a pool's thread produces, which waits for each
// message to be taken. Deletes itself.
template <typename Message>
class SendReactor final : public grpc::ServerWriteReactor<Message> {
 public:
  using Send = std::function<absl::Status(const Message&)>;
  using Produce = std::function<absl::Status(const Send&)>;

  // Runs `produce` on a thread of `pool`, whose tasks may wait for a reader.
  static SendReactor* Start(grpc::CallbackServerContext* context,
                            WorkerPool* pool, Produce produce) {
    auto* const reactor = new SendReactor(context, std::move(produce));
    if (!pool->Schedule([reactor] { reactor->Run(); })) {
      reactor->Finish(ToGrpc(TooBusy()));
    }
    return reactor;
  }

  void OnWriteDone(bool ok) override {
    std::lock_guard lock(mutex_);
    writing_ = false;
    failed_ = failed_ || !ok;
    written_.notify_all();
  }
  void OnCancel() override {
    std::lock_guard lock(mutex_);
    failed_ = true;
  }
  void OnDone() override { delete this; }

 private:
  // A reader that takes no message for so long is dropped.
  static constexpr std::chrono::seconds kWriteLimit{60};

  SendReactor(grpc::CallbackServerContext* context, Produce produce)
      : context_(context), produce_(std::move(produce)) {}

  void Run() {
    this->Finish(ToGrpc(
        produce_([this](const Message& message) { return SendOne(message); })));
  }

  absl::Status SendOne(const Message& message) {
    std::unique_lock lock(mutex_);
    if (!failed_) {
      message_ = message;
      writing_ = true;
      this->StartWrite(&message_);
      const auto taken = [this] { return !writing_; };
      if (!written_.wait_for(lock, kWriteLimit, taken)) {
        context_->TryCancel();  // The write then fails.
        written_.wait(lock, taken);
      }
    }
    return failed_ ? absl::CancelledError(
                         "the reader went away, or took no "
                         "message for a minute")
                   : absl::OkStatus();
  }

  grpc::CallbackServerContext* const context_;
  const Produce produce_;
  std::mutex mutex_;
  std::condition_variable written_;
  bool writing_ = false;  // Guarded by mutex_.
  bool failed_ = false;   // Guarded by mutex_.
  Message message_;       // Not touched while writing_.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SEND_REACTOR_H_
