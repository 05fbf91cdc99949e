#include "services/report_service.h"

#include <deque>
#include <functional>
#include <iterator>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/admit.h"

namespace lenscap {
namespace {

// Sends what `more` gives, batch by batch, until a batch is empty.
template <typename Message>
class BatchReactor final : public PullReactor<Message> {
 public:
  using More = std::function<absl::StatusOr<std::vector<Message>>()>;
  BatchReactor(CallRooms* calls, grpc::CallbackServerContext* context,
               const char* method, Caller caller, More more)
      : PullReactor<Message>(calls, context, method, std::move(caller)),
        more_(std::move(more)) {}

 private:
  using Pulled = typename PullReactor<Message>::Pulled;

  absl::StatusOr<Pulled> Pull() override {
    if (messages_.empty()) {
      ASSIGN_OR_RETURN(std::vector<Message> batch, more_());
      messages_.assign(std::make_move_iterator(batch.begin()),
                       std::make_move_iterator(batch.end()));
    }
    if (messages_.empty()) return Pulled{std::nullopt, /*last=*/true};
    Pulled pulled{std::move(messages_.front()), /*last=*/false};
    messages_.pop_front();
    return pulled;
  }

  const More more_;
  std::deque<Message> messages_;
};

template <typename Message>
grpc::ServerWriteReactor<Message>* SendBatches(
    CallRooms* calls, grpc::CallbackServerContext* context, const char* method,
    const Caller& caller, typename BatchReactor<Message>::More more) {
  auto* const reactor = new BatchReactor<Message>(calls, context, method,
                                                  caller, std::move(more));
  reactor->Wake();
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* ReportService::Campaign(
    grpc::CallbackServerContext* context, const v1::CampaignRequest* request,
    v1::CampaignReport* reply) {
  return RunUnary(context, calls_, "lenscap.v1.ReportService.Campaign", reply,
                  [this, request](const Caller& caller) {
                    return CountCampaign(rooms_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* ReportService::Compliance(
    grpc::CallbackServerContext* context, const v1::ComplianceRequest* request,
    v1::ComplianceReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.ReportService.Compliance", reply,
                  [this, request](const Caller& caller) {
                    return CountCompliance(rooms_, caller, *request);
                  });
}

grpc::ServerWriteReactor<v1::StatementOfReasons>* ReportService::Statements(
    grpc::CallbackServerContext* context,
    const v1::StatementsRequest* request) {
  using Statement = v1::StatementOfReasons;
  static constexpr char kMethod[] = "lenscap.v1.ReportService.Statements";
  return Admitted<grpc::ServerWriteReactor<Statement>>(
      context, calls_->sign_in, kMethod, [&](const Caller& caller) {
        return SendBatches<Statement>(
            calls_, context, kMethod, caller,
            [this, caller, asked = *request,
             done = false]() mutable -> absl::StatusOr<std::vector<Statement>> {
              if (std::exchange(done, true)) return std::vector<Statement>();
              return ListStatements(rooms_, caller, asked);
            });
      });
}

grpc::ServerWriteReactor<v1::AuditRecord>* ReportService::Audit(
    grpc::CallbackServerContext* context, const v1::AuditRequest* request) {
  using Record = v1::AuditRecord;
  static constexpr char kMethod[] = "lenscap.v1.ReportService.Audit";
  return Admitted<grpc::ServerWriteReactor<Record>>(
      context, calls_->sign_in, kMethod, [&](const Caller& caller) {
        return SendBatches<Record>(
            calls_, context, kMethod, caller,
            [this, after = request->after_sequence()]() mutable
            -> absl::StatusOr<std::vector<Record>> {
              ASSIGN_OR_RETURN(auto records, ReadAudit(rooms_, after));
              if (!records.empty()) after = records.back().sequence();
              return records;
            });
      });
}

grpc::ServerUnaryReactor* ReportService::Checkpoint(
    grpc::CallbackServerContext* context, const v1::CheckpointRequest*,
    v1::AuditCheckpoint* reply) {
  return RunUnary(
      context, calls_, "lenscap.v1.ReportService.Checkpoint", reply,
      [this](const Caller&) { return rooms_.checkpointer->Make(); });
}

}  // namespace lenscap
