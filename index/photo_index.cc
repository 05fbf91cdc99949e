#include "index/photo_index.h"

#include <algorithm>
#include <tuple>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/photo_record.pb.h"

namespace lenscap {
namespace {

constexpr size_t kHashBytes = 32;
constexpr int kPage = 1000;
// Of the distinct hashes near one: a tenant with more has pictures that say
// nothing, and the nearest of them are enough.
constexpr size_t kMaxHits = 512;

std::vector<Hash256> Distinct(absl::Span<const Hash256> photos) {
  std::vector<Hash256> distinct(photos.begin(), photos.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  return distinct;
}

std::string RecordOf(const PhotoIndex::Listing& listing, absl::Time seen,
                     absl::Span<const Hash256> photos) {
  index::PhotoRecord record;
  record.set_tenant(listing.tenant);
  record.set_listing_id(listing.listing_id);
  record.set_seller(listing.seller);
  record.set_seen_ns(absl::ToUnixNanos(seen));
  record.set_in_case(listing.in_case);
  for (const Hash256& photo : photos)
    record.mutable_hashes()->append(ToBytes(photo));
  return record.SerializeAsString();
}

// A distinct hash that is near, in the orientation in which it is nearest.
struct Near {
  uint32_t picture = 0;
  int distance = 0;
  Orientation orientation = Orientation::kUpright;
};

std::vector<Near> NearestOf(const std::vector<std::vector<HammingHit>>& hits) {
  std::map<uint32_t, Near> nearest;
  for (size_t i = 0; i < hits.size(); ++i) {
    for (const HammingHit& hit : hits[i]) {
      const Near near = {hit.ref.clip, hit.distance,
                         static_cast<Orientation>(i)};
      const auto [it, added] = nearest.try_emplace(hit.ref.clip, near);
      if (!added && near.distance < it->second.distance) it->second = near;
    }
  }
  std::vector<Near> sorted;
  for (const auto& [picture, near] : nearest) sorted.push_back(near);
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const Near& a, const Near& b) { return a.distance < b.distance; });
  return sorted;
}

// The newest, and the oldest, of a set: at most `each` of either.
void TakeEnds(const std::set<uint64_t>& numbers, size_t each,
              std::vector<uint64_t>* taken) {
  size_t left = std::min(numbers.size(), each);
  for (auto it = numbers.rbegin(); left > 0; ++it, --left)
    taken->push_back(*it);
  left = std::min(numbers.size() - std::min(numbers.size(), each), each);
  for (auto it = numbers.begin(); left > 0; ++it, --left) taken->push_back(*it);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PhotoIndex>> PhotoIndex::Open(Options options) {
  ASSIGN_OR_RETURN(auto records, RecordStore::Open(options.directory));
  std::unique_ptr<PhotoIndex> photos(
      new PhotoIndex(std::move(options), std::move(records)));
  RETURN_IF_ERROR(photos->Load());
  return photos;
}

absl::Status PhotoIndex::Load() {
  struct Loaded {
    Entry entry;
    std::vector<Hash256> photos;
  };
  std::vector<Loaded> all;
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const auto page, records_->List("", after, kPage));
    for (const RecordStore::Record& record : page) {
      index::PhotoRecord parsed;
      if (!parsed.ParseFromString(record.value) ||
          parsed.hashes().size() % kHashBytes != 0) {
        continue;
      }
      Loaded& loaded = all.emplace_back();
      loaded.entry.listing = {parsed.tenant(), parsed.listing_id(),
                              parsed.seller(), parsed.in_case()};
      loaded.entry.seen =
          absl::UnixEpoch() + absl::Nanoseconds(parsed.seen_ns());
      for (size_t at = 0; at < parsed.hashes().size(); at += kHashBytes) {
        ASSIGN_OR_RETURN(loaded.photos.emplace_back(),
                         HashFromBytes(parsed.hashes().substr(at, kHashBytes)));
      }
    }
    if (page.size() < kPage) break;
    after = page.back().key;
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Loaded& a, const Loaded& b) {
                     return a.entry.seen < b.entry.seen;
                   });
  std::lock_guard lock(mutex_);
  for (Loaded& loaded : all) {
    const std::string key = KeyOf(loaded.entry.listing);
    InsertLocked(key, std::move(loaded.entry), loaded.photos);
  }
  for (auto& [name, tenant] : tenants_) {
    while (auto merge = tenant.index.PlanMerge()) {
      merge->Run();
      tenant.index = tenant.index.Merged(*merge);
    }
  }
  return absl::OkStatus();
}

