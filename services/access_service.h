#ifndef LENSCAP_SERVICES_ACCESS_SERVICE_H_
#define LENSCAP_SERVICES_ACCESS_SERVICE_H_

#include <utility>

#include "proto/lenscap/v1/access.grpc.pb.h"
#include "services/access_handler.h"
#include "services/reactors.h"

namespace lenscap {

// AccessService over access_handler.h and issuer_handler.h. Thread-safe; the
// rooms must outlive it.
class AccessService final : public v1::AccessService::CallbackService {
 public:
  AccessService(CallRooms* calls, AccessRooms rooms)
      : calls_(calls), rooms_(std::move(rooms)) {}

  grpc::ServerUnaryReactor* WhoAmI(grpc::CallbackServerContext* context,
                                   const v1::WhoAmIRequest* request,
                                   v1::WhoAmIReply* reply) override;
  grpc::ServerUnaryReactor* CreateToken(grpc::CallbackServerContext* context,
                                        const v1::CreateTokenRequest* request,
                                        v1::CreateTokenReply* reply) override;
  grpc::ServerUnaryReactor* RevokeToken(grpc::CallbackServerContext* context,
                                        const v1::RevokeTokenRequest* request,
                                        v1::AccessToken* reply) override;
  grpc::ServerUnaryReactor* ListTokens(grpc::CallbackServerContext* context,
                                       const v1::ListTokensRequest* request,
                                       v1::ListTokensReply* reply) override;
  grpc::ServerUnaryReactor* InstallIssuerKeys(
      grpc::CallbackServerContext* context, const v1::IssuerKeySet* request,
      v1::Issuer* reply) override;
  grpc::ServerUnaryReactor* RotateIssuerKeys(
      grpc::CallbackServerContext* context, const v1::IssuerKeySet* request,
      v1::Issuer* reply) override;
  grpc::ServerUnaryReactor* RevokeIssuerKey(
      grpc::CallbackServerContext* context,
      const v1::RevokeIssuerKeyRequest* request, v1::Issuer* reply) override;
  grpc::ServerUnaryReactor* ListIssuers(grpc::CallbackServerContext* context,
                                        const v1::ListIssuersRequest* request,
                                        v1::ListIssuersReply* reply) override;

 private:
  CallRooms* const calls_;
  const AccessRooms rooms_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_ACCESS_SERVICE_H_
