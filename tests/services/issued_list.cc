#include "tests/services/issued_list.h"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "lists/entry_line.h"
#include "lists/list_content.h"
#include "lists/list_writer.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using Op = EntryChange::Op;

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << std::endl;
  std::abort();
}

}  // namespace

IssuerStore::KeySet KeysOfIssuer(absl::Time now) {
  IssuerKeys signers = SomeKeySet(kIssuer, 1, 2, {2, 3, 4});
  signers.expires = now + absl::Hours(24 * 365);
  IssuerStore::KeySet keys;
  keys.document = Document(signers);
  keys.jws = SignedBy({2, 3}, keys.document);
  return keys;
}

IssuedList::IssuedList(std::string list_id, absl::Time now)
    : directory_(MakeTempDirectory()) {
  envelope_.list_id = std::move(list_id);
  envelope_.issuer = kIssuer;
  envelope_.terms.expires = now + absl::Hours(24 * 300);
  envelope_.issued = now;
}

IssuedList::File IssuedList::Next(ListEnvelope::Kind kind,
                                  const std::vector<EntryChange>& changes) {
  envelope_.kind = kind;
  ++envelope_.version;
  envelope_.issued += absl::Seconds(1);
  if (kind == kSnapshot) {
    digests_.clear();
    envelope_.content = {};
  }
  const std::string path = directory_ + "/list";
  auto writer = ListWriter::Create(path);
  Require(writer.status());
  for (const EntryChange& change : changes) {
    EntryChange listed = change;
    listed.clip.list_id = envelope_.list_id;
    Require(writer->Add(listed));
    Follow(listed);
  }
  Require(writer->Finish(envelope_, /*compress=*/false).status());
  File file;
  file.bytes = ReadFileBytes(path);
  file.signatures = SignedBy({2, 3}, file.bytes);
  envelope_.previous_sha256 = Sha256Of(file.bytes);
  return file;
}

void IssuedList::Follow(const EntryChange& change) {
  const std::string& id = change.clip.entry_id;
  if (const auto it = digests_.find(id); it != digests_.end()) {
    ToggleEntry(it->second, &envelope_.content);
    digests_.erase(it);
  }
  if (change.op == Op::kWithdraw) return;
  const auto line = FormatEntry(change);
  Require(line.status());
  digests_[id] = line->digest;
  ToggleEntry(line->digest, &envelope_.content);
}

EntryChange Add(const std::string& id, std::vector<ReferenceFrame> frames) {
  EntryChange change;
  change.clip.entry_id = id;
  change.clip.severity = Severity::kConfirmed;
  change.clip.duration = frames.back().until;
  change.clip.frames = std::move(frames);
  return change;
}

EntryChange Withdraw(const std::string& id) {
  EntryChange change;
  change.op = Op::kWithdraw;
  change.clip.entry_id = id;
  change.reason = "a mistake";
  return change;
}

absl::StatusOr<v1::PublishSignedReply> PublishSigned(
    const ChannelPtr& channel, const IssuedList::File& file, bool dry_run) {
  const auto stub = v1::HashListService::NewStub(channel);
  const auto context = NewContext();
  const auto stream = stub->PublishSigned(context.get());
  v1::PublishSignedHeader header;
  header.set_signatures(file.signatures);
  header.set_dry_run(dry_run);
  for (const auto& message :
       MessagesOf<v1::PublishSignedRequest>(header, file.bytes)) {
    if (!stream->Write(message)) break;
  }
  stream->WritesDone();
  v1::PublishSignedEvent event;
  v1::PublishSignedReply reply;
  while (stream->Read(&event)) {
    if (event.has_reply()) reply = event.reply();
  }
  const grpc::Status status = stream->Finish();
  if (status.ok()) return reply;
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

}  // namespace lenscap
