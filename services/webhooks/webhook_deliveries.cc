#include "services/webhooks/webhook_deliveries.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "services/proto_time.h"
#include "services/webhooks/webhook_backoff.h"
#include "services/webhooks/webhook_record.pb.h"

namespace lenscap {
namespace {

using Item = LeaseQueue::Item;
using Waiting = WebhookLines::Waiting;

// Longer than any attempt; after a crash during one it is made again then.
constexpr absl::Duration kAttemptLease = absl::Seconds(30);
constexpr int kPage = 500;
// Of a page of the API, so that one call reads no whole queue.
constexpr int kMaxRead = 5'000;

std::string DeliveryId(absl::string_view endpoint_id, absl::string_view id) {
  return absl::StrCat(endpoint_id, "/", id);
}

bool IsOf(absl::string_view endpoint_id, absl::string_view delivery_id) {
  return absl::ConsumePrefix(&delivery_id, endpoint_id) &&
         absl::StartsWith(delivery_id, "/");
}

absl::StatusOr<services::WebhookDeliveryRecord> Parse(const Item& item) {
  services::WebhookDeliveryRecord record;
  if (record.ParseFromString(item.payload)) return record;
  return absl::DataLossError(
      absl::StrCat("webhook delivery ", item.id, " is damaged"));
}

Waiting WaitingOf(const Item& item,
                  const services::WebhookDeliveryRecord& record,
                  absl::Time due) {
  const v1::Outcome& outcome = record.outcome();
  return {.delivery_id = item.id,
          // What is about no case stands alone.
          .line = outcome.case_id().empty() ? item.id : outcome.case_id(),
          .number = record.number(),
          .due = due,
          .happened = FromProto(outcome.time())};
}

v1::Delivery ToMessage(const Item& item,
                       services::WebhookDeliveryRecord record) {
  v1::Delivery delivery;
  delivery.set_delivery_id(item.id);
  delivery.set_endpoint_id(item.id.substr(0, item.id.find('/')));
  *delivery.mutable_outcome() = std::move(*record.mutable_outcome());
  delivery.set_attempts(item.deliveries);
  delivery.set_last_error(record.last_error());
  switch (item.state) {
    case LeaseQueue::State::kWaiting:
    case LeaseQueue::State::kLeased:
      delivery.set_state(v1::Delivery::STATE_WAITING);
      break;
    case LeaseQueue::State::kSettled:
      delivery.set_state(v1::Delivery::STATE_DELIVERED);
      break;
    case LeaseQueue::State::kDead:
      delivery.set_state(v1::Delivery::STATE_DEAD_LETTER);
      break;
  }
  if (item.state == LeaseQueue::State::kLeased) {
    *delivery.mutable_next_attempt() = ToProto(item.lease_end);
  }
  return delivery;
}

// The queue's states that make one of the API's, in the order of pages; each
// with the letter that a page token begins with.
std::vector<std::pair<char, LeaseQueue::State>> StatesOf(
    v1::Delivery::State state) {
  switch (state) {
    case v1::Delivery::STATE_WAITING:
      return {{'l', LeaseQueue::State::kLeased},
              {'w', LeaseQueue::State::kWaiting}};
    case v1::Delivery::STATE_DELIVERED:
      return {{'s', LeaseQueue::State::kSettled}};
    default:
      return {{'d', LeaseQueue::State::kDead}};
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<WebhookDeliveries>> WebhookDeliveries::Open(
    const std::string& directory, const Clock* clock) {
  ASSIGN_OR_RETURN(std::unique_ptr<LeaseQueue> queue,
                   LeaseQueue::Open({.directory = directory,
                                     .max_deliveries = kWebhookAttempts,
                                     .clock = clock}));
  return std::unique_ptr<WebhookDeliveries>(
      new WebhookDeliveries(std::move(queue), clock));
}

absl::StatusOr<std::optional<Waiting>> WebhookDeliveries::Add(
    absl::string_view endpoint_id, uint64_t number,
    const v1::Outcome& outcome) {
  services::WebhookDeliveryRecord record;
  record.set_number(number);
  *record.mutable_outcome() = outcome;
  record.mutable_outcome()->clear_cursor();
  Item item;
  item.id = DeliveryId(endpoint_id, outcome.id());
  ASSIGN_OR_RETURN(
      const bool is_new,
      queue_->Submit(item.id, record.SerializeAsString(), /*priority=*/0));
  if (!is_new) return std::nullopt;
  return WaitingOf(item, record, clock_->Now());
}

absl::Status WebhookDeliveries::ForEachWaiting(const Visit& visit) const {
  for (const auto& [letter, state] : StatesOf(v1::Delivery::STATE_WAITING)) {
    std::string cursor;
    do {
      ASSIGN_OR_RETURN(const LeaseQueue::Page page,
                       queue_->List(state, cursor, kPage));
      for (const Item& item : page.items) {
        ASSIGN_OR_RETURN(const services::WebhookDeliveryRecord record,
                         Parse(item));
        const absl::Time due = state == LeaseQueue::State::kLeased
                                   ? item.lease_end
                                   : clock_->Now();
        RETURN_IF_ERROR(
            visit(absl::string_view(item.id).substr(0, item.id.find('/')),
                  WaitingOf(item, record, due)));
      }
      cursor = page.next;
    } while (!cursor.empty());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<WebhookDeliveries::Attempt>>
WebhookDeliveries::Begin(const Waiting& waiting) {
  if (!waiting.token.empty()) {
    // It may have run out in this moment.
    const absl::Status released = queue_->Release(waiting.token);
    if (!absl::IsAborted(released)) RETURN_IF_ERROR(released);
  }
  const auto claim =
      queue_->ClaimItem(waiting.delivery_id, "webhooks", kAttemptLease);
  if (absl::IsNotFound(claim.status())) return std::nullopt;
  if (absl::IsFailedPrecondition(claim.status())) {
    ASSIGN_OR_RETURN(const Item item, queue_->Get(waiting.delivery_id));
    if (item.state == LeaseQueue::State::kSettled ||
        item.state == LeaseQueue::State::kDead) {
      return std::nullopt;
    }
    return absl::UnavailableError("it is claimed elsewhere");
  }
  RETURN_IF_ERROR(claim.status());
  ASSIGN_OR_RETURN(services::WebhookDeliveryRecord record, Parse(claim->item));
  return Attempt{.outcome = std::move(*record.mutable_outcome()),
                 .number = claim->item.deliveries,
                 .token = claim->token};
}

absl::Status WebhookDeliveries::Delivered(const Waiting& waiting,
                                          const Attempt& attempt) {
  services::WebhookDeliveryRecord record;
  record.set_number(waiting.number);
  *record.mutable_outcome() = attempt.outcome;
  return queue_->Settle(attempt.token, record.SerializeAsString()).status();
}

absl::StatusOr<std::optional<absl::Time>> WebhookDeliveries::Failed(
    const Waiting& waiting, const Attempt& attempt, absl::string_view error,
    absl::Duration wait) {
  RETURN_IF_ERROR(
      queue_
          ->AmendPayload(waiting.delivery_id,
                         [error](const Item& item)
                             -> absl::StatusOr<std::optional<std::string>> {
                           ASSIGN_OR_RETURN(
                               services::WebhookDeliveryRecord record,
                               Parse(item));
                           record.set_last_error(std::string(error));
                           return record.SerializeAsString();
                         })
          .status());
  if (attempt.number >= kWebhookAttempts) {
    RETURN_IF_ERROR(queue_->Release(attempt.token));
    return std::nullopt;
  }
  return queue_->Extend(attempt.token, wait);
}

absl::Status WebhookDeliveries::PutBack(const Attempt& attempt) {
  return queue_->Unclaim(attempt.token);
}

absl::StatusOr<std::optional<Waiting>> WebhookDeliveries::Replay(
    absl::string_view endpoint_id, absl::string_view delivery_id) {
  absl::StatusOr<Item> item = absl::NotFoundError("");
  if (IsOf(endpoint_id, delivery_id)) item = queue_->Get(delivery_id);
  if (absl::IsNotFound(item.status())) {
    return absl::NotFoundError(
        "delivery_ids: the endpoint has no such delivery, or no more");
  }
  RETURN_IF_ERROR(item.status());
  ASSIGN_OR_RETURN(const services::WebhookDeliveryRecord record, Parse(*item));
  const auto reopened =
      queue_->Reopen(delivery_id, item->payload, /*priority=*/0);
  if (absl::IsFailedPrecondition(reopened.status())) return std::nullopt;
  RETURN_IF_ERROR(reopened.status());
  return WaitingOf(*reopened, record, clock_->Now());
}

absl::Status WebhookDeliveries::Drop(absl::string_view delivery_id) {
  const absl::StatusOr<Item> item = queue_->Get(delivery_id);
  if (absl::IsNotFound(item.status())) return absl::OkStatus();
  RETURN_IF_ERROR(item.status());
  const absl::Status dropped =
      queue_->SettleWaiting(delivery_id, item->payload).status();
  // What is claimed is dropped at a later start.
  return absl::IsFailedPrecondition(dropped) ? absl::OkStatus() : dropped;
}

absl::StatusOr<v1::ListDeliveriesReply> WebhookDeliveries::List(
    absl::string_view endpoint_id, v1::Delivery::State state,
    absl::string_view after, int limit) const {
  const auto states = StatesOf(state);
  auto at = states.begin();
  if (!after.empty()) {
    at = std::find_if(states.begin(), states.end(),
                      [&](const auto& one) { return one.first == after[0]; });
    if (at == states.end()) {
      return absl::InvalidArgumentError(
          "page_token: expected one of an earlier page of this state");
    }
    after.remove_prefix(1);
  }
  v1::ListDeliveriesReply reply;
  int read = 0;
  std::string cursor(after);
  while (at != states.end()) {
    const int wanted = limit - reply.deliveries_size();
    if (wanted == 0 || read >= kMaxRead) {
      reply.set_next_page_token(
          absl::StrCat(std::string(1, at->first), cursor));
      break;
    }
    ASSIGN_OR_RETURN(const LeaseQueue::Page page,
                     queue_->List(at->second, cursor, std::min(wanted, kPage)));
    for (const Item& item : page.items) {
      ++read;
      if (!IsOf(endpoint_id, item.id)) continue;
      ASSIGN_OR_RETURN(services::WebhookDeliveryRecord record, Parse(item));
      *reply.add_deliveries() = ToMessage(item, std::move(record));
    }
    cursor = page.next;
    if (cursor.empty()) ++at;
  }
  return reply;
}

absl::StatusOr<int64_t> WebhookDeliveries::dead_letters() const {
  ASSIGN_OR_RETURN(const LeaseQueue::Stats stats, queue_->GetStats());
  return stats.dead;
}

absl::Status WebhookDeliveries::Purge(absl::Time before) {
  return queue_->Purge(before).status();
}

}  // namespace lenscap
