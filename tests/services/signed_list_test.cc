#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "fingerprint/hash256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lists/issuer_store.h"
#include "services/proto_time.h"
#include "services/server.h"
#include "tests/lists/signers.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/services/issued_list.h"
#include "tests/support/fake_clock.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ListStub = v1::HashListService::Stub;

class SignedListTest : public testing::Test {
 protected:
  void SetUp() override {
    clock_.Advance(kSomeTime + absl::Hours(1) - clock_.Now());
    options_.data_directory = MakeTempDirectory();
    options_.clock = &clock_;
    auto issuers =
        IssuerStore::Open(options_.data_directory + "/issuers", &clock_);
    ASSERT_TRUE(issuers.ok()) << issuers.status();
    const auto installed = (*issuers)->Install(KeysOfIssuer());
    ASSERT_TRUE(installed.ok()) << installed.status();
    Start();
  }
  void Start() {
    server_.reset();
    auto server = Server::Start(options_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = server_->InProcessChannel();
    stub_ = v1::HashListService::NewStub(channel_);
  }

  // The frames of footage, as an issuer would publish them.
  std::vector<ReferenceFrame> FramesOf(const std::string& footage) {
    EXPECT_TRUE(PublishFootage(channel_, "scratch", "e", footage).ok());
    const auto exported = Export(channel_, "scratch");
    EXPECT_TRUE(exported.ok()) << exported.status();
    std::vector<ReferenceFrame> frames;
    for (const v1::ExportedEntry& entry : *exported) {
      for (const v1::ReferenceFrame& frame : entry.frames()) {
        const absl::Duration time = FromProto(frame.time());
        frames.push_back(
            {.hash = *HashFromBytes(frame.pdq()),
             .quality = frame.quality(),
             .time = time,
             .until = frame.has_until() ? FromProto(frame.until()) : time});
      }
    }
    v1::WithdrawRequest request;
    request.set_list_id("scratch");
    request.set_all_entries(true);
    request.set_reason("only its frames were wanted");
    EXPECT_TRUE(Call(stub_.get(), &ListStub::Withdraw, request).ok());
    return frames;
  }

  absl::StatusOr<v1::PublishSignedReply> Send(const IssuedList::File& file,
                                              bool dry_run = false) {
    return PublishSigned(channel_, file, dry_run);
  }
  v1::ScanReport ScanOf(const std::string& bytes,
                        const std::string& content_id = "") {
    const auto report = ScanBytes(channel_, bytes, content_id);
    EXPECT_TRUE(report.ok()) << report.status();
    return *report;
  }
  v1::Action VerdictOn(const std::string& bytes) {
    return ScanOf(bytes).verdict().action();
  }
  v1::HashList ListNamed(const std::string& list_id) {
    v1::GetListRequest request;
    request.set_list_id(list_id);
    const auto reply = Call(stub_.get(), &ListStub::GetList, request);
    return reply.ok() ? reply->list() : v1::HashList();
  }

  FakeClock clock_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  ChannelPtr channel_;
  std::unique_ptr<ListStub> stub_;
};

TEST_F(SignedListTest, AMatchNamesTheVersionAndTheFileThatListedTheClip) {
  IssuedList list("hotline");
  const auto file =
      list.Next(kSnapshot, {Add("clip", FramesOf(KnownClip())),
                            Add("other", FramesOf(UnrelatedVideo()))});
  const auto reply = Send(file);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_TRUE(reply->changed());
  EXPECT_EQ(reply->added(), 2);
  EXPECT_EQ(reply->list().signed_version(), 1);
  const v1::ScanReport report = ScanOf(DisguisedExcerpt());
  EXPECT_EQ(report.verdict().action(), v1::ACTION_BLOCK);
  ASSERT_GE(report.matches_size(), 1);
  EXPECT_EQ(report.matches(0).entry_id(), "clip");
  EXPECT_EQ(report.matches(0).issuer(), kIssuer);
  EXPECT_EQ(report.matches(0).signed_version(), 1);
  EXPECT_EQ(report.matches(0).list_sha256(), ToBytes(Sha256Of(file.bytes)));
}

TEST_F(SignedListTest, SendingTheHeadAgainSucceedsAndChangesNothing) {
  IssuedList list("hotline");
  const auto file = list.Next(kSnapshot, {Add("a", FramesOf(KnownClip()))});
  ASSERT_TRUE(Send(file).ok());
  Start();
  const auto again = Send(file);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_FALSE(again->changed());
  EXPECT_EQ(again->list().signed_version(), 1);
}

TEST_F(SignedListTest, WhatIsRefusedLeavesTheVersionBeforeInForce) {
  IssuedList list("hotline");
  const std::vector<ReferenceFrame> frames = FramesOf(KnownClip());
  ASSERT_TRUE(Send(list.Next(kSnapshot, {Add("clip", frames)})).ok());
  const auto refused = [&](const IssuedList::File& file) {
    const auto reply = Send(file);
    EXPECT_FALSE(reply.ok());
    EXPECT_EQ(ListNamed("hotline").signed_version(), 1);
    EXPECT_EQ(VerdictOn(DisguisedExcerpt()), v1::ACTION_BLOCK);
    return reply.status();
  };

  IssuedList next = list;
  const auto good = next.Next(kDelta, {Withdraw("clip")});
  auto changed = good;
  changed.bytes[changed.bytes.size() / 2] ^= 1;
  EXPECT_TRUE(absl::IsPermissionDenied(refused(changed)));
  EXPECT_TRUE(absl::IsPermissionDenied(
      refused({good.bytes, SignedBy({2}, good.bytes)})))
      << "one signature of two";
  EXPECT_TRUE(absl::IsPermissionDenied(
      refused({good.bytes, SignedBy({2, 5}, good.bytes)})))
      << "a key that nobody knows";

  const auto after = next.Next(kDelta, {Add("more", frames)});
  EXPECT_THAT(std::string(refused(after).message()), HasSubstr("version"))
      << "a gap";

  IssuedList other("hotline");
  EXPECT_TRUE(absl::IsFailedPrecondition(
      refused(other.Next(kSnapshot, {Add("another", frames)}))))
      << "a fork";

  IssuedList bad = list;
  EXPECT_THAT(
      std::string(refused(bad.Next(kDelta, {Withdraw("nobody")})).message()),
      HasSubstr("nobody"));
  bad = list;
  bad.envelope().content[0] ^= 1;
  EXPECT_FALSE(refused(bad.Next(kDelta, {Withdraw("clip")})).ok())
      << "another content than it says";

  bad = list;
  bad.envelope().issued = clock_.Now() + absl::Hours(1);
  EXPECT_TRUE(
      absl::IsInvalidArgument(refused(bad.Next(kDelta, {Withdraw("clip")}))));
  bad = list;
  bad.envelope().issued = clock_.Now() - absl::Minutes(50);
  bad.envelope().terms.expires = clock_.Now() - absl::Minutes(30);
  EXPECT_FALSE(refused(bad.Next(kDelta, {Withdraw("clip")})).ok());

  EXPECT_TRUE(Send(good).ok()) << "nothing of it stood in the way";
  EXPECT_EQ(VerdictOn(DisguisedExcerpt()), v1::ACTION_ALLOW);
}

TEST_F(SignedListTest, ADryRunChecksAndChangesNothing) {
  IssuedList list("hotline");
  const auto file = list.Next(kSnapshot, {Add("a", FramesOf(KnownClip()))});
  const auto reply = Send(file, /*dry_run=*/true);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_FALSE(reply->changed());
  EXPECT_EQ(reply->added(), 1) << "it says what would come of it";
  EXPECT_EQ(reply->list().signed_version(), 1);
  EXPECT_EQ(VerdictOn(KnownClip()), v1::ACTION_ALLOW);
  EXPECT_TRUE(Send(file).ok());
}

TEST_F(SignedListTest, ARollbackPutsBackWhatWasAndTheChainGoesOn) {
  IssuedList list("hotline");
  const std::vector<ReferenceFrame> frames = FramesOf(KnownClip());
  const std::vector<ReferenceFrame> others = FramesOf(UnrelatedVideo());
  ASSERT_TRUE(Send(list.Next(kSnapshot, {Add("clip", frames)})).ok());
  ASSERT_TRUE(
      Send(list.Next(kDelta, {Withdraw("clip"), Add("innocent", others)}))
          .ok());
  EXPECT_EQ(VerdictOn(DisguisedExcerpt()), v1::ACTION_ALLOW);
  EXPECT_EQ(VerdictOn(UnrelatedVideo()), v1::ACTION_BLOCK);

  v1::RollbackRequest request;
  request.set_list_id("hotline");
  request.set_signed_version(1);
  request.set_reason("it blocks an innocent film");
  const auto reply = Call(stub_.get(), &ListStub::Rollback, request);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->list().version_in_force(), 1);
  EXPECT_EQ(reply->list().signed_version(), 2);
  EXPECT_EQ(VerdictOn(DisguisedExcerpt()), v1::ACTION_BLOCK);
  EXPECT_EQ(VerdictOn(UnrelatedVideo()), v1::ACTION_ALLOW);

