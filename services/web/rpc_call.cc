#include "services/web/rpc_call.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/grpc_status.h"

namespace lenscap {
namespace {

constexpr size_t kMessagesAhead = 16;
constexpr absl::Duration kLookAgain = absl::Milliseconds(250);

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  buffer.Dump(&slices);
  std::string bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

void* RpcCall::Tag(Step step) {
  return reinterpret_cast<void*>(static_cast<intptr_t>(step) + 1);
}

RpcCall::RpcCall(const WebCaller& caller, Options options)
    : bytes_ahead_(options.bytes_ahead),
      gone_(std::move(options.gone)),
      channel_(std::move(options.channel)) {
  // Without a token the caller is the machine's own user, whatever else: only
  // who may be that has a WebCaller without one.
  if (!caller.token().empty()) {
    context_.AddMetadata("authorization",
                         absl::StrCat("Bearer ", caller.token()));
  }
  if (options.timeout < absl::InfiniteDuration()) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + options.timeout));
  }
  call_ = grpc::GenericStub(channel_).PrepareCall(&context_, options.method,
                                                  &queue_);
  pending_[kStart] = true;
  call_->StartCall(Tag(kStart));
  started_ = Await(kStart);
  ReadOn();
}

RpcCall::~RpcCall() {
  if (!finished_) {
    context_.TryCancel();
    Finish().IgnoreError();
  }
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

bool RpcCall::HoldsEnough() const {
  return bytes_ahead_ > 0 ? held_ >= bytes_ahead_
                          : messages_.size() >= kMessagesAhead;
}

// Before all is sent: the server would wait for a reader, and who writes for
// the server.
void RpcCall::EndIfFull() {
  if (bytes_ahead_ == 0 || !HoldsEnough()) return;
  overflowed_ = true;
  context_.TryCancel();
}

void RpcCall::ReadOn() {
  if (!started_ || read_all_ || pending_[kRead] || HoldsEnough()) return;
  pending_[kRead] = true;
  call_->Read(&incoming_, Tag(kRead));
}

void RpcCall::OnDone(Step step, bool ok) {
  pending_[step] = false;
  succeeded_[step] = ok;
  if (step != kRead) return;
  if (ok) {
    messages_.push_back(ToString(incoming_));
    held_ += messages_.back().size();
    if (pending_[kWrite]) EndIfFull();
    ReadOn();
  } else {
    read_all_ = true;
  }
}

bool RpcCall::TakeEvent(absl::Time deadline) {
  void* tag = nullptr;
  bool ok = false;
  if (queue_.AsyncNext(&tag, &ok, absl::ToChronoTime(deadline)) !=
      grpc::CompletionQueue::GOT_EVENT) {
    return false;
  }
  OnDone(static_cast<Step>(reinterpret_cast<intptr_t>(tag) - 1), ok);
  return true;
}

bool RpcCall::Await(Step step) {
  while (pending_[step]) {
    if (!TakeEvent(absl::Now() + kLookAgain) && gone_ && gone_()) {
      context_.TryCancel();
    }
  }
  return succeeded_[step];
}

bool RpcCall::Write(const std::string& message) {
  EndIfFull();
  if (!started_ || read_all_ || overflowed_) return false;
  pending_[kWrite] = true;
  call_->Write(ToBuffer(message), Tag(kWrite));
  return Await(kWrite);
}

void RpcCall::WritesDone() {
  if (!started_) return;
  pending_[kWrite] = true;
  call_->WritesDone(Tag(kWrite));
  Await(kWrite);
}

std::optional<std::string> RpcCall::Read() {
  if (messages_.empty() && started_ && !read_all_) {
    ReadOn();
    Await(kRead);
  }
  if (messages_.empty()) return std::nullopt;
  std::string message = std::move(messages_.front());
  messages_.pop_front();
  held_ -= message.size();
  ReadOn();
  return message;
}

void RpcCall::AwaitMessage(absl::Duration within) {
  const absl::Time deadline = absl::Now() + within;
  while (messages_.empty() && started_ && !read_all_) {
    if (!TakeEvent(deadline)) return;
  }
}

absl::Status RpcCall::Finish() {
  if (!finished_) {
    while (Read().has_value()) {
    }
    finished_ = true;
    pending_[kFinish] = true;
    call_->Finish(&status_, Tag(kFinish));
    Await(kFinish);
  }
  if (overflowed_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the answers are more than ", bytes_ahead_,
                     " bytes before all was sent; send fewer at a time"));
  }
  return FromGrpc(status_);
}

std::string RpcCall::retry_after() const {
  const auto& trailers = context_.GetServerTrailingMetadata();
  const auto it = trailers.find("retry-after");
  if (it == trailers.end()) return "";
  return {it->second.data(), it->second.size()};
}

}  // namespace lenscap
