#include "services/listen_address.h"

#include <arpa/inet.h>

#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace lenscap {
namespace {

bool IsLoopback(const std::string& host) {
  in_addr v4;
  in6_addr v6;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    return ntohl(v4.s_addr) >> 24 == 127;
  }
  if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) {
    return IN6_IS_ADDR_LOOPBACK(&v6);
  }
  return host == "localhost";
}

// Without the brackets of a numeric IPv6 address.
std::string HostOf(absl::string_view address) {
  absl::string_view host = address.substr(0, address.rfind(':'));
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return std::string(host);
}

}  // namespace

bool IsLoopbackAddress(absl::string_view address) {
  return IsLoopback(HostOf(address));
}

absl::Status CheckListenAddress(absl::string_view flag,
                                absl::string_view address, bool may_be_public) {
  const size_t colon = address.rfind(':');
  uint32_t port = 0;
  if (colon == absl::string_view::npos || colon == 0 ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(
        flag, ": expected HOST:PORT, such as 127.0.0.1:7300, got \"", address,
        "\""));
  }
  const std::string host = HostOf(address);
  if (may_be_public || IsLoopback(host)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      flag, ": \"", host,
      "\" can be reached by other machines, and lenscapd would speak in plain "
      "text: listen on a loopback address, or name --tls_certificate and "
      "--tls_key for gRPC, or say --insecure_public"));
}

}  // namespace lenscap
