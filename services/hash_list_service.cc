#include "services/hash_list_service.h"

#include <chrono>
#include <condition_variable>
#include <optional>
#include <utility>

#include "base/status_macros.h"

namespace lenscap {
namespace {

// A reader that takes no message for so long is dropped.
constexpr std::chrono::seconds kWriteLimit(60);

// Publications take turns with the tenants' scans, as one more tenant would; it
// is no tenant's name.
constexpr char kPublishTurn[] = "";

class PublishReactor final
    : public UploadReactor<grpc::ServerReadReactor<v1::PublishRequest>,
                           v1::PublishRequest> {
 public:
  PublishReactor(CallRooms* calls, const ListRooms* rooms,
                 grpc::CallbackServerContext* context, const Caller& caller,
                 v1::PublishReply* reply)
      : UploadReactor(calls, context, caller),
        upload_(std::in_place, rooms, caller),
        reply_(reply) {}

 private:
  absl::Status Take(const v1::PublishRequest& request) override {
    return upload_->Take(request);
  }
  void Complete() override {
    CompleteInTurn(kPublishTurn, [this] { Run(); });
  }
  absl::StatusOr<v1::PublishReply> Publish() {
    RETURN_IF_ERROR(cancellation_->status());
    return upload_->Publish(*cancellation_);
  }
  void Drop() override { upload_.reset(); }
  void Run() {
    absl::StatusOr<v1::PublishReply> reply = Publish();
    if (reply.ok()) *reply_ = std::move(*reply);
    End(reply.status());
  }

  std::optional<PublishUpload> upload_;
  v1::PublishReply* const reply_;
};

// Writes what a pool's thread produces, which waits for each message to be
// taken. Deletes itself.
class ExportReactor final : public grpc::ServerWriteReactor<v1::ExportedEntry> {
 public:
  ExportReactor(grpc::CallbackServerContext* context, const ListRooms* rooms,
                Caller caller, v1::ExportRequest request)
      : context_(context),
        rooms_(rooms),
        caller_(std::move(caller)),
        request_(std::move(request)) {}

  void Run() {
    const absl::Status status =
        lenscap::Export(*rooms_, caller_, request_,
                        [this](const v1::ExportedEntry& m) { return Send(m); });
    Finish(ToGrpc(status));
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
  absl::Status Send(const v1::ExportedEntry& message) {
    std::unique_lock lock(mutex_);
    if (!failed_) {
      message_ = message;
      writing_ = true;
      StartWrite(&message_);
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
  const ListRooms* const rooms_;
  const Caller caller_;
  const v1::ExportRequest request_;
  std::mutex mutex_;
  std::condition_variable written_;
  bool writing_ = false;       // Guarded by mutex_.
  bool failed_ = false;        // Guarded by mutex_.
  v1::ExportedEntry message_;  // Not touched while writing_.
};

}  // namespace

grpc::ServerReadReactor<v1::PublishRequest>* HashListService::Publish(
    grpc::CallbackServerContext* context, v1::PublishReply* reply) {
  return Admitted<grpc::ServerReadReactor<v1::PublishRequest>>(
      context, calls_->sign_in, "lenscap.v1.HashListService.Publish",
      [&](const Caller& caller) {
        auto* const reactor =
            new PublishReactor(calls_, &rooms_, context, caller, reply);
        reactor->Start();
        return reactor;
      });
}

grpc::ServerUnaryReactor* HashListService::Withdraw(
    grpc::CallbackServerContext* context, const v1::WithdrawRequest* request,
    v1::WithdrawReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.HashListService.Withdraw", reply,
                  [this, request](const Caller& caller) {
                    return lenscap::Withdraw(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* HashListService::ListLists(
    grpc::CallbackServerContext* context, const v1::ListListsRequest*,
    v1::ListListsReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.HashListService.ListLists",
                  reply, [this](const Caller& caller) {
                    return lenscap::ListLists(rooms_, caller);
                  });
}

grpc::ServerUnaryReactor* HashListService::GetList(
    grpc::CallbackServerContext* context, const v1::GetListRequest* request,
    v1::GetListReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.HashListService.GetList", reply,
                  [this, request](const Caller& caller) {
                    return lenscap::GetList(rooms_, caller, *request);
                  });
}

grpc::ServerWriteReactor<v1::ExportedEntry>* HashListService::Export(
    grpc::CallbackServerContext* context, const v1::ExportRequest* request) {
  return Admitted<grpc::ServerWriteReactor<v1::ExportedEntry>>(
      context, calls_->sign_in, "lenscap.v1.HashListService.Export",
      [&](const Caller& caller) {
        auto* const reactor =
            new ExportReactor(context, &rooms_, caller, *request);
        if (!exports_->Schedule([reactor] { reactor->Run(); })) {
          reactor->Finish(ToGrpc(TooBusy()));
        }
        return reactor;
      });
}

grpc::ServerUnaryReactor* HashListService::History(
    grpc::CallbackServerContext* context, const v1::HistoryRequest* request,
    v1::HistoryReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.HashListService.History", reply,
                  [this, request](const Caller& caller) {
                    return lenscap::History(rooms_, caller, *request);
                  });
}

}  // namespace lenscap
