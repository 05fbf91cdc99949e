#include "services/cli/completion.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace lenscap::cli {
namespace {

std::string Names(const CommandNode& command) {
  std::vector<std::string> names = command.words;
  for (const CommandNode& child : command.children) names.push_back(child.name);
  return absl::StrJoin(names, " ");
}

std::string FlagNames(const CommandNode& command) {
  return absl::StrJoin(command.flags, " ",
                       [](std::string* out, const CommandNode::Flag& flag) {
                         absl::StrAppend(out, flag.name);
                       });
}

// The cases of three bash `case` statements, over every command of the tree.
struct BashCases {
  std::string paths;   // Which words lead from a command to another.
  std::string values;  // What may follow a flag that takes a value.
  std::string words;   // What may follow a command.
};

void AddBashCases(const CommandNode& command, const std::string& path,
                  BashCases& cases) {
  for (const CommandNode::Flag& flag : command.flags) {
    if (!flag.takes_value) continue;
    absl::StrAppend(&cases.values, "    '", path, " ", flag.name, "') words='",
                    absl::StrJoin(flag.choices, " "), "' ;;\n");
  }
  absl::StrAppend(&cases.words, "        '", path, "') words='", Names(command),
                  "' flags='", FlagNames(command), "' ;;\n");
  for (const CommandNode& child : command.children) {
    const std::string below = absl::StrCat(path, " ", child.name);
    absl::StrAppend(&cases.paths, "      '", below, "') path=\"", below,
                    "\" ;;\n");
    AddBashCases(child, below, cases);
  }
}

// Within single quotes, as fish has them.
std::string FishQuoted(const std::string& text) {
  return absl::StrCat(
      "'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// `condition` is the fish test for being within this command.
void AddFishLines(const CommandNode& command, const std::string& condition,
                  std::string& script) {
  const std::string start = absl::StrCat("complete -c lenscap -n '", condition);
  for (const CommandNode& child : command.children) {
    absl::StrAppend(&script, start, "; and not __fish_seen_subcommand_from ",
                    Names(command), "' -f -a ", child.name, " -d ",
                    FishQuoted(child.description), "\n");
  }
  if (!command.words.empty()) {
    absl::StrAppend(&script, start, "' -f -a ",
                    FishQuoted(absl::StrJoin(command.words, " ")), "\n");
  }
  for (const CommandNode::Flag& flag : command.flags) {
    absl::StrAppend(&script, start, "' -l ", flag.name.substr(2), " -d ",
                    FishQuoted(flag.description));
    if (flag.takes_value) absl::StrAppend(&script, " -r");
    if (!flag.choices.empty()) {
      absl::StrAppend(&script, " -f -a ",
                      FishQuoted(absl::StrJoin(flag.choices, " ")));
    }
    absl::StrAppend(&script, "\n");
  }
  for (const CommandNode& child : command.children) {
    const std::string seen =
        absl::StrCat("__fish_seen_subcommand_from ", child.name);
    AddFishLines(
        child,
        condition == "true" ? seen : absl::StrCat(condition, "; and ", seen),
        script);
  }
}

}  // namespace

std::string BashCompletion(const CommandNode& root) {
  BashCases cases;
  AddBashCases(root, root.name, cases);
  return absl::StrCat(
      R"(# lenscap(1) completion for bash; source it from ~/.bashrc:
#   source <(lenscap completion bash)
_lenscap() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local path=lenscap words='' flags='' word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
)",
      cases.paths, R"(    esac
  done
  COMPREPLY=()
  case "$path $previous" in
)",
      cases.values, R"(    *)
      case "$path" in
)",
      cases.words, R"(      esac
      [[ $current == -* ]] && words=$flags
      ;;
  esac
  # Nothing of ours that fits: bash goes on with the names of files.
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -o bashdefault -F _lenscap lenscap
)");
}

std::string ZshCompletion(const CommandNode& root) {
  const std::string bash = BashCompletion(root);
  // What bash calls the default, zsh calls so too; mapfile is bash's alone.
  return absl::StrCat(
      "# lenscap(1) completion for zsh; source it from ~/.zshrc after "
      "compinit:\n#   source <(lenscap completion zsh)\n"
      "autoload -U +X bashcompinit && bashcompinit\n",
      absl::StrReplaceAll(
          bash.substr(bash.find("_lenscap() {")),
          {{"mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")",
            "COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))"},
           {"bash goes on", "zsh goes on"}}));
}

std::string FishCompletion(const CommandNode& root) {
  std::string script =
      "# lenscap(1) completion for fish:\n"
      "#   lenscap completion fish > ~/.config/fish/completions/lenscap.fish\n";
  AddFishLines(root, "true", script);
  return script;
}

}  // namespace lenscap::cli
