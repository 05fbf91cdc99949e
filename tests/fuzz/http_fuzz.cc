// What somebody sends over one connection, to a real HTTP server that answers
// each request with the path that it took it for.

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/web/http_server.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/http_client.h"

namespace lenscap {
namespace {

void Echo(Exchange& exchange) {
  size_t bytes = 0;
  const absl::Status read =
      exchange.ReadBody(absl::Seconds(5), [&bytes](absl::string_view piece) {
        bytes += piece.size();
        return absl::OkStatus();
      });
  exchange.Answer({.status = read.ok() ? 200 : 400,
                   .type = "text/plain",
                   .body = exchange.request().path});
}

HttpServer& TheServer() {
  static HttpServer* const server = [] {
    auto started = HttpServer::Start({.address = "127.0.0.1:0",
                                      .tls = std::nullopt,
                                      .limits = {},
                                      .headers = {{"X-Every", "answer"}}},
                                     Echo);
    FUZZ_EXPECT(started.ok());
    return started->release();
  }();
  return *server;
}

void Check(const std::string& bytes) {
  HttpConnection connection(TheServer().port());
  connection.Send(bytes);
  connection.EndSending();
  // Each answer is well-formed, has what every answer has, and is to a request
  // that stands in what was sent.
  size_t from = 0;
  while (true) {
    const HttpReply reply = connection.Read();
    if (reply.status == 0) break;
    if (reply.status == 100) continue;  // Go on; the answer is yet to come.
    FUZZ_EXPECT(reply.Header("X-Every") == "answer");
    FUZZ_EXPECT(reply.status >= 200 && reply.status < 600);
    if (reply.status != 200) continue;
    const size_t at = bytes.find(absl::StrCat(" ", reply.body), from);
    FUZZ_EXPECT(at != std::string::npos || absl::StartsWith(bytes, "HEAD"));
    if (at != std::string::npos) from = at + 1;
  }
  FUZZ_EXPECT(connection.Closed());
}

}  // namespace
}  // namespace lenscap

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lenscap::Check(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
