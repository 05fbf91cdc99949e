// lenscap audit ... and lenscap report ...

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

// A day, or a moment, in UTC unless it names a zone.
absl::Time ParseMoment(const std::string& name, const std::string& text) {
  absl::Time time;
  if (absl::ParseTime("%Y-%m-%d", text, &time, nullptr) ||
      absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) {
    return time;
  }
  Refuse(name, absl::StrCat("'", text,
                            "' is no time, such as 2026-01-31 or "
                            "2026-01-31T12:00:00Z"));
}

void AddMoment(CLI::App& command, const std::string& name,
               std::optional<absl::Time>& value,
               const std::string& description) {
  command
      .add_option_function<std::string>(
          name,
          [name, &value](const std::string& text) {
            value = ParseMoment(name, text);
          },
          description)
      ->type_name("TIME");
}

void AddScope(CLI::App& command, ReportScope& scope) {
  AddMoment(command, "--from", scope.start, "From then on (default: always)");
  AddMoment(command, "--to", scope.end, "Until then, itself left out");
  const auto add = [&](const char* name, const char* type,
                       const char* description, auto set) {
    command
        .add_option_function<std::string>(
            name,
            [set, &scope](const std::string& text) { set(scope.filter, text); },
            description)
        ->type_name(type);
  };
  add("--list", "LIST", "Only what this list found",
      [](auto& filter, const auto& text) { filter.set_list_id(text); });
  add("--issuer", "NAME", "Only what this issuer's lists found",
      [](auto& filter, const auto& text) { filter.set_issuer(text); });
  add("--jurisdiction", "CC", "Only what lists of this country, or EU, found",
      [](auto& filter, const auto& text) { filter.set_jurisdiction(text); });
  add("--class", "CLASS", "Only on this kind of platform",
      [](auto& filter, const auto& text) { filter.set_platform_class(text); });
  add("--tenant", "TENANT", "Only what was scanned for this tenant",
      [](auto& filter, const auto& text) { filter.set_tenant(text); });
}

}  // namespace

void AddAuditCommands(Grammar& grammar) {
  CLI::App* audit =
      grammar.app.add_subcommand("audit", "Prove what was done, and by whom");
  audit->require_subcommand(1);
  auto [show, shown] =
      grammar.Add<ShowAuditOptions>(*audit, "show", "Print the audit log");
  show->add_option("--after", shown->after_sequence,
                   "Only records after this number (default: all)")
      ->type_name("N");
  show->add_flag("--lines", shown->lines,
                 "As they stand in the log, for 'audit verify'");
  auto [verify, verified] = grammar.Add<VerifyAuditLogOptions>(
      *audit, "verify", "Prove a log whole, or name its first broken record");
  AddName(*verify, "PATH", verified->path,
          "The log's directory, or a file from 'audit show --lines'");
  verify
      ->add_option("--checkpoint", verified->checkpoints,
                   "A file of checkpoints that was kept elsewhere\n"
                   "(default: those in the directory)")
      ->type_name("FILE");
  verify
      ->add_option("--key", verified->key,
                   "The PEM of the key that has signed them\n"
                   "(default: public.pem in the directory)")
      ->type_name("FILE");
  verify->add_flag("--excerpt", verified->excerpt,
                   "It may begin after the first record");
  grammar.Add<CheckpointOptions>(
      *audit, "checkpoint",
      "Print how far the log goes, signed, to be kept elsewhere");
}

void AddReportCommands(Grammar& grammar) {
  CLI::App* report = grammar.app.add_subcommand(
      "report", "Account for what was found and decided");
  report->require_subcommand(1);
  auto [campaign, counted] =
      grammar.Add<CampaignOptions>(*report, "campaign", "Figures for a period");
  AddScope(*campaign, counted->scope);
  campaign->add_flag("--csv", counted->csv, "For spreadsheets");
  auto [compliance, clocked] = grammar.Add<ComplianceOptions>(
      *report, "compliance", "What became of the legal clocks of a period");
  AddScope(*compliance, clocked->scope);
  auto [reviewers, measured] =
      grammar.Add<ReviewersOptions>(*report, "reviewers", "How reviewers fare");
  AddMoment(*reviewers, "--from", measured->start,
            "From then on (default: always)");
  AddMoment(*reviewers, "--to", measured->end, "Until then, itself left out");
  auto [statements, stated] = grammar.Add<StatementsOptions>(
      *report, "statements",
      "A DSA statement of reasons for each removal, as JSON");
  AddScope(*statements, stated->scope);
}

}  // namespace lenscap::cli
