#ifndef LENSCAP_INDEX_SAYS_NOTHING_H_
#define LENSCAP_INDEX_SAYS_NOTHING_H_

#include <array>
#include <string>

#include "absl/strings/string_view.h"
#include "fingerprint/hash256.h"
#include "index/clip.h"

namespace lenscap {

// What would match innocent uploads however it came into a list, and is never
// searched: pictures without content, and files that anyone has. Pure.

// Of a picture so plain that its hash is one of few: of white, black, bars.
bool SaysNothing(const Hash256& hash);

// Of the empty file, or no digest at all: all bits 0 or all 1.
bool SaysNothing(const Sha256& sha256);
bool SaysNothing(const Sha1& sha1);
bool SaysNothing(const Md5& md5);

// Whether a frame is to be searched.
bool SaysSomething(const ReferenceFrame& frame, int min_quality);

// Why nothing of the clip is searched; empty where something is.
std::string WhyItSaysNothing(const Clip& clip, int min_quality);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_SAYS_NOTHING_H_
