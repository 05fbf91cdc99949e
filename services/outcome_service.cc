#include "services/outcome_service.h"

#include <deque>
#include <iterator>
#include <vector>

#include "base/status_macros.h"

namespace lenscap {
namespace {

class OutcomeWatchReactor final : public PullReactor<v1::Outcome> {
 public:
  static constexpr char kMethod[] = "lenscap.v1.OutcomeService.Watch";

  OutcomeWatchReactor(CallRooms* calls, const OutcomeLog* log, Notifier* news,
                      grpc::CallbackServerContext* context, Caller caller,
                      std::string after)
      : PullReactor(calls, context, kMethod, std::move(caller)),
        log_(log),
        news_(news),
        cursor_(std::move(after)),
        subscription_(news->Subscribe(kOutcomeNews, [this] { Wake(); })) {}
  ~OutcomeWatchReactor() override {
    news_->Unsubscribe(kOutcomeNews, subscription_);
  }

 private:
  static constexpr int kBatch = 100;

  // A caller with a tenant is told of that one's uploads alone. However many of
  // others come in between, a step reads one batch.
  absl::StatusOr<Pulled> Pull() override {
    if (outcomes_.empty()) {
      ASSIGN_OR_RETURN(const uint64_t after,
                       OutcomeLog::ParseCursor("after", cursor_));
      ASSIGN_OR_RETURN(std::vector<OutcomeLog::Numbered> read,
                       log_->Read(after, kBatch));
      if (read.empty()) return Pulled();
      outcomes_.assign(std::make_move_iterator(read.begin()),
                       std::make_move_iterator(read.end()));
    }
    while (!outcomes_.empty()) {
      Pulled pulled = {std::move(outcomes_.front().outcome), /*last=*/false};
      outcomes_.pop_front();
      cursor_ = pulled.message->cursor();
      if (SeesUploadsOf(caller_, pulled.message->tenant())) return pulled;
    }
    this->Wake();
    return Pulled();
  }

  const OutcomeLog* const log_;
  Notifier* const news_;
  std::string cursor_;
  std::deque<OutcomeLog::Numbered> outcomes_;
  const uint64_t subscription_;
};

}  // namespace

grpc::ServerWriteReactor<v1::Outcome>* OutcomeService::Watch(
    grpc::CallbackServerContext* context,
    const v1::WatchOutcomesRequest* request) {
  return Admitted<grpc::ServerWriteReactor<v1::Outcome>>(
      context, calls_->sign_in, OutcomeWatchReactor::kMethod,
      [&](const Caller& caller) {
        auto* const reactor = new OutcomeWatchReactor(
            calls_, log_, news_, context, caller, request->after());
        reactor->Wake();
        return reactor;
      });
}

grpc::ServerUnaryReactor* OutcomeService::GetUploadState(
    grpc::CallbackServerContext* context,
    const v1::GetUploadStateRequest* request, v1::UploadState* reply) {
  return RunUnary(context, calls_, "lenscap.v1.OutcomeService.GetUploadState",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::GetUploadState(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* OutcomeService::CreateEndpoint(
    grpc::CallbackServerContext* context,
    const v1::CreateEndpointRequest* request, v1::Endpoint* reply) {
  return RunUnary(context, calls_, "lenscap.v1.OutcomeService.CreateEndpoint",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::CreateEndpoint(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* OutcomeService::ListEndpoints(
    grpc::CallbackServerContext* context, const v1::ListEndpointsRequest*,
    v1::ListEndpointsReply* reply) {
  return RunUnary(
      context, calls_, "lenscap.v1.OutcomeService.ListEndpoints", reply,
      [this](const Caller& caller) -> absl::StatusOr<v1::ListEndpointsReply> {
        return lenscap::ListEndpoints(rooms_, caller);
      });
}

grpc::ServerUnaryReactor* OutcomeService::DeleteEndpoint(
    grpc::CallbackServerContext* context,
    const v1::DeleteEndpointRequest* request, v1::Endpoint* reply) {
  return RunUnary(context, calls_, "lenscap.v1.OutcomeService.DeleteEndpoint",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::DeleteEndpoint(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* OutcomeService::TestEndpoint(
    grpc::CallbackServerContext* context,
    const v1::TestEndpointRequest* request, v1::TestEndpointReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.OutcomeService.TestEndpoint",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::TestEndpoint(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* OutcomeService::ListDeliveries(
    grpc::CallbackServerContext* context,
    const v1::ListDeliveriesRequest* request, v1::ListDeliveriesReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.OutcomeService.ListDeliveries",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::ListDeliveries(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* OutcomeService::Replay(
    grpc::CallbackServerContext* context, const v1::ReplayRequest* request,
    v1::ReplayReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.OutcomeService.Replay", reply,
                  [this, request](const Caller& caller) {
                    return ReplayDeliveries(rooms_, caller, *request);
                  });
}

}  // namespace lenscap
