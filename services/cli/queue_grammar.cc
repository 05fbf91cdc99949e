// lenscap queue ...

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

void AddFilter(Grammar& grammar, CLI::App& command, CaseFilterOptions& filter) {
  grammar.AddChoice<v1::CaseQueue>(
      command, "--queue", filter.queue,
      {{"known-clip", v1::CASE_QUEUE_KNOWN_CLIP},
       {"suspected", v1::CASE_QUEUE_SUSPECTED},
       {"listing", v1::CASE_QUEUE_LISTING},
       {"appeal", v1::CASE_QUEUE_APPEAL},
       {"victim-report", v1::CASE_QUEUE_VICTIM_REPORT}},
      "Which (default: all)");
  command.add_option("--tenant", filter.tenant, "Of this tenant alone")
      ->type_name("NAME");
  command.add_option("--skill", filter.skills, "Needing one of these, or none")
      ->delimiter(',')
      ->type_name("WORD,...");
  command
      .add_option("--language", filter.languages,
                  "In one of these, or in none that is known")
      ->delimiter(',')
      ->type_name("TAG,...");
}

void AddLease(Grammar& grammar, CLI::App& queue) {
  auto [lease, options] = grammar.Add<LeaseOptions>(
      queue, "lease", "Claim the gravest and oldest cases",
      [](LeaseOptions& options) {
        ResolveReviewer(options.endpoint, options.reviewer);
      });
  AddReviewer(*lease, options->reviewer);
  lease->add_option("--case", options->case_id, "This case and no other")
      ->type_name("CASE");
  AddFilter(grammar, *lease, options->filter);
  lease->add_option("--max", options->max_cases, "At most so many")
      ->type_name("N")
      ->default_str("1")
      ->check(CLI::Range(1, 100).description(""));
  AddDuration(*lease, options->duration, "How long, at most 1h");
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
  settle
      ->add_option("--upload", options->uploads,
                   "On these alone (default: all that are undecided)")
      ->type_name("ID");
}

}  // namespace

void ResolveReviewer(const Endpoint& endpoint, std::string& reviewer) {
  if (endpoint.signs_in()) return;  // The server knows who.
  for (const char* name : {"LENSCAP_REVIEWER", "LOGNAME", "USER"}) {
    if (reviewer.empty()) reviewer = Environment(name);
  }
  if (reviewer.empty()) Refuse("--reviewer", "must say who claims");
}

void AddReviewer(CLI::App& command, std::string& reviewer) {
  command
      .add_option("--reviewer", reviewer,
                  "Who claims (default: who has signed in,\n"
                  "LENSCAP_REVIEWER, or the name of the user)")
      ->type_name("NAME");
}

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
  AddFilter(grammar, *ls, listed->filter);
  auto [show, shown] = grammar.Add<ShowCaseOptions>(
      *queue, "show", "One case with its evidence");
  AddName(*show, "CASE", shown->case_id, "The case's id");
  AddEvidence(*show, shown->evidence_directory);
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
      ->add_option("--upload", appealed->upload,
                   "Which upload, where the case has several")
      ->type_name("ID");
  appeal
      ->add_option("--statement", appealed->statement, "What the uploader says")
      ->required()
      ->type_name("TEXT");
  AddQueueWorkCommands(grammar, *queue);
  AddGoldenCommands(grammar, *queue);
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
