#include "services/hash_list_service.h"

#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "services/list_version_handler.h"
#include "services/progress_reactor.h"
#include "services/send_reactor.h"

namespace lenscap {
namespace {

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

class PublishSignedReactor final
    : public ProgressReactor<v1::PublishSignedRequest, v1::PublishSignedEvent> {
 public:
  PublishSignedReactor(CallRooms* calls, const SignedListRooms* rooms,
                       grpc::CallbackServerContext* context,
                       const Caller& caller)
      : ProgressReactor(calls, context, caller),
        upload_(std::in_place, rooms, caller) {}

 private:
  absl::Status Take(const v1::PublishSignedRequest& request) override {
    return upload_->Take(request);
  }
  v1::PublishSignedProgress Received() const override {
    v1::PublishSignedProgress progress;
    progress.set_bytes_received(upload_->bytes_received());
    return progress;
  }
  void Complete() override {
    CompleteInTurn(kPublishTurn, [this] { Run(); });
  }
  absl::StatusOr<v1::PublishSignedReply> Publish() {
    RETURN_IF_ERROR(cancellation_->status());
    return upload_->Publish(
        [this](const v1::PublishSignedProgress& progress) { Send(progress); },
        *cancellation_);
  }
  void Drop() override { upload_.reset(); }
  void Run() {
    absl::StatusOr<v1::PublishSignedReply> reply = Publish();
    if (!reply.ok()) return End(reply.status());
    v1::PublishSignedEvent last;
    *last.mutable_reply() = std::move(*reply);
    EndWith(std::move(last));
  }

  std::optional<SignedListUpload> upload_;
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
        return SendReactor<v1::ExportedEntry>::Start(
            context, exports_,
            [this, caller, request = *request](const auto& send) {
              return lenscap::Export(rooms_, caller, request, send);
            });
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

grpc::ServerBidiReactor<v1::PublishSignedRequest, v1::PublishSignedEvent>*
HashListService::PublishSigned(grpc::CallbackServerContext* context) {
  return Admitted<grpc::ServerBidiReactor<v1::PublishSignedRequest,
                                          v1::PublishSignedEvent>>(
      context, calls_->sign_in, "lenscap.v1.HashListService.PublishSigned",
      [&](const Caller& caller) {
        auto* const reactor =
            new PublishSignedReactor(calls_, &signed_rooms_, context, caller);
        reactor->Start();
        return reactor;
      });
}

grpc::ServerUnaryReactor* HashListService::Rollback(
    grpc::CallbackServerContext* context, const v1::RollbackRequest* request,
    v1::RollbackReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.HashListService.Rollback", reply,
                  [this, request](const Caller& caller) {
                    return lenscap::Rollback(signed_rooms_, caller, *request);
                  });
}

grpc::ServerWriteReactor<v1::DownloadPart>* HashListService::Download(
    grpc::CallbackServerContext* context, const v1::DownloadRequest* request) {
  return Admitted<grpc::ServerWriteReactor<v1::DownloadPart>>(
      context, calls_->sign_in, "lenscap.v1.HashListService.Download",
      [&](const Caller& caller) {
        return SendReactor<v1::DownloadPart>::Start(
            context, exports_,
            [this, caller, request = *request](const auto& send) {
              return lenscap::Download(signed_rooms_, caller, request, send);
            });
      });
}

grpc::ServerUnaryReactor* HashListService::HoldEntries(
    grpc::CallbackServerContext* context, const v1::HoldEntriesRequest* request,
    v1::HashList* reply) {
  return RunUnary(context, calls_, "lenscap.v1.HashListService.HoldEntries",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::HoldEntries(control_rooms_, caller,
                                                *request);
                  });
}

grpc::ServerUnaryReactor* HashListService::ReleaseEntries(
    grpc::CallbackServerContext* context, const v1::HoldEntriesRequest* request,
    v1::HashList* reply) {
  return RunUnary(context, calls_, "lenscap.v1.HashListService.ReleaseEntries",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::ReleaseEntries(control_rooms_, caller,
                                                   *request);
                  });
}

grpc::ServerUnaryReactor* HashListService::SetListMode(
    grpc::CallbackServerContext* context, const v1::SetListModeRequest* request,
    v1::HashList* reply) {
  return RunUnary(context, calls_, "lenscap.v1.HashListService.SetListMode",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::SetListMode(control_rooms_, caller,
                                                *request);
                  });
}

grpc::ServerUnaryReactor* HashListService::Feedback(
    grpc::CallbackServerContext* context, const v1::FeedbackRequest* request,
    v1::FeedbackReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.HashListService.Feedback", reply,
                  [this, request](const Caller& caller) {
                    return lenscap::ListFeedback(control_rooms_, caller,
                                                 *request);
                  });
}

}  // namespace lenscap
