#include "services/webhooks/webhook_courier.h"

#include <utility>

#include "services/log.h"
#include "services/webhooks/webhook_backoff.h"
#include "services/webhooks/webhook_message.h"

namespace lenscap {
namespace {

// After the disk failed, or while another process's claim lasts.
constexpr absl::Duration kPause = absl::Seconds(5);
// A receiver that failed so often in a row was down; one that is asked for
// something that it never takes is not, and that is not tried more often for
// what it does take.
constexpr int kDown = 3;

}  // namespace

WebhookCourier::WebhookCourier(WebhookEndpoint endpoint, Options options)
    : endpoint_(std::move(endpoint)), options_(std::move(options)) {}

void WebhookCourier::Start() {
  std::lock_guard lock(mutex_);
  if (!threads_.empty() || stopping_) return;
  for (int i = 0; i < kInFlight; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

void WebhookCourier::Stop() {
  std::vector<std::thread> threads;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

void WebhookCourier::Add(WebhookLines::Waiting waiting) {
  {
    std::lock_guard lock(mutex_);
    lines_.Add(std::move(waiting));
  }
  changed_.notify_all();
}

void WebhookCourier::Wake() {
  // Nobody is between looking at the clock and waiting.
  { std::lock_guard lock(mutex_); }
  changed_.notify_all();
}

void WebhookCourier::WaitUntilIdle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] {
    return stopping_ || !lines_.Busy(options_.clock->Now());
  });
}

WebhookCourier::Health WebhookCourier::health() const {
  std::lock_guard lock(mutex_);
  return {.last_error = last_error_,
          .last_failed = last_failed_,
          .waiting = lines_.size(),
          .oldest = lines_.Oldest()};
}

void WebhookCourier::Run() {
  WebhookSender sender(options_.sender, &stopping_);
  std::unique_lock lock(mutex_);
  while (true) {
    std::optional<WebhookLines::Waiting> taken;
    changed_.wait(lock, [&] {
      if (!stopping_) taken = lines_.Take(options_.clock->Now());
      return stopping_ || taken.has_value();
    });
    if (!taken) return;
    lock.unlock();
    const std::optional<absl::Time> again = Deliver(*taken, sender);
    lock.lock();
    again ? lines_.Retry(*taken, *again) : lines_.Finish(*taken);
    changed_.notify_all();
  }
}

std::optional<absl::Time> WebhookCourier::Deliver(
    WebhookLines::Waiting& waiting, WebhookSender& sender) {
  const auto attempt = options_.deliveries->Begin(waiting);
  waiting.token = "";
  if (!attempt.ok()) {
    if (!absl::IsUnavailable(attempt.status())) {
      Log(LogSeverity::kError, "webhook_claim_failed",
          {{"delivery", waiting.delivery_id},
           {"error", attempt.status().ToString()}});
    }
    return options_.clock->Now() + kPause;
  }
  if (!attempt->has_value()) return std::nullopt;
  const WebhookAnswer answer =
      PostOnce(endpoint_, (*attempt)->outcome, options_.clock->Now(), sender);
  if (!answer.taken() && stopping_) {
    if (const absl::Status back = options_.deliveries->PutBack(**attempt);
        !back.ok()) {
      Log(LogSeverity::kWarning, "webhook_not_put_back",
          {{"delivery", waiting.delivery_id}, {"error", back.ToString()}});
    }
    return options_.clock->Now();
  }
  return Conclude(waiting, **attempt, answer);
}

// What cannot be written down is tried again: better twice than never.
std::optional<absl::Time> WebhookCourier::Conclude(
    WebhookLines::Waiting& waiting, const WebhookDeliveries::Attempt& attempt,
    const WebhookAnswer& answer) {
  absl::StatusOr<std::optional<absl::Time>> again = std::nullopt;
  if (answer.taken()) {
    const absl::Status kept = options_.deliveries->Delivered(waiting, attempt);
    if (!kept.ok()) again = kept;
  } else {
    again = options_.deliveries->Failed(
        waiting, attempt, answer.error,
        WebhookBackoff(attempt.number, answer.retry_after, options_.jitter()));
  }
  if (!again.ok()) {
    Log(LogSeverity::kError, "webhook_not_recorded",
        {{"delivery", waiting.delivery_id},
         {"error", again.status().ToString()}});
    return options_.clock->Now() + kPause;
  }
  answer.taken() ? NoteSuccess() : NoteFailure(answer.error);
  if (options_.count) {
    options_.count(answer.taken()       ? WebhookEnd::kDelivered
                   : again->has_value() ? WebhookEnd::kFailed
                                        : WebhookEnd::kGivenUp);
  }
  if (again->has_value()) waiting.token = attempt.token;
  return *again;
}

void WebhookCourier::NoteFailure(const std::string& error) {
  std::lock_guard lock(mutex_);
  last_error_ = error;
  last_failed_ = options_.clock->Now();
  ++failures_;
}

void WebhookCourier::NoteSuccess() {
  std::lock_guard lock(mutex_);
  last_error_ = "";
  if (failures_ >= kDown) lines_.Hasten(options_.clock->Now());
  failures_ = 0;
}

WebhookAnswer WebhookCourier::PostOnce(const WebhookEndpoint& endpoint,
                                       const v1::Outcome& outcome,
                                       absl::Time now, WebhookSender& sender) {
  absl::StatusOr<std::string> body = WebhookBody(outcome);
  if (!body.ok()) {
    WebhookAnswer answer;
    answer.error = std::string(body.status().message());
    return answer;
  }
  WebhookPost post;
  post.url = endpoint.url;
  post.reach = endpoint.reach();
  post.headers = SignWebhook(endpoint.key, outcome.id(), now, *body);
  post.body = *std::move(body);
  return sender.Post(post);
}

}  // namespace lenscap
