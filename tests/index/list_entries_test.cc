// Which entries of signed lists are found: held, expired, plain, limited, and
// those of lists that say what never to match.

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/list_update_fixture.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

using ListEntriesTest = ListUpdateTest;

TEST_F(ListEntriesTest, HeldEntriesAreNotFoundUntilTheyAreReleased) {
  const Clip a = MakeOne("a"), b = MakeOne("b");
  Snapshot({AddOf(a), AddOf(b)});
  EXPECT_EQ(clips_->HoldEntries("list", {"a"}, "disputed", "me")->held, 1);
  EXPECT_TRUE(absl::IsNotFound(
      clips_->HoldEntries("list", {"b", "x"}, "disputed", "me").status()));
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(Matching(UploadOf(a)), IsEmpty());
    EXPECT_THAT(Matching(UploadOf(b)), ElementsAre("b"));
    const auto entries = *clips_->Entries("list", "", 10);
    EXPECT_EQ(entries[0].hold, Hold::kByHand);
    EXPECT_EQ(entries[0].hold_reason, "disputed");
    EXPECT_EQ(entries[1].hold, Hold::kNone);
  }
  EXPECT_EQ(Snapshot({AddOf(a), AddOf(b)}).unchanged, 2);
  EXPECT_THAT(Matching(UploadOf(a)), IsEmpty()) << "held still";
  EXPECT_EQ(clips_->ReleaseEntries("list", {"a"}, "upheld", "me")->held, 0);
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(Matching(UploadOf(a)), ElementsAre("a"));
  }
  EXPECT_EQ(clips_->History("list", 1)->front().kind,
            ListChange::Kind::kReleased);
}

TEST_F(ListEntriesTest, WhatSaysNothingIsHeldByItself) {
  Clip white = MakeOne("white");
  for (ReferenceFrame& frame : white.frames) frame.hash = Hash256();
  Clip empty = MakeOne("empty", 0);
  empty.frames.clear();
  empty.sha256 = Sha256Of("");
  Clip blurred = MakeOne("blurred");
  for (ReferenceFrame& frame : blurred.frames) frame.quality = 49;
  Clip good = MakeOne("good");
  good.frames[3].hash = Hash256();
  good.sha256 = Sha256Of("");
  const auto result =
      Snapshot({AddOf(white), AddOf(empty), AddOf(blurred), AddOf(good)});
  EXPECT_EQ(result.held, 3);
  EXPECT_EQ(result.list.held, 3);
  EXPECT_EQ(result.list.entries, 4);
  UploadFingerprint nothing = MakeUpload(std::vector<Hash256>(30));
  nothing.digests.sha256 = Sha256Of("");
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(Matching(nothing), IsEmpty());
    EXPECT_THAT(Matching(UploadOf(good)), ElementsAre("good"));
    EXPECT_EQ((*clips_->Entries("list", "", 1))[0].hold, Hold::kSaysNothing);
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(
      clips_->ReleaseEntries("list", {"white"}, "I insist", "me").status()));
}

TEST_F(ListEntriesTest,
       ExpiredEntriesAreWithdrawnAndTheirIssuerStillListsThem) {
  Clip a = MakeOne("a");
  const Clip b = MakeOne("b");
  a.terms.expires = clock_.Now() + absl::Hours(1);
  Clip stale = MakeOne("stale");
  stale.terms.expires = clock_.Now();
  ListUpdate update = NextVersion(*clips_, "list", true);
  update.content = ContentOf({a, b, stale});
  MustApply(update, {AddOf(a), AddOf(b), AddOf(stale)});
  EXPECT_EQ(clips_->GetList("list")->entries, 2);
  EXPECT_EQ(clips_->GetList("list")->expired, 1);
  EXPECT_THAT(*clips_->Expire(), IsEmpty());
  EXPECT_THAT(Matching(UploadOf(stale)), IsEmpty());
  EXPECT_THAT(Matching(UploadOf(a)), ElementsAre("a"));
  Reopen();
  clock_.Advance(absl::Hours(1));
  const auto expired = *clips_->Expire();
  ASSERT_THAT(expired, SizeIs(1));
  EXPECT_THAT(expired[0].entry_ids, ElementsAre("a"));
  EXPECT_THAT(*clips_->Expire(), IsEmpty());
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(Matching(UploadOf(a)), IsEmpty());
    EXPECT_THAT(Matching(UploadOf(b)), ElementsAre("b"));
    EXPECT_EQ(clips_->GetList("list")->expired, 2);
    EXPECT_EQ(clips_->History("list", 1)->front().kind,
              ListChange::Kind::kExpired);
  }
  // What the issuer does with them next comes out as it counts.
  Clip longer = a;
  longer.terms.expires = absl::InfiniteFuture();
  update = NextVersion(*clips_, "list", false);
  update.content = ContentOf({longer, b});
  const auto result =
      MustApply(update, {UpdateOf(longer), WithdrawalOf("stale")});
  EXPECT_EQ(result.list.expired, 0);
  EXPECT_THAT(Matching(UploadOf(a)), ElementsAre("a"));
}

