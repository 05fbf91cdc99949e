// lenscap queue ...

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

// A server that was signed in to knows who it is.
void SayWho(const Endpoint& endpoint, std::string& reviewer) {
  if (endpoint.signs_in()) return;
  for (const char* name : {"LENSCAP_REVIEWER", "LOGNAME", "USER"}) {
    if (reviewer.empty()) reviewer = Environment(name);
  }
  if (reviewer.empty()) Refuse("--reviewer", "must say who it is");
}

void AddLease(Grammar& grammar, CLI::App& queue) {
  auto [lease, options] = grammar.Add<LeaseOptions>(
      queue, "lease", "Claim the gravest and oldest cases",
      [](LeaseOptions& options) {
        SayWho(options.endpoint, options.reviewer);
      });
  lease
      ->add_option("--reviewer", options->reviewer,
                   "Who claims (default: who has signed in,\n"
                   "LENSCAP_REVIEWER, or the name of the user)")
      ->type_name("NAME");
  lease->add_option("--max", options->max_cases, "At most so many")
      ->type_name("N")
      ->default_str("1")
      ->check(CLI::Range(1, 100).description(""));
  AddDuration(*lease, options->duration, "How long, at most 1h");
}

void AddCaseEvidence(CLI::App& show, ShowCaseOptions& options) {
  AddEvidence(show, options.evidence_directory);
  show.add_option("--lease", options.lease_token,
                  "From 'queue lease': the pictures as they are, which\n"
                  "counts and is on record (default: blurred)")
      ->type_name("TOKEN");
}

void AddExposure(Grammar& grammar, CLI::App& queue) {
  auto [exposure, options] = grammar.Add<ExposureOptions>(
      queue, "exposure", "How much footage a reviewer was shown today",
      [](ExposureOptions& options) {
        SayWho(options.endpoint, options.reviewer);
      });
  exposure
      ->add_option("--reviewer", options->reviewer,
                   "Whose (default: who has signed in,\n"
                   "LENSCAP_REVIEWER, or the name of the user)")
      ->type_name("NAME");
}

void AddSettle(Grammar& grammar, CLI::App& queue) {
  auto [settle, options] = grammar.Add<SettleOptions>(
      queue, "settle", "Decide on a claimed case", [](SettleOptions& options) {
        if (options.outcome == v1::Decision::OUTCOME_UNSPECIFIED) {
          Refuse("settle", "say --remove or --keep");
        }
      });
  AddName(*settle, "TOKEN", options->token, "From 'queue lease'");
  auto* outcome = &options->outcome;
  auto* remove = settle->add_flag_callback(
      "--remove", [outcome] { *outcome = v1::Decision::OUTCOME_REMOVE; },
      "Take it down, or do not let it through");
  settle
      ->add_flag_callback(
          "--keep", [outcome] { *outcome = v1::Decision::OUTCOME_KEEP; },
          "Leave it, or restore it")
      ->excludes(remove);
  settle->add_option("--note", options->note, "Kept with the decision")
      ->type_name("TEXT");
  settle
      ->add_option("--feedback", options->feedback,
                   "What the issuers of the lists are told")
      ->type_name("TEXT");
}

}  // namespace

void AddQueueCommands(Grammar& grammar) {
  CLI::App* queue =
      grammar.app.add_subcommand("queue", "Decide on what the scans found");
  queue->require_subcommand(1);
  auto [ls, listed] =
      grammar.Add<ListCasesOptions>(*queue, "ls", "Cases in one state");
  grammar.AddChoice<v1::Case::State>(
      *ls, "--state", listed->state,
      {{"waiting", v1::Case::STATE_WAITING},
       {"leased", v1::Case::STATE_LEASED},
       {"decided", v1::Case::STATE_DECIDED},
       {"dead-letter", v1::Case::STATE_DEAD_LETTER}},
      "Which (default: waiting)");
  auto [show, shown] = grammar.Add<ShowCaseOptions>(
      *queue, "show", "One case with its evidence");
  AddName(*show, "CASE", shown->case_id, "The case's id");
  AddCaseEvidence(*show, *shown);
  AddExposure(grammar, *queue);
  AddLease(grammar, *queue);
  auto [extend, extended] = grammar.Add<ExtendOptions>(
      *queue, "extend", "Keep a claimed case longer");
  AddName(*extend, "TOKEN", extended->token, "From 'queue lease'");
  AddDuration(*extend, extended->duration, "From now, at most 1h");
  AddSettle(grammar, *queue);
  auto [release, released] = grammar.Add<ReleaseOptions>(
      *queue, "release", "Give a claimed case back undecided");
  AddName(*release, "TOKEN", released->token, "From 'queue lease'");
  auto [appeal, appealed] = grammar.Add<AppealOptions>(
      *queue, "appeal", "Reopen a decided case for another reviewer");
  AddName(*appeal, "CASE", appealed->case_id, "The case's id");
  appeal
      ->add_option("--statement", appealed->statement, "What the uploader says")
      ->required()
      ->type_name("TEXT");
  grammar.Add<StatsOptions>(*queue, "stats",
                            "How many cases are in which state");
  auto [watch, watched] = grammar.Add<WatchOptions>(
      *queue, "watch", "Print events as they happen, until interrupted");
  watch
      ->add_option("--after", watched->after_sequence,
                   "Only events after this number (default: all)")
      ->type_name("N");
}

}  // namespace lenscap::cli
