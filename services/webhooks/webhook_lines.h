#ifndef LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_LINES_H_
#define LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_LINES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lenscap {

// The order in which one endpoint is sent what it has not been told yet: what
// is about one case stands in one line, and only the first of a line is sent,
// once it is due; lines do not wait for each other. In memory alone.
// Not thread-safe.
class WebhookLines {
 public:
  struct Waiting {
    std::string delivery_id;
    std::string line;        // The case.
    uint64_t number = 0;     // Its place in the line; unique.
    absl::Time due;          // When to try, or try again.
    absl::Time happened;     // For how old the oldest is.
    std::string token = {};  // Of the claim of the last attempt; "" for none.
  };

  // Leaves one that is there as it is.
  void Add(Waiting waiting);

  // The longest due one that is first in its line; it is then under way, and
  // whoever took it must call Finish or Retry.
  std::optional<Waiting> Take(absl::Time now);
  // It was told, or never will be: the next one of its line is the first.
  void Finish(const Waiting& taken);
  // `taken` with its token as it is now.
  void Retry(const Waiting& taken, absl::Time due);

  // The receiver works again: what is to be tried later is due now.
  void Hasten(absl::Time now);

  // Whether something under way or due at `now` is left.
  bool Busy(absl::Time now) const;
  size_t size() const { return size_; }
  // When the oldest of all happened; InfiniteFuture where there is none.
  absl::Time Oldest() const;

 private:
  struct Line {
    std::map<uint64_t, Waiting> members;  // By number.
    uint64_t head = 0;  // The one in heads_; 0 while one is under way.
    bool under_way = false;
  };
  using Head = std::tuple<absl::Time, uint64_t, std::string>;  // Due, number.

  void SetHead(const std::string& name, Line& line);
  void ClearHead(const std::string& name, Line& line);

  std::map<std::string, Line> lines_;
  std::set<Head> heads_;
  size_t under_way_ = 0;
  size_t size_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_LINES_H_
