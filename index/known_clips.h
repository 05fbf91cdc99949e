#ifndef LENSCAP_INDEX_KNOWN_CLIPS_H_
#define LENSCAP_INDEX_KNOWN_CLIPS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "index/clip.h"
#include "index/clip_match.h"
#include "index/clip_matcher.h"
#include "index/list_update.h"

namespace lenscap {

// The known leaked clips: a durable store of lists (RocksDB is the truth) and
// the search structure in memory, which is built from it and saved beside it
// from time to time, so that a start takes seconds. A publish or a
// withdrawal is on disk, and part of every Match that starts later, once it
// returns; Match never waits for either. Thread-safe. One process at a time
// per directory; the format is documented in index/FORMAT.md.
class KnownClips : public ClipMatcher {
 public:
  struct Options {
    std::string directory;
    const Clock* clock = Clock::Real();  // Must outlive this.
    // The convention of PDQ's users: a frame matches within 31 bits, if its
    // quality is at least 50.
    int max_distance = 31;
    int min_quality = 50;
    // What an update holds in memory before it goes to the disk: so much of
    // what waits for its ids, and of what is to be written.
    size_t update_run_bytes = 32 << 20;
  };

  struct PublishResult {
    uint64_t clip_id = 0;
    int64_t list_version = 0;
    int64_t frames = 0;           // That are searched.
    int64_t frames_left_out = 0;  // Of too low a quality to be searched.
    bool changed = false;         // False if the same content was there.
  };

  struct WithdrawResult {
    int64_t list_version = 0;
    int64_t entries_withdrawn = 0;
  };

  // FAILED_PRECONDITION where another process has the directory open, DATA_LOSS
  // where it is damaged.
  static absl::StatusOr<std::unique_ptr<KnownClips>> Open(Options options);

  // OK where Open found the search structure as it was saved; otherwise why it
  // was built anew from the store (NOT_FOUND where none was saved).
  virtual absl::Status rebuilt_because() const = 0;
  // Of the last save of the search structure, OK before any. Where it failed
  // a start takes longer; nothing is lost.
  virtual absl::Status save_status() const = 0;

  // Makes an empty list at version 0; OK if it is there with the same issuer,
  // ALREADY_EXISTS with another.
  virtual absl::Status CreateList(absl::string_view list_id,
                                  absl::string_view issuer) = 0;

  // NOT_FOUND for an unknown list, ALREADY_EXISTS for a known entry with other
  // content, INVALID_ARGUMENT, naming the field, for a clip that breaks the
  // bounds in index/clip.h or that nothing could ever match.
  // FAILED_PRECONDITION for a signed list, as for what withdraws from one.
  virtual absl::StatusOr<PublishResult> Publish(
      const Clip& clip, absl::string_view actor = {}) = 0;

  // All of them or, where one is not in the list (NOT_FOUND, naming it), none.
  virtual absl::StatusOr<WithdrawResult> Withdraw(
      absl::string_view list_id, const std::vector<std::string>& entry_ids,
      absl::string_view reason, absl::string_view actor = {}) = 0;
  virtual absl::StatusOr<WithdrawResult> WithdrawAll(
      absl::string_view list_id, absl::string_view reason,
      absl::string_view actor = {}) = 0;

  // Applies a version of a signed list, or rolls one back: whole, or not at
  // all. On disk and searched when it returns; a crash on the way leaves what
  // was there before. Needs memory for what is searched, not for the list.
  // Updates come one at a time, and publications to other lists go on
  // meanwhile. FAILED_PRECONDITION where the version does not follow on the
  // list's head, or the list is not a signed one; INVALID_ARGUMENT, naming the
  // entry, for changes that do not fit the list (index/list_update.h);
  // DATA_LOSS where `content` does not come out; ABORTED where the list was
  // held, expired or put into another mode meanwhile: try again.
  virtual absl::StatusOr<ListUpdateResult> Update(
      const ListUpdate& update, EntryChangeSource& changes,
      const ListUpdateHooks& hooks) = 0;

  // Takes entries out of the search, or back into it, without taking them out
  // of their list: all or, where one is not in the list (NOT_FOUND), none.
  // They stay held while later versions leave them as they are. What says
  // nothing cannot be released (FAILED_PRECONDITION).
  virtual absl::StatusOr<ListInfo> HoldEntries(
      absl::string_view list_id, const std::vector<std::string>& entry_ids,
      absl::string_view reason, absl::string_view actor) = 0;
  virtual absl::StatusOr<ListInfo> ReleaseEntries(
      absl::string_view list_id, const std::vector<std::string>& entry_ids,
      absl::string_view reason, absl::string_view actor) = 0;
  virtual absl::StatusOr<ListInfo> SetMode(absl::string_view list_id,
                                           ListMode mode,
                                           absl::string_view reason,
                                           absl::string_view actor) = 0;

  // Withdraws the entries that have expired, and puts lists that have into
  // shadow; a list of which a version is being applied is left to the next
  // time. To be called at least once a minute. Returns what was withdrawn; an
  // error where nothing was.
  struct Expired {
    std::string list_id;
    std::vector<std::string> entry_ids;
  };
  virtual absl::StatusOr<std::vector<Expired>> Expire() = 0;

  // Every clip with a smaller id is searched or was withdrawn; clips that are
  // published from now on have this id or a greater one.
  virtual uint64_t NextClipId() const = 0;

  // The clips with ids from `first` on and below `end` that are searched, not
  // held, and in active lists of the purpose kKnownClips, as of one moment.
  // Without their keypoints; their frames are shared, not copied. Where they
  // would be more than `most_frames`, each clip counted as one frame more, it
  // stops before, at a greater id than `first`: at least one is in it, however
  // large. Reads nothing of the store; takes some 100 bytes for each so
  // counted.
  struct ClipRange {
    std::shared_ptr<const ClipMatcher> clips;  // Null for none.
    uint64_t end = 0;                          // Half-open; at most as asked.
  };
  virtual ClipRange ActiveClips(uint64_t first, uint64_t end,
                                int64_t most_frames) const = 0;

  virtual std::vector<ListInfo> Lists() const = 0;
  virtual absl::StatusOr<ListInfo> GetList(absl::string_view list_id) const = 0;

  // Entries whose id is greater than `after`, in order of id, at most `limit`.
  virtual absl::StatusOr<std::vector<EntryInfo>> Entries(
      absl::string_view list_id, absl::string_view after, int limit) const = 0;

  // Calls `visit` with every clip of the list, as of one moment, in order of
  // entry id, until it returns an error, which is passed on.
  virtual absl::Status ForEachClip(
      absl::string_view list_id,
      const std::function<absl::Status(const EntryInfo&, const Clip&)>& visit)
      const = 0;

  // What changed, newest first, at most `limit`.
  virtual absl::StatusOr<std::vector<ListChange>> History(
      absl::string_view list_id, int limit) const = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_KNOWN_CLIPS_H_
