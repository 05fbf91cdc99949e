#include "services/webhooks/webhook_sender.h"

#include <curl/curl.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

constexpr size_t kMaxAnswerBytes = 64 << 10;

// Once for the process, and never undone: threads that come later use it too.
void SetUpCurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

CURL* NewHandle() {
  SetUpCurl();
  CURL* const curl = curl_easy_init();
  if (curl == nullptr) std::abort();  // Out of memory.
  return curl;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

HeaderList HeadersOf(const WebhookHeaders& headers) {
  HeaderList list;
  for (const std::string& line :
       {std::string("Content-Type: application/json"),
        // Nobody need ask before a body of some kilobytes.
        std::string("Expect:"), absl::StrCat("webhook-id: ", headers.id),
        absl::StrCat("webhook-timestamp: ", headers.timestamp),
        absl::StrCat("webhook-signature: ", headers.signature)}) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) std::abort();  // Out of memory.
    if (list == nullptr) list.reset(longer);
  }
  return list;
}

}  // namespace

// What the callbacks of one post share.
struct WebhookSender::Transfer {
  const std::atomic<bool>* stopping = nullptr;
  WebhookReach reach = WebhookReach::kPublic;
  HeaderList headers;
  char error[CURL_ERROR_SIZE] = "";
  size_t received = 0;
  bool too_long = false;
  bool out_of_reach = false;

  // Takes bytes of the answer, and keeps none.
  static size_t Receive(char*, size_t size, size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.received += size * count;
    transfer.too_long = transfer.received > kMaxAnswerBytes;
    return transfer.too_long ? 0 : size * count;
  }
  static curl_socket_t Open(void* self, curlsocktype purpose,
                            curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (purpose != CURLSOCKTYPE_IPCXN ||
        !MayConnect(transfer.reach, address->addr)) {
      transfer.out_of_reach = true;
      return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
  }
  static int Progress(void* self, curl_off_t, curl_off_t, curl_off_t,
                      curl_off_t) {
    return static_cast<Transfer*>(self)->stopping->load() ? 1 : 0;
  }
};

WebhookSender::WebhookSender(Options options, const std::atomic<bool>* stopping)
    : options_(std::move(options)), stopping_(stopping), curl_(NewHandle()) {}

WebhookSender::~WebhookSender() { curl_easy_cleanup(curl_); }

void WebhookSender::Prepare(const WebhookPost& post, Transfer& transfer) {
  CURL* const curl = curl_;
  curl_easy_reset(curl);  // Keeps the connections.
  transfer.stopping = stopping_;
  transfer.reach = post.reach;
  transfer.headers = HeadersOf(post.headers);
  curl_easy_setopt(curl, CURLOPT_URL, post.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NETRC, CURL_NETRC_IGNORED);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "lenscap");
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post.body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(post.body.size()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer.headers.get());
  curl_easy_setopt(
      curl, CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(absl::ToInt64Milliseconds(options_.connect_timeout)));
  curl_easy_setopt(
      curl, CURLOPT_TIMEOUT_MS,
      static_cast<long>(absl::ToInt64Milliseconds(options_.timeout)));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (!options_.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer.error);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::Receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Transfer::Receive);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &Transfer::Open);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &Transfer::Progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
}

WebhookAnswer WebhookSender::Post(const WebhookPost& post) {
  Transfer transfer;
  Prepare(post, transfer);
  const CURLcode code = curl_easy_perform(curl_);
  long http_status = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &http_status);
  curl_off_t retry_after = 0;
  curl_easy_getinfo(curl_, CURLINFO_RETRY_AFTER, &retry_after);
  WebhookAnswer answer;
  answer.http_status = static_cast<int>(http_status);
  answer.retry_after = absl::Seconds(retry_after);
  const bool is_2xx = http_status >= 200 && http_status <= 299;
  // A receiver that says more than anybody reads has taken it all the same.
  if (is_2xx && (code == CURLE_OK || transfer.too_long)) return answer;
  if (transfer.out_of_reach && http_status == 0) {
    answer.error = "its address is not one that this endpoint may reach";
  } else if (code != CURLE_OK && !transfer.too_long) {
    answer.error =
        absl::StrCat(curl_easy_strerror(code),
                     *transfer.error == '\0' ? "" : ": ", transfer.error);
  } else {
    answer.error = absl::StrCat("HTTP ", http_status);
  }
  return answer;
}

}  // namespace lenscap
