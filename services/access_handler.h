#ifndef LENSCAP_SERVICES_ACCESS_HANDLER_H_
#define LENSCAP_SERVICES_ACCESS_HANDLER_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "audit/audit_log.h"
#include "lists/issuer_store.h"
#include "proto/lenscap/v1/access.pb.h"
#include "services/caller.h"
#include "services/token_store.h"

namespace lenscap {

// What the access service works with; all must outlive it.
struct AccessRooms {
  TokenStore* tokens = nullptr;
  IssuerStore* issuers = nullptr;
  // Puts what was done on record, before it is answered; null keeps none.
  std::function<absl::Status(const AuditEntry&)> record;

  absl::Status Record(const AuditEntry& entry) const {
    return record == nullptr ? absl::OkStatus() : record(entry);
  }
};

// The calls of the access service about tokens, one by one, for a caller who
// may make them (services/issuer_handler.h has those about issuers' keys).
// Each may block on the disk. See access.proto for what each promises.
v1::WhoAmIReply WhoAmI(const Caller& caller);
// A token that cannot be put on record is revoked again.
absl::StatusOr<v1::CreateTokenReply> CreateToken(
    const AccessRooms& rooms, const Caller& caller,
    const v1::CreateTokenRequest& request);
// Where it cannot be put on record the token is revoked all the same; the
// caller should try again.
absl::StatusOr<v1::AccessToken> RevokeToken(
    const AccessRooms& rooms, const Caller& caller,
    const v1::RevokeTokenRequest& request);
v1::ListTokensReply ListTokens(const AccessRooms& rooms);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_ACCESS_HANDLER_H_