TEST_F(ListEntriesTest, AListThatHasExpiredGoesIntoShadowUntilItsNextVersion) {
  const Clip a = MakeOne("a");
  ListUpdate update = NextVersion(*clips_, "list", true);
  update.terms.expires = clock_.Now() + absl::Hours(1);
  MustApply(update, {AddOf(a)});
  clock_.Advance(absl::Hours(1));
  ASSERT_TRUE(clips_->Expire().ok());
  EXPECT_TRUE(clips_->Match(UploadOf(a))[0].shadow);
  EXPECT_THAT(clips_->GetList("list")->mode_reason, HasSubstr("expired"));
  // Even where the review keeps the mode that the list had.
  ListUpdateHooks hooks;
  hooks.review = [&](const ClipMatcher&, const ListUpdateResult&) {
    const ListInfo list = *clips_->GetList("list");
    return ListUpdateHooks::Review{list.mode, list.mode_reason};
  };
  ASSERT_TRUE(
      Apply(*clips_, NextVersion(*clips_, "list", false), {}, hooks).ok());
  EXPECT_FALSE(clips_->Match(UploadOf(a))[0].shadow);
  // Going back to what has expired since does not expire the list.
  ListUpdate back = RollbackTo("list", 1);
  back.terms.expires = clock_.Now() - absl::Hours(1);
  MustApply(back, {AddOf(a)});
  ASSERT_TRUE(clips_->Expire().ok());
  EXPECT_FALSE(clips_->Match(UploadOf(a))[0].shadow);
}

TEST_F(ListEntriesTest, AnEntrysOwnDistanceLimitsItsFrames) {
  Clip a = MakeOne("a", 60);
  a.terms.max_distance = 10;
  Snapshot({AddOf(a)});
  std::vector<Hash256> hashes;
  for (const auto& frame : a.frames) hashes.push_back(frame.hash);
  EXPECT_THAT(Matching(MakeUpload(CopyOf(hashes, 0, 30, 8, random_))),
              ElementsAre("a"));
  std::vector<Hash256> far;
  for (size_t i = 0; i < hashes.size(); i += 2) {
    far.push_back(AtDistance(hashes[i], 30, random_));
  }
  EXPECT_THAT(Matching(MakeUpload(far)), IsEmpty());
  Clip wide = a;
  wide.terms.max_distance = 31;
  Delta({UpdateOf(wide)});
  EXPECT_THAT(Matching(MakeUpload(far)), ElementsAre("a"));
}

TEST_F(ListEntriesTest, FilesAreFoundByEachDigest) {
  UploadFingerprint upload = MakeUpload({});
  upload.digests.sha256 = Sha256Of("file");
  upload.digests.md5.fill(5);
  upload.digests.sha1.fill(1);
  std::vector<EntryChange> changes;
  for (const std::string name : {"sha256", "sha1", "md5"}) {
    Clip clip = MakeClip("list", name, {});
    if (name == "sha256") clip.sha256 = upload.digests.sha256;
    if (name == "sha1") clip.sha1 = upload.digests.sha1;
    if (name == "md5") clip.md5 = upload.digests.md5;
    changes.push_back(AddOf(clip));
  }
  Snapshot(changes);
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(Matching(upload),
                UnorderedElementsAre("sha256", "sha1", "md5"));
  }
}

TEST_F(ListEntriesTest, WhatIsNeverToMatchExplainsNothingButItself) {
  const Clip logo = MakeOne("logo", 40);
  Clip leak = MakeOne("leak", 120);
  for (int i = 0; i < 40; ++i) leak.frames[i].hash = logo.frames[i].hash;
  Snapshot({AddOf(logo), AddOf(leak)});  // Wrongly.
  const auto logo_alone = UploadOf(logo);
  EXPECT_THAT(Matching(logo_alone), UnorderedElementsAre("logo", "leak"));
  ListUpdate never = NextVersion(*clips_, "never", true);
  never.terms.purpose = ListPurpose::kNeverMatch;
  Clip card = logo;
  card.list_id = "never";
  card.sha256 = Sha256Of("card");
  MustApply(never, {AddOf(card)});
  UploadFingerprint same_file = logo_alone;
  same_file.digests.sha256 = Sha256Of("card");
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(Matching(logo_alone), IsEmpty());
    EXPECT_THAT(Matching(same_file), IsEmpty());
    EXPECT_THAT(Matching(UploadOf(leak)), ElementsAre("leak"));
  }
  ASSERT_TRUE(clips_->HoldEntries("never", {"logo"}, "too wide", "me").ok());
  EXPECT_THAT(Matching(logo_alone), UnorderedElementsAre("logo", "leak"));
}

TEST_F(ListEntriesTest, CardsBetweenTheFramesOfALeakDoNotHideIt) {
  const Clip card = MakeOne("card", 40), leak = MakeOne("leak", 80);
  Snapshot({AddOf(leak)});
  ListUpdate never = NextVersion(*clips_, "never", true);
  never.terms.purpose = ListPurpose::kNeverMatch;
  MustApply(never, {AddOf(card)});
  std::vector<Hash256> spliced;
  for (int i = 0; i < 40; ++i) {
    spliced.push_back(leak.frames[2 * i].hash);
    spliced.push_back(card.frames[i].hash);
  }
  EXPECT_THAT(Matching(MakeUpload(spliced, absl::Milliseconds(250))),
              ElementsAre("leak"));
}

TEST_F(ListEntriesTest, ALogoInAPartOfThePictureIsNoMatchEither) {
  const Clip logo = MakeOne("logo", 40);
  Snapshot({AddOf(logo)});
  UploadFingerprint upload = MakeUpload(MovingHashes(20, 40, random_));
  upload.parts.push_back({.part = {}, .frames = UploadOf(logo).frames});
  EXPECT_THAT(Matching(upload), ElementsAre("logo"));
  ListUpdate never = NextVersion(*clips_, "never", true);
  never.terms.purpose = ListPurpose::kNeverMatch;
  MustApply(never, {AddOf(logo)});
  EXPECT_THAT(Matching(upload), IsEmpty());
}

}  // namespace
}  // namespace lenscap
