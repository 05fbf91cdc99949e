#include "services/cli/export_command.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/hash_text.h"
#include "proto/lenscap/v1/hash_list.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;

using Visit = std::function<absl::Status(const v1::ExportedEntry&)>;

// Calls `visit` with every entry, each put together from its messages.
absl::Status ForEachEntry(const Connection& connection,
                          const std::string& list_id, const Visit& visit) {
  const auto stub = v1::HashListService::NewStub(connection.channel());
  grpc::ClientContext context;
  v1::ExportRequest request;
  request.set_list_id(list_id);
  const auto reader = stub->Export(&context, request);
  absl::Status status;
  std::optional<v1::ExportedEntry> entry;
  v1::ExportedEntry part;
  while (status.ok() && reader->Read(&part)) {
    if (entry && entry->entry().entry_id() == part.entry().entry_id()) {
      entry->MergeFrom(part);
      continue;
    }
    if (entry) status = visit(*entry);
    entry.emplace().Swap(&part);
  }
  if (!status.ok()) {
    context.TryCancel();
    return status;
  }
  RETURN_IF_ERROR(connection.ToStatus(reader->Finish()));
  return entry ? visit(*entry) : absl::OkStatus();
}

absl::Status PrintEntry(const v1::ExportedEntry& entry) {
  ASSIGN_OR_RETURN(const std::string json, ToJsonLine(entry));
  std::cout << json;
  return std::cout ? absl::OkStatus()
                   : absl::ErrnoToStatus(errno, "standard output");
}

absl::StatusOr<std::string> VpdqText(const v1::ExportedEntry& entry) {
  std::vector<ReferenceFrame> frames;
  for (const v1::ReferenceFrame& frame : entry.frames()) {
    ASSIGN_OR_RETURN(const Hash256 hash, HashFromBytes(frame.pdq()));
    const absl::Duration time = FromProto(frame.time());
    frames.push_back({hash, frame.quality(), time,
                      frame.has_until() ? FromProto(frame.until()) : time});
  }
  return FormatVpdqText(frames);
}

// The name comes from another machine and must not lead out of the directory.
absl::Status CheckName(const std::string& id) {
  const bool good = !id.empty() && id.size() <= 128 &&
                    std::all_of(id.begin(), id.end(), [](unsigned char c) {
                      return absl::ascii_isalnum(c) || c == '.' || c == '_' ||
                             c == ':' || c == '-';
                    });
  if (good) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("the server sent an entry id that is none: ", id));
}

absl::Status WriteEntry(const fs::path& directory,
                        const v1::ExportedEntry& entry) {
  const std::string& id = entry.entry().entry_id();
  RETURN_IF_ERROR(CheckName(id));
  ASSIGN_OR_RETURN(const std::string text, VpdqText(entry));
  const fs::path path = directory / absl::StrCat(id, ".vpdq");
  const fs::path unfinished = directory / absl::StrCat(".", id, ".part");
  std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    absl::Status status = absl::ErrnoToStatus(errno, path.string());
    std::remove(unfinished.c_str());
    return status;
  }
  return absl::OkStatus();
}

}  // namespace

ExitCode Run(const ExportOptions& options) {
  const auto connection = Connection::Open(options.endpoint, {Role::kLists});
  if (!connection.ok()) return Fail(connection.status());
  Visit visit = PrintEntry;
  int64_t entries = 0;
  if (!options.directory.empty()) {
    std::error_code error;
    fs::create_directories(options.directory, error);
    if (error) {
      return Fail(absl::ErrnoToStatus(error.value(), options.directory));
    }
    visit = [&](const v1::ExportedEntry& entry) {
      ++entries;
      return WriteEntry(options.directory, entry);
    };
  }
  const absl::Status status =
      ForEachEntry(**connection, options.list_id, visit);
  if (!status.ok()) return Fail(status);
  if (!options.directory.empty()) {
    std::cout << entries << " entries of " << Printable(options.list_id)
              << " in " << Printable(options.directory) << "\n";
  }
  std::cout << std::flush;
  return ExitCode::kOk;
}

}  // namespace lenscap::cli
