#include "services/convert.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "fingerprint/hash256.h"

namespace lenscap {
v1::Span ToProto(const TimeSpan& span) {
  v1::Span proto;
  *proto.mutable_start() = ToProto(span.start);
  *proto.mutable_end() = ToProto(span.end);
  return proto;
}

TimeSpan FromProto(const v1::Span& span) {
  return {.start = FromProto(span.start()), .end = FromProto(span.end())};
}

v1::Orientation ToProto(Orientation orientation) {
  return static_cast<v1::Orientation>(static_cast<int>(orientation) + 1);
}

v1::Severity ToProto(Severity severity) {
  return static_cast<v1::Severity>(severity);
}

Severity FromProto(v1::Severity severity) {
  return static_cast<Severity>(severity);
}

v1::MediaFacts ToProto(const MediaFacts& facts) {
  v1::MediaFacts proto;
  proto.set_container(facts.container);
  proto.set_codec(facts.codec);
  proto.set_width(facts.width);
  proto.set_height(facts.height);
  *proto.mutable_duration() = ToProto(facts.duration());
  proto.set_frames_decoded(facts.frames_decoded);
  proto.set_frames_sampled(facts.frames_sampled);
  proto.set_truncated(facts.truncated);
  proto.set_bytes(facts.bytes);
  return proto;
}

v1::Region ToProto(const Region& region) {
  v1::Region proto;
  proto.set_left(region.left);
  proto.set_top(region.top);
  proto.set_right(region.right);
  proto.set_bottom(region.bottom);
  return proto;
}

v1::PicturePart ToProto(const PicturePart& part) {
  v1::PicturePart proto;
  proto.set_kind(static_cast<v1::PicturePart::Kind>(part.kind));
  *proto.mutable_query() = ToProto(part.query);
  *proto.mutable_reference() = ToProto(part.reference);
  if (part.kind == PicturePart::Kind::kTile) {
    proto.set_row(part.row);
    proto.set_column(part.column);
    proto.set_rows(part.rows);
    proto.set_columns(part.columns);
  }
  return proto;
}

v1::ClipMatch ToProto(const ClipMatch& match) {
  v1::ClipMatch proto;
  proto.set_list_id(match.list_id);
  proto.set_list_version(match.list_version);
  proto.set_issuer(match.issuer);
  proto.set_entry_id(match.entry_id);
  proto.set_clip_id(match.clip_id);
  proto.set_severity(ToProto(match.severity));
  proto.set_kind(static_cast<v1::ClipMatch::Kind>(match.kind));
  *proto.mutable_query() = ToProto(match.query);
  *proto.mutable_reference() = ToProto(match.reference);
  proto.set_query_coverage(match.query_coverage);
  proto.set_reference_coverage(match.reference_coverage);
  proto.set_frames_matched(match.frames_matched);
  proto.set_frames_sampled(match.frames_sampled);
  proto.set_best_distance(match.best_distance);
  proto.set_median_distance(match.median_distance);
  proto.mutable_transform()->set_orientation(ToProto(match.orientation));
  proto.mutable_transform()->set_speed(match.speed);
  proto.mutable_transform()->set_negative(match.negative);
  proto.set_score(match.score);
  *proto.mutable_part() = ToProto(match.part);
  proto.set_signed_version(match.signed_version);
  if (match.signed_version > 0) {
    proto.set_list_sha256(ToBytes(match.list_sha256));
  }
  proto.set_category(match.category);
  proto.set_advice(static_cast<v1::Advice>(match.advice));
  proto.set_shadow(match.shadow);
  return proto;
}

v1::CueReport ToProto(const CueReport& report) {
  v1::CueReport proto;
  for (const Cue& cue : report.cues) {
    v1::Cue& added = *proto.add_cues();
    added.set_name(cue.name);
    added.set_probability(cue.probability);
    for (const TimeSpan& span : cue.spans) *added.add_spans() = ToProto(span);
    added.set_evidence(cue.evidence);
    added.set_contribution(cue.contribution);
  }
  proto.set_model_version(report.model_version);
  proto.set_unavailable(report.unavailable);
  for (const CameraMove& move : report.motion) {
    v1::CameraMove& added = *proto.add_motion();
    *added.mutable_time() = ToProto(move.time);
    added.set_dx(move.dx);
    added.set_dy(move.dy);
    added.set_zoom(move.zoom);
  }
  for (const BurnedInText& text : report.texts) {
    v1::BurnedInText& added = *proto.add_texts();
    *added.mutable_region() =
        ToProto(Region{text.left, text.top, text.right, text.bottom});
    added.set_text(text.text);
    // The API's Clock is the room's plus one, so that 0 means "not said".
    added.set_clock(
        static_cast<v1::BurnedInText::Clock>(static_cast<int>(text.clock) + 1));
    added.set_rate(text.rate);
  }
  proto.set_distortion(report.distortion);
  proto.set_rows(report.rows);
  proto.set_columns(report.columns);
  return proto;
}

v1::HashList ToProto(const ListInfo& list) {
  v1::HashList proto;
  proto.set_list_id(list.list_id);
  proto.set_issuer(list.issuer);
  proto.set_version(list.version);
  proto.set_entries(list.entries);
  proto.set_frames(list.frames);
  *proto.mutable_changed() = ToProto(list.changed);
  proto.set_held(list.held);
  proto.set_mode(static_cast<v1::ListMode>(list.mode));
  proto.set_mode_reason(list.mode_reason);
  proto.set_purpose(static_cast<v1::ListPurpose>(list.terms.purpose));
  proto.set_signed_version(list.signed_version);
  proto.set_version_in_force(list.version_in_force);
  if (list.signed_version > 0) {
    proto.set_signed_sha256(ToBytes(list.signed_sha256));
    proto.set_sha256_in_force(ToBytes(list.sha256_in_force));
  }
  proto.set_legal_basis(list.terms.legal_basis);
  for (const std::string& place : list.terms.jurisdictions) {
    proto.add_jurisdictions(place);
  }
  if (list.terms.expires != absl::InfiniteFuture()) {
    *proto.mutable_expires() = ToProto(list.terms.expires);
  }
  return proto;
}

v1::ListEntry ToProto(const EntryInfo& entry) {
  v1::ListEntry proto;
  proto.set_entry_id(entry.entry_id);
  proto.set_clip_id(entry.clip_id);
  proto.set_severity(ToProto(entry.severity));
  *proto.mutable_duration() = ToProto(entry.duration);
  proto.set_frames(entry.frames);
  proto.set_added_in_version(entry.added_in_version);
  proto.set_category(entry.terms.category);
  if (entry.terms.expires != absl::InfiniteFuture()) {
    *proto.mutable_expires() = ToProto(entry.terms.expires);
  }
  proto.set_max_distance(entry.terms.max_distance);
  proto.set_advice(static_cast<v1::Advice>(entry.terms.advice));
  for (const std::string& assessor : entry.terms.assessors) {
    proto.add_assessors(assessor);
  }
  proto.set_hold(static_cast<v1::ListEntry::Hold>(entry.hold));
  proto.set_hold_reason(entry.hold_reason);
  return proto;
}

v1::ListChange ToProto(const ListChange& change) {
  v1::ListChange proto;
  proto.set_version(change.version);
  *proto.mutable_time() = ToProto(change.time);
  proto.set_kind(static_cast<v1::ListChange::Kind>(change.kind));
  for (const std::string& id : change.entry_ids) proto.add_entry_ids(id);
  proto.set_entries(change.entries);
  proto.set_reason(change.reason);
  proto.set_actor(change.actor);
  proto.set_signed_version(change.signed_version);
  if (change.signed_version > 0) {
    proto.set_signed_sha256(ToBytes(change.signed_sha256));
  }
  return proto;
}

v1::ReferenceFrame ToProto(const ReferenceFrame& frame) {
  v1::ReferenceFrame proto;
  proto.set_pdq(ToBytes(frame.hash));
  proto.set_quality(frame.quality);
  *proto.mutable_time() = ToProto(frame.time);
  if (frame.until != frame.time) *proto.mutable_until() = ToProto(frame.until);
  return proto;
}

std::string DigestName(const Sha256& sha256) {
  return absl::StrCat("sha256:", ToHex(sha256));
}

absl::StatusOr<FileDigests> DigestsFromBytes(absl::string_view sha256,
                                             absl::string_view md5,
                                             absl::string_view sha1) {
  FileDigests digests;
  if (sha256.size() != digests.sha256.size() ||
      md5.size() != digests.md5.size() ||
      (!sha1.empty() && sha1.size() != digests.sha1.size())) {
    return absl::InvalidArgumentError(
        absl::StrCat("digests: expected 32, 16 and 20 bytes, got ",
                     sha256.size(), ", ", md5.size(), " and ", sha1.size()));
  }
  std::copy(sha256.begin(), sha256.end(), digests.sha256.begin());
  std::copy(md5.begin(), md5.end(), digests.md5.begin());
  std::copy(sha1.begin(), sha1.end(), digests.sha1.begin());
  return digests;
}

}  // namespace lenscap
