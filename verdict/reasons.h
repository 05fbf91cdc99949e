#ifndef LENSCAP_VERDICT_REASONS_H_
#define LENSCAP_VERDICT_REASONS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/time_span.h"
#include "index/clip_match.h"
#include "models/cue.h"

namespace lenscap {

// What a verdict tells a reviewer: one sentence each, printable whatever the
// input holds. Pure functions.

// Which rule fits, who was found, where, and how near.
std::string MatchReason(const ClipMatch& match, absl::string_view rule);
std::string CueReason(const Cue& cue, absl::string_view rule);
std::string UnreadableReason(absl::string_view error);

// A name or an id within a sentence: in quotes, without control characters.
std::string QuotedForReason(absl::string_view utf8);

// "m:ss.s", as players show it; hours count as minutes.
std::string ClockTime(absl::Duration time);

}  // namespace lenscap

#endif  // LENSCAP_VERDICT_REASONS_H_
