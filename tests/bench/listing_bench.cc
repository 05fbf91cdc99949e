// What the review of a listing's text costs: by RuleEngine as a whole, by the
// normaliser in it, and beside it by RE2::Set with the same keys, as they stand
// over the text as it stands, and normalised over the normalised views. A set
// says only which keys are there: neither where, nor whether they are words.
//
//   bazel run //tests/bench:listing_bench

#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "listings/detection.h"
#include "listings/normalized_text.h"
#include "listings/rule_engine.h"
#include "listings/starter_packs.h"
#include "re2/re2.h"
#include "re2/set.h"
#include "tests/listings/labelled_listings.h"

ABSL_FLAG(int, runs, 7, "runs of each, in turns; the median is printed");
ABSL_FLAG(double, seconds, 0.5, "processor time that a run takes at least");
ABSL_FLAG(std::string, only, "", "the ways with this in their names alone");
ABSL_FLAG(int, set_mebibytes, 512, "memory that each RE2::Set may take");

namespace lenscap {
namespace {

// Of this process, which has one thread: what else the machine does counts less
// than in time that passes.
double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

template <typename T>
T OrFail(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::cerr << "listing_bench: " << value.status() << "\n";
  std::exit(1);
}

std::vector<std::string> FieldsOf(const ListingText& text) {
  std::vector<std::string> fields = {text.title, text.description,
                                     text.category};
  for (const auto& [name, value] : text.attributes) fields.push_back(value);
  return fields;
}

// Listings of all parts; longer ones go on with the descriptions of the next
// `more`.
std::vector<ListingText> Listings(int more) {
  std::vector<ListingText> all, longer;
  for (const LabelledPart& part : OrFail(ReadLabelledParts())) {
    for (const LabelledListing& listing : part.listings) {
      all.push_back(listing.text);
    }
  }
  longer = all;
  for (size_t i = 0; i < all.size(); ++i) {
    for (int j = 1; j <= more; ++j) {
      absl::StrAppend(&longer[i].description, "\n",
                      all[(i + j) % all.size()].description);
    }
  }
  return longer;
}

// The distinct keys of all rules, as `text` makes them; without those that it
// makes nothing of.
class KeySet {
 public:
  using MakeText =
      std::function<std::string(const DetectionEntry&, const std::string&)>;

  explicit KeySet(const MakeText& text) {
    std::set<std::string> patterns;
    for (const StarterPack& starter : StarterPacks()) {
      for (const Rule& rule : starter.pack->rules) {
        for (const auto& selection : rule.detection->selections()) {
          for (const DetectionEntry& entry : selection.entries) {
            if (entry.bound) continue;
            for (const DetectionKey& key : entry.keys) {
              const std::string made = text(entry, key.text);
              if (made.empty()) continue;
              patterns.insert(entry.expressions ? made : RE2::QuoteMeta(made));
            }
          }
        }
      }
    }
    size_ = patterns.size();
    RE2::Options options;
    options.set_max_mem(int64_t{absl::GetFlag(FLAGS_set_mebibytes)} << 20);
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    set_ = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (const std::string& pattern : patterns) {
      if (set_->Add(pattern, nullptr) < 0) std::exit(1);
    }
    if (!set_->Compile()) {
      std::cerr << "listing_bench: RE2::Set takes too much memory\n";
      std::exit(1);
    }
  }

  size_t size() const { return size_; }

  // How many keys the text has.
  size_t Match(absl::string_view text) {
    RE2::Set::ErrorInfo error;
    if (!set_->Match(re2::StringPiece(text.data(), text.size()), &found_,
                     &error)) {
      failures_ += error.kind == RE2::Set::kOutOfMemory;
      return 0;
    }
    return found_.size();
  }

  int64_t failures() const { return failures_; }

