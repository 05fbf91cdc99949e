#include "services/sign_in.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/certificate_caller.h"
#include "services/permissions.h"

namespace lenscap {
namespace {

constexpr absl::string_view kScheme = "Bearer ";

absl::StatusOr<absl::string_view> SecretOf(
    const std::vector<std::string>& authorization) {
  const absl::string_view value = authorization[0];
  if (authorization.size() == 1 && absl::StartsWithIgnoreCase(value, kScheme)) {
    return value.substr(kScheme.size());
  }
  return absl::UnauthenticatedError(
      "authorization: expected one \"Bearer TOKEN\"");
}

}  // namespace

absl::StatusOr<Caller> SignIn::Identify(const Credentials& credentials) const {
  if (!credentials.authorization.empty()) {
    ASSIGN_OR_RETURN(const absl::string_view secret,
                     SecretOf(credentials.authorization));
    return tokens_->Find(secret);
  }
  if (!credentials.certificate.empty()) {
    return CallerOfCertificate(credentials.certificate);
  }
  if (credentials.in_process || !required_) return LocalCaller();
  return absl::UnauthenticatedError(
      "sign in: send \"authorization: Bearer TOKEN\", or use a client "
      "certificate");
}

absl::StatusOr<Caller> SignIn::Authorize(const Credentials& credentials,
                                         absl::string_view guarded) const {
  ASSIGN_OR_RETURN(Caller caller, Identify(credentials));
  if (MayUse(caller.role, guarded)) return caller;
  return absl::PermissionDeniedError(
      absl::StrCat(ActorOf(caller), " may not use ", guarded, ": its role is ",
                   RoleName(caller.role)));
}

}  // namespace lenscap
