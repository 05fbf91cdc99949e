#include "tests/services/client.h"

#include <chrono>

#include "base/status_macros.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/grpc_status.h"

namespace lenscap {
namespace {

// Writes until the server has heard enough; it says why when asked to finish.
template <typename Stream, typename Request>
void WriteAll(Stream& stream, const std::vector<Request>& messages) {
  for (const Request& message : messages) {
    if (!stream.Write(message)) return;
  }
  stream.WritesDone();
}

template <typename Message, typename Stream>
absl::StatusOr<std::vector<Message>> ReadAll(Stream& stream) {
  std::vector<Message> messages;
  for (Message message; stream.Read(&message);) messages.push_back(message);
  RETURN_IF_ERROR(FromGrpc(stream.Finish()));
  return messages;
}

v1::UploadHeader HeaderOf(absl::string_view content_id,
                          absl::string_view tenant) {
  v1::UploadHeader header;
  header.set_content_id(std::string(content_id));
  header.set_tenant(std::string(tenant));
  return header;
}

}  // namespace

std::unique_ptr<grpc::ClientContext> NewContext() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() +
                        std::chrono::seconds(60));
  return context;
}

absl::StatusOr<v1::ScanReport> Scan(
    const ChannelPtr& channel, const std::vector<v1::UploadRequest>& messages,
    std::vector<v1::Progress>* progress) {
  const auto context = NewContext();
  const auto stream = v1::ScanService::NewStub(channel)->Scan(context.get());
  WriteAll(*stream, messages);
  ASSIGN_OR_RETURN(const auto events, ReadAll<v1::ScanEvent>(*stream));
  for (const v1::ScanEvent& event : events) {
    if (event.has_progress() && progress != nullptr) {
      progress->push_back(event.progress());
    }
  }
  if (events.empty() || !events.back().has_report()) {
    return absl::InternalError("the stream ended without a report");
  }
  return events.back().report();
}

absl::StatusOr<std::string> Submit(
    const ChannelPtr& channel, const std::vector<v1::UploadRequest>& messages) {
  const auto context = NewContext();
  v1::SubmitReply reply;
  const auto stream =
      v1::ScanService::NewStub(channel)->Submit(context.get(), &reply);
  WriteAll(*stream, messages);
  RETURN_IF_ERROR(FromGrpc(stream->Finish()));
  return reply.scan_id();
}

absl::StatusOr<v1::PublishReply> Publish(
    const ChannelPtr& channel,
    const std::vector<v1::PublishRequest>& messages) {
  const auto context = NewContext();
  v1::PublishReply reply;
  const auto stream =
      v1::HashListService::NewStub(channel)->Publish(context.get(), &reply);
  WriteAll(*stream, messages);
  RETURN_IF_ERROR(FromGrpc(stream->Finish()));
  return reply;
}

absl::StatusOr<std::vector<v1::ScanStatus>> WatchScan(
    const ChannelPtr& channel, absl::string_view scan_id) {
  const auto context = NewContext();
  v1::GetScanRequest request;
  request.set_scan_id(std::string(scan_id));
  const auto stream =
      v1::ScanService::NewStub(channel)->WatchScan(context.get(), request);
  return ReadAll<v1::ScanStatus>(*stream);
}

absl::StatusOr<std::vector<v1::ExportedEntry>> Export(
    const ChannelPtr& channel, absl::string_view list_id) {
  const auto context = NewContext();
  v1::ExportRequest request;
  request.set_list_id(std::string(list_id));
  const auto stream =
      v1::HashListService::NewStub(channel)->Export(context.get(), request);
  return ReadAll<v1::ExportedEntry>(*stream);
}

absl::StatusOr<std::vector<v1::CaseEvent>> WatchCases(const ChannelPtr& channel,
                                                      uint64_t after,
                                                      size_t count) {
  const auto context = NewContext();
  v1::WatchRequest request;
  request.set_after_sequence(after);
  const auto stream =
      v1::TakedownService::NewStub(channel)->Watch(context.get(), request);
  std::vector<v1::CaseEvent> events;
  v1::CaseEvent event;
  while (events.size() < count && stream->Read(&event)) events.push_back(event);
  context->TryCancel();
  const grpc::Status status = stream->Finish();
  if (events.size() == count) return events;
  return FromGrpc(status);
}

absl::StatusOr<std::string> CallRaw(const ChannelPtr& channel,
                                    const std::string& method,
                                    const std::string& request) {
  grpc::CompletionQueue queue;
  const auto context = NewContext();
  const auto call =
      grpc::GenericStub(channel).PrepareCall(context.get(), method, &queue);
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const grpc::Slice slice(request);
  const grpc::ByteBuffer message(&slice, 1);
  grpc::ByteBuffer reply;
  // One that was refused fails at any of the steps.
  call->StartCall(nullptr);
  bool answered = wait();
  if (answered) {
    call->Write(message, nullptr);
    answered = wait();
  }
  if (answered) {
    call->WritesDone(nullptr);
    answered = wait();
  }
  if (answered) {
    call->Read(&reply, nullptr);
    answered = wait();
  }
  std::string bytes;
  if (answered) {
    std::vector<grpc::Slice> slices;
    reply.Dump(&slices);
    for (const grpc::Slice& part : slices) {
      bytes.append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
    context->TryCancel();  // There may be more; nobody reads it.
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  wait();
  if (answered || status.ok()) return bytes;  // Or a stream without messages.
  return FromGrpc(status);
}

absl::StatusOr<v1::ScanReport> ScanBytes(const ChannelPtr& channel,
                                         const std::string& bytes,
                                         absl::string_view content_id,
                                         absl::string_view tenant) {
  return Scan(channel, MessagesOf<v1::UploadRequest>(
                           HeaderOf(content_id, tenant), bytes));
}

absl::StatusOr<std::string> SubmitBytes(const ChannelPtr& channel,
                                        const std::string& bytes,
                                        absl::string_view content_id,
                                        absl::string_view tenant) {
  return Submit(channel, MessagesOf<v1::UploadRequest>(
                             HeaderOf(content_id, tenant), bytes));
}

absl::StatusOr<v1::PublishReply> PublishFootage(const ChannelPtr& channel,
                                                absl::string_view list_id,
                                                absl::string_view entry_id,
                                                const std::string& bytes) {
  v1::PublishHeader header;
  header.set_list_id(std::string(list_id));
  header.set_entry_id(std::string(entry_id));
  header.set_severity(v1::SEVERITY_CONFIRMED);
  header.set_format(v1::PublishHeader::FORMAT_FOOTAGE);
  header.set_create_list(true);
  header.set_issuer("a test");
  return Publish(channel, MessagesOf<v1::PublishRequest>(header, bytes));
}

}  // namespace lenscap
