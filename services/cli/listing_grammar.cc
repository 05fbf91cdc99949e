// lenscap listing ...

#include "services/cli/grammar.h"

namespace lenscap::cli {

void AddListingCommands(Grammar& grammar) {
  CLI::App* listing = grammar.app.add_subcommand(
      "listing", "Review what is offered for sale or posted");
  listing->require_subcommand(1);
  auto [review, options] = grammar.Add<ReviewListingsOptions>(
      *listing, "review", "Review a file of listings or posts");
  AddName(*review, "FILE", options->path,
          "CSV with a header, or a listing a line as\n"
          "JSON; '-' for standard input");
  CLI::Option* json = review->get_option("--json");
  grammar.AddChoice<ListingFormat>(*review, "--format", options->format,
                                   {{"table", ListingFormat::kTable},
                                    {"ndjson", ListingFormat::kNdjson},
                                    {"csv", ListingFormat::kCsv}},
                                   "What to print (default: table)");
  review->get_option("--format")->excludes(json);
  review->add_flag("--all", options->all,
                   "In the table, show what is allowed, too");
  review
      ->add_option("--photos", options->photos,
                   "Where photo_files lie (default: beside FILE)")
      ->type_name("DIR");
  review
      ->add_option("--tenant", options->tenant,
                   "Whose they are, where they do not say\n"
                   "(default: \"default\")")
      ->type_name("NAME");
  review
      ->add_option("--resume-after", options->after,
                   "Begin behind the listing with this id, as\n"
                   "after a run that was interrupted")
      ->type_name("ID");
  review->add_flag("--no-progress", options->no_progress,
                   "No progress bar, even on a terminal");
  review->footer(kExitCodes);
}

}  // namespace lenscap::cli
