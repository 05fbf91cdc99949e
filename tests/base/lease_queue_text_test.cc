#include "base/lease_queue_text.h"

#include <set>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

TEST(LeaseQueueTextTest, ATokenComesBackAsItWas) {
  const LeaseToken token{0x0102030405060708, std::string(16, '\xa5')};
  const std::string text = ToText(token);
  EXPECT_EQ(text, "0102030405060708a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5");
  const auto parsed = ParseToken(text);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->sequence, token.sequence);
  EXPECT_EQ(parsed->nonce, token.nonce);
}

TEST(LeaseQueueTextTest, APlaceComesBackAsItWas) {
  const LeaseIndex::Place place{5, ~uint64_t{0}};
  EXPECT_EQ(*ParseCursor(ToText(place)), place);
  EXPECT_EQ(*ParseCursor(""), LeaseIndex::Place{});
}

TEST(LeaseQueueTextTest, WhatIsNoTokenIsRefused) {
  const std::string token = ToText(LeaseToken{1, std::string(16, 'n')});
  for (const std::string& text :
       {std::string(), std::string("x"), token.substr(1), token + "0",
        "g" + token.substr(1), std::string(48, ' '), std::string(48, '\0')}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseToken(text).status())) << text;
  }
}

TEST(LeaseQueueTextTest, WhatIsNoCursorIsRefused) {
  for (const std::string& text : {std::string("0"), std::string(31, '0'),
                                  std::string(33, '0'), std::string(32, 'x')}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseCursor(text).status())) << text;
  }
}

TEST(LeaseQueueTextTest, NoTwoNoncesAreAlike) {
  std::set<std::string> nonces;
  for (int i = 0; i < 1000; ++i) nonces.insert(*NewNonce());
  EXPECT_EQ(nonces.size(), 1000);
  EXPECT_EQ(nonces.begin()->size(), 16);
}

}  // namespace
}  // namespace lenscap
