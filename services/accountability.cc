#include "services/accountability.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/log.h"

namespace lenscap {
namespace {

constexpr std::chrono::seconds kTick(1);

void LogError(const char* event, const absl::Status& status) {
  if (status.ok()) return;
  Log(LogSeverity::kError, event, {{"error", status.ToString()}});
}

}  // namespace

Accountability::Accountability(Options options, std::unique_ptr<AuditLog> log,
                               std::unique_ptr<Checkpointer> checkpointer)
    : options_(std::move(options)),
      log_(std::move(log)),
      checkpointer_(std::move(checkpointer)),
      auditor_(log_.get(), options_.cases, options_.lists),
      redecision_(options_.cases, options_.lists, options_.clock) {}

absl::StatusOr<std::unique_ptr<Accountability>> Accountability::Open(
    Options options) {
  ASSIGN_OR_RETURN(auto log, AuditLog::Open({.directory = options.directory,
                                             .clock = options.clock}));
  if (log->dropped_cut_line()) {
    Log(LogSeverity::kWarning, "audit_line_dropped",
        {{"because", "a crash cut it short; it was never acknowledged"}});
  }
  ASSIGN_OR_RETURN(
      auto checkpointer,
      Checkpointer::Open(options.directory, log.get(), options.clock));
  std::unique_ptr<Accountability> opened(new Accountability(
      std::move(options), std::move(log), std::move(checkpointer)));
  RETURN_IF_ERROR(opened->auditor_.CatchUp());
  return opened;
}

void Accountability::Start() {
  ticker_ = std::make_unique<Ticker>(kTick, [this] { Tick(); });
}

void Accountability::Stop() {
  if (ticker_ == nullptr) return;
  ticker_ = nullptr;
  LogError("audit_failed", auditor_.CatchUp());
  LogError("checkpoint_failed", checkpointer_->MakeIfNew());
}

void Accountability::Tick() {
  const auto done = redecision_.RunIfDue();
  LogError("redecision_failed", done.status());
  if (done.ok() && done->marked + done->reopened > 0) {
    Log(LogSeverity::kInfo, "cases_lost_basis",
        {{"marked", absl::StrCat(done->marked)},
         {"reopened", absl::StrCat(done->reopened)}});
    options_.news->Notify(kCaseNews);
  }
  LogError("audit_failed", auditor_.CatchUp());
  LogError("checkpoint_failed", checkpointer_->MakeIfDue());
}

}  // namespace lenscap
