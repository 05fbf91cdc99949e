#include "services/cli/signed_publish.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/digest.h"
#include "proto/lenscap/v1/hash_list.grpc.pb.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

// Draws over itself, and takes itself away.
class ProgressLine {
 public:
  ~ProgressLine() {
    if (drawn_) std::fputs("\r\x1b[K", stderr);
  }
  void Draw(const std::string& text) {
    if (!visible_) return;
    std::fprintf(stderr, "\r\x1b[K%s", text.c_str());
    std::fflush(stderr);
    drawn_ = true;
  }

 private:
  const bool visible_ = isatty(STDERR_FILENO) == 1;
  bool drawn_ = false;
};

void DrawProgress(const v1::PublishSignedProgress& progress,
                  ProgressLine& line) {
  if (progress.changes_total() == 0) {
    line.Draw(absl::StrCat("received ", FormatBytes(progress.bytes_received()),
                           ", checking the signatures"));
  } else {
    line.Draw(absl::StrFormat("%d of %d entries", progress.changes(),
                              progress.changes_total()));
  }
}

}  // namespace

absl::StatusOr<v1::PublishSignedReply> PublishSigned(
    const Connection& connection, const SignedPublish& publish,
    UploadFile& file, absl::Status& file_error) {
  const auto stub = v1::HashListService::NewStub(connection.channel());
  grpc::ClientContext context;
  const auto stream = stub->PublishSigned(&context);
  v1::PublishSignedRequest request;
  v1::PublishSignedHeader& header = *request.mutable_header();
  header.set_signatures(publish.signatures);
  header.set_total_bytes(file.bytes());
  if (file.sha256()) header.set_sha256(ToBytes(*file.sha256()));
  header.set_dry_run(publish.dry_run);
  ProgressLine line;
  bool open = stream->Write(request);
  while (open) {
    const absl::StatusOr<bool> more = file.Next(*request.mutable_chunk());
    if (!more.ok()) {
      file_error = more.status();
      context.TryCancel();
      break;
    }
    if (!*more) break;
    line.Draw(absl::StrCat("sending ", FormatBytes(request.chunk().offset())));
    open = stream->Write(request);
  }
  stream->WritesDone();
  v1::PublishSignedEvent event;
  v1::PublishSignedReply reply;
  while (stream->Read(&event)) {
    if (event.has_reply()) reply = std::move(*event.mutable_reply());
    if (event.has_progress()) DrawProgress(event.progress(), line);
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return connection.ToStatus(status);
  return reply;
}

std::string DescribeSigned(const v1::PublishSignedReply& reply, bool dry_run) {
  const v1::HashList& list = reply.list();
  std::string text = absl::StrFormat(
      "%s by %s, signed version %d: ", Printable(list.list_id()),
      Printable(list.issuer()), list.signed_version());
  if (!reply.changed() && !dry_run) {
    return absl::StrCat(text, "was there already\n");
  }
  absl::StrAppendFormat(
      &text, "%d added, %d updated, %d withdrawn, %d unchanged%s\n",
      reply.added(), reply.updated(), reply.withdrawn(), reply.unchanged(),
      dry_run ? "; a dry run, nothing was changed" : "");
  if (reply.held() > 0) {
    absl::StrAppend(&text, "  ", reply.held(),
                    " of them are held: they would match innocent uploads\n");
  }
  if (const v1::FloodReport& flood = reply.flood();
      flood.uploads_matched() > 0) {
    absl::StrAppendFormat(
        &text, "  of the latest %d innocent uploads it would match %d%s\n",
        flood.uploads_checked(), flood.uploads_matched(),
        list.mode() == v1::LIST_MODE_SHADOW ? ": it is kept in shadow" : "");
    for (const v1::FloodReport::Entry& entry : flood.entries()) {
      absl::StrAppendFormat(&text, "    %s: %d\n", Printable(entry.entry_id()),
                            entry.uploads());
    }
  }
  return text;
}

}  // namespace lenscap::cli
