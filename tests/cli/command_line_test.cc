#include "services/cli/command_line.h"

#include <cstdlib>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/cli/endpoint.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Words = std::vector<std::string>;

// The variables that the command line reads are unset before each test.
class CommandLineTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name :
         {"LENSCAP_SERVER", "LENSCAP_DATA_DIR", "LENSCAP_REVIEWER",
          "LENSCAP_TLS_CA", "LENSCAP_TOKEN", "LOGNAME", "USER"}) {
      unsetenv(name);
    }
  }

  template <typename Options>
  static Options Parse(const Words& words) {
    const absl::StatusOr<Command> command = ParseCommandLine(words);
    if (!command.ok() || !std::holds_alternative<Options>(*command)) {
      ADD_FAILURE() << testing::PrintToString(words) << ": "
                    << command.status();
      return Options();
    }
    return std::get<Options>(*command);
  }

  static std::string Error(const Words& words) {
    const absl::StatusOr<Command> command = ParseCommandLine(words);
    EXPECT_EQ(command.status().code(), absl::StatusCode::kInvalidArgument)
        << testing::PrintToString(words);
    return std::string(command.status().message());
  }
};

TEST_F(CommandLineTest, ScanTakesFilesAndOptionsInAnyOrder) {
  const auto options = Parse<ScanOptions>(
      {"scan", "a.mp4", "--json", "dir", "--jobs", "3", "-", "--server",
       "example:7300", "--account", "seller-1", "--group=g", "--tenant=shop",
       "--explain", "--all-files", "--no-progress"});
  EXPECT_THAT(options.paths, ElementsAre("a.mp4", "dir", "-"));
  EXPECT_TRUE(options.json);
  EXPECT_TRUE(options.explain);
  EXPECT_TRUE(options.all_files);
  EXPECT_TRUE(options.no_progress);
  EXPECT_EQ(options.jobs, 3);
  EXPECT_EQ(options.account, "seller-1");
  EXPECT_EQ(options.group, "g");
  EXPECT_EQ(options.tenant, "shop");
  EXPECT_EQ(options.endpoint.server, "example:7300");
  EXPECT_EQ(options.endpoint.data_directory, "");
}

TEST_F(CommandLineTest, PagesOfEvidenceGoWhereTheyAreAskedFor) {
  EXPECT_EQ(Parse<ScanOptions>({"scan", "a"}).evidence_directory, "");
  EXPECT_EQ(
      Parse<ScanOptions>({"scan", "a", "--evidence=pages"}).evidence_directory,
      "pages");
  EXPECT_EQ(Parse<ScanOptions>(
                {"scan", "--evidence", "pages", "a", "--data-dir", "d"})
                .evidence_directory,
            "pages");
  EXPECT_EQ(Parse<ShowCaseOptions>({"queue", "show", "c", "--lease=token"})
                .lease_token,
            "token");
  EXPECT_EQ(
      Parse<ExposureOptions>({"queue", "exposure", "--reviewer=ann"}).reviewer,
      "ann");
  EXPECT_EQ(Parse<ShowCaseOptions>({"queue", "show", "c", "--evidence=pages"})
                .evidence_directory,
            "pages");
  EXPECT_THAT(Parse<PrintOptions>({"scan", "--help"}).text,
              HasSubstr("--evidence DIR"));
}

TEST_F(CommandLineTest, ANameThatLooksLikeAnOptionFollowsTwoDashes) {
  EXPECT_THAT(Parse<ScanOptions>({"scan", "--", "--odd.mp4"}).paths,
              ElementsAre("--odd.mp4"));
}

TEST_F(CommandLineTest, WithoutAWordItIsTheServerOnThisMachine) {
  const auto options = Parse<ScanOptions>({"scan", "a"});
  EXPECT_EQ(options.endpoint.server, kDefaultServer);
  EXPECT_EQ(options.endpoint.data_directory, "");
}

TEST_F(CommandLineTest, TheEnvironmentSaysWhereAndOptionsBeatIt) {
  setenv("LENSCAP_SERVER", "one:1", 1);
  EXPECT_EQ(Parse<StatsOptions>({"queue", "stats"}).endpoint.server, "one:1");
  const auto options =
      Parse<StatsOptions>({"queue", "stats", "--data-dir", "/data"});
  EXPECT_EQ(options.endpoint.server, "");
  EXPECT_EQ(options.endpoint.data_directory, "/data");
  unsetenv("LENSCAP_SERVER");
  setenv("LENSCAP_DATA_DIR", "/other", 1);
  EXPECT_EQ(Parse<StatsOptions>({"queue", "stats"}).endpoint.data_directory,
            "/other");
  EXPECT_EQ(Parse<StatsOptions>({"queue", "stats", "--server", "two:2"})
                .endpoint.data_directory,
            "");
}

