#ifndef LENSCAP_TAKEDOWN_QUEUE_H_
#define LENSCAP_TAKEDOWN_QUEUE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "takedown/basis.h"

namespace lenscap {

class TakedownQueue;

// Who claims: what they are offered depends on it.
struct Reviewer {
  std::string name;                         // 1 to 256 bytes.
  std::vector<std::string> skills = {};     // What cases may ask for.
  std::vector<std::string> languages = {};  // BCP 47; none means any.
  std::vector<std::string> tenants = {};    // None means all.
  bool oversees = false;  // An administrator, whatever a case asks for.
};

// What uploads of a case are decided to be.
struct Ruling {
  v1::Decision::Outcome outcome = v1::Decision::OUTCOME_UNSPECIFIED;
  std::string note = {};      // Kept with the decision.
  std::string feedback = {};  // What the issuers of the lists are told.
  // At most 1,000; none means all that are undecided.
  std::vector<std::string> content_ids = {};
};

// Who is to decide on a case from now on; nobody in particular where `reviewer`
// is empty. Whoever does not oversee gives away what waits, or what they prove
// by `token` to have claimed.
struct Reassignment {
  std::string case_id;
  std::string token = {};
  std::string reviewer = {};
  bool oversees = false;
};

// An appeal against the decision on an upload.
struct Reopening {
  // One of the two may be empty: the upload may be the case's only one, and the
  // case that which the upload is in.
  std::string case_id = {};
  std::string content_id = {};
  std::string statement;
  std::string by = {};  // Who calls; empty where it is not known.
};

// A claim on one case, settled once. Move-only. Destroyed unsettled, it gives
// the case back; the queue must outlive it. Not thread-safe.
class Lease {
 public:
  Lease(TakedownQueue* queue, v1::Case leased, std::string token);
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();

  const v1::Case& leased() const { return case_; }

  // From now. ABORTED if the lease was lost meanwhile.
  absl::Status Extend(absl::Duration duration);
  // The case as decided. ABORTED if the lease was lost meanwhile.
  absl::StatusOr<v1::Case> Decide(v1::Decision::Outcome outcome,
                                  absl::string_view note) &&;
  absl::Status Release() &&;
  // Hands the claim to a holder elsewhere, who proves it with this token.
  std::string Detach() &&;

 private:
  TakedownQueue* queue_ =
      nullptr;  // Null once settled, given back or detached.
  v1::Case case_;
  std::string token_;
};

// The durable queue of takedown cases; see proto/lenscap/v1/takedown.proto for
// what each call promises. Whatever a call acknowledges survives a crash.
// Thread-safe.
class TakedownQueue {
 public:
  virtual ~TakedownQueue() = default;

  // The id of the case that this content opens, where it does open one. Which
  // case it is in, Upload() says.
  static std::string CaseId(absl::string_view content_id);

  // Takes an upload into the case that it belongs to (takedown/grouping.h), or
  // opens one. Of `opened` it takes content id, account, group, tenant,
  // platform class, kind, language, priority, report, listing, retrospective,
  // reported, CASE_QUEUE_VICTIM_REPORT as the queue, as `shared` the camera
  // where it is grouped by that, and as `case_id` a case that it joins rather
  // than any but that of a list entry, if that is of its tenant and takes more;
  // other fields are ignored. An upload that is known stays as it is. Returns
  // the id of its case either way.
  virtual absl::StatusOr<std::string> Submit(const v1::Case& opened) = 0;

  // Up to `max` claims for the reviewer, of what the filter allows; none if
  // nothing of it waits. A reviewer is never given an appeal against their own
  // decision, nor what they have escalated.
  virtual absl::StatusOr<std::vector<Lease>> LeaseCases(
      const Reviewer& reviewer, const v1::QueueFilter& filter, int max,
      absl::Duration duration) = 0;
  absl::StatusOr<std::vector<Lease>> LeaseCases(absl::string_view reviewer,
                                                int max,
                                                absl::Duration duration) {
    return LeaseCases(Reviewer{.name = std::string(reviewer)}, {}, max,
                      duration);
  }

  // This case. FAILED_PRECONDITION unless it waits and the reviewer may be
  // offered it.
  virtual absl::StatusOr<Lease> LeaseCase(const Reviewer& reviewer,
                                          absl::string_view case_id,
                                          absl::Duration duration) = 0;
  // What the reviewer of this name has claimed, what is on hold too.
  virtual absl::StatusOr<std::vector<v1::LeasedCase>> Claims(
      absl::string_view reviewer) const = 0;

  // By token, as Lease does it. INVALID_ARGUMENT for what is no token.
  virtual absl::StatusOr<absl::Time> Extend(absl::string_view token,
                                            absl::Duration duration) = 0;
  virtual absl::Status Release(absl::string_view token) = 0;
  virtual absl::StatusOr<v1::Case> Rule(absl::string_view token,
                                        const Ruling& ruling) = 0;
  absl::StatusOr<v1::Case> Decide(absl::string_view token,
                                  v1::Decision::Outcome outcome,
                                  absl::string_view note) {
    return Rule(token, {.outcome = outcome, .note = std::string(note)});
  }

  // How long a decision can be taken back.
  virtual absl::Duration undo_window() const = 0;

