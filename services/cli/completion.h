#ifndef LENSCAP_SERVICES_CLI_COMPLETION_H_
#define LENSCAP_SERVICES_CLI_COMPLETION_H_

#include <string>
#include <vector>

namespace lenscap::cli {

// One command of the command line's grammar, and those below it.
struct CommandNode {
  struct Flag {
    std::string name;  // "--json".
    std::string description;
    bool takes_value = false;
    std::vector<std::string> choices;  // Of the value; empty for any.
  };

  std::string name;
  std::string description;
  std::vector<Flag> flags;
  std::vector<std::string> words;  // Positional arguments to choose from.
  std::vector<CommandNode> children;
};

// Scripts that teach a shell to complete the command, to be sourced by it.
std::string BashCompletion(const CommandNode& root);
std::string ZshCompletion(const CommandNode& root);
std::string FishCompletion(const CommandNode& root);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_COMPLETION_H_
