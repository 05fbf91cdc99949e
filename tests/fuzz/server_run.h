#ifndef LENSCAP_TESTS_FUZZ_SERVER_RUN_H_
#define LENSCAP_TESTS_FUZZ_SERVER_RUN_H_

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace lenscap {

// What a server is shot at with, and how.
struct ServerRunOptions {
  int files = 1000;  // All hostile files, then mutants up to this number.
  uint64_t seed = 1;
  int jobs = 2;        // Scans at a time.
  std::string server;  // lenscapd; the one built beside this where empty.
  // A scan that takes longer counts as a hang.
  absl::Duration deadline = absl::Seconds(30);
  std::string keep;      // Files that did harm are put there; made if absent.
  bool metrics = false;  // Asks the server for its own count as well.
};

struct ServerRunResult {
  int64_t files = 0;
  int64_t seeds = 0;
  std::map<std::string, int64_t> verdicts;    // By name.
  std::map<std::string, int64_t> unreadable;  // By the reason's first words.
  std::map<std::string, int64_t> refused;     // By the call's status code.
  std::vector<std::string> metrics;           // Lines on unreadable files.
  std::vector<std::string> crashes;           // Names of the files kept.
  std::vector<std::string> hangs;
  std::vector<std::string> broken;  // Reports without a verdict or a reason.
  int64_t network_escapes = 0;
  int64_t file_escapes = 0;
  int64_t server_peak = 0;  // Resident bytes.
  int64_t child_peak = 0;
  int64_t children_seen = 0;
  absl::Duration slowest;
  std::string slowest_file;
  absl::Duration elapsed;

  bool harmless() const {
    return crashes.empty() && hangs.empty() && broken.empty() &&
           network_escapes == 0 && file_escapes == 0;
  }
};

// Streams hostile files to a real server with an empty index and no models,
// and watches what becomes of it. A server that dies is started again; the
// files that were open then are tried again one by one, to find the one.
ServerRunResult RunServerUnderFire(const ServerRunOptions& options);

std::ostream& operator<<(std::ostream& out, const ServerRunResult& result);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FUZZ_SERVER_RUN_H_
