// With which clips kept uploads are compared, and how often.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"
#include "tests/services/retro_match_fixture.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

using RetroPassTest = RetroMatchTest;

TEST_F(RetroPassTest, ClipsThatWereHeldAreMatchedWhenTheyAreAskedFor) {
  const auto content = NewContent();
  CatchUp();
  Keep("copy", Copy(content));
  const uint64_t first = rooms_.clips->NextClipId();
  Publish("entry", content);
  Hold("entry");
  CatchUp();
  Release("entry");
  CatchUp();
  EXPECT_THAT(Cases(), IsEmpty()) << "not asked for yet";
  ASSERT_TRUE(retro_->MatchAgainFrom(first).ok());
  Restart();
  CatchUp();
  EXPECT_THAT(Cases(), ElementsAre("copy"));
}

TEST_F(RetroPassTest, SoAreThoseOfAListThatWasInShadow) {
  const auto content = NewContent();
  CatchUp();
  Keep("copy", Copy(content));
  const uint64_t first = rooms_.clips->NextClipId();
  Publish("entry", content);
  SetMode(ListMode::kShadow);
  CatchUp();
  EXPECT_THAT(Cases(), IsEmpty());
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_retro_passes_total 0"));
  SetMode(ListMode::kActive);
  ASSERT_TRUE(retro_->MatchAgainFrom(first).ok());
  CatchUp();
  EXPECT_THAT(Cases(), ElementsAre("copy"));
}

TEST_F(RetroPassTest, TheyMayBeAskedForInTheMiddleOfAPass) {
  const auto content = NewContent(), other = NewContent();
  CatchUp();
  Keep("copy", Copy(content));
  Keep("other", Copy(other));
  const uint64_t first = rooms_.clips->NextClipId();
  Publish("held", content);
  Hold("held");
  CatchUp();  // The cursor is further than the clip that is held.
  Publish("entry", other);
  int cases = 0;
  const uint64_t id = rooms_.news.Subscribe(kCaseNews, [&] {
    if (++cases > 1) return;
    // The pass is past "copy".
    Release("held");
    EXPECT_TRUE(retro_->MatchAgainFrom(first).ok());
  });
  CatchUp();
  rooms_.news.Unsubscribe(kCaseNews, id);
  EXPECT_THAT(Cases(), UnorderedElementsAre("copy", "other"));
}

TEST_F(RetroPassTest, ManyClipsAreComparedInPortions) {
  CatchUp();
  std::vector<std::vector<Hash256>> contents;
  for (int c = 0; c < 5; ++c) {
    contents.push_back(NewContent());
    Keep(absl::StrCat("copy-", c), Copy(contents[c]));
  }
  for (int c = 0; c < 5; ++c) Publish(absl::StrCat("entry-", c), contents[c]);
  frames_at_once_ = 2 * contents[0].size() + 2;
  Restart();
  CatchUp();
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_retro_passes_total 3"));
  EXPECT_THAT(Cases(), SizeIs(5));
}

TEST_F(RetroPassTest, WhereNothingIsKeptNoPassIsMade) {
  CatchUp();
  Publish("entry", NewContent());
  CatchUp();
  EXPECT_EQ(rooms_.uploads->Cursor()->clips, rooms_.clips->NextClipId());
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_retro_passes_total 0"));
  Keep("other", Copy(NewContent()));
  Publish("another", NewContent());
  CatchUp();
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_retro_passes_total 1"));
}

TEST_F(RetroPassTest, APassThatWasCutShortAtItsEndIsNotMadeAgain) {
  CatchUp();
  const auto content = NewContent();
  const uint64_t kept = Keep("copy", Copy(content));
  const uint64_t first = rooms_.clips->NextClipId();
  Publish("entry", content);
  const RetroCursor cursor = {.clips = first,
                              .uploads = kept + 1,
                              .pass_clips = first + 1,
                              .pass_uploads = kept + 1};
  ASSERT_TRUE(rooms_.uploads->SetCursor(cursor).ok());
  CatchUp();
  EXPECT_EQ(*rooms_.uploads->Cursor(),
            (RetroCursor{.clips = first + 1, .uploads = kept + 1}));
  EXPECT_THAT(MetricsText(), HasSubstr("lenscap_retro_passes_total 0"));
}

// Publications, of which some are held and released, scans that began before
// them and end after, stops in the middle, restarts, passes in portions, in any
// order: in the end each upload that shows a clip that is not held has a case,
// and no other has.
TEST_F(RetroPassTest, WhateverTheOrderNothingIsMissed) {
  std::vector<std::vector<Hash256>> contents;
  for (int c = 0; c < 12; ++c) contents.push_back(NewContent());
  std::map<int, uint64_t> published;  // Content: clip id.
  std::set<int> held;
  std::map<std::string, int> shows;  // Content id: which.
  uint64_t clips_below = rooms_.clips->NextClipId();
  frames_at_once_ = 2 * contents[0].size() + 2;
  Restart();
  for (int step = 0; step < 300; ++step) {
    switch (Below(7, random_)) {
      case 0:
        if (const int c = Below(10, random_); !published.contains(c)) {
          published[c] = rooms_.clips->NextClipId();
          Publish(absl::StrCat("entry-", c), contents[c]);
          if (Below(2, random_) == 0) {
            Hold(absl::StrCat("entry-", c));
            held.insert(c);
          }
        }
        break;
      case 1:
      case 2: {
        const int c = Below(12, random_);
        const std::string id = absl::StrCat("upload-", step);
        shows[id] = c;
        // What a scan does that began at some earlier step.
        if (published.contains(c) && published[c] < clips_below &&
            !held.contains(c)) {
          v1::Case opened;
          opened.set_content_id(id);
          ASSERT_TRUE(rooms_.cases->Submit(opened).ok());
        }
        Keep(id, Upload(Copy(contents[c])), clips_below);
        break;
      }
      case 3:
        clips_below = rooms_.clips->NextClipId();
        break;
      case 4: {
        // Stops at the first case that it opens.
        const uint64_t id =
            rooms_.news.Subscribe(kCaseNews, [this] { retro_->Stop(); });
        CatchUp();
        rooms_.news.Unsubscribe(kCaseNews, id);
        Restart();
        break;
      }
      case 5:
        CatchUp();
        break;
      case 6:
        if (held.size() > 2) {
          const int c = *held.begin();
          held.erase(c);
          Release(absl::StrCat("entry-", c));
          ASSERT_TRUE(retro_->MatchAgainFrom(published[c]).ok());
        }
        break;
    }
  }
  CatchUp();
  std::set<std::string> expected;
  for (const auto& [id, c] : shows) {
    if (published.contains(c) && !held.contains(c)) expected.insert(id);
  }
  EXPECT_EQ(Cases(), expected);
  EXPECT_GT(expected.size(), 20);
}

}  // namespace
}  // namespace lenscap
