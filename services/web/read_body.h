#ifndef LENSCAP_SERVICES_WEB_READ_BODY_H_
#define LENSCAP_SERVICES_WEB_READ_BODY_H_

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/web/http.h"

namespace lenscap {

// The whole body. 413 over HTTP where it is longer than `most` bytes.
absl::StatusOr<std::string> ReadWholeBody(Exchange& exchange, size_t most,
                                          absl::Duration within);

// INVALID_ARGUMENT, 415 over HTTP, unless the body is said to be of this type,
// whatever parameters come with it.
absl::Status CheckContentType(const HttpRequest& request,
                              absl::string_view type);
bool HasContentType(const HttpRequest& request, absl::string_view type);

// Takes lines out of pieces that end anywhere. Empty lines are skipped.
class LineSplitter {
 public:
  using TakeLine = std::function<absl::Status(absl::string_view line)>;

  // Of a line, without its end.
  LineSplitter(size_t most, TakeLine take)
      : most_(most), take_(std::move(take)) {}

  // INVALID_ARGUMENT, 413 over HTTP, for a line that is too long; else what
  // TakeLine returned.
  absl::Status Take(absl::string_view piece);
  // What came after the last end of a line is a line, too.
  absl::Status End();

 private:
  absl::Status Flush();

  const size_t most_;
  const TakeLine take_;
  std::string line_;  // What has come of the line that has not ended.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_READ_BODY_H_
