#ifndef LENSCAP_SERVICES_INTAKE_SERVICE_H_
#define LENSCAP_SERVICES_INTAKE_SERVICE_H_

#include <utility>

#include "proto/lenscap/v1/intake.grpc.pb.h"
#include "services/intake_handler.h"
#include "services/reactors.h"

namespace lenscap {

// IntakeService over intake_handler.h. Thread-safe; the rooms must outlive it.
class IntakeService final : public v1::IntakeService::CallbackService {
 public:
  IntakeService(CallRooms* calls, IntakeRooms rooms)
      : calls_(calls), rooms_(std::move(rooms)) {}

  grpc::ServerReadReactor<v1::ReportPart>* SubmitReport(
      grpc::CallbackServerContext* context, v1::ReportReceipt* reply) override;
  grpc::ServerUnaryReactor* GetReportStatus(
      grpc::CallbackServerContext* context,
      const v1::GetReportStatusRequest* request,
      v1::ReportStatus* reply) override;
  grpc::ServerUnaryReactor* GetReport(grpc::CallbackServerContext* context,
                                      const v1::GetReportRequest* request,
                                      v1::VictimReport* reply) override;
  grpc::ServerUnaryReactor* ListReports(grpc::CallbackServerContext* context,
                                        const v1::ListReportsRequest* request,
                                        v1::ListReportsReply* reply) override;
  grpc::ServerUnaryReactor* AcceptReport(grpc::CallbackServerContext* context,
                                         const v1::AcceptReportRequest* request,
                                         v1::VictimReport* reply) override;
  grpc::ServerUnaryReactor* RejectReport(grpc::CallbackServerContext* context,
                                         const v1::RejectReportRequest* request,
                                         v1::VictimReport* reply) override;

 private:
  CallRooms* const calls_;
  const IntakeRooms rooms_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_INTAKE_SERVICE_H_
