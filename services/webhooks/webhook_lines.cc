#include "services/webhooks/webhook_lines.h"

#include <algorithm>
#include <utility>

namespace lenscap {

void WebhookLines::ClearHead(const std::string& name, Line& line) {
  if (line.head == 0) return;
  heads_.erase({line.members.at(line.head).due, line.head, name});
  line.head = 0;
}

void WebhookLines::SetHead(const std::string& name, Line& line) {
  ClearHead(name, line);
  if (line.under_way || line.members.empty()) return;
  const Waiting& first = line.members.begin()->second;
  line.head = first.number;
  heads_.insert({first.due, first.number, name});
}

void WebhookLines::Add(Waiting waiting) {
  const std::string name = waiting.line;
  Line& line = lines_[name];
  ClearHead(name, line);
  const uint64_t number = waiting.number;
  if (line.members.emplace(number, std::move(waiting)).second) ++size_;
  SetHead(name, line);
}

std::optional<WebhookLines::Waiting> WebhookLines::Take(absl::Time now) {
  if (heads_.empty() || std::get<0>(*heads_.begin()) > now) {
    return std::nullopt;
  }
  Line& line = lines_[std::get<2>(*heads_.begin())];
  Waiting taken = line.members.at(line.head);
  ClearHead(taken.line, line);
  line.under_way = true;
  ++under_way_;
  return taken;
}

void WebhookLines::Finish(const Waiting& taken) {
  const auto found = lines_.find(taken.line);
  if (found == lines_.end()) return;
  --under_way_;
  found->second.under_way = false;
  size_ -= found->second.members.erase(taken.number);
  if (found->second.members.empty()) {
    lines_.erase(found);
  } else {
    SetHead(taken.line, found->second);
  }
}

void WebhookLines::Retry(const Waiting& taken, absl::Time due) {
  const auto found = lines_.find(taken.line);
  if (found == lines_.end()) return;
  --under_way_;
  found->second.under_way = false;
  Waiting& again = found->second.members.at(taken.number);
  again.due = due;
  again.token = taken.token;
  SetHead(taken.line, found->second);
}

void WebhookLines::Hasten(absl::Time now) {
  for (auto& [name, line] : lines_) {
    ClearHead(name, line);
    for (auto& [number, waiting] : line.members) {
      waiting.due = std::min(waiting.due, now);
    }
    SetHead(name, line);
  }
}

bool WebhookLines::Busy(absl::Time now) const {
  return under_way_ > 0 ||
         (!heads_.empty() && std::get<0>(*heads_.begin()) <= now);
}

absl::Time WebhookLines::Oldest() const {
  absl::Time oldest = absl::InfiniteFuture();
  for (const auto& [name, line] : lines_) {
    for (const auto& [number, waiting] : line.members) {
      oldest = std::min(oldest, waiting.happened);
    }
  }
  return oldest;
}

}  // namespace lenscap
