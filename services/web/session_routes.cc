#include "services/web/session_routes.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "nlohmann/json.hpp"
#include "services/limit_status.h"
#include "services/web/http_status.h"
#include "services/web/json_message.h"
#include "services/web/read_body.h"

namespace lenscap {
namespace {

constexpr size_t kMaxBodyBytes = 4096;
constexpr absl::Duration kWithin = absl::Seconds(10);
constexpr char kSignInLimit[] = "sign_in";

struct Standing {
  bool signed_in = false;
  bool sign_in_required = false;
  v1::WhoAmIReply who;
  std::string csrf;
};

std::string ToJson(const Standing& standing) {
  nlohmann::json json = {{"signedIn", standing.signed_in},
                         {"signInRequired", standing.sign_in_required},
                         {"local", standing.who.local()}};
  if (standing.who.has_identity()) {
    json["identity"] =
        nlohmann::json::parse(WriteJson(standing.who.identity()));
  }
  if (!standing.csrf.empty()) json["csrfToken"] = standing.csrf;
  return json.dump();
}

absl::StatusOr<std::string> TokenIn(const std::string& body) {
  const auto json =
      nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && json.size() == 1 && json.contains("token") &&
      json["token"].is_string()) {
    return json["token"].get<std::string>();
  }
  return absl::InvalidArgumentError("expected {\"token\":\"lc_...\"}");
}

absl::StatusOr<std::string> ReadToken(const Door& door, Exchange& exchange) {
  const HttpRequest& request = exchange.request();
  RETURN_IF_ERROR(door.CheckSite(request));
  RETURN_IF_ERROR(CheckContentType(request, "application/json"));
  ASSIGN_OR_RETURN(const std::string body,
                   ReadWholeBody(exchange, kMaxBodyBytes, kWithin));
  return TokenIn(body);
}

}  // namespace

void SessionRoutes::Serve(Exchange& exchange) const {
  const HttpRequest& request = exchange.request();
  if (request.method == "POST") return exchange.Answer(SignIn(exchange));
  if (request.method == "DELETE") return exchange.Answer(SignOut(request));
  if (request.method == "GET") return exchange.Answer(Tell(request));
  HttpAnswer answer = ErrorAnswer(WithHttpStatus(
      absl::InvalidArgumentError("expected GET, POST or DELETE"), 405));
  answer.headers.emplace_back("Allow", "GET, POST, DELETE");
  exchange.Answer(std::move(answer));
}

absl::StatusOr<v1::WhoAmIReply> SessionRoutes::WhoIs(
    const WebCaller& caller) const {
  static const auto* const method = v1::WhoAmIRequest::descriptor()
                                        ->file()
                                        ->FindServiceByName("AccessService")
                                        ->FindMethodByName("WhoAmI");
  v1::WhoAmIReply who;
  RETURN_IF_ERROR(
      rooms_.gateway->Call(caller, *method, v1::WhoAmIRequest(), who));
  return who;
}

HttpAnswer SessionRoutes::SignIn(Exchange& exchange) const {
  const HttpRequest& request = exchange.request();
  if (const absl::Duration wait = rooms_.failures->Wait(request.peer);
      wait > absl::ZeroDuration()) {
    const absl::Status status = OverLimit(
        kSignInLimit, "too many failed sign-ins from this address", wait);
    return ErrorAnswer(status, RetryAfterOf(status));
  }
  const absl::StatusOr<std::string> token = ReadToken(*rooms_.door, exchange);
  if (!token.ok()) return ErrorAnswer(token.status());
  absl::StatusOr<v1::WhoAmIReply> who;
  const absl::StatusOr<WebCaller> caller = rooms_.door->HolderOf(*token);
  if (caller.ok()) {
    who = WhoIs(*caller);
  } else {
    who = caller.status();
  }
  if (absl::IsUnauthenticated(who.status())) {
    rooms_.failures->Count(request.peer);
  }
  if (!who.ok()) return ErrorAnswer(who.status());
  if (const auto riding = rooms_.door->SessionOf(request)) {
    rooms_.sessions->Close(riding->id);
  }
  const std::string id = rooms_.sessions->Open(*token);
  const auto session = rooms_.sessions->Use(id);
  return {.body = ToJson({.signed_in = true,
                          .sign_in_required = rooms_.door->requires_sign_in(),
                          .who = *std::move(who),
                          .csrf = session ? session->csrf : ""}),
          .headers = {{"Set-Cookie", rooms_.door->CookieOf(request, id)}}};
}

HttpAnswer SessionRoutes::SignOut(const HttpRequest& request) const {
  if (const absl::StatusOr<WebCaller> caller = rooms_.door->Admit(request);
      caller.ok()) {
    rooms_.sessions->Close(caller->session());
  } else if (!absl::IsUnauthenticated(caller.status())) {
    return ErrorAnswer(caller.status());
  }
  return {.body = "{}",
          .headers = {{"Set-Cookie", rooms_.door->CookieOf(request, "")}}};
}

HttpAnswer SessionRoutes::Tell(const HttpRequest& request) const {
  const Door& door = *rooms_.door;
  if (const absl::Status own = door.CheckSite(request); !own.ok()) {
    return ErrorAnswer(own);
  }
  Standing standing = {.signed_in = false,
                       .sign_in_required = door.requires_sign_in(),
                       .who = {},
                       .csrf = ""};
  const auto riding = door.SessionOf(request);
  const absl::StatusOr<WebCaller> caller =
      riding ? door.HolderOf(riding->session.token) : door.Local();
  if (caller.ok()) {
    absl::StatusOr<v1::WhoAmIReply> who = WhoIs(*caller);
    if (who.ok()) {
      standing.signed_in = riding.has_value();
      standing.who = *std::move(who);
      standing.csrf = riding ? riding->session.csrf : door.local_csrf();
    } else if (absl::IsUnauthenticated(who.status())) {
      if (riding) rooms_.sessions->Close(riding->id);
    } else {
      return ErrorAnswer(who.status());
    }
  }
  return {.body = ToJson(standing)};
}

}  // namespace lenscap
