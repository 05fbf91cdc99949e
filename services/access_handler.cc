#include "services/access_handler.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "index/clip.h"
#include "services/proto_time.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr absl::Duration kMinValid = absl::Minutes(1);
constexpr absl::Duration kMaxValid = absl::Hours(24 * 3653);
constexpr absl::Duration kDefaultValid = absl::Hours(24 * 90);
constexpr size_t kMaxTokenIdBytes = 64;

v1::Identity IdentityOf(const Caller& caller) {
  v1::Identity identity;
  identity.set_role(static_cast<v1::CallerRole>(caller.role));
  identity.set_name(caller.name);
  identity.set_issuer(caller.issuer);
  identity.set_tenant(caller.tenant);
  identity.set_platform_class(caller.platform_class);
  identity.mutable_skills()->Assign(caller.skills.begin(), caller.skills.end());
  identity.mutable_languages()->Assign(caller.languages.begin(),
                                       caller.languages.end());
  identity.mutable_tenants()->Assign(caller.tenants.begin(),
                                     caller.tenants.end());
  return identity;
}

Caller CallerOf(const v1::Identity& identity) {
  return {
      .name = identity.name(),
      .role = static_cast<CallerRole>(identity.role()),
      .issuer = identity.issuer(),
      .tenant = identity.tenant(),
      .platform_class = identity.platform_class(),
      .local = false,
      .skills = {identity.skills().begin(), identity.skills().end()},
      .languages = {identity.languages().begin(), identity.languages().end()},
      .tenants = {identity.tenants().begin(), identity.tenants().end()}};
}

v1::AccessToken MessageOf(const TokenStore::Token& token) {
  v1::AccessToken message;
  message.set_token_id(token.id);
  *message.mutable_identity() = IdentityOf(token.caller);
  *message.mutable_created() = ToProto(token.created);
  *message.mutable_expires() = ToProto(token.expires);
  if (token.revoked) *message.mutable_revoked() = ToProto(*token.revoked);
  return message;
}

// What the audit log has of it.
absl::Status Record(const AccessRooms& rooms, const Caller& caller,
                    const std::string& action, const std::string& reason,
                    const TokenStore::Token& token) {
  AuditEntry entry;
  entry.actor = ActorOf(caller);
  entry.action = action;
  entry.subject = absl::StrCat("token/", token.id);
  entry.reason = reason;
  entry.details = {{"for", ActorOf(token.caller)},
                   {"issuer", token.caller.issuer},
                   {"tenant", token.caller.tenant},
                   {"skills", absl::StrJoin(token.caller.skills, " ")},
                   {"languages", absl::StrJoin(token.caller.languages, " ")},
                   {"tenants", absl::StrJoin(token.caller.tenants, " ")},
                   {"expires", absl::FormatTime(token.expires)}};
  return rooms.Record(entry);
}

}  // namespace

v1::WhoAmIReply WhoAmI(const Caller& caller) {
  v1::WhoAmIReply reply;
  *reply.mutable_identity() = IdentityOf(caller);
  reply.set_local(caller.local);
  return reply;
}

absl::StatusOr<v1::CreateTokenReply> CreateToken(
    const AccessRooms& rooms, const Caller& caller,
    const v1::CreateTokenRequest& request) {
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 0, kMaxReasonBytes));
  absl::Duration valid_for = kDefaultValid;
  if (request.has_valid_for()) {
    ASSIGN_OR_RETURN(valid_for, CheckDuration("valid_for", request.valid_for(),
                                              kMinValid, kMaxValid));
  }
  const Caller holder = CallerOf(request.identity());
  if (const absl::Status good = CheckCaller(holder); !good.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("identity.", good.message()));
  }
  ASSIGN_OR_RETURN(TokenStore::Created created,
                   rooms.tokens->Create(holder, valid_for));
  if (const absl::Status recorded = Record(rooms, caller, "token.create",
                                           request.reason(), created.token);
      !recorded.ok()) {
    RETURN_IF_ERROR(rooms.tokens->Revoke(created.token.id).status());
    return recorded;
  }
  v1::CreateTokenReply reply;
  *reply.mutable_token() = MessageOf(created.token);
  reply.set_secret(std::move(created.secret));
  return reply;
}

absl::StatusOr<v1::AccessToken> RevokeToken(
    const AccessRooms& rooms, const Caller& caller,
    const v1::RevokeTokenRequest& request) {
  RETURN_IF_ERROR(
      CheckLength("token_id", request.token_id(), 1, kMaxTokenIdBytes));
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  ASSIGN_OR_RETURN(const TokenStore::Token token,
                   rooms.tokens->Revoke(request.token_id()));
  RETURN_IF_ERROR(
      Record(rooms, caller, "token.revoke", request.reason(), token));
  return MessageOf(token);
}

v1::ListTokensReply ListTokens(const AccessRooms& rooms) {
  v1::ListTokensReply reply;
  for (const TokenStore::Token& token : rooms.tokens->List()) {
    *reply.add_tokens() = MessageOf(token);
  }
  return reply;
}

}  // namespace lenscap
