#include "index/known_clips.h"

#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/snapshot.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "index/clip_store.h"
#include "index/find_copies.h"
#include "index/group_commit.h"
#include "index/hash_slots.h"
#include "index/live_search.h"
#include "index/matcher.h"
#include "index/saved_search.h"
#include "index/search_state.h"
#include "index/sighting.h"

namespace lenscap {
namespace {

constexpr size_t kMaxWithdrawn = 10'000;
// Frames that are written at a time: some 40 MB.
constexpr size_t kMaxGroupFrames = 1'000'000;

absl::Status CheckOptions(const KnownClips::Options& options) {
  if (options.directory.empty()) {
    return absl::InvalidArgumentError("directory: expected a path, got none");
  }
  if (options.max_distance < 0 || options.max_distance > kMaxSearchRadius) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_distance: expected 0 to ", kMaxSearchRadius, ", got ",
                     options.max_distance));
  }
  if (options.min_quality < 0 || options.min_quality > 100) {
    return absl::InvalidArgumentError(absl::StrCat(
        "min_quality: expected 0 to 100, got ", options.min_quality));
  }
  return absl::OkStatus();
}

MatchOptions ToMatchOptions(const KnownClips::Options& options) {
  return {.max_distance = options.max_distance,
          .min_quality = options.min_quality};
}

// Saves states beside the store that they were made from.
class StoreSaver final : public StateSaver {
 public:
  StoreSaver(const ClipStore* store, std::string store_id, int min_quality,
             const std::string& directory)
      : store_(*store),
        store_id_(std::move(store_id)),
        min_quality_(min_quality),
        saved_(absl::StrCat(directory, "/search")) {}

  absl::StatusOr<SavedSearch::Content> Load() { return saved_.Load(Source()); }
  void Discard() { saved_.Discard(); }

  // A save that failed is tried again when there is something else to save.
  bool IsDue(const SearchState& state) override {
    return SegmentsOf(state) != failed_ && saved_.IsDue(state);
  }

  SearchedClips Save(const SearchState& state) override {
    auto shelved = saved_.Save(state, Source());
    status_.Set(std::make_shared<absl::Status>(shelved.status()));
    failed_ = shelved.ok() ? HammingIndex::Segments() : SegmentsOf(state);
    return shelved.ok() ? *std::move(shelved) : SearchedClips();
  }

  // Of the last save, OK before any.
  absl::Status status() const {
    const auto status = status_.Get();
    return status == nullptr ? absl::OkStatus() : *status;
  }

 private:
  SavedSearch::Source Source() const {
    return {.store_id = store_id_,
            .sequence = store_.Sequence(),
            .min_quality = min_quality_};
  }
  static HammingIndex::Segments SegmentsOf(const SearchState& state) {
    HammingIndex::Segments segments = state.index.segments();
    const HammingIndex::Segments more = state.keypoints.segments();
    segments.insert(segments.end(), more.begin(), more.end());
    return segments;
  }

  const ClipStore& store_;
  const std::string store_id_;
  const int min_quality_;
  SavedSearch saved_;
  HammingIndex::Segments failed_;
  Snapshot<absl::Status> status_;
};

class KnownClipsImpl final : public KnownClips {
 public:
  KnownClipsImpl(Options options, std::unique_ptr<ClipStore> store,
                 std::string store_id)
      : options_(std::move(options)),
        store_(std::move(store)),
        saver_(store_.get(), std::move(store_id), options_.min_quality,
               options_.directory),
        search_(&saver_),
        changes_([this](const auto& group) { CommitGroup(group); },
                 kMaxGroupFrames) {}

  absl::Status Load() {
    SearchChange all;
    ASSIGN_OR_RETURN(all.lists, store_->Lists());
    auto state = LoadSaved(all.lists);
    if (state.ok()) {
      search_.Start(*std::move(state));
      NoteClipIds();
      return absl::OkStatus();
    }
    rebuilt_because_ = state.status();
    saver_.Discard();
    RETURN_IF_ERROR(
        store_->ForEachClip([&](const EntryInfo& entry, const Clip& clip) {
          all.added.push_back(
              MakeSearchedClip(clip, entry.clip_id, options_.min_quality));
          return absl::OkStatus();
        }));
    search_.Start(SearchState().With(all));
    NoteClipIds();
    return absl::OkStatus();
  }

  absl::Status rebuilt_because() const override { return rebuilt_because_; }
  absl::Status save_status() const override { return saver_.status(); }

  std::vector<ClipMatch> Match(const UploadFingerprint& upload) const override {
    return FindCopies(*search_.Get(), upload, ToMatchOptions(options_));
  }

  std::vector<PictureSighting> FindSightings(
      absl::Span<const Keypoint> keypoints, absl::Span<const Keypoint> mirrored,
      double width) const override {
    return lenscap::FindSightings(*search_.Get(), keypoints, mirrored, width);
  }

  bool KnowsDetails() const override {
    return !search_.Get()->keypoints.empty();
  }

