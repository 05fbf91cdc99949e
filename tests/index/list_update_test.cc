// Versions of signed lists, as KnownClips applies them.

#include "index/list_update.h"

#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/list_update_fixture.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

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
  hooks.review = [&](const ClipMatcher& added, const ListUpdateResult& result)
      -> absl::StatusOr<ListUpdateHooks::Review> {
    EXPECT_EQ(result.added, 1);
    EXPECT_EQ(result.withdrawn, 0);
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
  hooks.review = [](const ClipMatcher&, const ListUpdateResult&) {
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
  hooks.review =
      [&](const ClipMatcher&,
          const ListUpdateResult&) -> absl::StatusOr<ListUpdateHooks::Review> {
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
