// A file of hashes as the command line tells what it is and the server imports
// it into a real store; and what is exported of it.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "fingerprint/hash256.h"
#include "index/hash_text.h"
#include "services/caller.h"
#include "services/cli/media_sniff.h"
#include "services/hash_list_handler.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/services/client.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

constexpr char kList[] = "list";

// As `lenscap list publish` chooses it; PDQ where it would refuse.
v1::PublishHeader::Format FormatOf(absl::string_view text) {
  return cli::SniffContent(text.substr(0, cli::kSniffBytes)) ==
                 cli::Content::kVpdqText
             ? v1::PublishHeader::FORMAT_VPDQ_TEXT
             : v1::PublishHeader::FORMAT_PDQ_TEXT;
}

absl::StatusOr<v1::PublishReply> Import(const ListRooms& lists,
                                        const std::string& text) {
  v1::PublishHeader header;
  header.set_list_id(kList);
  header.set_severity(v1::SEVERITY_CONFIRMED);
  header.set_format(FormatOf(text));
  header.set_create_list(true);
  header.set_issuer("hotline");
  PublishUpload upload(&lists, LocalCaller());
  for (const auto& message : MessagesOf<v1::PublishRequest>(header, text)) {
    RETURN_IF_ERROR(upload.Take(message));
  }
  return upload.Publish(Cancellation());
}

// The list as text, each frame at its time.
std::string Exported(const ListRooms& lists) {
  v1::ExportRequest request;
  request.set_list_id(kList);
  std::vector<ReferenceFrame> frames;
  const absl::Status status = Export(
      lists, LocalCaller(), request, [&](const v1::ExportedEntry& entry) {
        for (const v1::ReferenceFrame& frame : entry.frames()) {
          const auto hash = HashFromBytes(frame.pdq());
          FUZZ_EXPECT(hash.ok());
          const absl::Duration time = absl::Seconds(frame.time().seconds()) +
                                      absl::Nanoseconds(frame.time().nanos());
          frames.push_back({*hash, frame.quality(), time, time});
        }
        return absl::OkStatus();
      });
  FUZZ_EXPECT(status.ok());
  return FormatVpdqText(frames);
}

void Clear(const ListRooms& lists) {
  v1::WithdrawRequest request;
  request.set_list_id(kList);
  request.set_all_entries(true);
  request.set_reason("the next input");
  FUZZ_EXPECT(Withdraw(lists, LocalCaller(), request).ok());
}

void Check(const std::string& text) {
  static Rooms* const rooms = new Rooms;
  static const ListRooms lists = rooms->Lists();
  const absl::StatusOr<v1::PublishReply> reply = Import(lists, text);
  if (!reply.ok()) {
    FUZZ_EXPECT(absl::IsInvalidArgument(reply.status()));
    return;
  }
  FUZZ_EXPECT(reply->frames() > 0);
  const auto exported = ParseVpdqText(Exported(lists));
  FUZZ_EXPECT(exported.ok() && !exported->empty());
  Clear(lists);
}

}  // namespace
}  // namespace lenscap

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lenscap::Check(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
