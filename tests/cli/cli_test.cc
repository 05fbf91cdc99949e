// The real binary, as people and scripts use it.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "services/proto_time.h"
#include "tests/cli/lenscap_process.h"
#include "tests/services/footage.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Words = std::vector<std::string>;

// The lines of --json output; a field that the proto lacks is an error.
template <typename Message>
std::vector<Message> Parse(const std::string& lines) {
  std::vector<Message> messages;
  for (const absl::string_view line :
       absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    Message message;
    const auto status = google::protobuf::util::JsonStringToMessage(
        std::string(line), &message);
    EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << line;
    messages.push_back(message);
  }
  return messages;
}

// Files that all tests share, made once.
struct Files {
  Files() {
    known = WriteTempFile("known.mp4", KnownClip());
    excerpt = WriteTempFile("excerpt.avi", DisguisedExcerpt());
    unrelated = WriteTempFile("unrelated.mp4", UnrelatedVideo());
    text = WriteTempFile("notes.txt", "no video at all\n");
    empty = WriteTempFile("empty.mp4", "");
  }
  std::string known, excerpt, unrelated, text, empty;
};
const Files& Shared() {
  static const Files* const files = new Files;
  return *files;
}

// Where a command finds its data: stand-alone, or behind a server.
class Backend {
 public:
  explicit Backend(bool server) : directory_(MakeTempDirectory() + "/data") {
    if (server) server_.emplace(directory_);
    where_ = server ? Words{"--server", server_->address()}
                    : Words{"--data-dir", directory_};
  }
  Words With(Words words) const {
    words.insert(words.end(), where_.begin(), where_.end());
    return words;
  }
  Outcome Run(Words words, const std::string& input = "/dev/null") const {
    return Lenscap(With(std::move(words)),
                   {.environment = {}, .input_file = input});
  }
  // Fails the test where the command does.
  std::string Output(const Words& words) const {
    const Outcome outcome = Run(words);
    EXPECT_EQ(outcome.exit_code, 0) << testing::PrintToString(words) << "\n"
                                    << outcome.err;
    return outcome.out;
  }
  void PublishKnown() const {
    Output({"list", "publish", Shared().known, "--list", "demo", "--entry",
            "room-7", "--severity", "confirmed", "--create", "--issuer",
            "Example hotline"});
  }
  const std::string& directory() const { return directory_; }

 private:
  const std::string directory_;
  std::optional<ServerProcess> server_;
  Words where_;
};

// A backend that knows the known clip.
std::unique_ptr<Backend> ReadyBackend(bool server) {
  auto backend = std::make_unique<Backend>(server);
  backend->PublishKnown();
  return backend;
}

// Every test of this suite runs stand-alone and against a server: commands
// cannot tell which.
class CliTest : public testing::TestWithParam<bool> {
 protected:
  const std::unique_ptr<Backend> backend_ = ReadyBackend(GetParam());
};

INSTANTIATE_TEST_SUITE_P(, CliTest, testing::Bool(), [](const auto& param) {
  return param.param ? "OnAServer" : "StandAlone";
});

TEST_P(CliTest, ACopyIsFoundAndLocated) {
  const Outcome outcome =
      backend_->Run({"scan", "--json", Shared().excerpt, Shared().unrelated});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const auto reports = Parse<v1::ScanReport>(outcome.out);
  ASSERT_THAT(reports, SizeIs(2));
  EXPECT_EQ(reports[0].file(), Shared().excerpt);
  EXPECT_EQ(reports[0].verdict().action(), v1::ACTION_BLOCK);
  ASSERT_THAT(reports[0].matches(), SizeIs(1));
  const v1::ClipMatch& match = reports[0].matches(0);
  EXPECT_EQ(match.list_id(), "demo");
  EXPECT_EQ(match.entry_id(), "room-7");
  EXPECT_EQ(match.issuer(), "Example hotline");
  const auto near = [](const google::protobuf::Duration& found, double wanted) {
    EXPECT_NEAR(absl::ToDoubleSeconds(FromProto(found)), wanted, 1);
  };
  near(match.query().start(), 0);
  near(match.query().end(), 5);
  near(match.reference().start(), 3);
  near(match.reference().end(), 8);
  EXPECT_EQ(reports[1].verdict().action(), v1::ACTION_ALLOW);
  EXPECT_THAT(reports[1].matches(), IsEmpty());
}

