#include "services/webhooks/webhook_endpoints.h"

#include <sys/stat.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

class WebhookEndpointsTest : public testing::Test {
 protected:
  WebhookEndpointsTest() { Reopen(); }
  void Reopen() {
    auto opened = WebhookEndpoints::Open(directory_, &clock_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    endpoints_ = *std::move(opened);
  }
  absl::StatusOr<WebhookEndpoint> Create(const std::string& tenant) {
    return endpoints_->Create({.tenant = tenant,
                               .url = "https://x.example/",
                               .types = {v1::Outcome::TYPE_DECIDED},
                               .public_only = false,
                               .after = 7});
  }

  const std::string directory_ = MakeTempDirectory() + "/webhooks";
  FakeClock clock_;
  std::unique_ptr<WebhookEndpoints> endpoints_;
};

TEST_F(WebhookEndpointsTest, AreThereAfterARestartWithTheirKeys) {
  const auto created = Create("forum");
  ASSERT_TRUE(created.ok()) << created.status();
  Reopen();
  const auto found = endpoints_->Get(created->id);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->tenant, "forum");
  EXPECT_EQ(found->url, "https://x.example/");
  EXPECT_EQ(found->types, created->types);
  EXPECT_EQ(found->created, clock_.Now());
  EXPECT_EQ(found->key.public_key(), created->key.public_key());
  EXPECT_EQ(found->key.Sign("text"), created->key.Sign("text"));
  EXPECT_EQ(found->after, 7);
  EXPECT_FALSE(found->public_only);
}

TEST_F(WebhookEndpointsTest, EachHasAKeyOfItsOwn) {
  EXPECT_NE(Create("a")->key.public_key(), Create("a")->key.public_key());
}

TEST_F(WebhookEndpointsTest, NobodyElseReadsTheirKeys) {
  ASSERT_TRUE(Create("a").ok());
  struct stat file;
  ASSERT_EQ(stat((directory_ + "/endpoints").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600);
  ASSERT_EQ(stat(directory_.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0700);
}

TEST_F(WebhookEndpointsTest, ADeletedOneIsGoneForGood) {
  const std::string id = Create("a")->id;
  EXPECT_EQ(endpoints_->Delete(id)->id, id);
  Reopen();
  EXPECT_EQ(endpoints_->List().size(), 0);
  EXPECT_EQ(endpoints_->Get(id).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(endpoints_->Delete(id).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(WebhookEndpointsTest, ATenantHasAFew) {
  for (size_t i = 0; i < WebhookEndpoints::kMaxOfTenant; ++i) {
    ASSERT_TRUE(Create("a").ok());
  }
  EXPECT_EQ(Create("a").status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(Create("b").ok());
}

TEST_F(WebhookEndpointsTest, AllTogetherHaveABound) {
  for (size_t i = 0; i < WebhookEndpoints::kMaxEndpoints; ++i) {
    ASSERT_TRUE(Create(absl::StrCat(i)).ok());
  }
  EXPECT_EQ(Create("z").status().code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(WebhookEndpointsTest, ABadAddressIsRefused) {
  WebhookEndpoints::Wish wish;
  wish.url = "http://platform.example/";
  EXPECT_EQ(endpoints_->Create(wish).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(WebhookEndpointsTest, ADamagedFileIsSaid) {
  ASSERT_TRUE(Create("a").ok());
  std::ofstream(directory_ + "/endpoints") << "damaged";
  EXPECT_EQ(WebhookEndpoints::Open(directory_, &clock_).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(WebhookEndpointsTest, WantsWhatItsTenantHasFromItsBeginningOn) {
  WebhookEndpoint endpoint = *Create("forum");
  endpoint.types = {};
  endpoint.after = 5;
  v1::Outcome outcome;
  outcome.set_tenant("forum");
  outcome.set_type(v1::Outcome::TYPE_DECIDED);
  EXPECT_TRUE(endpoint.Wants(6, outcome));
  EXPECT_FALSE(endpoint.Wants(5, outcome));
  outcome.set_type(v1::Outcome::TYPE_CLOCK);
  EXPECT_FALSE(endpoint.Wants(6, outcome));
  endpoint.types = {v1::Outcome::TYPE_CLOCK};
  EXPECT_TRUE(endpoint.Wants(6, outcome));
  outcome.set_tenant("shop");
  EXPECT_FALSE(endpoint.Wants(6, outcome));
  endpoint.tenant = "";
  EXPECT_TRUE(endpoint.Wants(6, outcome));
}

}  // namespace
}  // namespace lenscap
