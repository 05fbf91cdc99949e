#ifndef LENSCAP_TESTS_SERVICES_RETRO_MATCH_FIXTURE_H_
#define LENSCAP_TESTS_SERVICES_RETRO_MATCH_FIXTURE_H_

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "prometheus/text_serializer.h"
#include "services/retro_match.h"
#include "tests/index/hashes.h"
#include "tests/index/uploads.h"
#include "tests/services/rooms.h"

namespace lenscap {

// Uploads that were kept, and clips that are published to the list "list".
class RetroMatchTest : public testing::Test {
 protected:
  RetroMatchTest() { Restart(); }

  RetroMatch::Options Options() {
    return {.clips = rooms_.clips.get(),
            .uploads = rooms_.uploads.get(),
            .cases = rooms_.cases.get(),
            .policy = DefaultPolicy(),
            .metrics = &rooms_.metrics,
            .news = &rooms_.news,
            .frames_at_once = frames_at_once_};
  }
  // As after a crash: what is in memory is gone.
  void Restart() {
    retro_.reset();
    rooms_.uploads.reset();
    auto uploads = UploadStore::Open(
        {.directory = rooms_.directory + "/uploads", .clock = &rooms_.clock});
    ASSERT_TRUE(uploads.ok()) << uploads.status();
    rooms_.uploads = *std::move(uploads);
    retro_ = std::make_unique<RetroMatch>(Options());
  }
  std::vector<Hash256> NewContent() { return MovingHashes(80, 40, random_); }
  std::vector<Hash256> Copy(const std::vector<Hash256>& content) {
    return CopyOf(content, 20, 20, 6, random_);
  }
  void Publish(const std::string& entry_id, const std::vector<Hash256>& hashes,
               Severity severity = Severity::kConfirmed) {
    ASSERT_TRUE(rooms_.clips->CreateList("list", "issuer").ok());
    Clip clip = MakeClip("list", entry_id, hashes);
    clip.severity = severity;
    const auto published = rooms_.clips->Publish(clip);
    ASSERT_TRUE(published.ok()) << published.status();
  }
  UploadFingerprint Upload(const std::vector<Hash256>& hashes) {
    UploadFingerprint upload;
    upload.frames = FramesOf(hashes, random_);
    upload.duration = hashes.size() * absl::Milliseconds(500);
    upload.digests.sha256.fill(7);
    return upload;
  }
  // As a scan that compared it with the clips before `clips_below`.
  uint64_t Keep(const std::string& content_id, const UploadFingerprint& upload,
                uint64_t clips_below) {
    KeptUpload kept = CleanUpload(content_id);
    kept.clips_below = clips_below;
    v1::ScanReport report;
    report.set_scan_id(absl::StrCat("scan of ", content_id));
    kept.report = report.SerializeAsString();
    const auto sequence = rooms_.uploads->Keep(kept, upload);
    EXPECT_TRUE(sequence.ok()) << sequence.status();
    return sequence.value_or(0);
  }
  uint64_t Keep(const std::string& content_id,
                const std::vector<Hash256>& hashes) {
    return Keep(content_id, Upload(hashes), rooms_.clips->NextClipId());
  }
  void Hold(const std::string& entry_id) {
    const auto held = rooms_.clips->HoldEntries("list", {entry_id}, "r", "me");
    ASSERT_TRUE(held.ok()) << held.status();
  }
  void Release(const std::string& entry_id) {
    const auto held =
        rooms_.clips->ReleaseEntries("list", {entry_id}, "r", "me");
    ASSERT_TRUE(held.ok()) << held.status();
  }
  void SetMode(ListMode mode) {
    const auto list = rooms_.clips->SetMode("list", mode, "reason", "me");
    ASSERT_TRUE(list.ok()) << list.status();
  }
  std::string MetricsText() {
    return prometheus::TextSerializer().Serialize(rooms_.metrics.Collect());
  }
  void CatchUp() {
    const absl::Status status = retro_->CatchUp();
    ASSERT_TRUE(status.ok()) << status;
  }
  absl::StatusOr<v1::Case> CaseOf(const std::string& content_id) {
    return rooms_.cases->Get(TakedownQueue::CaseId(content_id));
  }
  std::set<std::string> Cases() {
    const auto page = rooms_.cases->List(v1::Case::STATE_WAITING, "", 1000);
    EXPECT_TRUE(page.ok()) << page.status();
    std::set<std::string> ids;
    for (const v1::Case& opened : page->cases) ids.insert(opened.content_id());
    return ids;
  }

  Random random_{1};
  int64_t frames_at_once_ = 1'000'000;
  Rooms rooms_;
  std::unique_ptr<RetroMatch> retro_;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_RETRO_MATCH_FIXTURE_H_
