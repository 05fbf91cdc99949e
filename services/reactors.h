#ifndef LENSCAP_SERVICES_REACTORS_H_
#define LENSCAP_SERVICES_REACTORS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/server_callback.h"
#include "services/admit.h"
#include "services/caller.h"
#include "services/cancellation.h"
#include "services/grpc_status.h"
#include "services/limit_status.h"
#include "services/metrics.h"
#include "services/sign_in.h"
#include "services/worker_pool.h"

namespace lenscap {

// What the adapters between gRPC and the handlers share. gRPC's own threads
// only pass messages on; whatever may wait for a disk runs on `requests`, and
// whatever decodes on `scans`.
struct CallRooms {
  WorkerPool* requests = nullptr;
  WorkerPool* scans = nullptr;
  Watchdog* watchdog = nullptr;
  Metrics* metrics = nullptr;                   // Counts who is refused.
  const SignIn* sign_in = nullptr;              // Null lets nobody in.
  absl::Duration deadline = absl::Minutes(30);  // Of a call that uploads.
  std::atomic<bool> stopping = false;  // Set before calls that watch are woken.
};

inline absl::Status TooBusy() {
  return OverLimit(kBusyLimit, "the server has too much to do",
                   absl::Seconds(1));
}

inline absl::Status Gone() {
  return absl::CancelledError("the caller went away");
}

// As gRPC sends it; one that says when to try again does so in the trailing
// metadata as well, and one over a limit is counted.
inline grpc::Status EndStatus(const absl::Status& status, Metrics* metrics,
                              grpc::CallbackServerContext* context) {
  if (const std::string limit = LimitOf(status); !limit.empty()) {
    metrics->CountRefusal(limit);
  }
  if (const std::string seconds = RetryAfterOf(status); !seconds.empty()) {
    context->AddTrailingMetadata("retry-after", seconds);
  }
  return ToGrpc(status);
}

// Bounds what gRPC receives ahead of the handlers, for each call: one message
// and a window, which gRPC would otherwise let grow with the connection's
// speed.
inline void LimitReceiving(grpc::ServerBuilder& builder) {
  constexpr int kMaxMessageBytes = 4 << 20;
  constexpr int kWindowBytes = 1 << 20;
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES,
                             kWindowBytes);
}

// One request, one reply: runs `handler` on the pool for requests, with the
// caller, where that one may call `method` (services/admit.h).
template <typename Reply, typename Handler>
grpc::ServerUnaryReactor* RunUnary(grpc::CallbackServerContext* context,
                                   CallRooms* rooms, const char* method,
                                   Reply* reply, Handler handler) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const absl::StatusOr<Caller> admitted =
      Admit(context, rooms->sign_in, method);
  if (!admitted.ok()) {
    reactor->Finish(ToGrpc(admitted.status()));
    return reactor;
  }
  const bool scheduled = rooms->requests->Schedule([=, caller = *admitted] {
    absl::StatusOr<Reply> result = handler(caller);
    if (result.ok()) *reply = std::move(*result);
    reactor->Finish(ToGrpc(result.status()));
  });
  if (!scheduled) {
    reactor->Finish(EndStatus(TooBusy(), rooms->metrics, context));
  }
  return reactor;
}

// A call that uploads. It reads one message at a time and the next one only
// when that one was taken, so that gRPC's flow control holds the caller back,
// and at most one step of each call waits in a pool.
// `Base` is gRPC's reactor with a stream of `Request`s. Deletes itself.
template <typename Base, typename Request>
class UploadReactor : public Base {
 public:
  // Begins to read; call it once, right after construction.
  void Start() {
    rooms_->watchdog->Limit(cancellation_, rooms_->deadline);
    cancellation_->SetHook([this] { EndUnlessStepping(); });
    this->StartRead(&request_);
  }

  void OnReadDone(bool ok) final {
    std::lock_guard lock(mutex_);
    if (ended_) return;
    stepping_ = ok;
    if (!ok) {
      ProbeLocked();
    } else if (!rooms_->requests->Schedule([this] { TakeAndReadOn(); })) {
      EndLocked(TooBusy());
    }
  }
  void OnSendInitialMetadataDone(bool ok) override { OnProbeDone(ok); }
  void OnCancel() final { cancellation_->Cancel(Gone()); }
  void OnDone() final {
    mutex_.lock();  // Whoever ended the call may not have left End yet.
    mutex_.unlock();
    delete this;
  }

 protected:
  UploadReactor(CallRooms* rooms, grpc::CallbackServerContext* context,
                Caller caller)
      : rooms_(rooms), context_(context), caller_(std::move(caller)) {}
  ~UploadReactor() override { cancellation_->SetHook(nullptr); }

  // Both on the pool for requests, never at the same time. Complete comes once
  // the stream has ended and must lead to End, on whatever thread.
  virtual absl::Status Take(const Request& request) = 0;
  virtual void Complete() = 0;

  // A caller that has sent all and a caller that has gone away look the same to
  // a read. To the first something can still be sent: this does so, and leads
  // to OnProbeDone. With mutex_ held.
  virtual void ProbeLocked() { this->StartSendInitialMetadata(); }
  void OnProbeDone(bool ok) {
    std::lock_guard lock(mutex_);
    if (ended_) return;
    stepping_ = true;
    if (!ok) {
      EndLocked(Gone());
    } else if (!rooms_->requests->Schedule([this] { Complete(); })) {
      EndLocked(TooBusy());
    }
  }

