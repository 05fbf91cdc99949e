#include "services/cli/admin_command.h"

#include <iostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/access.grpc.pb.h"
#include "services/cli/certificates.h"
#include "services/cli/connection.h"
#include "services/cli/run_on.h"
#include "services/cli/scan_table.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

using Stub = v1::AccessService::Stub;

std::string NameOf(const v1::Identity& identity) {
  return absl::StrCat(
      ValueName(v1::CallerRole_Name(identity.role()), "CALLER_ROLE_"), ":",
      Printable(identity.name()));
}

// Of which issuer or tenant; "-" for none.
std::string ScopeOf(const v1::Identity& identity) {
  if (!identity.issuer().empty()) return Printable(identity.issuer());
  if (!identity.tenant().empty()) return Printable(identity.tenant());
  if (!identity.tenants().empty()) {
    return Printable(absl::StrJoin(identity.tenants(), ","));
  }
  return "-";
}

absl::Status PrintJson(const google::protobuf::Message& message) {
  ASSIGN_OR_RETURN(const std::string json, ToJsonLine(message));
  std::cout << json;
  return absl::OkStatus();
}

absl::Status WhoAmI(const WhoAmIOptions& options, const Connection& connection,
                    Stub& stub) {
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::WhoAmI, v1::WhoAmIRequest()));
  if (options.json) return PrintJson(reply);
  const std::string scope = ScopeOf(reply.identity());
  std::cout << NameOf(reply.identity())
            << (scope == "-" ? "" : absl::StrCat(" for ", scope))
            << (reply.local() ? ", without signing in\n" : "\n");
  return absl::OkStatus();
}

absl::Status Create(const CreateTokenOptions& options,
                    const Connection& connection, Stub& stub) {
  v1::CreateTokenRequest request;
  v1::Identity& identity = *request.mutable_identity();
  identity.set_role(options.role);
  identity.set_name(options.name);
  identity.set_issuer(options.issuer);
  identity.set_tenant(options.tenant);
  identity.set_platform_class(options.platform_class);
  identity.mutable_skills()->Assign(options.skills.begin(),
                                    options.skills.end());
  identity.mutable_languages()->Assign(options.languages.begin(),
                                       options.languages.end());
  identity.mutable_tenants()->Assign(options.tenants.begin(),
                                     options.tenants.end());
  *request.mutable_valid_for() = ToProto(options.valid_for);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::CreateToken, request));
  if (options.json) return PrintJson(reply);
  // The secret alone, so that it can go straight into a file.
  std::cout << reply.secret() << "\n";
  std::cerr << reply.token().token_id() << " for "
            << NameOf(reply.token().identity()) << ", until "
            << FormatClock(reply.token().expires())
            << "; its secret is not shown again\n";
  return absl::OkStatus();
}

absl::Status List(const ListTokensOptions& options,
                  const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(const auto reply, Call(connection, stub, &Stub::ListTokens,
                                          v1::ListTokensRequest()));
  std::vector<std::vector<std::string>> rows = {
      {"TOKEN", "FOR", "SCOPE", "CREATED", "EXPIRES", "REVOKED"}};
  for (const v1::AccessToken& token : reply.tokens()) {
    if (options.json) {
      RETURN_IF_ERROR(PrintJson(token));
      continue;
    }
    rows.push_back({Printable(token.token_id()), NameOf(token.identity()),
                    ScopeOf(token.identity()), FormatClock(token.created()),
                    FormatClock(token.expires()),
                    FormatClock(token.revoked())});
  }
  if (!options.json) std::cout << FormatTable(rows);
  return absl::OkStatus();
}

absl::Status Revoke(const RevokeTokenOptions& options,
                    const Connection& connection, Stub& stub) {
  v1::RevokeTokenRequest request;
  request.set_token_id(options.token_id);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const auto token,
                   Call(connection, stub, &Stub::RevokeToken, request));
  if (options.json) return PrintJson(token);
  std::cout << "revoked " << Printable(token.token_id()) << " of "
            << NameOf(token.identity()) << "\n";
  return absl::OkStatus();
}

}  // namespace

ExitCode Run(const WhoAmIOptions& options) {
  return RunOn<v1::AccessService>(options, {}, WhoAmI);
}
ExitCode Run(const CreateTokenOptions& options) {
  return RunOn<v1::AccessService>(options, {}, Create);
}
ExitCode Run(const ListTokensOptions& options) {
  return RunOn<v1::AccessService>(options, {}, List);
}
ExitCode Run(const RevokeTokenOptions& options) {
  return RunOn<v1::AccessService>(options, {}, Revoke);
}

ExitCode Run(const CertificatesOptions& options) {
  const absl::Status made =
      MakeDevelopmentCertificates({.directory = options.directory,
                                   .hosts = options.hosts,
                                   .issuer = options.issuer,
                                   .now = absl::Now()});
  if (!made.ok()) return Fail(made);
  const std::string directory = Printable(options.directory);
  std::cout << "For development alone; good for a year.\n"
            << "lenscapd --tls_certificate=" << directory
            << "/server.crt --tls_key=" << directory
            << "/server.key --client_ca=" << directory << "/ca.crt ...\n"
            << "lenscap admin whoami --tls-ca=" << directory
            << "/ca.crt --tls-cert=" << directory
            << "/admin.crt --tls-key=" << directory << "/admin.key\n";
  return ExitCode::kOk;
}

}  // namespace lenscap::cli