TEST_P(CliTest, TheTableTellsWhatAndWhereAndTheSummaryAddsUp) {
  const Outcome outcome = backend_->Run(
      {"scan", "--explain", Shared().excerpt, Shared().unrelated});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("FILE"), HasSubstr("demo/room-7"),
                    HasSubstr("BLOCK"), HasSubstr("ALLOW"),
                    HasSubstr("  reason  "), HasSubstr("  cues    none")));
  EXPECT_THAT(outcome.out,
              HasSubstr("2 files: 1 blocked, 0 to review, 1 allowed, "
                        "0 unreadable. "));
  // No terminal, no bar.
  EXPECT_EQ(outcome.err, "");
}

TEST_P(CliTest, StandardInputIsScanned) {
  const Outcome outcome =
      backend_->Run({"scan", "--json", "-"}, Shared().excerpt);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const auto reports = Parse<v1::ScanReport>(outcome.out);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].file(), "-");
  EXPECT_EQ(reports[0].verdict().action(), v1::ACTION_BLOCK);
}

TEST_P(CliTest, ExitCodesTellWhatHappened) {
  const Files& files = Shared();
  const std::string none = files.text + ".none";
  struct Case {
    Words words;
    int exit_code;
    std::string says;  // On standard output or standard error.
  };
  const std::vector<Case> cases = {
      {{"scan", files.unrelated}, 0, "1 allowed"},
      {{"scan", files.excerpt}, 1, "1 blocked"},
      {{"scan", files.excerpt, files.unrelated}, 1, "1 blocked"},
      {{"scan"}, 2, "FILE is required"},
      {{"scan", "--content-id", "x", files.excerpt, files.unrelated},
       2,
       "--content-id names one file"},
      {{"scan", none}, 3, "No such file or directory"},
      {{"scan", files.text}, 3, "1 unreadable"},
      {{"scan", files.empty}, 3, "1 unreadable"},
      // What is worse counts.
      {{"scan", files.excerpt, files.text, files.unrelated},
       3,
       "1 blocked, 0 to review, 1 allowed, 1 unreadable"},
      {{"list", "publish", none, "--list", "demo"}, 3, "No such file"},
      {{"list", "publish", files.text, "--list", "demo"}, 3, "--format"},
      {{"list", "publish", files.known, "--list", "nowhere"}, 4, "nowhere"},
      {{"list", "publish", files.known, "--list", "NOT VALID"}, 4, "list_id"},
      {{"list", "publish", files.unrelated, "--list", "demo", "--entry",
        "room-7"},
       4,
       "room-7"},
      {{"list", "show", "nowhere"}, 4, "nowhere"},
      {{"list", "export", "nowhere"}, 4, "nowhere"},
      {{"list", "withdraw", "demo", "nobody", "--reason", "x"}, 4, "nobody"},
      {{"queue", "show", "case-none"}, 4, "case"},
      {{"queue", "settle", "no-token", "--keep"}, 4, "token"},
  };
  for (const Case& test : cases) {
    const Outcome outcome = backend_->Run(test.words);
    EXPECT_EQ(outcome.exit_code, test.exit_code)
        << testing::PrintToString(test.words) << "\n"
        << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr(test.says))
        << testing::PrintToString(test.words);
  }
}

TEST_P(CliTest, AnUnreadableFileHasALineOfJsonToo) {
  const Outcome outcome =
      backend_->Run({"scan", "--json", Shared().text + ".none", Shared().text,
                     Shared().unrelated});
  EXPECT_EQ(outcome.exit_code, 3);
  const auto reports = Parse<v1::ScanReport>(outcome.out);
  ASSERT_THAT(reports, SizeIs(3));
  EXPECT_EQ(reports[0].verdict().action(), v1::ACTION_UNREADABLE);
  EXPECT_THAT(reports[0].verdict().reasons(0), HasSubstr("No such file"));
  EXPECT_EQ(reports[1].verdict().action(), v1::ACTION_UNREADABLE);
  EXPECT_THAT(reports[1].verdict().reasons(), Not(IsEmpty()));
  EXPECT_EQ(reports[2].verdict().action(), v1::ACTION_ALLOW);
}

