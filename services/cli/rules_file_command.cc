#include "services/cli/rules_file_command.h"

#include <functional>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "listings/rule_engine.h"
#include "listings/rule_examples.h"
#include "listings/rule_lint.h"
#include "listings/rule_mode.h"
#include "listings/rule_pack.h"
#include "services/cli/rules_file.h"
#include "services/cli/sign_file.h"
#include "services/cli/text.h"
#include "services/default_policy.h"

namespace lenscap::cli {
namespace {

// As they are when all of their rules count.
absl::StatusOr<std::shared_ptr<const RuleEngine>> CompileAll(
    std::vector<std::shared_ptr<const RulePack>> packs) {
  return RuleEngine::Compile(std::move(packs), [](const RulePack&,
                                                  const Rule& rule) {
    return ModeOf(rule) == RuleMode::kOff ? RuleMode::kOff : RuleMode::kActive;
  });
}

std::string Tally(const RulePack& pack) {
  size_t examples = 0;
  for (const Rule& rule : pack.rules) {
    examples += rule.positive.size() + rule.negative.size();
  }
  return absl::StrFormat("%d rules, %d examples", pack.rules.size(), examples);
}

// Texts that a rule's author calls innocent, and that the pack as a whole
// sends to a person all the same.
absl::StatusOr<std::vector<std::string>> InnocentButReviewed(
    const std::shared_ptr<const RulePack>& pack) {
  ASSIGN_OR_RETURN(const auto engine, CompileAll({pack}));
  const double enough = DefaultPolicy().listings().review_score();
  const absl::Time now = Clock::Real()->Now();
  std::vector<std::string> warnings;
  for (const Rule& rule : pack->rules) {
    for (const RuleExample& example : rule.negative) {
      const TextReview review = engine->Review(example.text, now);
      if (review.score < enough) continue;
      warnings.push_back(absl::StrFormat(
          "line %d: rule \"%s\": its negative example has a score of %g by the "
          "whole pack, and from %g on a person looks",
          example.line, rule.id, review.score, enough));
    }
  }
  return warnings;
}

// Each file by itself, and then all together. `look` is for a pack that can be
// read; it prints what it finds.
ExitCode ForEachPack(
    const std::vector<std::string>& files,
    const std::function<ExitCode(const std::string& path,
                                 const std::shared_ptr<const RulePack>& pack)>&
        look) {
  ExitCode code = ExitCode::kOk;
  std::vector<std::shared_ptr<const RulePack>> packs;
  for (const std::string& path : files) {
    auto pack = ReadRulesFile(path);
    if (!pack.ok()) {
      code = Worse(code, FailByLine(pack.status(), ExitCode::kUnreadable));
      continue;
    }
    code = Worse(code, look(path, *pack));
    packs.push_back(*std::move(pack));
  }
  if (const auto engine = CompileAll(std::move(packs)); !engine.ok()) {
    code = Worse(code, FailByLine(engine.status(), ExitCode::kUnreadable));
  }
  return code;
}

ExitCode TestPack(const std::string& path,
                  const std::shared_ptr<const RulePack>& pack) {
  const absl::Status examples = InRulesFile(path, CheckExamples(*pack));
  if (!examples.ok()) return FailByLine(examples, ExitCode::kFound);
  std::cout << Printable(path) << ": " << Tally(*pack) << ": all as they say\n"
            << std::flush;
  return ExitCode::kOk;
}

ExitCode LintPack(const std::string& path,
                  const std::shared_ptr<const RulePack>& pack) {
  ExitCode code = TestPack(path, pack);
  std::vector<std::string> warnings = LintRulePack(*pack);
  auto reviewed = InnocentButReviewed(pack);
  if (!reviewed.ok()) {
    return FailByLine(InRulesFile(path, reviewed.status()),
                      ExitCode::kUnreadable);
  }
  warnings.insert(warnings.end(), reviewed->begin(), reviewed->end());
  for (const std::string& warning : warnings) {
    std::cout << Printable(absl::StrCat(path, ": ", warning)) << "\n";
    code = Worse(code, ExitCode::kFound);
  }
  std::cout << std::flush;
  return code;
}

absl::Status SignPack(const SignRulesOptions& options) {
  ASSIGN_OR_RETURN(const auto pack, ReadRulesFile(options.file));
  RETURN_IF_ERROR(InRulesFile(options.file, CheckExamples(*pack)));
  ASSIGN_OR_RETURN(const std::string said, SignFile(options.file, options.key));
  std::cout << said << std::flush;
  return absl::OkStatus();
}

}  // namespace

ExitCode Run(const TestRulesOptions& options) {
  return ForEachPack(options.files, TestPack);
}

ExitCode Run(const LintRulesOptions& options) {
  return ForEachPack(options.files, LintPack);
}

ExitCode Run(const SignRulesOptions& options) {
  const absl::Status status = SignPack(options);
  return status.ok() ? ExitCode::kOk
                     : FailByLine(status, ExitCode::kUnreadable);
}

}  // namespace lenscap::cli
