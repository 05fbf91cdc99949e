// What is done with claims and cases besides deciding, below `lenscap queue`.

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

void AddReason(CLI::App& command, std::string& reason) {
  command.add_option("--reason", reason, "Kept with the case or the audit log")
      ->required()
      ->type_name("TEXT");
}

template <typename Options>
void AddHistory(Grammar& grammar, CLI::App& queue, const std::string& name,
                const std::string& description) {
  auto [command, options] = grammar.Add<Options>(queue, name, description);
  AddName(*command, "NAME", options->name, "As the platform calls it");
  command->add_option("--tenant", options->tenant, "Of which tenant")
      ->type_name("NAME");
}

void AddHandOver(Grammar& grammar, CLI::App& queue) {
  auto [escalate, escalated] = grammar.Add<EscalateOptions>(
      queue, "escalate", "Give a claimed case to somebody with more skill");
  AddName(*escalate, "TOKEN", escalated->token, "From 'queue lease'");
  AddReason(*escalate, escalated->reason);
  escalate
      ->add_option("--skill", escalated->skill,
                   "What the next reviewer must have (default: senior)")
      ->type_name("WORD");
  auto [reassign, reassigned] = grammar.Add<ReassignOptions>(
      queue, "reassign", "Give a case to one reviewer");
  AddName(*reassign, "CASE", reassigned->case_id, "The case's id");
  reassign->add_option("--to", reassigned->to, "Whom (default: anybody)")
      ->type_name("NAME");
  reassign
      ->add_option("--token", reassigned->token,
                   "Of the claim, where it is claimed and\nyou are no "
                   "administrator")
      ->type_name("TOKEN");
  AddReason(*reassign, reassigned->reason);
}

}  // namespace

void AddQueueWorkCommands(Grammar& grammar, CLI::App& queue) {
  auto [claims, claimed] = grammar.Add<ClaimsOptions>(
      queue, "claims", "What a reviewer has claimed",
      [](ClaimsOptions& options) {
        ResolveReviewer(options.endpoint, options.reviewer);
      });
  AddReviewer(*claims, claimed->reviewer);
  auto [undo, undone] = grammar.Add<UndoOptions>(
      queue, "undo", "Take the last decision under a claim back");
  AddName(*undo, "TOKEN", undone->token, "From 'queue lease'");
  auto [hold, held] = grammar.Add<HoldCaseOptions>(
      queue, "hold", "Set a claimed case aside for yourself");
  AddName(*hold, "TOKEN", held->token, "From 'queue lease'");
  AddDuration(*hold, held->duration, "From now, 1m to 336h");
  AddReason(*hold, held->reason);
  AddHandOver(grammar, queue);
  auto [uploads, listed] =
      grammar.Add<UploadsOptions>(queue, "uploads", "The uploads of a case");
  AddName(*uploads, "CASE", listed->case_id, "The case's id");
  uploads->add_flag("--undecided", listed->undecided,
                    "Those without a decision alone");
  AddHistory<AccountOptions>(grammar, queue, "account",
                             "What is known of an account");
  AddHistory<GroupOptions>(grammar, queue, "group",
                           "What is known of a group or channel");
}

}  // namespace lenscap::cli
