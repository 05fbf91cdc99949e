#include "services/webhooks/webhook_address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

constexpr size_t kMaxUrlBytes = 2048;

absl::Status Refused(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("url: ", why));
}

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

// "" where the URL has no such part.
std::string PartOf(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  std::string copy = text;
  curl_free(text);
  return copy;
}

struct Ipv4Range {
  uint32_t base;
  int bits;
};

// What is no public unicast address, by IANA's registry of special purposes.
constexpr Ipv4Range kNotPublic[] = {
    {0x00000000, 8},   // This network
    {0x0a000000, 8},   // Private
    {0x64400000, 10},  // Shared by carriers
    {0x7f000000, 8},   // Loopback
    {0xa9fe0000, 16},  // Link-local, where clouds keep credentials
    {0xac100000, 12},  // Private
    {0xc0000000, 24},  // Protocol assignments
    {0xc0000200, 24},  // Documentation
    {0xc0a80000, 16},  // Private
    {0xc6120000, 15},  // Benchmarks
    {0xc6336400, 24},  // Documentation
    {0xcb007100, 24},  // Documentation
    {0xe0000000, 3},   // Multicast and reserved
};

bool IsPublic(uint32_t address) {
  return std::none_of(std::begin(kNotPublic), std::end(kNotPublic),
                      [address](const Ipv4Range& range) {
                        return (address ^ range.base) >> (32 - range.bits) == 0;
                      });
}

bool MayConnect(WebhookReach reach, uint32_t address) {
  if (reach == WebhookReach::kLoopback) return address >> 24 == 127;
  return reach == WebhookReach::kAnywhere || IsPublic(address);
}

bool MayConnect(WebhookReach reach, const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    uint32_t inner;
    std::memcpy(&inner, address.s6_addr + 12, sizeof(inner));
    return MayConnect(reach, ntohl(inner));
  }
  if (reach == WebhookReach::kLoopback) return IN6_IS_ADDR_LOOPBACK(&address);
  // 2000::/3 is all that was ever given out; without 2001:db8::/32 for
  // documentation, and without what wraps an IPv4 address that could be any:
  // 2001::/32 and 2002::/16.
  const uint8_t* const bytes = address.s6_addr;
  const bool is_2001 = bytes[0] == 0x20 && bytes[1] == 0x01;
  const bool is_public = bytes[0] >> 5 == 1 &&
                         !(is_2001 && bytes[2] == 0x0d && bytes[3] == 0xb8) &&
                         !(is_2001 && bytes[2] == 0 && bytes[3] == 0) &&
                         !(bytes[0] == 0x20 && bytes[1] == 0x02);
  return reach == WebhookReach::kAnywhere || is_public;
}

}  // namespace

absl::Status CheckWebhookUrl(const std::string& url) {
  if (url.empty() || url.size() > kMaxUrlBytes) {
    return Refused(absl::StrCat("expected 1 to ", kMaxUrlBytes, " bytes, got ",
                                url.size()));
  }
  if (!std::all_of(url.begin(), url.end(),
                   [](unsigned char c) { return absl::ascii_isgraph(c); })) {
    return Refused("expected no spaces, and nothing beyond ASCII");
  }
  const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return Refused("expected \"https://\", a host and a path");
  }
  if (!PartOf(parsed.get(), CURLUPART_USER).empty() ||
      !PartOf(parsed.get(), CURLUPART_PASSWORD).empty() ||
      absl::StrContains(url, '#')) {
    return Refused("expected no user, no password and no fragment");
  }
  const std::string scheme = PartOf(parsed.get(), CURLUPART_SCHEME);
  if (scheme == "https") return absl::OkStatus();
  const std::string host = PartOf(parsed.get(), CURLUPART_HOST);
  if (scheme == "http" &&
      (host == "localhost" || host == "127.0.0.1" || host == "[::1]")) {
    return absl::OkStatus();
  }
  return Refused(
      "expected \"https://\"; \"http://\" is for this machine alone");
}

WebhookReach ReachOf(absl::string_view url, bool public_only) {
  if (!absl::StartsWithIgnoreCase(url, "https:")) {
    return WebhookReach::kLoopback;
  }
  return public_only ? WebhookReach::kPublic : WebhookReach::kAnywhere;
}

bool MayConnect(WebhookReach reach, const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof(v4));
    return MayConnect(reach, ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof(v6));
    return MayConnect(reach, v6.sin6_addr);
  }
  return false;
}

}  // namespace lenscap
