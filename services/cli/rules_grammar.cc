// lenscap rules ...

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

using Kind = v1::ReviewListingRequest::Kind;

void AddFiles(CLI::App& command, std::vector<std::string>& files) {
  command.add_option("FILE", files, "Rule packs")->required()->type_name("");
}

// Each time it is given, one value: what follows may be an argument.
CLI::Option* Repeated(CLI::Option* option, const std::string& type) {
  return option->type_name(type)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void CheckExplain(ExplainTextOptions& options) {
  for (const std::string& field : options.fields) {
    const absl::Status status = SetTextField(field, options.listing);
    if (!status.ok()) Refuse("--field", std::string(status.message()));
  }
  if (options.text.empty() && options.fields.empty()) {
    Refuse("TEXT", "there is none: give a text, or a --field");
  }
  if (!options.text.empty() && !options.listing.title().empty()) {
    Refuse("--field", "TEXT is the title already");
  }
  options.listing.set_kind(options.kind);
  options.listing.set_locale(options.locale);
}

void AddExplain(Grammar& grammar, CLI::App& rules) {
  auto [explain, options] = grammar.Add<ExplainTextOptions>(
      rules, "explain", "What rules make of a text, without a server",
      CheckExplain);
  explain
      ->add_option("TEXT", options->text,
                   "A listing's title; '-' for standard input")
      ->type_name("");
  Repeated(explain->add_option("--field", options->fields,
                               "title, description, category or\n"
                               "attributes.NAME; several"),
           "NAME=TEXT");
  Repeated(explain->add_option("--pack", options->packs,
                               "A rule pack; several (default: the packs\n"
                               "that are built in)"),
           "FILE");
  grammar.AddChoice<Kind>(
      *explain, "--kind", options->kind,
      {{"listing", v1::ReviewListingRequest::KIND_LISTING},
       {"post", v1::ReviewListingRequest::KIND_POST},
       {"chat-message", v1::ReviewListingRequest::KIND_CHAT_MESSAGE},
       {"profile", v1::ReviewListingRequest::KIND_PROFILE}},
      "What it is (default: listing)");
  explain
      ->add_option("--locale", options->locale,
                   "Its language, such as zh-CN (default: rules\n"
                   "of every language are tried)")
      ->type_name("TAG");
  explain->footer(kExitCodes);
}

void AddPackFileCommands(Grammar& grammar, CLI::App& rules) {
  auto [test, tested] = grammar.Add<TestRulesOptions>(
      rules, "test", "Run the examples of rule packs");
  AddFiles(*test, tested->files);
  test->footer(kExitCodes);

  auto [lint, linted] = grammar.Add<LintRulesOptions>(
      rules, "lint", "The same, and what a reviewer would ask about");
  AddFiles(*lint, linted->files);
  lint->footer(kExitCodes);

  auto [sign, options] = grammar.Add<SignRulesOptions>(
      rules, "sign", "Sign a rule pack, in FILE.jws");
  AddName(*sign, "FILE", options->file, "A pack whose examples are right");
  sign->add_option("--key", options->key,
                   "The private key ('lenscap list keygen')")
      ->required()
      ->type_name("FILE");
}

void AddServerCommands(Grammar& grammar, CLI::App& rules) {
  auto [publish, published] = grammar.Add<PublishRulesOptions>(
      rules, "publish", "Put a signed rule pack into force");
  AddName(*publish, "FILE", published->file, "A rule pack");
  publish
      ->add_option("SIGNATURES", published->signatures,
                   "Its signatures (default: FILE.jws)")
      ->type_name("");

  grammar.Add<ListRulesOptions>(
      rules, "list", "The packs in force, and what their rules have done");

  auto [mode, options] = grammar.Add<RuleModeOptions>(
      rules, "mode", "Turn a rule on, off or into shadow");
  AddName(*mode, "PACK", options->pack_id, "The pack's id");
  AddName(*mode, "RULE", options->rule_id, "The rule's id");
  grammar.AddChoice<v1::Rule::Mode>(*mode, "MODE", options->mode,
                                    {{"active", v1::Rule::MODE_ACTIVE},
                                     {"shadow", v1::Rule::MODE_SHADOW},
                                     {"off", v1::Rule::MODE_OFF},
                                     {"pack", v1::Rule::MODE_UNSPECIFIED}},
                                    "'pack' follows the pack again");
  mode->get_option("MODE")->required();
  mode->add_option("--reason", options->reason, "For the audit log")
      ->required()
      ->type_name("TEXT");
}

}  // namespace

void AddRulesCommands(Grammar& grammar) {
  CLI::App* rules = grammar.app.add_subcommand(
      "rules", "Write, try and publish the rules for texts");
  rules->require_subcommand(1);
  AddExplain(grammar, *rules);
  AddPackFileCommands(grammar, *rules);
  AddServerCommands(grammar, *rules);
}

}  // namespace lenscap::cli
