#ifndef LENSCAP_TESTS_SUPPORT_HTTP_GET_H_
#define LENSCAP_TESTS_SUPPORT_HTTP_GET_H_

#include <string>

namespace lenscap {

// The whole answer, headers and all, of an HTTP server on loopback; empty
// where nothing listens.
std::string HttpGet(int port, const std::string& path);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SUPPORT_HTTP_GET_H_
