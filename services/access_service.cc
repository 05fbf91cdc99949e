#include "services/access_service.h"

#include "services/issuer_handler.h"

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

grpc::ServerUnaryReactor* AccessService::InstallIssuerKeys(
    grpc::CallbackServerContext* context, const v1::IssuerKeySet* request,
    v1::Issuer* reply) {
  return RunUnary(context, calls_, "lenscap.v1.AccessService.InstallIssuerKeys",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::InstallIssuerKeys(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* AccessService::RotateIssuerKeys(
    grpc::CallbackServerContext* context, const v1::IssuerKeySet* request,
    v1::Issuer* reply) {
  return RunUnary(context, calls_, "lenscap.v1.AccessService.RotateIssuerKeys",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::RotateIssuerKeys(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* AccessService::RevokeIssuerKey(
    grpc::CallbackServerContext* context,
    const v1::RevokeIssuerKeyRequest* request, v1::Issuer* reply) {
  return RunUnary(context, calls_, "lenscap.v1.AccessService.RevokeIssuerKey",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::RevokeIssuerKey(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* AccessService::ListIssuers(
    grpc::CallbackServerContext* context, const v1::ListIssuersRequest*,
    v1::ListIssuersReply* reply) {
  return RunUnary(
      context, calls_, "lenscap.v1.AccessService.ListIssuers", reply,
      [this](const Caller&) -> absl::StatusOr<v1::ListIssuersReply> {
        return lenscap::ListIssuers(rooms_);
      });
}

}  // namespace lenscap
