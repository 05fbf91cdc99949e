#include "index/saved_search.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/sealed_file.h"
#include "base/status_macros.h"
#include "index/saved_search.pb.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

constexpr FileKind kManifestFile = {"lcapsave", 2};
constexpr char kExtension[] = ".part";
// More frames than one in so many, and than HammingIndex::kMaxRecent, are worth
// a save.
constexpr size_t kUnsavedShare = 16;
// A shelf is written anew when more than one in so many bytes is of clips that
// are gone.
constexpr size_t kGoneShare = 4;

absl::Status CheckSource(const index::SavedSearchRecord& record,
                         const SavedSearch::Source& source) {
  if (record.store_id() != source.store_id) {
    return absl::FailedPreconditionError("it was made from another store");
  }
  if (record.store_sequence() > source.sequence) {
    return absl::FailedPreconditionError(
        absl::StrCat("it was made after write ", record.store_sequence(),
                     " to the store, which has had ", source.sequence));
  }
  if (record.min_quality() != source.min_quality) {
    return absl::FailedPreconditionError(
        absl::StrCat("it has frames of quality ", record.min_quality(),
                     " on, not of ", source.min_quality));
  }
  return absl::OkStatus();
}

}  // namespace

std::string SavedSearch::PathOf(uint64_t number) const {
  return absl::StrFormat("%s/%06d%s", directory_, number, kExtension);
}

std::string SavedSearch::ManifestPath() const {
  return absl::StrCat(directory_, "/manifest");
}

absl::StatusOr<SavedSearch::Content> SavedSearch::Load(const Source& source) {
  index::SavedSearchRecord record;
  {
    ASSIGN_OR_RETURN(const SealedFile manifest,
                     SealedFile::Open(ManifestPath(), kManifestFile));
    if (!record.ParseFromString(manifest.header())) {
      return absl::DataLossError(
          absl::StrCat(ManifestPath(), ": it is no record"));
    }
  }
  if (absl::Status status = CheckSource(record, source); !status.ok()) {
    return absl::Status(status.code(),
                        absl::StrCat(ManifestPath(), ": ", status.message()));
  }
  Content content;
  std::vector<SegmentFile> files;
  std::vector<Shelf> shelves;
  uint64_t last = 0;
  const auto load = [&](uint64_t number,
                        HammingIndex::Segments* segments) -> absl::Status {
    ASSIGN_OR_RETURN(auto segment, HammingSegment::Load(PathOf(number)));
    files.push_back({segment, number});
    segments->push_back(std::move(segment));
    last = std::max(last, number);
    return absl::OkStatus();
  };
  for (const uint64_t number : record.frames()) {
    RETURN_IF_ERROR(load(number, &content.frames));
  }
  for (const uint64_t number : record.keypoints()) {
    RETURN_IF_ERROR(load(number, &content.keypoints));
  }
  for (const uint64_t number : record.shelves()) {
    ASSIGN_OR_RETURN(std::vector<SearchedClip> clips,
                     ReadShelf(PathOf(number)));
    Shelf shelf{number, {}, 0};
    for (SearchedClip& clip : clips) {
      shelf.memory = clip.memory;
      shelf.bytes += ShelfBytes(clip);
      content.clips.push_back(std::move(clip));
    }
    shelves.push_back(std::move(shelf));
    last = std::max(last, number);
  }
  std::sort(content.clips.begin(), content.clips.end(),
            [](const SearchedClip& a, const SearchedClip& b) {
              return a.clip_id < b.clip_id;
            });
  files_ = std::move(files);
  shelves_ = std::move(shelves);
  next_number_ = last + 1;
  return content;
}

uint64_t SavedSearch::NumberOf(
    const std::shared_ptr<const HammingSegment>& segment) const {
  for (const SegmentFile& file : files_) {
    if (file.segment.lock() == segment) return file.number;
  }
  return 0;
}

bool SavedSearch::IsDue(const SearchState& state) const {
  size_t all = 0;
  size_t unsaved = 0;
  for (const HammingIndex* index : {&state.index, &state.keypoints}) {
    for (const auto& segment : index->segments()) {
      all += segment->frames();
      if (NumberOf(segment) == 0) unsaved += segment->frames();
    }
  }
  return unsaved > std::max(HammingIndex::kMaxRecent, all / kUnsavedShare);
}

absl::Status SavedSearch::SaveSegments(const HammingIndex& index,
                                       std::vector<SegmentFile>* files) {
  for (const auto& segment : index.segments()) {
    uint64_t number = NumberOf(segment);
    if (number == 0) {
      number = next_number_++;
      RETURN_IF_ERROR(segment->Save(PathOf(number)));
    }
    files->push_back({segment, number});
  }
  return absl::OkStatus();
}

// The clips of a shelf, and how many bytes they have.
struct SavedSearch::ShelfPlan {
  SearchedClips clips;
  size_t bytes = 0;

  void Add(std::shared_ptr<const SearchedClip> clip) {
    bytes += ShelfBytes(*clip);
    clips.push_back(std::move(clip));
  }
  void Add(ShelfPlan&& other) {
    bytes += other.bytes;
    clips.insert(clips.end(), other.clips.begin(), other.clips.end());
  }
};

