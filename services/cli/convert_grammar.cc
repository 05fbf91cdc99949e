// lenscap list convert

#include <utility>
#include <vector>

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

std::vector<std::pair<std::string, ListFormat>> FormatWords() {
  std::vector<std::pair<std::string, ListFormat>> words;
  for (const ListFormat format : kAllListFormats) {
    words.emplace_back(std::string(ListFormatName(format)), format);
  }
  return words;
}

// Too many words for one line of help.
template <typename Format>
CLI::Option* AddFormat(Grammar& grammar, CLI::App& command,
                       const std::string& name, Format& format,
                       const std::string& description) {
  std::vector<std::string> names;
  for (const auto& [word, value] : FormatWords()) names.push_back(word);
  CLI::Option* option =
      command
          .add_option_function<std::string>(
              name,
              [name, &format](const std::string& word) {
                for (const auto& [known, value] : FormatWords()) {
                  if (word == known) {
                    format = value;
                    return;
                  }
                }
                Refuse(name, absl::StrCat("'", word, "' is no format"));
              },
              description)
          ->type_name("FORMAT");
  grammar.choices[option] = names;
  return option;
}

std::string FormatList() {
  std::string text = "Formats:";
  size_t column = text.size();
  for (const auto& [word, value] : FormatWords()) {
    if (column + 1 + word.size() > 80) {
      text += "\n        ";
      column = 8;
    }
    text += " " + word;
    column += 1 + word.size();
  }
  return text;
}

}  // namespace

void AddListConvert(Grammar& grammar, CLI::App& list) {
  auto [convert, options] = grammar.Add<ConvertOptions>(
      list, "convert", "Turn hash lists of one format into another",
      [](ConvertOptions& options) {
        if (options.to == ListFormat::kStixJson && options.issuer.empty()) {
          Refuse("--issuer", "stix-json names who issued it");
        }
        if (options.from == ListFormat::kStixJson) {
          Refuse("--from", "stix-json can be written, but not read");
        }
      });
  convert
      ->add_option("FILE", options->files,
                   "Lists, all of which become one; '-' for standard\n"
                   "input")
      ->required()
      ->type_name("");
  AddFormat(grammar, *convert, "--from", options->from,
            "What the files are (default: by content)");
  AddFormat(grammar, *convert, "--to", options->to, "What to write")
      ->required();
  convert
      ->add_option("--list", options->list_id,
                   "The list's id, where a format has one")
      ->type_name("ID")
      ->capture_default_str();
  convert
      ->add_option("--issuer", options->issuer,
                   "Who issues the list, where a format has it")
      ->type_name("NAME");
  grammar.AddChoice<Severity>(*convert, "--severity", options->severity,
                              {{"suspected", Severity::kSuspected},
                               {"confirmed", Severity::kConfirmed},
                               {"critical", Severity::kCritical}},
                              "How grave entries are that do not say it\n"
                              "(default: suspected)");
  convert
      ->add_option("-o,--output", options->output,
                   "Where to write it; for vpdq a directory of\n"
                   "ENTRY.vpdq (default: standard output)")
      ->type_name("FILE");
  convert->footer(FormatList());
}

}  // namespace lenscap::cli
