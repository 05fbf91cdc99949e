#include "services/evidence_service.h"

namespace lenscap {

grpc::ServerUnaryReactor* EvidenceService::ListStills(
    grpc::CallbackServerContext* context, const v1::ListStillsRequest* request,
    v1::ListStillsReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.EvidenceService.ListStills",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::ListStills(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* EvidenceService::Reveal(
    grpc::CallbackServerContext* context, const v1::RevealRequest* request,
    v1::RevealReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.EvidenceService.Reveal", reply,
                  [this, request](const Caller& caller) {
                    return lenscap::Reveal(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* EvidenceService::GetExposure(
    grpc::CallbackServerContext* context, const v1::GetExposureRequest* request,
    v1::Exposure* reply) {
  return RunUnary(context, calls_, "lenscap.v1.EvidenceService.GetExposure",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::GetExposure(rooms_, caller, *request);
                  });
}

}  // namespace lenscap
