#include "base/digest.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "tests/fuzz/file_parts.h"
#include "tests/fuzz/seed.h"

namespace lenscap {
namespace {

std::string Framed(const v1::UploadRequest& message) {
  const std::string bytes = message.SerializeAsString();
  return BigEndian(bytes.size(), 2) + bytes;
}

std::string Header(int64_t total_bytes, const std::string& sha256) {
  v1::UploadRequest message;
  message.mutable_header()->set_total_bytes(total_bytes);
  message.mutable_header()->set_sha256(sha256);
  return Framed(message);
}

std::string Chunk(int64_t offset, const std::string& data, bool checked) {
  v1::UploadRequest message;
  message.mutable_chunk()->set_offset(offset);
  message.mutable_chunk()->set_data(data);
  if (checked) message.mutable_chunk()->set_crc32(Crc32(data));
  return Framed(message);
}

}  // namespace

std::vector<Seed> FuzzSeeds() {
  const std::string a(100, 'a');
  const std::string b(50, 'b');
  const std::string chunks = Chunk(0, a, true) + Chunk(100, b, false);
  return {
      {"nothing", ""},
      {"no-part", BigEndian(0, 2)},
      {"header", Header(0, "")},
      {"unknown-length", Header(0, "") + chunks},
      {"known-length", Header(150, "") + chunks},
      {"digest", Header(150, ToBytes(Sha256Of(a + b))) + chunks},
      {"other-digest", Header(0, std::string(32, 'x')) + chunks},
      {"too-short", Header(200, "") + chunks},
      {"too-long", Header(120, "") + chunks},
      {"two-headers", Header(0, "") + Header(0, "") + chunks},
      {"no-header", chunks},
      {"again", Header(0, "") + Chunk(0, a, true) + Chunk(0, a, true)},
      {"gap", Header(0, "") + Chunk(0, a, true) + Chunk(101, b, true)},
      {"large", Header(0, "") + Chunk(0, std::string(9'990, 'x'), true) +
                    Chunk(9'990, std::string(20, 'y'), true)},
      {"empty-chunk", Header(0, "") + Chunk(0, "", true)},
  };
}

}  // namespace lenscap
