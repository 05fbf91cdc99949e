// lenscap list ...

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

void AddPublish(Grammar& grammar, CLI::App& list) {
  auto [publish, options] = grammar.Add<PublishOptions>(
      list, "publish", "Add footage or hash text to a list",
      [](PublishOptions& options) {
        if (options.files.size() > 1 && !options.entry_id.empty()) {
          Refuse("--entry",
                 "names one file; for several there is --entry-from-name");
        }
      });
  publish
      ->add_option("FILE", options->files,
                   "Videos, images, PDQ or vPDQ text, or '-': each\n"
                   "becomes an entry. Or a signed list, with FILE.jws")
      ->required()
      ->type_name("");
  publish
      ->add_option("--list", options->list_id,
                   "The list's id; a signed list has its own")
      ->type_name("ID");
  publish->add_flag("--dry-run", options->dry_run,
                    "Have a signed list checked, and change nothing");
  auto* entry = publish
                    ->add_option("--entry", options->entry_id,
                                 "The entry's id (default: its SHA-256)")
                    ->type_name("ID");
  publish
      ->add_flag("--entry-from-name", options->entry_from_name,
                 "Name each entry as its file, without extension")
      ->excludes(entry);
  grammar.AddChoice<v1::Severity>(*publish, "--severity", options->severity,
                                  {{"suspected", v1::SEVERITY_SUSPECTED},
                                   {"confirmed", v1::SEVERITY_CONFIRMED},
                                   {"critical", v1::SEVERITY_CRITICAL}},
                                  "How grave it is (default: suspected)");
  grammar.AddChoice<v1::PublishHeader::Format>(
      *publish, "--format", options->format,
      {{"footage", v1::PublishHeader::FORMAT_FOOTAGE},
       {"pdq", v1::PublishHeader::FORMAT_PDQ_TEXT},
       {"vpdq", v1::PublishHeader::FORMAT_VPDQ_TEXT}},
      "What the files are (default: by content)");
  auto* issuer = publish
                     ->add_option("--issuer", options->issuer,
                                  "Who answers for a new list")
                     ->type_name("NAME");
  publish
      ->add_flag("--create", options->create,
                 "Make the list, and the data directory,\n"
                 "where there is none")
      ->needs(issuer);
}

void AddWithdraw(Grammar& grammar, CLI::App& list) {
  auto [withdraw, options] = grammar.Add<WithdrawOptions>(
      list, "withdraw", "Take entries out of a list",
      [](WithdrawOptions& options) {
        if (options.all != options.entry_ids.empty()) {
          Refuse("ENTRY", "name the entries, or say --all");
        }
      });
  AddName(*withdraw, "LIST", options->list_id, "The list's id");
  withdraw->add_option("ENTRY", options->entry_ids, "Ids of entries")
      ->type_name("");
  withdraw->add_flag("--all", options->all, "Every entry");
  withdraw
      ->add_option("--reason", options->reason, "Kept in the list's history")
      ->required()
      ->type_name("TEXT");
}

}  // namespace

void AddListCommands(Grammar& grammar) {
  CLI::App* list = grammar.app.add_subcommand(
      "list", "Publish and read lists of known clips");
  list->require_subcommand(1);
  AddPublish(grammar, *list);
  auto [show, shown] = grammar.Add<ShowListOptions>(
      *list, "show", "Every list, or the entries of one");
  show->add_option("LIST", shown->list_id, "Its id")->type_name("");
  AddWithdraw(grammar, *list);
  auto [exported, export_options] = grammar.Add<ExportOptions>(
      *list, "export", "Every entry with its hashes, as JSON or files");
  AddName(*exported, "LIST", export_options->list_id, "Its id");
  exported
      ->add_option("--output", export_options->directory,
                   "Write DIR/ENTRY.vpdq for each entry instead")
      ->type_name("DIR")
      ->excludes(exported->get_option("--json"));
  auto [history, history_options] = grammar.Add<HistoryOptions>(
      *list, "history", "What changed in a list, newest first");
  AddName(*history, "LIST", history_options->list_id, "Its id");
  history
      ->add_option("--limit", history_options->limit, "At most so many changes")
      ->type_name("N")
      ->default_str("100")
      ->check(CLI::Range(1, 1000).description(""));
  AddListControlCommands(grammar, *list);
  AddListConvert(grammar, *list);
  AddListFileCommands(grammar, *list);
}

}  // namespace lenscap::cli
