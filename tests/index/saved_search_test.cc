// What a start makes of the search structure that was saved: the same answers
// as from the store alone, whatever became of the files.

#include "index/saved_search.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/known_clips.h"
#include "tests/index/hashes.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

// Four of these make a segment.
constexpr int kFrames = 5000;

std::vector<fs::path> FilesIn(const std::string& directory) {
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(directory)) {
    files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The content follows from the name; some have details.
Clip ClipCalled(const std::string& entry_id) {
  Random random(std::hash<std::string>()(entry_id));
  Clip clip = MakeClip("list", entry_id, MovingHashes(kFrames, 40, random));
  clip.frames[0].quality = 49;
  clip.frames[2].until = clip.frames[2].time + absl::Milliseconds(100);
  if (random() % 2 == 0) {
    clip.detail.size = {1, 0.5};
    for (int i = 0; i < 30; ++i) {
      Keypoint keypoint;
      keypoint.descriptor = RandomHash(random);
      keypoint.at = {i / 30.0, (i * 7 % 15) / 30.0};
      keypoint.size = 0.1f;
      clip.detail.keypoints.push_back(keypoint);
      WindowFrame frame;
      frame.time = clip.frames[i].time;
      frame.until = frame.time;
      for (Pdq& window : frame.windows) window = {RandomHash(random), 80};
      clip.detail.windows.push_back(frame);
    }
    clip.detail.scenes.push_back(
        {RandomHash(random), 90, {absl::ZeroDuration(), absl::Seconds(5)}});
  }
  return clip;
}

class SavedSearchTest : public testing::Test {
 protected:
  SavedSearchTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    Open();
    EXPECT_TRUE(clips_->CreateList("list", "issuer").ok());
  }
  ~SavedSearchTest() override { clips_.reset(); }

  void Open(int min_quality = 50) {
    clips_.reset();
    auto clips =
        KnownClips::Open({.directory = directory_, .min_quality = min_quality});
    ASSERT_TRUE(clips.ok()) << clips.status();
    clips_ = *std::move(clips);
  }
  void Close() { clips_.reset(); }

  void Publish(int first, int last) {
    for (int i = first; i < last; ++i) {
      const std::string id = absl::StrCat("entry", i);
      ASSERT_TRUE(clips_->Publish(ClipCalled(id)).ok());
      there_.insert(id);
    }
  }
  void Withdraw(int i) {
    const std::string id = absl::StrCat("entry", i);
    ASSERT_TRUE(clips_->Withdraw("list", {id}, "reason").ok());
    there_.erase(id);
  }

  // Just what was published is found.
  void ExpectAll(int last) {
    for (int i = 0; i < last; ++i) {
      const std::string id = absl::StrCat("entry", i);
      const Clip clip = ClipCalled(id);
      std::vector<Hash256> hashes;
      for (int f = 100; f < 140; ++f) hashes.push_back(clip.frames[f].hash);
      const auto matches =
          clips_->Match(MakeUpload(hashes, absl::Milliseconds(250)));
      ASSERT_EQ(matches.size(), there_.count(id)) << id;
      if (!matches.empty()) {
        EXPECT_EQ(matches[0].entry_id, id);
        EXPECT_EQ(matches[0].reference.start, clip.frames[100].time);
      }
      const auto& keypoints = clip.detail.keypoints;
      EXPECT_EQ(clips_->FindSightings(keypoints, {}, 1).size(),
                keypoints.empty() ? 0 : there_.count(id));
    }
  }

  const std::string directory_ = MakeTempDirectory() + "/index";
  const std::string search_ = directory_ + "/search";
  std::unique_ptr<KnownClips> clips_;
  std::set<std::string> there_;
};

TEST_F(SavedSearchTest, AStartFindsWhatWasSavedAndWhatChangedSince) {
  EXPECT_TRUE(absl::IsNotFound(clips_->rebuilt_because()));
  Publish(0, 8);
  for (int round = 0; round < 3; ++round) {
    Open();
    EXPECT_TRUE(clips_->rebuilt_because().ok()) << clips_->rebuilt_because();
    EXPECT_TRUE(clips_->save_status().ok());
    ExpectAll(8 + 2 * round);
    Publish(8 + 2 * round, 10 + 2 * round);
    Withdraw(round);
    Withdraw(9 + 2 * round);
    ExpectAll(10 + 2 * round);
  }
  Open();
  ExpectAll(14);
  ASSERT_TRUE(clips_->WithdrawAll("list", "reason").ok());
  there_.clear();
  Open();
  EXPECT_TRUE(clips_->rebuilt_because().ok());
  ExpectAll(14);
}