TEST_P(CliTest, AListIsPublishedShownExportedAndWithdrawn) {
  // The same content again changes nothing.
  EXPECT_THAT(
      backend_->Output({"list", "publish", Shared().known, "--list", "demo",
                        "--entry", "room-7", "--severity", "confirmed"}),
      HasSubstr("was there already"));
  const auto lists =
      Parse<v1::HashList>(backend_->Output({"list", "show", "--json"}));
  ASSERT_THAT(lists, SizeIs(1));
  EXPECT_EQ(lists[0].list_id(), "demo");
  EXPECT_EQ(lists[0].entries(), 1);
  EXPECT_THAT(backend_->Output({"list", "show", "demo"}),
              AllOf(HasSubstr("demo by Example hotline, version 1"),
                    ContainsRegex("room-7 +confirmed +0:10.0 +[0-9]+ +1")));

  const auto exported =
      Parse<v1::ExportedEntry>(backend_->Output({"list", "export", "demo"}));
  ASSERT_THAT(exported, SizeIs(1));
  EXPECT_EQ(exported[0].entry().entry_id(), "room-7");
  EXPECT_EQ(exported[0].frames_size(), exported[0].entry().frames());
  EXPECT_THAT(exported[0].sha256(), SizeIs(32));

  EXPECT_THAT(backend_->Output({"list", "withdraw", "demo", "room-7",
                                "--reason", "published in error"}),
              HasSubstr("withdrew 1 of demo, now version 2"));
  EXPECT_EQ(backend_->Run({"scan", Shared().excerpt}).exit_code, 0);
  EXPECT_THAT(backend_->Output({"list", "history", "demo"}),
              AllOf(ContainsRegex("2 .*withdrawn .*published in error +room-7"),
                    ContainsRegex("1 .*published +1 .*room-7")));
}

TEST_P(CliTest, AnExportedListFindsTheSameElsewhere) {
  const std::string directory = MakeTempDirectory() + "/export";
  EXPECT_THAT(
      backend_->Output({"list", "export", "demo", "--output", directory}),
      HasSubstr("1 entries of demo"));
  const std::string file = directory + "/room-7.vpdq";
  ASSERT_TRUE(fs::exists(file));
  const Backend other(/*server=*/false);
  other.Output({"list", "publish", file, "--entry-from-name", "--list", "copy",
                "--create", "--issuer", "Another hotline", "--severity",
                "confirmed"});
  const Outcome outcome = other.Run({"scan", Shared().excerpt});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("copy/room-7"));
}

TEST_P(CliTest, ACaseIsLeasedDecidedAndAppealed) {
  backend_->Run({"scan", "--account", "uploader-1", "--group", "channel-2",
                 "--content-id", "upload-3", Shared().excerpt});
  EXPECT_THAT(backend_->Output({"queue", "ls"}),
              AllOf(HasSubstr("case-"), HasSubstr("demo/room-7"),
                    HasSubstr("upload-3")));
  const auto lease = [&](const std::string& reviewer) {
    const auto leases = Parse<v1::LeasedCase>(
        backend_->Output({"queue", "lease", "--reviewer", reviewer, "--json"}));
    return leases.size() == 1 ? leases[0] : v1::LeasedCase();
  };
  const v1::LeasedCase first = lease("reviewer-1");
  EXPECT_EQ(first.case_().account(), "uploader-1");
  EXPECT_EQ(first.case_().group(), "channel-2");
  EXPECT_EQ(first.case_().report().matches_size(), 1);
  EXPECT_EQ(backend_->Output({"queue", "lease", "--reviewer", "reviewer-2"}),
            "no case is waiting\n");
  EXPECT_THAT(backend_->Output(
                  {"queue", "extend", first.lease_token(), "--for", "10m"}),
              StartsWith("leased until 20"));
  EXPECT_EQ(backend_->Output({"queue", "release", first.lease_token()}),
            "released\n");

  const v1::LeasedCase second = lease("reviewer-1");
  EXPECT_THAT(backend_->Output({"queue", "settle", second.lease_token(),
                                "--remove", "--note", "it is room 7"}),
              HasSubstr("decided remove by reviewer-1"));
  // A token that was lost settles nothing.
  EXPECT_EQ(backend_->Run({"queue", "settle", first.lease_token(), "--keep"})
                .exit_code,
            4);
  const std::string id = second.case_().case_id();
  EXPECT_THAT(backend_->Output({"queue", "show", id}),
              AllOf(HasSubstr("it is room 7"), HasSubstr("demo/room-7")));
  EXPECT_THAT(backend_->Output({"queue", "ls", "--state", "decided"}),
              HasSubstr(id));

  backend_->Output({"queue", "appeal", id, "--statement", "it is my kitchen"});
  EXPECT_EQ(backend_->Output({"queue", "lease", "--reviewer", "reviewer-1"}),
            "no case is waiting\n");
  const v1::LeasedCase third = lease("reviewer-2");
  EXPECT_EQ(third.case_().appeal(), "it is my kitchen");
  const auto decided = Parse<v1::Case>(backend_->Output(
      {"queue", "settle", third.lease_token(), "--keep", "--json"}));
  ASSERT_THAT(decided, SizeIs(1));
  EXPECT_EQ(decided[0].decisions_size(), 2);
  const auto stats =
      Parse<v1::StatsReply>(backend_->Output({"queue", "stats", "--json"}));
  ASSERT_THAT(stats, SizeIs(1));
  EXPECT_EQ(stats[0].decided(), 1);
  EXPECT_EQ(stats[0].waiting(), 0);
}