  // The issuer's next version is made of its last one, not of what is in force.
  const auto next = Send(list.Next(kDelta, {Withdraw("innocent")}));
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->list().version_in_force(), 3);
  EXPECT_EQ(next->list().entries(), 0);
  EXPECT_EQ(VerdictOn(DisguisedExcerpt()), v1::ACTION_ALLOW);
}

TEST_F(SignedListTest, EveryVersionCanBeHadByteForByte) {
  IssuedList list("hotline");
  const auto first = list.Next(kSnapshot, {Add("a", FramesOf(KnownClip()))});
  ASSERT_TRUE(Send(first).ok());
  ASSERT_TRUE(Send(list.Next(kDelta, {Withdraw("a")})).ok());
  Start();
  v1::DownloadRequest request;
  request.set_list_id("hotline");
  request.set_signed_version(1);
  const auto context = NewContext();
  const auto reader = stub_->Download(context.get(), request);
  v1::DownloadPart part;
  ASSERT_TRUE(reader->Read(&part));
  EXPECT_EQ(part.header().signatures(), first.signatures);
  EXPECT_EQ(part.header().sha256(), ToBytes(Sha256Of(first.bytes)));
  std::string bytes;
  while (reader->Read(&part)) bytes += part.data();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(bytes, first.bytes);
}

