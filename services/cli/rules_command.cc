#include "services/cli/rules_command.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "listings/rule_pack.h"
#include "lists/list_signature.h"
#include "proto/lenscap/v1/listing.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/run_on.h"
#include "services/cli/scan_table.h"
#include "services/cli/sign_file.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

using Stub = v1::ListingService::Stub;
using Rows = std::vector<std::vector<std::string>>;

std::string ModeName(v1::Rule::Mode mode) {
  return ValueName(v1::Rule::Mode_Name(mode), "MODE_");
}

std::string PackLine(const v1::RulePack& pack) {
  const auto active = std::count_if(
      pack.rules().begin(), pack.rules().end(), [](const v1::Rule& rule) {
        return rule.mode() == v1::Rule::MODE_ACTIVE;
      });
  const auto shadow = std::count_if(
      pack.rules().begin(), pack.rules().end(), [](const v1::Rule& rule) {
        return rule.mode() == v1::Rule::MODE_SHADOW;
      });
  return absl::StrFormat(
      "%s@%d by %s, %s: %d rules, %d active, %d in shadow\n",
      Printable(pack.pack_id()), pack.version(), Printable(pack.issuer()),
      pack.built_in()
          ? "built in"
          : absl::StrCat("published ", FormatClock(pack.published())),
      pack.rules_size(), active, shadow);
}

std::string RuleTable(const v1::RulePack& pack) {
  Rows rows = {{"RULE", "MODE", "GROUP", "SCORE", "LEVEL", "LOCALE", "HITS",
                "UNTIL", "TITLE"}};
  for (const v1::Rule& rule : pack.rules()) {
    rows.push_back({Printable(rule.rule_id()),
                    absl::StrCat(ModeName(rule.mode()),
                                 rule.set_by_hand() ? ", by hand" : ""),
                    Printable(rule.group()),
                    absl::StrFormat("%g", rule.score()),
                    Printable(rule.level()),
                    rule.locale().empty() ? "any" : Printable(rule.locale()),
                    absl::StrCat(rule.hits()), FormatClock(rule.valid_until()),
                    Printable(rule.title())});
  }
  return FormatTable(rows);
}

absl::Status Print(const v1::RulePack& pack, bool json,
                   const std::string& text) {
  if (!json) {
    std::cout << text;
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string line, ToJsonLine(pack));
  std::cout << line;
  return absl::OkStatus();
}

absl::Status ListPacks(const ListRulesOptions& options,
                       const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(
      const auto reply,
      Call(connection, stub, &Stub::ListRulePacks, v1::ListRulePacksRequest()));
  for (const v1::RulePack& pack : reply.packs()) {
    RETURN_IF_ERROR(Print(pack, options.json,
                          absl::StrCat(PackLine(pack), RuleTable(pack), "\n")));
  }
  return absl::OkStatus();
}

absl::Status SetMode(const RuleModeOptions& options,
                     const Connection& connection, Stub& stub) {
  v1::SetRuleModeRequest request;
  request.set_pack_id(options.pack_id);
  request.set_rule_id(options.rule_id);
  request.set_mode(options.mode);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const auto pack,
                   Call(connection, stub, &Stub::SetRuleMode, request));
  for (const v1::Rule& rule : pack.rules()) {
    if (rule.rule_id() != options.rule_id) continue;
    return Print(
        pack, options.json,
        absl::StrCat(Printable(options.rule_id), " of ",
                     Printable(options.pack_id), " is ", ModeName(rule.mode()),
                     rule.set_by_hand() ? ", by hand" : "", "\n"));
  }
  return absl::InternalError(
      absl::StrCat("the server's answer does not have rule ", options.rule_id));
}

absl::Status Publish(const v1::PublishRulePackRequest& request, bool json,
                     const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(const auto pack,
                   Call(connection, stub, &Stub::PublishRulePack, request));
  return Print(pack, json, PackLine(pack));
}

}  // namespace

ExitCode Run(const PublishRulesOptions& options) {
  v1::PublishRulePackRequest request;
  auto pack = ReadSmallFile(options.file, kMaxRulePackBytes);
  if (!pack.ok()) return Fail(pack.status(), ExitCode::kUnreadable);
  request.set_pack(*std::move(pack));
  auto signatures =
      ReadSmallFile(options.signatures.empty() ? SignaturePath(options.file)
                                               : options.signatures,
                    kMaxSignatureBytes);
  if (!signatures.ok()) {
    return Fail(absl::Status(signatures.status().code(),
                             absl::StrCat(signatures.status().message(),
                                          "; 'lenscap rules sign' makes it")),
                ExitCode::kUnreadable);
  }
  request.set_signatures(*std::move(signatures));
  return RunOn<v1::ListingService>(
      options, {Role::kListings},
      [&](const PublishRulesOptions&, const Connection& connection,
          Stub& stub) -> absl::Status {
        const absl::Status status =
            Publish(request, options.json, connection, stub);
        if (status.ok()) return status;
        return absl::Status(status.code(),
                            absl::StrCat(options.file, ": ", status.message()));
      });
}

ExitCode Run(const ListRulesOptions& options) {
  return RunOn<v1::ListingService>(options, {Role::kListings}, ListPacks);
}

ExitCode Run(const RuleModeOptions& options) {
  return RunOn<v1::ListingService>(options, {Role::kListings}, SetMode);
}

}  // namespace lenscap::cli