TEST_F(SavedSearchTest, ASaveThatIsOlderThanTheStoreIsCaughtUpWith) {
  Publish(0, 8);
  Close();
  const std::string old = directory_ + ".old";
  fs::copy(search_, old);
  Open();
  Publish(8, 20);
  Withdraw(3);
  Withdraw(15);
  Close();
  fs::remove_all(search_);
  fs::copy(old, search_);
  Open();
  EXPECT_TRUE(clips_->rebuilt_because().ok()) << clips_->rebuilt_because();
  ExpectAll(20);
}

TEST_F(SavedSearchTest, AStoreThatWasPutBackIsReadAnew) {
  Publish(0, 8);
  Close();
  const std::string backup = directory_ + ".backup";
  fs::copy(directory_, backup, fs::copy_options::recursive);
  Open();
  Publish(8, 12);
  Withdraw(2);
  Close();
  // The store is that of the backup, the saved search the later one.
  fs::remove_all(backup + "/search");
  fs::copy(search_, backup + "/search");
  fs::remove_all(directory_);
  fs::rename(backup, directory_);
  there_ = {"entry0", "entry1", "entry2", "entry3",
            "entry4", "entry5", "entry6", "entry7"};
  Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(clips_->rebuilt_because()))
      << clips_->rebuilt_because();
  ExpectAll(12);
  // Ids are given out again, to other clips.
  Publish(20, 24);
  Open();
  EXPECT_TRUE(clips_->rebuilt_because().ok()) << clips_->rebuilt_because();
  ExpectAll(24);
}

TEST_F(SavedSearchTest, WhatWasSavedOfAnotherStoreIsNotUsed) {
  Publish(0, 8);
  Close();
  const std::string other = MakeTempDirectory() + "/other";
  {
    auto clips = KnownClips::Open({.directory = other});
    ASSERT_TRUE(clips.ok());
    ASSERT_TRUE((*clips)->CreateList("list", "issuer").ok());
    for (int i = 20; i < 26; ++i) {
      const Clip clip = ClipCalled(absl::StrCat("entry", i));
      ASSERT_TRUE((*clips)->Publish(clip).ok());
    }
  }
  fs::remove_all(search_);
  fs::copy(other + "/search", search_);
  Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(clips_->rebuilt_because()))
      << clips_->rebuilt_because();
  ExpectAll(26);
}

TEST_F(SavedSearchTest, AnotherQualityIsAReasonToBuildAnew) {
  Publish(0, 5);
  Open(49);
  EXPECT_TRUE(absl::IsFailedPrecondition(clips_->rebuilt_because()));
  ExpectAll(5);
  Open(49);
  EXPECT_TRUE(clips_->rebuilt_because().ok()) << clips_->rebuilt_because();
}

TEST_F(SavedSearchTest, ADamagedFileIsDetectedAndEverythingBuiltAnew) {
  Publish(0, 9);
  Close();
  const std::string sound = directory_ + ".sound";
  fs::copy(search_, sound);
  Random random(1);
  const auto files = FilesIn(search_);
  EXPECT_GE(files.size(), 3);  // The manifest, a segment, a shelf.
  for (const fs::path& file : files) {
    const auto size = fs::file_size(file);
    for (const auto& [how, damage] :
         std::vector<std::pair<std::string, std::function<void()>>>{
             {"cut short", [&] { fs::resize_file(file, size - 1); }},
             {"empty", [&] { fs::resize_file(file, 0); }},
             {"longer", [&] { fs::resize_file(file, size + 1); }},
             {"missing", [&] { fs::remove(file); }},
             {"flipped",
              [&] {
                std::fstream stream(
                    file, std::ios::in | std::ios::out | std::ios::binary);
                // Not in the gap after a header.
                const auto at = size > 8192 ? 4096 + Below(size - 4096, random)
                                            : Below(64, random);
                stream.seekg(at);
                const char byte = stream.get();
                stream.seekp(at);
                stream.put(static_cast<char>(byte ^ 0x10));
              }},
             {"of another version", [&] {
                std::fstream stream(
                    file, std::ios::in | std::ios::out | std::ios::binary);
                stream.seekp(8);
                stream.put(7);
              }}}) {
      damage();
      Open();
      EXPECT_FALSE(clips_->rebuilt_because().ok()) << file << " " << how;
      ExpectAll(9);
      Close();
      fs::remove_all(search_);
      fs::copy(sound, search_);
    }
  }
  Open();
  EXPECT_TRUE(clips_->rebuilt_because().ok());
}

