#ifndef LENSCAP_INDEX_CLIP_CHECK_H_
#define LENSCAP_INDEX_CLIP_CHECK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "index/clip.h"

namespace lenscap {

// Each answers INVALID_ARGUMENT with a message that begins with the name of
// the field, and says what is expected and what came instead.

absl::Status CheckListId(absl::string_view list_id);
absl::Status CheckEntryId(absl::string_view entry_id);
// 1 to kMaxIssuerBytes bytes.
absl::Status CheckIssuer(absl::string_view issuer);
// 1 to kMaxReasonBytes bytes.
absl::Status CheckReason(absl::string_view reason);

absl::Status CheckTerms(const EntryTerms& terms);
absl::Status CheckListTerms(const ListTerms& terms);

// The bounds in index/clip.h.
absl::Status CheckClipBounds(const Clip& clip);

// Also that something could match: a digest, or a frame of at least
// `min_quality`. Whether that says anything is index/says_nothing.h's.
absl::Status CheckClip(const Clip& clip, int min_quality);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_CHECK_H_
