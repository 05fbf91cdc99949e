#include "takedown/second_review.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "base/digest.h"

namespace lenscap {
namespace {

constexpr int kBothReviews = 2;

absl::Time MadeAt(const v1::Decision& decision) {
  return absl::FromUnixSeconds(decision.time().seconds()) +
         absl::Nanoseconds(decision.time().nanos());
}

bool IsSameDecision(const v1::Decision& a, const v1::Decision& b) {
  return a.reviewer() == b.reviewer() && MadeAt(a) == MadeAt(b);
}

}  // namespace

bool IsSampled(absl::string_view case_id, double share) {
  const Sha256 digest = Sha256Of(absl::StrCat("second review of ", case_id));
  uint32_t drawn = 0;
  for (int i = 0; i < 4; ++i) drawn = drawn << 8 | digest[i];
  return static_cast<double>(drawn) < share * 4294967296.0;
}

bool IsUnderReview(const v1::Case& opened) {
  return !opened.reviews().empty() && opened.decisions().empty();
}

bool IsDisputed(const v1::Case& opened) {
  return IsUnderReview(opened) && opened.reviews_size() == kBothReviews;
}

bool AwaitsReview(const v1::Case& opened, double share) {
  return opened.decisions().empty() && opened.rounds().empty() &&
         opened.reviews().empty() && IsSampled(opened.case_id(), share);
}

ReviewStep TakeReview(double share, const v1::Decision& decision,
                      v1::Case& opened) {
  if (AwaitsReview(opened, share)) {
    *opened.add_reviews() = decision;
    return ReviewStep::kHidden;
  }
  if (!IsUnderReview(opened) || IsDisputed(opened)) return ReviewStep::kMade;
  const bool agreed = opened.reviews(0).outcome() == decision.outcome();
  *opened.add_reviews() = decision;
  return agreed ? ReviewStep::kMade : ReviewStep::kHidden;
}

const v1::Decision* PendingReview(const v1::Case& opened,
                                  absl::string_view holder, absl::Time since) {
  if (!IsUnderReview(opened)) return nullptr;
  const v1::Decision& last = *opened.reviews().rbegin();
  const bool own = last.reviewer() == holder && MadeAt(last) >= since;
  return own ? &last : nullptr;
}

void TakeBackReview(const v1::Decision& undone, v1::Case& opened) {
  if (opened.reviews().empty()) return;
  if (IsSameDecision(*opened.reviews().rbegin(), undone)) {
    opened.mutable_reviews()->RemoveLast();
  }
}

void HideReviews(v1::Case& shown) {
  if (IsUnderReview(shown) && !IsDisputed(shown)) shown.clear_reviews();
}

}  // namespace lenscap