TEST_P(CliTest, TheStillsOfACaseAreBlurredUntilWhoHoldsItRevealsThem) {
  backend_->Run({"scan", Shared().excerpt});
  const auto leases = Parse<v1::LeasedCase>(
      backend_->Output({"queue", "lease", "--reviewer", "ann", "--json"}));
  ASSERT_THAT(leases, SizeIs(1));
  const std::string id = leases[0].case_().case_id();
  const std::string pages = MakeTempDirectory() + "/pages";
  const auto show = [&](const Words& more) {
    Words words = {"queue", "show", id, "--evidence", pages};
    words.insert(words.end(), more.begin(), more.end());
    return backend_->Run(words);
  };
  EXPECT_EQ(show({}).exit_code, 0);
  const std::string blurred = ReadFileBytes(pages + "/" + id + ".svg");
  EXPECT_THAT(backend_->Output({"queue", "exposure", "--reviewer", "ann"}),
              StartsWith("0 of 30m shown today"));
  EXPECT_EQ(show({"--lease", leases[0].lease_token()}).exit_code, 0);
  const std::string revealed = ReadFileBytes(pages + "/" + id + "-2.svg");
  EXPECT_NE(revealed, blurred);
  EXPECT_THAT(backend_->Output({"queue", "exposure", "--reviewer", "ann"}),
              AllOf(HasSubstr("s of 30m shown today"), Not(StartsWith("0"))));
  const Outcome refused = show({"--lease", "forged"});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, HasSubstr("token"));
}

TEST_P(CliTest, WatchPrintsEventsAsTheyHappen) {
  backend_->Run({"scan", Shared().excerpt});
  Words words = backend_->With({"queue", "watch", "--json"});
  Process watch(LenscapPath(), words);
  const auto events = Parse<v1::CaseEvent>(watch.ReadLine());
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].kind(), v1::CaseEvent::KIND_OPENED);
  EXPECT_EQ(events[0].advised(), v1::ACTION_BLOCK);
}

// Twenty videos, one of them a copy, and a file that is none.
std::string DirectoryOfTwenty() {
  const fs::path videos =
      fs::path(MakeMedia("v%02d.mp4",
                         {"-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=19",
                          "-c:v", "mpeg4", "-g", "10", "-f", "segment",
                          "-segment_time", "1", "-reset_timestamps", "1"}))
          .parent_path();
  fs::copy(Shared().excerpt, videos / "x.avi");
  fs::copy(Shared().text, videos / "notes.txt");
  return videos.string();
}

TEST(CliScanTest, ADirectoryOfTwentyShowsProgressOnATerminalAndASummary) {
  const auto backend = ReadyBackend(/*server=*/false);
  const Outcome outcome = LenscapOnTerminal(
      backend->With({"scan", DirectoryOfTwenty(), "--jobs", "2"}), 100);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
  // The bar, drawn over and over, and taken away in the end.
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("\r"), HasSubstr("%  ["), HasSubstr("/20 files"),
                    HasSubstr("20/20 files"), HasSubstr("100%"),
                    HasSubstr("B/s"), HasSubstr("\r\x1b[K")));
  EXPECT_THAT(outcome.out,
              HasSubstr("20 files: 1 blocked, 0 to review, 19 allowed, "
                        "0 unreadable; 1 other file left out. "));
  for (const absl::string_view line : absl::StrSplit(outcome.out, '\r')) {
    if (!absl::StrContains(line, "% ")) continue;
    EXPECT_LT(line.size(), 105u) << line;
  }
}

