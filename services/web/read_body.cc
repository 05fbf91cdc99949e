#include "services/web/read_body.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/web/http_status.h"

namespace lenscap {
namespace {

absl::Status TooLong(absl::string_view what, size_t most) {
  return WithHttpStatus(absl::InvalidArgumentError(absl::StrCat(
                            what, ": longer than ", most, " bytes")),
                        413);
}

}  // namespace

absl::StatusOr<std::string> ReadWholeBody(Exchange& exchange, size_t most,
                                          absl::Duration within) {
  if (exchange.body_bytes() > static_cast<int64_t>(most)) {
    return TooLong("body", most);
  }
  std::string body;
  RETURN_IF_ERROR(exchange.ReadBody(within, [&](absl::string_view piece) {
    if (body.size() + piece.size() > most) return TooLong("body", most);
    absl::StrAppend(&body, piece);
    return absl::OkStatus();
  }));
  return body;
}

bool HasContentType(const HttpRequest& request, absl::string_view type) {
  const absl::string_view said = request.Header("Content-Type");
  return absl::EqualsIgnoreCase(
      absl::StripAsciiWhitespace(said.substr(0, said.find(';'))), type);
}

absl::Status CheckContentType(const HttpRequest& request,
                              absl::string_view type) {
  if (HasContentType(request, type)) return absl::OkStatus();
  return WithHttpStatus(
      absl::InvalidArgumentError(absl::StrCat("Content-Type: expected ", type)),
      415);
}

absl::Status LineSplitter::Flush() {
  absl::string_view line = line_;
  if (absl::EndsWith(line, "\r")) line.remove_suffix(1);
  const absl::Status taken = line.empty() ? absl::OkStatus() : take_(line);
  line_.clear();
  return taken;
}

absl::Status LineSplitter::Take(absl::string_view piece) {
  while (true) {
    const size_t end = piece.find('\n');
    const absl::string_view part = piece.substr(0, end);
    if (line_.size() + part.size() > most_) return TooLong("line", most_);
    absl::StrAppend(&line_, part);
    if (end == absl::string_view::npos) return absl::OkStatus();
    RETURN_IF_ERROR(Flush());
    piece.remove_prefix(end + 1);
  }
}

absl::Status LineSplitter::End() { return Flush(); }

}  // namespace lenscap
