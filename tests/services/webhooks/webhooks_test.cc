// From the log of outcomes to a real receiver, with the clock stepped: what is
// told, in which order, how often, and what becomes of it when the receiver
// fails or the server restarts.

#include "services/webhooks/webhooks.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/webhooks/webhook_backoff.h"
#include "services/webhooks/webhook_signature.h"
#include "tests/support/fake_clock.h"
#include "tests/support/http_receiver.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Manner = ReceiverReply::Manner;

std::vector<std::string> IdsOf(const HttpReceiver& receiver) {
  std::vector<std::string> ids;
  for (const ReceivedPost& post : receiver.posts()) {
    ids.push_back(post.headers.at("webhook-id"));
  }
  return ids;
}

HttpReceiver::Reply Always(const ReceiverReply& reply) {
  return [reply](const ReceivedPost&) { return reply; };
}

class WebhooksTest : public testing::Test {
 protected:
  WebhooksTest() { Reopen(); }

  void Reopen() {
    webhooks_ = nullptr;
    log_ = nullptr;
    auto log = OutcomeLog::Open(directory_ + "/outcomes", &clock_);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
    Webhooks::Options options;
    options.directory = directory_ + "/webhooks";
    options.log = log_.get();
    options.sender.timeout = timeout_;
    options.jitter = [] { return 0.5; };
    options.count = [this](WebhookEnd end) {
      std::lock_guard lock(mutex_);
      ++ends_[end];
    };
    options.clock = &clock_;
    auto opened = Webhooks::Open(std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.status();
    webhooks_ = *std::move(opened);
    webhooks_->Start();
  }

  WebhookEndpoint Create(const HttpReceiver& receiver,
                         const std::string& tenant = "") {
    auto created = webhooks_->Create(
        {.tenant = tenant, .url = receiver.url(), .types = {}});
    EXPECT_TRUE(created.ok()) << created.status();
    return *std::move(created);
  }
  // An outcome "out_ID" of a case.
  void Tell(const std::string& id, const std::string& case_id,
            const std::string& tenant = "forum") {
    v1::Outcome outcome;
    outcome.set_id("out_" + id);
    outcome.set_type(v1::Outcome::TYPE_DECIDED);
    outcome.set_tenant(tenant);
    outcome.set_case_id(case_id);
    outcome.mutable_time()->set_seconds(absl::ToUnixSeconds(clock_.Now()));
    ASSERT_TRUE(log_->Append({outcome}, {}).ok());
  }
  void CatchUp() {
    const absl::Status caught_up = webhooks_->CatchUp();
    ASSERT_TRUE(caught_up.ok()) << caught_up;
    webhooks_->WaitUntilIdle();
  }
  // A minute at a time.
  void Pass(absl::Duration duration) {
    for (absl::Duration passed; passed < duration; passed += absl::Minutes(1)) {
      clock_.Advance(absl::Minutes(1));
      CatchUp();
    }
  }
  std::vector<v1::Delivery> Deliveries(const WebhookEndpoint& endpoint,
                                       v1::Delivery::State state) {
    const auto page = webhooks_->deliveries().List(endpoint.id, state, "", 100);
    EXPECT_TRUE(page.ok()) << page.status();
    return {page->deliveries().begin(), page->deliveries().end()};
  }
  int Ended(WebhookEnd end) {
    std::lock_guard lock(mutex_);
    return ends_[end];
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  absl::Duration timeout_ = absl::Seconds(15);
  std::mutex mutex_;
  std::map<WebhookEnd, int> ends_;  // Guarded by mutex_.
  std::unique_ptr<OutcomeLog> log_;
  std::unique_ptr<Webhooks> webhooks_;
};

TEST_F(WebhooksTest, ToldOutcomesArriveSignedAndOnce) {
  HttpReceiver receiver(Always({}));
  const WebhookEndpoint endpoint = Create(receiver);
  Tell("1", "case-a");
  CatchUp();
  CatchUp();
  ASSERT_THAT(receiver.posts(), SizeIs(1));
  const ReceivedPost post = receiver.posts()[0];
  const WebhookHeaders headers = {
      .id = post.headers.at("webhook-id"),
      .timestamp = post.headers.at("webhook-timestamp"),
      .signature = post.headers.at("webhook-signature")};
  EXPECT_EQ(headers.id, "out_1");
  EXPECT_TRUE(VerifyWebhook(endpoint.key.public_key(), headers, post.body,
                            clock_.Now(), kWebhookTolerance)
                  .ok());
  EXPECT_EQ(nlohmann::json::parse(post.body)["data"]["caseId"], "case-a");
  EXPECT_THAT(Deliveries(endpoint, v1::Delivery::STATE_DELIVERED), SizeIs(1));
  EXPECT_EQ(Ended(WebhookEnd::kDelivered), 1);
  EXPECT_EQ(webhooks_->ReadLevels().waiting, 0);
}

TEST_F(WebhooksTest, AnEndpointHearsOfItsTenantFromItsBeginningOn) {
  HttpReceiver forum(Always({})), all(Always({}));
  Tell("before", "case-a");
  Create(forum, "forum");
  Create(all);
  Tell("1", "case-b", "forum");
  Tell("2", "case-c", "shop");
  CatchUp();
  EXPECT_THAT(IdsOf(forum), ElementsAre("out_1"));
  EXPECT_THAT(IdsOf(all), UnorderedElementsAre("out_1", "out_2"));
}

TEST_F(WebhooksTest, AReceiverThatFailsForAnHourMissesNothing) {
  std::atomic<bool> works = false;
  HttpReceiver receiver([&](const ReceivedPost&) {
    return ReceiverReply{.status = works ? 200 : 500};
  });
  const WebhookEndpoint endpoint = Create(receiver);
  for (int i = 0; i < 5; ++i) Tell(absl::StrCat(i), absl::StrCat("case-", i));
  CatchUp();
  EXPECT_EQ(webhooks_->HealthOf(endpoint.id).last_error, "HTTP 500");
  Pass(absl::Hours(1));
  EXPECT_THAT(Deliveries(endpoint, v1::Delivery::STATE_WAITING), SizeIs(5));
  EXPECT_EQ(webhooks_->ReadLevels().waiting, 5);
  const size_t tries = receiver.posts().size();
  EXPECT_LT(tries, 5 * 10);  // It is not hammered.
  works = true;
  Pass(absl::Hours(3));
  EXPECT_THAT(Deliveries(endpoint, v1::Delivery::STATE_DELIVERED), SizeIs(5));
  EXPECT_EQ(receiver.posts().size(), tries + 5);
  EXPECT_EQ(webhooks_->HealthOf(endpoint.id).last_error, "");
  EXPECT_EQ(Ended(WebhookEnd::kDelivered), 5);
}

TEST_F(WebhooksTest, OneThatRecoversIsToldTheRestAtOnce) {
  std::atomic<bool> works = false;
  HttpReceiver receiver([&](const ReceivedPost&) {
    return ReceiverReply{.status = works ? 200 : 500};
  });
  Create(receiver);
  Tell("old", "case-a");
  CatchUp();
  Pass(absl::Hours(8));  // By now it is tried every two hours.
  const size_t tries = receiver.posts().size();
  works = true;
  Tell("new", "case-b");
  CatchUp();
  EXPECT_EQ(receiver.posts().size(), tries + 2);
}

TEST_F(WebhooksTest, OfOneCaseTheOrderIsKeptWhateverFails) {
  std::atomic<int> failures = 4;
  HttpReceiver receiver([&](const ReceivedPost& post) {
    const bool fails =
        post.headers.at("webhook-id") == "out_a1" && --failures >= 0;
    return ReceiverReply{.status = fails ? 500 : 200};
  });
  Create(receiver);
  Tell("a1", "case-a");
  Tell("a2", "case-a");
  Tell("b1", "case-b");
  CatchUp();
  EXPECT_THAT(IdsOf(receiver), UnorderedElementsAre("out_a1", "out_b1"));
  Pass(absl::Minutes(30));
  const std::vector<std::string> ids = IdsOf(receiver);
  EXPECT_EQ(ids.size(), 7);
  EXPECT_EQ(ids.back(), "out_a2");
}

TEST_F(WebhooksTest, TheSameIdIsSentAgainWithATimeAndSignatureOfItsOwn) {
  HttpReceiver receiver(Always({.status = 503}));
  const WebhookEndpoint endpoint = Create(receiver);
  Tell("1", "case-a");
  CatchUp();
  Pass(absl::Minutes(1));
  const std::vector<ReceivedPost> posts = receiver.posts();
  ASSERT_GE(posts.size(), 2);
  EXPECT_EQ(posts[0].headers.at("webhook-id"),
            posts[1].headers.at("webhook-id"));
  EXPECT_EQ(posts[0].body, posts[1].body);
  EXPECT_NE(posts[0].headers.at("webhook-timestamp"),
            posts[1].headers.at("webhook-timestamp"));
  EXPECT_NE(posts[0].headers.at("webhook-signature"),
            posts[1].headers.at("webhook-signature"));
}

TEST_F(WebhooksTest, AReceiverThatAsksToWaitIsLeftAlone) {
  HttpReceiver receiver(
      Always({.status = 429, .headers = "Retry-After: 3600\r\n"}));
  Create(receiver);
  Tell("1", "case-a");
  CatchUp();
  Pass(absl::Minutes(59));
  EXPECT_THAT(receiver.posts(), SizeIs(1));
  Pass(absl::Minutes(2));
  EXPECT_THAT(receiver.posts(), SizeIs(2));
}

TEST_F(WebhooksTest, AReceiverThatHangsHoldsUpNobodyElse) {
  HttpReceiver hangs(Always({.manner = Manner::kHang})), works(Always({}));
  Create(hangs);
  Create(works);
  for (int i = 0; i < 10; ++i) Tell(absl::StrCat(i), absl::StrCat("case-", i));
  ASSERT_TRUE(webhooks_->CatchUp().ok());
  works.WaitFor(10);
  hangs.WaitFor(WebhookCourier::kInFlight);
  EXPECT_EQ(hangs.most_at_a_time(), WebhookCourier::kInFlight);
}

TEST_F(WebhooksTest, StoppingDuringAnAttemptDoesNotCountIt) {
  std::atomic<bool> hangs = true;
  HttpReceiver receiver([&](const ReceivedPost&) {
    return ReceiverReply{.manner = hangs ? Manner::kHang : Manner::kAnswer};
  });
  const WebhookEndpoint endpoint = Create(receiver);
  Tell("1", "case-a");
  ASSERT_TRUE(webhooks_->CatchUp().ok());
  receiver.WaitFor(1);
  hangs = false;
  Reopen();
  CatchUp();
  const auto delivered = Deliveries(endpoint, v1::Delivery::STATE_DELIVERED);
  ASSERT_THAT(delivered, SizeIs(1));
  EXPECT_EQ(delivered[0].attempts(), 1);
}

TEST_F(WebhooksTest, ARestartTakesUpWhatWaits) {
  std::atomic<bool> works = false;
  HttpReceiver receiver([&](const ReceivedPost&) {
    return ReceiverReply{.status = works ? 200 : 500};
  });
  const WebhookEndpoint endpoint = Create(receiver);
  Tell("1", "case-a");
  Tell("2", "case-a");
  CatchUp();
  Tell("3", "case-b");  // Not even lined up when the server goes.
  Reopen();
  works = true;
  Pass(absl::Minutes(2));
  EXPECT_THAT(Deliveries(endpoint, v1::Delivery::STATE_DELIVERED), SizeIs(3));
  std::vector<std::string> of_case;
  for (const std::string& id : IdsOf(receiver)) {
    if (id != "out_3") of_case.push_back(id);
  }
  EXPECT_THAT(of_case, ElementsAre("out_1", "out_1", "out_2"));
}

TEST_F(WebhooksTest, WhatIsNeverTakenIsGivenUpAfterThreeDays) {
  std::atomic<bool> works = false;
  HttpReceiver receiver([&](const ReceivedPost& post) {
    const bool ok = works || post.headers.at("webhook-id") == "out_2";
    return ReceiverReply{.status = ok ? 200 : 500};
  });
  const WebhookEndpoint endpoint = Create(receiver);
  Tell("1", "case-a");
  Tell("2", "case-a");
  CatchUp();
  for (int i = 0; i < kWebhookAttempts + 1; ++i) {
    clock_.Advance(absl::Hours(3));
    CatchUp();
  }
  const auto dead = Deliveries(endpoint, v1::Delivery::STATE_DEAD_LETTER);
  ASSERT_THAT(dead, SizeIs(1));
  EXPECT_EQ(dead[0].attempts(), kWebhookAttempts);
  EXPECT_EQ(dead[0].last_error(), "HTTP 500");
  EXPECT_EQ(webhooks_->ReadLevels().dead_letters, 1);
  EXPECT_EQ(Ended(WebhookEnd::kGivenUp), 1);
  // The next of its case no longer waits.
  EXPECT_EQ(IdsOf(receiver).back(), "out_2");

  works = true;
  EXPECT_EQ(*webhooks_->Replay(endpoint.id, {}), 1);
  CatchUp();
  EXPECT_EQ(IdsOf(receiver).back(), "out_1");
  EXPECT_EQ(webhooks_->ReadLevels().dead_letters, 0);
  EXPECT_THAT(Deliveries(endpoint, v1::Delivery::STATE_DELIVERED), SizeIs(2));
}

TEST_F(WebhooksTest, WhatWasDeliveredIsReplayedOnRequest) {
  HttpReceiver receiver(Always({}));
  const WebhookEndpoint endpoint = Create(receiver);
  Tell("1", "case-a");
  CatchUp();
  const std::string id =
      Deliveries(endpoint, v1::Delivery::STATE_DELIVERED)[0].delivery_id();
  EXPECT_EQ(*webhooks_->Replay(endpoint.id, {id}), 1);
  CatchUp();
  EXPECT_THAT(IdsOf(receiver), ElementsAre("out_1", "out_1"));
  EXPECT_EQ(*webhooks_->Replay(endpoint.id, {}), 0);  // No dead letters.
  EXPECT_EQ(
      webhooks_->Replay(endpoint.id, {"endpoint-x/out_1"}).status().code(),
      absl::StatusCode::kNotFound);
  EXPECT_EQ(webhooks_->Replay("endpoint-x", {}).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(WebhooksTest, ADeletedEndpointIsToldNothingMore) {
  HttpReceiver receiver(Always({.status = 500}));
  const WebhookEndpoint endpoint = Create(receiver);
  Tell("1", "case-a");
  Tell("2", "case-a");
  CatchUp();
  const size_t tries = receiver.posts().size();
  ASSERT_TRUE(webhooks_->Delete(endpoint.id).ok());
  Tell("3", "case-b");
  Pass(absl::Minutes(10));
  Reopen();
  Pass(absl::Minutes(10));
  EXPECT_EQ(receiver.posts().size(), tries);
  EXPECT_EQ(webhooks_->ReadLevels().waiting, 0);
  EXPECT_EQ(webhooks_->ReadLevels().oldest, absl::InfiniteFuture());
  EXPECT_EQ(webhooks_->Delete(endpoint.id).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(WebhooksTest, ATestIsPostedOnceAndSaysWhatCameBack) {
  HttpReceiver works(Always({})), fails(Always({.status = 404}));
  EXPECT_TRUE(webhooks_->Test(Create(works)).taken());
  const WebhookAnswer answer = webhooks_->Test(Create(fails));
  EXPECT_EQ(answer.http_status, 404);
  EXPECT_EQ(answer.error, "HTTP 404");
  CatchUp();
  ASSERT_THAT(works.posts(), SizeIs(1));
  EXPECT_THAT(fails.posts(), SizeIs(1));
  EXPECT_EQ(nlohmann::json::parse(works.posts()[0].body)["type"],
            "webhook.test");
}

TEST_F(WebhooksTest, DeliveriesComeInPages) {
  HttpReceiver receiver(Always({.status = 500})), other(Always({}));
  const WebhookEndpoint endpoint = Create(receiver);
  Create(other);
  for (int i = 0; i < 7; ++i)
    Tell(absl::StrCat(i), absl::StrCat("case-", i % 3));
  CatchUp();  // Three failed and wait for another try, four wait behind them.
  std::set<std::string> ids;
  std::string token;
  int pages = 0;
  do {
    const auto page = webhooks_->deliveries().List(
        endpoint.id, v1::Delivery::STATE_WAITING, token, 2);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Delivery& delivery : page->deliveries()) {
      EXPECT_TRUE(ids.insert(delivery.delivery_id()).second);
      EXPECT_EQ(delivery.endpoint_id(), endpoint.id);
      EXPECT_EQ(delivery.has_next_attempt(), delivery.attempts() > 0);
    }
    token = page->next_page_token();
    ASSERT_LT(++pages, 20);
  } while (!token.empty());
  EXPECT_EQ(ids.size(), 7);
  EXPECT_EQ(webhooks_->deliveries()
                .List(endpoint.id, v1::Delivery::STATE_DEAD_LETTER, "w1", 2)
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(WebhooksTest, WhatWasDeliveredLongAgoIsForgotten) {
  HttpReceiver receiver(Always({}));
  const WebhookEndpoint endpoint = Create(receiver);
  Tell("1", "case-a");
  CatchUp();
  clock_.Advance(absl::Hours(24));
  ASSERT_TRUE(webhooks_->Purge(clock_.Now()).ok());
  EXPECT_THAT(Deliveries(endpoint, v1::Delivery::STATE_DELIVERED), IsEmpty());
  Reopen();
  CatchUp();
  EXPECT_THAT(receiver.posts(), SizeIs(1));
}

TEST_F(WebhooksTest, AnOutcomeThatIsLoggedTwiceIsPostedOnce) {
  HttpReceiver receiver(Always({}));
  Create(receiver);
  Tell("1", "case-a");
  Tell("1", "case-a");
  CatchUp();
  EXPECT_THAT(receiver.posts(), SizeIs(1));
}

}  // namespace
}  // namespace lenscap
