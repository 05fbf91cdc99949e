#ifndef LENSCAP_SERVICES_PROGRESS_REACTOR_H_
#define LENSCAP_SERVICES_PROGRESS_REACTOR_H_

#include <mutex>
#include <optional>
#include <utility>

#include "services/reactors.h"

namespace lenscap {

// A call that uploads and hears how far it is, then what came of it. `Event` is
// a oneof with a `progress`, and something else as the last one. Deletes
// itself.
template <typename Request, typename Event>
class ProgressReactor
    : public UploadReactor<grpc::ServerBidiReactor<Request, Event>, Request> {
 public:
  void OnWriteDone(bool ok) final {
    {
      std::lock_guard lock(this->mutex_);
      writing_ = false;
      if (this->ended_) return FinishLocked();
      if (probe_ == Probe::kWaits) return WriteProbeLocked();
      if (std::exchange(probe_, Probe::kNone) == Probe::kNone) return;
    }
    this->OnProbeDone(ok);
  }

 protected:
  using Progress = std::decay_t<decltype(std::declval<Event>().progress())>;

  ProgressReactor(CallRooms* rooms, grpc::CallbackServerContext* context,
                  Caller caller)
      : UploadReactor<grpc::ServerBidiReactor<Request, Event>, Request>(
            rooms, context, std::move(caller)) {}

  // What has arrived so far.
  virtual Progress Received() const = 0;

  // Unless the caller has not yet taken the one before; a newer one will come.
  void Send(const Progress& progress) {
    std::lock_guard lock(this->mutex_);
    if (!writing_ && !this->ended_) WriteLocked(progress);
  }

  // Ends the call well, with this as the last event.
  void EndWith(Event last) {
    {
      std::lock_guard lock(this->mutex_);
      last_ = std::move(last);
    }
    this->End(absl::OkStatus());
  }

 private:
  enum class Probe { kNone, kWaits, kIsWritten };

  // Something may have been written before, so the probe is one more message.
  void ProbeLocked() final {
    probe_ = Probe::kWaits;
    if (!writing_) WriteProbeLocked();
  }
  void WriteProbeLocked() {
    probe_ = Probe::kIsWritten;
    WriteLocked(Received());
  }
  void WriteLocked(const Progress& progress) {
    writing_ = true;
    *event_.mutable_progress() = progress;
    this->StartWrite(&event_);
  }

  void FinishLocked() final {
    if (writing_) {  // OnWriteDone comes back here, by force if need be.
      if (this->cancellation_->cancelled()) this->context_->TryCancel();
      return;
    }
    if (last_.has_value() && this->status_.ok()) {
      this->StartWriteAndFinish(&*last_, {}, this->status_);
    } else {
      this->Finish(this->status_);
    }
  }

  bool writing_ = false;        // Guarded by mutex_.
  Probe probe_ = Probe::kNone;  // Guarded by mutex_.
  Event event_;                 // Guarded by writing_.
  std::optional<Event> last_;   // Guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_PROGRESS_REACTOR_H_
