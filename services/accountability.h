#ifndef LENSCAP_SERVICES_ACCOUNTABILITY_H_
#define LENSCAP_SERVICES_ACCOUNTABILITY_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "audit/audit_log.h"
#include "base/clock.h"
#include "index/known_clips.h"
#include "services/auditor.h"
#include "services/checkpointer.h"
#include "services/notifier.h"
#include "services/redecision.h"
#include "services/ticker.h"
#include "takedown/queue.h"

namespace lenscap {

// The audit log and what a running server does for it: each second it catches
// up on what nobody waited for, looks at what cases rest on, and signs a
// checkpoint where one is due. Thread-safe.
class Accountability {
 public:
  struct Options {
    std::string directory = {};  // Of the log.
    TakedownQueue* cases = nullptr;
    const KnownClips* lists = nullptr;
    Notifier* news = nullptr;  // Told of cases that are reopened.
    const Clock* clock = Clock::Real();
  };
  // Catches up on what a crash left out. All must outlive it.
  static absl::StatusOr<std::unique_ptr<Accountability>> Open(Options options);
  ~Accountability() { Stop(); }

  // Begins, and ends for good with a last checkpoint. Ended unstarted, it does
  // nothing.
  void Start();
  void Stop();

  // What is done each second.
  void Tick();

  AuditLog& log() { return *log_; }
  Auditor& auditor() { return auditor_; }
  Checkpointer& checkpointer() { return *checkpointer_; }

 private:
  Accountability(Options options, std::unique_ptr<AuditLog> log,
                 std::unique_ptr<Checkpointer> checkpointer);

  const Options options_;
  const std::unique_ptr<AuditLog> log_;
  const std::unique_ptr<Checkpointer> checkpointer_;
  Auditor auditor_;
  Redecision redecision_;  // Of the ticker's thread.
  std::unique_ptr<Ticker> ticker_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_ACCOUNTABILITY_H_
