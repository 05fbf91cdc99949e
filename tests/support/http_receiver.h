#ifndef LENSCAP_TESTS_SUPPORT_HTTP_RECEIVER_H_
#define LENSCAP_TESTS_SUPPORT_HTTP_RECEIVER_H_

#include <openssl/ssl.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace lenscap {

// A request as it came, header names in small letters.
struct ReceivedPost {
  std::string target;  // "/hook".
  std::map<std::string, std::string> headers;
  std::string body;
};

struct ReceiverReply {
  int status = 200;
  std::string headers = {};  // Each with its line end.
  std::string body = {};
  enum class Manner {
    kAnswer,
    kHang,   // Until the receiver goes, or LetGo is called.
    kClose,  // Without a word.
    kCut,    // After the head and half the body.
  } manner = Manner::kAnswer;
};

// A small HTTP server on a free port of loopback: what a webhook is posted to,
// well or ill behaved as `reply` says (called by many threads at once). With a
// certificate and key in PEM it speaks TLS. Thread-safe.
class HttpReceiver {
 public:
  using Reply = std::function<ReceiverReply(const ReceivedPost&)>;

  explicit HttpReceiver(Reply reply, const std::string& certificate = "",
                        const std::string& key = "");
  ~HttpReceiver();

  int port() const { return port_; }
  // "http://127.0.0.1:PORT/hook", or "https://localhost:PORT/hook".
  std::string url() const;

  std::vector<ReceivedPost> posts() const;
  // Returns once so many have come in all.
  void WaitFor(size_t count);
  // The most that were being answered at a time.
  size_t most_at_a_time() const;
  // Ends what hangs.
  void LetGo();

 private:
  class Connection;
  void Accept();
  void Serve(int socket);
  ReceiverReply Take(const ReceivedPost& post);

  const Reply reply_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> tls_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // Guarded by mutex_, as what follows.
  int let_go_ = 0;
  size_t at_a_time_ = 0;
  size_t most_at_a_time_ = 0;
  std::vector<ReceivedPost> posts_;
  std::set<int> open_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SUPPORT_HTTP_RECEIVER_H_
