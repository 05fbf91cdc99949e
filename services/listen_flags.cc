#include "services/listen_flags.h"

#include <exception>
#include <string>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/listen_address.h"
#include "services/log.h"
#include "services/permissions.h"
#include "services/transport.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:7300",
          "HOST:PORT to serve gRPC on; port 0 takes any free one.");
ABSL_FLAG(std::string, tls_certificate, "",
          "PEM file of the server's certificate and its chain; with it the "
          "port speaks TLS alone, and callers must sign in. A new file is "
          "taken up within 10 s.");
ABSL_FLAG(std::string, tls_key, "",
          "PEM file of the private key of --tls_certificate.");
ABSL_FLAG(std::string, client_ca, "",
          "PEM file of the authority whose client certificates sign callers "
          "in: OU is the role, CN the name, O the issuer or tenant. It must "
          "sign for this server alone.");
ABSL_FLAG(bool, require_client_certificate, false,
          "Talks to callers with a client certificate only, whatever their "
          "token.");
ABSL_FLAG(bool, require_sign_in, false,
          "Callers must sign in even in plain text, as behind a proxy that "
          "does TLS.");
ABSL_FLAG(bool, insecure_public, false,
          "Allows plain text on addresses that other machines reach; without "
          "--require_sign_in whoever reaches them may do everything.");
ABSL_FLAG(std::string, metrics_address, "",
          "HOST:PORT to serve Prometheus' metrics on, in plain text; none "
          "without it.");

namespace lenscap {
namespace {

absl::Status Invalid(absl::string_view flag, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("--", flag, ": ", problem));
}

absl::StatusOr<std::optional<TlsOptions>> TlsFromFlags() {
  TlsOptions tls = {.certificate = absl::GetFlag(FLAGS_tls_certificate),
                    .key = absl::GetFlag(FLAGS_tls_key),
                    .client_ca = absl::GetFlag(FLAGS_client_ca),
                    .require_client_certificate =
                        absl::GetFlag(FLAGS_require_client_certificate)};
  if (tls.certificate.empty() != tls.key.empty()) {
    return Invalid(tls.key.empty() ? "tls_key" : "tls_certificate",
                   "expected too: one is of no use without the other");
  }
  if (tls.require_client_certificate && tls.client_ca.empty()) {
    return Invalid("client_ca",
                   "expected too, for --require_client_certificate");
  }
  if (!tls.certificate.empty()) return tls;
  if (!tls.client_ca.empty()) {
    return Invalid("tls_certificate", "expected too, for --client_ca");
  }
  return std::nullopt;
}

}  // namespace

absl::Status ReadListenFlags(ServerOptions& options) {
  options.listen_address = absl::GetFlag(FLAGS_listen);
  options.require_sign_in = absl::GetFlag(FLAGS_require_sign_in);
  ASSIGN_OR_RETURN(options.tls, TlsFromFlags());
  const bool insecure_public = absl::GetFlag(FLAGS_insecure_public);
  RETURN_IF_ERROR(CheckListenAddress("--listen", options.listen_address,
                                     insecure_public || options.tls));
  if (const std::string address = absl::GetFlag(FLAGS_metrics_address);
      !address.empty()) {
    return CheckListenAddress("--metrics_address", address, insecure_public);
  }
  return absl::OkStatus();
}

// prometheus-cpp reports by exception.
absl::StatusOr<std::unique_ptr<prometheus::Exposer>> ExposeMetrics(
    const Server& server, const std::shared_ptr<Metrics>& metrics) {
  const std::string address = absl::GetFlag(FLAGS_metrics_address);
  if (address.empty()) return nullptr;
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(address);
    if (!server.AuthorizeRoute(kMetricsRoute, "").ok()) {
      exposer->RegisterAuth(
          [&server](const std::string&, const std::string& token) {
            return server.AuthorizeRoute(kMetricsRoute, token).ok();
          },
          "lenscap", kMetricsRoute);
    }
    exposer->RegisterCollectable(metrics, kMetricsRoute);
    Log(LogSeverity::kInfo, "metrics_listening",
        {{"host", address.substr(0, address.rfind(':'))},
         {"port", absl::StrCat(exposer->GetListeningPorts().at(0))},
         {"path", kMetricsRoute}});
    return exposer;
  } catch (const std::exception& error) {
    return absl::FailedPreconditionError(absl::StrCat(
        "--metrics_address: cannot listen on ", address, ": ", error.what()));
  }
}

void LogWhoMayCall(const ServerOptions& options) {
  if (options.tls) {
    const TlsOptions& tls = *options.tls;
    Log(LogSeverity::kInfo, "tls",
        {{"client_certificates", tls.require_client_certificate ? "required"
                                 : tls.client_ca.empty()        ? "not asked"
                                                                : "accepted"},
         {"meaning", "callers must sign in"}});
    return;
  }
  Log(LogSeverity::kWarning, "plain_text",
      {{"address", options.listen_address},
       {"meaning",
        options.require_sign_in
            ? "callers must sign in, and whoever is on the way can read "
              "tokens and footage"
            : "whoever reaches the port without a token may read and change "
              "everything"}});
}

}  // namespace lenscap
