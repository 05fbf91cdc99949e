#include "services/listing_service.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "services/listing_batch.h"
#include "services/turn_of_work.h"

namespace lenscap {
namespace {

constexpr char kStreamMethod[] = "lenscap.v1.ListingService.ReviewStream";

// A call with one answer. Deletes itself.
class WorkReactor final : public grpc::ServerUnaryReactor {
 public:
  WorkReactor(CallRooms* rooms, grpc::CallbackServerContext* context,
              std::unique_ptr<ListingWork> work)
      : rooms_(rooms),
        context_(context),
        work_(std::move(work)),
        turn_(rooms->scans) {}
  ~WorkReactor() override { cancellation_->SetHook(nullptr); }

  // Right after construction.
  void Start() {
    rooms_->watchdog->Limit(cancellation_, rooms_->deadline);
    cancellation_->SetHook([this] { EndIfWaiting(); });
    if (!rooms_->requests->Schedule([this] { Begin(); })) End(TooBusy());
  }
  void OnCancel() override { cancellation_->Cancel(Gone()); }
  void OnDone() override {
    mutex_.lock();  // Whoever ended the call may not have left End yet.
    mutex_.unlock();
    delete this;
  }

 private:
  void Begin() {
    const absl::Status begun = work_->Begin();
    if (!begun.ok()) return End(begun);
    const std::optional<std::string> turn = work_->turn();
    if (!turn) return Run();
    if (!turn_.Schedule(*turn, [this] { Run(); })) return End(TooBusy());
    if (cancellation_->cancelled()) EndIfWaiting();
  }
  void Run() { End(work_->Run(*cancellation_)); }
  void EndIfWaiting() {
    if (turn_.TakeBack()) End(cancellation_->status());
  }
  // The object may be gone when it returns.
  void End(const absl::Status& status) {
    std::lock_guard lock(mutex_);
    work_.reset();  // Its places are free before the caller hears the end.
    Finish(EndStatus(status, rooms_->metrics, context_));
  }