 private:
  std::unique_ptr<RE2::Set> set_;
  size_t size_ = 0;
  std::vector<int> found_;
  int64_t failures_ = 0;
};

// One way of looking at a listing; `look` returns something that depends on all
// of its work.
struct Way {
  std::string name;
  std::function<size_t(size_t listing)> look;
  std::vector<double> rates = {};
};

void Time(const std::string& title, const std::vector<ListingText>& listings,
          std::vector<Way>& ways) {
  std::erase_if(ways, [](const Way& way) {
    return !absl::StrContains(way.name, absl::GetFlag(FLAGS_only));
  });
  double bytes = 0;
  for (const ListingText& listing : listings) {
    for (const std::string& field : FieldsOf(listing)) bytes += field.size();
  }
  bytes /= static_cast<double>(listings.size());
  size_t total = 0;
  for (int run = 0; run < absl::GetFlag(FLAGS_runs); ++run) {
    for (Way& way : ways) {
      const double start = CpuSeconds();
      double looked = 0;
      do {
        for (size_t i = 0; i < listings.size(); ++i) total += way.look(i);
        looked += static_cast<double>(listings.size());
      } while ((CpuSeconds() - start) < absl::GetFlag(FLAGS_seconds));
      way.rates.push_back(looked / (CpuSeconds() - start));
    }
  }
  absl::PrintF("%s: %d listings of %.0f bytes on average\n", title,
               listings.size(), bytes);
  for (Way& way : ways) {
    std::sort(way.rates.begin(), way.rates.end());
    const double median = way.rates[way.rates.size() / 2];
    absl::PrintF(
        "  %-44s %8.0f listings/s  %6.1f us  %6.1f MB/s  (%.0f to %.0f)\n",
        way.name, median, 1e6 / median, median * bytes / 1e6, way.rates.front(),
        way.rates.back());
  }
  if (total == 0) std::exit(1);
}

void Run(const std::string& title, const std::vector<ListingText>& listings) {
  std::vector<std::shared_ptr<const RulePack>> packs;
  for (const StarterPack& starter : StarterPacks()) {
    packs.push_back(starter.pack);
  }
  const auto engine = OrFail(RuleEngine::Compile(packs, {}));
  const absl::Time now = absl::Now();
  std::vector<std::vector<std::string>> fields;
  std::vector<std::vector<NormalizedText>> normalized;
  for (const ListingText& listing : listings) {
    fields.push_back(FieldsOf(listing));
    auto& texts = normalized.emplace_back(fields.back().size());
    for (size_t i = 0; i < texts.size(); ++i) {
      Normalizer::Get().Normalize(fields.back()[i], &texts[i]);
    }
  }
  KeySet plain(
      [](const DetectionEntry&, const std::string& key) { return key; });
  std::vector<KeySet> by_view;
  for (int v = 0; v < kTextViews; ++v) {
    by_view.emplace_back(
        [v](const DetectionEntry& entry, const std::string& key) {
          const TextView view = static_cast<TextView>(v);
          if ((ViewsOf(entry, key) & MaskOf(view)) == 0) return std::string();
          if (entry.expressions) return key;
          return Normalizer::Get().NormalizeKey(key, view);
        });
  }
  NormalizedText scratch;
  std::vector<Way> ways = {
      {"RuleEngine::Review",
       [&](size_t i) { return engine->Review(listings[i], now).hits.size(); }},
      {"of that, Normalize",
       [&](size_t i) {
         size_t size = 0;
         for (const std::string& field : fields[i]) {
           if (field.empty()) continue;
           Normalizer::Get().Normalize(field, &scratch);
           size += scratch.view(TextView::kTight).size();
         }
         return size;
       }},
      {absl::StrCat("RE2::Set of ", plain.size(), " keys, text as it stands"),
       [&](size_t i) {
         size_t found = 0;
         for (const std::string& field : fields[i]) found += plain.Match(field);
         return found;
       }},
      {absl::StrCat("RE2::Set of ", by_view[0].size(), ", ", by_view[1].size(),
                    " and ", by_view[2].size(), " keys, views"),
       [&](size_t i) {
         size_t found = 0;
         for (const NormalizedText& text : normalized[i]) {
           for (int v = 0; v < kTextViews; ++v) {
             found += by_view[v].Match(text.view(static_cast<TextView>(v)));
           }
         }
         return found;
       }},
  };
  Time(title, listings, ways);
  int64_t failures = plain.failures();
  for (const KeySet& set : by_view) failures += set.failures();
  if (failures > 0) {
    absl::PrintF("  RE2::Set ran out of memory %d times\n", failures);
  }
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  lenscap::Run("as they are", lenscap::Listings(0));
  lenscap::Run("longer", lenscap::Listings(8));
}
