#ifndef LENSCAP_SERVICES_EVIDENCE_SERVICE_H_
#define LENSCAP_SERVICES_EVIDENCE_SERVICE_H_

#include <utility>

#include "proto/lenscap/v1/evidence.grpc.pb.h"
#include "services/evidence_handler.h"
#include "services/reactors.h"

namespace lenscap {

// EvidenceService over evidence_handler.h. Thread-safe; what the rooms point to
// must outlive it.
class EvidenceService final : public v1::EvidenceService::CallbackService {
 public:
  EvidenceService(CallRooms* calls, EvidenceRooms rooms)
      : calls_(calls), rooms_(std::move(rooms)) {}

  grpc::ServerUnaryReactor* ListStills(grpc::CallbackServerContext* context,
                                       const v1::ListStillsRequest* request,
                                       v1::ListStillsReply* reply) override;
  grpc::ServerUnaryReactor* Reveal(grpc::CallbackServerContext* context,
                                   const v1::RevealRequest* request,
                                   v1::RevealReply* reply) override;
  grpc::ServerUnaryReactor* GetExposure(grpc::CallbackServerContext* context,
                                        const v1::GetExposureRequest* request,
                                        v1::Exposure* reply) override;

 private:
  CallRooms* const calls_;
  const EvidenceRooms rooms_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_EVIDENCE_SERVICE_H_