  bool HasFrameLike(const DihedralPdq& picture) const override {
    return lenscap::HasFrameLike(*search_.Get(), picture,
                                 options_.max_distance);
  }

  std::vector<Lookalike> FindLookalikes(
      const DihedralPdq& picture) const override {
    return lenscap::FindLookalikes(*search_.Get(), picture,
                                   options_.max_distance);
  }

  absl::Status CreateList(absl::string_view list_id,
                          absl::string_view issuer) override {
    RETURN_IF_ERROR(CheckListId(list_id));
    RETURN_IF_ERROR(CheckIssuer(issuer));
    return Commit(0,
                  [&](ClipStore::Transaction& transaction,
                      SearchChange* search) -> absl::Status {
                    ASSIGN_OR_RETURN(ListInfo list, transaction.CreateList(
                                                        list_id, issuer,
                                                        options_.clock->Now()));
                    search->lists.push_back(std::move(list));
                    return absl::OkStatus();
                  });
  }

  absl::StatusOr<PublishResult> Publish(const Clip& clip,
                                        absl::string_view actor) override {
    (void)actor;
    RETURN_IF_ERROR(CheckClip(clip, options_.min_quality));
    PublishResult result;
    for (const ReferenceFrame& frame : clip.frames) {
      ++(frame.quality < options_.min_quality ? result.frames_left_out
                                              : result.frames);
    }
    RETURN_IF_ERROR(Commit(
        clip.frames.size(),
        [&](ClipStore::Transaction& transaction,
            SearchChange* search) -> absl::Status {
          ASSIGN_OR_RETURN(const auto published,
                           transaction.Publish(clip, options_.clock->Now()));
          result.clip_id = published.entry.clip_id;
          result.list_version = published.list.version;
          result.changed = published.changed;
          if (published.changed) {
            search->lists.push_back(published.list);
            search->added.push_back(
                MakeSearchedClip(clip, result.clip_id, options_.min_quality));
          }
          return absl::OkStatus();
        }));
    return result;
  }

  absl::StatusOr<WithdrawResult> Withdraw(
      absl::string_view list_id, const std::vector<std::string>& entry_ids,
      absl::string_view reason, absl::string_view actor) override {
    (void)actor;
    RETURN_IF_ERROR(CheckListId(list_id));
    if (entry_ids.empty() || entry_ids.size() > kMaxWithdrawn) {
      return absl::InvalidArgumentError(
          absl::StrCat("entry_ids: expected 1 to ", kMaxWithdrawn, ", got ",
                       entry_ids.size()));
    }
    for (const std::string& entry_id : entry_ids) {
      RETURN_IF_ERROR(CheckEntryId(entry_id));
    }
    RETURN_IF_ERROR(CheckReason(reason));
    return CommitWithdrawal([&](ClipStore::Transaction& transaction) {
      return transaction.Withdraw(list_id, entry_ids, reason,
                                  options_.clock->Now());
    });
  }

  absl::StatusOr<WithdrawResult> WithdrawAll(absl::string_view list_id,
                                             absl::string_view reason,
                                             absl::string_view actor) override {
    (void)actor;
    RETURN_IF_ERROR(CheckListId(list_id));
    RETURN_IF_ERROR(CheckReason(reason));
    return CommitWithdrawal([&](ClipStore::Transaction& transaction) {
      return transaction.WithdrawAll(list_id, reason, options_.clock->Now());
    });
  }

  absl::StatusOr<ListUpdateResult> Update(const ListUpdate&, EntryChangeSource&,
                                          const ListUpdateHooks&) override {
    return absl::UnimplementedError("Update");
  }
  absl::StatusOr<ListInfo> HoldEntries(absl::string_view,
                                       const std::vector<std::string>&,
                                       absl::string_view,
                                       absl::string_view) override {
    return absl::UnimplementedError("HoldEntries");
  }
  absl::StatusOr<ListInfo> ReleaseEntries(absl::string_view,
                                          const std::vector<std::string>&,
                                          absl::string_view,
                                          absl::string_view) override {
    return absl::UnimplementedError("ReleaseEntries");
  }
  absl::StatusOr<ListInfo> SetMode(absl::string_view, ListMode,
                                   absl::string_view,
                                   absl::string_view) override {
    return absl::UnimplementedError("SetMode");
  }
  absl::StatusOr<std::vector<Expired>> Expire() override {
    return std::vector<Expired>();
  }
  uint64_t NextClipId() const override { return next_clip_id_; }

  std::vector<ListInfo> Lists() const override {
    std::vector<ListInfo> lists;
    for (const auto& [list_id, list] : search_.Get()->lists) {
      lists.push_back(list);
    }
    return lists;
  }

  absl::StatusOr<ListInfo> GetList(absl::string_view list_id) const override {
    const auto state = search_.Get();
    const auto list = state->lists.find(std::string(list_id));
    if (list != state->lists.end()) return list->second;
    return absl::NotFoundError(
        absl::StrCat("list_id: there is no list \"", list_id, "\""));
  }

