#include "services/outcomes.h"

#include <chrono>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/log.h"
#include "services/proto_time.h"

namespace lenscap {
namespace {

constexpr std::chrono::seconds kTick(1);
constexpr int kHoldBatch = 100;

DueHold ToDueHold(const takedown::HeldUpload& held) {
  DueHold due;
  due.id = held.hold_id();
  due.tenant = held.tenant();
  due.upload.set_content_id(held.content_id());
  due.upload.set_account(held.account());
  due.upload.set_group(held.group());
  due.fallback = held.fallback();
  due.deadline = FromProto(held.deadline());
  return due;
}

// What is due, with the case that the upload is in, where it is in one.
DueHolds DueHoldsOf(HeldUploads* holds, const TakedownQueue* cases) {
  if (holds == nullptr) return {};
  DueHolds source;
  source.due = [holds,
                cases](absl::Time) -> absl::StatusOr<std::vector<DueHold>> {
    ASSIGN_OR_RETURN(const auto held, holds->Due(kHoldBatch));
    std::vector<DueHold> due;
    for (const takedown::HeldUpload& one : held) {
      due.push_back(ToDueHold(one));
      const auto upload = cases->Upload(one.content_id());
      if (upload.ok()) due.back().case_id = upload->case_id();
    }
    return due;
  };
  source.told = [holds](const DueHold& hold) { return holds->Told(hold.id); };
  return source;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Outcomes>> Outcomes::Open(Options options) {
  std::unique_ptr<Outcomes> outcomes(new Outcomes(std::move(options)));
  const Options& kept = outcomes->options_;
  ASSIGN_OR_RETURN(outcomes->log_,
                   OutcomeLog::Open(kept.directory, kept.clock));
  outcomes->feed_ = std::make_unique<OutcomeFeed>(
      kept.cases, outcomes->log_.get(), DueHoldsOf(kept.holds, kept.cases),
      kept.clock);
  ASSIGN_OR_RETURN(outcomes->webhooks_,
                   Webhooks::Open({.directory = kept.webhooks,
                                   .log = outcomes->log_.get(),
                                   .sender = kept.sender,
                                   .count = kept.count,
                                   .clock = kept.clock}));
  return outcomes;
}

void Outcomes::Start() {
  webhooks_->Start();
  ticker_ = std::make_unique<Ticker>(kTick, [this] {
    if (const absl::Status caught_up = CatchUp(); !caught_up.ok()) {
      Log(LogSeverity::kError, "outcomes_failed",
          {{"error", caught_up.ToString()}});
    }
  });
}

void Outcomes::Stop() {
  ticker_ = nullptr;
  if (webhooks_ != nullptr) webhooks_->Stop();
}

// What failed on one way does not keep the other from going on.
absl::Status Outcomes::CatchUp() {
  const absl::StatusOr<bool> told = feed_->CatchUp();
  absl::Status status = told.status();
  status.Update(webhooks_->CatchUp());
  if (told.ok() && *told && options_.news != nullptr) {
    options_.news->Notify(kOutcomeNews);
  }
  return status;
}

absl::Status Outcomes::Purge() {
  const absl::Time before = options_.clock->Now() - options_.keep;
  absl::Status status = log_->Purge(before);
  status.Update(webhooks_->Purge(before));
  return status;
}

}  // namespace lenscap
