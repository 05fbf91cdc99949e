#ifndef LENSCAP_INDEX_PHOTO_INDEX_H_
#define LENSCAP_INDEX_PHOTO_INDEX_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/clock.h"
#include "base/record_store.h"
#include "fingerprint/hash256.h"
#include "fingerprint/pdq.h"
#include "index/hamming_index.h"

namespace lenscap {

// The hashes of the photos of listings, to find those that show the same,
// whoever sells it: durable (index/PHOTOS.md), and searched in memory, exactly
// within a Hamming radius. Tenants do not find one another's. What Put has
// returned OK for survives a crash. Thread-safe; one process at a time.
class PhotoIndex {
 public:
  // Below it a hash says little; such a photo is not to be put here.
  static constexpr int kMinQuality = 50;
  // Listings that Search returns of one distinct hash: of those in cases so
  // many of the newest and so many of the oldest, of others so many.
  static constexpr int kInCases = 16;
  static constexpr int kOthers = 4;

  struct Options {
    std::string directory;
    // Listings are forgotten so long after their last review, and the oldest
    // beyond so many photos.
    absl::Duration keep = absl::Hours(24 * 180);
    int64_t max_photos = 1'000'000;
    const Clock* clock = Clock::Real();  // Must outlive this.
  };

  struct Listing {
    std::string tenant;
    std::string listing_id;
    std::string seller = {};
    bool in_case = false;
    friend bool operator==(const Listing&, const Listing&) = default;
  };
  struct Match {
    Listing listing;
    absl::Time seen;  // When it was reviewed last.
    int distance = 0;
    Orientation orientation = Orientation::kUpright;  // Of the photo asked for.
  };

  // FAILED_PRECONDITION where another process has the directory open.
  static absl::StatusOr<std::unique_ptr<PhotoIndex>> Open(Options options);

  // In place of what was there of the listing, now; none forgets it.
  absl::Status Put(const Listing& listing, absl::Span<const Hash256> photos);

  // The other listings of the tenant with a photo within `max_distance` (0 to
  // 31) of this one or of one of its rotations and reflections, those in cases
  // first, then the nearest, at most `limit`, each once.
  std::vector<Match> Search(const Listing& asked, const DihedralPdq& photo,
                            int max_distance, size_t limit) const;

  // Forgets what is too old. To be called from time to time.
  absl::Status Purge();

  int64_t photos() const;

 private:
  // A listing, by a number that grows with when it was seen.
  struct Entry {
    Listing listing;
    absl::Time seen;
    std::vector<uint32_t> pictures;  // Of its tenant.
  };
  // A distinct hash, and the numbers of the listings that have it.
  struct Picture {
    Hash256 hash;
    std::set<uint64_t> in_cases;
    std::set<uint64_t> others;
  };
  struct Tenant {
    HammingIndex index;
    std::unordered_map<uint32_t, Picture> pictures;
    std::unordered_map<Hash256, uint32_t, absl::Hash<Hash256>> by_hash;
    uint32_t next_picture = 1;
    bool merging = false;
  };

  PhotoIndex(Options options, std::unique_ptr<RecordStore> records)
      : options_(std::move(options)), records_(std::move(records)) {}
  absl::Status Load();
  static std::string KeyOf(const Listing& listing);
  std::mutex& TurnOf(const std::string& key) const;
  // With mutex_ held, as those named Locked.
  void InsertLocked(const std::string& key, Entry entry,
                    absl::Span<const Hash256> photos);
  void RemoveLocked(const std::string& key);
  void Merge(const std::string& tenant);
  // Forgets the oldest while `is_due`.
  template <typename IsDue>
  absl::Status Forget(const IsDue& is_due);

  const Options options_;
  const std::unique_ptr<RecordStore> records_;
  // Changes of one listing come one after the other, on disk and in memory.
  static constexpr size_t kTurns = 64;
  mutable std::array<std::mutex, kTurns> turns_;
  mutable std::mutex mutex_;
  std::map<uint64_t, Entry> entries_;  // Guarded by mutex_, as what follows.
  std::unordered_map<std::string, uint64_t> by_key_;
  std::map<std::string, Tenant> tenants_;
  uint64_t last_number_ = 0;
  int64_t photos_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_PHOTO_INDEX_H_