std::string PhotoIndex::KeyOf(const Listing& listing) {
  return absl::StrCat(listing.tenant.size(), ":", listing.tenant,
                      listing.listing_id);
}

std::mutex& PhotoIndex::TurnOf(const std::string& key) const {
  return turns_[absl::HashOf(key) % turns_.size()];
}

absl::Status PhotoIndex::Put(const Listing& listing,
                             absl::Span<const Hash256> photos) {
  const std::vector<Hash256> distinct = Distinct(photos);
  const std::string key = KeyOf(listing);
  const absl::Time now = options_.clock->Now();
  {
    std::lock_guard turn(TurnOf(key));
    {
      std::lock_guard lock(mutex_);
      if (distinct.empty() && !by_key_.contains(key)) return absl::OkStatus();
    }
    std::optional<std::string> record;
    if (!distinct.empty()) record = RecordOf(listing, now, distinct);
    RETURN_IF_ERROR(records_->Write({{key, std::move(record)}}));
    std::lock_guard lock(mutex_);
    RemoveLocked(key);
    if (!distinct.empty()) {
      InsertLocked(key, {.listing = listing, .seen = now, .pictures = {}},
                   distinct);
    }
  }
  Merge(listing.tenant);
  return Forget([this](const Entry&) { return photos_ > options_.max_photos; });
}

void PhotoIndex::InsertLocked(const std::string& key, Entry entry,
                              absl::Span<const Hash256> photos) {
  Tenant& tenant = tenants_[entry.listing.tenant];
  const uint64_t number = ++last_number_;
  std::vector<IndexedFrame> added;
  for (const Hash256& photo : photos) {
    const auto [it, is_new] =
        tenant.by_hash.try_emplace(photo, tenant.next_picture);
    if (is_new) {
      ++tenant.next_picture;
      tenant.pictures[it->second].hash = photo;
      added.push_back({photo, {it->second, 0}});
    }
    Picture& picture = tenant.pictures[it->second];
    (entry.listing.in_case ? picture.in_cases : picture.others).insert(number);
    entry.pictures.push_back(it->second);
  }
  if (!added.empty()) tenant.index = tenant.index.Added(added);
  photos_ += static_cast<int64_t>(entry.pictures.size());
  by_key_[key] = number;
  entries_.emplace(number, std::move(entry));
}

void PhotoIndex::RemoveLocked(const std::string& key) {
  const auto of_key = by_key_.find(key);
  if (of_key == by_key_.end()) return;
  const auto it = entries_.find(of_key->second);
  const auto tenant = tenants_.find(it->second.listing.tenant);
  std::vector<HammingIndex::RemovedClip> gone;
  for (const uint32_t id : it->second.pictures) {
    const auto picture = tenant->second.pictures.find(id);
    picture->second.in_cases.erase(it->first);
    picture->second.others.erase(it->first);
    if (!picture->second.in_cases.empty() || !picture->second.others.empty()) {
      continue;
    }
    tenant->second.by_hash.erase(picture->second.hash);
    tenant->second.pictures.erase(picture);
    gone.push_back({.clip = id, .frames = 1});
  }
  photos_ -= static_cast<int64_t>(it->second.pictures.size());
  if (tenant->second.pictures.empty() && !tenant->second.merging) {
    tenants_.erase(tenant);
  } else if (!gone.empty()) {
    std::sort(gone.begin(), gone.end(),
              [](const auto& a, const auto& b) { return a.clip < b.clip; });
    tenant->second.index = tenant->second.index.Removed(gone);
  }
  entries_.erase(it);
  by_key_.erase(of_key);
}