TEST_F(CommandLineTest, TwoAnswersToWhereAreRefused) {
  setenv("LENSCAP_SERVER", "one:1", 1);
  setenv("LENSCAP_DATA_DIR", "/other", 1);
  EXPECT_THAT(Error({"scan", "a"}), HasSubstr("both set"));
  EXPECT_THAT(Error({"scan", "a", "--server", "b:1", "--data-dir", "c"}),
              HasSubstr("--server"));
}

TEST_F(CommandLineTest, PublishKnowsItsWords) {
  const auto options = Parse<PublishOptions>(
      {"list", "publish", "a.avi", "--list", "demo", "--entry", "e-1",
       "--severity", "critical", "--format", "vpdq", "--create", "--issuer",
       "Example hotline"});
  EXPECT_THAT(options.files, ElementsAre("a.avi"));
  EXPECT_EQ(options.list_id, "demo");
  EXPECT_EQ(options.entry_id, "e-1");
  EXPECT_EQ(options.severity, v1::SEVERITY_CRITICAL);
  EXPECT_EQ(options.format, v1::PublishHeader::FORMAT_VPDQ_TEXT);
  EXPECT_TRUE(options.create);
  EXPECT_EQ(options.issuer, "Example hotline");
  const auto plain =
      Parse<PublishOptions>({"list", "publish", "a", "b", "--list", "x"});
  EXPECT_EQ(plain.severity, v1::SEVERITY_SUSPECTED);
  EXPECT_EQ(plain.format, v1::PublishHeader::FORMAT_UNSPECIFIED);
}

TEST_F(CommandLineTest, TheOtherListCommands) {
  EXPECT_EQ(Parse<ShowListOptions>({"list", "show"}).list_id, "");
  EXPECT_EQ(Parse<ShowListOptions>({"list", "show", "demo"}).list_id, "demo");
  const auto withdraw = Parse<WithdrawOptions>(
      {"list", "withdraw", "demo", "a", "b", "--reason", "wrong person"});
  EXPECT_THAT(withdraw.entry_ids, ElementsAre("a", "b"));
  EXPECT_FALSE(withdraw.all);
  EXPECT_TRUE(Parse<WithdrawOptions>(
                  {"list", "withdraw", "demo", "--all", "--reason", "x"})
                  .all);
  EXPECT_EQ(Parse<ExportOptions>({"list", "export", "demo", "--output", "d"})
                .directory,
            "d");
  EXPECT_EQ(
      Parse<HistoryOptions>({"list", "history", "demo", "--limit", "7"}).limit,
      7);
}

TEST_F(CommandLineTest, TheQueueCommands) {
  EXPECT_EQ(Parse<ListCasesOptions>({"queue", "ls"}).state,
            v1::Case::STATE_WAITING);
  EXPECT_EQ(
      Parse<ListCasesOptions>({"queue", "ls", "--state", "dead-letter"}).state,
      v1::Case::STATE_DEAD_LETTER);
  EXPECT_EQ(Parse<ShowCaseOptions>({"queue", "show", "case-1"}).case_id,
            "case-1");
  const auto lease = Parse<LeaseOptions>(
      {"queue", "lease", "--reviewer", "r", "--max", "9", "--for", "90s"});
  EXPECT_EQ(lease.reviewer, "r");
  EXPECT_EQ(lease.max_cases, 9);
  EXPECT_EQ(lease.duration, absl::Seconds(90));
  EXPECT_EQ(Parse<ExtendOptions>({"queue", "extend", "t"}).duration,
            absl::Minutes(5));
  EXPECT_EQ(Parse<ReleaseOptions>({"queue", "release", "t"}).token, "t");
  const auto settle = Parse<SettleOptions>(
      {"queue", "settle", "t", "--keep", "--note", "not that one"});
  EXPECT_EQ(settle.outcome, v1::Decision::OUTCOME_KEEP);
  EXPECT_EQ(settle.note, "not that one");
  EXPECT_EQ(Parse<SettleOptions>({"queue", "settle", "t", "--remove"}).outcome,
            v1::Decision::OUTCOME_REMOVE);
  EXPECT_EQ(
      Parse<AppealOptions>({"queue", "appeal", "case-1", "--statement", "me"})
          .statement,
      "me");
  EXPECT_EQ(
      Parse<WatchOptions>({"queue", "watch", "--after", "12"}).after_sequence,
      12);
}

