#ifndef LENSCAP_SERVICES_ISSUER_HANDLER_H_
#define LENSCAP_SERVICES_ISSUER_HANDLER_H_

#include "absl/status/statusor.h"
#include "proto/lenscap/v1/access.pb.h"
#include "services/access_handler.h"
#include "services/caller.h"

namespace lenscap {

// The calls of the access service about the keys of issuers, one by one, for a
// caller who may make them; a regulator rotates its own issuer's alone. Each is
// put on record once it is done. Where that fails the call fails, and may be
// made again: what is done already is not done twice, and is recorded then.
absl::StatusOr<v1::Issuer> InstallIssuerKeys(const AccessRooms& rooms,
                                             const Caller& caller,
                                             const v1::IssuerKeySet& request);
absl::StatusOr<v1::Issuer> RotateIssuerKeys(const AccessRooms& rooms,
                                            const Caller& caller,
                                            const v1::IssuerKeySet& request);
absl::StatusOr<v1::Issuer> RevokeIssuerKey(
    const AccessRooms& rooms, const Caller& caller,
    const v1::RevokeIssuerKeyRequest& request);
v1::ListIssuersReply ListIssuers(const AccessRooms& rooms);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_ISSUER_HANDLER_H_
