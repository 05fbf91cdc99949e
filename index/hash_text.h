#ifndef LENSCAP_INDEX_HASH_TEXT_H_
#define LENSCAP_INDEX_HASH_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/clip.h"

namespace lenscap {

// The text forms that hash lists travel in. Lines end in LF or CRLF; empty
// lines are skipped. At most 1,000,000 frames. INVALID_ARGUMENT names the
// first bad line and what is wrong with it.

// PDQ: 64 hexadecimal digits a line, optionally a comma and the quality (100
// if absent). Image n stands at time n seconds.
absl::StatusOr<std::vector<ReferenceFrame>> ParsePdqText(
    absl::string_view text);

// vPDQ: "frame number,quality,hash,seconds" a line, times not descending.
absl::StatusOr<std::vector<ReferenceFrame>> ParseVpdqText(
    absl::string_view text);
// A frame that stays for more than a second is two lines, of its start and of
// its end: the text has no ranges.
std::string FormatVpdqText(absl::Span<const ReferenceFrame> frames);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_HASH_TEXT_H_
