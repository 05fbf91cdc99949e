// How long it takes to look at what all cases rest on, and to count a campaign:
// over as many cases as the command line says (100,000), with reports of some
// 4 KiB each, of which every tenth cites an entry that was withdrawn.

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "takedown/campaign.h"
#include "takedown/decided.h"
#include "takedown/local_queue.h"
#include "takedown/recheck.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

void Submit(TakedownQueue& cases, int i) {
  v1::Case opened;
  opened.set_content_id(absl::StrCat(i));
  opened.set_account(absl::StrCat("account ", i % 1000));
  v1::ClipMatch& match = *opened.mutable_report()->add_matches();
  match.set_list_id("list");
  match.set_entry_id(absl::StrCat("entry ", i % 1000));
  match.set_kind(v1::ClipMatch::KIND_FRAMES);
  opened.mutable_report()->mutable_verdict()->add_reasons(
      std::string(4096, 'x'));
  if (!cases.Submit(opened).ok()) std::abort();
}

template <typename Work>
void Time(const char* what, const Work& work) {
  const absl::Time start = absl::Now();
  const std::string said = work();
  std::cout << what << ": " << absl::Now() - start << " " << said << std::endl;
}

void Run(int count) {
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  const auto cases = *OpenLocalQueue({.directory = MakeTempDirectory()});
  for (int i = 0; i < count; ++i) Submit(*cases, i);
  const WithdrawalOf every_tenth =
      [](absl::string_view,
         absl::string_view entry) -> absl::StatusOr<std::optional<Withdrawal>> {
    if (entry.back() != '0') return std::nullopt;
    return Withdrawal{"wrong clip"};
  };
  const auto recheck = [&] {
    const auto done = *RecheckCases(*cases, every_tenth);
    return absl::StrCat(done.cases, " cases, ", done.marked, " marked");
  };
  Time("first look", recheck);
  Time("second look", recheck);
  Time("campaign", [&] {
    CampaignCounter counter(
        {}, {}, [](absl::string_view) { return std::vector<std::string>(); });
    const auto status = cases->ForEachUpload(
        [&](const v1::Case& opened, const v1::CaseUpload& upload) {
          counter.Add(AsCase(opened, upload));
          return absl::OkStatus();
        });
    return absl::StrCat(counter.Finish().items_found(), " found");
  });
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  lenscap::Run(argc > 1 ? std::atoi(argv[1]) : 100'000);
}
