#ifndef LENSCAP_TAKEDOWN_CLOCK_WATCH_H_
#define LENSCAP_TAKEDOWN_CLOCK_WATCH_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "proto/lenscap/v1/review_policy.pb.h"
#include "takedown/queue.h"

namespace lenscap {

// Has warnings of clocks given when they are due (takedown/clocks.h). Knows
// when the next one of each open case is, by reading them once and events from
// then on; that a warning was given is in the case itself, so that a restart
// forgets and repeats none. Not thread-safe.
class ClockWatch {
 public:
  struct Options {
    TakedownQueue* cases = nullptr;  // Must outlive this, as the clock.
    v1::ReviewPolicy policy;         // That of the queue.
    const Clock* clock = Clock::Real();
  };
  explicit ClockWatch(Options options) : options_(std::move(options)) {}

  // Gives what is due, at most a thousand warnings; the next call goes on. To
  // be called again and again.
  absl::Status Tick();

  int64_t given() const { return given_; }  // Since it was made.

 private:
  absl::Status ReadOpenCases();
  absl::Status CatchUp();
  absl::Status Look(const std::string& case_id);
  void Note(const v1::Case& opened);

  const Options options_;
  bool began_ = false;
  uint64_t after_ = 0;                      // Events up to this have been read.
  std::map<std::string, absl::Time> next_;  // By case id.
  std::set<std::pair<absl::Time, std::string>> due_;
  int64_t given_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_CLOCK_WATCH_H_
