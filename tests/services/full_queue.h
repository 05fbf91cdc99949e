#ifndef LENSCAP_TESTS_SERVICES_FULL_QUEUE_H_
#define LENSCAP_TESTS_SERVICES_FULL_QUEUE_H_

#include <atomic>
#include <string>
#include <vector>

#include "takedown/queue.h"

namespace lenscap {

// An empty queue of cases whose disk is full.
class FullQueue final : public TakedownQueue {
 public:
  absl::StatusOr<std::string> Submit(const v1::Case&) override {
    ++submits;
    return absl::ResourceExhaustedError("the disk is full");
  }
  absl::StatusOr<std::vector<Lease>> LeaseCases(const Reviewer&,
                                                const v1::QueueFilter&, int,
                                                absl::Duration) override {
    return Unused();
  }
  absl::StatusOr<absl::Time> Extend(absl::string_view,
                                    absl::Duration) override {
    return Unused();
  }
  absl::Status Release(absl::string_view) override { return Unused(); }
  absl::StatusOr<v1::Case> Rule(absl::string_view, const Ruling&) override {
    return Unused();
  }
  absl::StatusOr<Lease> LeaseCase(const Reviewer&, absl::string_view,
                                  absl::Duration) override {
    return Unused();
  }
  absl::StatusOr<std::vector<v1::LeasedCase>> Claims(
      absl::string_view) const override {
    return Unused();
  }
  absl::Duration undo_window() const override { return absl::ZeroDuration(); }
  absl::StatusOr<v1::Case> Undo(absl::string_view) override { return Unused(); }
  absl::StatusOr<v1::Case> Hold(absl::string_view, absl::Duration,
                                absl::string_view) override {
    return Unused();
  }
  absl::StatusOr<v1::Case> Escalate(absl::string_view, absl::string_view,
                                    absl::string_view) override {
    return Unused();
  }
  absl::StatusOr<v1::Case> Reassign(const Reassignment&) override {
    return Unused();
  }
  absl::StatusOr<v1::Case> Reopen(const Reopening&) override {
    return Unused();
  }
  absl::StatusOr<v1::Case> Alert(absl::string_view) override {
    return Unused();
  }
  absl::StatusOr<std::vector<std::string>> Due(absl::Time, int) const override {
    return Unused();
  }
  absl::StatusOr<v1::History> Account(absl::string_view,
                                      absl::string_view) const override {
    return Unused();
  }
  absl::StatusOr<v1::History> Group(absl::string_view,
                                    absl::string_view) const override {
    return Unused();
  }
  absl::StatusOr<v1::Case> Claimed(absl::string_view) const override {
    return Unused();
  }
  absl::StatusOr<BasisChange> Recheck(absl::string_view,
                                      const WithdrawalOf&) override {
    return Unused();
  }
  absl::StatusOr<v1::CaseUpload> Upload(absl::string_view) const override {
    return absl::NotFoundError("there are no uploads");
  }
  absl::StatusOr<UploadPage> Uploads(absl::string_view, absl::string_view, int,
                                     bool) const override {
    return Unused();
  }
  absl::StatusOr<UploadPage> UploadsDecided(absl::string_view, int,
                                            absl::string_view,
                                            int) const override {
    return Unused();
  }
  absl::Status ForEachUpload(const VisitUpload&) const override {
    return Unused();
  }
  absl::Status ForEach(const Visit&) const override { return Unused(); }
  absl::StatusOr<v1::Case> Get(absl::string_view) const override {
    return absl::NotFoundError("there are no cases");
  }
  absl::StatusOr<Page> List(v1::Case::State, const v1::QueueFilter&,
                            const std::vector<std::string>&, absl::string_view,
                            int) const override {
    return Unused();
  }
  absl::StatusOr<std::vector<v1::CaseEvent>> Events(
      uint64_t, int, absl::Duration) const override {
    return Unused();
  }
  absl::StatusOr<v1::StatsReply> Stats() const override { return Unused(); }
  absl::StatusOr<int64_t> Purge(absl::Time) override { return Unused(); }

  std::atomic<int> submits = 0;

 private:
  static absl::Status Unused() { return absl::UnimplementedError("unused"); }
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_FULL_QUEUE_H_
