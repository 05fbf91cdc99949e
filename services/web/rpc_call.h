#ifndef LENSCAP_SERVICES_WEB_RPC_CALL_H_
#define LENSCAP_SERVICES_WEB_RPC_CALL_H_

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/web/web_caller.h"

namespace lenscap {

// One call of any method, of messages that are serialized already. Messages of
// the server are taken in while others are sent, a few ahead of who reads them.
// Of one thread; destroying it cancels what still goes on.
class RpcCall {
 public:
  struct Options {
    std::shared_ptr<grpc::Channel> channel;
    std::string method;  // "/lenscap.v1.TakedownService/Lease"
    absl::Duration timeout = absl::InfiniteDuration();
    // Instead of a few messages ahead, so many bytes, for a caller who hears
    // nothing before all is sent: what does not fit ends the call with
    // RESOURCE_EXHAUSTED. 0 for a few messages, which hold the server back.
    size_t bytes_ahead = 0;
    // Asked a few times a second while the call waits: true cancels it.
    std::function<bool()> gone;
  };

  RpcCall(const WebCaller& caller, Options options);
  ~RpcCall();
  RpcCall(const RpcCall&) = delete;
  RpcCall& operator=(const RpcCall&) = delete;

  // Returns once there is room for the next one; false where the call is over.
  bool Write(const std::string& message);
  void WritesDone();

  // The next message, once there is one; none after the last.
  std::optional<std::string> Read();
  // Returns as soon as Read would not wait, or `within` has passed.
  void AwaitMessage(absl::Duration within);

  // Whether there are no messages to read, and will be none.
  bool ended() const { return messages_.empty() && (!started_ || read_all_); }

  void Cancel() { context_.TryCancel(); }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // How it ended, once it has; messages that were not read are dropped.
  absl::Status Finish();
  // After Finish: in how many seconds to try again, where the server says so.
  std::string retry_after() const;

 private:
  enum Step { kStart, kWrite, kRead, kFinish, kSteps };

  static void* Tag(Step step);
  // Waits until the step is done; whether it succeeded.
  bool Await(Step step);
  // Takes one event in; false where none came until then.
  bool TakeEvent(absl::Time deadline);
  void OnDone(Step step, bool ok);
  void ReadOn();
  bool HoldsEnough() const;
  void EndIfFull();

  const size_t bytes_ahead_;
  const std::function<bool()> gone_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  const std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  bool pending_[kSteps] = {};
  bool succeeded_[kSteps] = {};
  bool started_ = false;
  bool read_all_ = false;
  bool finished_ = false;
  grpc::ByteBuffer incoming_;
  std::deque<std::string> messages_;  // Came, and were not read yet.
  size_t held_ = 0;                   // Their bytes.
  bool overflowed_ = false;
  grpc::Status status_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_RPC_CALL_H_
