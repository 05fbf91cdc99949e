#include "services/intake_service.h"

#include <optional>

namespace lenscap {
namespace {

class ReportReactor final
    : public UploadReactor<grpc::ServerReadReactor<v1::ReportPart>,
                           v1::ReportPart> {
 public:
  ReportReactor(CallRooms* calls, const IntakeRooms* rooms,
                grpc::CallbackServerContext* context, const Caller& caller,
                v1::ReportReceipt* reply)
      : UploadReactor(calls, context, caller),
        upload_(std::in_place, rooms, caller),
        reply_(reply) {}

 private:
  absl::Status Take(const v1::ReportPart& part) override {
    return upload_->Take(part);
  }
  void Complete() override {
    CompleteInTurn(upload_->turn_key(), [this] { Run(); });
  }
  void Run() {
    absl::StatusOr<v1::ReportReceipt> receipt = upload_->Submit(*cancellation_);
    if (receipt.ok()) *reply_ = std::move(*receipt);
    End(receipt.status());
  }
  void Drop() override { upload_.reset(); }

  std::optional<ReportUpload> upload_;
  v1::ReportReceipt* const reply_;
};

}  // namespace

grpc::ServerReadReactor<v1::ReportPart>* IntakeService::SubmitReport(
    grpc::CallbackServerContext* context, v1::ReportReceipt* reply) {
  return Admitted<grpc::ServerReadReactor<v1::ReportPart>>(
      context, calls_->sign_in, "lenscap.v1.IntakeService.SubmitReport",
      [&](const Caller& caller) {
        auto* const reactor =
            new ReportReactor(calls_, &rooms_, context, caller, reply);
        reactor->Start();
        return reactor;
      });
}

grpc::ServerUnaryReactor* IntakeService::GetReportStatus(
    grpc::CallbackServerContext* context,
    const v1::GetReportStatusRequest* request, v1::ReportStatus* reply) {
  return RunUnary(context, calls_, "lenscap.v1.IntakeService.GetReportStatus",
                  reply, [this, request](const Caller&) {
                    return lenscap::GetReportStatus(rooms_, *request);
                  });
}

grpc::ServerUnaryReactor* IntakeService::GetReport(
    grpc::CallbackServerContext* context, const v1::GetReportRequest* request,
    v1::VictimReport* reply) {
  return RunUnary(context, calls_, "lenscap.v1.IntakeService.GetReport", reply,
                  [this, request](const Caller& caller) {
                    return lenscap::GetReport(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* IntakeService::ListReports(
    grpc::CallbackServerContext* context, const v1::ListReportsRequest* request,
    v1::ListReportsReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.IntakeService.ListReports",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::ListReports(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* IntakeService::AcceptReport(
    grpc::CallbackServerContext* context,
    const v1::AcceptReportRequest* request, v1::VictimReport* reply) {
  return RunUnary(context, calls_, "lenscap.v1.IntakeService.AcceptReport",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::AcceptReport(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* IntakeService::RejectReport(
    grpc::CallbackServerContext* context,
    const v1::RejectReportRequest* request, v1::VictimReport* reply) {
  return RunUnary(context, calls_, "lenscap.v1.IntakeService.RejectReport",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::RejectReport(rooms_, caller, *request);
                  });
}

}  // namespace lenscap