TEST_F(CommandLineTest, WhatIsDoneWithAClaimOrACase) {
  const auto lease = Parse<LeaseOptions>(
      {"queue", "lease", "--reviewer=r", "--queue=appeal", "--tenant=forum",
       "--skill=law,senior", "--language=zh", "--case=case-1"});
  EXPECT_EQ(lease.case_id, "case-1");
  const v1::QueueFilter filter = ToFilter(lease.filter);
  EXPECT_THAT(filter.queues(), ElementsAre(v1::CASE_QUEUE_APPEAL));
  EXPECT_EQ(filter.tenant(), "forum");
  EXPECT_THAT(filter.skills(), ElementsAre("law", "senior"));
  EXPECT_THAT(filter.languages(), ElementsAre("zh"));
  EXPECT_EQ(
      ToFilter(Parse<ListCasesOptions>({"queue", "ls"}).filter).ByteSizeLong(),
      0);
  EXPECT_THAT(Parse<SettleOptions>({"queue", "settle", "t", "--keep",
                                    "--upload=a", "--upload=b"})
                  .uploads,
              ElementsAre("a", "b"));
  EXPECT_EQ(Parse<ClaimsOptions>({"queue", "claims", "--reviewer=r"}).reviewer,
            "r");
  EXPECT_EQ(Parse<UndoOptions>({"queue", "undo", "t"}).token, "t");
  const auto hold = Parse<HoldCaseOptions>(
      {"queue", "hold", "t", "--for=48h", "--reason=police"});
  EXPECT_EQ(hold.duration, absl::Hours(48));
  EXPECT_EQ(hold.reason, "police");
  EXPECT_EQ(Parse<EscalateOptions>(
                {"queue", "escalate", "t", "--reason=x", "--skill=law"})
                .skill,
            "law");
  EXPECT_EQ(Parse<ReassignOptions>(
                {"queue", "reassign", "c", "--to=ben", "--reason=x"})
                .to,
            "ben");
  EXPECT_TRUE(Parse<UploadsOptions>({"queue", "uploads", "c", "--undecided"})
                  .undecided);
  EXPECT_EQ(
      Parse<AccountOptions>({"queue", "account", "a", "--tenant=t"}).tenant,
      "t");
  EXPECT_EQ(Parse<GroupOptions>({"queue", "group", "g"}).name, "g");
}

TEST_F(CommandLineTest, AReviewerIsNamedByOptionThenEnvironment) {
  EXPECT_THAT(Error({"queue", "lease"}), HasSubstr("--reviewer"));
  setenv("USER", "unix-user", 1);
  EXPECT_EQ(Parse<LeaseOptions>({"queue", "lease"}).reviewer, "unix-user");
  setenv("LENSCAP_REVIEWER", "reviewer-7", 1);
  EXPECT_EQ(Parse<LeaseOptions>({"queue", "lease"}).reviewer, "reviewer-7");
  EXPECT_EQ(Parse<LeaseOptions>({"queue", "lease", "--reviewer", "x"}).reviewer,
            "x");
}

TEST_F(CommandLineTest, TheServersFlagsAreItsOwn) {
  EXPECT_THAT(
      Parse<RunServerOptions>({"server", "--help", "scan", "--x=1"}).flags,
      ElementsAre("--help", "scan", "--x=1"));
  EXPECT_THAT(Parse<RunServerOptions>({"server"}).flags, IsEmpty());
}

