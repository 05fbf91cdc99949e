#ifndef LENSCAP_TAKEDOWN_LOCAL_QUEUE_IMPL_H_
#define LENSCAP_TAKEDOWN_LOCAL_QUEUE_IMPL_H_

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/lease_queue.h"
#include "takedown/basis.h"
#include "takedown/case_sides.h"
#include "takedown/local_queue.h"
#include "takedown/queue.h"

namespace lenscap {

// The queue of cases over a queue of items, whose payloads are the cases and
// whose side records are their uploads. Every change of a case is made of what
// the case is then, in one revision of its item; so no two of them cross.
class LocalQueue final : public TakedownQueue {
 public:
  LocalQueue(std::unique_ptr<LeaseQueue> items, LocalQueueOptions options)
      : items_(std::move(items)), options_(std::move(options)) {}

  // Gives cases of earlier versions, which had one upload each and no side
  // records, what they lack.
  absl::Status BringUpToDate();

  absl::StatusOr<std::string> Submit(const v1::Case& opened) override;
  using TakedownQueue::LeaseCases;
  absl::StatusOr<std::vector<Lease>> LeaseCases(
      const Reviewer& reviewer, const v1::QueueFilter& filter, int max,
      absl::Duration duration) override;
  absl::StatusOr<Lease> LeaseCase(const Reviewer& reviewer,
                                  absl::string_view case_id,
                                  absl::Duration duration) override;
  absl::StatusOr<std::vector<v1::LeasedCase>> Claims(
      absl::string_view reviewer) const override;
  absl::StatusOr<absl::Time> Extend(absl::string_view token,
                                    absl::Duration duration) override {
    return items_->Extend(token, duration);
  }
  absl::Status Release(absl::string_view token) override {
    return items_->Release(token);
  }
  absl::StatusOr<v1::Case> Rule(absl::string_view token,
                                const Ruling& ruling) override;
  absl::Duration undo_window() const override { return options_.undo_window; }
  absl::StatusOr<v1::Case> Undo(absl::string_view token) override;
  absl::StatusOr<v1::Case> Hold(absl::string_view token,
                                absl::Duration duration,
                                absl::string_view reason) override;
  absl::StatusOr<v1::Case> Escalate(absl::string_view token,
                                    absl::string_view reason,
                                    absl::string_view skill) override;
  absl::StatusOr<v1::Case> Reassign(const Reassignment& reassignment) override;
  using TakedownQueue::Reopen;
  absl::StatusOr<v1::Case> Reopen(const Reopening& reopening) override;
  absl::StatusOr<v1::Case> Alert(absl::string_view case_id) override;
  absl::StatusOr<std::vector<std::string>> Due(absl::Time before,
                                               int limit) const override {
    return items_->Due(before, limit);
  }
  absl::StatusOr<BasisChange> Recheck(
      absl::string_view case_id, const WithdrawalOf& withdrawal_of) override;

  absl::StatusOr<v1::Case> Claimed(absl::string_view token) const override;
  absl::StatusOr<v1::Case> Get(absl::string_view case_id) const override;
  using TakedownQueue::List;
  absl::StatusOr<Page> List(v1::Case::State state,
                            const v1::QueueFilter& filter,
                            const std::vector<std::string>& tenants,
                            absl::string_view after, int limit) const override;
  absl::StatusOr<v1::CaseUpload> Upload(
      absl::string_view content_id) const override;
  absl::StatusOr<UploadPage> Uploads(absl::string_view case_id,
                                     absl::string_view after, int limit,
                                     bool undecided) const override;
  absl::StatusOr<UploadPage> UploadsDecided(absl::string_view case_id,
                                            int version,
                                            absl::string_view after,
                                            int limit) const override;
  absl::StatusOr<v1::History> Account(absl::string_view tenant,
                                      absl::string_view name) const override;
  absl::StatusOr<v1::History> Group(absl::string_view tenant,
                                    absl::string_view name) const override;
  absl::Status ForEachUpload(const VisitUpload& visit) const override;
  absl::Status ForEach(const Visit& visit) const override;
  absl::StatusOr<std::vector<v1::CaseEvent>> Events(
      uint64_t after, int limit, absl::Duration timeout) const override;
  absl::StatusOr<v1::StatsReply> Stats() const override;
  absl::StatusOr<int64_t> Purge(absl::Time before) override;

