#include "services/redecision.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr int kChanges = 1000;
constexpr absl::Duration kInterval = absl::Hours(1);

// The entry, where it is in the list. The characters of entry ids are all
// smaller than 0x7f, so nothing in the list lies between `after` and the entry.
absl::StatusOr<std::optional<EntryInfo>> FindEntry(const KnownClips& lists,
                                                   absl::string_view list_id,
                                                   absl::string_view entry_id) {
  if (entry_id.empty()) return std::nullopt;
  std::string after(entry_id);
  --after.back();
  after += '\x7f';
  const auto entries = lists.Entries(list_id, after, 1);
  if (absl::IsNotFound(entries.status())) return std::nullopt;
  RETURN_IF_ERROR(entries.status());
  if (entries->empty() || entries->front().entry_id != entry_id) {
    return std::nullopt;
  }
  return entries->front();
}

// What the newest change that named an entry said.
class Reasons {
 public:
  explicit Reasons(const KnownClips& lists) : lists_(lists) {}

  std::string Of(absl::string_view list_id, absl::string_view entry_id) {
    const auto [list, is_new] = lists_read_.try_emplace(std::string(list_id));
    if (is_new) Read(list->first, list->second);
    const auto reason = list->second.find(std::string(entry_id));
    return reason == list->second.end() ? "no longer in the list"
                                        : reason->second;
  }

 private:
  using ByEntry = std::map<std::string, std::string>;

  void Read(const std::string& list_id, ByEntry& reasons) const {
    const auto changes = lists_.History(list_id, kChanges);
    if (!changes.ok()) return;
    for (const ListChange& change : *changes) {
      for (const std::string& entry : change.entry_ids) {
        reasons.try_emplace(entry, change.reason);  // Newest first.
      }
    }
  }

  const KnownClips& lists_;
  std::map<std::string, ByEntry> lists_read_;
};

}  // namespace

WithdrawalOf WithdrawalIn(const KnownClips& lists) {
  const auto reasons = std::make_shared<Reasons>(lists);
  return
      [&lists, reasons](absl::string_view list_id, absl::string_view entry_id)
          -> absl::StatusOr<std::optional<Withdrawal>> {
        ASSIGN_OR_RETURN(const auto entry, FindEntry(lists, list_id, entry_id));
        if (!entry) return Withdrawal{reasons->Of(list_id, entry_id)};
        if (entry->hold != Hold::kNone) return Withdrawal{entry->hold_reason};
        return std::nullopt;
      };
}

Redecision::Versions Redecision::ReadVersions() const {
  Versions versions;
  for (const ListInfo& list : lists_->Lists()) {
    versions[list.list_id] = list.version;
  }
  return versions;
}

absl::StatusOr<Rechecked> Redecision::RunIfDue() {
  Versions versions = ReadVersions();
  const absl::Time now = clock_->Now();
  if (now < next_ && versions == seen_) return Rechecked();
  ASSIGN_OR_RETURN(const Rechecked done,
                   RecheckCases(*cases_, WithdrawalIn(*lists_)));
  seen_ = std::move(versions);
  next_ = now + kInterval;
  return done;
}

}  // namespace lenscap
