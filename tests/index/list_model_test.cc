// Signed lists against a model of them that is trivially right, through random
// versions, rollbacks, holds, expiries and starts.

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/known_clips.h"
#include "tests/index/hashes.h"
#include "tests/index/list_versions.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int kEntries = 8;
constexpr int kVariants = 2;
constexpr int kSteps = 150;

// What a list has: by entry.
struct Listed {
  Clip clip;
  bool held = false;
  bool expired = false;
};
using Model = std::map<std::string, Listed>;

class ListModelTest : public testing::TestWithParam<int> {
 protected:
  ListModelTest() : random_(GetParam()) {
    for (int e = 0; e < kEntries; ++e) {
      for (int v = 0; v < kVariants; ++v) {
        Clip& clip = pool_.emplace_back(MakeClip("list", absl::StrCat("e", e),
                                                 MovingHashes(8, 8, random_)));
        clip.sha1.emplace().fill(1 + e * kVariants + v);
        if (v == 1 && e % 2 == 0) {
          clip.terms.expires = clock_.Now() + absl::Hours(1 + 20 * e);
        }
      }
    }
    Reopen();
  }

  void Reopen() {
    clips_.reset();
    auto clips =
        KnownClips::Open({.directory = directory_,
                          .clock = &clock_,
                          .update_run_bytes = size_t{1} << Below(20, random_)});
    ASSERT_TRUE(clips.ok()) << clips.status();
    clips_ = *std::move(clips);
  }

  const Clip& AnyOf(const std::string& entry_id) {
    const int e = entry_id[1] - '0';
    return pool_[e * kVariants + Below(kVariants, random_)];
  }

  // An entry as a version that has `clip` leaves it.
  Listed After(const Clip& clip) const {
    const auto known = model_.find(clip.entry_id);
    if (known != model_.end() &&
        EntryDigest(known->second.clip) == EntryDigest(clip)) {
      return known->second;
    }
    return {.clip = clip, .expired = clip.terms.expires <= clock_.Now()};
  }

  void Take(ListUpdate update, std::vector<EntryChange> changes, Model after) {
    std::vector<Clip> all;
    for (const auto& [id, listed] : after) all.push_back(listed.clip);
    update.content = ContentOf(all);
    const auto result = Apply(*clips_, update, std::move(changes));
    ASSERT_TRUE(result.ok()) << result.status();
    model_ = std::move(after);
    if (update.kind == ListChange::Kind::kSigned) versions_.push_back(all);
    rolled_back_ = update.signed_version < std::ssize(versions_);
  }

  void Snapshot(const std::vector<Clip>& clips, const ListUpdate& update) {
    Model after;
    std::vector<EntryChange> changes;
    for (const Clip& clip : clips) {
      after[clip.entry_id] = After(clip);
      changes.push_back(AddOf(clip));
    }
    std::shuffle(changes.begin(), changes.end(), random_);
    Take(update, std::move(changes), std::move(after));
  }

  void AnySnapshot() {
    std::vector<Clip> clips;
    for (int e = 0; e < kEntries; ++e) {
      if (Below(3, random_) > 0) clips.push_back(AnyOf(absl::StrCat("e", e)));
    }
    Snapshot(clips, NextVersion(*clips_, "list", true));
  }

  void AnyDelta() {
    Model after = model_;
    std::vector<EntryChange> changes;
    for (int e = 0; e < kEntries; ++e) {
      const std::string id = absl::StrCat("e", e);
      if (Below(2, random_) == 0) continue;
      const Clip& clip = AnyOf(id);
      if (model_.count(id) == 0) {
        changes.push_back(AddOf(clip));
        after[id] = After(clip);
      } else if (Below(2, random_) == 0) {
        changes.push_back(UpdateOf(clip));
        after[id] = After(clip);
      } else {
        changes.push_back(WithdrawalOf(id));
        after.erase(id);
      }
    }
    Take(NextVersion(*clips_, "list", false), std::move(changes),
         std::move(after));
  }

