#include "services/archive_upload.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/text_serializer.h"
#include "tests/index/hashes.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

class ArchiveUploadTest : public testing::Test {
 protected:
  ~ArchiveUploadTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Archive(const v1::ScanReport& report) {
    v1::UploadHeader header;
    header.set_content_id("content");
    Random random(1);
    ArchiveUpload(*uploads_, header, MakeUpload(MovingHashes(5, 40, random)),
                  report, 7, metrics_);
  }

  const std::unique_ptr<UploadStore> uploads_ =
      *UploadStore::Open({.directory = MakeTempDirectory()});
  Metrics metrics_;
};

TEST_F(ArchiveUploadTest, NoPicturesAndNoTextsOfTheFootageAreKept) {
  v1::ScanReport report;
  report.set_scan_id("scan");
  report.mutable_verdict()->set_action(v1::ACTION_ALLOW);
  report.mutable_cues()->set_model_version("1");
  report.mutable_cues()->add_stills()->set_jpeg("secret picture");
  report.mutable_cues()->add_texts()->set_text("secret text");
  report.mutable_cues()->add_motion()->set_dx(1);
  report.mutable_shadow_cues()->add_stills()->set_jpeg("secret picture");
  Archive(report);
  const auto kept = *uploads_->List(0, 10, 10);
  ASSERT_EQ(kept.size(), 1);
  EXPECT_EQ(kept[0].clips_below, 7);
  EXPECT_EQ(kept[0].action, v1::ACTION_ALLOW);
  EXPECT_EQ(kept[0].report.find("secret"), std::string::npos);
  v1::ScanReport read;
  ASSERT_TRUE(read.ParseFromString(kept[0].report));
  EXPECT_EQ(read.scan_id(), "scan");
  EXPECT_EQ(read.cues().model_version(), "1");
  EXPECT_FALSE(read.has_shadow_cues());
}

TEST_F(ArchiveUploadTest, AFailureIsCounted) {
  TestDisk::SetMode(TestDisk::Mode::kFull);
  Archive(v1::ScanReport());
  TestDisk::SetMode(TestDisk::Mode::kSound);
  EXPECT_EQ(uploads_->size().uploads, 0);
  EXPECT_THAT(prometheus::TextSerializer().Serialize(metrics_.Collect()),
              HasSubstr("lenscap_uploads_not_kept_total 1"));
}

}  // namespace
}  // namespace lenscap
