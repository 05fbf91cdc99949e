#ifndef LENSCAP_SERVICES_CLI_GRAMMAR_H_
#define LENSCAP_SERVICES_CLI_GRAMMAR_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "services/cli/command.h"
#include "services/cli/endpoint.h"

namespace lenscap::cli {

// The tree of commands and options, as CLI11 parses it, and the command that
// came out. Nothing but this and the *_grammar.cc files includes CLI11: it is
// slow to compile.
struct Grammar {
  CLI::App app{"Finds known leaked clips in what people upload."};
  // The words that an option takes, where there are only a few.
  std::map<const CLI::Option*, std::vector<std::string>> choices;
  std::optional<Command> command;

  // Declares a command whose options end up in `command`, after `check`, which
  // may Refuse them. An `endpoint` and a `json` among them get their options
  // here.
  template <typename Options>
  std::pair<CLI::App*, Options*> Add(
      CLI::App& parent, const std::string& name, const std::string& description,
      std::function<void(Options&)> check = nullptr);

  // Declares an option with a value out of a few words.
  template <typename Value>
  void AddChoice(CLI::App& command, const std::string& name, Value& value,
                 const std::vector<std::pair<std::string, Value>>& words,
                 const std::string& description);
};

// For --help: what ExitCode says.
inline constexpr char kExitCodes[] =
    R"(Exit codes (where several apply, the greatest):
  0  done; scan, compare: nothing was found; audit verify: whole;
     webhook verify: good
  1  scan, listing review, rules explain: something to block or to review;
     compare: a match; audit verify: broken; webhook test, verify: not
     taken, not good; rules test, lint: a wrong example, a warning
  2  the command line is wrong; nothing was done
  3  a file, a line or a photo of it could not be read or decoded
  4  the server or data directory could not be used, or refused
)";

// Parts of the grammar, one for each group of commands.
void AddFileCommands(Grammar& grammar);
void AddListCommands(Grammar& grammar);
void AddListingCommands(Grammar& grammar);
void AddRulesCommands(Grammar& grammar);
void AddListControlCommands(Grammar& grammar, CLI::App& list);
void AddListConvert(Grammar& grammar, CLI::App& list);
// Those below `list` that need no server: list files and who signs them.
void AddListFileCommands(Grammar& grammar, CLI::App& list);
void AddQueueCommands(Grammar& grammar);
void AddIntakeCommands(Grammar& grammar);
void AddQueueWorkCommands(Grammar& grammar, CLI::App& queue);
void AddGoldenCommands(Grammar& grammar, CLI::App& queue);
void AddAdminCommands(Grammar& grammar);
void AddAuditCommands(Grammar& grammar);
void AddReportCommands(Grammar& grammar);
void AddWebhookCommands(Grammar& grammar);

// Says what is wrong with the value of an option; ends the parse.
[[noreturn]] void Refuse(const std::string& name, const std::string& why);
// The variable's value; "" where it is not set.
std::string Environment(const char* name);

void AddEndpoint(CLI::App& command, Endpoint& endpoint);
// Options beat the environment; there must be one answer.
void ResolveEndpoint(Endpoint& endpoint);

// A positional argument that must be there.
void AddName(CLI::App& command, const std::string& name, std::string& value,
             const std::string& description);
// "--evidence DIR".
void AddEvidence(CLI::App& command, std::string& directory);
// "--reviewer NAME", and who it is where it was not said.
void AddReviewer(CLI::App& command, std::string& reviewer);
void ResolveReviewer(const Endpoint& endpoint, std::string& reviewer);
// "--for 5m"; `value` is the default.
void AddDuration(CLI::App& command, absl::Duration& value,
                 const std::string& description);

template <typename Options>
std::pair<CLI::App*, Options*> Grammar::Add(
    CLI::App& parent, const std::string& name, const std::string& description,
    std::function<void(Options&)> check) {
  CLI::App* added = parent.add_subcommand(name, description);
  auto options = std::make_shared<Options>();
  // The command owns its options by way of this function.
  added->callback([this, options, check] {
    if constexpr (requires { options->endpoint; }) {
      ResolveEndpoint(options->endpoint);
    }
    if (check) check(*options);
    command = *options;
  });
  if constexpr (requires { options->endpoint; }) {
    AddEndpoint(*added, options->endpoint);
  }
  if constexpr (requires { options->json; }) {
    added->add_flag("--json", options->json, "JSON, for scripts");
  }
  return {added, options.get()};
}

template <typename Value>
void Grammar::AddChoice(CLI::App& command, const std::string& name,
                        Value& value,
                        const std::vector<std::pair<std::string, Value>>& words,
                        const std::string& description) {
  std::vector<std::string> names;
  std::map<std::string, Value> values;
  for (const auto& [word, meaning] : words) {
    names.push_back(word);
    values[word] = meaning;
  }
  const std::string list = CLI::detail::join(names, "|");
  CLI::Option* option = command.add_option_function<std::string>(
      name,
      [name, list, values, &value](const std::string& word) {
        const auto it = values.find(word);
        if (it == values.end()) {
          Refuse(name, absl::StrCat("'", word, "' is none of ", list));
        }
        value = it->second;
      },
      description);
  option->type_name(list);
  choices[option] = names;
}

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_GRAMMAR_H_