  void Rollback() {
    const int version = 1 + Below(versions_.size(), random_);
    Snapshot(versions_[version - 1], RollbackTo("list", version));
  }

  void Hold(bool hold) {
    std::vector<std::string> ids;
    for (auto& [id, listed] : model_) {
      if (listed.expired || Below(2, random_) == 0) continue;
      ids.push_back(id);
      listed.held = hold;
    }
    if (ids.empty()) return;
    const auto list = hold ? clips_->HoldEntries("list", ids, "disputed", "me")
                           : clips_->ReleaseEntries("list", ids, "fine", "me");
    ASSERT_TRUE(list.ok()) << list.status();
  }

  void Expire() {
    clock_.Advance(absl::Hours(Below(8, random_)));
    std::set<std::string> expected, found;
    for (auto& [id, listed] : model_) {
      if (listed.expired || listed.clip.terms.expires > clock_.Now()) continue;
      listed.expired = true;
      listed.held = false;
      expected.insert(id);
    }
    const auto lists = clips_->Expire();
    ASSERT_TRUE(lists.ok()) << lists.status();
    for (const auto& expired : *lists) {
      found.insert(expired.entry_ids.begin(), expired.entry_ids.end());
    }
    EXPECT_EQ(found, expected);
  }

  void Step() {
    const int step = Below(12, random_);
    if (versions_.empty() || step < 2) {
      AnySnapshot();
    } else if (step < 5) {
      rolled_back_ ? AnySnapshot() : AnyDelta();
    } else if (step < 6) {
      Rollback();
    } else if (step < 8) {
      Hold(true);
    } else if (step < 9) {
      Hold(false);
    } else if (step < 11) {
      Expire();
    } else {
      Reopen();
    }
  }

  void Compare() {
    std::map<std::string, bool> expected, entries;
    int64_t held = 0, expired = 0;
    for (const auto& [id, listed] : model_) {
      if (!listed.expired) expected[id] = listed.held;
      held += listed.held;
      expired += listed.expired;
    }
    const auto stored = clips_->Entries("list", "", 100);
    ASSERT_TRUE(stored.ok()) << stored.status();
    for (const EntryInfo& entry : *stored) {
      entries[entry.entry_id] = entry.hold == lenscap::Hold::kByHand;
    }
    EXPECT_EQ(entries, expected);
    const ListInfo list = *clips_->GetList("list");
    EXPECT_EQ(list.entries, std::ssize(expected));
    EXPECT_EQ(list.held, held);
    EXPECT_EQ(list.expired, expired);
    EXPECT_EQ(list.signed_version, std::ssize(versions_));
    EXPECT_EQ(clips_->History("list", 10'000)->size(), list.version);
    for (const Clip& clip : pool_) {
      const auto listed = model_.find(clip.entry_id);
      const bool found = listed != model_.end() && !listed->second.expired &&
                         !listed->second.held &&
                         listed->second.clip.sha1 == clip.sha1;
      UploadFingerprint file;
      file.digests.sha1 = *clip.sha1;
      EXPECT_EQ(clips_->Match(file).size(), found) << clip.entry_id;
      std::vector<Hash256> hashes;
      for (const auto& frame : clip.frames) hashes.push_back(frame.hash);
      EXPECT_EQ(clips_->Match(MakeUpload(hashes)).size(), found)
          << clip.entry_id;
    }
  }

  Random random_;
  FakeClock clock_;
  const std::string directory_ = MakeTempDirectory();
  std::vector<Clip> pool_;
  Model model_;
  std::vector<std::vector<Clip>> versions_;  // From 1.
  bool rolled_back_ = false;
  std::unique_ptr<KnownClips> clips_;
};

TEST_P(ListModelTest, AListIsWhatItsVersionsMakeOfIt) {
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    SCOPED_TRACE(absl::StrCat("step ", step));
    Step();
    Compare();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ListModelTest, testing::Values(1, 2, 3, 4));

}  // namespace
}  // namespace lenscap
