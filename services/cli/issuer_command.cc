#include "services/cli/issuer_command.h"

#include <iostream>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/access.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/run_on.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

using Stub = v1::AccessService::Stub;

constexpr size_t kMaxFileBytes = 64 << 10;

absl::Status Print(const v1::Issuer& issuer, bool json) {
  if (json) {
    ASSIGN_OR_RETURN(const std::string line, ToJsonLine(issuer));
    std::cout << line;
  } else {
    std::cout << Printable(issuer.issuer()) << ": version " << issuer.version()
              << " of its keys, " << issuer.threshold() << " of "
              << issuer.key_ids_size() << " must sign\n";
  }
  return absl::OkStatus();
}

absl::Status TakeUp(const TakeUpKeysOptions& options,
                    const Connection& connection, Stub& stub) {
  v1::IssuerKeySet request;
  ASSIGN_OR_RETURN(*request.mutable_document(),
                   ReadSmallFile(options.key_set, kMaxFileBytes));
  ASSIGN_OR_RETURN(
      *request.mutable_signatures(),
      ReadSmallFile(options.signatures.empty() ? options.key_set + ".jws"
                                               : options.signatures,
                    kMaxFileBytes));
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(
      const auto issuer,
      Call(connection, stub,
           options.rotate ? &Stub::RotateIssuerKeys : &Stub::InstallIssuerKeys,
           request));
  return Print(issuer, options.json);
}

absl::Status RevokeKey(const RevokeKeyOptions& options,
                       const Connection& connection, Stub& stub) {
  v1::RevokeIssuerKeyRequest request;
  request.set_issuer(options.issuer);
  request.set_key_id(options.key_id);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const auto issuer,
                   Call(connection, stub, &Stub::RevokeIssuerKey, request));
  return Print(issuer, options.json);
}

absl::Status List(const ListIssuersOptions& options,
                  const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(const auto reply, Call(connection, stub, &Stub::ListIssuers,
                                          v1::ListIssuersRequest()));
  std::vector<std::vector<std::string>> rows = {
      {"ISSUER", "VERSION", "MUST SIGN", "EXPIRES", "KEYS"}};
  for (const v1::Issuer& issuer : reply.issuers()) {
    if (options.json) {
      RETURN_IF_ERROR(Print(issuer, true));
      continue;
    }
    rows.push_back({Printable(issuer.issuer()), absl::StrCat(issuer.version()),
                    absl::StrCat(issuer.threshold()),
                    FormatClock(issuer.expires()),
                    Printable(absl::StrJoin(issuer.key_ids(), " "))});
  }
  if (!options.json) std::cout << FormatTable(rows);
  return absl::OkStatus();
}

}  // namespace

ExitCode Run(const TakeUpKeysOptions& options) {
  return RunOn<v1::AccessService>(options, {}, TakeUp);
}
ExitCode Run(const RevokeKeyOptions& options) {
  return RunOn<v1::AccessService>(options, {}, RevokeKey);
}
ExitCode Run(const ListIssuersOptions& options) {
  return RunOn<v1::AccessService>(options, {}, List);
}

}  // namespace lenscap::cli
