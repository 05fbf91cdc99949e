// Versions of signed lists, as KnownClips applies them.

#include "index/list_update.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/known_clips.h"
#include "tests/index/hashes.h"
#include "tests/index/list_versions.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class ListUpdateTest : public testing::Test {
 protected:
  ListUpdateTest() { Reopen(); }

  void Reopen() {
    clips_.reset();
    auto clips = KnownClips::Open({.directory = directory_,
                                   .clock = &clock_,
                                   .update_run_bytes = run_bytes_});
    ASSERT_TRUE(clips.ok()) << clips.status();
    clips_ = *std::move(clips);
  }

  Clip MakeOne(const std::string& entry_id, int frames = 30) {
    return MakeClip("list", entry_id, MovingHashes(frames, 8, random_));
  }
  ListUpdateResult MustApply(const ListUpdate& update,
                             std::vector<EntryChange> changes) {
    const auto result = Apply(*clips_, update, std::move(changes));
    EXPECT_TRUE(result.ok()) << result.status();
    return result.value_or(ListUpdateResult());
  }
  ListUpdateResult Snapshot(std::vector<EntryChange> changes) {
    return MustApply(NextVersion(*clips_, "list", true), std::move(changes));
  }
  ListUpdateResult Delta(std::vector<EntryChange> changes) {
    return MustApply(NextVersion(*clips_, "list", false), std::move(changes));
  }
  absl::Status Refused(const ListUpdate& update,
                       std::vector<EntryChange> changes) {
    const auto before = clips_->GetList("list");
    const absl::Status status =
        Apply(*clips_, update, std::move(changes)).status();
    EXPECT_FALSE(status.ok());
    const auto after = clips_->GetList("list");
    EXPECT_EQ(before.ok(), after.ok());
    if (before.ok() && after.ok()) {
      EXPECT_EQ(after->version, before->version);
    }
    return status;
  }
  UploadFingerprint UploadOf(const Clip& clip) {
    std::vector<Hash256> hashes;
    for (const auto& frame : clip.frames) hashes.push_back(frame.hash);
    return MakeUpload(CopyOf(hashes, 0, hashes.size() / 2, 4, random_));
  }
  std::vector<std::string> Matching(const UploadFingerprint& upload) {
    std::vector<std::string> ids;
    for (const ClipMatch& match : clips_->Match(upload)) {
      ids.push_back(match.entry_id);
    }
    return ids;
  }

  Random random_{1};
  FakeClock clock_;
  size_t run_bytes_ = 1 << 20;
  const std::string directory_ = MakeTempDirectory();
  std::unique_ptr<KnownClips> clips_;
};

TEST_F(ListUpdateTest, ASnapshotMakesTheListAndIsFound) {
  const Clip a = MakeOne("a"), b = MakeOne("b");
  ListUpdate update = NextVersion(*clips_, "list", true);
  update.terms = {.legal_basis = "Act 1", .jurisdictions = {"KR", "EU"}};
  update.content = ContentOf({a, b});
  const auto result = MustApply(update, {AddOf(b), AddOf(a)});
  EXPECT_EQ(result.added, 2);
  EXPECT_EQ(result.list.entries, 2);
  for (int i = 0; i < 2; ++i, Reopen()) {
    const auto matches = clips_->Match(UploadOf(a));
    ASSERT_THAT(matches, SizeIs(1));
    EXPECT_EQ(matches[0].entry_id, "a");
    EXPECT_EQ(matches[0].issuer, "regulator");
    EXPECT_EQ(matches[0].signed_version, 1);
    EXPECT_EQ(matches[0].list_sha256, FileOf("list", 1));
    EXPECT_FALSE(matches[0].shadow);
    const ListInfo list = *clips_->GetList("list");
    EXPECT_EQ(list.version, 1);
    EXPECT_EQ(list.signed_version, 1);
    EXPECT_EQ(list.version_in_force, 1);
    EXPECT_EQ(list.content, ContentOf({a, b}));
    EXPECT_EQ(list.terms, update.terms);
    const auto history = *clips_->History("list", 10);
    ASSERT_THAT(history, SizeIs(1));
    EXPECT_EQ(history[0].kind, ListChange::Kind::kSigned);
    EXPECT_EQ(history[0].entries, 2);
    EXPECT_EQ(history[0].actor, "officer");
    EXPECT_EQ(history[0].signed_sha256, FileOf("list", 1));
  }
}

