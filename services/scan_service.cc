#include "services/scan_service.h"

#include <optional>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "services/progress_reactor.h"
#include "services/throttle.h"

namespace lenscap {
namespace {

constexpr absl::Duration kProgressInterval = absl::Milliseconds(250);

class ScanReactor final
    : public ProgressReactor<v1::UploadRequest, v1::ScanEvent> {
 public:
  ScanReactor(CallRooms* calls, const ScanRooms* rooms,
              grpc::CallbackServerContext* context, const Caller& caller)
      : ProgressReactor(calls, context, caller),
        upload_(std::in_place, rooms, caller, ScanUpload::Kind::kScan) {}

 private:
  absl::Status Take(const v1::UploadRequest& request) override {
    RETURN_IF_ERROR(upload_->Take(request));
    if (throttle_.Due()) Send(Received());
    return absl::OkStatus();
  }
  v1::Progress Received() const override {
    v1::Progress progress;
    progress.set_bytes_received(upload_->bytes_received());
    return progress;
  }

  void Complete() override {
    CompleteInTurn(upload_->turn_key(), [this] { Run(); });
  }

  absl::StatusOr<v1::ScanReport> Scan() {
    RETURN_IF_ERROR(cancellation_->status());
    return upload_->Scan(
        [this](const v1::Progress& progress) { Send(progress); },
        *cancellation_);
  }
  void Drop() override { upload_.reset(); }
  void Run() {
    absl::StatusOr<v1::ScanReport> report = Scan();
    if (!report.ok()) return End(report.status());
    v1::ScanEvent last;
    *last.mutable_report() = std::move(*report);
    EndWith(std::move(last));
  }

  std::optional<ScanUpload> upload_;
  Throttle throttle_{Clock::Real(), kProgressInterval};
};

class SubmitReactor final
    : public UploadReactor<grpc::ServerReadReactor<v1::UploadRequest>,
                           v1::UploadRequest> {
 public:
  SubmitReactor(CallRooms* calls, const ScanRooms* rooms,
                grpc::CallbackServerContext* context, const Caller& caller,
                v1::SubmitReply* reply)
      : UploadReactor(calls, context, caller),
        upload_(std::in_place, rooms, caller, ScanUpload::Kind::kSubmit),
        reply_(reply) {}

 private:
  absl::Status Take(const v1::UploadRequest& request) override {
    return upload_->Take(request);
  }
  void Complete() override {
    absl::StatusOr<v1::SubmitReply> reply = upload_->Submit(*cancellation_);
    if (reply.ok()) *reply_ = std::move(*reply);
    End(reply.status());
  }

  void Drop() override { upload_.reset(); }

  std::optional<ScanUpload> upload_;
  v1::SubmitReply* const reply_;
};

class WatchReactor final : public PullReactor<v1::ScanStatus> {
 public:
  static constexpr char kMethod[] = "lenscap.v1.ScanService.WatchScan";

  WatchReactor(CallRooms* calls, const ScanRooms* rooms, Notifier* news,
               grpc::CallbackServerContext* context, Caller caller,
               v1::GetScanRequest request)
      : PullReactor(calls, context, kMethod, std::move(caller)),
        rooms_(rooms),
        news_(news),
        request_(std::move(request)),
        subscription_(news->Subscribe(request_.scan_id(), [this] { Wake(); })) {
  }
  ~WatchReactor() override {
    news_->Unsubscribe(request_.scan_id(), subscription_);
  }

 private:
  absl::StatusOr<Pulled> Pull() override {
    ASSIGN_OR_RETURN(v1::ScanStatus status,
                     GetScan(*rooms_, caller_, request_));
    std::string bytes = status.SerializeAsString();
    if (bytes == sent_) return Pulled();
    sent_ = std::move(bytes);
    const bool last = status.state() == v1::ScanStatus::STATE_DONE ||
                      status.state() == v1::ScanStatus::STATE_FAILED ||
                      status.state() == v1::ScanStatus::STATE_CANCELLED;
    return Pulled{std::move(status), last};
  }

  const ScanRooms* const rooms_;
  Notifier* const news_;
  const v1::GetScanRequest request_;
  std::string sent_;
  const uint64_t subscription_;
};

}  // namespace

grpc::ServerBidiReactor<v1::UploadRequest, v1::ScanEvent>* ScanService::Scan(
    grpc::CallbackServerContext* context) {
  return Admitted<grpc::ServerBidiReactor<v1::UploadRequest, v1::ScanEvent>>(
      context, calls_->sign_in, "lenscap.v1.ScanService.Scan",
      [&](const Caller& caller) {
        auto* const reactor = new ScanReactor(calls_, &rooms_, context, caller);
        reactor->Start();
        return reactor;
      });
}

grpc::ServerReadReactor<v1::UploadRequest>* ScanService::Submit(
    grpc::CallbackServerContext* context, v1::SubmitReply* reply) {
  return Admitted<grpc::ServerReadReactor<v1::UploadRequest>>(
      context, calls_->sign_in, "lenscap.v1.ScanService.Submit",
      [&](const Caller& caller) {
        auto* const reactor =
            new SubmitReactor(calls_, &rooms_, context, caller, reply);
        reactor->Start();
        return reactor;
      });
}

grpc::ServerUnaryReactor* ScanService::GetScan(
    grpc::CallbackServerContext* context, const v1::GetScanRequest* request,
    v1::ScanStatus* reply) {
  return RunUnary(context, calls_, "lenscap.v1.ScanService.GetScan", reply,
                  [this, request](const Caller& caller) {
                    return lenscap::GetScan(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* ScanService::CancelScan(
    grpc::CallbackServerContext* context, const v1::GetScanRequest* request,
    v1::ScanStatus* reply) {
  return RunUnary(context, calls_, "lenscap.v1.ScanService.CancelScan", reply,
                  [this, request](const Caller& caller) {
                    return lenscap::CancelScan(rooms_, caller, *request);
                  });
}

grpc::ServerWriteReactor<v1::ScanStatus>* ScanService::WatchScan(
    grpc::CallbackServerContext* context, const v1::GetScanRequest* request) {
  return Admitted<grpc::ServerWriteReactor<v1::ScanStatus>>(
      context, calls_->sign_in, WatchReactor::kMethod,
      [&](const Caller& caller) {
        auto* const reactor =
            new WatchReactor(calls_, &rooms_, news_, context, caller, *request);
        reactor->Wake();
        return reactor;
      });
}

}  // namespace lenscap