TEST(CliScanTest, ADirectoryOfTwentyIsTwentyLinesOfJsonInOrder) {
  const auto backend = ReadyBackend(/*server=*/false);
  const std::string directory = DirectoryOfTwenty();
  const Outcome outcome =
      backend->Run({"scan", directory, "--json", "--jobs", "4"});
  EXPECT_EQ(outcome.exit_code, 1);
  const auto reports = Parse<v1::ScanReport>(outcome.out);
  ASSERT_THAT(reports, SizeIs(20));
  for (int i = 0; i < 19; ++i) {
    EXPECT_EQ(reports[i].file(),
              absl::StrCat(directory, "/v", i < 10 ? "0" : "", i, ".mp4"));
    EXPECT_EQ(reports[i].verdict().action(), v1::ACTION_ALLOW);
    EXPECT_THAT(reports[i].sha256(), SizeIs(32));
    EXPECT_GT(reports[i].media().frames_sampled(), 0);
    EXPECT_TRUE(reports[i].has_timings());
  }
  EXPECT_EQ(reports[19].verdict().action(), v1::ACTION_BLOCK);
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST(CliScanTest, ADirectoryWithoutMediaIsNothingFound) {
  const auto backend = ReadyBackend(/*server=*/false);
  const Outcome outcome = backend->Run({"scan", MakeTempDirectory()});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, StartsWith("0 files: "));
}

TEST(CliScanTest, WithoutListsItWarns) {
  const std::string directory = MakeTempDirectory();
  const Outcome outcome =
      Lenscap({"scan", Shared().unrelated, "--data-dir", directory});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("no list has a clip yet"));
}

TEST(CliScanTest, AStandAloneScanDecidesByThePolicyItIsGiven) {
  const auto backend = ReadyBackend(/*server=*/false);
  const std::string policy =
      WriteTempFile("policy.textproto",
                    "version: 'mine' match_rules { name: 'any' min_frames: 1 "
                    "action: ACTION_REVIEW }");
  const Outcome outcome =
      backend->Run({"scan", "--json", Shared().excerpt, "--policy", policy});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const auto reports = Parse<v1::ScanReport>(outcome.out);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].verdict().action(), v1::ACTION_REVIEW);
  EXPECT_EQ(reports[0].verdict().policy_version(), "mine");

  const Outcome bad =
      backend->Run({"scan", Shared().excerpt, "--policy", Shared().text});
  EXPECT_EQ(bad.exit_code, 4);
  EXPECT_THAT(bad.err, HasSubstr(Shared().text));
}

TEST(CliConnectionTest, ADataDirectoryInUseIsNamed) {
  const auto backend = ReadyBackend(/*server=*/true);
  const Outcome outcome =
      Lenscap({"list", "show", "--data-dir", backend->directory()});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(backend->directory()),
                                 HasSubstr("another process")));
}

TEST(CliConnectionTest, AMistypedDataDirectoryIsNotMade) {
  const std::string missing = MakeTempDirectory() + "/mistyped";
  const Outcome outcome =
      Lenscap({"scan", Shared().unrelated, "--data-dir", missing});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(missing), HasSubstr("--create")));
  EXPECT_FALSE(fs::exists(missing));
  const Outcome file =
      Lenscap({"scan", Shared().unrelated, "--data-dir", Shared().text});
  EXPECT_EQ(file.exit_code, 4);
  EXPECT_THAT(file.err, HasSubstr("not a directory"));
}

TEST(CliConnectionTest, AServerThatIsNotThereIsNamed) {
  // Port 1 on loopback: nobody listens there.
  for (const Words& words :
       {Words{"scan", Shared().unrelated}, {"queue", "stats"}}) {
    Words with = words;
    with.insert(with.end(), {"--server", "127.0.0.1:1"});
    const Outcome outcome = Lenscap(with);
    EXPECT_EQ(outcome.exit_code, 4);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("127.0.0.1:1"),
                                   HasSubstr("is lenscapd running there?")));
  }
  const Outcome unknown =
      Lenscap({"queue", "stats", "--server", "no-such-host.invalid:7300"});
  EXPECT_EQ(unknown.exit_code, 4);
  EXPECT_THAT(unknown.err, HasSubstr("no-such-host.invalid:7300"));
}