TEST_F(ListUpdateTest, ASnapshotWithdrawsWhatItDoesNotName) {
  const Clip a = MakeOne("a"), b = MakeOne("b"), c = MakeOne("c");
  Snapshot({AddOf(a), AddOf(b)});
  const uint64_t clip_of_b = (*clips_->Entries("list", "a", 1))[0].clip_id;
  const auto result = Snapshot({AddOf(b), AddOf(c)});
  EXPECT_EQ(result.added, 1);
  EXPECT_EQ(result.withdrawn, 1);
  EXPECT_EQ(result.unchanged, 1);
  EXPECT_THAT(result.withdrawn_ids, ElementsAre("a"));
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(Matching(UploadOf(a)), IsEmpty());
    EXPECT_THAT(Matching(UploadOf(b)), ElementsAre("b"));
    EXPECT_THAT(Matching(UploadOf(c)), ElementsAre("c"));
    EXPECT_EQ((*clips_->Entries("list", "a", 1))[0].clip_id, clip_of_b);
  }
}

TEST_F(ListUpdateTest, ADeltaAddsUpdatesAndWithdraws) {
  const Clip a = MakeOne("a"), b = MakeOne("b"), c = MakeOne("c");
  Clip graver = b;
  graver.severity = Severity::kCritical;
  graver.terms.category = "ncii";
  graver.terms.advice = Advice::kReview;
  Snapshot({AddOf(a), AddOf(b)});
  ListUpdate update = NextVersion(*clips_, "list", false);
  update.content = ContentOf({graver, c});
  const auto result =
      MustApply(update, {AddOf(c), UpdateOf(graver), WithdrawalOf("a")});
  EXPECT_EQ(result.added, 1);
  EXPECT_EQ(result.updated, 1);
  EXPECT_EQ(result.withdrawn, 1);
  EXPECT_THAT(result.withdrawn_ids, UnorderedElementsAre("a", "b"));
  for (int i = 0; i < 2; ++i, Reopen()) {
    EXPECT_THAT(Matching(UploadOf(a)), IsEmpty());
    const auto matches = clips_->Match(UploadOf(b));
    ASSERT_THAT(matches, SizeIs(1));
    EXPECT_EQ(matches[0].severity, Severity::kCritical);
    EXPECT_EQ(matches[0].category, "ncii");
    EXPECT_EQ(matches[0].advice, Advice::kReview);
  }
}

TEST_F(ListUpdateTest, WhatDoesNotFitIsRefusedByTheNameOfItsEntry) {
  const Clip a = MakeOne("a"), b = MakeOne("b");
  Snapshot({AddOf(a)});
  const auto delta = [&] { return NextVersion(*clips_, "list", false); };
  Clip long_category = b;
  long_category.terms.category = std::string(65, 'x');
  const std::vector<std::pair<absl::Status, std::string>> table = {
      {Refused(delta(), {AddOf(b), AddOf(a)}), "entry \"a\": op: "},
      {Refused(delta(), {UpdateOf(b)}), "entry \"b\": op: "},
      {Refused(delta(), {WithdrawalOf("b")}), "entry \"b\": op: "},
      {Refused(delta(), {AddOf(b), AddOf(b)}), "entry \"b\": it is named "},
      {Refused(delta(), {WithdrawalOf("a"), AddOf(a)}),
       "entry \"a\": it is named "},
      {Refused(delta(), {AddOf(long_category)}), "entry \"b\": category: "},
      {Refused(delta(), {AddOf(MakeOne("x y"))}), "entry \"x y\": entry_id: "},
      {Refused(NextVersion(*clips_, "list", true), {WithdrawalOf("a")}),
       "entry \"a\": op: "},
  };
  for (const auto& [status, start] : table) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), testing::StartsWith(start));
  }
  EXPECT_THAT(Matching(UploadOf(a)), ElementsAre("a"));
  EXPECT_THAT(Matching(UploadOf(b)), IsEmpty());
}

