#include "takedown/queue.h"

#include <utility>

#include "base/digest.h"
#include "google/protobuf/util/time_util.h"

namespace lenscap {
namespace {

// Crockford's base 32: no I, L, O or U.
constexpr char kBase32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int kCaseIdDigits = 26;

absl::Status NothingLeased() {
  return absl::AbortedError("this lease has ended or was handed on");
}

// Whether the lease has ended with a call that returned this.
bool EndsLease(const absl::Status& status) {
  return status.ok() || absl::IsAborted(status);
}

}  // namespace

std::string TakedownQueue::CaseId(absl::string_view content_id) {
  const Sha256 digest = Sha256Of(content_id);
  std::string id = "case-";
  for (int i = 0; i < kCaseIdDigits; ++i) {
    // Five bits from the front, across at most two bytes.
    const int bit = 5 * i;
    const int pair = digest[bit / 8] << 8 | digest[bit / 8 + 1];
    id += kBase32[pair >> (11 - bit % 8) & 31];
  }
  return id;
}

Lease::Lease(TakedownQueue* queue, v1::Case leased, std::string token)
    : queue_(queue), case_(std::move(leased)), token_(std::move(token)) {}

Lease::Lease(Lease&& other) noexcept
    : queue_(std::exchange(other.queue_, nullptr)),
      case_(std::move(other.case_)),
      token_(std::move(other.token_)) {}

Lease& Lease::operator=(Lease&& other) noexcept {
  // What this leased so far is given back as `taken` goes.
  Lease taken(std::move(other));
  std::swap(queue_, taken.queue_);
  std::swap(case_, taken.case_);
  std::swap(token_, taken.token_);
  return *this;
}

Lease::~Lease() {
  // If it was lost, or the disk fails, it runs out by itself.
  if (queue_ != nullptr) queue_->Release(token_).IgnoreError();
}

absl::Status Lease::Extend(absl::Duration duration) {
  if (queue_ == nullptr) return NothingLeased();
  const auto end = queue_->Extend(token_, duration);
  if (!end.ok()) return end.status();
  *case_.mutable_lease_end() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
          absl::ToUnixMicros(*end));
  return absl::OkStatus();
}

absl::StatusOr<v1::Case> Lease::Decide(v1::Decision::Outcome outcome,
                                       absl::string_view note) && {
  if (queue_ == nullptr) return NothingLeased();
  auto decided = queue_->Decide(token_, outcome, note);
  if (EndsLease(decided.status())) queue_ = nullptr;
  return decided;
}

absl::Status Lease::Release() && {
  if (queue_ == nullptr) return NothingLeased();
  absl::Status released = queue_->Release(token_);
  if (EndsLease(released)) queue_ = nullptr;
  return released;
}

std::string Lease::Detach() && {
  queue_ = nullptr;
  return std::move(token_);
}

}  // namespace lenscap