  // For Complete: runs `work`, which must lead to End, on the pool for scans
  // when it is the key's turn. A call that is cancelled before ends at once.
  void CompleteInTurn(const std::string& key, std::function<void()> work) {
    std::lock_guard lock(mutex_);
    if (cancellation_->cancelled()) return EndLocked(cancellation_->status());
    turn_key_ = key;
    turn_ = rooms_->scans->Schedule(key, [this, work = std::move(work)] {
      {
        std::lock_guard lock(mutex_);
        turn_ = 0;
      }
      work();
    });
    if (turn_ == 0) EndLocked(TooBusy());
  }

  // Lets go of the file, so that it is gone before the caller hears the end.
  virtual void Drop() = 0;

  // Ends the call, when no step goes on or as the end of one; only the first
  // time counts. The object may be gone when it returns.
  void End(const absl::Status& status) {
    std::lock_guard lock(mutex_);
    EndLocked(status);
  }
  // Passes status_ to gRPC. With mutex_ held.
  virtual void FinishLocked() { this->Finish(status_); }

  CallRooms* const rooms_;
  grpc::CallbackServerContext* const context_;
  const Caller caller_;
  const std::shared_ptr<Cancellation> cancellation_ =
      std::make_shared<Cancellation>();
  std::mutex mutex_;
  bool ended_ = false;   // Guarded by mutex_.
  grpc::Status status_;  // Guarded by mutex_.

 private:
  void EndLocked(const absl::Status& status) {
    if (std::exchange(ended_, true)) return;
    Drop();
    status_ = EndStatus(status, rooms_->metrics, context_);
    FinishLocked();
  }

  void TakeAndReadOn() {
    absl::Status status = cancellation_->status();
    if (status.ok()) status = Take(request_);
    std::lock_guard lock(mutex_);
    stepping_ = false;
    status.Update(cancellation_->status());
    if (status.ok()) {
      this->StartRead(&request_);
    } else {
      EndLocked(status);
    }
  }

  // While a step goes on, it ends the call itself.
  void EndUnlessStepping() {
    std::lock_guard lock(mutex_);
    const bool waits = turn_ != 0 && rooms_->scans->Remove(turn_key_, turn_);
    if (waits || !stepping_) EndLocked(cancellation_->status());
  }

  bool stepping_ = false;  // Guarded by mutex_.
  std::string turn_key_;   // Guarded by mutex_.
  uint64_t turn_ = 0;      // While it waits for its turn; guarded by mutex_.
  Request request_;
};

// A call that sends messages as there are some, one at a time, the next only
// when gRPC has taken the one before. It ends as soon as its caller may make it
// no more. Deletes itself.
template <typename Reply>
class PullReactor : public grpc::ServerWriteReactor<Reply> {
 public:
  // Looks for something to send: again after each message, and at each call.
  // Returns quickly.
  void Wake() {
    std::lock_guard lock(mutex_);
    if (busy_ || ended_) {
      woken_ = true;
    } else {
      StepLocked();
    }
  }

  void OnWriteDone(bool ok) final {
    std::lock_guard lock(mutex_);
    if (!ok) cancelled_ = true;
    StepLocked();
  }
  void OnCancel() final {
    cancelled_ = true;
    Wake();
  }
  void OnDone() final {
    mutex_.lock();  // Whoever ended the call may not have let go of it yet.
    mutex_.unlock();
    delete this;
  }

 protected:
  PullReactor(CallRooms* rooms, grpc::CallbackServerContext* context,
              const char* method, Caller caller)
      : caller_(std::move(caller)),
        rooms_(rooms),
        context_(context),
        method_(method) {}
  ~PullReactor() override = default;

  struct Pulled {
    std::optional<Reply> message;  // None for now.
    bool last = false;             // Nothing comes after it.
  };
  // On the pool for requests, never twice at a time.
  virtual absl::StatusOr<Pulled> Pull() = 0;

  const Caller caller_;

 private:
  void StepLocked() {
    busy_ = true;
    woken_ = false;
    if (!rooms_->requests->Schedule([this] { Step(); })) EndLocked(TooBusy());
  }

  void Step() {
    absl::StatusOr<Pulled> pulled = Pulled();
    if (cancelled_) {
      pulled = Gone();
    } else if (rooms_->stopping) {
      pulled = absl::UnavailableError("the server is shutting down");
    } else if (const auto caller = Admit(context_, rooms_->sign_in, method_);
               !caller.ok()) {
      pulled = caller.status();  // Its token has ended meanwhile.
    } else {
      pulled = Pull();
    }
    std::lock_guard lock(mutex_);
    if (!pulled.ok()) return EndLocked(pulled.status());
    if (pulled->message.has_value()) {
      message_ = *std::move(pulled->message);
      if (!pulled->last) return this->StartWrite(&message_);
      ended_ = true;
      return this->StartWriteAndFinish(&message_, {}, grpc::Status::OK);
    }
    if (pulled->last) return EndLocked(absl::OkStatus());
    busy_ = false;
    if (woken_) StepLocked();
  }

  void EndLocked(const absl::Status& status) {
    ended_ = true;
    if (const std::string limit = LimitOf(status); !limit.empty()) {
      rooms_->metrics->CountRefusal(limit);
    }
    this->Finish(ToGrpc(status));
  }

  CallRooms* const rooms_;
  grpc::CallbackServerContext* const context_;
  const char* const method_;
  std::atomic<bool> cancelled_ = false;
  std::mutex mutex_;
  bool busy_ = false;   // Guarded by mutex_: a step or a write goes on.
  bool woken_ = false;  // Guarded by mutex_: Wake came meanwhile.
  bool ended_ = false;  // Guarded by mutex_.
  Reply message_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_REACTORS_H_
