#include "services/cli/list_command.h"

#include <algorithm>
#include <iostream>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/hash_list.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/run_on.h"
#include "services/cli/scan_table.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

using Stub = v1::HashListService::Stub;
using Rows = std::vector<std::vector<std::string>>;

// The issuer's version in force and, after a rollback, the one that was left.
std::string SignedVersion(const v1::HashList& list) {
  if (list.signed_version() == 0) return "-";
  if (list.version_in_force() == list.signed_version()) {
    return absl::StrCat(list.signed_version());
  }
  return absl::StrCat(list.version_in_force(), " of ", list.signed_version());
}

absl::Status ShowLists(const ShowListOptions& options,
                       const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(const auto reply, Call(connection, stub, &Stub::ListLists,
                                          v1::ListListsRequest()));
  Rows rows = {{"LIST", "ISSUER", "VERSION", "SIGNED", "MODE", "ENTRIES",
                "HELD", "FRAMES", "CHANGED"}};
  for (const v1::HashList& list : reply.lists()) {
    if (options.json) {
      ASSIGN_OR_RETURN(const std::string json, ToJsonLine(list));
      std::cout << json;
    }
    rows.push_back({Printable(list.list_id()), Printable(list.issuer()),
                    absl::StrCat(list.version()), SignedVersion(list),
                    ValueName(v1::ListMode_Name(list.mode()), "LIST_MODE_"),
                    absl::StrCat(list.entries()), absl::StrCat(list.held()),
                    absl::StrCat(list.frames()), FormatClock(list.changed())});
  }
  if (!options.json) std::cout << FormatTable(rows);
  return absl::OkStatus();
}

absl::Status ShowEntries(const ShowListOptions& options,
                         const Connection& connection, Stub& stub) {
  v1::GetListRequest request;
  request.set_list_id(options.list_id);
  request.set_page_size(1000);
  Rows rows = {{"ENTRY", "SEVERITY", "DURATION", "FRAMES", "SINCE VERSION",
                "EXPIRES", "HELD"}};
  v1::GetListReply reply;
  do {
    ASSIGN_OR_RETURN(reply, Call(connection, stub, &Stub::GetList, request));
    for (const v1::ListEntry& entry : reply.entries()) {
      if (options.json) {
        ASSIGN_OR_RETURN(const std::string json, ToJsonLine(entry));
        std::cout << json;
        continue;
      }
      rows.push_back(
          {Printable(entry.entry_id()),
           ValueName(v1::Severity_Name(entry.severity()), "SEVERITY_"),
           FormatTime(FromProto(entry.duration())),
           absl::StrCat(entry.frames()), absl::StrCat(entry.added_in_version()),
           FormatClock(entry.expires()), Printable(entry.hold_reason())});
    }
    request.set_page_token(reply.next_page_token());
  } while (!reply.next_page_token().empty());
  if (options.json) return absl::OkStatus();
  const v1::HashList& list = reply.list();
  std::cout << Printable(list.list_id()) << " by " << Printable(list.issuer())
            << ", version " << list.version() << ": " << list.entries()
            << " entries, " << list.frames() << " frames\n"
            << FormatTable(rows);
  return absl::OkStatus();
}

absl::Status Withdraw(const WithdrawOptions& options,
                      const Connection& connection, Stub& stub) {
  v1::WithdrawRequest request;
  request.set_list_id(options.list_id);
  request.set_all_entries(options.all);
  for (const std::string& id : options.entry_ids) request.add_entry_ids(id);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Withdraw, request));
  if (options.json) {
    ASSIGN_OR_RETURN(const std::string json, ToJsonLine(reply));
    std::cout << json;
  } else {
    std::cout << "withdrew " << reply.entries_withdrawn() << " of "
              << Printable(options.list_id) << ", now version "
              << reply.list_version() << "\n";
  }
  return absl::OkStatus();
}

absl::Status History(const HistoryOptions& options,
                     const Connection& connection, Stub& stub) {
  v1::HistoryRequest request;
  request.set_list_id(options.list_id);
  request.set_limit(options.limit);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::History, request));
  Rows rows = {{"VERSION", "TIME", "CHANGE", "ENTRIES", "REASON", "WHICH"}};
  for (const v1::ListChange& change : reply.changes()) {
    if (options.json) {
      ASSIGN_OR_RETURN(const std::string json, ToJsonLine(change));
      std::cout << json;
      continue;
    }
    constexpr int kShown = 3;
    const auto shown = std::min(change.entry_ids_size(), kShown);
    std::string which = absl::StrJoin(change.entry_ids().begin(),
                                      change.entry_ids().begin() + shown, " ");
    if (change.entries() > shown) absl::StrAppend(&which, " ...");
    rows.push_back(
        {absl::StrCat(change.version()), FormatClock(change.time()),
         ValueName(v1::ListChange::Kind_Name(change.kind()), "KIND_"),
         absl::StrCat(change.entries()), Printable(change.reason()),
         Printable(which)});
  }
  if (!options.json) std::cout << FormatTable(rows);
  return absl::OkStatus();
}

}  // namespace

ExitCode Run(const ShowListOptions& options) {
  return RunOn<v1::HashListService>(
      options, {Role::kLists},
      options.list_id.empty() ? ShowLists : ShowEntries);
}
ExitCode Run(const WithdrawOptions& options) {
  return RunOn<v1::HashListService>(options, {Role::kLists}, Withdraw);
}
ExitCode Run(const HistoryOptions& options) {
  return RunOn<v1::HashListService>(options, {Role::kLists}, History);
}

}  // namespace lenscap::cli
