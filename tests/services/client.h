#ifndef LENSCAP_TESTS_SERVICES_CLIENT_H_
#define LENSCAP_TESTS_SERVICES_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "proto/lenscap/v1/hash_list.grpc.pb.h"
#include "proto/lenscap/v1/scan.grpc.pb.h"
#include "proto/lenscap/v1/takedown.grpc.pb.h"

namespace lenscap {

// A context whose call ends after a minute, so that no test hangs for ever.
std::unique_ptr<grpc::ClientContext> NewContext();

// The messages that upload `bytes`: the header, and chunks with checksums.
template <typename Request, typename Header>
std::vector<Request> MessagesOf(const Header& header, const std::string& bytes,
                                size_t chunk_bytes = 256 << 10) {
  std::vector<Request> messages(1);
  *messages.back().mutable_header() = header;
  for (size_t offset = 0; offset < bytes.size(); offset += chunk_bytes) {
    auto& chunk = *messages.emplace_back().mutable_chunk();
    chunk.set_offset(static_cast<int64_t>(offset));
    chunk.set_data(bytes.substr(offset, chunk_bytes));
  }
  return messages;
}

// One whole call each, with what the server answered.
using ChannelPtr = std::shared_ptr<grpc::Channel>;
absl::StatusOr<v1::ScanReport> Scan(
    const ChannelPtr& channel, const std::vector<v1::UploadRequest>& messages,
    std::vector<v1::Progress>* progress = nullptr);
absl::StatusOr<std::string> Submit(
    const ChannelPtr& channel, const std::vector<v1::UploadRequest>& messages);
absl::StatusOr<v1::PublishReply> Publish(
    const ChannelPtr& channel, const std::vector<v1::PublishRequest>& messages);
// Every status that WatchScan sends, to the last.
absl::StatusOr<std::vector<v1::ScanStatus>> WatchScan(
    const ChannelPtr& channel, absl::string_view scan_id);
absl::StatusOr<std::vector<v1::ExportedEntry>> Export(
    const ChannelPtr& channel, absl::string_view list_id);
// The first `count` events after `after`.
absl::StatusOr<std::vector<v1::CaseEvent>> WatchCases(const ChannelPtr& channel,
                                                      uint64_t after,
                                                      size_t count);

// The shortest forms of the above.
absl::StatusOr<v1::ScanReport> ScanBytes(const ChannelPtr& channel,
                                         const std::string& bytes,
                                         absl::string_view content_id = "",
                                         absl::string_view tenant = "");
absl::StatusOr<std::string> SubmitBytes(const ChannelPtr& channel,
                                        const std::string& bytes,
                                        absl::string_view content_id = "",
                                        absl::string_view tenant = "");
// As a confirmed clip, in a list that is made if it is absent.
absl::StatusOr<v1::PublishReply> PublishFootage(const ChannelPtr& channel,
                                                absl::string_view list_id,
                                                absl::string_view entry_id,
                                                const std::string& bytes);

// The first reply, as bytes, to one message of bytes: for services whose protos
// gRPC keeps to itself, such as health and reflection.
absl::StatusOr<std::string> CallRaw(const ChannelPtr& channel,
                                    const std::string& method,
                                    const std::string& request);

// A unary call: Call(stub.get(), &Stub::GetCase, request).
template <typename Stub, typename Request, typename Reply>
absl::StatusOr<Reply> Call(Stub* stub,
                           grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                        const Request&, Reply*),
                           const Request& request) {
  Reply reply;
  const grpc::Status status =
      (stub->*method)(NewContext().get(), request, &reply);
  if (status.ok()) return reply;
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_CLIENT_H_
