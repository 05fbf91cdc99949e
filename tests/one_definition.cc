#include "tests/one_definition.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace lenscap {
namespace {

// The name that a line begins to define; nothing for other lines, and for
// those that only declare one.
std::optional<std::string> TypeDefinedIn(absl::string_view line) {
  if (absl::EndsWith(line, ";") && !absl::StrContains(line, "{")) {
    return std::nullopt;
  }
  if (absl::ConsumePrefix(&line, "enum ")) {
    absl::ConsumePrefix(&line, "class ");
  } else if (!absl::ConsumePrefix(&line, "class ") &&
             !absl::ConsumePrefix(&line, "struct ")) {
    return std::nullopt;
  }
  size_t end = 0;
  while (end < line.size() &&
         (absl::ascii_isalnum(line[end]) || line[end] == '_')) {
    ++end;
  }
  // Of another type, or of a template's arguments.
  const absl::string_view rest = line.substr(end);
  if (end == 0 || absl::StartsWith(rest, "::") || absl::StartsWith(rest, "<")) {
    return std::nullopt;
  }
  return std::string(line.substr(0, end));
}

// The types that a file defines, by their full names, with their lines.
std::vector<std::pair<std::string, int>> TypesOf(const SourceFile& file) {
  std::vector<std::pair<std::string, int>> types;
  std::vector<std::string> namespaces;  // "" for one without a name.
  int number = 0;
  for (absl::string_view line : absl::StrSplit(file.text, '\n')) {
    ++number;
    absl::string_view name = line;
    if (absl::StartsWith(line, "}  // namespace")) {
      if (!namespaces.empty()) namespaces.pop_back();
    } else if (absl::ConsumePrefix(&name, "namespace ") &&
               absl::ConsumeSuffix(&name, "{")) {
      namespaces.emplace_back(absl::StripAsciiWhitespace(name));
    } else if (const auto type = TypeDefinedIn(line)) {
      if (std::count(namespaces.begin(), namespaces.end(), "") > 0) continue;
      types.emplace_back(
          absl::StrCat(absl::StrJoin(namespaces, "::"), "::", *type), number);
    }
  }
  return types;
}

}  // namespace

std::vector<std::string> FindSecondDefinitions(
    const std::vector<SourceFile>& files) {
  std::vector<std::string> found;
  std::map<std::string, std::string> places;
  for (const SourceFile& file : files) {
    if (!absl::EndsWith(file.path, ".h") && !absl::EndsWith(file.path, ".cc")) {
      continue;
    }
    for (const auto& [name, line] : TypesOf(file)) {
      const std::string place = absl::StrCat(file.path, ":", line);
      const auto [first, added] = places.emplace(name, place);
      if (added) continue;
      found.push_back(absl::StrCat(place, ": ", name, " is also defined in ",
                                   first->second));
    }
  }
  return found;
}

}  // namespace lenscap
