// lenscap list rollback, hold, release, mode, download, feedback

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

void AddReason(CLI::App& command, std::string& reason) {
  command.add_option("--reason", reason, "Kept in the list's history")
      ->required()
      ->type_name("TEXT");
}

void AddHold(Grammar& grammar, CLI::App& list, bool release) {
  auto [hold, options] = grammar.Add<HoldEntriesOptions>(
      list, release ? "release" : "hold",
      release ? "Search entries again that were held"
              : "Take entries out of the search, not of their list");
  options->release = release;
  AddName(*hold, "LIST", options->list_id, "The list's id");
  hold->add_option("ENTRY", options->entry_ids, "Ids of entries")
      ->required()
      ->type_name("");
  AddReason(*hold, options->reason);
}

}  // namespace

void AddListControlCommands(Grammar& grammar, CLI::App& list) {
  auto [rollback, to] = grammar.Add<RollbackOptions>(
      list, "rollback", "Put back what an earlier signed version had");
  AddName(*rollback, "LIST", to->list_id, "The list's id");
  rollback->add_option("--to", to->signed_version, "The signed version")
      ->required()
      ->type_name("N")
      ->check(CLI::PositiveNumber.description(""));
  AddReason(*rollback, to->reason);

  AddHold(grammar, list, /*release=*/false);
  AddHold(grammar, list, /*release=*/true);

  auto [mode, modes] = grammar.Add<ListModeOptions>(
      list, "mode", "Let a list act, or only count what it would do",
      [](ListModeOptions& options) {
        if (options.mode == v1::LIST_MODE_UNSPECIFIED) {
          Refuse("--set", "say active or shadow");
        }
      });
  AddName(*mode, "LIST", modes->list_id, "The list's id");
  grammar.AddChoice<v1::ListMode>(
      *mode, "--set", modes->mode,
      {{"active", v1::LIST_MODE_ACTIVE}, {"shadow", v1::LIST_MODE_SHADOW}},
      "Whether it acts");
  AddReason(*mode, modes->reason);

  auto [download, file] = grammar.Add<DownloadListOptions>(
      list, "download", "A signed version as it was published");
  AddName(*download, "LIST", file->list_id, "The list's id");
  download
      ->add_option("--version", file->signed_version,
                   "Which one (default: the last)")
      ->type_name("N")
      ->check(CLI::PositiveNumber.description(""));
  download
      ->add_option("-o,--output", file->output,
                   "Where to; the signatures go to FILE.jws")
      ->type_name("FILE");

  auto [feedback, told] = grammar.Add<FeedbackOptions>(
      list, "feedback", "What reviewers made of what its entries found");
  AddName(*feedback, "LIST", told->list_id, "The list's id");
}

}  // namespace lenscap::cli
