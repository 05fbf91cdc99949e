#ifndef LENSCAP_INDEX_CLIP_SHELF_H_
#define LENSCAP_INDEX_CLIP_SHELF_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "index/searched_clip.h"

namespace lenscap {

// A file with what is long of many clips, so that it need not be in memory: it
// is mapped, and the system reads what a comparison touches. Without what the
// clip store says of their entries.

using SearchedClips = std::vector<std::shared_ptr<const SearchedClip>>;

// On disk, whole, when it returns OK. `clips` ascend by clip_id.
absl::Status WriteShelf(const std::string& path, const SearchedClips& clips);

// Ascending by clip_id. Errors are those of SealedFile (base/sealed_file.h).
absl::StatusOr<std::vector<SearchedClip>> ReadShelf(const std::string& path);

// Takes over all that the clip store says of an entry.
void CopyEntry(const SearchedClip& from, SearchedClip* to);

// What a clip takes on a shelf.
size_t ShelfBytes(const SearchedClip& clip);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_SHELF_H_
