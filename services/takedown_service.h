#ifndef LENSCAP_SERVICES_TAKEDOWN_SERVICE_H_
#define LENSCAP_SERVICES_TAKEDOWN_SERVICE_H_

#include <utility>

#include "proto/lenscap/v1/takedown.grpc.pb.h"
#include "services/auditor.h"
#include "services/notifier.h"
#include "services/reactors.h"
#include "services/review_handler.h"
#include "takedown/queue.h"

namespace lenscap {

// TakedownService over takedown_handler.h. Thread-safe; all must outlive it.
class TakedownService final : public v1::TakedownService::CallbackService {
 public:
  // `news` tells of kCaseNews; the service itself does so after its changes,
  // and has `auditor` record them, and who looked at the evidence of a case,
  // before it answers. `review` is of the same queue.
  TakedownService(CallRooms* calls, TakedownQueue* cases, Notifier* news,
                  Auditor* auditor, ReviewRooms review)
      : calls_(calls),
        cases_(cases),
        news_(news),
        auditor_(auditor),
        review_(std::move(review)) {}

  grpc::ServerUnaryReactor* Lease(grpc::CallbackServerContext* context,
                                  const v1::LeaseRequest* request,
                                  v1::LeaseReply* reply) override;
  grpc::ServerUnaryReactor* Extend(grpc::CallbackServerContext* context,
                                   const v1::ExtendRequest* request,
                                   v1::ExtendReply* reply) override;
  grpc::ServerUnaryReactor* Release(grpc::CallbackServerContext* context,
                                    const v1::ReleaseRequest* request,
                                    v1::ReleaseReply* reply) override;
  grpc::ServerUnaryReactor* Decide(grpc::CallbackServerContext* context,
                                   const v1::DecideRequest* request,
                                   v1::DecideReply* reply) override;
  grpc::ServerUnaryReactor* Appeal(grpc::CallbackServerContext* context,
                                   const v1::AppealRequest* request,
                                   v1::AppealReply* reply) override;
  grpc::ServerUnaryReactor* GetCase(grpc::CallbackServerContext* context,
                                    const v1::GetCaseRequest* request,
                                    v1::Case* reply) override;
  grpc::ServerUnaryReactor* ListCases(grpc::CallbackServerContext* context,
                                      const v1::ListCasesRequest* request,
                                      v1::ListCasesReply* reply) override;
  grpc::ServerUnaryReactor* ListClaims(grpc::CallbackServerContext* context,
                                       const v1::ListClaimsRequest* request,
                                       v1::LeaseReply* reply) override;
  grpc::ServerUnaryReactor* Undo(grpc::CallbackServerContext* context,
                                 const v1::UndoRequest* request,
                                 v1::UndoReply* reply) override;
  grpc::ServerUnaryReactor* Hold(grpc::CallbackServerContext* context,
                                 const v1::HoldRequest* request,
                                 v1::HoldReply* reply) override;
  grpc::ServerUnaryReactor* Escalate(grpc::CallbackServerContext* context,
                                     const v1::EscalateRequest* request,
                                     v1::EscalateReply* reply) override;
  grpc::ServerUnaryReactor* Reassign(grpc::CallbackServerContext* context,
                                     const v1::ReassignRequest* request,
                                     v1::ReassignReply* reply) override;
  grpc::ServerUnaryReactor* ListUploads(grpc::CallbackServerContext* context,
                                        const v1::ListUploadsRequest* request,
                                        v1::ListUploadsReply* reply) override;
  grpc::ServerUnaryReactor* GetAccount(grpc::CallbackServerContext* context,
                                       const v1::GetAccountRequest* request,
                                       v1::History* reply) override;
  grpc::ServerUnaryReactor* GetGroup(grpc::CallbackServerContext* context,
                                     const v1::GetGroupRequest* request,
                                     v1::History* reply) override;
  grpc::ServerWriteReactor<v1::CaseEvent>* Watch(
      grpc::CallbackServerContext* context,
      const v1::WatchRequest* request) override;
  grpc::ServerUnaryReactor* Stats(grpc::CallbackServerContext* context,
                                  const v1::StatsRequest* request,
                                  v1::StatsReply* reply) override;
  grpc::ServerUnaryReactor* Trends(grpc::CallbackServerContext* context,
                                   const v1::TrendsRequest* request,
                                   v1::TrendsReply* reply) override;
  grpc::ServerUnaryReactor* AddGolden(grpc::CallbackServerContext* context,
                                      const v1::AddGoldenRequest* request,
                                      v1::GoldenCase* reply) override;
  grpc::ServerUnaryReactor* ListGolden(grpc::CallbackServerContext* context,
                                       const v1::ListGoldenRequest* request,
                                       v1::ListGoldenReply* reply) override;
  grpc::ServerUnaryReactor* RemoveGolden(grpc::CallbackServerContext* context,
                                         const v1::RemoveGoldenRequest* request,
                                         v1::GoldenCase* reply) override;
  grpc::ServerUnaryReactor* ReviewerStats(
      grpc::CallbackServerContext* context,
      const v1::ReviewerStatsRequest* request,
      v1::ReviewerStatsReply* reply) override;

 private:
  CallRooms* const calls_;
  TakedownQueue* const cases_;
  Notifier* const news_;
  Auditor* const auditor_;
  const ReviewRooms review_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TAKEDOWN_SERVICE_H_
