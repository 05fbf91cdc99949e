#include "lists/formats/loss_report.h"

#include <algorithm>

namespace lenscap {
namespace {

constexpr size_t kMaxWhatBytes = 200;
constexpr size_t kMaxIdBytes = 128;

}  // namespace

void LossReport::Add(absl::string_view what, absl::string_view entry_id) {
  what = what.substr(0, kMaxWhatBytes);
  const auto find = [&] {
    return std::find_if(losses_.begin(), losses_.end(),
                        [&](const Loss& loss) { return loss.what == what; });
  };
  auto loss = find();
  if (loss == losses_.end() && losses_.size() + 1 >= kMaxKinds) {
    what = "other kinds of loss, too many to name";
    loss = find();
  }
  if (loss == losses_.end()) {
    losses_.push_back({.what = std::string(what), .count = 0, .entry_ids = {}});
    loss = losses_.end() - 1;
  }
  ++loss->count;
  if (loss->entry_ids.size() < kMaxEntryIds && !entry_id.empty()) {
    loss->entry_ids.emplace_back(entry_id.substr(0, kMaxIdBytes));
  }
}

}  // namespace lenscap
