#include "services/cli/command_line.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/cli/completion.h"
#include "services/cli/grammar.h"
#include "services/cli/version.h"

namespace lenscap::cli {
namespace {

constexpr char kFooter[] =
    R"(Lists and cases are kept behind a running lenscapd (--server HOST:PORT) or in a
directory that no other process is using (--data-dir DIR). Where neither option
is given, LENSCAP_SERVER or LENSCAP_DATA_DIR in the environment says which, and
else it is the lenscapd on this machine. A server that callers must sign in to
is told who calls by a certificate (--tls-cert, --tls-key) or a token
(--token-file, or LENSCAP_TOKEN in the environment).

--json prints one message a line, as protobuf writes JSON: fields as the .proto
files name them, bytes in base64, 64-bit numbers in quotes.

)";

// The tree of commands as the completion scripts need it.
CommandNode Describe(const Grammar& grammar, const CLI::App& app) {
  CommandNode node{app.get_name(), app.get_description(), {}, {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    const auto it = grammar.choices.find(option);
    const auto words =
        it == grammar.choices.end() ? std::vector<std::string>() : it->second;
    if (option->get_positional()) {
      node.words.insert(node.words.end(), words.begin(), words.end());
      continue;
    }
    CommandNode::Flag flag{absl::StrCat("--", option->get_lnames().front()),
                           option->get_description(),
                           option->get_items_expected_max() > 0, words};
    // Descriptions are broken into lines for --help.
    std::replace(flag.description.begin(), flag.description.end(), '\n', ' ');
    node.flags.push_back(std::move(flag));
  }
  for (const CLI::App* child : app.get_subcommands({})) {
    node.children.push_back(Describe(grammar, *child));
  }
  return node;
}

void AddCompletion(Grammar& grammar) {
  CLI::App* completion = grammar.app.add_subcommand(
      "completion", "Print a script that teaches a shell to complete");
  using Script = std::string (*)(const CommandNode&);
  auto script = std::make_shared<Script>();
  grammar.AddChoice<Script>(*completion, "SHELL", *script,
                            {{"bash", BashCompletion},
                             {"zsh", ZshCompletion},
                             {"fish", FishCompletion}},
                            "Which");
  completion->get_option("SHELL")->required();
  completion->callback([&grammar, script] {
    grammar.command = PrintOptions{(*script)(Describe(grammar, grammar.app))};
  });
}

void AddCommands(Grammar& grammar) {
  CLI::App& app = grammar.app;
  app.name("lenscap");
  app.require_subcommand(1);
  app.get_formatter()->column_width(28);
  AddFileCommands(grammar);
  AddListCommands(grammar);
  AddListingCommands(grammar);
  AddRulesCommands(grammar);
  AddQueueCommands(grammar);
  AddIntakeCommands(grammar);
  AddAdminCommands(grammar);
  AddAuditCommands(grammar);
  AddReportCommands(grammar);
  AddWebhookCommands(grammar);
  // Its flags are lenscapd's own and are not parsed here.
  app.add_subcommand("server",
                     "Become lenscapd; every flag is passed on to it");
  AddCompletion(grammar);
  app.add_subcommand("version", "Print the version")->callback([&grammar] {
    grammar.command = PrintOptions{absl::StrCat("lenscap ", kVersion, "\n")};
  });
  // Last: the commands would inherit it.
  app.footer(absl::StrCat(kFooter, kExitCodes));
}

// What is wrong, and which help to read: that of the last command that was
// understood.
absl::Status UsageError(const CLI::App& root, const CLI::ParseError& error) {
  const CLI::App* app = &root;
  std::string path = root.get_name();
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().back();
    absl::StrAppend(&path, " ", app->get_name());
  }
  std::string what = error.what();
  // CLI11 minds what is missing before it minds what is not understood.
  if (const auto unknown = app->remaining(); !unknown.empty()) {
    what = absl::StrCat("'", unknown[0], "' is not understood");
  }
  return absl::InvalidArgumentError(
      absl::StrCat(what, "; see '", path, " --help'"));
}

}  // namespace

absl::StatusOr<Command> ParseCommandLine(
    const std::vector<std::string>& words) {
  if (!words.empty() && words[0] == "server") {
    return RunServerOptions{{words.begin() + 1, words.end()}};
  }
  Grammar grammar;
  AddCommands(grammar);
  try {
    // CLI11 takes them last first.
    grammar.app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    return PrintOptions{grammar.app.help()};
  } catch (const CLI::ParseError& error) {
    return UsageError(grammar.app, error);
  }
  return *std::move(grammar.command);
}

}  // namespace lenscap::cli
