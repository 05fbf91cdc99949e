#include "index/known_clips.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "index/find_copies.h"
#include "index/hash_slots.h"
#include "index/known_clips_impl.h"
#include "index/says_nothing.h"
#include "index/sighting.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNamed = 10'000;
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

void SetEntry(const ClipStore::Entry& entry, bool never_match,
              SearchedClip* clip) {
  const StoredEntry& stored = entry.stored;
  clip->list_id = entry.list_id;
  clip->entry_id = stored.info.entry_id;
  clip->severity = stored.info.severity;
  clip->duration = stored.info.duration;
  SetDigests(stored.sha256, stored.sha1, stored.md5, clip);
  clip->category = stored.info.terms.category;
  clip->advice = stored.info.terms.advice;
  clip->max_distance = stored.info.terms.max_distance;
  clip->held = stored.info.hold == Hold::kByHand;
  clip->never_match = never_match;
}

// Whether the list of an entry says what never to match.
class Purposes {
 public:
  explicit Purposes(const std::vector<ListInfo>& lists) {
    for (const ListInfo& list : lists) {
      if (list.terms.purpose == ListPurpose::kNeverMatch) {
        never_.push_back(list.list_id);
      }
    }
  }
  bool IsNever(absl::string_view list_id) const {
    return std::find(never_.begin(), never_.end(), list_id) != never_.end();
  }

 private:
  std::vector<std::string> never_;
};

}  // namespace

void NextExpiries::Add(const std::string& list_id, absl::Time expires) {
  if (expires == absl::InfiniteFuture()) return;
  std::lock_guard lock(mutex_);
  absl::Time& next = next_.try_emplace(list_id, expires).first->second;
  next = std::min(next, expires);
}

absl::Time NextExpiries::Take(const std::string& list_id) {
  std::lock_guard lock(mutex_);
  const auto node = next_.extract(list_id);
  return node.empty() ? absl::InfiniteFuture() : node.mapped();
}

KnownClipsImpl::KnownClipsImpl(Options options,
                               std::unique_ptr<ClipStore> store,
                               std::string store_id)
    : options_(std::move(options)),
      store_(std::move(store)),
      saver_(store_.get(), std::move(store_id), options_.min_quality,
             options_.directory),
      search_(&saver_),
      changes_([this](const auto& group) { CommitGroup(group); },
               kMaxGroupFrames) {}

absl::Status KnownClipsImpl::Load() {
  ASSIGN_OR_RETURN(const std::vector<ListInfo> lists, store_->Lists());
  auto state = LoadSaved(lists);
  if (!state.ok()) {
    rebuilt_because_ = state.status();
    saver_.Discard();
    state = LoadStored(lists);
  }
  if (!state.ok()) return state.status();
  search_.Start(*std::move(state));
  searched_below_ = store_->NextClipId();
  return absl::OkStatus();
}

absl::StatusOr<SearchState> KnownClipsImpl::LoadStored(
    const std::vector<ListInfo>& lists) {
  const Purposes purposes(lists);
  SearchChange all;
  all.lists = lists;
  RETURN_IF_ERROR(
      store_->ForEachClip([&](const EntryInfo& entry, const Clip& clip) {
        expiries_.Add(clip.list_id, entry.terms.expires);
        if (entry.hold == Hold::kSaysNothing) return absl::OkStatus();
        all.added.push_back(
            MakeSearchedClip(clip, entry.clip_id, options_.min_quality,
                             {.held = entry.hold == Hold::kByHand,
                              .never_match = purposes.IsNever(clip.list_id)}));
        return absl::OkStatus();
      }));
  return SearchState().With(all);
}

