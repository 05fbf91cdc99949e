#include "services/takedown_service.h"

#include <deque>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/takedown_handler.h"
#include "services/takedown_read_handler.h"

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
  ASSIGN_OR_RETURN(v1::Case viewed, GetCase(cases, caller, request));
  RETURN_IF_ERROR(
      auditor.Record({.actor = ActorOf(caller),
                      .action = "case.view",
                      .subject = absl::StrCat("case/", viewed.case_id())}));
  return viewed;
}

// The reply to a look or to a change that no event tells of, once it is on
// record.
template <typename Reply>
absl::StatusOr<Reply> Recorded(Auditor& auditor, const Caller& caller,
                               absl::string_view action,
                               absl::string_view subject,
                               absl::string_view reason,
                               absl::StatusOr<Reply> reply) {
  if (reply.ok()) {
    RETURN_IF_ERROR(auditor.Record({.actor = ActorOf(caller),
                                    .action = std::string(action),
                                    .subject = std::string(subject),
                                    .reason = std::string(reason)}));
  }
  return reply;
}

std::string CaseSubject(absl::string_view case_id) {
  return absl::StrCat("case/", case_id);
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
  return RunUnary(
      context, calls_, "lenscap.v1.TakedownService.Decide", reply,
      [this, request](const Caller& caller) -> absl::StatusOr<v1::DecideReply> {
        auto decided = DecideCase(*cases_, caller, *request);
        news_->Notify(kCaseNews);
        if (decided.ok()) {
          RETURN_IF_ERROR(RecordReview(review_, caller, *decided));
        }
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
                  reply, [this, request](const Caller& caller) {
                    return lenscap::ListCases(*cases_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* TakedownService::ListClaims(
    grpc::CallbackServerContext* context, const v1::ListClaimsRequest* request,
    v1::LeaseReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.ListClaims",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::ListClaims(*cases_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* TakedownService::Undo(
    grpc::CallbackServerContext* context, const v1::UndoRequest* request,
    v1::UndoReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.Undo", reply,
                  [this, request](const Caller& caller) {
                    auto undone = UndoDecision(*cases_, caller, *request);
                    news_->Notify(kCaseNews);
                    return Audited(*auditor_, std::move(undone));
                  });
}

grpc::ServerUnaryReactor* TakedownService::Hold(
    grpc::CallbackServerContext* context, const v1::HoldRequest* request,
    v1::HoldReply* reply) {
  return RunUnary(
      context, calls_, "lenscap.v1.TakedownService.Hold", reply,
      [this, request](const Caller& caller) {
        auto held = HoldCase(*cases_, caller, *request);
        const std::string id = held.ok() ? held->case_().case_id() : "";
        return Recorded(*auditor_, caller, "case.hold", CaseSubject(id),
                        request->reason(), std::move(held));
      });
}

grpc::ServerUnaryReactor* TakedownService::Escalate(
    grpc::CallbackServerContext* context, const v1::EscalateRequest* request,
    v1::EscalateReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.Escalate", reply,
                  [this, request](const Caller& caller) {
                    auto escalated = EscalateCase(*cases_, caller, *request);
                    news_->Notify(kCaseNews);
                    return Audited(*auditor_, std::move(escalated));
                  });
}

grpc::ServerUnaryReactor* TakedownService::Reassign(
    grpc::CallbackServerContext* context, const v1::ReassignRequest* request,
    v1::ReassignReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.Reassign", reply,
                  [this, request](const Caller& caller) {
                    return Recorded(*auditor_, caller, "case.reassign",
                                    CaseSubject(request->case_id()),
                                    absl::StrCat("to ",
                                                 request->reviewer().empty()
                                                     ? "anybody"
                                                     : request->reviewer(),
                                                 ": ", request->reason()),
                                    ReassignCase(*cases_, caller, *request));
                  });
}

grpc::ServerUnaryReactor* TakedownService::ListUploads(
    grpc::CallbackServerContext* context, const v1::ListUploadsRequest* request,
    v1::ListUploadsReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.ListUploads",
                  reply, [this, request](const Caller& caller) {
                    return Recorded(
                        *auditor_, caller, "case.list_uploads",
                        CaseSubject(request->case_id()), "",
                        lenscap::ListUploads(*cases_, caller, *request));
                  });
}

grpc::ServerUnaryReactor* TakedownService::GetAccount(
    grpc::CallbackServerContext* context, const v1::GetAccountRequest* request,
    v1::History* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.GetAccount",
                  reply, [this, request](const Caller& caller) {
                    return Recorded(
                        *auditor_, caller, "account.view",
                        absl::StrCat("account/", request->tenant(), "/",
                                     request->account()),
                        "", lenscap::GetAccount(*cases_, caller, *request));
                  });
}

grpc::ServerUnaryReactor* TakedownService::GetGroup(
    grpc::CallbackServerContext* context, const v1::GetGroupRequest* request,
    v1::History* reply) {
  return RunUnary(
      context, calls_, "lenscap.v1.TakedownService.GetGroup", reply,
      [this, request](const Caller& caller) {
        return Recorded(
            *auditor_, caller, "group.view",
            absl::StrCat("group/", request->tenant(), "/", request->group()),
            "", lenscap::GetGroup(*cases_, caller, *request));
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
  return RunUnary(
      context, calls_, "lenscap.v1.TakedownService.Stats", reply,
      [this](const Caller& caller) { return QueueStatsFor(*cases_, caller); });
}

grpc::ServerUnaryReactor* TakedownService::Trends(
    grpc::CallbackServerContext* context, const v1::TrendsRequest* request,
    v1::TrendsReply* reply) {
  return RunUnary(
      context, calls_, "lenscap.v1.TakedownService.Trends", reply,
      [this, request](const Caller&) { return ReadTrends(review_, *request); });
}

grpc::ServerUnaryReactor* TakedownService::AddGolden(
    grpc::CallbackServerContext* context, const v1::AddGoldenRequest* request,
    v1::GoldenCase* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.AddGolden",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::AddGolden(review_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* TakedownService::ListGolden(
    grpc::CallbackServerContext* context, const v1::ListGoldenRequest*,
    v1::ListGoldenReply* reply) {
  return RunUnary(
      context, calls_, "lenscap.v1.TakedownService.ListGolden", reply,
      [this](const Caller&) { return lenscap::ListGolden(review_); });
}

grpc::ServerUnaryReactor* TakedownService::RemoveGolden(
    grpc::CallbackServerContext* context,
    const v1::RemoveGoldenRequest* request, v1::GoldenCase* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.RemoveGolden",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::RemoveGolden(review_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* TakedownService::ReviewerStats(
    grpc::CallbackServerContext* context,
    const v1::ReviewerStatsRequest* request, v1::ReviewerStatsReply* reply) {
  return RunUnary(context, calls_, "lenscap.v1.TakedownService.ReviewerStats",
                  reply, [this, request](const Caller&) {
                    return CountReviewers(review_, *request);
                  });
}

}  // namespace lenscap
