#ifndef LENSCAP_INDEX_KNOWN_CLIPS_IMPL_H_
#define LENSCAP_INDEX_KNOWN_CLIPS_IMPL_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/group_commit.h"
#include "index/clip_store.h"
#include "index/clip_store_update.h"
#include "index/known_clips.h"
#include "index/live_search.h"
#include "index/matcher.h"
#include "index/search_state.h"
#include "index/store_saver.h"

namespace lenscap {

// When the next entry of each list expires; perhaps too early. Thread-safe.
class NextExpiries {
 public:
  void Add(const std::string& list_id, absl::Time expires);
  // Forgets and returns it.
  absl::Time Take(const std::string& list_id);

 private:
  std::mutex mutex_;
  std::map<std::string, absl::Time> next_;
};

// The list of which a version is being applied. Thread-safe.
class ListUnderWay {
 public:
  bool Is(absl::string_view list_id) const {
    std::lock_guard lock(mutex_);
    return list_id_ == list_id;
  }

 private:
  friend class UpdatedList;
  void Set(std::string list_id) {
    std::lock_guard lock(mutex_);
    list_id_ = std::move(list_id);
  }

  mutable std::mutex mutex_;
  std::string list_id_;
};

// Says so while it lives.
class UpdatedList {
 public:
  UpdatedList(std::string list_id, ListUnderWay* under_way)
      : under_way_(under_way) {
    under_way_->Set(std::move(list_id));
  }
  ~UpdatedList() { under_way_->Set(""); }
  UpdatedList(const UpdatedList&) = delete;

 private:
  ListUnderWay* const under_way_;
};

// What KnownClips::Open gives. Every change goes through CommitGroup, one group
// at a time: first on disk, then searched, then acknowledged.
class KnownClipsImpl final : public KnownClips {
 public:
  KnownClipsImpl(Options options, std::unique_ptr<ClipStore> store,
                 std::string store_id);

  // Before anything else.
  absl::Status Load();

  absl::Status rebuilt_because() const override { return rebuilt_because_; }
  absl::Status save_status() const override { return saver_.status(); }

  std::vector<ClipMatch> Match(const UploadFingerprint& upload) const override;
  std::vector<PictureSighting> FindSightings(
      absl::Span<const Keypoint> keypoints, absl::Span<const Keypoint> mirrored,
      double width) const override;
  bool KnowsDetails() const override;
  bool HasFrameLike(const DihedralPdq& picture) const override;
  std::vector<Lookalike> FindLookalikes(
      const DihedralPdq& picture) const override;

  absl::Status CreateList(absl::string_view list_id,
                          absl::string_view issuer) override;
  absl::StatusOr<PublishResult> Publish(const Clip& clip,
                                        absl::string_view actor) override;
  absl::StatusOr<WithdrawResult> Withdraw(
      absl::string_view list_id, const std::vector<std::string>& entry_ids,
      absl::string_view reason, absl::string_view actor) override;
  absl::StatusOr<WithdrawResult> WithdrawAll(absl::string_view list_id,
                                             absl::string_view reason,
                                             absl::string_view actor) override;

  absl::StatusOr<ListUpdateResult> Update(
      const ListUpdate& update, EntryChangeSource& changes,
      const ListUpdateHooks& hooks) override;
  absl::StatusOr<ListInfo> HoldEntries(
      absl::string_view list_id, const std::vector<std::string>& entry_ids,
      absl::string_view reason, absl::string_view actor) override;
  absl::StatusOr<ListInfo> ReleaseEntries(
      absl::string_view list_id, const std::vector<std::string>& entry_ids,
      absl::string_view reason, absl::string_view actor) override;
  absl::StatusOr<ListInfo> SetMode(absl::string_view list_id, ListMode mode,
                                   absl::string_view reason,
                                   absl::string_view actor) override;
  absl::StatusOr<std::vector<Expired>> Expire() override;

  uint64_t NextClipId() const override { return searched_below_; }
  ClipRange ActiveClips(uint64_t first, uint64_t end,
                        int64_t most_frames) const override;
  std::vector<ListInfo> Lists() const override;
  absl::StatusOr<ListInfo> GetList(absl::string_view list_id) const override;
  absl::StatusOr<std::vector<EntryInfo>> Entries(absl::string_view list_id,
                                                 absl::string_view after,
                                                 int limit) const override;
  absl::Status ForEachClip(
      absl::string_view list_id,
      const std::function<absl::Status(const EntryInfo&, const Clip&)>& visit)
      const override;
  absl::StatusOr<std::vector<ListChange>> History(absl::string_view list_id,
                                                  int limit) const override;

 private:
  // Either `apply`, together with others, or `alone`.
  struct Change {
    std::function<absl::Status(ClipStore::Transaction&, SearchChange*)> apply;
    std::function<absl::Status(SearchChange*)> alone;
    absl::Status status = absl::OkStatus();
  };

  absl::Status Commit(size_t frames, decltype(Change::apply) apply);
  absl::Status CommitAlone(decltype(Change::alone) alone);
  void CommitGroup(const std::vector<Change*>& group);
  absl::StatusOr<WithdrawResult> CommitWithdrawal(
      const std::function<absl::StatusOr<ClipStore::Withdrawn>(
          ClipStore::Transaction&)>& withdraw);

  MatchOptions match_options() const {
    return {.max_distance = options_.max_distance,
            .min_quality = options_.min_quality};
  }

  // What was saved, with what the store has had since then.
  absl::StatusOr<SearchState> LoadSaved(const std::vector<ListInfo>& lists);
  absl::StatusOr<SearchState> LoadStored(const std::vector<ListInfo>& lists);

  absl::Status CheckEntryIds(const std::vector<std::string>& entry_ids) const;
  absl::StatusOr<ListInfo> SetHold(absl::string_view list_id,
                                   const std::vector<std::string>& entry_ids,
                                   Hold to, absl::string_view reason,
                                   absl::string_view actor);
  // What an update makes of the search.
  struct Changes {
    std::vector<std::shared_ptr<SearchedClip>> added;  // Numbered from 1.
    std::vector<uint32_t> removed;
    absl::Time expires = absl::InfiniteFuture();  // The first that is added.
  };
  absl::StatusOr<Changes> ReadChanges(const ListUpdate& update,
                                      EntryChangeSource& source,
                                      const ListUpdateHooks& hooks,
                                      ClipStore::Update* applied);
  absl::StatusOr<ListUpdateHooks::Review> ReviewOf(
      const ListUpdate& update, const ListUpdateHooks& hooks,
      const std::optional<ListInfo>& before, const Changes& changes,
      const ListUpdateResult& result) const;
  absl::Status ExpireEntries(const std::string& list_id, absl::Time now,
                             Expired* expired);

  const Options options_;
  const std::unique_ptr<ClipStore> store_;
  absl::Status rebuilt_because_;
  NextExpiries expiries_;
  StoreSaver saver_;
  LiveSearch search_;
  // Not the store's next id: what is committed is searched a little later.
  std::atomic<uint64_t> searched_below_ = 1;
  GroupCommit<Change> changes_;
  std::mutex updates_;  // Held while a version is applied.
  ListUnderWay updating_;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_KNOWN_CLIPS_IMPL_H_
