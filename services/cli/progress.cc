#include "services/cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

constexpr absl::Duration kRedraw = absl::Milliseconds(100);
constexpr absl::Duration kRecent = absl::Seconds(5);
constexpr size_t kBarColumns = 24;

size_t TerminalColumns(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string Bar(double share) {
  const auto filled = static_cast<size_t>(share * kBarColumns);
  return absl::StrCat("[", std::string(filled, '#'),
                      std::string(kBarColumns - filled, '-'), "]");
}

// The parts of the line, most useful first; "" where nothing is known yet.
std::vector<std::string> Parts(const ProgressState& state) {
  const bool known = state.total_known && state.total_bytes > 0;
  const double share =
      known ? std::clamp(state.done_bytes / state.total_bytes, 0.0, 1.0) : 0;
  std::vector<std::string> parts;
  if (known) parts.push_back(absl::StrFormat("%3.0f%%", share * 100));
  if (known && state.bytes_per_second > 0) {
    const absl::Duration left =
        absl::Seconds((1 - share) * state.total_bytes / state.bytes_per_second);
    parts.push_back(absl::StrCat(FormatTime(left, /*tenths=*/false), " left"));
  }
  if (state.files > 1) {
    parts.push_back(
        absl::StrFormat("%d/%d files", state.files_done, state.files));
  }
  if (state.bytes_per_second > 0) {
    parts.push_back(absl::StrCat(FormatBytes(state.bytes_per_second), "/s"));
  }
  if (known) {
    parts.insert(parts.begin() + 1, Bar(share));
  } else {
    parts.push_back(FormatTime(state.elapsed, /*tenths=*/false));
  }
  return parts;
}

void WriteAll(int descriptor, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(descriptor, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // A lost terminal is no reason to stop the scan.
    text.remove_prefix(static_cast<size_t>(n));
  }
}

}  // namespace

std::string RenderProgress(const ProgressState& state, size_t columns) {
  std::string line;
  for (const std::string& part : Parts(state)) {
    const size_t gap = line.empty() ? 0 : 2;
    if (line.size() + gap + part.size() > columns) continue;
    absl::StrAppend(&line, std::string(gap, ' '), part);
  }
  constexpr size_t kShortestName = 8;
  if (!state.current.empty() && line.size() + 2 + kShortestName <= columns) {
    absl::StrAppend(&line, "  ",
                    FitTail(state.current, columns - line.size() - 2));
  }
  return line;
}

ProgressBar::ProgressBar(const std::vector<InputFile>& files, int descriptor,
                         const Clock* clock)
    : descriptor_(descriptor),
      visible_(isatty(descriptor) == 1),
      clock_(clock),
      started_(clock->Now()),
      files_(files),
      shares_(files.size(), 0),
      history_({{started_, 0}}) {
  state_.files = files.size();
  for (const InputFile& file : files) {
    if (file.bytes >= 0) {
      state_.total_bytes += static_cast<double>(file.bytes);
    } else if (file.status.ok()) {
      state_.total_known = false;
    }
  }
}

ProgressBar::~ProgressBar() {
  if (visible_) WriteAll(descriptor_, "\r\x1b[K");
}

void ProgressBar::Update(size_t file, double share) {
  std::lock_guard lock(mutex_);
  const double grown = std::clamp(share, shares_[file], 1.0) - shares_[file];
  shares_[file] += grown;
  if (files_[file].bytes > 0) {
    state_.done_bytes += grown * static_cast<double>(files_[file].bytes);
  }
  Draw(file);
}

void ProgressBar::Finish(size_t file) {
  Update(file, 1);
  std::lock_guard lock(mutex_);
  ++state_.files_done;
  if (state_.files_done == state_.files) drawn_ = absl::InfinitePast();
  Draw(file);
}

double ProgressBar::RecentBytesPerSecond(absl::Time now) {
  while (history_.size() > 1 && now - history_[1].first >= kRecent) {
    history_.pop_front();
  }
  history_.emplace_back(now, state_.done_bytes);
  const auto& [since, done_then] = history_.front();
  const double seconds = absl::ToDoubleSeconds(now - since);
  return seconds > 0 ? (state_.done_bytes - done_then) / seconds : 0;
}

void ProgressBar::Draw(size_t file) {
  const absl::Time now = clock_->Now();
  if (!visible_ || now - drawn_ < kRedraw) return;
  drawn_ = now;
  state_.elapsed = now - started_;
  state_.bytes_per_second = RecentBytesPerSecond(now);
  state_.current = Printable(files_[file].path);
  // One column stays free: some terminals wrap when the last one is filled.
  const size_t columns = TerminalColumns(descriptor_) - 1;
  WriteAll(descriptor_,
           absl::StrCat("\r", RenderProgress(state_, columns), "\x1b[K"));
}

}  // namespace lenscap::cli
