#ifndef LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_SENDER_H_
#define LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_SENDER_H_

#include <atomic>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "services/webhooks/webhook_address.h"
#include "services/webhooks/webhook_signature.h"

namespace lenscap {

struct WebhookPost {
  std::string url;  // As CheckWebhookUrl has it.
  WebhookReach reach = WebhookReach::kPublic;
  WebhookHeaders headers;
  std::string body;
};

// What came of a post. What the receiver says in its body is nobody's: an
// endpoint must not be a way to read what stands behind our walls.
struct WebhookAnswer {
  int http_status = 0;  // 0 where there was none.
  std::string error;    // "" where it was taken: 2xx, and nothing else.
  // When to try again, as the receiver asks; zero where it does not.
  absl::Duration retry_after;

  bool taken() const { return error.empty(); }
};

// Posts webhooks, one at a time, over connections that are kept. Redirects are
// not followed, proxies and credentials of the environment not used, TLS is
// verified; of an answer at most 64 KiB are read. One thread at a time.
class WebhookSender {
 public:
  struct Options {
    absl::Duration connect_timeout = absl::Seconds(5);
    absl::Duration timeout = absl::Seconds(15);  // Of all of it.
    // Authorities in PEM to trust beside none other; "" for the system's.
    std::string ca_file = {};
  };

  // `stopping`, which must outlive this, ends a post within a second or so.
  WebhookSender(Options options, const std::atomic<bool>* stopping);
  ~WebhookSender();
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

  WebhookAnswer Post(const WebhookPost& post);

 private:
  struct Transfer;
  void Prepare(const WebhookPost& post, Transfer& transfer);

  const Options options_;
  const std::atomic<bool>* const stopping_;
  void* const curl_;  // A CURL*; never null.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_SENDER_H_
