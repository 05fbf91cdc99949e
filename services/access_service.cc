#include "services/access_service.h"

namespace lenscap {

grpc::ServerUnaryReactor* AccessService::WhoAmI(
    grpc::CallbackServerContext* context, const v1::WhoAmIRequest*,
    v1::WhoAmIReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.AccessService.WhoAmI", reply,
                  [](const Caller& caller) -> absl::StatusOr<v1::WhoAmIReply> {
                    return lenscap::WhoAmI(caller);
                  });
}

grpc::ServerUnaryReactor* AccessService::CreateToken(
    grpc::CallbackServerContext* context, const v1::CreateTokenRequest* request,
    v1::CreateTokenReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.AccessService.CreateToken",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::CreateToken(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* AccessService::RevokeToken(
    grpc::CallbackServerContext* context, const v1::RevokeTokenRequest* request,
    v1::AccessToken* reply) {
  return RunUnary(context, calls_, "lenscap.v1.AccessService.RevokeToken",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::RevokeToken(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* AccessService::ListTokens(
    grpc::CallbackServerContext* context, const v1::ListTokensRequest*,
    v1::ListTokensReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.AccessService.ListTokens", reply,
                  [this](const Caller&) -> absl::StatusOr<v1::ListTokensReply> {
                    return lenscap::ListTokens(rooms_);
                  });
}

}  // namespace lenscap
