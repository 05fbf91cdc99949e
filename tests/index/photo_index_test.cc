#include "index/photo_index.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr size_t kAll = 1000;

// Another hash for each number, and far from those of other numbers.
Hash256 Photo(uint64_t number) {
  Random random(number + 1);
  return RandomHash(random);
}

// With the first `bits` bits the other way.
Hash256 Flipped(Hash256 hash, int bits) {
  for (int i = 0; i < bits; ++i) hash.words[i / 64] ^= uint64_t{1} << i % 64;
  return hash;
}

// The photo as it is, and turned over: the others are of nothing.
DihedralPdq Asked(const Hash256& upright) {
  DihedralPdq asked;
  for (int i = 0; i < kOrientations; ++i) asked.hashes[i] = Photo(900'000 + i);
  asked.hashes[0] = upright;
  asked.quality = 100;
  return asked;
}

class PhotoIndexTest : public testing::Test {
 protected:
  PhotoIndexTest() {
    options_.directory = MakeTempDirectory() + "/photos";
    options_.clock = &clock_;
    Open();
  }
  void Open() {
    photos_.reset();
    auto photos = PhotoIndex::Open(options_);
    ASSERT_TRUE(photos.ok()) << photos.status();
    photos_ = *std::move(photos);
  }
  void Put(const std::string& id, const std::vector<Hash256>& photos,
           bool in_case = false, const std::string& tenant = "") {
    clock_.Advance(absl::Seconds(1));
    const absl::Status put = photos_->Put({.tenant = tenant,
                                           .listing_id = id,
                                           .seller = "seller-of-" + id,
                                           .in_case = in_case},
                                          photos);
    ASSERT_TRUE(put.ok()) << put;
  }
  std::vector<PhotoIndex::Match> Search(const Hash256& photo,
                                        const std::string& of = "asked",
                                        int distance = 31, size_t limit = kAll,
                                        const std::string& tenant = "") const {
    return photos_->Search({.tenant = tenant, .listing_id = of}, Asked(photo),
                           distance, limit);
  }
  static std::vector<std::string> IdsOf(
      const std::vector<PhotoIndex::Match>& matches) {
    std::vector<std::string> ids;
    for (const auto& match : matches) ids.push_back(match.listing.listing_id);
    return ids;
  }

  FakeClock clock_;
  PhotoIndex::Options options_;
  std::unique_ptr<PhotoIndex> photos_;
};

TEST_F(PhotoIndexTest, FindsThePhotoOfAnotherListing) {
  Put("a", {Photo(1), Photo(2)});
  const absl::Time seen = clock_.Now();
  Put("b", {Photo(3)});
  const auto matches = Search(Flipped(Photo(2), 31));
  ASSERT_THAT(IdsOf(matches), ElementsAre("a"));
  EXPECT_EQ(matches[0].listing.seller, "seller-of-a");
  EXPECT_EQ(matches[0].distance, 31);
  EXPECT_EQ(matches[0].seen, seen);
  EXPECT_EQ(matches[0].orientation, Orientation::kUpright);
  EXPECT_THAT(Search(Flipped(Photo(2), 32)), IsEmpty());
  EXPECT_THAT(Search(Flipped(Photo(2), 11), "asked", 10), IsEmpty());
}

TEST_F(PhotoIndexTest, AListingIsNeverFoundByItself) {
  Put("a", {Photo(1)});
  EXPECT_THAT(Search(Photo(1), "a"), IsEmpty());
  EXPECT_THAT(Search(Photo(1), "b"), SizeIs(1));
}

TEST_F(PhotoIndexTest, FindsItTurnedOver) {
  Put("a", {Photo(1)});
  DihedralPdq asked = Asked(Photo(2));
  asked.hashes[static_cast<int>(Orientation::kMirrored)] = Photo(1);
  const auto matches =
      photos_->Search({.tenant = "", .listing_id = "x"}, asked, 31, kAll);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].orientation, Orientation::kMirrored);
}

TEST_F(PhotoIndexTest, TenantsDoNotFindOneAnother) {
  Put("a", {Photo(1)}, false, "market");
  EXPECT_THAT(Search(Photo(1)), IsEmpty());
  EXPECT_THAT(Search(Photo(1), "b", 31, kAll, "market"), SizeIs(1));
}

TEST_F(PhotoIndexTest, WhatIsReviewedAgainReplacesWhatWasThere) {
  Put("a", {Photo(1), Photo(2)});
  Put("a", {Photo(3)});
  EXPECT_THAT(Search(Photo(1)), IsEmpty());
  EXPECT_THAT(Search(Photo(3)), SizeIs(1));
  EXPECT_EQ(photos_->photos(), 1);
  Put("a", {});
  EXPECT_THAT(Search(Photo(3)), IsEmpty());
  EXPECT_EQ(photos_->photos(), 0);
  Put("b", {});
}

