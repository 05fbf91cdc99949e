#ifndef LENSCAP_TAKEDOWN_SECOND_REVIEW_H_
#define LENSCAP_TAKEDOWN_SECOND_REVIEW_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// Blind second review: of a share of the cases, a second reviewer decides as
// well, without knowing of the first. Where the two agree their decision is
// made; where they differ, a third one who is senior sees both and decides.
// Until then nothing was decided: no event, no outcome, no statement. The
// decisions that are not made yet are in Case.reviews. Pure functions.

// The skill of who decides where two have differed.
inline constexpr char kSeniorSkill[] = "senior";

// Whether the case is one of the share (0 to 1), always the same for an id: a
// share that grows keeps those that it had.
bool IsSampled(absl::string_view case_id, double share);

// Whether a decision on all uploads of the case would be the first of two: the
// case is sampled, and nothing was decided on or put up again before. Decisions
// on some of the uploads are made at once.
bool AwaitsReview(const v1::Case& opened, double share);

// What becomes of a decision.
enum class ReviewStep {
  kMade,    // It is the case's.
  kHidden,  // Another reviewer decides as well.
};
// Of a decision on all uploads. Adds it to the reviews where it is one of two;
// the caller makes it where it is to be made, and else puts the case back.
ReviewStep TakeReview(double share, const v1::Decision& decision,
                      v1::Case& opened);

// Whether a decision has been hidden, so that a further one is waited for.
bool IsUnderReview(const v1::Case& opened);
// Whether two have differed: the case then needs kSeniorSkill.
bool IsDisputed(const v1::Case& opened);
// The review that `holder` gave since `since` and that another one is still
// waited for after; null where there is none.
const v1::Decision* PendingReview(const v1::Case& opened,
                                  absl::string_view holder, absl::Time since);

// Takes the last review back, where it is `undone` or was made as it.
void TakeBackReview(const v1::Decision& undone, v1::Case& opened);

// Takes out of the case what a second reviewer must not know. What two have
// differed on is shown, and what is decided.
void HideReviews(v1::Case& shown);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_SECOND_REVIEW_H_
