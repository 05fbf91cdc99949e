#include "services/flood_check.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "models/cue.h"
#include "proto/lenscap/v1/verdict.pb.h"
#include "verdict/verdict.h"

namespace lenscap {
namespace {

constexpr int kPage = 100;
constexpr size_t kMaxEntries = 20;

// The newest clean uploads, newest first.
absl::StatusOr<std::vector<uint64_t>> CleanUploads(const UploadStore& uploads,
                                                   absl::Time since,
                                                   int max_uploads) {
  std::vector<uint64_t> clean;
  uint64_t end = std::numeric_limits<uint64_t>::max();
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<KeptUpload> page,
                     uploads.ListNewest(end, kPage));
    for (const KeptUpload& upload : page) {
      if (upload.kept < since || std::ssize(clean) >= max_uploads) return clean;
      if (upload.action == v1::ACTION_ALLOW) clean.push_back(upload.sequence);
    }
    if (page.size() < kPage) return clean;
    end = page.back().sequence;
  }
}

// The entries that the policy would act on in the upload.
std::set<std::string> ActedOn(std::vector<ClipMatch> matches,
                              const v1::Policy& policy) {
  std::set<std::string> entries;
  for (ClipMatch& match : matches) {
    match.shadow = false;
    const v1::Action action = Decide({match}, CueReport(), policy).action();
    if (action != v1::ACTION_ALLOW) entries.insert(match.entry_id);
  }
  return entries;
}

void AddEntries(const std::map<std::string, int64_t>& uploads_of,
                v1::FloodReport* report) {
  std::vector<std::pair<std::string, int64_t>> most(uploads_of.begin(),
                                                    uploads_of.end());
  std::stable_sort(most.begin(), most.end(), [](const auto& a, const auto& b) {
    return a.second > b.second;
  });
  most.resize(std::min(most.size(), kMaxEntries));
  for (const auto& [entry_id, uploads] : most) {
    v1::FloodReport::Entry& entry = *report->add_entries();
    entry.set_entry_id(entry_id);
    entry.set_uploads(uploads);
  }
}

}  // namespace

absl::StatusOr<FloodResult> CheckFlood(const ClipMatcher& added,
                                       const UploadStore& uploads,
                                       absl::Time now,
                                       const FloodOptions& options) {
  ASSIGN_OR_RETURN(
      const std::vector<uint64_t> clean,
      CleanUploads(uploads, now - options.within, options.max_uploads));
  int64_t checked = 0;
  int64_t matched = 0;
  std::map<std::string, int64_t> uploads_of;  // By entry.
  for (const uint64_t sequence : clean) {
    const auto fingerprint = uploads.Fingerprint(sequence);
    if (absl::IsNotFound(fingerprint.status()) ||
        absl::IsDataLoss(fingerprint.status())) {
      continue;
    }
    RETURN_IF_ERROR(fingerprint.status());
    ++checked;
    const auto entries = ActedOn(added.Match(*fingerprint), options.policy);
    matched += !entries.empty();
    for (const std::string& entry_id : entries) ++uploads_of[entry_id];
  }
  FloodResult result;
  result.report.set_uploads_checked(checked);
  result.report.set_uploads_matched(matched);
  result.report.set_max_share(options.max_share);
  AddEntries(uploads_of, &result.report);
  result.flood = checked >= options.min_checked &&
                 matched >= options.min_matched &&
                 static_cast<double>(matched) >
                     options.max_share * static_cast<double>(checked);
  return result;
}

}  // namespace lenscap
