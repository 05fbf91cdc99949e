// Writes ThreatExchange's answer of /threat_updates: one element for each
// signal of an entry, one after the other under the entry's id.

#include <string>
#include <utility>

#include "absl/time/time.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "lists/formats/threat_exchange_severity.h"
#include "nlohmann/json.hpp"

namespace lenscap {
namespace {

using nlohmann::json;

std::string SeverityWord(Severity severity) {
  for (const auto& [word, meaning] : kThreatExchangeSeverities) {
    if (meaning == severity) return std::string(word);
  }
  return "UNKNOWN";
}

class ThreatExchangeJsonSink final : public FormatWriter {
 public:
  ThreatExchangeJsonSink(std::ostream& output, const WriteOptions& options,
                         LossReport* losses)
      : FormatWriter(ListFormat::kThreatExchangeJson, output, losses),
        options_(options) {
    output_ << "{\"data\": [";
  }
  absl::Status Finish() override {
    output_ << "\n]}\n";
    return FormatWriter::Finish();
  }

 protected:
  absl::Status WriteClip(const Clip& told) override {
    const bool picture = IsPicture(told);
    if (picture) {
      WriteSignal(told, "HASH_PDQ", ToHex(told.frames[0].hash));
    } else if (!told.frames.empty()) {
      WriteSignal(told, "HASH_VIDEO_VPDQ", FormatVpdqJson(told.frames));
    }
    if (told.md5) {
      WriteSignal(told, picture ? "HASH_MD5" : "HASH_VIDEO_MD5",
                  ToHex(*told.md5));
    }
    if (told.sha1) WriteSignal(told, "HASH_SHA1", ToHex(*told.sha1));
    if (told.sha256) WriteSignal(told, "HASH_SHA256", ToHex(*told.sha256));
    return absl::OkStatus();
  }

  absl::Status WriteWithdrawal(const EntryChange& change) override {
    WriteElement({{"id", change.clip.entry_id},
                  {"last_updated", absl::ToUnixSeconds(options_.issued)},
                  {"should_delete", true}});
    return OutputStatus();
  }

 private:
  void WriteSignal(const Clip& told, const char* type,
                   const std::string& indicator) {
    json descriptor = {
        {"id", told.entry_id},
        {"status",
         told.severity == Severity::kSuspected ? "SUSPICIOUS" : "MALICIOUS"},
        {"severity", SeverityWord(told.severity)},
        {"owner", {{"id", "0"}, {"name", options_.issuer}}},
        {"added_on", absl::FormatTime("%Y-%m-%d%ET%H:%M:%S+0000",
                                      options_.issued, absl::UTCTimeZone())},
        {"tags", {{"data", json::array()}}}};
    if (!told.terms.category.empty()) {
      descriptor["tags"]["data"].push_back({{"text", told.terms.category}});
    }
    if (told.terms.expires != absl::InfiniteFuture()) {
      descriptor["expire_time"] = absl::ToUnixSeconds(told.terms.expires);
    }
    WriteElement({{"id", told.entry_id},
                  {"type", type},
                  {"indicator", indicator},
                  {"last_updated", absl::ToUnixSeconds(options_.issued)},
                  {"should_delete", false},
                  {"descriptors", {{"data", json::array({descriptor})}}}});
  }

  void WriteElement(const json& element) {
    output_ << (std::exchange(first_, false) ? "\n" : ",\n")
            << element.dump(-1, ' ', false, json::error_handler_t::replace);
  }

  const WriteOptions options_;
  bool first_ = true;
};

}  // namespace

Sink WriteThreatExchangeJson(std::ostream& output, const WriteOptions& options,
                             LossReport* losses) {
  return std::make_unique<ThreatExchangeJsonSink>(output, options, losses);
}

}  // namespace lenscap
