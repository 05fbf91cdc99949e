#ifndef LENSCAP_SERVICES_OUTCOME_SERVICE_H_
#define LENSCAP_SERVICES_OUTCOME_SERVICE_H_

#include <atomic>
#include <utility>

#include "proto/lenscap/v1/outcome.grpc.pb.h"
#include "services/notifier.h"
#include "services/outcome_handler.h"
#include "services/reactors.h"
#include "takedown/outcome_log.h"

namespace lenscap {

// OutcomeService over outcome_handler.h and the log of outcomes. `news` tells
// of kOutcomeNews. Thread-safe; all must outlive it.
class OutcomeService final : public v1::OutcomeService::CallbackService {
 public:
  OutcomeService(CallRooms* calls, const OutcomeLog* log, OutcomeRooms rooms,
                 Notifier* news)
      : calls_(calls), log_(log), rooms_(std::move(rooms)), news_(news) {
    rooms_.tests = &tests_;
  }

  grpc::ServerWriteReactor<v1::Outcome>* Watch(
      grpc::CallbackServerContext* context,
      const v1::WatchOutcomesRequest* request) override;
  grpc::ServerUnaryReactor* GetUploadState(
      grpc::CallbackServerContext* context,
      const v1::GetUploadStateRequest* request,
      v1::UploadState* reply) override;
  grpc::ServerUnaryReactor* CreateEndpoint(
      grpc::CallbackServerContext* context,
      const v1::CreateEndpointRequest* request, v1::Endpoint* reply) override;
  grpc::ServerUnaryReactor* ListEndpoints(
      grpc::CallbackServerContext* context,
      const v1::ListEndpointsRequest* request,
      v1::ListEndpointsReply* reply) override;
  grpc::ServerUnaryReactor* DeleteEndpoint(
      grpc::CallbackServerContext* context,
      const v1::DeleteEndpointRequest* request, v1::Endpoint* reply) override;
  grpc::ServerUnaryReactor* TestEndpoint(grpc::CallbackServerContext* context,
                                         const v1::TestEndpointRequest* request,
                                         v1::TestEndpointReply* reply) override;
  grpc::ServerUnaryReactor* ListDeliveries(
      grpc::CallbackServerContext* context,
      const v1::ListDeliveriesRequest* request,
      v1::ListDeliveriesReply* reply) override;
  grpc::ServerUnaryReactor* Replay(grpc::CallbackServerContext* context,
                                   const v1::ReplayRequest* request,
                                   v1::ReplayReply* reply) override;

 private:
  CallRooms* const calls_;
  const OutcomeLog* const log_;
  OutcomeRooms rooms_;
  Notifier* const news_;
  std::atomic<int> tests_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_OUTCOME_SERVICE_H_
