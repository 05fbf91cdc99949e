#include "services/cli/publish_command.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/digest.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "lists/list_signature.h"
#include "proto/lenscap/v1/hash_list.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/media_sniff.h"
#include "services/cli/signed_publish.h"
#include "services/cli/text.h"
#include "services/cli/upload_file.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

absl::StatusOr<v1::PublishHeader::Format> FormatOf(const UploadFile& file) {
  switch (SniffContent(file.head())) {
    case Content::kMedia:
      return v1::PublishHeader::FORMAT_FOOTAGE;
    case Content::kPdqText:
      return v1::PublishHeader::FORMAT_PDQ_TEXT;
    case Content::kVpdqText:
      return v1::PublishHeader::FORMAT_VPDQ_TEXT;
    case Content::kHashList:
    case Content::kOther:
      break;
  }
  return absl::InvalidArgumentError(
      "neither video, image nor hash text by its content; --format says what "
      "it is");
}

absl::StatusOr<v1::PublishHeader> MakeHeader(const PublishOptions& options,
                                             const std::string& path,
                                             const UploadFile& file) {
  v1::PublishHeader header;
  header.set_list_id(options.list_id);
  header.set_entry_id(options.entry_from_name
                          ? std::filesystem::path(path).stem().string()
                          : options.entry_id);
  header.set_severity(options.severity);
  header.set_format(options.format);
  if (options.format == v1::PublishHeader::FORMAT_UNSPECIFIED) {
    ASSIGN_OR_RETURN(const auto format, FormatOf(file));
    header.set_format(format);
  }
  header.set_create_list(options.create);
  header.set_issuer(options.issuer);
  header.set_total_bytes(file.bytes());
  if (file.sha256()) header.set_sha256(ToBytes(*file.sha256()));
  return header;
}

// An error of the file leaves through `file_error`, the server's is returned.
absl::StatusOr<v1::PublishReply> Send(const Connection& connection,
                                      const v1::PublishHeader& header,
                                      UploadFile& file,
                                      absl::Status& file_error) {
  const auto stub = v1::HashListService::NewStub(connection.channel());
  grpc::ClientContext context;
  v1::PublishReply reply;
  const auto writer = stub->Publish(&context, &reply);
  v1::PublishRequest request;
  *request.mutable_header() = header;
  bool open = writer->Write(request);
  while (open) {
    const absl::StatusOr<bool> more = file.Next(*request.mutable_chunk());
    if (!more.ok()) {
      file_error = more.status();
      context.TryCancel();
      break;
    }
    if (!*more) break;
    open = writer->Write(request);
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (!status.ok()) return connection.ToStatus(status);
  return reply;
}

std::string Describe(const std::string& path, const v1::PublishReply& reply) {
  std::string text =
      absl::StrFormat("%s: %s/%s, version %d, %d frames of %s", Printable(path),
                      Printable(reply.list_id()), Printable(reply.entry_id()),
                      reply.list_version(), reply.frames(),
                      FormatTime(FromProto(reply.duration())));
  if (reply.frames_left_out() > 0) {
    absl::StrAppend(&text, " (", reply.frames_left_out(),
                    " left out for low quality)");
  }
  return text + (reply.changed() ? "\n" : "; was there already\n");
}

template <typename Reply>
ExitCode Print(const Reply& reply, const std::string& text, bool json) {
  if (!json) {
    std::cout << text << std::flush;
    return ExitCode::kOk;
  }
  const auto line = ToJsonLine(reply);
  if (!line.ok()) return Fail(line.status());
  std::cout << *line << std::flush;
  return ExitCode::kOk;
}

ExitCode PublishSignedFile(const PublishOptions& options,
                           const Connection& connection,
                           const std::string& path, UploadFile& file) {
  const std::string signature_path = absl::StrCat(path, ".jws");
  auto signatures = ReadSmallFile(signature_path, kMaxSignatureBytes);
  if (!signatures.ok()) {
    return Fail(absl::Status(signatures.status().code(),
                             absl::StrCat(signatures.status().message(),
                                          "; 'lenscap list sign' makes it")),
                ExitCode::kUnreadable);
  }
  absl::Status file_error;
  const auto reply = PublishSigned(
      connection,
      {.signatures = *std::move(signatures), .dry_run = options.dry_run}, file,
      file_error);
  if (!file_error.ok()) return Fail(file_error, ExitCode::kUnreadable);
  if (!reply.ok()) {
    return Fail(
        absl::Status(reply.status().code(),
                     absl::StrCat(path, ": ", reply.status().message())));
  }
  return Print(*reply, DescribeSigned(*reply, options.dry_run), options.json);
}

ExitCode PublishFile(const PublishOptions& options,
                     const Connection& connection, const std::string& path) {
  const auto named = [&](const absl::Status& error) {
    return absl::Status(error.code(),
                        absl::StrCat(path, ": ", error.message()));
  };
  auto file = UploadFile::Open(path);
  if (!file.ok()) return Fail(file.status(), ExitCode::kUnreadable);
  if (SniffContent((*file)->head()) == Content::kHashList) {
    return PublishSignedFile(options, connection, path, **file);
  }
  if (options.list_id.empty()) {
    return Fail(absl::InvalidArgumentError(absl::StrCat(
                    path,
                    ": --list says which list it is for; only a signed "
                    "list says so itself")),
                ExitCode::kUsage);
  }
  const auto header = MakeHeader(options, path, **file);
  if (!header.ok()) return Fail(named(header.status()), ExitCode::kUnreadable);
  absl::Status file_error;
  const auto reply = Send(connection, *header, **file, file_error);
  if (!file_error.ok()) return Fail(file_error, ExitCode::kUnreadable);
  if (!reply.ok()) return Fail(named(reply.status()));
  return Print(*reply, Describe(path, *reply), options.json);
}

}  // namespace

ExitCode Run(const PublishOptions& options) {
  Endpoint endpoint = options.endpoint;
  endpoint.create = options.create;
  const auto connection = Connection::Open(endpoint, {Role::kLists});
  if (!connection.ok()) return Fail(connection.status());
  ExitCode code = ExitCode::kOk;
  for (const std::string& path : options.files) {
    code = Worse(code, PublishFile(options, **connection, path));
  }
  return code;
}

}  // namespace lenscap::cli
