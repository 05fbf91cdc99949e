// lenscap intake ...

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

template <typename Set>
void AddText(CLI::App& command, const std::string& name,
             const std::string& type, const std::string& description,
             bool required, Set set) {
  command
      .add_option_function<std::string>(
          name, [set](const std::string& text) { set(text); }, description)
      ->required(required)
      ->type_name(type);
}

void AddSubmit(Grammar& grammar, CLI::App& intake) {
  auto [submit, options] = grammar.Add<SubmitReportOptions>(
      intake, "submit", "Report, for somebody, that footage shows them");
  submit
      ->add_option("FILE", options->file,
                   "The footage, of which hashes are kept; '-' reads a pipe")
      ->type_name("");
  auto* header = &options->header;
  header->set_relation(v1::ReportHeader::RELATION_SELF);
  AddText(*submit, "--statement", "TEXT", "What it shows, and why it must go",
          true, [header](const auto& text) { header->set_statement(text); });
  AddText(*submit, "--name", "NAME", "Who reports", true,
          [header](const auto& text) { header->set_name(text); });
  AddText(*submit, "--contact", "TEXT", "How to reach them", true,
          [header](const auto& text) { header->set_contact(text); });
  AddText(*submit, "--signature", "NAME", "The name again, in good faith", true,
          [header](const auto& text) { header->set_signature(text); });
  submit->add_flag_callback(
      "--representative",
      [header] {
        header->set_relation(v1::ReportHeader::RELATION_REPRESENTATIVE);
      },
      "For somebody else: a parent, a lawyer, a hotline");
  submit
      ->add_option_function<std::vector<std::string>>(
          "--link",
          [header](const std::vector<std::string>& links) {
            header->mutable_links()->Assign(links.begin(), links.end());
          },
          "Where it was seen")
      ->type_name("URL");
  submit
      ->add_option_function<std::vector<std::string>>(
          "--content-id",
          [header](const std::vector<std::string>& ids) {
            header->mutable_content_ids()->Assign(ids.begin(), ids.end());
          },
          "The platform's own name of an upload that shows it")
      ->type_name("ID");
  AddText(*submit, "--tenant", "NAME", "Whose upload it is", false,
          [header](const auto& text) { header->set_tenant(text); });
  AddText(*submit, "--language", "TAG", "To answer in, such as zh-CN", false,
          [header](const auto& text) { header->set_language(text); });
}

void AddAnswer(Grammar& grammar, CLI::App& intake, bool accept) {
  auto [answer, options] = grammar.Add<AnswerReportOptions>(
      intake, accept ? "accept" : "reject",
      accept ? "Believe it: its footage is looked for from now on"
             : "Answer that nothing is done, and why");
  options->accept = accept;
  AddName(*answer, "REPORT", options->report_id, "The report's id");
  answer->add_option("--answer", options->answer, "What who reported is told")
      ->required(!accept)
      ->type_name("TEXT");
}

}  // namespace

void AddIntakeCommands(Grammar& grammar) {
  CLI::App* intake = grammar.app.add_subcommand(
      "intake", "Reports of people who are shown in footage");
  intake->require_subcommand(1);
  AddSubmit(grammar, *intake);
  auto [status, stands] = grammar.Add<ReportStatusOptions>(
      *intake, "status", "Where a report stands, for who sent it");
  AddName(*status, "REPORT", stands->report_id, "The report's id");
  AddName(*status, "RECEIPT", stands->receipt, "From 'intake submit'");
  auto [ls, listed] = grammar.Add<ListReportsOptions>(
      *intake, "ls", "Reports in one state, without who sent them");
  grammar.AddChoice<v1::VictimReport::State>(
      *ls, "--state", listed->state,
      {{"waiting", v1::VictimReport::STATE_WAITING},
       {"accepted", v1::VictimReport::STATE_ACCEPTED},
       {"rejected", v1::VictimReport::STATE_REJECTED}},
      "Which (default: waiting)");
  auto [show, shown] = grammar.Add<ShowReportOptions>(
      *intake, "show", "All that a report says, which is on record");
  AddName(*show, "REPORT", shown->report_id, "The report's id");
  AddAnswer(grammar, *intake, /*accept=*/true);
  AddAnswer(grammar, *intake, /*accept=*/false);
}

}  // namespace lenscap::cli
