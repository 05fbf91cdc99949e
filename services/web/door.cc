#include "services/web/door.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "services/web/http_status.h"

namespace lenscap {
namespace {

constexpr absl::string_view kScheme = "Bearer ";
constexpr size_t kMaxTokenBytes = 256;

// Over TLS a browser takes this name from this host alone, and keeps it from
// whatever is spoken in plain text.
absl::string_view CookieName(const HttpRequest& request) {
  return request.tls ? "__Host-lenscap-session" : "lenscap-session";
}

// "example" of "Example:7380" and "[::1]" of "[::1]:7380".
std::string NameOf(absl::string_view host) {
  const size_t colon = host.rfind(':');
  if (colon != absl::string_view::npos &&
      host.find(']', colon) == absl::string_view::npos) {
    host = host.substr(0, colon);
  }
  absl::ConsumeSuffix(&host, ".");
  return absl::AsciiStrToLower(host);
}

bool IsPrintable(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c < 0x7f; });
}

// The value of the cookie where there is exactly one of the name.
std::string FindCookie(const HttpRequest& request) {
  std::vector<absl::string_view> values;
  for (const absl::string_view header : request.All("Cookie")) {
    for (absl::string_view pair : absl::StrSplit(header, ';')) {
      pair = absl::StripAsciiWhitespace(pair);
      if (absl::ConsumePrefix(&pair, CookieName(request)) &&
          absl::ConsumePrefix(&pair, "=")) {
        values.push_back(pair);
      }
    }
  }
  return values.size() == 1 ? std::string(values[0]) : "";
}

}  // namespace

absl::Status Door::CheckHost(const HttpRequest& request) const {
  const auto hosts = request.All("Host");
  if (hosts.size() == 1) {
    const std::string name = NameOf(hosts[0]);
    for (const char* loopback : {"localhost", "127.0.0.1", "[::1]"}) {
      if (name == loopback) return absl::OkStatus();
    }
    for (const std::string& known : options_.hosts) {
      if (name == absl::AsciiStrToLower(known)) return absl::OkStatus();
    }
  }
  return WithHttpStatus(
      absl::PermissionDeniedError(
          "Host: this server is not known by that name; --web_host adds one"),
      421);
}

absl::Status Door::CheckSite(const HttpRequest& request) const {
  const absl::string_view site = request.Header("Sec-Fetch-Site");
  bool own = site.empty() || site == "same-origin" || site == "none";
  for (const absl::string_view origin : request.All("Origin")) {
    // Whether TLS ends here or before this server, the name is the same.
    const size_t name = origin.find("://");
    own =
        own && name != absl::string_view::npos &&
        absl::EqualsIgnoreCase(origin.substr(name + 3), request.Header("Host"));
  }
  if (own) return absl::OkStatus();
  return absl::PermissionDeniedError("the page of another site asks for this");
}

absl::Status Door::CheckCsrf(const HttpRequest& request,
                             absl::string_view expected) const {
  RETURN_IF_ERROR(CheckSite(request));
  if (request.method == "GET" || request.method == "HEAD") {
    return absl::OkStatus();
  }
  const auto sent = request.All(kCsrfHeader);
  if (sent.size() == 1 && SameSecret(sent[0], expected)) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(absl::StrCat(
      kCsrfHeader, ": expected the token that GET /session gives"));
}

absl::StatusOr<WebCaller> Door::Admit(const HttpRequest& request) const {
  const auto authorization = request.All("Authorization");
  if (!authorization.empty()) {
    if (authorization.size() == 1 &&
        absl::StartsWithIgnoreCase(authorization[0], kScheme)) {
      return HolderOf(authorization[0].substr(kScheme.size()));
    }
    return absl::UnauthenticatedError(
        "authorization: expected one \"Bearer TOKEN\"");
  }
  if (std::optional<Riding> riding = SessionOf(request)) {
    RETURN_IF_ERROR(CheckCsrf(request, riding->session.csrf));
    return WebCaller(std::move(riding->session.token), std::move(riding->id));
  }
  ASSIGN_OR_RETURN(WebCaller local, Local());
  RETURN_IF_ERROR(CheckCsrf(request, local_csrf_));
  return local;
}

std::optional<Door::Riding> Door::SessionOf(const HttpRequest& request) const {
  std::string id = FindCookie(request);
  if (id.empty()) return std::nullopt;
  std::optional<SessionStore::Session> session = options_.sessions->Use(id);
  if (!session) return std::nullopt;
  return Riding{.id = std::move(id), .session = *std::move(session)};
}

std::string Door::CookieOf(const HttpRequest& request,
                           absl::string_view id) const {
  return absl::StrCat(
      CookieName(request), "=", id, "; Path=/; HttpOnly; SameSite=Strict",
      request.tls ? "; Secure" : "", id.empty() ? "; Max-Age=0" : "");
}

absl::StatusOr<WebCaller> Door::HolderOf(absl::string_view token) const {
  if (token.empty() || token.size() > kMaxTokenBytes || !IsPrintable(token)) {
    return absl::UnauthenticatedError("this is no token");
  }
  return WebCaller(std::string(token));
}

absl::StatusOr<WebCaller> Door::Local() const {
  if (!options_.require_sign_in) return WebCaller();
  return absl::UnauthenticatedError(
      "sign in: send \"authorization: Bearer TOKEN\", or begin a session");
}

}  // namespace lenscap
