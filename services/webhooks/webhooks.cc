#include "services/webhooks/webhooks.h"

#include <algorithm>
#include <atomic>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/proto_time.h"

namespace lenscap {
namespace {

constexpr char kMark[] = "webhooks";
constexpr int kBatch = 100;
constexpr int kPage = 1'000;

double RandomJitter() {
  thread_local std::mt19937 random{std::random_device()()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Webhooks>> Webhooks::Open(Options options) {
  if (options.jitter == nullptr) options.jitter = RandomJitter;
  std::unique_ptr<Webhooks> webhooks(new Webhooks(std::move(options)));
  const Options& kept = webhooks->options_;
  ASSIGN_OR_RETURN(webhooks->endpoints_,
                   WebhookEndpoints::Open(kept.directory, kept.clock));
  ASSIGN_OR_RETURN(
      webhooks->deliveries_,
      WebhookDeliveries::Open(kept.directory + "/deliveries", kept.clock));
  RETURN_IF_ERROR(webhooks->TakeUp());
  return webhooks;
}

absl::Status Webhooks::TakeUp() {
  for (const WebhookEndpoint& endpoint : endpoints_->List()) {
    couriers_[endpoint.id] = NewCourier(endpoint);
  }
  std::vector<std::string> orphans;
  RETURN_IF_ERROR(deliveries_->ForEachWaiting(
      [&](absl::string_view endpoint_id, WebhookLines::Waiting waiting) {
        if (const auto courier = CourierOf(endpoint_id); courier != nullptr) {
          courier->Add(std::move(waiting));
        } else {
          orphans.push_back(waiting.delivery_id);
        }
        return absl::OkStatus();
      }));
  for (const std::string& id : orphans) RETURN_IF_ERROR(deliveries_->Drop(id));
  return absl::OkStatus();
}

std::shared_ptr<WebhookCourier> Webhooks::NewCourier(
    const WebhookEndpoint& endpoint) {
  return std::make_shared<WebhookCourier>(
      endpoint, WebhookCourier::Options{.deliveries = deliveries_.get(),
                                        .sender = options_.sender,
                                        .jitter = options_.jitter,
                                        .count = options_.count,
                                        .clock = options_.clock});
}

std::shared_ptr<WebhookCourier> Webhooks::CourierOf(
    absl::string_view id) const {
  std::lock_guard lock(mutex_);
  const auto found = couriers_.find(id);
  return found == couriers_.end() ? nullptr : found->second;
}

Webhooks::Couriers Webhooks::AllCouriers() const {
  std::lock_guard lock(mutex_);
  return couriers_;
}

void Webhooks::Start() {
  std::lock_guard lock(mutex_);
  started_ = true;
  for (const auto& [id, courier] : couriers_) courier->Start();
}

void Webhooks::Stop() {
  // All are told before any is waited for.
  std::vector<std::thread> stopping;
  for (const auto& [id, courier] : AllCouriers()) {
    stopping.emplace_back([courier = courier] { courier->Stop(); });
  }
  for (std::thread& thread : stopping) thread.join();
}

void Webhooks::WaitUntilIdle() {
  for (const auto& [id, courier] : AllCouriers()) courier->WaitUntilIdle();
}

absl::Status Webhooks::CatchUp() {
  std::lock_guard lock(catching_up_);
  ASSIGN_OR_RETURN(uint64_t after, options_.log->Mark(kMark));
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<OutcomeLog::Numbered> outcomes,
                     options_.log->Read(after, kBatch));
    if (outcomes.empty()) break;
    const Couriers couriers = AllCouriers();
    for (const auto& [number, outcome] : outcomes) {
      for (const auto& [id, courier] : couriers) {
        if (!courier->endpoint().Wants(number, outcome)) continue;
        ASSIGN_OR_RETURN(std::optional<WebhookLines::Waiting> waiting,
                         deliveries_->Add(id, number, outcome));
        if (waiting) courier->Add(*std::move(waiting));
      }
      after = number;
    }
    RETURN_IF_ERROR(options_.log->Append({}, {{kMark, after}}));
  }
  for (const auto& [id, courier] : AllCouriers()) courier->Wake();
  return absl::OkStatus();
}

absl::StatusOr<WebhookEndpoint> Webhooks::Create(WebhookEndpoints::Wish wish) {
  wish.after = options_.log->last();
  ASSIGN_OR_RETURN(WebhookEndpoint created, endpoints_->Create(wish));
  const std::shared_ptr<WebhookCourier> courier = NewCourier(created);
  std::lock_guard lock(mutex_);
  if (started_) courier->Start();
  couriers_[created.id] = courier;
  return created;
}

absl::StatusOr<WebhookEndpoint> Webhooks::Delete(
    absl::string_view endpoint_id) {
  // Nothing is lined up for it meanwhile.
  std::lock_guard catching_up(catching_up_);
  ASSIGN_OR_RETURN(WebhookEndpoint deleted, endpoints_->Delete(endpoint_id));
  std::shared_ptr<WebhookCourier> courier;
  {
    std::lock_guard lock(mutex_);
    courier = couriers_[deleted.id];
    couriers_.erase(deleted.id);
  }
  courier->Stop();
  // What is left now is swept up by the next start where this fails.
  ASSIGN_OR_RETURN(std::vector<std::string> left, DeadLettersOf(endpoint_id));
  for (const std::string& id : left) {
    RETURN_IF_ERROR(deliveries_->Replay(endpoint_id, id).status());
  }
  RETURN_IF_ERROR(deliveries_->ForEachWaiting(
      [&](absl::string_view of, const WebhookLines::Waiting& waiting) {
        if (of == endpoint_id) left.push_back(waiting.delivery_id);
        return absl::OkStatus();
      }));
  for (const std::string& id : left) RETURN_IF_ERROR(deliveries_->Drop(id));
  return deleted;
}

WebhookCourier::Health Webhooks::HealthOf(absl::string_view endpoint_id) const {
  const auto courier = CourierOf(endpoint_id);
  return courier == nullptr ? WebhookCourier::Health() : courier->health();
}

WebhookAnswer Webhooks::Test(const WebhookEndpoint& endpoint) const {
  const absl::Time now = options_.clock->Now();
  v1::Outcome outcome;
  outcome.set_id(
      absl::StrCat("out_test_", endpoint.id, "_", absl::ToUnixMicros(now)));
  outcome.set_type(v1::Outcome::TYPE_TEST);
  *outcome.mutable_time() = ToProto(now);
  outcome.set_tenant(endpoint.tenant);
  const std::atomic<bool> stopping = false;
  WebhookSender sender(options_.sender, &stopping);
  return WebhookCourier::PostOnce(endpoint, outcome, now, sender);
}

absl::StatusOr<std::vector<std::string>> Webhooks::DeadLettersOf(
    absl::string_view endpoint_id) const {
  std::vector<std::string> ids;
  std::string token;
  do {
    ASSIGN_OR_RETURN(
        const v1::ListDeliveriesReply page,
        deliveries_->List(endpoint_id, v1::Delivery::STATE_DEAD_LETTER, token,
                          kPage));
    for (const v1::Delivery& delivery : page.deliveries()) {
      ids.push_back(delivery.delivery_id());
    }
    token = page.next_page_token();
  } while (!token.empty());
  return ids;
}

absl::StatusOr<int64_t> Webhooks::Replay(
    absl::string_view endpoint_id,
    const std::vector<std::string>& delivery_ids) {
  const auto courier = CourierOf(endpoint_id);
  if (courier == nullptr) {
    return absl::NotFoundError("endpoint_id: there is no such endpoint");
  }
  std::vector<std::string> ids = delivery_ids;
  if (ids.empty()) {
    ASSIGN_OR_RETURN(ids, DeadLettersOf(endpoint_id));
  }
  int64_t replayed = 0;
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(std::optional<WebhookLines::Waiting> waiting,
                     deliveries_->Replay(endpoint_id, id));
    if (!waiting) continue;
    courier->Add(*std::move(waiting));
    ++replayed;
  }
  return replayed;
}

Webhooks::Levels Webhooks::ReadLevels() const {
  Levels levels;
  for (const auto& [id, courier] : AllCouriers()) {
    const WebhookCourier::Health health = courier->health();
    levels.waiting += static_cast<int64_t>(health.waiting);
    levels.oldest = std::min(levels.oldest, health.oldest);
  }
  levels.dead_letters = deliveries_->dead_letters().value_or(0);
  return levels;
}

}  // namespace lenscap
