#ifndef LENSCAP_TESTS_CLI_LENSCAP_PROCESS_H_
#define LENSCAP_TESTS_CLI_LENSCAP_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lenscap::cli {

// The programs under test, among this test's runfiles.
std::string LenscapPath();
std::string LenscapdPath();

struct Outcome {
  int exit_code = -1;  // -1 where a signal ended it.
  std::string out;
  std::string err;
};

// How a process is started. Of the environment it gets PATH, HOME and
// `environment` alone.
struct ProcessOptions {
  std::map<std::string, std::string> environment;
  std::string input_file = "/dev/null";
};

// Runs `lenscap` with the arguments to its end.
Outcome Lenscap(const std::vector<std::string>& arguments,
                const ProcessOptions& options = {});

// Runs `lenscap` on a terminal of its own, `columns` wide; what it wrote there,
// standard output and standard error together, is in `out`.
Outcome LenscapOnTerminal(const std::vector<std::string>& arguments,
                          uint16_t columns);

// A program that runs until it is stopped, at the latest with this object.
class Process {
 public:
  Process(const std::string& path, const std::vector<std::string>& arguments);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The next line of its standard output, without its end; "" at the end.
  std::string ReadLine();
  // SIGTERM, then its exit code (-1 where a signal ended it).
  int Stop();

 private:
  pid_t child_ = -1;
  int out_ = -1;
};

// lenscapd on a port of its choice, over `data_directory`.
class ServerProcess {
 public:
  explicit ServerProcess(const std::string& data_directory);
  const std::string& address() const { return address_; }

 private:
  Process process_;
  std::string address_;
};

}  // namespace lenscap::cli

#endif  // LENSCAP_TESTS_CLI_LENSCAP_PROCESS_H_