TEST_F(CommandLineTest, WhatIsWrongIsNamed) {
  const std::vector<std::pair<Words, std::string>> table = {
      {{}, "subcommand is required"},
      {{"scna"}, "scna"},
      {{"list"}, "subcommand is required"},
      {{"scan"}, "FILE is required"},
      {{"scan", "a", "--jsno"}, "--jsno"},
      {{"scan", "-", "-"}, "standard input"},
      {{"scan", "a", "--evidence"}, "--evidence"},
      {{"queue", "ls", "--evidence=d"}, "--evidence"},
      {{"scan", "a", "--jobs", "0"}, "--jobs"},
      {{"scan", "a", "--jobs", "many"}, "--jobs"},
      {{"scan", "a", "--server", "host"}, "'host' is not HOST:PORT"},
      {{"scan", "a", "--server", ":7300"}, "HOST:PORT"},
      {{"scan", "a", "--server", "host:0"}, "HOST:PORT"},
      {{"scan", "a", "--server", "host:65536"}, "HOST:PORT"},
      {{"scan", "a", "--policy", "p"}, "--policy"},
      {{"compare", "a"}, "CLIP is required"},
      {{"list", "publish", "a", "--list", "x", "--severity", "grave"},
       "'grave' is none of suspected|confirmed|critical"},
      {{"list", "publish", "a", "--list", "x", "--create"}, "--issuer"},
      {{"list", "publish", "a", "b", "--list", "x", "--entry", "e"}, "--entry"},
      {{"list", "publish", "a", "--list", "x", "--entry", "e",
        "--entry-from-name"},
       "--entry"},
      {{"list", "withdraw", "x", "--reason", "r"}, "ENTRY"},
      {{"list", "withdraw", "x", "e", "--all", "--reason", "r"}, "--all"},
      {{"list", "withdraw", "x", "e"}, "--reason"},
      {{"list", "history", "x", "--limit", "1001"}, "--limit"},
      {{"list", "export", "x", "--json", "--output", "d"}, "--output"},
      {{"list", "rollback", "x", "--reason", "r"}, "--to"},
      {{"list", "rollback", "x", "--to", "0", "--reason", "r"}, "--to"},
      {{"list", "hold", "x", "--reason", "r"}, "ENTRY"},
      {{"list", "release", "x", "e"}, "--reason"},
      {{"list", "mode", "x", "--reason", "r"}, "active or shadow"},
      {{"list", "mode", "x", "--set", "off", "--reason", "r"}, "'off'"},
      {{"list", "convert", "a"}, "--to"},
      {{"list", "convert", "a", "--to", "doc"}, "'doc' is no format"},
      {{"list", "convert", "a", "--to", "stix-json"}, "--issuer"},
      {{"list", "convert", "a", "--from", "stix-json", "--to", "md5"},
       "--from"},
      {{"queue", "settle", "t"}, "--remove or --keep"},
      {{"queue", "settle", "t", "--remove", "--keep"}, "--keep"},
      {{"queue", "lease", "--reviewer", "r", "--for", "soon"}, "'soon'"},
      {{"queue", "lease", "--reviewer", "r", "--max", "101"}, "--max"},
      {{"queue", "appeal", "c"}, "--statement"},
      {{"queue", "hold", "t"}, "--reason"},
      {{"queue", "escalate", "t"}, "--reason"},
      {{"queue", "reassign", "c"}, "--reason"},
      {{"queue", "ls", "--queue", "odd"}, "'odd'"},
      {{"completion", "tcsh"}, "'tcsh' is none of bash|zsh|fish"},
      {{"completion"}, "SHELL"},
  };
  for (const auto& [words, expected] : table) {
    EXPECT_THAT(Error(words), HasSubstr(expected))
        << testing::PrintToString(words);
  }
}

TEST_F(CommandLineTest, ListConvert) {
  const auto options = Parse<ConvertOptions>(
      {"list", "convert", "a.xml", "-", "--from", "ncmec-xml", "--to",
       "stix-json", "--list", "l", "--issuer", "i", "--severity", "critical",
       "-o", "out"});
  EXPECT_THAT(options.files, ElementsAre("a.xml", "-"));
  EXPECT_EQ(options.from, ListFormat::kNcmecXml);
  EXPECT_EQ(options.to, ListFormat::kStixJson);
  EXPECT_EQ(options.list_id, "l");
  EXPECT_EQ(options.issuer, "i");
  EXPECT_EQ(options.severity, Severity::kCritical);
  EXPECT_EQ(options.output, "out");
  EXPECT_EQ(
      Parse<ConvertOptions>({"list", "convert", "a", "--to", "lenscap"}).from,
      std::nullopt);
}

TEST_F(CommandLineTest, AnErrorSaysWhichHelpToRead) {
  EXPECT_THAT(Error({"list", "publish"}),
              HasSubstr("see 'lenscap list publish --help'"));
  EXPECT_THAT(Error({"nonsense"}), HasSubstr("see 'lenscap --help'"));
}

