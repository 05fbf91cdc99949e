// A caller that sends faster than the server can store is held back, and the
// server's memory does not grow by what it has sent.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/metrics.h"
#include "services/reactors.h"
#include "services/scan_service.h"
#include "tests/services/client.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

constexpr size_t kChunkBytes = 1 << 20;
constexpr int kChunks = 256;
// What may be under way between a caller and the disk: the message that is
// being stored, and gRPC's windows on both sides.
constexpr int kChunksUnderWay = 8;

// Stores nothing until it is told to: its only thread for requests is taken.
class SlowServer {
 public:
  SlowServer() {
    calls_.requests = &requests_;
    calls_.scans = &scans_;
    calls_.watchdog = &watchdog_;
    calls_.metrics = &rooms_.metrics;
    calls_.sign_in = &rooms_.sign_in;
    EXPECT_TRUE(requests_.Schedule([this] { let_go_.get_future().wait(); }));
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(&service_);
    LimitReceiving(builder);
    server_ = builder.BuildAndStart();
  }
  ~SlowServer() {
    server_->Shutdown(std::chrono::system_clock::now());
    requests_.Stop();
    scans_.Stop();
  }
  void LetGo() { let_go_.set_value(); }
  std::shared_ptr<grpc::Channel> Connect() {
    return grpc::CreateChannel("127.0.0.1:" + std::to_string(port_),
                               grpc::InsecureChannelCredentials());
  }
  int64_t stored() const { return rooms_.spool.bytes(); }

 private:
  Rooms rooms_;
  Watchdog watchdog_{&rooms_.clock};
  Tenants tenants_{{.limits = {}, .clock = &rooms_.clock}};
  std::promise<void> let_go_;
  WorkerPool requests_{1, 100};
  WorkerPool scans_{1, 100};
  CallRooms calls_;
  ScanService service_{&calls_,
                       {.spool = &rooms_.spool,
                        .jobs = nullptr,
                        .screener = nullptr,
                        .admission = &rooms_.admission,
                        .tenants = &tenants_,
                        .max_bytes = int64_t{1} << 40},
                       &rooms_.news};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST(BackPressureTest, ACallerIsHeldBackWhileNothingCanBeStored) {
  SlowServer server;
  grpc::ClientContext context;
  // How long the caller tries; if it is short the test only sees less.
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(2));
  const auto stub = v1::ScanService::NewStub(server.Connect());
  const auto stream = stub->Scan(&context);
  v1::UploadRequest header;
  header.mutable_header();
  ASSERT_TRUE(stream->Write(header));
  v1::UploadRequest request;
  request.mutable_chunk()->set_data(std::string(kChunkBytes, 'x'));
  int sent = 0;
  while (sent < kChunks && stream->Write(request)) ++sent;
  RecordProperty("chunks_sent", sent);
  EXPECT_LE(sent, kChunksUnderWay);
  EXPECT_EQ(server.stored(), 0);
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  server.LetGo();
}

TEST(BackPressureTest, ACallerGoesOnOnceThereIsRoom) {
  SlowServer server;
  const auto context = NewContext();
  const auto stub = v1::ScanService::NewStub(server.Connect());
  const auto stream = stub->Scan(context.get());
  v1::UploadRequest request;
  request.mutable_header();
  ASSERT_TRUE(stream->Write(request));
  server.LetGo();
  int64_t most = 0;
  for (int i = 0; i < kChunks; ++i) {
    request.mutable_chunk()->set_offset(static_cast<int64_t>(i * kChunkBytes));
    request.mutable_chunk()->set_data(std::string(kChunkBytes, 'x'));
    ASSERT_TRUE(stream->Write(request));
    const int64_t under_way =
        static_cast<int64_t>((i + 1) * kChunkBytes) - server.stored();
    most = std::max(most, under_way);
  }
  RecordProperty("most_bytes_under_way", std::to_string(most));
  EXPECT_LE(most, static_cast<int64_t>(kChunksUnderWay * kChunkBytes));
  context->TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace lenscap
