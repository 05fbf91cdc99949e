#ifndef LENSCAP_INDEX_FIND_COPIES_H_
#define LENSCAP_INDEX_FIND_COPIES_H_

#include <vector>

#include "index/clip.h"
#include "index/clip_match.h"
#include "index/matcher.h"
#include "index/search_state.h"

namespace lenscap {

// The clips that are in the upload, best first: whole files, then footage, then
// scenes. Looked for in the whole picture (index/matcher.h) and its negative,
// in each part of the picture, where details of the picture point to
// (index/match_sighting.h), and by the scenes' own hashes. What is found twice
// is told once, as it was found best. At most 256 matches. Pure.
std::vector<ClipMatch> FindCopies(const SearchState& state,
                                  const UploadFingerprint& upload,
                                  const MatchOptions& options);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_FIND_COPIES_H_
