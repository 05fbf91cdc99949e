// A STIX 2.1 bundle: the issuer as an identity, what the signals mean as an
// extension definition, and for each entry a file with its digests, with
// everything else in the extension, an indicator that finds it, and the
// relationship between both. A withdrawn entry is a revoked indicator.

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "lists/formats/document.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "lists/formats/uuid5.h"

namespace lenscap {
namespace {

using nlohmann::json;

// STIX 2.1, 2.9: of cyber-observable objects alone.
constexpr Uuid kObservableUuids = {0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42,
                                   0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2,
                                   0x33, 0x15, 0xa9, 0xb7};

constexpr char kSchema[] = R"(One clip of a list of known footage.
entry_id, severity (suspected, confirmed, critical), recommended_action (none,
review, block), max_distance (bits in which a frame's PDQ hash may differ),
assessors, expires, duration_ns, and pdq_frames: hash (64 hexadecimal digits), quality
(0 to 100), time_ns and until_ns, from when until when it is seen.)";

std::string Id(absl::string_view type, const Uuid& in, absl::string_view name) {
  return absl::StrCat(type, "--", FormatUuid(Uuid5(in, name)));
}

Uuid OurUuids() { return Uuid5(kUrlUuids, "urn:lenscap:stix"); }

const std::string& ExtensionId() {
  static const auto* const id =
      new std::string(Id("extension-definition", OurUuids(), "known-clip/1"));
  return *id;
}

std::string Timestamp(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

const char* SeverityWord(Severity severity) {
  if (severity == Severity::kCritical) return "critical";
  return severity == Severity::kConfirmed ? "confirmed" : "suspected";
}

const char* AdviceWord(Advice advice) {
  if (advice == Advice::kBlock) return "block";
  return advice == Advice::kReview ? "review" : "none";
}

json Extension(const Clip& clip) {
  json extension = {{"extension_type", "property-extension"},
                    {"entry_id", clip.entry_id},
                    {"severity", SeverityWord(clip.severity)},
                    {"recommended_action", AdviceWord(clip.terms.advice)},
                    {"max_distance", clip.terms.max_distance},
                    {"duration_ns", absl::ToInt64Nanoseconds(clip.duration)}};
  if (clip.terms.expires != absl::InfiniteFuture()) {
    extension["expires"] = Timestamp(clip.terms.expires);
  }
  for (const std::string& assessor : clip.terms.assessors) {
    extension["assessors"].push_back(assessor);
  }
  for (const ReferenceFrame& frame : clip.frames) {
    extension["pdq_frames"].push_back(
        {{"hash", ToHex(frame.hash)},
         {"quality", frame.quality},
         {"time_ns", absl::ToInt64Nanoseconds(frame.time)},
         {"until_ns", absl::ToInt64Nanoseconds(frame.until)}});
  }
  return extension;
}

json Hashes(const Clip& clip) {
  json hashes;
  if (clip.md5) hashes["MD5"] = ToHex(*clip.md5);
  if (clip.sha1) hashes["SHA-1"] = ToHex(*clip.sha1);
  if (clip.sha256) hashes["SHA-256"] = ToHex(*clip.sha256);
  return hashes;
}

// What finds the clip: any of its digests or, for want of one, its entry.
std::string Pattern(const Clip& clip) {
  std::vector<std::string> tests;
  const json hashes = Hashes(clip);
  for (const auto& [name, hex] : hashes.items()) {
    tests.push_back(absl::StrCat("file:hashes.'", name, "' = '",
                                 hex.get_ref<const std::string&>(), "'"));
  }
  if (tests.empty()) {
    tests.push_back(absl::StrCat("file:extensions.'", ExtensionId(),
                                 "'.entry_id = '", clip.entry_id, "'"));
  }
  return absl::StrCat("[", absl::StrJoin(tests, " OR "), "]");
}

class StixJsonSink final : public FormatWriter {
 public:
  StixJsonSink(std::ostream& output, const WriteOptions& options,
               LossReport* losses)
      : FormatWriter(ListFormat::kStixJson, output, losses),
        options_(options),
        identity_(Id("identity", OurUuids(), "issuer/" + options.issuer)) {
    output_ << "{\"type\": \"bundle\", \"id\": \""
            << Id("bundle", OurUuids(),
                  absl::StrCat("list/", options.list_id, "/",
                               Timestamp(options.issued)))
            << "\", \"objects\": [\n";
    json identity = Object("identity", identity_);
    identity["name"] = options.issuer;
    identity["identity_class"] = "organization";
    output_ << Dump(identity);
    json definition = Object("extension-definition", ExtensionId());
    definition["created_by_ref"] = identity_;
    definition["name"] = "Known clip";
    definition["schema"] = kSchema;
    definition["version"] = "1.0.0";
    definition["extension_types"] = {"property-extension"};
    WriteObject(definition);
  }

  absl::Status Finish() override {
    output_ << "\n]}\n";
    return FormatWriter::Finish();
  }

 protected:
  absl::Status WriteClip(const Clip& told) override {
    json file = {{"type", "file"},
                 {"spec_version", "2.1"},
                 {"name", told.entry_id},
                 {"extensions", {{ExtensionId(), Extension(told)}}}};
    if (const json hashes = Hashes(told); !hashes.empty()) {
      file["hashes"] = hashes;
    }
    file["id"] = FileId(file);
    WriteObject(file);
    json indicator = NewIndicator(told);
    indicator["indicator_types"] = {"malicious-activity"};
    if (!told.terms.category.empty()) {
      indicator["labels"] = {told.terms.category};
    }
    // It has to be later than valid_from.
    if (told.terms.expires > options_.issued &&
        told.terms.expires != absl::InfiniteFuture()) {
      indicator["valid_until"] = Timestamp(told.terms.expires);
    }
    WriteObject(indicator);
    const std::string indicator_id = indicator["id"];
    json relationship = Object(
        "relationship", Id("relationship", OurUuids(), indicator_id + "/file"));
    relationship["created_by_ref"] = identity_;
    relationship["relationship_type"] = "related-to";
    relationship["source_ref"] = indicator_id;
    relationship["target_ref"] = file["id"];
    WriteObject(relationship);
    return absl::OkStatus();
  }

  absl::Status WriteWithdrawal(const EntryChange& change) override {
    json indicator = NewIndicator(change.clip);
    indicator["revoked"] = true;
    if (!change.reason.empty()) indicator["description"] = change.reason;
    WriteObject(indicator);
    return OutputStatus();
  }

 private:
  static std::string Dump(const json& object) {
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
  }
  void WriteObject(const json& object) { output_ << ",\n" << Dump(object); }

  json Object(const char* type, const std::string& id) const {
    return {{"type", type},
            {"spec_version", "2.1"},
            {"id", id},
            {"created", Timestamp(options_.issued)},
            {"modified", Timestamp(options_.issued)}};
  }

  json NewIndicator(const Clip& clip) const {
    json indicator = Object(
        "indicator",
        Id("indicator", OurUuids(),
           absl::StrCat("entry/", options_.list_id, "/", clip.entry_id)));
    indicator["created_by_ref"] = identity_;
    indicator["name"] = clip.entry_id;
    indicator["pattern"] = Pattern(clip);
    indicator["pattern_type"] = "stix";
    indicator["valid_from"] = Timestamp(options_.issued);
    return indicator;
  }

  // By what the specification says contributes to it: of the digests the
  // first alone, in members sorted by name without white space.
  static std::string FileId(const json& file) {
    json contributing = {{"name", file["name"]},
                         {"extensions", file["extensions"]}};
    if (const auto hashes = file.find("hashes"); hashes != file.end()) {
      // In the specification's order, which is that of the names.
      contributing["hashes"] = {
          {hashes->begin().key(), hashes->begin().value()}};
    }
    return Id("file", kObservableUuids, Dump(contributing));
  }

  const WriteOptions options_;
  const std::string identity_;
};

}  // namespace

Sink WriteStixJson(std::ostream& output, const WriteOptions& options,
                   LossReport* losses) {
  return std::make_unique<StixJsonSink>(output, options, losses);
}

}  // namespace lenscap