TEST_F(CommandLineTest, HelpDocumentsTheExitCodes) {
  for (const Words& words : {Words{"--help"}, Words{"scan", "--help"}}) {
    EXPECT_THAT(
        Parse<PrintOptions>(words).text,
        AllOf(HasSubstr("Exit codes"), HasSubstr("  0  done"),
              HasSubstr("  1  scan, listing review, rules explain: something"),
              HasSubstr("  2  the command line"),
              HasSubstr("  3  a file, a line or a photo"),
              HasSubstr("  4  the server or data directory")));
  }
}

TEST_F(CommandLineTest, EveryCommandHasHelpThatFitsATerminal) {
  for (const Words& words : {Words{},
                             {"scan"},
                             {"fingerprint"},
                             {"compare"},
                             {"list"},
                             {"list", "publish"},
                             {"list", "show"},
                             {"list", "withdraw"},
                             {"list", "export"},
                             {"list", "history"},
                             {"list", "convert"},
                             {"list", "keygen"},
                             {"list", "keys"},
                             {"list", "keys", "new"},
                             {"list", "keys", "rotate"},
                             {"list", "sign"},
                             {"list", "verify"},
                             {"list", "make"},
                             {"queue"},
                             {"queue", "ls"},
                             {"queue", "show"},
                             {"queue", "lease"},
                             {"queue", "extend"},
                             {"queue", "settle"},
                             {"queue", "release"},
                             {"queue", "appeal"},
                             {"queue", "claims"},
                             {"queue", "undo"},
                             {"queue", "hold"},
                             {"queue", "escalate"},
                             {"queue", "reassign"},
                             {"queue", "uploads"},
                             {"queue", "account"},
                             {"queue", "group"},
                             {"queue", "stats"},
                             {"queue", "watch"},
                             {"completion"},
                             {"version"}}) {
    Words help = words;
    help.push_back("--help");
    const std::string text = Parse<PrintOptions>(help).text;
    EXPECT_THAT(text, HasSubstr("Usage: lenscap"));
    for (size_t start = 0; start < text.size();) {
      const size_t end = std::min(text.find('\n', start), text.size());
      EXPECT_LE(end - start, 80u) << text.substr(start, end - start);
      start = end + 1;
    }
  }
}