TEST_F(PhotoIndexTest, IsThereAfterAStart) {
  Put("a", {Photo(1)}, /*in_case=*/true);
  Put("b", {Photo(1), Photo(2)}, false, "market");
  Put("c", {Photo(3)});
  Put("c", {});
  Open();
  EXPECT_EQ(photos_->photos(), 3);
  const auto matches = Search(Photo(1));
  ASSERT_THAT(IdsOf(matches), ElementsAre("a"));
  EXPECT_TRUE(matches[0].listing.in_case);
  EXPECT_THAT(Search(Photo(2), "x", 31, kAll, "market"), SizeIs(1));
  EXPECT_THAT(Search(Photo(3)), IsEmpty());
}

TEST_F(PhotoIndexTest, TheOldestGoWhereThereAreTooMany) {
  options_.max_photos = 3;
  Open();
  for (int i = 0; i < 5; ++i) Put(absl::StrCat("l", i), {Photo(i)});
  EXPECT_EQ(photos_->photos(), 3);
  EXPECT_THAT(Search(Photo(1)), IsEmpty());
  EXPECT_THAT(Search(Photo(2)), SizeIs(1));
  Put("l2", {Photo(2)});  // It is the newest now.
  Put("l5", {Photo(5)});
  EXPECT_THAT(Search(Photo(2)), SizeIs(1));
  EXPECT_THAT(Search(Photo(3)), IsEmpty());
  Open();
  EXPECT_EQ(photos_->photos(), 3);
}

TEST_F(PhotoIndexTest, WhatIsTooOldIsForgotten) {
  options_.keep = absl::Hours(24);
  Open();
  Put("a", {Photo(1)});
  clock_.Advance(absl::Hours(23));
  Put("b", {Photo(2)});
  clock_.Advance(absl::Hours(2));
  ASSERT_TRUE(photos_->Purge().ok());
  EXPECT_THAT(Search(Photo(1)), IsEmpty());
  EXPECT_THAT(Search(Photo(2)), SizeIs(1));
}

TEST_F(PhotoIndexTest, APictureThatIsEverywhereBringsAFewAndThoseInCasesFirst) {
  Put("first-case", {Photo(1)}, /*in_case=*/true);
  for (int i = 0; i < 200; ++i) Put(absl::StrCat("l", i), {Photo(1)});
  Put("last-case", {Photo(1)}, /*in_case=*/true);
  const auto matches = Search(Photo(1));
  EXPECT_LE(matches.size(), 2u + PhotoIndex::kOthers + 1);
  EXPECT_THAT(IdsOf({matches.begin(), matches.begin() + 2}),
              UnorderedElementsAre("first-case", "last-case"));
  EXPECT_THAT(Search(Photo(1), "asked", 31, 1), SizeIs(1));
  // However many cases have it, the oldest are among them.
  for (int i = 0; i < 100; ++i) Put(absl::StrCat("c", i), {Photo(1)}, true);
  const auto ids = IdsOf(Search(Photo(1)));
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "first-case"), 1);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "c99"), 1);
}

// Against a list that is compared one by one.
TEST_F(PhotoIndexTest, FindsWhatAComparisonOfAllFinds) {
  std::map<std::string, std::vector<Hash256>> all;
  Random random(7);
  for (int step = 0; step < 600; ++step) {
    const std::string id = absl::StrCat("l", Below(60, random));
    std::vector<Hash256> photos;
    for (uint64_t i = Below(4, random); i > 0; --i) {
      photos.push_back(Flipped(Photo(Below(20, random)),
                               static_cast<int>(Below(40, random))));
    }
    Put(id, photos, /*in_case=*/true);
    all[id] = photos;
    if (step % 20 != 0) continue;
    const Hash256 asked =
        Flipped(Photo(Below(20, random)), static_cast<int>(Below(40, random)));
    std::map<std::string, int> expected;
    for (const auto& [other, of_other] : all) {
      for (const Hash256& photo : of_other) {
        const int distance = HammingDistance(photo, asked);
        if (distance > 31 || other == "l0") continue;
        const auto [it, added] = expected.try_emplace(other, distance);
        if (!added) it->second = std::min(it->second, distance);
      }
    }
    std::map<std::string, int> found;
    for (const auto& match : Search(asked, "l0")) {
      EXPECT_TRUE(
          found.emplace(match.listing.listing_id, match.distance).second);
    }
    EXPECT_EQ(found, expected);
  }
}

TEST_F(PhotoIndexTest, SearchesGoOnWhileListingsComeAndGo) {
  options_.max_photos = 50;
  Open();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 100; ++i) {
        const std::string id = absl::StrCat("l", i % 30);
        EXPECT_TRUE(photos_
                        ->Put({.tenant = "", .listing_id = id},
                              {Photo(i % 7), Photo(100 * t + i)})
                        .ok());
        Search(Photo(i % 7), id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(photos_->photos(), 50);
  const int64_t photos = photos_->photos();
  Open();
  EXPECT_EQ(photos_->photos(), photos);
}

}  // namespace
}  // namespace lenscap