TEST_F(SignedListTest, AnEntryThatExpiresStopsMatchingWithoutARestart) {
  IssuedList list("hotline");
  EntryChange entry = Add("clip", FramesOf(KnownClip()));
  entry.clip.terms.expires = clock_.Now() + absl::Hours(1);
  ASSERT_TRUE(Send(list.Next(kSnapshot, {entry})).ok());
  EXPECT_EQ(VerdictOn(KnownClip()), v1::ACTION_BLOCK);
  clock_.Advance(absl::Hours(2));
  while (ListNamed("hotline").entries() > 0) {
    std::this_thread::yield();  // Looked at each second.
  }
  EXPECT_EQ(VerdictOn(KnownClip()), v1::ACTION_ALLOW);
  v1::HistoryRequest request;
  request.set_list_id("hotline");
  const auto history = Call(stub_.get(), &ListStub::History, request);
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history->changes(0).kind(), v1::ListChange::KIND_EXPIRED);
}

TEST_F(SignedListTest, AWhiteFrameIsHeldAndBlocksNothing) {
  const std::string white = ReadFileBytes(
      MakeMedia("white.mp4", {"-f", "lavfi", "-i", "color=white:s=320x240:r=5",
                              "-t", "6", "-c:v", "mpeg4"}));
  // As a careless issuer has it: the hash of a white frame, of top quality.
  IssuedList list("hotline");
  EntryChange entry = Add("white", {{.hash = {}, .quality = 100, .time = {}}});
  entry.clip.severity = Severity::kCritical;
  const auto reply = Send(list.Next(kSnapshot, {entry}));
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->held(), 1);
  EXPECT_EQ(ListNamed("hotline").held(), 1);
  EXPECT_EQ(VerdictOn(white), v1::ACTION_ALLOW);
}

