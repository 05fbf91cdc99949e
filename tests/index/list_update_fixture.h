#ifndef LENSCAP_TESTS_INDEX_LIST_UPDATE_FIXTURE_H_
#define LENSCAP_TESTS_INDEX_LIST_UPDATE_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "index/known_clips.h"
#include "index/list_update.h"
#include "tests/index/hashes.h"
#include "tests/index/list_versions.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {

// Known clips, and versions of the signed list "list" that are applied to them.
class ListUpdateTest : public testing::Test {
 protected:
  ListUpdateTest() { Reopen(); }

  void Reopen() {
    clips_.reset();
    auto clips = KnownClips::Open({.directory = directory_,
                                   .clock = &clock_,
                                   .update_run_bytes = run_bytes_});
    ASSERT_TRUE(clips.ok()) << clips.status();
    clips_ = *std::move(clips);
  }

  Clip MakeOne(const std::string& entry_id, int frames = 30) {
    return MakeClip("list", entry_id, MovingHashes(frames, 8, random_));
  }
  ListUpdateResult MustApply(const ListUpdate& update,
                             std::vector<EntryChange> changes) {
    const auto result = Apply(*clips_, update, std::move(changes));
    EXPECT_TRUE(result.ok()) << result.status();
    return result.value_or(ListUpdateResult());
  }
  ListUpdateResult Snapshot(std::vector<EntryChange> changes) {
    return MustApply(NextVersion(*clips_, "list", true), std::move(changes));
  }
  ListUpdateResult Delta(std::vector<EntryChange> changes) {
    return MustApply(NextVersion(*clips_, "list", false), std::move(changes));
  }
  absl::Status Refused(const ListUpdate& update,
                       std::vector<EntryChange> changes) {
    const auto before = clips_->GetList("list");
    const absl::Status status =
        Apply(*clips_, update, std::move(changes)).status();
    EXPECT_FALSE(status.ok());
    const auto after = clips_->GetList("list");
    EXPECT_EQ(before.ok(), after.ok());
    if (before.ok() && after.ok()) {
      EXPECT_EQ(after->version, before->version);
    }
    return status;
  }
  UploadFingerprint UploadOf(const Clip& clip) {
    std::vector<Hash256> hashes;
    for (const auto& frame : clip.frames) hashes.push_back(frame.hash);
    return MakeUpload(CopyOf(hashes, 0, hashes.size() / 2, 4, random_));
  }
  std::vector<std::string> Matching(const UploadFingerprint& upload) {
    std::vector<std::string> ids;
    for (const ClipMatch& match : clips_->Match(upload)) {
      ids.push_back(match.entry_id);
    }
    return ids;
  }

  Random random_{1};
  FakeClock clock_;
  size_t run_bytes_ = 1 << 20;
  const std::string directory_ = MakeTempDirectory();
  std::unique_ptr<KnownClips> clips_;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_INDEX_LIST_UPDATE_FIXTURE_H_