  CallRooms* const rooms_;
  grpc::CallbackServerContext* const context_;
  std::unique_ptr<ListingWork> work_;
  const std::shared_ptr<Cancellation> cancellation_ =
      std::make_shared<Cancellation>();
  TurnOfWork turn_;
  std::mutex mutex_;
};

grpc::ServerUnaryReactor* RunWork(CallRooms* rooms,
                                  grpc::CallbackServerContext* context,
                                  std::unique_ptr<ListingWork> work) {
  auto* const reactor = new WorkReactor(rooms, context, std::move(work));
  reactor->Start();
  return reactor;
}

// Listings that come one by one: the next is read when the one before was
// answered and gRPC has taken the answer, so that flow control holds the caller
// back. Each has a deadline of its own. Deletes itself.
class StreamReactor final
    : public grpc::ServerBidiReactor<v1::ReviewListingRequest,
                                     v1::ReviewResult> {
 public:
  StreamReactor(CallRooms* calls, const ListingRooms* rooms,
                grpc::CallbackServerContext* context)
      : calls_(calls), rooms_(rooms), context_(context), turn_(calls->scans) {}
  ~StreamReactor() override { current_->SetHook(nullptr); }

  // Right after construction.
  void Start() { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    if (!ok) return End(absl::OkStatus());
    if (!calls_->requests->Schedule([this] { Begin(); })) {
      Answer(TooBusy());
    }
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return End(Gone());
    if (calls_->stopping) {
      return End(absl::UnavailableError("the server is shutting down"));
    }
    StartRead(&request_);
  }
  void OnCancel() override {
    gone_ = true;
    Current()->Cancel(Gone());
  }
  void OnDone() override {
    mutex_.lock();  // Whoever ended the call may not have left End yet.
    mutex_.unlock();
    delete this;
  }

 private:
  std::shared_ptr<Cancellation> Current() {
    std::lock_guard lock(current_mutex_);
    return current_;
  }

  void Begin() {
    // Its token may have ended meanwhile.
    const absl::StatusOr<Caller> caller =
        Admit(context_, calls_->sign_in, kStreamMethod);
    if (!caller.ok()) return End(caller.status());
    const auto cancellation = std::make_shared<Cancellation>();
    Current()->SetHook(nullptr);  // The one before may have a deadline still.
    {
      std::lock_guard lock(current_mutex_);
      current_ = cancellation;
    }
    if (gone_) return End(Gone());
    calls_->watchdog->Limit(cancellation, calls_->deadline);
    cancellation->SetHook([this] { AnswerIfWaiting(); });
    review_.emplace(rooms_, *caller);
    if (const absl::Status begun = review_->Begin(request_); !begun.ok()) {
      return Answer(begun);
    }
    if (!review_->decodes()) return Run();
    if (!turn_.Schedule(review_->turn_key(), [this] { Run(); })) {
      return Answer(TooBusy());
    }
    if (cancellation->cancelled()) AnswerIfWaiting();
  }
  void Run() { Answer(review_->Review(*Current())); }
  void AnswerIfWaiting() {
    if (turn_.TakeBack()) Answer(Current()->status());
  }

  void Answer(absl::StatusOr<v1::ListingReport> report) {
    if (gone_) return End(Gone());
    if (const std::string limit = LimitOf(report.status()); !limit.empty()) {
      calls_->metrics->CountRefusal(limit);
    }
    review_.reset();
    result_ = ResultOf(request_, std::move(report));
    StartWrite(&result_);
  }
  // The object may be gone when it returns.
  void End(const absl::Status& status) {
    std::lock_guard lock(mutex_);
    Finish(EndStatus(gone_ ? Gone() : status, calls_->metrics, context_));
  }

  CallRooms* const calls_;
  const ListingRooms* const rooms_;
  grpc::CallbackServerContext* const context_;
  TurnOfWork turn_;
  std::atomic<bool> gone_ = false;
  v1::ReviewListingRequest request_;
  v1::ReviewResult result_;
  std::optional<ListingReview> review_;
  std::mutex current_mutex_;
  // Of the listing that is reviewed; guarded by current_mutex_.
  std::shared_ptr<Cancellation> current_ = std::make_shared<Cancellation>();
  std::mutex mutex_;
};

}  // namespace

grpc::ServerUnaryReactor* ListingService::Review(
    grpc::CallbackServerContext* context,
    const v1::ReviewListingRequest* request, v1::ListingReport* reply) {
  return Admitted<grpc::ServerUnaryReactor>(
      context, calls_->sign_in, "lenscap.v1.ListingService.Review",
      [&](const Caller& caller) {
        return RunWork(
            calls_, context,
            std::make_unique<OneListing>(&rooms_, caller, request, reply));
      });
}

grpc::ServerUnaryReactor* ListingService::ReviewBatch(
    grpc::CallbackServerContext* context, const v1::ReviewBatchRequest* request,
    v1::ReviewBatchReply* reply) {
  return Admitted<grpc::ServerUnaryReactor>(
      context, calls_->sign_in, "lenscap.v1.ListingService.ReviewBatch",
      [&](const Caller& caller) {
        return RunWork(
            calls_, context,
            std::make_unique<ManyListings>(&rooms_, caller, request, reply));
      });
}

grpc::ServerBidiReactor<v1::ReviewListingRequest, v1::ReviewResult>*
ListingService::ReviewStream(grpc::CallbackServerContext* context) {
  return Admitted<
      grpc::ServerBidiReactor<v1::ReviewListingRequest, v1::ReviewResult>>(
      context, calls_->sign_in, kStreamMethod, [&](const Caller&) {
        auto* const reactor = new StreamReactor(calls_, &rooms_, context);
        reactor->Start();
        return reactor;
      });
}

grpc::ServerUnaryReactor* ListingService::Explain(
    grpc::CallbackServerContext* context,
    const v1::ReviewListingRequest* request, v1::ListingReport* reply) {
  return RunUnary(context, calls_, "lenscap.v1.ListingService.Explain", reply,
                  [this, request](const Caller&) {
                    return ExplainListing(rooms_, *request);
                  });
}

grpc::ServerUnaryReactor* ListingService::PublishRulePack(
    grpc::CallbackServerContext* context,
    const v1::PublishRulePackRequest* request, v1::RulePack* reply) {
  return RunUnary(context, calls_, "lenscap.v1.ListingService.PublishRulePack",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::PublishRulePack(packs_, caller, *request);
                  });
}

grpc::ServerUnaryReactor* ListingService::ListRulePacks(
    grpc::CallbackServerContext* context, const v1::ListRulePacksRequest*,
    v1::ListRulePacksReply* reply) {
  return RunUnary(
      context, calls_, "lenscap.v1.ListingService.ListRulePacks", reply,
      [this](const Caller&) -> absl::StatusOr<v1::ListRulePacksReply> {
        return lenscap::ListRulePacks(packs_);
      });
}

grpc::ServerUnaryReactor* ListingService::SetRuleMode(
    grpc::CallbackServerContext* context, const v1::SetRuleModeRequest* request,
    v1::RulePack* reply) {
  return RunUnary(context, calls_, "lenscap.v1.ListingService.SetRuleMode",
                  reply, [this, request](const Caller& caller) {
                    return lenscap::SetRuleMode(packs_, caller, *request);
                  });
}

}  // namespace lenscap
