#ifndef LENSCAP_VERDICT_VERDICT_H_
#define LENSCAP_VERDICT_VERDICT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/clip_match.h"
#include "models/cue.h"
#include "proto/lenscap/v1/policy.pb.h"
#include "proto/lenscap/v1/verdict.pb.h"

namespace lenscap {

// What to do with an upload: every rule of the policy that fits counts, the
// gravest action wins, rules in shadow and matches of lists in shadow only
// leave their mark. Cues alone never block, nor does a match of an entry whose
// issuer asks for a review. Pure and total: any input has a verdict.
v1::Verdict Decide(absl::Span<const ClipMatch> matches, const CueReport& cues,
                   const v1::Policy& policy);

// The verdict on what could not be decoded.
v1::Verdict Unreadable(absl::string_view reason, const v1::Policy& policy);

// 0 to 1000, for the queue: known clips before cues, grave before less grave,
// sure before less sure. Lists in shadow do not count.
int CasePriority(const v1::Verdict& verdict,
                 absl::Span<const ClipMatch> matches);

}  // namespace lenscap

#endif  // LENSCAP_VERDICT_VERDICT_H_