TEST_F(CommandLineTest, TheVersionIsANumber) {
  EXPECT_THAT(Parse<PrintOptions>({"version"}).text,
              testing::MatchesRegex("lenscap [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(CommandLineTest, ATokenIsMadeForSomebody) {
  const auto options = Parse<CreateTokenOptions>(
      {"admin", "token", "create", "--role=regulator", "--name", "desk-1",
       "--issuer=hotline", "--expires=30d", "--reason=a new desk"});
  EXPECT_EQ(options.role, v1::CALLER_ROLE_REGULATOR);
  EXPECT_EQ(options.name, "desk-1");
  EXPECT_EQ(options.issuer, "hotline");
  EXPECT_EQ(options.valid_for, absl::Hours(24 * 30));
  EXPECT_EQ(options.reason, "a new desk");
  const auto platform = Parse<CreateTokenOptions>(
      {"admin", "token", "create", "--role=platform", "--name=uploader",
       "--tenant=shop", "--class=marketplace", "--expires=12h"});
  EXPECT_EQ(platform.tenant, "shop");
  EXPECT_EQ(platform.platform_class, "marketplace");
  EXPECT_EQ(platform.valid_for, absl::Hours(12));
  const auto reviewer = Parse<CreateTokenOptions>(
      {"admin", "token", "create", "--role=reviewer", "--name=ann",
       "--skills=senior,law", "--languages=zh,en", "--tenants=forum"});
  EXPECT_THAT(reviewer.skills, ElementsAre("senior", "law"));
  EXPECT_THAT(reviewer.languages, ElementsAre("zh", "en"));
  EXPECT_THAT(reviewer.tenants, ElementsAre("forum"));
}

TEST_F(CommandLineTest, ATokenThatCannotBeIsRefused) {
  const auto error = [](const Words& words) {
    Words all = {"admin", "token", "create", "--name=ann"};
    all.insert(all.end(), words.begin(), words.end());
    return Error(all);
  };
  EXPECT_THAT(error({}), HasSubstr("--role"));
  EXPECT_THAT(error({"--role=king"}), HasSubstr("'king' is none of"));
  EXPECT_THAT(error({"--role=regulator"}), HasSubstr("--issuer"));
  EXPECT_THAT(error({"--role=admin", "--issuer=hotline"}),
              HasSubstr("--issuer"));
  for (const char* lifetime : {"soon", "d", "0d", "-1d", "-5m", "1.5d"}) {
    EXPECT_THAT(error({"--role=admin", "--expires", lifetime}),
                HasSubstr("--expires"))
        << lifetime;
  }
}

TEST_F(CommandLineTest, AnIssuersKeysAreTakenUp) {
  const auto installed = Parse<TakeUpKeysOptions>(
      {"admin", "issuer", "install", "keys.json", "--reason=by phone"});
  EXPECT_FALSE(installed.rotate);
  EXPECT_EQ(installed.key_set, "keys.json");
  EXPECT_EQ(installed.reason, "by phone");
  EXPECT_TRUE(Parse<TakeUpKeysOptions>(
                  {"admin", "issuer", "rotate", "k.json", "--signatures=s.jws"})
                  .rotate);
  const auto revoked = Parse<RevokeKeyOptions>(
      {"admin", "issuer", "revoke-key", "hotline", "key", "--reason=stolen"});
  EXPECT_EQ(revoked.issuer, "hotline");
  EXPECT_EQ(revoked.key_id, "key");
}

TEST_F(CommandLineTest, TlsAndATokenGoWithAServer) {
  const auto options = Parse<WhoAmIOptions>(
      {"admin", "whoami", "--server=example:7300", "--tls-ca=ca.crt",
       "--tls-cert=me.crt", "--tls-key=me.key"});
  EXPECT_EQ(options.endpoint.tls_ca, "ca.crt");
  EXPECT_EQ(options.endpoint.tls_certificate, "me.crt");
  EXPECT_EQ(options.endpoint.tls_key, "me.key");
  EXPECT_TRUE(options.endpoint.signs_in());
  EXPECT_THAT(Error({"admin", "whoami", "--tls-ca=ca", "--tls-cert=me.crt"}),
              HasSubstr("--tls-key"));
  EXPECT_THAT(Error({"admin", "whoami", "--tls-cert=me.crt", "--tls-key=k"}),
              HasSubstr("--tls-ca"));
  EXPECT_THAT(Error({"admin", "whoami", "--data-dir=d", "--token-file=t"}),
              HasSubstr("--data-dir"));
}

TEST_F(CommandLineTest, TheEnvironmentHasTheTokenWhereNoOptionSaysMore) {
  setenv("LENSCAP_TOKEN", "lc_secret", 1);
  setenv("LENSCAP_TLS_CA", "ca.crt", 1);
  const auto options = Parse<WhoAmIOptions>({"admin", "whoami"});
  EXPECT_EQ(options.endpoint.token, "lc_secret");
  EXPECT_EQ(options.endpoint.tls_ca, "ca.crt");
  const auto file =
      Parse<WhoAmIOptions>({"admin", "whoami", "--token-file=token"});
  EXPECT_EQ(file.endpoint.token, "");
  EXPECT_EQ(file.endpoint.token_file, "token");
  // Who has signed in claims under that name, and the server knows it.
  setenv("USER", "ann", 1);
  EXPECT_EQ(Parse<LeaseOptions>({"queue", "lease"}).reviewer, "");
  const auto alone = Parse<WhoAmIOptions>({"admin", "whoami", "--data-dir=d"});
  EXPECT_FALSE(alone.endpoint.signs_in());
  EXPECT_EQ(alone.endpoint.tls_ca, "");
  for (const char* name : {"LENSCAP_TOKEN", "LENSCAP_TLS_CA", "USER"}) {
    unsetenv(name);
  }
}

TEST_F(CommandLineTest, AFileOfListingsIsReviewedAsItIsAsked) {
  const auto options = Parse<ReviewListingsOptions>(
      {"listing", "review", "crawl.csv", "--format=csv", "--photos", "p",
       "--tenant=mall", "--resume-after", "item-7", "--no-progress"});
  EXPECT_EQ(options.path, "crawl.csv");
  EXPECT_EQ(options.format, ListingFormat::kCsv);
  EXPECT_EQ(options.photos, "p");
  EXPECT_EQ(options.tenant, "mall");
  EXPECT_EQ(options.after, "item-7");
  EXPECT_TRUE(options.no_progress);
  const auto plain = Parse<ReviewListingsOptions>({"listing", "review", "-"});
  EXPECT_EQ(plain.format, ListingFormat::kTable);
  EXPECT_FALSE(plain.all);
  EXPECT_THAT(Error({"listing", "review"}), HasSubstr("FILE"));
  EXPECT_THAT(Error({"listing", "review", "a", "--format=xml"}),
              HasSubstr("'xml' is none of table|ndjson|csv"));
  EXPECT_THAT(Error({"listing", "review", "a", "--format=csv", "--json"}),
              HasSubstr("--json"));
}

TEST_F(CommandLineTest, WhatFollowsARepeatedOptionMayBeAnArgument) {
  const auto made = Parse<MakeListOptions>(
      {"list", "make", "--previous", "v1", "entries", "--previous=v2",
       "--output=v3", "--expires=2100-01-01"});
  EXPECT_EQ(made.entries, "entries");
  EXPECT_THAT(made.previous, ElementsAre("v1", "v2"));
}

TEST_F(CommandLineTest, ATextIsExplainedByItsFields) {
  const auto options = Parse<ExplainTextOptions>(
      {"rules", "explain", "--pack", "a.yaml", "pen camera", "--pack=b.yaml",
       "--field", "description=a=b", "--field=attributes.lens size=3.7 mm",
       "--kind=post", "--locale=zh-CN"});
  EXPECT_EQ(options.text, "pen camera");
  EXPECT_THAT(options.packs, ElementsAre("a.yaml", "b.yaml"));
  EXPECT_EQ(options.listing.description(), "a=b");
  EXPECT_EQ(options.listing.attributes().at("lens size"), "3.7 mm");
  EXPECT_EQ(options.listing.kind(), v1::ReviewListingRequest::KIND_POST);
  EXPECT_EQ(options.listing.locale(), "zh-CN");
  const auto error = [](Words words) {
    words.insert(words.begin(), {"rules", "explain"});
    return Error(words);
  };
  EXPECT_THAT(error({}), HasSubstr("there is none"));
  EXPECT_THAT(error({"--field=price=5"}), HasSubstr("'price' is none of"));
  EXPECT_THAT(error({"--field=attributes.=5"}), HasSubstr("is none of"));
  EXPECT_THAT(error({"--field=title"}), HasSubstr("is not NAME=TEXT"));
  EXPECT_THAT(error({"a", "--field=title=b"}), HasSubstr("TEXT is the title"));
}

TEST_F(CommandLineTest, RulePacksAreTestedSignedAndPublished) {
  EXPECT_THAT(Parse<TestRulesOptions>({"rules", "test", "a", "b"}).files,
              ElementsAre("a", "b"));
  EXPECT_THAT(Parse<LintRulesOptions>({"rules", "lint", "a"}).files,
              ElementsAre("a"));
  EXPECT_THAT(Error({"rules", "lint"}), HasSubstr("FILE"));
  const auto sign =
      Parse<SignRulesOptions>({"rules", "sign", "a.yaml", "--key=k.pem"});
  EXPECT_EQ(sign.file, "a.yaml");
  EXPECT_EQ(sign.key, "k.pem");
  const auto publish =
      Parse<PublishRulesOptions>({"rules", "publish", "a.yaml", "b.jws"});
  EXPECT_EQ(publish.file, "a.yaml");
  EXPECT_EQ(publish.signatures, "b.jws");
  EXPECT_TRUE(Parse<ListRulesOptions>({"rules", "list", "--json"}).json);
  const auto mode = Parse<RuleModeOptions>(
      {"rules", "mode", "own", "pen", "off", "--reason=too many"});
  EXPECT_EQ(mode.pack_id, "own");
  EXPECT_EQ(mode.rule_id, "pen");
  EXPECT_EQ(mode.mode, v1::Rule::MODE_OFF);
  EXPECT_EQ(mode.reason, "too many");
  EXPECT_EQ(Parse<RuleModeOptions>(
                {"rules", "mode", "own", "pen", "pack", "--reason=x"})
                .mode,
            v1::Rule::MODE_UNSPECIFIED);
  EXPECT_THAT(Error({"rules", "mode", "own", "pen", "--reason=x"}),
              HasSubstr("MODE"));
  EXPECT_THAT(Error({"rules", "mode", "own", "pen", "off"}),
              HasSubstr("--reason"));
}

}  // namespace
}  // namespace lenscap::cli
