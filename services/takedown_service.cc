#include "services/takedown_service.h"

#include <deque>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/takedown_handler.h"

namespace lenscap {
namespace {

// The reply to a change, once the change is on record.
template <typename Reply>
absl::StatusOr<Reply> Audited(Auditor& auditor, absl::StatusOr<Reply> reply) {
  if (reply.ok()) RETURN_IF_ERROR(auditor.CatchUpCases());
  return reply;
}

absl::StatusOr<v1::Case> ViewCase(const TakedownQueue& cases, Auditor& auditor,
                                  const Caller& caller,
                                  const v1::GetCaseRequest& request) {
  ASSIGN_OR_RETURN(v1::Case viewed, GetCase(cases, request));
  RETURN_IF_ERROR(
      auditor.Record({.actor = ActorOf(caller),
                      .action = "case.view",
                      .subject = absl::StrCat("case/", viewed.case_id())}));
  return viewed;
}

class CaseWatchReactor final : public PullReactor<v1::CaseEvent> {
 public:
  static constexpr char kMethod[] = "lenscap.v1.TakedownService.Watch";

  CaseWatchReactor(CallRooms* calls, const TakedownQueue* cases, Notifier* news,
                   grpc::CallbackServerContext* context, Caller caller,
                   uint64_t after)
      : PullReactor(calls, context, kMethod, std::move(caller)),
        cases_(cases),
        news_(news),
        after_(after),
        subscription_(news->Subscribe(kCaseNews, [this] { Wake(); })) {}
  ~CaseWatchReactor() override { news_->Unsubscribe(kCaseNews, subscription_); }

 private:
  static constexpr int kBatch = 100;

  absl::StatusOr<Pulled> Pull() override {
    if (events_.empty()) {
      ASSIGN_OR_RETURN(std::vector<v1::CaseEvent> events,
                       cases_->Events(after_, kBatch, absl::ZeroDuration()));
      events_.assign(std::make_move_iterator(events.begin()),
                     std::make_move_iterator(events.end()));
    }
    while (!events_.empty()) {
      Pulled pulled = {std::move(events_.front()), /*last=*/false};
      events_.pop_front();
      after_ = pulled.message->sequence();
      ASSIGN_OR_RETURN(const bool seen, Sees(*pulled.message));
      if (seen) return pulled;
    }
    return Pulled();
  }

  // A platform with a tenant hears of the cases of that one alone, while they
  // are kept.
  absl::StatusOr<bool> Sees(const v1::CaseEvent& event) const {
    if (caller_.tenant.empty()) return true;
    const absl::StatusOr<v1::Case> told = cases_->Get(event.case_id());
    if (absl::IsNotFound(told.status())) return false;
    RETURN_IF_ERROR(told.status());
    return SeesUploadsOf(caller_, told->tenant());
  }

  const TakedownQueue* const cases_;
  Notifier* const news_;
  uint64_t after_;
  std::deque<v1::CaseEvent> events_;
  const uint64_t subscription_;
};

}  // namespace

grpc::ServerUnaryReactor* TakedownService::Lease(
    grpc::CallbackServerContext* context, const v1::LeaseRequest* request,
    v1::LeaseReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.Lease", reply,
                  [this, request](const Caller& caller) {
                    return LeaseCases(*cases_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* TakedownService::Extend(
    grpc::CallbackServerContext* context, const v1::ExtendRequest* request,
    v1::ExtendReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.Extend", reply,
                  [this, request](const Caller& caller) {
                    return ExtendLease(*cases_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* TakedownService::Release(
    grpc::CallbackServerContext* context, const v1::ReleaseRequest* request,
    v1::ReleaseReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.Release", reply,
                  [this, request](const Caller& caller) {
                    return ReleaseLease(*cases_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* TakedownService::Decide(
    grpc::CallbackServerContext* context, const v1::DecideRequest* request,
    v1::DecideReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.Decide", reply,
                  [this, request](const Caller& caller) {
                    auto decided = DecideCase(*cases_, caller, *request);
                    news_->Notify(kCaseNews);
                    return Audited(*auditor_, std::move(decided));
                  });
}

grpc::ServerUnaryReactor* TakedownService::Appeal(
    grpc::CallbackServerContext* context, const v1::AppealRequest* request,
    v1::AppealReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.Appeal", reply,
                  [this, request](const Caller& caller) {
                    auto appealed = AppealCase(*cases_, caller, *request);
                    news_->Notify(kCaseNews);
                    return Audited(*auditor_, std::move(appealed));
                  });
}

grpc::ServerUnaryReactor* TakedownService::GetCase(
    grpc::CallbackServerContext* context, const v1::GetCaseRequest* request,
    v1::Case* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.GetCase", reply,
                  [this, request](const Caller& caller) {
                    return ViewCase(*cases_, *auditor_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* TakedownService::ListCases(
    grpc::CallbackServerContext* context, const v1::ListCasesRequest* request,
    v1::ListCasesReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.ListCases",
                  reply, [this, request](const Caller&) {
                    return lenscap::ListCases(*cases_, *request);
                  });
}

grpc::ServerWriteReactor<v1::CaseEvent>* TakedownService::Watch(
    grpc::CallbackServerContext* context, const v1::WatchRequest* request) {
  return Admitted<grpc::ServerWriteReactor<v1::CaseEvent>>(
      context, calls_->sign_in, CaseWatchReactor::kMethod,
      [&](const Caller& caller) {
        auto* const reactor = new CaseWatchReactor(
            calls_, cases_, news_, context, caller, request->after_sequence());
        reactor->Wake();
        return reactor;
      });
}

grpc::ServerUnaryReactor* TakedownService::Stats(
    grpc::CallbackServerContext* context, const v1::StatsRequest*,
    v1::StatsReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.Stats", reply,
                  [this](const Caller&) { return cases_->Stats(); });
}

}  // namespace lenscap
