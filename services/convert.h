#ifndef LENSCAP_SERVICES_CONVERT_H_
#define LENSCAP_SERVICES_CONVERT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/time_span.h"
#include "index/clip.h"
#include "index/clip_match.h"
#include "media/video_reader.h"
#include "models/cue.h"
#include "proto/lenscap/v1/common.pb.h"
#include "proto/lenscap/v1/cue.pb.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "proto/lenscap/v1/match.pb.h"
#include "services/proto_time.h"

namespace lenscap {

// The rooms' structs as the messages that cross a process, and back; times are
// in proto_time.h. Pure.

v1::Span ToProto(const TimeSpan& span);
TimeSpan FromProto(const v1::Span& span);

// The API's Orientation is the index's plus one, so that 0 means "not said".
v1::Orientation ToProto(Orientation orientation);
v1::Severity ToProto(Severity severity);
// The caller has checked that it is a known value.
Severity FromProto(v1::Severity severity);

v1::MediaFacts ToProto(const MediaFacts& facts);
v1::ClipMatch ToProto(const ClipMatch& match);
v1::CueReport ToProto(const CueReport& report);

v1::HashList ToProto(const ListInfo& list);
v1::ListEntry ToProto(const EntryInfo& entry);
v1::ListChange ToProto(const ListChange& change);
v1::ReferenceFrame ToProto(const ReferenceFrame& frame);

// "sha256:" and the digest: the name of content, or of an entry, without one.
std::string DigestName(const Sha256& sha256);
// INVALID_ARGUMENT unless they have 32, 16 and 20 bytes. SHA-1 may be missing,
// as in jobs of earlier versions; then it is of no file.
absl::StatusOr<FileDigests> DigestsFromBytes(absl::string_view sha256,
                                             absl::string_view md5,
                                             absl::string_view sha1);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_CONVERT_H_
