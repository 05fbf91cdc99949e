// Writes <queryResult> as NCMEC's hash sharing API answers it.

#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "pugixml.hpp"

namespace lenscap {
namespace {

constexpr char kNamespace[] = "https://hashsharing.ncmec.org/hashsharing/v2";

// A member's number and the id under it, of an id as ncmec_xml_reader.cc makes
// it.
std::pair<std::string, std::string> MemberAndId(const std::string& entry_id) {
  const size_t colon = entry_id.find(':');
  uint64_t number = 0;
  if (colon != std::string::npos && colon > 0 && entry_id[0] != '0' &&
      colon + 1 < entry_id.size() &&
      absl::ascii_isdigit(static_cast<unsigned char>(entry_id[0])) &&
      absl::SimpleAtoi(entry_id.substr(0, colon), &number)) {
    return {entry_id.substr(0, colon), entry_id.substr(colon + 1)};
  }
  return {"0", entry_id};
}

// Collects both sections, as the format has images before videos, and counts.
class NcmecXmlSink final : public FormatWriter {
 public:
  NcmecXmlSink(std::ostream& output, const WriteOptions& options,
               LossReport* losses)
      : FormatWriter(ListFormat::kNcmecXml, output, losses),
        time_(absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", options.issued,
                               absl::UTCTimeZone())) {
    pugi::xml_node declaration = document_.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    declaration.append_attribute("standalone") = "yes";
    pugi::xml_node root = document_.append_child("queryResult");
    root.append_attribute("xmlns") = kNamespace;
    images_ = root.append_child("images");
    videos_ = root.append_child("videos");
  }

  absl::Status Finish() override {
    for (pugi::xml_node section : {images_, videos_}) {
      section.append_attribute("count") = static_cast<unsigned long long>(
          std::distance(section.begin(), section.end()));
      section.append_attribute("maxTimestamp") = time_.c_str();
    }
    document_.save(output_, "  ", pugi::format_indent, pugi::encoding_utf8);
    return FormatWriter::Finish();
  }

 protected:
  absl::Status WriteClip(const Clip& told) override {
    const bool picture = !told.frames.empty();
    pugi::xml_node node =
        picture ? images_.append_child("image") : videos_.append_child("video");
    const auto& assessors = told.terms.assessors;
    AddIds(node, told.entry_id, assessors.empty() ? "" : assessors[0]);
    if (!told.terms.category.empty()) {
      AddText(node, "classification", told.terms.category);
    }
    pugi::xml_node fingerprints = node.append_child("fingerprints");
    if (told.md5) AddText(fingerprints, "md5", ToHex(*told.md5));
    if (told.sha1) AddText(fingerprints, "sha1", ToHex(*told.sha1));
    if (picture) AddText(fingerprints, "pdq", ToHex(told.frames[0].hash));
    return absl::OkStatus();
  }

  absl::Status WriteWithdrawal(const EntryChange& change) override {
    // Whether it was an image is not known any more.
    AddIds(videos_.append_child("deletedVideo"), change.clip.entry_id, "");
    return absl::OkStatus();
  }

 private:
  static void AddText(pugi::xml_node node, const char* name,
                      const std::string& text) {
    node.append_child(name)
        .append_child(pugi::node_pcdata)
        .set_value(text.c_str());
  }

  void AddIds(pugi::xml_node node, const std::string& entry_id,
              const std::string& assessor) {
    const auto [member, id] = MemberAndId(entry_id);
    pugi::xml_node element = node.append_child("member");
    element.append_attribute("id") = member.c_str();
    element.append_child(pugi::node_pcdata).set_value(assessor.c_str());
    AddText(node, "timestamp", time_);
    AddText(node, "id", id);
  }

  const std::string time_;
  pugi::xml_document document_;
  pugi::xml_node images_;
  pugi::xml_node videos_;
};

}  // namespace

Sink WriteNcmecXml(std::ostream& output, const WriteOptions& options,
                   LossReport* losses) {
  return std::make_unique<NcmecXmlSink>(output, options, losses);
}

}  // namespace lenscap
