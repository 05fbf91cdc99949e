#include "services/cancellation.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

constexpr std::chrono::milliseconds kPause(200);

}  // namespace

void Cancellation::Cancel(absl::Status why) {
  {
    std::lock_guard lock(mutex_);
    if (flag_) return;
    why_ = std::move(why);
    flag_ = true;
  }
  std::lock_guard lock(hook_mutex_);
  if (const auto hook = std::exchange(hook_, nullptr)) hook();
}

absl::Status Cancellation::status() const {
  std::lock_guard lock(mutex_);
  return why_;
}

void Cancellation::SetHook(std::function<void()> hook) {
  std::lock_guard lock(hook_mutex_);
  if (flag_ && hook != nullptr) {
    hook();
  } else {
    hook_ = std::move(hook);
  }
}

Watchdog::Watchdog(const Clock* clock)
    : clock_(clock), ticker_(kPause, [this] { CancelOverdue(); }) {}

void Watchdog::Limit(const std::shared_ptr<Cancellation>& work,
                     absl::Duration limit) {
  std::lock_guard lock(mutex_);
  entries_.push_back({work, limit, clock_->Now() + limit});
}

std::vector<Watchdog::Entry> Watchdog::TakeOverdue() {
  std::lock_guard lock(mutex_);
  const absl::Time now = clock_->Now();
  std::erase_if(entries_, [](const Entry& e) { return e.work.expired(); });
  const auto overdue =
      std::partition(entries_.begin(), entries_.end(),
                     [now](const Entry& e) { return now < e.deadline; });
  std::vector<Entry> taken(overdue, entries_.end());
  entries_.erase(overdue, entries_.end());
  return taken;
}

void Watchdog::CancelOverdue() {
  for (const Entry& entry : TakeOverdue()) {
    if (const std::shared_ptr<Cancellation> work = entry.work.lock()) {
      work->Cancel(absl::DeadlineExceededError(
          absl::StrCat("not done within ", absl::FormatDuration(entry.limit))));
    }
  }
}

}  // namespace lenscap