absl::StatusOr<SearchState> KnownClipsImpl::LoadSaved(
    const std::vector<ListInfo>& lists) {
  ASSIGN_OR_RETURN(SavedSearch::Content saved, saver_.Load());
  const Purposes purposes(lists);
  SearchChange all;
  all.lists = lists;
  auto shelved = saved.clips.begin();
  RETURN_IF_ERROR(
      store_->ForEachEntry([&](const ClipStore::Entry& entry) -> absl::Status {
        const EntryInfo& info = entry.stored.info;
        expiries_.Add(entry.list_id, info.terms.expires);
        if (info.hold == Hold::kSaysNothing) return absl::OkStatus();
        const bool never = purposes.IsNever(entry.list_id);
        while (shelved != saved.clips.end() &&
               shelved->clip_id < info.clip_id) {
          ++shelved;  // It was withdrawn.
        }
        if (shelved != saved.clips.end() && shelved->clip_id == info.clip_id) {
          SetEntry(entry, never, &*shelved);
          all.added.push_back(
              std::make_shared<const SearchedClip>(*std::move(shelved)));
          return absl::OkStatus();
        }
        ASSIGN_OR_RETURN(const Clip clip, store_->ReadClip(entry));
        all.added.push_back(MakeSearchedClip(
            clip, info.clip_id, options_.min_quality,
            {.held = info.hold == Hold::kByHand, .never_match = never}));
        return absl::OkStatus();
      }));
  return SearchState::Of(all, saved.frames, saved.keypoints);
}

std::vector<ClipMatch> KnownClipsImpl::Match(
    const UploadFingerprint& upload) const {
  return FindCopies(*search_.Get(), upload, match_options());
}

std::vector<PictureSighting> KnownClipsImpl::FindSightings(
    absl::Span<const Keypoint> keypoints, absl::Span<const Keypoint> mirrored,
    double width) const {
  return lenscap::FindSightings(*search_.Get(), keypoints, mirrored, width);
}

bool KnownClipsImpl::KnowsDetails() const {
  return !search_.Get()->keypoints.empty();
}

bool KnownClipsImpl::HasFrameLike(const DihedralPdq& picture) const {
  return lenscap::HasFrameLike(*search_.Get(), picture, options_.max_distance);
}

std::vector<Lookalike> KnownClipsImpl::FindLookalikes(
    const DihedralPdq& picture) const {
  return lenscap::FindLookalikes(*search_.Get(), picture,
                                 options_.max_distance);
}

std::vector<ListInfo> KnownClipsImpl::Lists() const {
  std::vector<ListInfo> lists;
  for (const auto& [list_id, list] : search_.Get()->lists) {
    lists.push_back(list);
  }
  return lists;
}

absl::StatusOr<ListInfo> KnownClipsImpl::GetList(
    absl::string_view list_id) const {
  const auto state = search_.Get();
  const auto list = state->lists.find(std::string(list_id));
  if (list != state->lists.end()) return list->second;
  return absl::NotFoundError(
      absl::StrCat("list_id: there is no list \"", list_id, "\""));
}

absl::StatusOr<std::vector<EntryInfo>> KnownClipsImpl::Entries(
    absl::string_view list_id, absl::string_view after, int limit) const {
  RETURN_IF_ERROR(CheckListId(list_id));
  return store_->Entries(list_id, after, limit);
}

absl::Status KnownClipsImpl::ForEachClip(
    absl::string_view list_id,
    const std::function<absl::Status(const EntryInfo&, const Clip&)>& visit)
    const {
  RETURN_IF_ERROR(CheckListId(list_id));
  return store_->ForEachClipOf(list_id, visit);
}

absl::StatusOr<std::vector<ListChange>> KnownClipsImpl::History(
    absl::string_view list_id, int limit) const {
  RETURN_IF_ERROR(CheckListId(list_id));
  return store_->History(list_id, limit);
}

absl::Status KnownClipsImpl::CheckEntryIds(
    const std::vector<std::string>& entry_ids) const {
  if (entry_ids.empty() || entry_ids.size() > kMaxNamed) {
    return absl::InvalidArgumentError(absl::StrCat(
        "entry_ids: expected 1 to ", kMaxNamed, ", got ", entry_ids.size()));
  }
  for (const std::string& entry_id : entry_ids) {
    RETURN_IF_ERROR(CheckEntryId(entry_id));
  }
  return absl::OkStatus();
}

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
