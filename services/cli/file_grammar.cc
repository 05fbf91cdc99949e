// lenscap scan, fingerprint, compare

#include <algorithm>
#include <vector>

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

void AddScan(Grammar& grammar) {
  auto [scan, options] = grammar.Add<ScanOptions>(
      grammar.app, "scan", "Scan files, directories or standard input",
      [](ScanOptions& options) {
        if (std::count(options.paths.begin(), options.paths.end(), "-") > 1) {
          Refuse("FILE", "standard input can be scanned once");
        }
        const Endpoint& endpoint = options.endpoint;
        if (!endpoint.policy_file.empty() && !endpoint.server.empty()) {
          Refuse("--policy", "a server decides by its own policy");
        }
      });
  scan->add_option("FILE", options->paths,
                   "Files; directories, with every video and image\n"
                   "below them; '-' for standard input")
      ->required()
      ->type_name("");
  scan->add_flag("--all-files", options->all_files,
                 "In directories, scan what does not look like\n"
                 "video or image, too");
  scan->add_flag("--explain", options->explain,
                 "Print reasons, every match and every cue");
  grammar.AddChoice<v1::Effort>(*scan, "--effort", options->effort,
                                {{"default", v1::EFFORT_UNSPECIFIED},
                                 {"triage", v1::EFFORT_TRIAGE},
                                 {"thorough", v1::EFFORT_THOROUGH}},
                                "How much to look at: keyframes alone is\n"
                                "triage, two frames a second is thorough");
  AddEvidence(*scan, options->evidence_directory);
  scan->add_option("--jobs", options->jobs,
                   "Files at a time (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, 256).description(""));
  scan->add_flag("--no-progress", options->no_progress,
                 "No progress bar, even on a terminal");
  scan->add_option("--content-id", options->content_id,
                   "The platform's name for a single file\n"
                   "(default: its SHA-256)")
      ->type_name("ID");
  scan->add_option("--account", options->account, "Who uploaded it")
      ->type_name("NAME");
  scan->add_option("--group", options->group, "Where it was posted")
      ->type_name("NAME");
  scan->add_option("--tenant", options->tenant,
                   "Whose turns it takes and whose limits count\n"
                   "(default: \"default\")")
      ->type_name("NAME");
  scan->add_option("--policy", options->endpoint.policy_file,
                   "Stand-alone: the policy to decide by\n"
                   "(default: the one built in)")
      ->type_name("FILE")
      ->group("Where");
  scan->footer(kExitCodes);
}

void AddFingerprint(Grammar& grammar) {
  auto [fingerprint, options] = grammar.Add<FingerprintFileOptions>(
      grammar.app, "fingerprint", "Print a file's hashes, without a server");
  AddName(*fingerprint, "FILE", options->path, "Video, image or '-'");
}

void AddCompare(Grammar& grammar) {
  auto [compare, options] = grammar.Add<CompareOptions>(
      grammar.app, "compare", "Find one file in another, without a server");
  AddName(*compare, "UPLOAD", options->upload, "Where to look");
  AddName(*compare, "CLIP", options->clip, "What to look for");
  compare->footer(kExitCodes);
}

}  // namespace

void AddFileCommands(Grammar& grammar) {
  AddScan(grammar);
  AddFingerprint(grammar);
  AddCompare(grammar);
}

}  // namespace lenscap::cli
