#include "base/key_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

class KeyFileTest : public testing::Test {
 protected:
  void TearDown() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  std::unique_ptr<KeyFile> Open() const {
    auto file = KeyFile::Open(path_);
    EXPECT_TRUE(file.ok()) << file.status();
    return *std::move(file);
  }
  std::string Bytes() const {
    std::ostringstream bytes;
    bytes << std::ifstream(path_, std::ios::binary).rdbuf();
    return bytes.str();
  }
  void SetBytes(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }

  const std::string path_ = MakeTempDirectory() + "/keys";
};

TEST_F(KeyFileTest, AKeyIsTheSameUntilItIsDestroyedAlsoAfterAStart) {
  auto file = Open();
  const auto key = file->Make("case-1");
  EXPECT_EQ(file->Make("case-1")->bytes(), key->bytes());
  EXPECT_NE(file->Make("case-2")->bytes(), key->bytes());
  file = Open();
  EXPECT_EQ(file->Get("case-1")->bytes(), key->bytes());
  EXPECT_EQ(file->size(), 2);
  EXPECT_TRUE(absl::IsNotFound(file->Get("case-3").status()));
}

TEST_F(KeyFileTest, OfADestroyedKeyNoByteIsLeftInTheFile) {
  auto file = Open();
  const auto key = file->Make("case-1");
  const std::string bytes = ToBytes(key->bytes());
  ASSERT_TRUE(file->Make("case-2").ok());
  EXPECT_THAT(Bytes(), HasSubstr(bytes));
  ASSERT_TRUE(file->Destroy({"case-1", "unknown"}).ok());
  EXPECT_THAT(Bytes(), testing::Not(HasSubstr(bytes)));
  EXPECT_TRUE(absl::IsNotFound(file->Get("case-1").status()));
  EXPECT_TRUE(absl::IsNotFound(Open()->Get("case-1").status()));
  EXPECT_TRUE(Open()->Get("case-2").ok());
  // A new key of the same name is another one, in the room of the old.
  EXPECT_NE(file->Make("case-1")->bytes(), key->bytes());
  EXPECT_EQ(Bytes().size(), 3 * 128);
}

TEST_F(KeyFileTest, OnlyItsOwnerMayReadIt) {
  Open();
  struct stat facts = {};
  ASSERT_EQ(stat(path_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600);
  chmod(path_.c_str(), 0640);
  const auto refused = KeyFile::Open(path_);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()));
  EXPECT_THAT(refused.status().message(), HasSubstr(path_));
}

TEST_F(KeyFileTest, WhatIsNoFileOfKeysIsLeftAlone) {
  SetBytes("somebody's letter");
  chmod(path_.c_str(), 0600);
  EXPECT_TRUE(absl::IsFailedPrecondition(KeyFile::Open(path_).status()));
  EXPECT_EQ(Bytes(), "somebody's letter");
}

TEST_F(KeyFileTest, ATornSlotIsNoKeyAndItsRoomIsUsedAgain) {
  Open()->Make("kept").IgnoreError();
  const std::string whole = Bytes();
  Open()->Make("torn").IgnoreError();
  const std::string both = Bytes();
  for (size_t torn = whole.size(); torn < both.size(); ++torn) {
    std::string bytes = both;
    bytes.resize(torn);
    SetBytes(bytes);
    // What a crash before the checksum left behind is as if it was never made.
    if (torn < whole.size() + 68) {
      EXPECT_TRUE(absl::IsNotFound(Open()->Get("torn").status())) << torn;
    }
    EXPECT_TRUE(Open()->Get("kept").ok());
    ASSERT_TRUE(Open()->Make("torn").ok());
    EXPECT_EQ(Bytes().size(), both.size());
    EXPECT_TRUE(Open()->Get("torn").ok());
  }
}

TEST_F(KeyFileTest, AFlippedBitIsToldAndNeverGivenAsAKey) {
  auto file = Open();
  ASSERT_TRUE(file->Make("case-1").ok());
  std::string bytes = Bytes();
  bytes[128 + 40] ^= 1;
  SetBytes(bytes);
  EXPECT_TRUE(absl::IsDataLoss(file->Get("case-1").status()));
  EXPECT_TRUE(absl::IsNotFound(Open()->Get("case-1").status()));
}

TEST_F(KeyFileTest, WhatCouldNotBeSyncedIsNotAcknowledged) {
  auto file = Open();
  const auto key = file->Make("case-1");
  TestDisk::SetMode(TestDisk::Mode::kBrokenSyncs);
  EXPECT_FALSE(file->Make("case-2").ok());
  EXPECT_FALSE(file->Destroy({"case-1"}).ok());
  TestDisk::SetMode(TestDisk::Mode::kSound);
  EXPECT_TRUE(file->Make("case-2").ok());
  // The destruction is repeated until it has held.
  EXPECT_TRUE(file->Destroy({"case-1"}).ok());
  EXPECT_THAT(Bytes(), testing::Not(HasSubstr(ToBytes(key->bytes()))));
}

TEST_F(KeyFileTest, ManyAreDestroyedWithOneSync) {
  auto file = Open();
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back(absl::StrCat("case-", i));
  for (const std::string& name : names) ASSERT_TRUE(file->Make(name).ok());
  const int64_t before = TestDisk::syncs();
  ASSERT_TRUE(file->DestroyAllBut({"case-7", "never made"}).ok());
  EXPECT_EQ(TestDisk::syncs(), before + 1);
  EXPECT_EQ(file->size(), 1);
  EXPECT_TRUE(file->Get("case-7").ok());
}

TEST_F(KeyFileTest, HoldsWhatAMapHolds) {
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  std::mt19937 random(1);
  std::map<std::string, std::string> model;
  auto file = Open();
  for (int step = 0; step < 3000; ++step) {
    const std::string name = absl::StrCat("case-", random() % 40);
    switch (random() % 8) {
      case 0:
        file = Open();
        break;
      case 1:
      case 2:
        ASSERT_TRUE(file->Destroy({name}).ok());
        model.erase(name);
        break;
      case 3: {
        const auto found = file->Get(name);
        ASSERT_EQ(found.ok(), model.contains(name)) << step;
        if (found.ok()) {
          ASSERT_EQ(ToBytes(found->bytes()), model[name]);
        }
        break;
      }
      default: {
        const std::string key = ToBytes(file->Make(name)->bytes());
        ASSERT_EQ(model.emplace(name, key).first->second, key);
      }
    }
    ASSERT_EQ(file->size(), model.size());
  }
  EXPECT_LE(Bytes().size(), 41 * 128);
}

}  // namespace
}  // namespace lenscap