TEST_F(SavedSearchTest, FilesThatAreNotNeededAnyMoreAreDeleted) {
  size_t most = 0;
  for (int round = 0; round < 12; ++round) {
    Publish(4 * round, 4 * round + 4);
    Open();
    for (int i = 4 * round; i < 4 * round + 3; ++i) Withdraw(i);
    Open();
    most = std::max(most, FilesIn(search_).size());
  }
  EXPECT_TRUE(clips_->rebuilt_because().ok());
  EXPECT_LE(most, 4 * HammingIndex::kMaxSegments);
  ExpectAll(48);
}

// A full disk keeps nothing from being found, and leaves no rubbish.
TEST(SavedSearchFilesTest, ASaveThatFailsLeavesTheOneBefore) {
  const std::string directory = MakeTempDirectory() + "/search";
  const auto state_of = [](int clips) {
    SearchChange change;
    for (int i = 1; i <= clips; ++i) {
      change.added.push_back(
          MakeSearchedClip(ClipCalled(absl::StrCat("entry", i)), i, 50));
    }
    return SearchState().With(change);
  };
  const SavedSearch::Source source = {
      .store_id = "id", .sequence = 1, .min_quality = 50};
  const SearchState small = state_of(4);
  SavedSearch saved(directory);
  EXPECT_TRUE(saved.IsDue(small));
  ASSERT_TRUE(saved.Save(small, source).ok());
  EXPECT_FALSE(saved.IsDue(small));
  const auto files = FilesIn(directory);
  const SearchState large = state_of(9);
  for (const auto mode : {TestDisk::Mode::kFull, TestDisk::Mode::kFullSyncs}) {
    TestDisk::SetMode(mode);
    const auto status = saved.Save(large, source).status();
    TestDisk::SetMode(TestDisk::Mode::kSound);
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_EQ(FilesIn(directory), files);
    EXPECT_TRUE(saved.IsDue(large));
    const auto before = SavedSearch(directory).Load(source);
    ASSERT_TRUE(before.ok()) << before.status();
    EXPECT_EQ(before->clips.size(), 4);
  }
  ASSERT_TRUE(saved.Save(large, source).ok());
  EXPECT_EQ(SavedSearch(directory).Load(source)->clips.size(), 9);
}

// Clips on a shelf are those that were in memory.
TEST(SavedSearchFilesTest, AShelfGivesBackEverythingThatIsCompared) {
  const std::string directory = MakeTempDirectory();
  SearchedClips clips;
  for (int i = 1; i <= 6; ++i) {
    clips.push_back(
        MakeSearchedClip(ClipCalled(absl::StrCat("entry", i)), 3 * i, 50));
  }
  ASSERT_TRUE(WriteShelf(directory + "/shelf", clips).ok());
  auto shelved = ReadShelf(directory + "/shelf");
  ASSERT_TRUE(shelved.ok()) << shelved.status();
  ASSERT_EQ(shelved->size(), clips.size());
  for (size_t i = 0; i < clips.size(); ++i) {
    const SearchedClip& was = *clips[i];
    SearchedClip& is = (*shelved)[i];
    CopyEntry(was, &is);
    EXPECT_EQ(is.clip_id, was.clip_id);
    EXPECT_EQ(is.entry_id, was.entry_id);
    EXPECT_EQ(is.hashes, was.hashes);
    EXPECT_EQ(is.times, was.times);
    EXPECT_EQ(is.untils, was.untils);
    EXPECT_EQ(is.step, was.step);
    EXPECT_EQ(is.size.height, was.size.height);
    EXPECT_EQ(is.windows, was.windows);
    EXPECT_EQ(is.window_times, was.window_times);
    EXPECT_EQ(is.window_untils, was.window_untils);
    EXPECT_EQ(is.window_quality, was.window_quality);
    ASSERT_EQ(is.keypoints.size(), was.keypoints.size());
    for (size_t k = 0; k < is.keypoints.size(); ++k) {
      EXPECT_EQ(is.keypoints[k].descriptor, was.keypoints[k].descriptor);
      EXPECT_EQ(is.keypoints[k].at.x, was.keypoints[k].at.x);
    }
    ASSERT_EQ(is.scenes.size(), was.scenes.size());
    for (size_t s = 0; s < is.scenes.size(); ++s) {
      EXPECT_EQ(is.scenes[s].hash, was.scenes[s].hash);
    }
  }
}

}  // namespace
}  // namespace lenscap
