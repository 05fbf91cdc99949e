#include "index/digest_table.h"

#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FileDigests AnyDigests(Random& random) {
  FileDigests digests;
  for (uint8_t& byte : digests.sha256) byte = random();
  for (uint8_t& byte : digests.md5) byte = random();
  for (uint8_t& byte : digests.sha1) byte = random();
  return digests;
}

DigestTable::Entry BySha256(uint32_t clip, const FileDigests& digests) {
  return *DigestTable::EntryFor(clip, digests.sha256, digests.sha1,
                                digests.md5);
}
DigestTable::Entry BySha1(uint32_t clip, const FileDigests& digests) {
  return *DigestTable::EntryFor(clip, std::nullopt, digests.sha1, digests.md5);
}
DigestTable::Entry ByMd5(uint32_t clip, const FileDigests& digests) {
  return *DigestTable::EntryFor(clip, std::nullopt, std::nullopt, digests.md5);
}

TEST(DigestTableTest, AClipWithoutDigestsHasNoEntry) {
  EXPECT_FALSE(
      DigestTable::EntryFor(1, std::nullopt, std::nullopt, std::nullopt).has_value());
}

TEST(DigestTableTest, ClipsAreFoundByEachDigest) {
  Random random(1);
  const FileDigests a = AnyDigests(random), b = AnyDigests(random);
  const DigestTable table = DigestTable().Changed(
      {BySha256(5, a), ByMd5(3, a), BySha256(9, a), BySha1(7, a), ByMd5(4, b)}, {});
  EXPECT_THAT(table.Find(a), ElementsAre(3, 5, 7, 9));
  EXPECT_THAT(table.Find(b), ElementsAre(4));
  EXPECT_THAT(table.Find(AnyDigests(random)), IsEmpty());
  EXPECT_THAT(DigestTable().Find(a), IsEmpty());
}

TEST(DigestTableTest, VersionsStayAsTheyWereThroughManyChanges) {
  Random random(2);
  std::vector<FileDigests> files;
  for (int i = 0; i < 300; ++i) files.push_back(AnyDigests(random));
  std::map<uint32_t, int> model;  // File by clip.
  DigestTable table;
  DigestTable early;
  uint32_t next = 1;
  for (int step = 0; step < 500; ++step) {
    std::vector<DigestTable::Entry> added, removed;
    for (int i = Below(10, random); i > 0; --i) {
      const int file = Below(files.size(), random);
      added.push_back(next % 2 ? BySha256(next, files[file])
                               : ByMd5(next, files[file]));
      model[next++] = file;
    }
    // Some that came in the same change, too.
    for (int i = Below(8, random); i > 0 && !model.empty(); --i) {
      auto clip = model.begin();
      std::advance(clip, Below(model.size(), random));
      removed.push_back(clip->first % 2
                            ? BySha256(clip->first, files[clip->second])
                            : ByMd5(clip->first, files[clip->second]));
      model.erase(clip);
    }
    table = table.Changed(added, removed);
    if (step == 0) early = table;
  }
  for (size_t f = 0; f < files.size(); ++f) {
    std::vector<uint32_t> expected;
    for (const auto& [clip, file] : model) {
      if (file == static_cast<int>(f)) expected.push_back(clip);
    }
    EXPECT_EQ(table.Find(files[f]), expected);
    for (const uint32_t clip : early.Find(files[f])) EXPECT_LT(clip, 11);
  }
}

}  // namespace
}  // namespace lenscap