TEST_F(ListUpdateTest, AVersionThatDoesNotFollowIsRefused) {
  const Clip a = MakeOne("a");
  ListUpdate late = NextVersion(*clips_, "list", true);
  late.signed_version = 2;
  EXPECT_TRUE(absl::IsFailedPrecondition(Refused(late, {AddOf(a)})));
  ListUpdate orphan = NextVersion(*clips_, "list", true);
  orphan.previous_sha256 = Sha256Of("some");
  EXPECT_TRUE(absl::IsFailedPrecondition(Refused(orphan, {AddOf(a)})));
  const ListUpdate first = NextVersion(*clips_, "list", true);
  MustApply(first, {AddOf(a)});
  std::vector<ListUpdate> table(5, NextVersion(*clips_, "list", true));
  table[0] = first;  // Again.
  table[1].signed_version = 3;
  table[2].previous_sha256 = Sha256Of("a fork");
  table[3].issuer = "another";
  table[4].terms.purpose = ListPurpose::kNeverMatch;
  for (const ListUpdate& update : table) {
    EXPECT_TRUE(absl::IsFailedPrecondition(Refused(update, {AddOf(a)})));
  }
  ASSERT_TRUE(clips_->CreateList("unsigned", "regulator").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Apply(*clips_, NextVersion(*clips_, "unsigned", true), {}).status()));
}

TEST_F(ListUpdateTest, OnlyVersionsChangeASignedList) {
  const Clip a = MakeOne("a");
  Snapshot({AddOf(a)});
  EXPECT_TRUE(absl::IsFailedPrecondition(clips_->Publish(a).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      clips_->Withdraw("list", {"a"}, "reason").status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      clips_->WithdrawAll("list", "reason").status()));
}

TEST_F(ListUpdateTest, ContentThatDoesNotComeOutIsRefused) {
  const Clip a = MakeOne("a");
  ListUpdate update = NextVersion(*clips_, "list", true);
  update.content = ContentOf({a, MakeOne("b")});
  EXPECT_TRUE(absl::IsDataLoss(Refused(update, {AddOf(a)})));
}

TEST_F(ListUpdateTest, AnErrorOfTheSourcePassesThroughAndLeavesNothing) {
  const Clip a = MakeOne("a");
  for (const size_t run_bytes : {size_t{1}, size_t{1} << 20}) {
    run_bytes_ = run_bytes;
    Reopen();
    ChangeVector source({AddOf(a), AddOf(MakeOne("b"))},
                        absl::DataLossError("line 3: torn"));
    const auto result =
        clips_->Update(NextVersion(*clips_, "list", true), source, {});
    EXPECT_EQ(result.status(), absl::DataLossError("line 3: torn"));
    EXPECT_TRUE(absl::IsNotFound(clips_->GetList("list").status()));
    EXPECT_THAT(Matching(UploadOf(a)), IsEmpty());
    EXPECT_EQ(clips_->NextClipId(), 1);
  }
}

TEST_F(ListUpdateTest, TheReviewSeesWhatIsAddedAndSaysTheMode) {
  const Clip a = MakeOne("a"), b = MakeOne("b");
  Snapshot({AddOf(a)});
  ListUpdateHooks hooks;
  hooks.review = [&](const ClipMatcher& added,
                     int64_t count) -> absl::StatusOr<ListUpdateHooks::Review> {
    EXPECT_EQ(count, 1);
    EXPECT_THAT(added.Match(UploadOf(a)), IsEmpty());
    EXPECT_THAT(added.Match(UploadOf(b)), SizeIs(1));
    EXPECT_THAT(Matching(UploadOf(b)), IsEmpty()) << "not committed yet";
    return ListUpdateHooks::Review{ListMode::kShadow, "a flood"};
  };
  int64_t progress = 0;
  hooks.progress = [&](int64_t changes) { progress = changes; };
  ASSERT_TRUE(
      Apply(*clips_, NextVersion(*clips_, "list", false), {AddOf(b)}, hooks)
          .ok());
  EXPECT_EQ(progress, 1);
  EXPECT_EQ(clips_->GetList("list")->mode_reason, "a flood");
  for (int i = 0; i < 2; ++i, Reopen()) {
    const auto matches = clips_->Match(UploadOf(b));
    ASSERT_THAT(matches, SizeIs(1));
    EXPECT_TRUE(matches[0].shadow);
  }
  // It stays so until someone says otherwise.
  Delta({WithdrawalOf("b")});
  EXPECT_EQ(clips_->GetList("list")->mode, ListMode::kShadow);
  EXPECT_EQ(clips_->SetMode("list", ListMode::kActive, "reviewed", "me")->mode,
            ListMode::kActive);
  EXPECT_FALSE(clips_->Match(UploadOf(a))[0].shadow);
}

