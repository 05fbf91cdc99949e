#include "services/cli/list_control_command.h"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/hash_list.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/run_on.h"
#include "services/cli/scan_table.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

using Stub = v1::HashListService::Stub;

// A list of a million entries takes a minute.
constexpr absl::Duration kRollbackLimit = absl::Minutes(30);

absl::Status PrintJson(const google::protobuf::Message& message) {
  ASSIGN_OR_RETURN(const std::string json, ToJsonLine(message));
  std::cout << json;
  return absl::OkStatus();
}

absl::Status Rollback(const RollbackOptions& options,
                      const Connection& connection, Stub& stub) {
  v1::RollbackRequest request;
  request.set_list_id(options.list_id);
  request.set_signed_version(options.signed_version);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const auto reply, Call(connection, stub, &Stub::Rollback,
                                          request, kRollbackLimit));
  if (options.json) return PrintJson(reply);
  std::cout << Printable(options.list_id) << ": what signed version "
            << reply.list().version_in_force() << " had is in force again, "
            << reply.added() << " entries added, " << reply.updated()
            << " put back, " << reply.withdrawn() << " withdrawn\n";
  return absl::OkStatus();
}

absl::Status Hold(const HoldEntriesOptions& options,
                  const Connection& connection, Stub& stub) {
  v1::HoldEntriesRequest request;
  request.set_list_id(options.list_id);
  for (const std::string& id : options.entry_ids) request.add_entry_ids(id);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const auto list, Call(connection, stub,
                                         options.release ? &Stub::ReleaseEntries
                                                         : &Stub::HoldEntries,
                                         request));
  if (options.json) return PrintJson(list);
  std::cout << Printable(list.list_id()) << ", now version " << list.version()
            << ": " << list.held() << " of " << list.entries()
            << " entries are held\n";
  return absl::OkStatus();
}

absl::Status SetMode(const ListModeOptions& options,
                     const Connection& connection, Stub& stub) {
  v1::SetListModeRequest request;
  request.set_list_id(options.list_id);
  request.set_mode(options.mode);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const auto list,
                   Call(connection, stub, &Stub::SetListMode, request));
  if (options.json) return PrintJson(list);
  std::cout << Printable(list.list_id()) << " is "
            << (list.mode() == v1::LIST_MODE_SHADOW
                    ? "in shadow: matched and reported, never acted on\n"
                    : "active\n");
  return absl::OkStatus();
}

// Both files are there whole, or neither; what was sent is what was signed.
absl::Status Download(const DownloadListOptions& options,
                      const Connection& connection, Stub& stub) {
  v1::DownloadRequest request;
  request.set_list_id(options.list_id);
  request.set_signed_version(options.signed_version);
  grpc::ClientContext context;
  const auto reader = stub.Download(&context, request);
  v1::DownloadPart part;
  if (!reader->Read(&part)) return connection.ToStatus(reader->Finish());
  const v1::DownloadHeader header = part.header();
  std::string path = options.output;
  if (path.empty()) {
    path = absl::StrCat(options.list_id, "-", header.signed_version(), ".list");
  }
  const std::string unfinished = absl::StrCat(path, ".part");
  std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
  Digester digester;
  while (reader->Read(&part)) {
    file << part.data();
    digester.Update(part.data());
  }
  file.close();
  absl::Status status = connection.ToStatus(reader->Finish());
  if (status.ok() && ToBytes(digester.Finish().sha256) != header.sha256()) {
    status = absl::DataLossError(
        absl::StrCat(path, ": what arrived is not what was announced, sha256 ",
                     absl::BytesToHexString(header.sha256())));
  }
  if (status.ok()) {
    std::ofstream signatures(absl::StrCat(path, ".jws"), std::ios::binary);
    signatures << header.signatures();
    signatures.close();
    if (!file || !signatures ||
        std::rename(unfinished.c_str(), path.c_str()) != 0) {
      status = absl::ErrnoToStatus(errno, path);
    }
  }
  if (!status.ok()) {
    std::remove(unfinished.c_str());
    return status;
  }
  std::cout << Printable(path) << " and " << Printable(path) << ".jws: version "
            << header.signed_version() << " of " << Printable(header.list_id())
            << ", sha256 " << absl::BytesToHexString(header.sha256()) << "\n";
  return absl::OkStatus();
}

absl::Status Feedback(const FeedbackOptions& options,
                      const Connection& connection, Stub& stub) {
  v1::FeedbackRequest request;
  request.set_list_id(options.list_id);
  request.set_page_size(1000);
  std::vector<std::vector<std::string>> rows = {
      {"DECIDED", "ENTRY", "VERSION", "OUTCOME", "REASON"}};
  while (true) {
    ASSIGN_OR_RETURN(const auto reply,
                     Call(connection, stub, &Stub::Feedback, request));
    for (const v1::EntryFeedback& entry : reply.feedback()) {
      if (options.json) {
        RETURN_IF_ERROR(PrintJson(entry));
        continue;
      }
      rows.push_back({FormatClock(entry.decided()), Printable(entry.entry_id()),
                      absl::StrCat(entry.signed_version()),
                      entry.upheld() ? "upheld" : "rejected",
                      Printable(entry.reason())});
    }
    if (!reply.more()) break;
    request.set_page_token(reply.next_page_token());
  }
  if (!options.json) std::cout << FormatTable(rows);
  return absl::OkStatus();
}

}  // namespace

ExitCode Run(const RollbackOptions& options) {
  return RunOn<v1::HashListService>(options, {Role::kLists}, Rollback);
}
ExitCode Run(const HoldEntriesOptions& options) {
  return RunOn<v1::HashListService>(options, {Role::kLists}, Hold);
}
ExitCode Run(const ListModeOptions& options) {
  return RunOn<v1::HashListService>(options, {Role::kLists}, SetMode);
}
ExitCode Run(const DownloadListOptions& options) {
  return RunOn<v1::HashListService>(options, {Role::kLists}, Download);
}
ExitCode Run(const FeedbackOptions& options) {
  return RunOn<v1::HashListService>(options, {Role::kLists}, Feedback);
}

}  // namespace lenscap::cli
