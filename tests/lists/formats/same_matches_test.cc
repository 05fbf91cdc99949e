// A list that was exported and imported again finds the same uploads.

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/known_clips.h"
#include "tests/lists/formats/conversion.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

constexpr int kClips = 20;

class SameMatchesTest : public testing::Test {
 protected:
  // Clips of a minute, and stills.
  SameMatchesTest() {
    for (int i = 0; i < kClips; ++i) {
      const bool still = i % 2 == 1;
      Clip clip = MakeClip("list", absl::StrCat("clip-", i),
                           MovingHashes(still ? 1 : 240, 8, random_));
      if (still) clip.duration = absl::ZeroDuration();
      // Not 0, as an upload has that is known by its frames alone.
      clip.md5.emplace().fill(static_cast<uint8_t>(i + 1));
      clip.sha256.emplace().fill(static_cast<uint8_t>(i + 1));
      clip.sha1.emplace().fill(static_cast<uint8_t>(i + 1));
      clips_.push_back(std::move(clip));
    }
  }

  // Ten seconds of each clip, with noise, and what has nothing of any.
  std::vector<UploadFingerprint> Uploads() {
    std::vector<UploadFingerprint> uploads;
    for (const Clip& clip : clips_) {
      std::vector<Hash256> hashes;
      for (const ReferenceFrame& frame : clip.frames) {
        hashes.push_back(frame.hash);
      }
      const bool still = hashes.size() == 1;
      uploads.push_back(still ? MakeUpload({AtDistance(hashes[0], 6, random_)})
                              : MakeUpload(CopyOf(hashes, 40, 40, 6, random_)));
      uploads.push_back(MakeUpload(MovingHashes(40, 8, random_)));
    }
    return uploads;
  }

  std::unique_ptr<KnownClips> Import(const std::vector<EntryChange>& entries) {
    auto clips =
        KnownClips::Open({.directory = MakeTempDirectory(), .clock = &clock_});
    EXPECT_TRUE(clips.ok()) << clips.status();
    EXPECT_TRUE((*clips)->CreateList("list", "issuer").ok());
    for (const EntryChange& entry : entries) {
      const auto published = (*clips)->Publish(entry.clip);
      EXPECT_TRUE(published.ok()) << published.status();
    }
    return *std::move(clips);
  }

  // Through the format and back; each entry through a file of its own.
  std::vector<EntryChange> Converted(ListFormat format) {
    std::vector<EntryChange> entries;
    LossReport losses;
    for (const Clip& clip : clips_) {
      const auto read =
          ReadAll(format, WriteAll(format, {Added(clip)}, &losses), &losses);
      if (!read.ok()) continue;  // Nothing of it was left to write.
      for (EntryChange entry : *read) {
        // What has no ids is told apart by its file.
        if (format == ListFormat::kVpdqText) {
          entry.clip.entry_id = clip.entry_id;
        }
        entries.push_back(std::move(entry));
      }
    }
    return entries;
  }

  static std::set<std::string> Found(const KnownClips& clips,
                                     const UploadFingerprint& upload) {
    std::set<std::string> ids;
    for (const ClipMatch& match : clips.Match(upload)) {
      ids.insert(match.entry_id);
    }
    return ids;
  }

  Random random_{1};
  FakeClock clock_;
  std::vector<Clip> clips_;
};

TEST_F(SameMatchesTest, FormatsWithFramesFindTheSameFootage) {
  std::vector<EntryChange> originals;
  for (const Clip& clip : clips_) originals.push_back(Added(clip));
  const auto before = Import(originals);
  const auto uploads = Uploads();
  for (ListFormat format :
       {ListFormat::kLenscap, ListFormat::kPdqText, ListFormat::kVpdqText,
        ListFormat::kThreatExchangeJson, ListFormat::kThreatExchangeCsv}) {
    SCOPED_TRACE(ListFormatName(format));
    const auto after = Import(Converted(format));
    for (size_t i = 0; i < uploads.size(); ++i) {
      SCOPED_TRACE(i);
      const auto expected = Found(*before, uploads[i]);
      EXPECT_EQ(expected.empty(), i % 2 == 1);
      EXPECT_EQ(Found(*after, uploads[i]), expected);
    }
  }
}

TEST_F(SameMatchesTest, FormatsWithPicturesFindTheSameStills) {
  const auto uploads = Uploads();
  for (ListFormat format : {ListFormat::kNcmecXml, ListFormat::kStopNciiJson}) {
    SCOPED_TRACE(ListFormatName(format));
    const auto after = Import(Converted(format));
    for (int i = 1; i < kClips; i += 2) {
      EXPECT_THAT(Found(*after, uploads[2 * i]), Not(IsEmpty())) << i;
      EXPECT_THAT(Found(*after, uploads[2 * i + 1]), IsEmpty()) << i;
    }
  }
}

TEST_F(SameMatchesTest, FormatsWithDigestsFindTheSameFiles) {
  for (ListFormat format :
       {ListFormat::kLenscap, ListFormat::kThreatExchangeJson,
        ListFormat::kThreatExchangeCsv, ListFormat::kNcmecXml,
        ListFormat::kStopNciiJson, ListFormat::kMd5Text,
        ListFormat::kSha1Text, ListFormat::kSha256Text,
        ListFormat::kDigestCsv}) {
    SCOPED_TRACE(ListFormatName(format));
    const auto after = Import(Converted(format));
    for (const Clip& clip : clips_) {
      UploadFingerprint upload;
      upload.digests.md5 = *clip.md5;
      upload.digests.sha1 = *clip.sha1;
      upload.digests.sha256 = *clip.sha256;
      const auto found = Found(*after, upload);
      ASSERT_THAT(found, Not(IsEmpty())) << clip.entry_id;
      if (format != ListFormat::kStopNciiJson) {
        EXPECT_THAT(found, Contains(clip.entry_id));
      }
      upload.digests.md5[0] ^= 1;
      upload.digests.sha1[0] ^= 1;
      upload.digests.sha256[0] ^= 1;
      EXPECT_THAT(Found(*after, upload), IsEmpty());
    }
  }
}

}  // namespace
}  // namespace lenscap
