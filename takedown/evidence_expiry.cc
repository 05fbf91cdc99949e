#include "takedown/evidence_expiry.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "takedown/decided.h"

namespace lenscap {
namespace {

constexpr int kPage = 500;
// Stills are sealed right behind the opening of a case; one that is missing for
// longer is gone.
constexpr absl::Duration kGrace = absl::Hours(1);

enum class Fate { kKeep, kDestroy, kForget };

// Infinitely late while the upload is to be decided.
absl::StatusOr<absl::Time> DecidedAt(const TakedownQueue& cases,
                                     const v1::CaseUpload& upload) {
  if (upload.decisions().empty()) return absl::InfiniteFuture();
  ASSIGN_OR_RETURN(const v1::Case of, cases.Get(upload.case_id()));
  if (!IsDecided(of, AsRecorded(upload))) return absl::InfiniteFuture();
  const auto& time = upload.decisions().rbegin()->time();
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

absl::StatusOr<Fate> FateOf(const EvidenceStore::Kept& kept,
                            const TakedownQueue& cases,
                            const EvidenceTimes& times, absl::Time now) {
  const auto upload = cases.Upload(kept.content_id);
  if (absl::IsNotFound(upload.status())) {
    return now - kept.sealed < kGrace ? Fate::kKeep : Fate::kForget;
  }
  RETURN_IF_ERROR(upload.status());
  if (kept.destroyed) return Fate::kKeep;
  if (now - kept.sealed >= times.at_most) return Fate::kDestroy;
  if (times.in_use.contains(upload->case_id())) return Fate::kKeep;
  ASSIGN_OR_RETURN(const absl::Time decided, DecidedAt(cases, *upload));
  return now - decided >= times.after_decision ? Fate::kDestroy : Fate::kKeep;
}

}  // namespace

absl::StatusOr<EvidenceExpired> ExpireEvidence(EvidenceStore& evidence,
                                               const TakedownQueue& cases,
                                               const EvidenceTimes& times,
                                               absl::Time now) {
  EvidenceExpired expired;
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<EvidenceStore::Kept> page,
                     evidence.List(after, kPage));
    std::vector<std::string> destroyed, forgotten;
    for (const EvidenceStore::Kept& kept : page) {
      ASSIGN_OR_RETURN(const Fate fate, FateOf(kept, cases, times, now));
      if (fate == Fate::kDestroy) destroyed.push_back(kept.content_id);
      if (fate == Fate::kForget) forgotten.push_back(kept.content_id);
    }
    RETURN_IF_ERROR(evidence.Destroy(destroyed));
    RETURN_IF_ERROR(evidence.Forget(forgotten));
    expired.destroyed += std::ssize(destroyed);
    expired.forgotten += std::ssize(forgotten);
    if (page.size() < kPage) return expired;
    after = page.back().content_id;
  }
}

}  // namespace lenscap