TEST_F(ListUpdateTest, AReviewThatFailsRefusesTheVersion) {
  ListUpdateHooks hooks;
  hooks.review = [](const ClipMatcher&, int64_t) {
    return absl::InternalError("no archive");
  };
  const auto result = Apply(*clips_, NextVersion(*clips_, "list", true),
                            {AddOf(MakeOne("a"))}, hooks);
  EXPECT_EQ(result.status(), absl::InternalError("no archive"));
  EXPECT_TRUE(absl::IsNotFound(clips_->GetList("list").status()));
}

TEST_F(ListUpdateTest, AVersionIsRolledBackAndOnlyASnapshotFollows) {
  const Clip a = MakeOne("a"), b = MakeOne("b"), c = MakeOne("c");
  Snapshot({AddOf(a), AddOf(b)});
  Delta({AddOf(c), WithdrawalOf("a")});
  const auto result = MustApply(RollbackTo("list", 1), {AddOf(a), AddOf(b)});
  EXPECT_EQ(result.list.signed_version, 2);
  EXPECT_EQ(result.list.version_in_force, 1);
  EXPECT_EQ(result.list.sha256_in_force, FileOf("list", 1));
  EXPECT_EQ(result.list.content, ContentOf({a, b}));
  EXPECT_THAT(Matching(UploadOf(a)), ElementsAre("a"));
  EXPECT_THAT(Matching(UploadOf(c)), IsEmpty());
  EXPECT_EQ(clips_->Match(UploadOf(a))[0].signed_version, 1);
  EXPECT_EQ(clips_->History("list", 1)->front().kind,
            ListChange::Kind::kRolledBack);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Refused(NextVersion(*clips_, "list", false), {AddOf(c)})));
  EXPECT_TRUE(
      absl::IsFailedPrecondition(Refused(RollbackTo("list", 3), {AddOf(a)})));
  Snapshot({AddOf(c)});
  EXPECT_EQ(clips_->GetList("list")->version_in_force, 3);
}

