#ifndef LENSCAP_TESTS_FUZZ_CANARIES_H_
#define LENSCAP_TESTS_FUZZ_CANARIES_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace lenscap {

// Listens on loopback and counts who calls; nobody should. A caller is counted
// before it is hung up on. Thread-safe.
class NetworkCanary {
 public:
  NetworkCanary();
  ~NetworkCanary();
  NetworkCanary(const NetworkCanary&) = delete;
  NetworkCanary& operator=(const NetworkCanary&) = delete;

  std::string host() const;  // "127.0.0.1:PORT"
  int64_t calls() const { return calls_; }

 private:
  void Serve();

  const int socket_;
  std::atomic<int64_t> calls_ = 0;
  std::thread server_;
};

// Watches a file that nobody should touch (inotify). Not thread-safe.
class FileCanary {
 public:
  explicit FileCanary(const std::string& path);
  ~FileCanary();
  FileCanary(const FileCanary&) = delete;
  FileCanary& operator=(const FileCanary&) = delete;

  // How often it was opened or read so far.
  int64_t CountTouches();

 private:
  int inotify_ = -1;
  int64_t touches_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FUZZ_CANARIES_H_
