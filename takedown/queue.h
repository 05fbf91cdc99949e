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

  // Opens a case for the content id, account, group, priority and report of
  // `opened`; other fields are ignored. If one is there it is left as it is.
  // Returns its id either way.
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

  // An appeal, by the name of who calls; "" where it is not known.
  virtual absl::StatusOr<v1::Case> Reopen(absl::string_view case_id,
                                          absl::string_view statement,
                                          absl::string_view by) = 0;
  absl::StatusOr<v1::Case> Appeal(absl::string_view case_id,
                                  absl::string_view statement) {
    return Reopen(case_id, statement, "");
  }

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
  virtual absl::StatusOr<Page> List(v1::Case::State state,
                                    absl::string_view after,
                                    int limit) const = 0;

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