TEST_F(ListUpdateTest, HeldEntriesAreNotFoundUntilTheyAreReleased) {
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

TEST_F(ListUpdateTest, WhatSaysNothingIsHeldByItself) {
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

TEST_F(ListUpdateTest, ExpiredEntriesAreWithdrawnAndTheirIssuerStillListsThem) {
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

TEST_F(ListUpdateTest, AListThatHasExpiredGoesIntoShadowUntilItsNextVersion) {
  const Clip a = MakeOne("a");
  ListUpdate update = NextVersion(*clips_, "list", true);
  update.terms.expires = clock_.Now() + absl::Hours(1);
  MustApply(update, {AddOf(a)});
  clock_.Advance(absl::Hours(1));
  ASSERT_TRUE(clips_->Expire().ok());
  EXPECT_TRUE(clips_->Match(UploadOf(a))[0].shadow);
  EXPECT_THAT(clips_->GetList("list")->mode_reason, HasSubstr("expired"));
  Delta({});
  EXPECT_FALSE(clips_->Match(UploadOf(a))[0].shadow);
}

TEST_F(ListUpdateTest, AnEntrysOwnDistanceLimitsItsFrames) {
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

TEST_F(ListUpdateTest, FilesAreFoundByEachDigest) {
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

TEST_F(ListUpdateTest, WhatIsNeverToMatchExplainsNothingButItself) {
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

TEST_F(ListUpdateTest, CardsBetweenTheFramesOfALeakDoNotHideIt) {
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

TEST_F(ListUpdateTest, ALogoInAPartOfThePictureIsNoMatchEither) {
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

TEST_F(ListUpdateTest, TheSavedSearchFollowsVersionsAndHolds) {
  std::vector<Clip> clips;
  std::vector<EntryChange> changes;
  for (int i = 0; i < 6; ++i) {
    clips.push_back(MakeClip("list", absl::StrCat("e", i),
                             MovingHashes(8000, 40, random_)));
    changes.push_back(AddOf(clips.back()));
  }
  Snapshot(changes);
  const auto expect = [&](const std::set<int>& found) {
    for (int i = 0; i < 6; ++i) {
      std::vector<Hash256> part;
      for (int f = 4000; f < 4040; f += 2) {
        part.push_back(clips[i].frames[f].hash);
      }
      EXPECT_EQ(Matching(MakeUpload(part)).size(), found.count(i)) << i;
    }
  };
  Reopen();
  EXPECT_TRUE(clips_->rebuilt_because().ok()) << clips_->rebuilt_because();
  expect({0, 1, 2, 3, 4, 5});
  ASSERT_TRUE(clips_->HoldEntries("list", {"e1"}, "disputed", "me").ok());
  Clip graver = clips[2];
  graver.severity = Severity::kCritical;
  Delta({WithdrawalOf("e0"), UpdateOf(graver)});
  for (int i = 0; i < 2; ++i, Reopen()) {
    expect({2, 3, 4, 5});
    EXPECT_TRUE(clips_->rebuilt_because().ok()) << clips_->rebuilt_because();
  }
  ASSERT_TRUE(clips_->ReleaseEntries("list", {"e1"}, "fine", "me").ok());
  for (int i = 0; i < 2; ++i, Reopen()) expect({1, 2, 3, 4, 5});
}

TEST_F(ListUpdateTest, OtherListsChangeWhileAVersionIsRead) {
  run_bytes_ = 4096;  // So that clip ids are reserved on the way.
  Reopen();
  ASSERT_TRUE(clips_->CreateList("other", "issuer").ok());
  std::vector<Clip> published;
  class Source final : public EntryChangeSource {
   public:
    Source(std::vector<EntryChange> changes, std::function<void()> between)
        : changes_(std::move(changes)), between_(std::move(between)) {}
    absl::StatusOr<std::optional<EntryChange>> Next() override {
      between_();
      if (next_ == changes_.size()) return std::nullopt;
      return changes_[next_++];
    }

   private:
    std::vector<EntryChange> changes_;
    std::function<void()> between_;
    size_t next_ = 0;
  };
  std::vector<EntryChange> changes;
  std::vector<Clip> listed;
  for (int i = 0; i < 20; ++i) {
    listed.push_back(MakeOne(absl::StrCat("entry", i)));
    changes.push_back(AddOf(listed.back()));
  }
  Source source(changes, [&] {
    Clip clip = MakeOne(absl::StrCat("p", published.size()));
    clip.list_id = "other";
    ASSERT_TRUE(clips_->Publish(clip).ok());
    published.push_back(clip);
    EXPECT_THAT(Matching(UploadOf(listed[0])), IsEmpty());
  });
  ASSERT_TRUE(
      clips_->Update(NextVersion(*clips_, "list", true), source, {}).ok());
  Clip after = MakeOne("after");
  after.list_id = "other";
  ASSERT_TRUE(clips_->Publish(after).ok());
  published.push_back(after);
  for (int i = 0; i < 2; ++i, Reopen()) {
    for (const auto& clips : {published, listed}) {
      for (const Clip& clip : clips) {
        EXPECT_THAT(Matching(UploadOf(clip)), ElementsAre(clip.entry_id));
      }
    }
  }
}

TEST_F(ListUpdateTest, AChangeOfTheListItselfMeanwhileAbortsTheVersion) {
  const Clip a = MakeOne("a"), b = MakeOne("b");
  Snapshot({AddOf(a)});
  ListUpdateHooks hooks;
  hooks.review = [&](const ClipMatcher&,
                     int64_t) -> absl::StatusOr<ListUpdateHooks::Review> {
    EXPECT_TRUE(clips_->HoldEntries("list", {"a"}, "disputed", "me").ok());
    return ListUpdateHooks::Review();
  };
  EXPECT_TRUE(absl::IsAborted(
      Apply(*clips_, NextVersion(*clips_, "list", false), {AddOf(b)}, hooks)
          .status()));
  EXPECT_THAT(Matching(UploadOf(a)), IsEmpty());
  EXPECT_THAT(Matching(UploadOf(b)), IsEmpty());
  Delta({AddOf(b)});
  EXPECT_THAT(Matching(UploadOf(b)), ElementsAre("b"));
}

}  // namespace
}  // namespace lenscap
