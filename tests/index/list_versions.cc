#include "tests/index/list_versions.h"

#include "absl/strings/str_cat.h"
#include "index/clip_record.h"

namespace lenscap {
namespace {

EntryChange ChangeOf(EntryChange::Op op, const Clip& clip) {
  EntryChange change;
  change.op = op;
  change.clip = clip;
  change.digest = EntryDigest(clip);
  return change;
}

}  // namespace

Sha256 EntryDigest(const Clip& clip) {
  StoredEntry entry;
  entry.info = {.entry_id = clip.entry_id,
                .clip_id = 1,
                .severity = clip.severity,
                .duration = clip.duration,
                .frames = std::ssize(clip.frames),
                .added_in_version = 1,
                .terms = clip.terms};
  entry.sha256 = clip.sha256;
  entry.md5 = clip.md5;
  entry.sha1 = clip.sha1;
  return Sha256Of(absl::StrCat(clip.entry_id, "\n", EncodeEntry(entry), "\n",
                               EncodeFrames(clip.frames)));
}

EntryChange AddOf(const Clip& clip) {
  return ChangeOf(EntryChange::Op::kAdd, clip);
}

EntryChange UpdateOf(const Clip& clip) {
  return ChangeOf(EntryChange::Op::kUpdate, clip);
}

EntryChange WithdrawalOf(const std::string& entry_id,
                         const std::string& reason) {
  EntryChange change;
  change.op = EntryChange::Op::kWithdraw;
  change.clip.entry_id = entry_id;
  change.reason = reason;
  return change;
}

ListContent ContentOf(const std::vector<Clip>& clips) {
  ListContent content = {};
  for (const Clip& clip : clips) {
    const Sha256 digest = EntryDigest(clip);
    for (size_t i = 0; i < content.size(); ++i) content[i] ^= digest[i];
  }
  return content;
}

absl::StatusOr<std::optional<EntryChange>> ChangeVector::Next() {
  if (next_ < changes_.size()) return changes_[next_++];
  if (!end_.ok()) return end_;
  return std::nullopt;
}

Sha256 FileOf(const std::string& list_id, int64_t version) {
  return Sha256Of(absl::StrCat(list_id, " ", version));
}

ListUpdate NextVersion(const KnownClips& clips, const std::string& list_id,
                       bool snapshot) {
  ListUpdate update;
  update.list_id = list_id;
  update.issuer = "regulator";
  update.snapshot = snapshot;
  update.snapshot_reason = "no longer listed";
  update.signed_version = 1;
  if (const auto list = clips.GetList(list_id); list.ok()) {
    update.signed_version = list->signed_version + 1;
    update.previous_sha256 = list->signed_sha256;
  }
  update.signed_sha256 = FileOf(list_id, update.signed_version);
  update.actor = "officer";
  return update;
}

ListUpdate RollbackTo(const std::string& list_id, int64_t version) {
  ListUpdate update;
  update.list_id = list_id;
  update.issuer = "regulator";
  update.snapshot = true;
  update.snapshot_reason = "rolled back";
  update.kind = ListChange::Kind::kRolledBack;
  update.signed_version = version;
  update.signed_sha256 = FileOf(list_id, version);
  update.reason = "a bad list";
  return update;
}

absl::StatusOr<ListUpdateResult> Apply(KnownClips& clips,
                                       const ListUpdate& update,
                                       std::vector<EntryChange> changes,
                                       const ListUpdateHooks& hooks) {
  ChangeVector source(std::move(changes));
  return clips.Update(update, source, hooks);
}

}  // namespace lenscap