TEST_F(SignedListTest, ALogoOnANegativeListBlocksNothingAndHidesNothing) {
  // The other video is the intro of everybody's uploads.
  const std::vector<ReferenceFrame> logo = FramesOf(UnrelatedVideo());
  IssuedList wrong("hotline");
  ASSERT_TRUE(Send(wrong.Next(kSnapshot, {Add("logo", logo),
                                          Add("clip", FramesOf(KnownClip()))}))
                  .ok());
  EXPECT_EQ(VerdictOn(UnrelatedVideo()), v1::ACTION_BLOCK);
  IssuedList never("logos");
  never.envelope().terms.purpose = ListPurpose::kNeverMatch;
  ASSERT_TRUE(Send(never.Next(kSnapshot, {Add("intro", logo)})).ok());
  EXPECT_EQ(VerdictOn(UnrelatedVideo()), v1::ACTION_ALLOW);
  EXPECT_EQ(VerdictOn(DisguisedExcerpt()), v1::ACTION_BLOCK);
}

TEST_F(SignedListTest, AFloodGoesIntoShadowByItselfUntilSomebodyLetsItAct) {
  const std::vector<ReferenceFrame> frames = FramesOf(UnrelatedVideo());
  for (int i = 0; i < 25; ++i) {
    const bool popular = i % 5 == 0;
    ScanOf(popular ? UnrelatedVideo() : KnownClip(),
           absl::StrCat("upload-", i));
  }
  IssuedList list("flood");
  const auto reply = Send(list.Next(kSnapshot, {Add("film", frames)}));
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->flood().uploads_checked(), 25);
  EXPECT_EQ(reply->flood().uploads_matched(), 5);
  EXPECT_EQ(reply->list().mode(), v1::LIST_MODE_SHADOW);
  EXPECT_THAT(reply->list().mode_reason(), HasSubstr("5 of the latest 25"));
  const v1::ScanReport report = ScanOf(UnrelatedVideo(), "later");
  EXPECT_EQ(report.verdict().action(), v1::ACTION_ALLOW);
  EXPECT_EQ(report.verdict().shadow_action(), v1::ACTION_BLOCK);

  v1::SetListModeRequest request;
  request.set_list_id("flood");
  request.set_mode(v1::LIST_MODE_ACTIVE);
  request.set_reason("they are all leaks");
  ASSERT_TRUE(Call(stub_.get(), &ListStub::SetListMode, request).ok());
  EXPECT_EQ(VerdictOn(UnrelatedVideo()), v1::ACTION_BLOCK);
  // What had been let through becomes cases: five, one scanned in shadow, and
  // the one that was just blocked.
  EXPECT_THAT(*WatchCases(channel_, 0, 7), SizeIs(7));
}

TEST_F(SignedListTest, HeldEntriesAreNotSearchedUntilTheyAreReleased) {
  IssuedList list("hotline");
  ASSERT_TRUE(
      Send(list.Next(kSnapshot, {Add("clip", FramesOf(KnownClip()))})).ok());
  v1::HoldEntriesRequest request;
  request.set_list_id("hotline");
  request.add_entry_ids("clip");
  request.set_reason("an appeal says it is a film");
  const auto held = Call(stub_.get(), &ListStub::HoldEntries, request);
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(held->held(), 1);
  EXPECT_EQ(VerdictOn(KnownClip()), v1::ACTION_ALLOW);
  ASSERT_TRUE(Call(stub_.get(), &ListStub::ReleaseEntries, request).ok());
  EXPECT_EQ(VerdictOn(KnownClip()), v1::ACTION_BLOCK);
}

TEST_F(SignedListTest, ASignedListChangesBySignedVersionsAlone) {
  IssuedList list("hotline");
  ASSERT_TRUE(
      Send(list.Next(kSnapshot, {Add("clip", FramesOf(KnownClip()))})).ok());
  const auto published =
      PublishFootage(channel_, "hotline", "mine", UnrelatedVideo());
  EXPECT_FALSE(published.ok());
  v1::WithdrawRequest request;
  request.set_list_id("hotline");
  request.set_all_entries(true);
  request.set_reason("by hand");
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Call(stub_.get(), &ListStub::Withdraw, request).status()));
}

}  // namespace
}  // namespace lenscap
