#include "tests/fuzz/seed.h"

namespace lenscap {

std::vector<Seed> FuzzSeeds() {
  return {
      {"nothing", ""},
      {"get", "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"two",
       "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\nGET /d HTTP/1.1\r\nHost: "
       "x\r\n\r\n"},
      {"length",
       "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /b "
       "HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"chunks",
       "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
       "chunked\r\n\r\n3;a=b\r\nabc\r\n00A\r\n0123456789\r\n0\r\n\r\nGET /b "
       "HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"both",
       "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: "
       "chunked\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\n\r\n"},
      {"form",
       "POST /a HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; "
       "boundary=b\r\nContent-Length: 67\r\n\r\n--b\r\nContent-Disposition: "
       "form-data; name=\"a\"\r\n\r\nb\r\n--b--\r\n"},
      {"old", "GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"},
      {"expect",
       "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
       "2\r\n\r\nab"},
      {"range", "GET /a HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1,3-\r\n\r\n"},
      {"encoded",
       "POST /a HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: "
       "2\r\n\r\nab"},
      {"tls", std::string("\x16\x03\x01\x00\xa5\x01\x00\x00", 8)},
  };
}

}  // namespace lenscap
