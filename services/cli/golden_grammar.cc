// lenscap queue golden ...

#include "services/cli/grammar.h"

namespace lenscap::cli {

void AddGoldenCommands(Grammar& grammar, CLI::App& queue) {
  CLI::App* golden = queue.add_subcommand(
      "golden", "Cases with a known answer, to measure reviewers by");
  golden->require_subcommand(1);
  auto [add, added] = grammar.Add<AddGoldenOptions>(
      *golden, "add", "Give a decided case to others as well",
      [](AddGoldenOptions& options) {
        if (options.outcome == v1::Decision::OUTCOME_UNSPECIFIED) {
          Refuse("--answer", "say what is right: remove or keep");
        }
      });
  AddName(*add, "CASE", added->case_id, "The case's id");
  grammar.AddChoice<v1::Decision::Outcome>(
      *add, "--answer", added->outcome,
      {{"remove", v1::Decision::OUTCOME_REMOVE},
       {"keep", v1::Decision::OUTCOME_KEEP}},
      "What is right");
  add->add_option("--note", added->note, "Why")->type_name("TEXT");
  grammar.Add<ListGoldenOptions>(*golden, "ls",
                                 "Which there are, and how they are answered");
  auto [remove, removed] = grammar.Add<RemoveGoldenOptions>(
      *golden, "rm", "Give it to nobody any more");
  AddName(*remove, "GOLDEN", removed->golden_id, "From 'queue golden ls'");
}

}  // namespace lenscap::cli
