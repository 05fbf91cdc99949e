#ifndef LENSCAP_TESTS_SERVICES_GATE_SCORER_H_
#define LENSCAP_TESTS_SERVICES_GATE_SCORER_H_

#include <condition_variable>
#include <mutex>

#include "models/cue_scorer.h"

namespace lenscap {

// Holds every scan at its cues until the gate is opened, so that a test can
// look at a scan that is running. Thread-safe.
class GateScorer final : public CueScorer {
 public:
  absl::StatusOr<CueReport> Score(const CueFootage&) const override {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    CueReport report;
    report.model_version = "gate";
    return report;
  }

  // Returns when `count` scans have come so far.
  void WaitFor(int count) const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }
  int arrived() const {
    std::lock_guard lock(mutex_);
    return arrived_;
  }
  void Open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable int arrived_ = 0;
  bool open_ = false;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_GATE_SCORER_H_