TEST(CliConnectionTest, TheEnvironmentNamesTheServer) {
  const Backend backend(/*server=*/true);
  const std::string address = backend.With({}).back();
  const Outcome outcome =
      Lenscap({"list", "show"}, {.environment = {{"LENSCAP_SERVER", address}},
                                 .input_file = "/dev/null"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("LIST"));
}

TEST(CliFileTest, AFingerprintIsVpdqTextThatCanBePublished) {
  const Outcome outcome = Lenscap({"fingerprint", Shared().known});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, ContainsRegex("^0,[0-9]+,[0-9a-f]+,0"));
  const std::string hashes = WriteTempFile("hashes.txt", outcome.out);
  const Backend backend(/*server=*/false);
  backend.Output({"list", "publish", hashes, "--list", "text", "--create",
                  "--issuer", "x", "--severity", "confirmed"});
  EXPECT_EQ(backend.Run({"scan", Shared().excerpt}).exit_code, 1);
}

TEST(CliFileTest, AFingerprintAsJsonIsAnExportedEntry) {
  const Outcome outcome =
      Lenscap({"fingerprint", "--json", "-"},
              {.environment = {}, .input_file = Shared().known});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto entries = Parse<v1::ExportedEntry>(outcome.out);
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_THAT(entries[0].entry().entry_id(), StartsWith("sha256:"));
  EXPECT_EQ(entries[0].frames_size(), entries[0].entry().frames());
  EXPECT_THAT(entries[0].frames(0).pdq(), SizeIs(32));
  EXPECT_THAT(entries[0].md5(), SizeIs(16));
}

TEST(CliFileTest, TwoFilesAreComparedWithoutAServer) {
  const Outcome found =
      Lenscap({"compare", Shared().excerpt, Shared().known, "--json"});
  EXPECT_EQ(found.exit_code, 1) << found.err;
  const auto matches = Parse<v1::ClipMatch>(found.out);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_NEAR(absl::ToDoubleSeconds(FromProto(matches[0].reference().start())),
              3, 1);
  EXPECT_THAT(Lenscap({"compare", Shared().excerpt, Shared().known}).out,
              HasSubstr("IN CLIP"));
  const Outcome nothing =
      Lenscap({"compare", Shared().unrelated, Shared().known});
  EXPECT_EQ(nothing.exit_code, 0);
  EXPECT_EQ(nothing.out, "nothing in common\n");
  const Outcome unreadable =
      Lenscap({"compare", Shared().text, Shared().known});
  EXPECT_EQ(unreadable.exit_code, 3);
  EXPECT_THAT(unreadable.err, HasSubstr(Shared().text));
}

TEST(CliServerTest, ItBecomesTheServerAndStopsWhenTold) {
  Process server(LenscapPath(),
                 {"server", "--data_directory=" + MakeTempDirectory(),
                  "--listen=127.0.0.1:0"});
  EXPECT_THAT(server.ReadLine(),
              StartsWith("lenscapd listening on 127.0.0.1:"));
  EXPECT_EQ(server.Stop(), 0);
}

TEST(CliServerTest, FlagsArePassedOn) {
  const Outcome outcome = Lenscap({"server", "--print_default_policy"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("match_rules"));
}

TEST(CliTestOfTheBinary, ItDoesNotLinkTheModel) {
  // The names of needed libraries stand in the file as they are.
  EXPECT_THAT(ReadFileBytes(LenscapPath()), Not(HasSubstr("libtorch")));
  EXPECT_THAT(ReadFileBytes(LenscapdPath()), HasSubstr("libtorch"));
}

TEST(CliTestOfTheBinary, CompletionIsPrintedForABashToSource) {
  const Outcome outcome = Lenscap({"completion", "bash"});
  EXPECT_EQ(outcome.exit_code, 0);
  const std::string script = WriteTempFile("lenscap.bash", outcome.out);
  OutputOf({"bash", "-n", script});
  EXPECT_THAT(
      OutputOf({"bash", "-c", "source " + script + " && complete -p lenscap"}),
      HasSubstr("lenscap"));
}

}  // namespace
}  // namespace lenscap::cli