// The work is done without the lock; one at a time for each tenant.
void PhotoIndex::Merge(const std::string& name) {
  while (true) {
    std::optional<HammingIndex::Merge> merge;
    {
      std::lock_guard lock(mutex_);
      const auto it = tenants_.find(name);
      if (it == tenants_.end() || it->second.merging) return;
      merge = it->second.index.PlanMerge();
      if (!merge) return;
      it->second.merging = true;
    }
    merge->Run();
    std::lock_guard lock(mutex_);
    const auto it = tenants_.find(name);  // It stays while it merges.
    it->second.merging = false;
    it->second.index = it->second.index.Merged(*merge);
    if (it->second.pictures.empty()) tenants_.erase(it);
  }
}

template <typename IsDue>
absl::Status PhotoIndex::Forget(const IsDue& is_due) {
  while (true) {
    std::string key;
    uint64_t number = 0;
    {
      std::lock_guard lock(mutex_);
      if (entries_.empty() || !is_due(entries_.begin()->second)) {
        return absl::OkStatus();
      }
      number = entries_.begin()->first;
      key = KeyOf(entries_.begin()->second.listing);
    }
    std::lock_guard turn(TurnOf(key));
    {
      std::lock_guard lock(mutex_);
      const auto it = by_key_.find(key);
      // It was seen again, or another has forgotten it.
      if (it == by_key_.end() || it->second != number) continue;
    }
    RETURN_IF_ERROR(records_->Write({{key, std::nullopt}}));
    std::lock_guard lock(mutex_);
    RemoveLocked(key);
  }
}

std::vector<PhotoIndex::Match> PhotoIndex::Search(const Listing& asked,
                                                  const DihedralPdq& photo,
                                                  int max_distance,
                                                  size_t limit) const {
  HammingIndex index;
  {
    std::lock_guard lock(mutex_);
    const auto it = tenants_.find(asked.tenant);
    if (it == tenants_.end()) return {};
    index = it->second.index;
  }
  std::vector<std::vector<HammingHit>> hits;
  index.SearchAll(photo.hashes, max_distance, kMaxHits, &hits);
  std::vector<Match> matches;
  std::set<uint64_t> found;
  std::lock_guard lock(mutex_);
  const auto tenant = tenants_.find(asked.tenant);
  if (tenant == tenants_.end()) return {};
  for (const Near& near : NearestOf(hits)) {
    const auto picture = tenant->second.pictures.find(near.picture);
    if (picture == tenant->second.pictures.end()) continue;  // Forgotten since.
    std::vector<uint64_t> numbers;
    TakeEnds(picture->second.in_cases, kInCases, &numbers);
    const auto& others = picture->second.others;
    size_t left = std::min<size_t>(others.size(), kOthers + 1);
    for (auto it = others.rbegin(); left > 0; ++it, --left) {
      numbers.push_back(*it);
    }
    for (const uint64_t number : numbers) {
      const Entry& entry = entries_.at(number);
      if (entry.listing.listing_id == asked.listing_id) continue;
      if (!found.insert(number).second) continue;
      matches.push_back({.listing = entry.listing,
                         .seen = entry.seen,
                         .distance = near.distance,
                         .orientation = near.orientation});
    }
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& a, const Match& b) {
                     return std::tuple(!a.listing.in_case, a.distance) <
                            std::tuple(!b.listing.in_case, b.distance);
                   });
  if (matches.size() > limit) matches.resize(limit);
  return matches;
}

absl::Status PhotoIndex::Purge() {
  const absl::Time before = options_.clock->Now() - options_.keep;
  return Forget([before](const Entry& entry) { return entry.seen < before; });
}

int64_t PhotoIndex::photos() const {
  std::lock_guard lock(mutex_);
  return photos_;
}

}  // namespace lenscap
