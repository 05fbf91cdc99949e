#include "takedown/evidence_store.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<v1::Still> Stills(int count, const std::string& jpeg = "a still") {
  std::vector<v1::Still> stills(count);
  for (int i = 0; i < count; ++i) {
    stills[i].mutable_time()->set_seconds(i);
    stills[i].set_kind(v1::Still::KIND_MATCH);
    stills[i].set_jpeg(absl::StrCat(jpeg, " ", i + 1));
  }
  return stills;
}

std::string ReadTree(const std::string& directory) {
  std::string bytes;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) {
      std::ifstream file(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
  }
  return bytes;
}

class EvidenceStoreTest : public testing::Test {
 protected:
  EvidenceStoreTest() { Reopen(); }
  void TearDown() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    store_.reset();
    auto opened = EvidenceStore::Open({.directory = directory_ + "/evidence",
                                       .key_file = directory_ + "/keys",
                                       .clock = &clock_});
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }
  std::string JpegOf(const std::string& content_id, int number) {
    const auto stills = store_->Open(content_id);
    if (!stills.ok()) return stills.status().ToString();
    return stills->at(number - 1).jpeg();
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<EvidenceStore> store_;
};

TEST_F(EvidenceStoreTest, StillsAreReadBackAsTheyWereSealedAlsoAfterAStart) {
  ASSERT_TRUE(store_->Seal("case-1", "upload", Stills(3)).ok());
  Reopen();
  const auto stills = store_->Open("upload");
  ASSERT_TRUE(stills.ok()) << stills.status();
  ASSERT_EQ(stills->size(), 3);
  EXPECT_EQ((*stills)[2].still_id(), 3);
  EXPECT_EQ((*stills)[2].time().seconds(), 2);
  EXPECT_EQ((*stills)[2].jpeg(), "a still 3");
  const auto kept = store_->Find("upload");
  EXPECT_EQ(kept->case_id, "case-1");
  EXPECT_EQ(kept->sealed, clock_.Now());
  EXPECT_FALSE(kept->destroyed);
}

TEST_F(EvidenceStoreTest, NothingOfAStillIsOnTheDiskInTheClear) {
  ASSERT_TRUE(
      store_->Seal("case-1", "upload", Stills(4, "somebody's worst moment"))
          .ok());
  EXPECT_EQ(JpegOf("upload", 1), "somebody's worst moment 1");
  store_.reset();
  const std::string bytes = ReadTree(directory_);
  EXPECT_THAT(bytes, HasSubstr("case-1"));
  EXPECT_THAT(bytes, testing::Not(HasSubstr("worst moment")));
}

TEST_F(EvidenceStoreTest, WhatIsKeptIsNotReplacedUntilItIsDestroyed) {
  ASSERT_TRUE(store_->Seal("case-1", "upload", Stills(2)).ok());
  ASSERT_TRUE(store_->Seal("case-2", "upload", Stills(1, "other")).ok());
  ASSERT_TRUE(store_->SetUnavailable("case-2", "upload", "why").ok());
  EXPECT_EQ(JpegOf("upload", 2), "a still 2");
  ASSERT_TRUE(store_->Destroy({"upload"}).ok());
  ASSERT_TRUE(store_->Seal("case-2", "upload", Stills(1, "other")).ok());
  EXPECT_EQ(JpegOf("upload", 1), "other 1");
  EXPECT_EQ(store_->Find("upload")->case_id, "case-2");
}

TEST_F(EvidenceStoreTest, AReasonStandsWhereThereAreNoStills) {
  ASSERT_TRUE(store_->SetUnavailable("case-1", "upload", "disk full").ok());
  EXPECT_EQ(store_->Find("upload")->unavailable, "disk full");
  EXPECT_THAT(*store_->Open("upload"), IsEmpty());
  // A later scan may have them after all.
  ASSERT_TRUE(store_->Seal("case-1", "upload", Stills(1)).ok());
  EXPECT_EQ(store_->Find("upload")->unavailable, "");
  EXPECT_EQ(JpegOf("upload", 1), "a still 1");
}

TEST_F(EvidenceStoreTest, ADestroyedStillCannotBeOpenedEvenFromACopy) {
  ASSERT_TRUE(store_->Seal("case-1", "upload", Stills(2)).ok());
  ASSERT_TRUE(store_->Seal("case-1", "other", Stills(2)).ok());
  store_.reset();
  const std::string backup = directory_ + "/backup";
  std::filesystem::copy(directory_ + "/evidence", backup,
                        std::filesystem::copy_options::recursive);
  Reopen();
  clock_.Advance(absl::Hours(1));
  ASSERT_TRUE(store_->Destroy({"upload", "never kept"}).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(store_->Open("upload").status()));
  EXPECT_EQ(store_->Find("upload")->destroyed, clock_.Now());
  EXPECT_EQ(JpegOf("other", 2), "a still 2");
  store_.reset();
  // The stills come back, their key does not.
  std::filesystem::remove_all(directory_ + "/evidence");
  std::filesystem::rename(backup, directory_ + "/evidence");
  Reopen();
  EXPECT_TRUE(absl::IsFailedPrecondition(store_->Open("upload").status()));
  EXPECT_EQ(JpegOf("other", 2), "a still 2");
}