  // See TakedownService for what each promises.
  virtual absl::StatusOr<v1::Case> Undo(absl::string_view token) = 0;
  virtual absl::StatusOr<v1::Case> Hold(absl::string_view token,
                                        absl::Duration duration,
                                        absl::string_view reason) = 0;
  virtual absl::StatusOr<v1::Case> Escalate(absl::string_view token,
                                            absl::string_view reason,
                                            absl::string_view skill) = 0;
  virtual absl::StatusOr<v1::Case> Reassign(
      const Reassignment& reassignment) = 0;
  // An appeal. FAILED_PRECONDITION if the upload is not decided on.
  virtual absl::StatusOr<v1::Case> Reopen(const Reopening& reopening) = 0;
  absl::StatusOr<v1::Case> Reopen(absl::string_view case_id,
                                  absl::string_view statement,
                                  absl::string_view by) {
    return Reopen(Reopening{.case_id = std::string(case_id),
                            .statement = std::string(statement),
                            .by = std::string(by)});
  }
  absl::StatusOr<v1::Case> Appeal(absl::string_view case_id,
                                  absl::string_view statement) {
    return Reopen(case_id, statement, "");
  }

  // Gives the next warning of a clock that is due (takedown/clocks.h): notes it
  // in the case, raises its priority and tells of it. FAILED_PRECONDITION where
  // none is due.
  virtual absl::StatusOr<v1::Case> Alert(absl::string_view case_id) = 0;
  // Up to `limit` open cases whose next deadline is before `before`, the
  // earliest first.
  virtual absl::StatusOr<std::vector<std::string>> Due(absl::Time before,
                                                       int limit) const = 0;

  // Brings what the case rests on up to date (takedown/basis.h): marks and, by
  // "system", reopens it, at once or not at all. A decision that is made at the
  // same moment may undo a mark, which the next call makes again.
  virtual absl::StatusOr<BasisChange> Recheck(
      absl::string_view case_id, const WithdrawalOf& withdrawal_of) = 0;

  // The case that the token claims or, once it has settled it, the settled one.
  // ABORTED if the lease was lost.
  virtual absl::StatusOr<v1::Case> Claimed(absl::string_view token) const = 0;

  virtual absl::StatusOr<v1::Case> Get(absl::string_view case_id) const = 0;

  struct Page {
    std::vector<v1::Case> cases;
    std::string next;  // The cursor of the next page; "" at the end.
  };
  // What the filter and the tenants (none means all) let through.
  virtual absl::StatusOr<Page> List(v1::Case::State state,
                                    const v1::QueueFilter& filter,
                                    const std::vector<std::string>& tenants,
                                    absl::string_view after,
                                    int limit) const = 0;
  absl::StatusOr<Page> List(v1::Case::State state, absl::string_view after,
                            int limit) const {
    return List(state, {}, {}, after, limit);
  }

  // The upload, with the decisions on it, whichever case it is in. NOT_FOUND
  // where none has joined a case.
  virtual absl::StatusOr<v1::CaseUpload> Upload(
      absl::string_view content_id) const = 0;

  // The uploads of a case in order of joining, after the cursor `after` ("" for
  // the first); those without a decision alone where `undecided`. A page may be
  // shorter than `limit` before the end.
  struct UploadPage {
    std::vector<v1::CaseUpload> uploads;
    std::string next;  // The cursor of the next page; "" at the end.
  };
  virtual absl::StatusOr<UploadPage> Uploads(absl::string_view case_id,
                                             absl::string_view after, int limit,
                                             bool undecided) const = 0;
  // Those that the decision `version` of the case, from 1, is on.
  virtual absl::StatusOr<UploadPage> UploadsDecided(absl::string_view case_id,
                                                    int version,
                                                    absl::string_view after,
                                                    int limit) const = 0;

  // What is known of an account, and of a group. NOT_FOUND where nothing is.
  virtual absl::StatusOr<v1::History> Account(absl::string_view tenant,
                                              absl::string_view name) const = 0;
  virtual absl::StatusOr<v1::History> Group(absl::string_view tenant,
                                            absl::string_view name) const = 0;

  // Calls `visit` with every upload and its case, case by case, as of one
  // moment, until it returns an error, which is passed on.
  using VisitUpload =
      std::function<absl::Status(const v1::Case&, const v1::CaseUpload&)>;
  virtual absl::Status ForEachUpload(const VisitUpload& visit) const = 0;

  // Calls `visit` with every case, as of one moment and in order of arrival,
  // until it returns an error, which is passed on.
  using Visit = std::function<absl::Status(const v1::Case&)>;
  virtual absl::Status ForEach(const Visit& visit) const = 0;

  // Up to `limit` events after `after`, oldest first; waits for the first one
  // until `timeout` has passed.
  virtual absl::StatusOr<std::vector<v1::CaseEvent>> Events(
      uint64_t after, int limit, absl::Duration timeout) const = 0;

  virtual absl::StatusOr<v1::StatsReply> Stats() const = 0;

  // Forgets cases decided or given up before `before`, and events before it.
  // Returns how many cases went.
  virtual absl::StatusOr<int64_t> Purge(absl::Time before) = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_QUEUE_H_
