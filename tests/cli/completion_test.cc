#include "services/cli/completion.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/cli/command_line.h"
#include "tests/support/media_files.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

std::string ScriptFor(const std::string& shell) {
  const auto command = ParseCommandLine({"completion", shell});
  if (!command.ok()) return std::string(command.status().message());
  return std::get<PrintOptions>(*command).text;
}

// What bash offers when TAB is pressed behind the words.
std::vector<std::string> Complete(const std::vector<std::string>& words) {
  const std::string script = WriteTempFile("lenscap.bash", ScriptFor("bash"));
  std::string array;
  for (const std::string& word : words) array += " '" + word + "'";
  return Lines(OutputOf(
      {"bash", "-euc",
       "source " + script + "; COMP_WORDS=(" + array +
           "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _lenscap; "
           "((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\""}));
}

TEST(CompletionTest, BashTakesTheScriptAndKnowsTheCommand) {
  const std::string script = WriteTempFile("lenscap.bash", ScriptFor("bash"));
  OutputOf({"bash", "-n", script});
  EXPECT_THAT(
      OutputOf({"bash", "-c", "source " + script + "; complete -p lenscap"}),
      HasSubstr("-F _lenscap lenscap"));
}

TEST(CompletionTest, CommandsAreOffered) {
  EXPECT_THAT(
      Complete({"lenscap", ""}),
      IsSupersetOf({"scan", "fingerprint", "compare", "list", "listing",
                    "rules", "queue", "server", "completion", "version"}));
  EXPECT_THAT(Complete({"lenscap", "q"}), ElementsAre("queue"));
  EXPECT_THAT(Complete({"lenscap", "list", ""}),
              IsSupersetOf({"publish", "show", "withdraw", "export", "history",
                            "rollback", "hold", "release", "mode", "download",
                            "feedback", "convert", "keygen", "keys", "sign",
                            "verify", "make"}));
  EXPECT_THAT(Complete({"lenscap", "rules", ""}),
              IsSupersetOf({"explain", "test", "lint", "sign", "publish",
                            "list", "mode"}));
  EXPECT_THAT(Complete({"lenscap", "completion", ""}),
              ElementsAre("bash", "zsh", "fish"));
}

TEST(CompletionTest, OptionsAreOfferedWhereTheyBelong) {
  EXPECT_THAT(Complete({"lenscap", "scan", "--j"}),
              ElementsAre("--json", "--jobs"));
  EXPECT_THAT(Complete({"lenscap", "scan", "--ev"}), ElementsAre("--evidence"));
  EXPECT_THAT(Complete({"lenscap", "queue", "show", "--ev"}),
              ElementsAre("--evidence"));
  EXPECT_THAT(Complete({"lenscap", "list", "publish", "a.avi", "--sev"}),
              ElementsAre("--severity"));
  EXPECT_THAT(Complete({"lenscap", "compare", "--server"}), IsEmpty());
}

TEST(CompletionTest, ValuesOutOfAFewAreOffered) {
  EXPECT_THAT(Complete({"lenscap", "list", "publish", "--severity", "c"}),
              ElementsAre("confirmed", "critical"));
  EXPECT_THAT(Complete({"lenscap", "rules", "mode", ""}),
              ElementsAre("active", "shadow", "off", "pack"));
  EXPECT_THAT(Complete({"lenscap", "listing", "review", "--format", ""}),
              ElementsAre("table", "ndjson", "csv"));
  EXPECT_THAT(Complete({"lenscap", "queue", "ls", "--state", ""}),
              ElementsAre("waiting", "leased", "decided", "dead-letter"));
}

TEST(CompletionTest, WhereAFileBelongsBashOffersFiles) {
  // Nothing of ours: "-o default" goes on with names of files.
  EXPECT_THAT(Complete({"lenscap", "scan", ""}), IsEmpty());
  EXPECT_THAT(Complete({"lenscap", "scan", "--policy", ""}), IsEmpty());
  EXPECT_THAT(ScriptFor("bash"), HasSubstr("complete -o default"));
}

TEST(CompletionTest, TheOtherShellsGetTheSameTree) {
  EXPECT_THAT(ScriptFor("zsh"),
              AllOf(HasSubstr("bashcompinit"), HasSubstr("'lenscap queue'"),
                    Not(HasSubstr("mapfile"))));
  EXPECT_THAT(ScriptFor("fish"),
              AllOf(HasSubstr("-a scan"), HasSubstr("-l json"),
                    HasSubstr("-a 'suspected confirmed critical'")));
}

TEST(CompletionTest, DescriptionsAreQuotedForFish) {
  CommandNode root;
  root.name = "lenscap";
  root.flags = {{"--a", "it's a \\ sign", false, {}}};
  EXPECT_THAT(FishCompletion(root), HasSubstr("-d 'it\\'s a \\\\ sign'"));
}

}  // namespace
}  // namespace lenscap::cli
