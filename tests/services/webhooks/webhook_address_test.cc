#include "services/webhooks/webhook_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using ::testing::StartsWith;

bool May(WebhookReach reach, const std::string& text) {
  sockaddr_storage storage = {};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
    v6.sin6_family = AF_INET6;
  }
  return MayConnect(reach, reinterpret_cast<const sockaddr&>(storage));
}

TEST(WebhookAddressTest, TakesHttpsAnywhereAndHttpToThisMachine) {
  for (const char* good :
       {"https://platform.example/hook", "https://platform.example:8443/a?b=c",
        "https://[2001:db8::1]/", "https://10.0.0.1/", "HTTPS://x.example/",
        "http://localhost:8080/hook", "http://127.0.0.1/", "http://[::1]:1/"}) {
    EXPECT_TRUE(CheckWebhookUrl(good).ok())
        << good << ": " << CheckWebhookUrl(good);
  }
}

TEST(WebhookAddressTest, RefusesWhatIsNoAddressOfAReceiver) {
  for (const std::string& bad : std::vector<std::string>{
           "", "x", "platform.example", "ftp://platform.example/",
           "file:///etc/passwd", "gopher://x.example/",
           "http://platform.example/", "http://127.0.0.2/",
           "http://localhost.example/", "https://user:pass@x.example/",
           "https://user@x.example/", "https://x.example/#part",
           "https://x.example/a b", "https://x.example/\n", "https://",
           "https://bücher.example/", "http://167772161/",
           absl::StrCat("https://x.example/", std::string(2048, 'a'))}) {
    const absl::Status checked = CheckWebhookUrl(bad);
    EXPECT_EQ(checked.code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_THAT(std::string(checked.message()), StartsWith("url: "));
  }
}

TEST(WebhookAddressTest, PlainTextStaysOnThisMachine) {
  EXPECT_EQ(ReachOf("http://localhost/", false), WebhookReach::kLoopback);
  EXPECT_EQ(ReachOf("https://x.example/", true), WebhookReach::kPublic);
  EXPECT_EQ(ReachOf("HTTPS://x.example/", false), WebhookReach::kAnywhere);
  for (const char* loopback :
       {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(May(WebhookReach::kLoopback, loopback)) << loopback;
  }
  for (const char* other :
       {"10.0.0.1", "8.8.8.8", "::", "2606:4700::1", "::ffff:8.8.8.8"}) {
    EXPECT_FALSE(May(WebhookReach::kLoopback, other)) << other;
  }
}

TEST(WebhookAddressTest, NobodyReachesBehindTheWallsByAWebhook) {
  for (const char* inside : {"0.0.0.0",
                             "10.1.2.3",
                             "100.64.0.1",
                             "100.127.255.255",
                             "127.0.0.1",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.1",
                             "192.168.1.1",
                             "198.18.0.1",
                             "198.19.255.255",
                             "203.0.113.7",
                             "224.0.0.1",
                             "240.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "fe80::1",
                             "fc00::1",
                             "fd12::1",
                             "ff02::1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::a00:1",
                             "2001:db8::1",
                             "2002:a00:1::",
                             "2001::1"}) {
    EXPECT_FALSE(May(WebhookReach::kPublic, inside)) << inside;
    EXPECT_TRUE(May(WebhookReach::kAnywhere, inside)) << inside;
  }
  for (const char* outside :
       {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255",
        "100.128.0.0", "126.255.255.255", "128.0.0.0", "172.15.255.255",
        "172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255",
        "2606:4700:4700::1111", "2001:4860::1", "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(May(WebhookReach::kPublic, outside)) << outside;
  }
}

TEST(WebhookAddressTest, OtherFamiliesAreOutOfReach) {
  sockaddr address = {};
  address.sa_family = AF_UNIX;
  EXPECT_FALSE(MayConnect(WebhookReach::kAnywhere, address));
}

}  // namespace
}  // namespace lenscap
