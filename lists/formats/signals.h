#ifndef LENSCAP_LISTS_FORMATS_SIGNALS_H_
#define LENSCAP_LISTS_FORMATS_SIGNALS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fingerprint/hash256.h"
#include "index/clip.h"

namespace lenscap {

// The signals of a clip as text, and back. Errors are INVALID_ARGUMENT and say
// what is wrong with the value; the caller says where it is.

// Sets the clip's digest, told by the number of its digits, of either case:
// 32 for MD5, 40 for SHA-1, 64 for SHA-256. Another digest of that type is an
// error.
absl::Status AddMd5(absl::string_view hex, Clip* clip);
absl::Status AddSha1(absl::string_view hex, Clip* clip);
absl::Status AddSha256(absl::string_view hex, Clip* clip);
// Appends a picture, at one second after the one before (index/hash_text.h).
absl::Status AddPicture(absl::string_view hex, int quality, Clip* clip);
// Sets the frames from python-threatexchange's form of vPDQ: a JSON array of
// "hash,quality,seconds".
absl::Status SetVpdqJson(absl::string_view json, Clip* clip);
std::string FormatVpdqJson(absl::Span<const ReferenceFrame> frames);

// The id of an entry that has none: what it is found by, such as "md5:0123...".
std::string IdOfMd5(const Md5& md5);
std::string IdOfSha1(const Sha1& sha1);
std::string IdOfSha256(const Sha256& sha256);
std::string IdOfPicture(const Hash256& hash);
// Of the clip's frames, MD5, SHA-1 or SHA-256, whichever it has first.
std::string IdOfSignals(const Clip& clip);

// Whether it is a single picture, at no time.
bool IsPicture(const Clip& clip);
// Whether nothing could be compared with the clip.
bool HasNoSignals(const Clip& clip);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_FORMATS_SIGNALS_H_
