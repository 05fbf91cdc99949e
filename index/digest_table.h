#ifndef LENSCAP_INDEX_DIGEST_TABLE_H_
#define LENSCAP_INDEX_DIGEST_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "base/digest.h"
#include "index/persistent_vector.h"

namespace lenscap {

// Which clips are whole files with a given digest. A value that changes by
// making the next version; cheap to copy. Thread-safe.
class DigestTable {
 public:
  // Under which digest a clip is found, its first 16 bytes: SHA-256 where it is
  // known, else SHA-1, else MD5.
  struct Entry {
    std::array<uint8_t, 16> key;
    uint32_t clip = 0;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  // Nothing where none is known.
  static std::optional<Entry> EntryFor(uint32_t clip,
                                       const std::optional<Sha256>& sha256,
                                       const std::optional<Sha1>& sha1,
                                       const std::optional<Md5>& md5);

  DigestTable Changed(const std::vector<Entry>& added,
                      const std::vector<Entry>& removed) const;

  // The clips that are found under one of the digests, ascending. Others may
  // be among them: compare.
  std::vector<uint32_t> Find(const FileDigests& digests) const;

 private:
  static constexpr size_t kShards = 4096;
  using Shard = std::shared_ptr<const std::vector<Entry>>;  // Sorted.

  static size_t ShardOf(const std::array<uint8_t, 16>& key);

  PersistentVector<Shard, 64> shards_;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_DIGEST_TABLE_H_
