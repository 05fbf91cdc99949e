#include "services/new_clips.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NewClipsTest : public testing::Test {
 protected:
  NewClipsTest()
      : known_(*KnownClips::Open({.directory = MakeTempDirectory()})) {}

  void Publish(const std::string& list_id, const std::string& entry_id,
               int frames = 4) {
    ASSERT_TRUE(known_->CreateList(list_id, "issuer").ok());
    ASSERT_TRUE(known_
                    ->Publish(MakeClip(list_id, entry_id,
                                       MovingHashes(frames, 40, random_)))
                    .ok());
  }
  std::vector<std::string> IdsOf(const NewClips& read) {
    std::vector<std::string> ids;
    for (const Clip& clip : read.clips) ids.push_back(clip.entry_id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  Random random_{1};
  const std::unique_ptr<KnownClips> known_;
};

TEST_F(NewClipsTest, ClipsOfAllListsFromAnIdOnAreRead) {
  Publish("one", "a");
  const uint64_t first = known_->NextClipId();
  Publish("two", "b");
  Publish("one", "c");
  const uint64_t end = known_->NextClipId();
  Publish("one", "d");
  const auto read = NewClipsOf(known_.get())(first, end);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(IdsOf(*read), ElementsAre("b", "c"));
  EXPECT_EQ(read->end, end);
  EXPECT_EQ(read->clips[0].frames.size(), 4);
}

TEST_F(NewClipsTest, WhatWasWithdrawnIsNotRead) {
  Publish("one", "a");
  Publish("one", "b");
  ASSERT_TRUE(known_->Withdraw("one", {"a"}, "reason").ok());
  const auto read = NewClipsOf(known_.get())(0, known_->NextClipId());
  EXPECT_THAT(IdsOf(*read), ElementsAre("b"));
  EXPECT_THAT(NewClipsOf(known_.get())(100, 200)->clips, IsEmpty());
}

TEST_F(NewClipsTest, ManyEntriesComePageByPage) {
  ASSERT_TRUE(known_->CreateList("one", "issuer").ok());
  for (int i = 0; i < 1001; ++i) {
    ASSERT_TRUE(
        known_->Publish(MakeClip("one", absl::StrCat(i), {RandomHash(random_)}))
            .ok());
  }
  const auto read = NewClipsOf(known_.get())(1, known_->NextClipId());
  EXPECT_EQ(read->clips.size(), 1001);
}

TEST_F(NewClipsTest, MoreThanFitsIntoMemoryIsLeftForTheNextCall) {
  for (int i = 0; i < 3; ++i) Publish("one", absl::StrCat(i), 400'000);
  const auto read = NewClipsOf(known_.get())(0, known_->NextClipId());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(IdsOf(*read), ElementsAre("0", "1"));
  const auto rest = NewClipsOf(known_.get())(read->end, known_->NextClipId());
  EXPECT_THAT(IdsOf(*rest), ElementsAre("2"));
  EXPECT_EQ(rest->end, known_->NextClipId());
}

}  // namespace
}  // namespace lenscap
