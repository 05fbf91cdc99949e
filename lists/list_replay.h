#ifndef LENSCAP_LISTS_LIST_REPLAY_H_
#define LENSCAP_LISTS_LIST_REPLAY_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "index/list_update.h"
#include "lists/list_file.h"

namespace lenscap {

// One version of a signed list, opened to be read from its start.
struct OpenedList {
  ListEnvelope envelope;
  std::unique_ptr<EntryChangeSource> changes;
};
using OpenListVersion =
    std::function<absl::StatusOr<OpenedList>(int64_t version)>;

// What a version of a list has in force, as a snapshot: made of the last
// snapshot up to it and the deltas since. Reads each file twice and keeps 32
// bytes or so for each entry, and no entry. Not thread-safe.
struct ReplayedList {
  ListEnvelope envelope;                       // Of the version itself.
  std::unique_ptr<EntryChangeSource> entries;  // All kAdd.
};
// NOT_FOUND, as `open` says it, where a version that is needed is not there;
// DATA_LOSS where the versions do not make a list.
absl::StatusOr<ReplayedList> ReplayList(int64_t version, OpenListVersion open);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_LIST_REPLAY_H_
