#include "services/issuer_handler.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/ed25519.h"
#include "base/status_macros.h"
#include "index/clip.h"
#include "lists/issuer_keys.h"
#include "lists/issuer_store.h"
#include "services/proto_time.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr size_t kMaxSignatureBytes = 64 << 10;
constexpr size_t kMaxKeyIdBytes = 64;

v1::Issuer MessageOf(const IssuerKeys& keys) {
  v1::Issuer message;
  message.set_issuer(keys.issuer);
  message.set_version(keys.version);
  message.set_threshold(keys.threshold);
  for (const IssuerKey& key : keys.keys) message.add_key_ids(KeyId(key.key));
  for (const RevokedKey& key : keys.revoked) {
    message.add_revoked_key_ids(KeyId(key.key));
  }
  *message.mutable_expires() = ToProto(keys.expires);
  return message;
}

absl::Status CheckKeySetRequest(const v1::IssuerKeySet& request) {
  RETURN_IF_ERROR(
      CheckLength("document", request.document(), 1, kMaxKeySetBytes));
  RETURN_IF_ERROR(
      CheckLength("signatures", request.signatures(), 1, kMaxSignatureBytes));
  return CheckLength("reason", request.reason(), 0, kMaxReasonBytes);
}

// Whether it is the newest of its issuer already.
bool IsNewest(const IssuerStore& issuers, const std::string& issuer,
              const v1::IssuerKeySet& request) {
  const auto key_sets = issuers.History(issuer);
  return key_sets.ok() && !key_sets->empty() &&
         key_sets->back().document == request.document() &&
         key_sets->back().jws == request.signatures();
}

absl::Status RecordKeySet(const AccessRooms& rooms, const Caller& caller,
                          const std::string& action,
                          const v1::IssuerKeySet& request,
                          const IssuerKeys& keys) {
  AuditEntry entry;
  entry.actor = ActorOf(caller);
  entry.action = action;
  entry.subject = absl::StrCat("issuer/", keys.issuer);
  entry.reason = request.reason();
  entry.details = {{"version", absl::StrCat(keys.version)},
                   {"document_sha256", ToHex(Sha256Of(request.document()))}};
  return rooms.Record(entry);
}

// By `apply`, one of the store's methods, unless it is there already.
absl::StatusOr<v1::Issuer> TakeUp(
    const AccessRooms& rooms, const Caller& caller, const std::string& action,
    const v1::IssuerKeySet& request,
    absl::StatusOr<IssuerKeys> (IssuerStore::*apply)(
        const IssuerStore::KeySet&)) {
  RETURN_IF_ERROR(CheckKeySetRequest(request));
  ASSIGN_OR_RETURN(const IssuerKeys said, ParseIssuerKeys(request.document()));
  if (!SeesListsOf(caller, said.issuer)) {
    return absl::PermissionDeniedError(
        absl::StrCat("document: ", ActorOf(caller), " has the keys of \"",
                     caller.issuer, "\" alone"));
  }
  if (!IsNewest(*rooms.issuers, said.issuer, request)) {
    RETURN_IF_ERROR(
        (rooms.issuers->*apply)({request.document(), request.signatures()})
            .status());
  }
  ASSIGN_OR_RETURN(const IssuerKeys keys, rooms.issuers->Get(said.issuer));
  RETURN_IF_ERROR(RecordKeySet(rooms, caller, action, request, keys));
  return MessageOf(keys);
}

}  // namespace

absl::StatusOr<v1::Issuer> InstallIssuerKeys(const AccessRooms& rooms,
                                             const Caller& caller,
                                             const v1::IssuerKeySet& request) {
  return TakeUp(rooms, caller, "issuer.install", request,
                &IssuerStore::Install);
}

absl::StatusOr<v1::Issuer> RotateIssuerKeys(const AccessRooms& rooms,
                                            const Caller& caller,
                                            const v1::IssuerKeySet& request) {
  return TakeUp(rooms, caller, "issuer.rotate", request, &IssuerStore::Rotate);
}

absl::StatusOr<v1::Issuer> RevokeIssuerKey(
    const AccessRooms& rooms, const Caller& caller,
    const v1::RevokeIssuerKeyRequest& request) {
  RETURN_IF_ERROR(CheckLength("issuer", request.issuer(), 1, kMaxIssuerBytes));
  RETURN_IF_ERROR(CheckLength("key_id", request.key_id(), 1, kMaxKeyIdBytes));
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  ASSIGN_OR_RETURN(const IssuerKeys before,
                   rooms.issuers->Get(request.issuer()));
  const bool revoked = std::any_of(before.revoked.begin(), before.revoked.end(),
                                   [&](const RevokedKey& key) {
                                     return KeyId(key.key) == request.key_id();
                                   });
  if (!revoked) {
    RETURN_IF_ERROR(rooms.issuers->Revoke(request.issuer(), request.key_id(),
                                          request.reason()));
  }
  AuditEntry entry;
  entry.actor = ActorOf(caller);
  entry.action = "issuer.revoke_key";
  entry.subject = absl::StrCat("issuer/", request.issuer());
  entry.reason = request.reason();
  entry.details = {{"key_id", request.key_id()}};
  RETURN_IF_ERROR(rooms.Record(entry));
  ASSIGN_OR_RETURN(const IssuerKeys keys, rooms.issuers->Get(request.issuer()));
  return MessageOf(keys);
}

v1::ListIssuersReply ListIssuers(const AccessRooms& rooms) {
  v1::ListIssuersReply reply;
  for (const IssuerKeys& keys : rooms.issuers->List()) {
    *reply.add_issuers() = MessageOf(keys);
  }
  return reply;
}

}  // namespace lenscap
