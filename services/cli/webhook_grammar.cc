// lenscap webhook ... and lenscap outcomes ...

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

const std::vector<std::pair<std::string, v1::Outcome::Type>>& Types() {
  static const auto* const types =
      new std::vector<std::pair<std::string, v1::Outcome::Type>>{
          {"decided", v1::Outcome::TYPE_DECIDED},
          {"restored", v1::Outcome::TYPE_RESTORED},
          {"reversed", v1::Outcome::TYPE_REVERSED},
          {"reopened", v1::Outcome::TYPE_REOPENED},
          {"deadline", v1::Outcome::TYPE_DEADLINE},
          {"clock", v1::Outcome::TYPE_CLOCK}};
  return *types;
}

v1::Outcome::Type ParseType(const std::string& word) {
  std::vector<std::string> names;
  for (const auto& [name, type] : Types()) {
    if (name == word) return type;
    names.push_back(name);
  }
  Refuse("--type", absl::StrCat("'", word, "' is none of ",
                                CLI::detail::join(names, ", ")));
}

void AddCreate(Grammar& grammar, CLI::App& webhook) {
  auto [create, options] = grammar.Add<CreateWebhookOptions>(
      webhook, "create", "Have outcomes posted to an address");
  AddName(*create, "URL", options->url,
          "https://..., or http:// to this machine");
  create
      ->add_option("--tenant", options->tenant,
                   "Only this tenant's (default: one's own, or all)")
      ->type_name("TENANT");
  auto* const types = &options->types;
  create
      ->add_option_function<std::vector<std::string>>(
          "--type",
          [types](const std::vector<std::string>& words) {
            for (const std::string& word : words) {
              types->push_back(ParseType(word));
            }
          },
          "Only of this type; may be repeated\n(default: all but clock)")
      ->allow_extra_args(false)
      ->type_name("TYPE");
}

void AddVerify(Grammar& grammar, CLI::App& webhook) {
  auto [verify, options] = grammar.Add<VerifyWebhookOptions>(
      webhook, "verify", "Check a request that was received, without a server");
  AddName(*verify, "FILE", options->path,
          "Headers, an empty line and the body; '-' for\nstandard input");
  verify->add_option("--key", options->key, "From 'webhook create'")
      ->required()
      ->type_name("whpk_...");
  verify->add_flag("--any-time", options->any_time,
                   "However long ago it was sent");
}

}  // namespace

void AddWebhookCommands(Grammar& grammar) {
  CLI::App* webhook = grammar.app.add_subcommand(
      "webhook", "Have decisions posted to a platform");
  webhook->require_subcommand(1);
  AddCreate(grammar, *webhook);
  grammar.Add<ListWebhooksOptions>(*webhook, "ls", "The addresses there are");
  auto [remove, removed] = grammar.Add<DeleteWebhookOptions>(
      *webhook, "rm", "Post nothing more to an address");
  AddName(*remove, "ENDPOINT", removed->endpoint_id, "From 'webhook ls'");
  auto [test, tested] = grammar.Add<TestWebhookOptions>(
      *webhook, "test", "Post a test and say what came back");
  AddName(*test, "ENDPOINT", tested->endpoint_id, "From 'webhook ls'");
  auto [deliveries, listed] = grammar.Add<ListDeliveriesOptions>(
      *webhook, "deliveries", "What was delivered, waits, or was given up");
  AddName(*deliveries, "ENDPOINT", listed->endpoint_id, "From 'webhook ls'");
  grammar.AddChoice<v1::Delivery::State>(
      *deliveries, "--state", listed->state,
      {{"waiting", v1::Delivery::STATE_WAITING},
       {"delivered", v1::Delivery::STATE_DELIVERED},
       {"dead-letter", v1::Delivery::STATE_DEAD_LETTER}},
      "Which (default: dead-letter)");
  auto [replay, replayed] =
      grammar.Add<ReplayWebhookOptions>(*webhook, "replay", "Deliver again");
  AddName(*replay, "ENDPOINT", replayed->endpoint_id, "From 'webhook ls'");
  replay
      ->add_option("DELIVERY", replayed->delivery_ids,
                   "Which (default: all that were given up)")
      ->type_name("");
  AddVerify(grammar, *webhook);

  CLI::App* outcomes = grammar.app.add_subcommand(
      "outcomes", "Hear of decisions as they come into force");
  outcomes->require_subcommand(1);
  auto [watch, watched] = grammar.Add<WatchOutcomesOptions>(
      *outcomes, "watch", "Print outcomes as JSON lines, until interrupted");
  watch
      ->add_option("--after", watched->after,
                   "Only those after this cursor (default: all)")
      ->type_name("CURSOR");
  auto [show, shown] = grammar.Add<UploadStateOptions>(
      *outcomes, "show", "Where one upload stands now");
  AddName(*show, "CONTENT_ID", shown->content_id, "The platform's id");
}

}  // namespace lenscap::cli