TEST_F(EvidenceStoreTest, AStillInThePlaceOfAnotherDoesNotOpen) {
  ASSERT_TRUE(store_->Seal("case-1", "a", Stills(1)).ok());
  ASSERT_TRUE(store_->Seal("case-1", "b", Stills(1)).ok());
  store_.reset();
  // The keys of the two change places.
  std::fstream file(directory_ + "/keys",
                    std::ios::in | std::ios::out | std::ios::binary);
  std::string slots[2] = {std::string(128, 0), std::string(128, 0)};
  file.seekg(128);
  file.read(slots[0].data(), 128).read(slots[1].data(), 128);
  ASSERT_TRUE(file.good());
  for (int i = 0; i < 32; ++i) std::swap(slots[0][i], slots[1][i]);
  for (std::string& slot : slots) {
    const uint32_t sum = Crc32(slot.substr(0, 64));
    for (int i = 0; i < 4; ++i) {
      slot[64 + i] = static_cast<char>(sum >> (24 - 8 * i));
    }
  }
  file.seekp(128);
  file.write(slots[0].data(), 128).write(slots[1].data(), 128);
  file.close();
  Reopen();
  EXPECT_TRUE(absl::IsDataLoss(store_->Open("a").status()));
  EXPECT_TRUE(absl::IsDataLoss(store_->Open("b").status()));
}

TEST_F(EvidenceStoreTest, OfWhatIsForgottenNothingTells) {
  ASSERT_TRUE(store_->Seal("case-1", "upload", Stills(2)).ok());
  ASSERT_TRUE(store_->Forget({"upload", "unknown"}).ok());
  EXPECT_TRUE(absl::IsNotFound(store_->Find("upload").status()));
  EXPECT_TRUE(absl::IsNotFound(store_->Open("upload").status()));
  EXPECT_THAT(*store_->List("", 10), IsEmpty());
}

TEST_F(EvidenceStoreTest, BoundsAreKept) {
  const auto refused = [&](const auto& status, const char* field) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(status.message(), HasSubstr(field));
  };
  refused(store_->Seal("case-1", "", Stills(1)), "content_id");
  refused(store_->Seal("", "upload", Stills(1)), "case_id");
  refused(store_->Seal("case-1", std::string(257, 'x'), Stills(1)),
          "content_id");
  refused(store_->Seal("case-1", "upload", {}), "stills");
  refused(store_->Seal("case-1", "upload", Stills(17)), "stills");
  refused(
      store_->Seal("case-1", "upload", Stills(2, std::string(600 << 10, 'x'))),
      "stills[0]");
  ASSERT_TRUE(store_->Seal("case-1", "upload", Stills(16)).ok());
}

TEST_F(EvidenceStoreTest, AFullDiskLosesStillsAndNeverLies) {
  TestDisk::SetMode(TestDisk::Mode::kBrokenSyncs);
  EXPECT_FALSE(store_->Seal("case-1", "upload", Stills(1)).ok());
  TestDisk::SetMode(TestDisk::Mode::kSound);
  EXPECT_TRUE(absl::IsNotFound(store_->Find("upload").status()));
  EXPECT_TRUE(store_->Seal("case-1", "upload", Stills(1)).ok());
}

TEST_F(EvidenceStoreTest, TheListGoesPageByPage) {
  std::set<std::string> names;
  for (int i = 0; i < 25; ++i) {
    names.insert(absl::StrCat("upload-", i));
    ASSERT_TRUE(
        store_->Seal("case-1", absl::StrCat("upload-", i), Stills(1)).ok());
  }
  std::string after;
  std::set<std::string> seen;
  for (int page = 0; page < 4; ++page) {
    const auto kept = store_->List(after, 7);
    ASSERT_TRUE(kept.ok());
    ASSERT_EQ(kept->size(), page == 3 ? 4 : 7);
    for (const auto& upload : *kept) {
      EXPECT_TRUE(seen.insert(upload.content_id).second);
    }
    after = kept->back().content_id;
  }
  EXPECT_EQ(seen, names);
}

TEST_F(EvidenceStoreTest, HoldsWhatAMapHolds) {
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  std::mt19937 random(7);
  std::map<std::string, std::optional<int>> model;  // None: destroyed.
  for (int step = 0; step < 2000; ++step) {
    const std::string name = absl::StrCat("upload-", random() % 20);
    const int count = 1 + static_cast<int>(random() % 3);
    const auto found = model.find(name);
    switch (random() % 6) {
      case 0:
        if (random() % 10 == 0) Reopen();
        break;
      case 1:
        ASSERT_TRUE(store_->Destroy({name}).ok());
        if (found != model.end()) found->second.reset();
        break;
      case 2:
        ASSERT_TRUE(store_->Forget({name}).ok());
        model.erase(name);
        break;
      case 3:
        ASSERT_TRUE(store_->Seal("case-1", name, Stills(count)).ok());
        if (found == model.end() || !found->second) model[name] = count;
        break;
      default: {
        const auto stills = store_->Open(name);
        if (found == model.end()) {
          ASSERT_TRUE(absl::IsNotFound(stills.status()));
        } else if (!found->second) {
          ASSERT_TRUE(absl::IsFailedPrecondition(stills.status()));
        } else {
          ASSERT_EQ(std::ssize(*stills), *found->second) << step;
        }
      }
    }
  }
}

}  // namespace
}  // namespace lenscap