 private:
  using Item = LeaseQueue::Item;
  using Revision = LeaseQueue::Revision;

  // Changes a case: `change` makes of it what it becomes, and says the rest of
  // the revision; nothing for no change.
  using ChangeCase = std::function<absl::StatusOr<std::optional<Revision>>(
      const Item& item, const CaseSides& sides, v1::Case& changed)>;
  absl::StatusOr<v1::Case> ChangeById(absl::string_view case_id,
                                      const ChangeCase& change);
  absl::StatusOr<v1::Case> ChangeByToken(absl::string_view token,
                                         const ChangeCase& change);

  // Submissions of what may belong together come one after the other.
  static constexpr size_t kStripes = 64;
  using Turns = std::vector<std::unique_lock<std::mutex>>;
  Turns TakeTurn(const v1::Case& fresh);
  // The case that took the upload; none where it belongs to none that takes it.
  // `named` is the case that it asks for, if any.
  absl::StatusOr<std::optional<std::string>> Join(const v1::Case& fresh,
                                                  const std::string& named);
  absl::Status NoteReport(const std::string& case_id,
                          const google::protobuf::Timestamp& reported);
  // Why an upload joins a case: it is the same file, shares what the case is
  // grouped by, or names the case.
  enum class JoinBy { kFile, kGroup, kName };
  absl::StatusOr<bool> JoinCase(const std::string& case_id,
                                const v1::Case& fresh, JoinBy by);
  absl::StatusOr<std::string> Open(v1::Case fresh);
  bool Takes(const v1::Case& opened, JoinBy by, absl::Time now) const;
  // Whether the decision can no longer be taken back.
  bool IsEffective(const v1::Decision& decision, absl::Time now) const;

  double ReviewShare(const Item& item) const;
  v1::Decision DecisionOf(const Ruling& ruling, const Item& item) const;
  Revision AwaitAnother(v1::Case& reviewed) const;
  absl::StatusOr<std::optional<Revision>> Make(const CaseSides& sides,
                                               const Ruling& ruling,
                                               v1::Decision decision,
                                               v1::Case& decided) const;
  absl::StatusOr<std::optional<Revision>> RuleOnSome(const CaseSides& sides,
                                                     const Ruling& ruling,
                                                     v1::Decision& decision,
                                                     v1::Case& decided) const;
  absl::StatusOr<v1::Case> ReopenWhole(const Reopening& reopening,
                                       const UploadPlace& place);
  absl::StatusOr<v1::Case> SplitOff(const Reopening& reopening,
                                    const UploadPlace& place);
  absl::StatusOr<UploadPlace> PlaceOf(const Reopening& reopening) const;
  using Holds = std::function<absl::StatusOr<bool>(const v1::Case&,
                                                   const v1::CaseUpload&)>;
  absl::StatusOr<UploadPage> UploadsThat(absl::string_view case_id,
                                         absl::string_view after, int limit,
                                         const Holds& holds) const;

  const std::unique_ptr<LeaseQueue> items_;
  const LocalQueueOptions options_;
  std::array<std::mutex, kStripes> stripes_;
};

// The bounds that takedown.proto gives.
inline constexpr size_t kMaxCaseNameBytes = 256;
inline constexpr size_t kMaxCaseTextBytes = 4096;
inline constexpr size_t kMaxCaseReasonBytes = 1024;
inline constexpr int kMaxCasePriority = 1000;
// How much an appeal and an escalation raise: somebody waits for the answer.
inline constexpr int kAnswerRaises = 100;
// Who reopens what has lost its basis.
inline constexpr char kSystemActor[] = "system";

// What the case says of the order and the lane it is offered in, for whichever
// change of it: every revision that changes a case has these.
void Place(const v1::Case& changed, LeaseQueue::Revision& revision);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_LOCAL_QUEUE_IMPL_H_
