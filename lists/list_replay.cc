#include "lists/list_replay.h"

#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

// Where an entry was last added or updated.
struct Place {
  uint32_t file = 0;  // Counted from the snapshot.
  uint32_t line = 0;  // Counted from its first entry.
  friend bool operator==(const Place&, const Place&) = default;
};

// Of an entry's id: 128 bits of its SHA-256, so that nobody can make two ids
// that are taken for one.
using Key = std::pair<uint64_t, uint64_t>;
using Places = absl::flat_hash_map<Key, Place>;

Key KeyOf(absl::string_view entry_id) {
  const Sha256 digest = Sha256Of(entry_id);
  Key key;
  std::memcpy(&key.first, digest.data(), sizeof(key.first));
  std::memcpy(&key.second, digest.data() + sizeof(key.first),
              sizeof(key.second));
  return key;
}

absl::Status DoesNotFit(int64_t version, const EntryChange& change) {
  return absl::DataLossError(absl::StrCat("version ", version, ": entry \"",
                                          change.clip.entry_id,
                                          "\" does not fit what was before"));
}

// Takes in what one version changed.
absl::Status Follow(int64_t version, uint32_t file, EntryChangeSource& changes,
                    Places& places) {
  for (uint32_t line = 0;; ++line) {
    ASSIGN_OR_RETURN(const std::optional<EntryChange> change, changes.Next());
    if (!change) return absl::OkStatus();
    const Key key = KeyOf(change->clip.entry_id);
    switch (change->op) {
      case EntryChange::Op::kAdd:
        if (!places.try_emplace(key, Place{file, line}).second) {
          return DoesNotFit(version, *change);
        }
        break;
      case EntryChange::Op::kUpdate: {
        const auto it = places.find(key);
        if (it == places.end()) return DoesNotFit(version, *change);
        it->second = {file, line};
        break;
      }
      case EntryChange::Op::kWithdraw:
        if (places.erase(key) == 0) return DoesNotFit(version, *change);
        break;
    }
  }
}

// Reads the files once more and lets through what is still in force.
class Survivors final : public EntryChangeSource {
 public:
  Survivors(int64_t first, int64_t last, OpenListVersion open, Places places)
      : first_(first),
        last_(last),
        open_(std::move(open)),
        places_(std::move(places)) {}

  absl::StatusOr<std::optional<EntryChange>> Next() override {
    while (true) {
      if (file_ == nullptr) {
        if (first_ + next_file_ > last_) return std::nullopt;
        ASSIGN_OR_RETURN(OpenedList opened, open_(first_ + next_file_));
        file_ = std::move(opened.changes);
        ++next_file_;
        line_ = 0;
      }
      ASSIGN_OR_RETURN(std::optional<EntryChange> change, file_->Next());
      if (!change) {
        file_ = nullptr;
        continue;
      }
      const Place here = {next_file_ - 1, line_++};
      if (change->op == EntryChange::Op::kWithdraw) continue;
      const auto it = places_.find(KeyOf(change->clip.entry_id));
      if (it == places_.end() || !(it->second == here)) continue;
      change->op = EntryChange::Op::kAdd;
      return change;
    }
  }

 private:
  const int64_t first_;
  const int64_t last_;
  const OpenListVersion open_;
  const Places places_;
  std::unique_ptr<EntryChangeSource> file_;
  uint32_t next_file_ = 0;
  uint32_t line_ = 0;
};

}  // namespace

absl::StatusOr<ReplayedList> ReplayList(int64_t version, OpenListVersion open) {
  ASSIGN_OR_RETURN(const OpenedList last, open(version));
  int64_t first = version;
  ListEnvelope::Kind kind = last.envelope.kind;
  while (kind == ListEnvelope::Kind::kDelta && first > 1) {
    ASSIGN_OR_RETURN(const OpenedList opened, open(--first));
    kind = opened.envelope.kind;
  }
  // A list may begin with a delta, on nothing.
  Places places;
  for (int64_t v = first; v <= version; ++v) {
    ASSIGN_OR_RETURN(const OpenedList opened, open(v));
    RETURN_IF_ERROR(
        Follow(v, static_cast<uint32_t>(v - first), *opened.changes, places));
  }
  ReplayedList replayed;
  replayed.envelope = last.envelope;
  replayed.entries = std::make_unique<Survivors>(
      first, version, std::move(open), std::move(places));
  return replayed;
}

}  // namespace lenscap
