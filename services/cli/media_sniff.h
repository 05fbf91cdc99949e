#ifndef LENSCAP_SERVICES_CLI_MEDIA_SNIFF_H_
#define LENSCAP_SERVICES_CLI_MEDIA_SNIFF_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace lenscap::cli {

// What the first bytes of a file show it to be. Nothing is decoded: this
// chooses what is worth sending to the decoder, it does not vouch for it.
enum class Content {
  kOther,
  kMedia,     // A video or image in a container that the decoder takes.
  kPdqText,   // Lines of 64 hexadecimal digits, and perhaps a quality.
  kVpdqText,  // Lines of frame number, quality, hash, seconds.
  kHashList,  // A version of a signed list, or anything else in Zstandard.
};

// How much of a file's head is looked at; less is enough for a shorter file.
inline constexpr size_t kSniffBytes = 4096;

// `head` is the file's first kSniffBytes, or all of it.
Content SniffContent(absl::string_view head);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_MEDIA_SNIFF_H_
