#include "services/web/site.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/digest.h"

namespace lenscap {
namespace {

std::string TypeOf(absl::string_view name) {
  const size_t dot = name.rfind('.');
  const absl::string_view ending =
      dot == absl::string_view::npos ? "" : name.substr(dot + 1);
  static const auto* const types = new std::map<absl::string_view, const char*>{
      {"html", "text/html; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"json", "application/json"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"ico", "image/x-icon"},
      {"txt", "text/plain; charset=utf-8"},
      {"woff2", "font/woff2"}};
  const auto it = types->find(ending);
  return it == types->end() ? "application/octet-stream" : it->second;
}

bool Names(absl::string_view if_none_match, absl::string_view tag) {
  for (absl::string_view one : absl::StrSplit(if_none_match, ',')) {
    one = absl::StripAsciiWhitespace(one);
    absl::ConsumePrefix(&one, "W/");
    if (one == tag || one == "*") return true;
  }
  return false;
}

}  // namespace

const char kContentSecurityPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

void Site::Add(const std::string& path, std::string bytes,
               absl::string_view named) {
  const std::string tag =
      absl::StrCat("\"", ToHex(Sha256Of(bytes)).substr(0, 32), "\"");
  pages_[path] = {.type = TypeOf(named.empty() ? path : named),
                  .bytes = std::move(bytes),
                  .tag = tag};
}

std::optional<HttpAnswer> Site::Find(const HttpRequest& request) const {
  const auto it = pages_.find(request.path);
  if (it == pages_.end()) return std::nullopt;
  const Page& page = it->second;
  HttpAnswer answer = {
      .type = page.type,
      .body = "",
      .headers = {{"ETag", page.tag}, {"Cache-Control", "no-cache"}}};
  if (Names(request.Header("If-None-Match"), page.tag)) {
    answer.status = 304;
  } else {
    answer.body = page.bytes;
  }
  return answer;
}

}  // namespace lenscap
