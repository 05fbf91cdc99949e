#include "services/web/web_flags.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "services/listen_address.h"
#include "services/log.h"

ABSL_DECLARE_FLAG(bool, insecure_public);

ABSL_FLAG(std::string, web_address, "",
          "HOST:PORT to serve the console and every RPC as JSON on, over TLS "
          "where gRPC is; none without it. Port 0 takes any free one.");
ABSL_FLAG(std::vector<std::string>, web_host, {},
          "Names, with commas between them, by which browsers reach "
          "--web_address beside the host there and those of loopback; requests "
          "to other names are refused.");
ABSL_FLAG(std::string, intake_token_file, "",
          "Holds the token with which the form at /report, which needs no "
          "sign-in, passes reports on; no form without it.");

namespace lenscap {
namespace {

constexpr size_t kMaxTokenFileBytes = 1024;

absl::StatusOr<std::string> ReadIntakeToken() {
  const std::string path = absl::GetFlag(FLAGS_intake_token_file);
  if (path.empty()) return std::string();
  const auto text = ReadSmallFile(path, kMaxTokenFileBytes);
  const std::string token(
      absl::StripAsciiWhitespace(text.ok() ? *text : std::string()));
  if (!token.empty()) return token;
  return absl::InvalidArgumentError(absl::StrCat(
      "--intake_token_file: ",
      text.ok() ? "there is no token in it" : text.status().message()));
}

}  // namespace

absl::Status CheckWebFlags(const ServerOptions& options) {
  const std::string address = absl::GetFlag(FLAGS_web_address);
  if (address.empty()) {
    const bool for_host = !absl::GetFlag(FLAGS_web_host).empty();
    if (!for_host && absl::GetFlag(FLAGS_intake_token_file).empty()) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(
        absl::StrCat("--web_address: expected too, for --",
                     for_host ? "web_host" : "intake_token_file"));
  }
  return CheckListenAddress(
      "--web_address", address,
      absl::GetFlag(FLAGS_insecure_public) || options.tls.has_value());
}

absl::StatusOr<std::unique_ptr<WebServer>> StartWebServer(
    Server* server, const ServerOptions& options) {
  const std::string address = absl::GetFlag(FLAGS_web_address);
  if (address.empty()) return nullptr;
  WebServer::Options web;
  web.http.address = address;
  web.http.tls = options.tls;
  web.hosts = absl::GetFlag(FLAGS_web_host);
  ASSIGN_OR_RETURN(web.intake_token, ReadIntakeToken());
  auto started = WebServer::Start(server, std::move(web));
  if (!started.ok()) {
    return absl::Status(
        started.status().code(),
        absl::StrCat("--web_address: ", started.status().message()));
  }
  Log(LogSeverity::kInfo, "web_listening",
      {{"url", absl::StrCat(options.tls ? "https://" : "http://",
                            address.substr(0, address.rfind(':')), ":",
                            (*started)->port())}});
  return started;
}

}  // namespace lenscap