  absl::StatusOr<std::vector<EntryInfo>> Entries(absl::string_view list_id,
                                                 absl::string_view after,
                                                 int limit) const override {
    RETURN_IF_ERROR(CheckListId(list_id));
    return store_->Entries(list_id, after, limit);
  }

  absl::Status ForEachClip(
      absl::string_view list_id,
      const std::function<absl::Status(const EntryInfo&, const Clip&)>& visit)
      const override {
    RETURN_IF_ERROR(CheckListId(list_id));
    return store_->ForEachClipOf(list_id, visit);
  }

  absl::StatusOr<std::vector<ListChange>> History(absl::string_view list_id,
                                                  int limit) const override {
    RETURN_IF_ERROR(CheckListId(list_id));
    return store_->History(list_id, limit);
  }

 private:
  struct Change {
    std::function<absl::Status(ClipStore::Transaction&, SearchChange*)> apply;
    absl::Status status;
  };

  absl::Status Commit(size_t frames, decltype(Change::apply) apply) {
    Change change{std::move(apply), absl::OkStatus()};
    changes_.Run(&change, frames);
    return change.status;
  }

  absl::StatusOr<WithdrawResult> CommitWithdrawal(
      const std::function<absl::StatusOr<ClipStore::Withdrawn>(
          ClipStore::Transaction&)>& withdraw) {
    WithdrawResult result;
    RETURN_IF_ERROR(
        Commit(0,
               [&](ClipStore::Transaction& transaction,
                   SearchChange* search) -> absl::Status {
                 ASSIGN_OR_RETURN(const auto withdrawn, withdraw(transaction));
                 result.list_version = withdrawn.list.version;
                 result.entries_withdrawn = withdrawn.entries.size();
                 search->lists.push_back(withdrawn.list);
                 for (const EntryInfo& entry : withdrawn.entries) {
                   search->removed.push_back(entry.clip_id);
                 }
                 return absl::OkStatus();
               }));
    return result;
  }

  // What was saved, with what the store has had since then.
  absl::StatusOr<SearchState> LoadSaved(const std::vector<ListInfo>& lists) {
    ASSIGN_OR_RETURN(SavedSearch::Content saved, saver_.Load());
    ASSIGN_OR_RETURN(const auto entries, store_->AllEntries());
    SearchChange all;
    all.lists = lists;
    auto shelved = saved.clips.begin();
    for (const ClipStore::Entry& entry : entries) {
      const uint64_t clip_id = entry.stored.info.clip_id;
      while (shelved != saved.clips.end() && shelved->clip_id < clip_id) {
        ++shelved;  // It was withdrawn.
      }
      if (shelved != saved.clips.end() && shelved->clip_id == clip_id) {
        SetEntry(entry, &*shelved);
        all.added.push_back(
            std::make_shared<const SearchedClip>(*std::move(shelved)));
        continue;
      }
      ASSIGN_OR_RETURN(const Clip clip, store_->ReadClip(entry));
      all.added.push_back(
          MakeSearchedClip(clip, clip_id, options_.min_quality));
    }
    return SearchState::Of(all, saved.frames, saved.keypoints);
  }

  static void SetEntry(const ClipStore::Entry& entry, SearchedClip* clip) {
    const StoredEntry& stored = entry.stored;
    clip->list_id = entry.list_id;
    clip->entry_id = stored.info.entry_id;
    clip->severity = stored.info.severity;
    clip->duration = stored.info.duration;
    clip->sha256 = stored.sha256;
    clip->md5 = stored.md5;
  }

  void NoteClipId(uint64_t clip_id) {
    if (clip_id >= next_clip_id_) next_clip_id_ = clip_id + 1;
  }
  void NoteClipIds() {
    search_.Get()->clips.ForEach([this](const auto& clip) {
      if (clip != nullptr) NoteClipId(clip->clip_id);
    });
  }

  // First on disk, then searched; then the callers return.
  void CommitGroup(const std::vector<Change*>& group) {
    const auto transaction = store_->Begin();
    SearchChange search;
    for (Change* change : group) {
      change->status = change->apply(*transaction, &search);
    }
    const absl::Status committed = transaction->Commit();
    if (committed.ok()) {
      search_.Apply(search);
      // Only now: who reads it may rely on the clips before being searched.
      for (const auto& clip : search.added) NoteClipId(clip->clip_id);
      return;
    }
    for (Change* change : group) change->status.Update(committed);
  }

  const Options options_;
  const std::unique_ptr<ClipStore> store_;
  absl::Status rebuilt_because_;
  StoreSaver saver_;
  LiveSearch search_;
  std::atomic<uint64_t> next_clip_id_ = 1;
  GroupCommit<Change> changes_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<KnownClips>> KnownClips::Open(Options options) {
  RETURN_IF_ERROR(CheckOptions(options));
  ASSIGN_OR_RETURN(auto store, ClipStore::Open(options.directory));
  ASSIGN_OR_RETURN(std::string store_id, store->Id());
  auto clips = std::make_unique<KnownClipsImpl>(
      std::move(options), std::move(store), std::move(store_id));
  RETURN_IF_ERROR(clips->Load());
  return clips;
}

}  // namespace lenscap
