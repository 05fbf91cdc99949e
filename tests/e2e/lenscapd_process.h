#ifndef LENSCAP_TESTS_E2E_LENSCAPD_PROCESS_H_
#define LENSCAP_TESTS_E2E_LENSCAPD_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "grpcpp/channel.h"

namespace lenscap {

// The real lenscapd in a process of its own, on a free port of loopback.
class LenscapdProcess {
 public:
  struct Options {
    std::string data_directory;
    std::vector<std::string> flags;
    // Where positive: once it listens, no file of the process may grow beyond
    // so many bytes.
    int64_t max_file_bytes = 0;
    std::string binary = {};             // Where empty, the one built here.
    std::string working_directory = {};  // Where empty, this process's.
  };

  // What a program that ends by itself said.
  struct Ended {
    int exit_code = -1;  // 128 and the signal's number where one ended it.
    std::string output;
    std::string log;
  };
  // Runs lenscapd with these flags alone and waits for its end.
  static Ended Run(const std::vector<std::string>& flags);

  // Starts it and waits until it listens; null, and the test fails, with its
  // log, where it ends before that.
  static std::unique_ptr<LenscapdProcess> Start(const Options& options);
  ~LenscapdProcess();  // Kills it if it still runs.

  const std::string& address() const { return address_; }
  // A new connection.
  std::shared_ptr<grpc::Channel> Connect() const;

  pid_t pid() const { return pid_; }

  // The exit code, as above, where it has ended by itself.
  std::optional<int> CheckEnded();
  // Sends the signal and waits for the end; the exit code as above.
  int Stop(int signal);
  // What it wrote to standard error so far.
  std::string Log() const;

 private:
  LenscapdProcess() = default;

  pid_t pid_ = -1;  // -1 once it has ended.
  std::string address_;
  std::string log_file_;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_E2E_LENSCAPD_PROCESS_H_
