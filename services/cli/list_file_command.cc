#include "services/cli/list_file_command.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/byte_reader.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "base/zstd.h"
#include "lists/entry_line.h"
#include "lists/issuer_keys.h"
#include "lists/line_reader.h"
#include "lists/list_history.h"
#include "lists/list_reader.h"
#include "lists/list_signature.h"
#include "lists/list_writer.h"
#include "services/cli/sign_file.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

ExitCode Answer(const absl::Status& status) {
  return status.ok() ? ExitCode::kOk : Fail(status, ExitCode::kUnreadable);
}

absl::Status InFile(const std::string& path, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

absl::Status ReadWholeList(const std::string& path) {
  ASSIGN_OR_RETURN(auto file, OpenByteReader(path));
  ASSIGN_OR_RETURN(const auto reader, ListReader::Open(std::move(file)));
  while (true) {
    ASSIGN_OR_RETURN(const auto change, reader->Next());
    if (!change) return absl::OkStatus();
  }
}

absl::Status CheckSignable(const std::string& path) {
  const auto document = ReadSmallFile(path, kMaxKeySetBytes);
  if (document.ok() && ParseIssuerKeys(*document).ok()) return absl::OkStatus();
  return InFile(path, ReadWholeList(path));
}

absl::Status SignListFile(const SignOptions& options) {
  RETURN_IF_ERROR(CheckSignable(options.file));
  ASSIGN_OR_RETURN(const std::string said, SignFile(options.file, options.key));
  std::cout << said;
  return absl::OkStatus();
}

absl::Status AppendPrevious(const std::vector<std::string>& files,
                            ListHistory* history) {
  for (const std::string& file : files) {
    RETURN_IF_ERROR(history->Append(file));
  }
  return absl::OkStatus();
}

void PrintList(const ListHistory& history) {
  const ListEnvelope& envelope = history.envelope();
  std::cout << Printable(envelope.list_id) << " of "
            << Printable(envelope.issuer) << ", version " << envelope.version
            << ": "
            << (envelope.kind == ListEnvelope::Kind::kDelta ? "delta"
                                                            : "snapshot")
            << " of " << envelope.entries << " entries\nsha256 "
            << ToHex(history.head().sha256) << "\n";
  if (!history.knows_content()) {
    std::cout << "content_sha256 not checked: that takes the files since the "
                 "last snapshot (--previous)\n";
  }
}

absl::Status VerifyList(const VerifyOptions& options, const IssuerKeys& keys,
                        absl::string_view jws, absl::Time now) {
  RETURN_IF_ERROR(InFile(
      options.file,
      CheckSignatures(keys, jws, SignedPayload::File(options.file), now)));
  ListHistory history;
  RETURN_IF_ERROR(AppendPrevious(options.previous, &history));
  RETURN_IF_ERROR(history.Append(options.file, now));
  if (history.envelope().issuer != keys.issuer) {
    return absl::PermissionDeniedError(absl::StrCat(
        options.file, ": issuer: it is ", history.envelope().issuer,
        "'s, and the keys are of ", keys.issuer));
  }
  PrintList(history);
  return absl::OkStatus();
}

absl::Status VerifyFile(const VerifyOptions& options) {
  const absl::Time now = Clock::Real()->Now();
  ASSIGN_OR_RETURN(const std::string before,
                   ReadSmallFile(options.key_set, kMaxKeySetBytes));
  ASSIGN_OR_RETURN(const IssuerKeys keys, ParseIssuerKeys(before));
  ASSIGN_OR_RETURN(
      const std::string jws,
      ReadSmallFile(options.signature.empty() ? SignaturePath(options.file)
                                              : options.signature,
                    kMaxSignatureBytes));
  const auto document = ReadSmallFile(options.file, kMaxKeySetBytes);
  if (!document.ok() || !ParseIssuerKeys(*document).ok()) {
    return VerifyList(options, keys, jws, now);
  }
  // The first version answers for itself, any other is answered for by the one
  // before.
  const auto checked = *document == before
                           ? CheckKeySet(*document, jws, now)
                           : CheckNextKeySet(keys, *document, jws, now);
  if (!checked.ok()) return InFile(options.file, checked.status());
  std::cout << "version " << checked->version << " of the keys of "
            << Printable(checked->issuer) << "\n";
  return absl::OkStatus();
}

ListEnvelope EnvelopeOf(const MakeListOptions& options,
                        const ListHistory& history) {
  ListEnvelope envelope = history.envelope();
  const auto set = [](const std::string& option, std::string* field) {
    if (!option.empty()) *field = option;
  };
  set(options.list_id, &envelope.list_id);
  set(options.issuer, &envelope.issuer);
  set(options.legal_basis, &envelope.terms.legal_basis);
  if (!options.jurisdictions.empty()) {
    envelope.terms.jurisdictions = options.jurisdictions;
  }
  envelope.terms.purpose = options.purpose.value_or(envelope.terms.purpose);
  envelope.terms.expires = options.expires;
  envelope.kind = options.delta ? ListEnvelope::Kind::kDelta
                                : ListEnvelope::Kind::kSnapshot;
  envelope.version = history.head().version + 1;
  envelope.previous_sha256.reset();
  if (envelope.version > 1) envelope.previous_sha256 = history.head().sha256;
  envelope.issued = Clock::Real()->Now();
  return envelope;
}

// Every entry line into the list, and its change into the history, if that
// knows what it changes.
absl::Status AddEntries(const std::string& path, const std::string& list_id,
                        ListHistory* history, ListWriter* writer) {
  ASSIGN_OR_RETURN(auto file, OpenByteReader(path));
  LineReader lines(MakeInflatingReader(std::move(file)));
  const auto add = [&](absl::string_view line) -> absl::Status {
    ASSIGN_OR_RETURN(EntryChange change, ParseEntry(line, list_id));
    if (history != nullptr) {
      ASSIGN_OR_RETURN(const EntryLine written, FormatEntry(change));
      change.digest = written.digest;
      RETURN_IF_ERROR(history->Apply(change));
    }
    return writer->Add(change);
  };
  while (true) {
    ASSIGN_OR_RETURN(const auto line, lines.Next(kMaxEntryBytes));
    if (!line) return absl::OkStatus();
    RETURN_IF_ERROR(InFile(absl::StrCat("line ", lines.number()), add(*line)));
  }
}

absl::Status Make(const MakeListOptions& options) {
  ListHistory history;
  RETURN_IF_ERROR(AppendPrevious(options.previous, &history));
  if (options.delta && !history.knows_content()) {
    return absl::FailedPreconditionError(
        "a delta needs the list's files since its last snapshot (--previous)");
  }
  ListEnvelope envelope = EnvelopeOf(options, history);
  ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Create(options.output));
  // A snapshot starts from nothing.
  ListHistory nothing;
  RETURN_IF_ERROR(
      InFile(options.entries,
             AddEntries(options.entries, envelope.list_id,
                        options.delta ? &history : &nothing, &writer)));
  envelope.content = history.content();
  ASSIGN_OR_RETURN(envelope, writer.Finish(envelope, options.compress));
  std::cout << Printable(options.output) << ": version " << envelope.version
            << ", " << envelope.entries << " entries\n";
  return absl::OkStatus();
}

}  // namespace

ExitCode Run(const SignOptions& options) {
  return Answer(SignListFile(options));
}

ExitCode Run(const VerifyOptions& options) {
  return Answer(VerifyFile(options));
}

ExitCode Run(const MakeListOptions& options) { return Answer(Make(options)); }

}  // namespace lenscap::cli
