#include "services/cli/scan_client.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/lenscap/v1/scan.grpc.pb.h"
#include "services/cli/text.h"
#include "services/cli/upload_file.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

using ScanStream = grpc::ClientReaderWriter<v1::UploadRequest, v1::ScanEvent>;

// Writes the header and every chunk. The server may hang up before the end:
// that is its right, and its status says why. An error is the file's.
absl::Status SendFile(const v1::UploadHeader& header, UploadFile& file,
                      ScanStream& stream) {
  v1::UploadRequest request;
  *request.mutable_header() = header;
  if (!stream.Write(request)) return absl::OkStatus();
  while (true) {
    absl::StatusOr<bool> more = file.Next(*request.mutable_chunk());
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (!stream.Write(request)) return absl::OkStatus();
  }
  stream.WritesDone();
  return absl::OkStatus();
}

double ShareDone(const v1::Progress& progress, int64_t total_bytes) {
  const double duration = absl::ToDoubleSeconds(FromProto(progress.duration()));
  const double decoded = absl::ToDoubleSeconds(FromProto(progress.decoded()));
  const double sent = total_bytes > 0
                          ? static_cast<double>(progress.bytes_received()) /
                                static_cast<double>(total_bytes)
                          : 0;
  // Containers with their index at the end are sent whole before anything is
  // decoded; others are decoded as they come. Half for each fits both.
  return duration > 0
             ? (std::min(sent, 1.0) + std::min(decoded / duration, 1.0)) / 2
             : sent / 2;
}

}  // namespace

v1::ScanReport UnreadableReport(const std::string& path,
                                const absl::Status& reason) {
  v1::ScanReport report;
  report.set_file(Printable(path));
  report.mutable_verdict()->set_action(v1::ACTION_UNREADABLE);
  report.mutable_verdict()->add_reasons(Printable(reason.message()));
  return report;
}

absl::StatusOr<v1::ScanReport> ScanOneFile(
    const Connection& connection, const std::string& path,
    v1::UploadHeader header, const std::function<void(double)>& progress) {
  absl::StatusOr<std::unique_ptr<UploadFile>> file = UploadFile::Open(path);
  if (!file.ok()) return UnreadableReport(path, file.status());
  const int64_t total_bytes = (*file)->bytes();
  header.set_total_bytes(total_bytes);
  if ((*file)->sha256()) header.set_sha256(ToBytes(*(*file)->sha256()));

  const auto stub = v1::ScanService::NewStub(connection.channel());
  grpc::ClientContext context;
  const auto stream = stub->Scan(&context);
  absl::Status read_status;
  std::thread sender([&] {
    read_status = SendFile(header, **file, *stream);
    if (!read_status.ok()) context.TryCancel();
  });
  std::optional<v1::ScanReport> report;
  v1::ScanEvent event;
  while (stream->Read(&event)) {
    if (event.has_progress()) {
      progress(ShareDone(event.progress(), total_bytes));
    } else if (event.has_report()) {
      report = std::move(*event.mutable_report());
    }
  }
  sender.join();
  const grpc::Status status = stream->Finish();
  if (!read_status.ok()) return UnreadableReport(path, read_status);
  if (!status.ok()) return connection.ToStatus(status);
  if (!report) {
    return absl::InternalError(
        absl::StrCat(path, ": the server sent no report"));
  }
  report->set_file(Printable(path));
  return *std::move(report);
}

}  // namespace lenscap::cli