absl::StatusOr<SearchedClips> SavedSearch::SaveClips(
    const SearchState& state, std::vector<Shelf>* shelves) {
  std::vector<ShelfPlan> there(shelves_.size());
  ShelfPlan fresh;
  std::vector<std::shared_ptr<const void>> memories;
  for (const Shelf& shelf : shelves_) memories.push_back(shelf.memory.lock());
  state.clips.ForEach([&](const std::shared_ptr<const SearchedClip>& clip) {
    if (clip == nullptr) return;
    const auto shelf =
        std::find(memories.begin(), memories.end(), clip->memory);
    (shelf == memories.end() ? fresh : there[shelf - memories.begin()])
        .Add(clip);
  });
  // As segments are merged: newer shelves that are not much larger go along.
  std::vector<bool> stays(shelves_.size());
  bool growing = true;
  for (size_t s = shelves_.size(); s-- > 0;) {
    growing = growing && there[s].bytes <= 2 * fresh.bytes;
    const size_t gone = shelves_[s].bytes - there[s].bytes;
    stays[s] = !growing && gone * kGoneShare <= shelves_[s].bytes;
    if (!stays[s]) fresh.Add(std::move(there[s]));
  }
  for (size_t s = 0; s < shelves_.size(); ++s) {
    if (stays[s]) shelves->push_back(shelves_[s]);
  }
  if (fresh.clips.empty()) return SearchedClips();
  std::sort(
      fresh.clips.begin(), fresh.clips.end(),
      [](const auto& a, const auto& b) { return a->clip_id < b->clip_id; });
  const uint64_t number = next_number_++;
  RETURN_IF_ERROR(WriteShelf(PathOf(number), fresh.clips));
  ASSIGN_OR_RETURN(std::vector<SearchedClip> written,
                   ReadShelf(PathOf(number)));
  SearchedClips shelved;
  for (size_t i = 0; i < written.size(); ++i) {
    CopyEntry(*fresh.clips[i], &written[i]);
    shelved.push_back(
        std::make_shared<const SearchedClip>(std::move(written[i])));
  }
  shelves->push_back({number, shelved.front()->memory, fresh.bytes});
  return shelved;
}

absl::StatusOr<SearchedClips> SavedSearch::Save(const SearchState& state,
                                                const Source& source) {
  auto shelved = TrySave(state, source);
  // Without those of this save where it failed: they would fill the disk.
  std::vector<uint64_t> numbers;
  for (const SegmentFile& file : files_) numbers.push_back(file.number);
  for (const Shelf& shelf : shelves_) numbers.push_back(shelf.number);
  DeleteAllBut(numbers);
  return shelved;
}

absl::StatusOr<SearchedClips> SavedSearch::TrySave(const SearchState& state,
                                                   const Source& source) {
  std::error_code error;
  fs::create_directory(directory_, error);
  if (error) return absl::ErrnoToStatus(error.value(), directory_);
  fs::permissions(directory_, fs::perms::owner_all, error);

  index::SavedSearchRecord record;
  record.set_store_id(source.store_id);
  record.set_store_sequence(source.sequence);
  record.set_min_quality(source.min_quality);
  std::vector<SegmentFile> files;
  RETURN_IF_ERROR(SaveSegments(state.index, &files));
  for (const SegmentFile& file : files) record.add_frames(file.number);
  const size_t frame_files = files.size();
  RETURN_IF_ERROR(SaveSegments(state.keypoints, &files));
  for (size_t i = frame_files; i < files.size(); ++i) {
    record.add_keypoints(files[i].number);
  }
  std::vector<Shelf> shelves;
  ASSIGN_OR_RETURN(SearchedClips shelved, SaveClips(state, &shelves));
  for (const Shelf& shelf : shelves) record.add_shelves(shelf.number);
  RETURN_IF_ERROR(WriteSealedFile(ManifestPath(), kManifestFile,
                                  record.SerializeAsString(), {}));
  files_ = std::move(files);
  shelves_ = std::move(shelves);
  return shelved;
}

void SavedSearch::Discard() {
  std::error_code ignored;
  fs::remove(ManifestPath(), ignored);
  files_.clear();
  shelves_.clear();
  DeleteAllBut({});
}

// What cannot be deleted is not read again either.
void SavedSearch::DeleteAllBut(const std::vector<uint64_t>& numbers) const {
  std::error_code ignored;
  std::vector<fs::path> unneeded;
  for (const auto& file : fs::directory_iterator(directory_, ignored)) {
    const fs::path& path = file.path();
    if (path.extension() == ".new") {
      unneeded.push_back(path);
      continue;
    }
    uint64_t number = 0;
    if (path.extension() != kExtension ||
        !absl::SimpleAtoi(path.stem().string(), &number)) {
      continue;
    }
    if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) {
      unneeded.push_back(path);
    }
  }
  for (const fs::path& file : unneeded) fs::remove(file, ignored);
}

}  // namespace lenscap
