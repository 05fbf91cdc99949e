#include "services/web/web_server.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/permissions.h"
#include "services/web/attempts.h"
#include "services/web/channels.h"
#include "services/web/door.h"
#include "services/web/embedded_file.h"
#include "services/web/http_status.h"
#include "services/web/json_gateway.h"
#include "services/web/openapi.h"
#include "services/web/report_form.h"
#include "services/web/session_routes.h"
#include "services/web/site.h"

namespace lenscap {
namespace {

constexpr size_t kChannels = 4;

// What every answer has.
HttpHeaders SecurityHeaders(bool tls) {
  HttpHeaders headers = {
      {"Content-Security-Policy", kContentSecurityPolicy},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Permissions-Policy",
       "camera=(), microphone=(), geolocation=(), display-capture=()"},
      {"Cache-Control", "no-store"}};
  if (tls) {
    headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
  }
  return headers;
}

std::vector<std::string> HostsOf(const WebServer::Options& options) {
  std::vector<std::string> hosts = options.hosts;
  const std::string& address = options.http.address;
  const std::string listens = address.substr(0, address.rfind(':'));
  if (listens != "0.0.0.0" && listens != "[::]") hosts.push_back(listens);
  return hosts;
}

class WebServerImpl final : public WebServer {
 public:
  WebServerImpl(Server* server, const Options& options)
      : sessions_(options.sessions),
        failures_({.per_hour = options.failed_sign_ins,
                   .clock = options.sessions.clock}),
        channels_(kChannels, [server] { return server->InProcessChannel(); }),
        // Nobody over the network is the machine's own user unless whoever
        // reaches the port of gRPC is, too.
        door_(
            {.require_sign_in = !server->AuthorizeRoute(kMetricsRoute, "").ok(),
             .hosts = HostsOf(options),
             .sessions = &sessions_}),
        gateway_({.channels = &channels_,
                  .on_unauthenticated =
                      [this](const WebCaller& caller) {
                        sessions_.Close(caller.session());
                      }}),
        session_routes_({.door = &door_,
                         .gateway = &gateway_,
                         .sessions = &sessions_,
                         .failures = &failures_}),
        reports_(
            {.per_hour = options.reports, .clock = options.sessions.clock}),
        report_form_(
            {.door = &door_, .gateway = &gateway_, .attempts = &reports_},
            options.intake_token),
        takes_reports_(!options.intake_token.empty()) {}
  ~WebServerImpl() override { Stop(); }

  absl::Status FillSite();
  absl::Status Listen(HttpServer::Options options);

  int port() const override { return http_->port(); }
  void Drain() override {
    if (http_ != nullptr) http_->Drain();
  }
  void Stop() override {
    if (http_ != nullptr) http_->Stop();
  }

 private:
  void Serve(Exchange& exchange) const;
  void ServeCall(Exchange& exchange) const;

  SessionStore sessions_;
  Attempts failures_;
  mutable Channels channels_;
  Door door_;
  JsonGateway gateway_;
  SessionRoutes session_routes_;
  Attempts reports_;
  ReportForm report_form_;
  const bool takes_reports_;
  Site site_;
  std::unique_ptr<HttpServer> http_;
};

absl::Status WebServerImpl::FillSite() {
  for (const EmbeddedFile& file : ConsoleFiles()) {
    site_.Add(absl::StrCat("/console/", file.name), std::string(file.bytes));
    if (file.name == "index.html") {
      site_.Add("/", std::string(file.bytes), file.name);
    } else if (file.name == "report.html" && takes_reports_) {
      site_.Add("/report", std::string(file.bytes), file.name);
    }
  }
  site_.Add("/healthz", "ok\n", "healthz.txt");
  ASSIGN_OR_RETURN(std::string openapi, MakeOpenApi(ApiDescriptors()));
  site_.Add("/openapi.json", std::move(openapi));
  return absl::OkStatus();
}

absl::Status WebServerImpl::Listen(HttpServer::Options options) {
  options.headers = SecurityHeaders(options.tls.has_value());
  ASSIGN_OR_RETURN(http_, HttpServer::Start(std::move(options),
                                            [this](Exchange& e) { Serve(e); }));
  return absl::OkStatus();
}

void WebServerImpl::Serve(Exchange& exchange) const {
  const HttpRequest& request = exchange.request();
  // Whoever looks after the machine asks for its health by any name.
  if (request.path != "/healthz") {
    if (const absl::Status known = door_.CheckHost(request); !known.ok()) {
      return exchange.Answer(ErrorAnswer(known));
    }
  }
  if (request.path == "/session") return session_routes_.Serve(exchange);
  if (absl::StartsWith(request.path, "/v1/")) return ServeCall(exchange);
  if (takes_reports_ && request.method == "POST") {
    if (request.path == "/report") return report_form_.Submit(exchange);
    if (request.path == "/report/status") {
      return report_form_.TellStatus(exchange);
    }
  }
  std::optional<HttpAnswer> page = site_.Find(request);
  if (page && request.method != "GET" && request.method != "HEAD") {
    page = ErrorAnswer(WithHttpStatus(
        absl::InvalidArgumentError("expected GET or HEAD"), 405));
    page->headers.emplace_back("Allow", "GET, HEAD");
  }
  exchange.Answer(page ? *std::move(page)
                       : ErrorAnswer(absl::NotFoundError("no such page")));
}

void WebServerImpl::ServeCall(Exchange& exchange) const {
  const HttpRequest& request = exchange.request();
  const auto method = gateway_.Find(request.path);
  if (!method.ok()) return exchange.Answer(ErrorAnswer(method.status()));
  if (request.method != "POST") {
    HttpAnswer answer = ErrorAnswer(
        WithHttpStatus(absl::InvalidArgumentError("expected POST"), 405));
    answer.headers.emplace_back("Allow", "POST");
    return exchange.Answer(std::move(answer));
  }
  const absl::StatusOr<WebCaller> caller = door_.Admit(request);
  if (!caller.ok()) return exchange.Answer(ErrorAnswer(caller.status()));
  gateway_.Serve(exchange, *caller, **method);
}

}  // namespace

absl::StatusOr<std::unique_ptr<WebServer>> WebServer::Start(Server* server,
                                                            Options options) {
  auto web = std::make_unique<WebServerImpl>(server, options);
  RETURN_IF_ERROR(web->FillSite());
  RETURN_IF_ERROR(web->Listen(std::move(options.http)));
  return web;
}

}  // namespace lenscap
