#ifndef LENSCAP_SERVICES_CLI_PROGRESS_H_
#define LENSCAP_SERVICES_CLI_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "base/clock.h"
#include "services/cli/file_walk.h"

namespace lenscap::cli {

// How far a scan of several files is.
struct ProgressState {
  size_t files = 0;
  size_t files_done = 0;
  double total_bytes = 0;
  double done_bytes = 0;    // A file counts by the share that is done.
  bool total_known = true;  // False where a pipe is among the files.
  // Of late: sending a file and decoding it go at different speeds.
  double bytes_per_second = 0;
  absl::Duration elapsed;
  std::string current;  // The file that moved last; printable.
};

// One line of at most `columns` columns: a bar, the share, files, rate, time
// left and the current file, as far as they fit.
std::string RenderProgress(const ProgressState& state, size_t columns);

// Draws that line over itself on a terminal, a few times a second, and takes
// it away at the end. Where `descriptor` is no terminal it draws nothing.
// Thread-safe.
class ProgressBar {
 public:
  // `clock` must outlive the bar; `descriptor` is not closed.
  ProgressBar(const std::vector<InputFile>& files, int descriptor,
              const Clock* clock = Clock::Real());
  ~ProgressBar();

  // `share` of the file is done, 0 to 1; it never goes back.
  void Update(size_t file, double share);
  // The file needs no more work, however that came.
  void Finish(size_t file);

 private:
  void Draw(size_t file);
  // Also forgets what is long ago.
  double RecentBytesPerSecond(absl::Time now);

  const int descriptor_;
  const bool visible_;
  const Clock* const clock_;
  const absl::Time started_;
  const std::vector<InputFile> files_;

  std::mutex mutex_;  // Guards what follows.
  std::vector<double> shares_;
  // When how much was done, of the last few seconds, oldest first.
  std::deque<std::pair<absl::Time, double>> history_;
  ProgressState state_;
  absl::Time drawn_ = absl::InfinitePast();
};

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_PROGRESS_H_
