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
#include "takedown/decided.h"
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
    const auto upload = rooms_.cases->Upload(content_id);
    if (!upload.ok()) return upload.status();
    const auto opened = rooms_.cases->Get(upload->case_id());
    if (!opened.ok()) return opened.status();
    return AsCase(*opened, *upload);
  }
  // What the waiting cases are of.
  std::set<std::string> Cases() {
    std::set<std::string> ids;
    const absl::Status read = rooms_.cases->ForEachUpload(
        [&](const v1::Case& opened, const v1::CaseUpload& upload) {
          if (opened.state() == v1::Case::STATE_WAITING) {
            ids.insert(upload.content_id());
          }
          return absl::OkStatus();
        });
    EXPECT_TRUE(read.ok()) << read;
    return ids;
  }

  Random random_{1};
  int64_t frames_at_once_ = 1'000'000;
  Rooms rooms_;
  std::unique_ptr<RetroMatch> retro_;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_RETRO_MATCH_FIXTURE_H_
