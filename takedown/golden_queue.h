#ifndef LENSCAP_TAKEDOWN_GOLDEN_QUEUE_H_
#define LENSCAP_TAKEDOWN_GOLDEN_QUEUE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "takedown/golden_cases.h"
#include "takedown/queue.h"

namespace lenscap {

// A queue that gives a share of the leases to golden cases: they wait in a
// queue of their own, and whoever holds one claims, reads and decides it as any
// other case. What counts, tells, lists and accounts for cases (Events,
// ForEach, List, Stats, ...) knows nothing of them. Thread-safe.
class GoldenQueue final : public TakedownQueue {
 public:
  struct Options {
    std::unique_ptr<TakedownQueue> real;
    std::unique_ptr<TakedownQueue> shown;  // Apart (LocalQueueOptions).
    std::unique_ptr<GoldenCases> golden;
    double share = 0;              // Of the leases.
    std::function<double()> draw;  // 0 to 1, anew each time; thread-safe.
  };
  explicit GoldenQueue(Options options) : options_(std::move(options)) {}

  // Of a case that is decided; FAILED_PRECONDITION for another. As
  // GoldenCases::Add otherwise.
  absl::StatusOr<v1::GoldenCase> AddGolden(absl::string_view case_id,
                                           v1::Decision::Outcome outcome,
                                           absl::string_view note);
  // With how they were answered.
  absl::StatusOr<std::vector<v1::GoldenCase>> ListGolden() const;
  absl::StatusOr<v1::GoldenCase> RemoveGolden(absl::string_view golden_id);

  // Calls `visit` with each answer of a reviewer in their turn.
  using VisitAnswer = std::function<void(const takedown::GoldenTurn& turn,
                                         const v1::Decision& answer)>;
  absl::Status ForEachAnswer(const VisitAnswer& visit) const;

  // The case whose evidence a golden case is shown with; nothing for a case
  // that is none.
  absl::StatusOr<std::optional<std::string>> OriginalOf(
      absl::string_view case_id) const;

  absl::StatusOr<std::string> Submit(const v1::Case& opened) override {
    return options_.real->Submit(opened);
  }
  using TakedownQueue::LeaseCases;
  absl::StatusOr<std::vector<Lease>> LeaseCases(
      const Reviewer& reviewer, const v1::QueueFilter& filter, int max,
      absl::Duration duration) override;
  absl::StatusOr<Lease> LeaseCase(const Reviewer& reviewer,
                                  absl::string_view case_id,
                                  absl::Duration duration) override {
    return OfCase(case_id).LeaseCase(reviewer, case_id, duration);
  }
  absl::StatusOr<std::vector<v1::LeasedCase>> Claims(
      absl::string_view reviewer) const override;
  absl::StatusOr<absl::Time> Extend(absl::string_view token,
                                    absl::Duration duration) override {
    return OfToken(token).Extend(token, duration);
  }
  absl::Status Release(absl::string_view token) override {
    return OfToken(token).Release(token);
  }
  absl::StatusOr<v1::Case> Rule(absl::string_view token,
                                const Ruling& ruling) override {
    return OfToken(token).Rule(token, ruling);
  }
  absl::StatusOr<v1::Case> Undo(absl::string_view token) override {
    return OfToken(token).Undo(token);
  }
  absl::StatusOr<v1::Case> Hold(absl::string_view token,
                                absl::Duration duration,
                                absl::string_view reason) override {
    return OfToken(token).Hold(token, duration, reason);
  }
  absl::StatusOr<v1::Case> Escalate(absl::string_view token,
                                    absl::string_view reason,
                                    absl::string_view skill) override {
    return OfToken(token).Escalate(token, reason, skill);
  }
  absl::StatusOr<v1::Case> Reassign(const Reassignment& reassignment) override {
    return OfCase(reassignment.case_id).Reassign(reassignment);
  }
  using TakedownQueue::Reopen;
  absl::StatusOr<v1::Case> Reopen(const Reopening& reopening) override {
    return OfCase(reopening.case_id).Reopen(reopening);
  }
  absl::StatusOr<v1::Case> Alert(absl::string_view case_id) override {
    return options_.real->Alert(case_id);
  }
  absl::StatusOr<std::vector<std::string>> Due(absl::Time before,
                                               int limit) const override {
    return options_.real->Due(before, limit);
  }
  absl::StatusOr<BasisChange> Recheck(
      absl::string_view case_id, const WithdrawalOf& withdrawal_of) override {
    return options_.real->Recheck(case_id, withdrawal_of);
  }
  absl::StatusOr<v1::Case> Claimed(absl::string_view token) const override {
    return OfToken(token).Claimed(token);
  }
  absl::StatusOr<v1::Case> Get(absl::string_view case_id) const override {
    return OfCase(case_id).Get(case_id);
  }
  using TakedownQueue::List;
  absl::StatusOr<Page> List(v1::Case::State state,
                            const v1::QueueFilter& filter,
                            const std::vector<std::string>& tenants,
                            absl::string_view after, int limit) const override {
    return options_.real->List(state, filter, tenants, after, limit);
  }
  absl::StatusOr<v1::CaseUpload> Upload(
      absl::string_view content_id) const override;
  absl::StatusOr<UploadPage> Uploads(absl::string_view case_id,
                                     absl::string_view after, int limit,
                                     bool undecided) const override {
    return OfCase(case_id).Uploads(case_id, after, limit, undecided);
  }
  absl::StatusOr<UploadPage> UploadsDecided(absl::string_view case_id,
                                            int version,
                                            absl::string_view after,
                                            int limit) const override {
    return OfCase(case_id).UploadsDecided(case_id, version, after, limit);
  }
  absl::StatusOr<v1::History> Account(absl::string_view tenant,
                                      absl::string_view name) const override;
  absl::StatusOr<v1::History> Group(absl::string_view tenant,
                                    absl::string_view name) const override;
  absl::Status ForEachUpload(const VisitUpload& visit) const override {
    return options_.real->ForEachUpload(visit);
  }
  absl::Status ForEach(const Visit& visit) const override {
    return options_.real->ForEach(visit);
  }
  absl::StatusOr<std::vector<v1::CaseEvent>> Events(
      uint64_t after, int limit, absl::Duration timeout) const override {
    return options_.real->Events(after, limit, timeout);
  }
  absl::StatusOr<v1::StatsReply> Stats() const override {
    return options_.real->Stats();
  }
  absl::StatusOr<int64_t> Purge(absl::Time before) override;
  absl::Duration undo_window() const override {
    return options_.real->undo_window();
  }

 private:
  // The queue that the case, or the claim, is of: the real one for what no
  // queue knows.
  TakedownQueue& OfCase(absl::string_view case_id) const;
  TakedownQueue& OfToken(absl::string_view token) const;
  absl::StatusOr<std::optional<Lease>> LeaseGolden(
      const Reviewer& reviewer, const v1::QueueFilter& filter,
      absl::Duration duration);

  const Options options_;
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_GOLDEN_QUEUE_H_
