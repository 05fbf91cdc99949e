#include "index/digest_table.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace lenscap {
namespace {

template <size_t n>
std::array<uint8_t, 16> KeyOf(const std::array<uint8_t, n>& digest) {
  std::array<uint8_t, 16> key;
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

}  // namespace

std::optional<DigestTable::Entry> DigestTable::EntryFor(
    uint32_t clip, const std::optional<Sha256>& sha256,
    const std::optional<Sha1>& sha1, const std::optional<Md5>& md5) {
  if (sha256) return Entry{KeyOf(*sha256), clip};
  if (sha1) return Entry{KeyOf(*sha1), clip};
  if (md5) return Entry{KeyOf(*md5), clip};
  return std::nullopt;
}

size_t DigestTable::ShardOf(const std::array<uint8_t, 16>& key) {
  return (key[0] << 8 | key[1]) % kShards;
}

DigestTable DigestTable::Changed(const std::vector<Entry>& added,
                                 const std::vector<Entry>& removed) const {
  std::map<size_t, std::vector<Entry>> shards;
  const auto shard = [&](const Entry& entry) -> std::vector<Entry>& {
    const size_t number = ShardOf(entry.key);
    const auto [at, is_new] = shards.try_emplace(number);
    if (is_new && shards_[number] != nullptr) at->second = *shards_[number];
    return at->second;
  };
  for (const Entry& entry : added) shard(entry).push_back(entry);
  for (const Entry& entry : removed) std::erase(shard(entry), entry);

  std::vector<std::pair<size_t, Shard>> changed;
  for (auto& [number, entries] : shards) {
    std::sort(entries.begin(), entries.end());
    changed.emplace_back(
        number, std::make_shared<std::vector<Entry>>(std::move(entries)));
  }
  DigestTable next;
  next.shards_ = shards_.With(std::move(changed));
  return next;
}

std::vector<uint32_t> DigestTable::Find(const FileDigests& digests) const {
  std::vector<uint32_t> clips;
  for (const auto& key :
       {KeyOf(digests.sha256), KeyOf(digests.sha1), KeyOf(digests.md5)}) {
    const Shard& shard = shards_[ShardOf(key)];
    if (shard == nullptr) continue;
    for (auto entry =
             std::lower_bound(shard->begin(), shard->end(), Entry{key, 0});
         entry != shard->end() && entry->key == key; ++entry) {
      clips.push_back(entry->clip);
    }
  }
  std::sort(clips.begin(), clips.end());
  return clips;
}

}  // namespace lenscap
