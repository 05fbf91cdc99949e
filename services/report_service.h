#ifndef LENSCAP_SERVICES_REPORT_SERVICE_H_
#define LENSCAP_SERVICES_REPORT_SERVICE_H_

#include "proto/lenscap/v1/report.grpc.pb.h"
#include "services/reactors.h"
#include "services/report_handler.h"

namespace lenscap {

// ReportService over report_handler.h. Thread-safe; all must outlive it.
class ReportService final : public v1::ReportService::CallbackService {
 public:
  ReportService(CallRooms* calls, ReportRooms rooms)
      : calls_(calls), rooms_(rooms) {}

  grpc::ServerUnaryReactor* Campaign(grpc::CallbackServerContext* context,
                                     const v1::CampaignRequest* request,
                                     v1::CampaignReport* reply) override;
  grpc::ServerUnaryReactor* Compliance(grpc::CallbackServerContext* context,
                                       const v1::ComplianceRequest* request,
                                       v1::ComplianceReply* reply) override;
  grpc::ServerWriteReactor<v1::StatementOfReasons>* Statements(
      grpc::CallbackServerContext* context,
      const v1::StatementsRequest* request) override;
  grpc::ServerWriteReactor<v1::AuditRecord>* Audit(
      grpc::CallbackServerContext* context,
      const v1::AuditRequest* request) override;
  grpc::ServerUnaryReactor* Checkpoint(grpc::CallbackServerContext* context,
                                       const v1::CheckpointRequest* request,
                                       v1::AuditCheckpoint* reply) override;

 private:
  CallRooms* const calls_;
  const ReportRooms rooms_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_REPORT_SERVICE_H_
