// The answers of NCMEC's hash sharing API: <queryResult> with <images> and
// <videos>, each entry under its member. The id of an entry is
// "MEMBER:ID", or the bare ID for member 0, as whom ncmec_xml_writer.cc writes
// entries that came from no member.

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "lists/formats/document.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "lists/strict_json.h"
#include "pugixml.hpp"

namespace lenscap {
namespace {

constexpr char kReason[] = "deleted in NCMEC's hash sharing";

template <typename... What>
absl::Status Invalid(const What&... what) {
  return absl::InvalidArgumentError(absl::StrCat(what...));
}

// Without a prefix of a namespace.
absl::string_view NameOf(const pugi::xml_node& node) {
  const absl::string_view name = node.name();
  const size_t colon = name.rfind(':');
  return colon == absl::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node Child(const pugi::xml_node& node, absl::string_view name) {
  return node.find_child(
      [&](const pugi::xml_node& child) { return NameOf(child) == name; });
}

absl::string_view TextOf(const pugi::xml_node& node) {
  return absl::StripAsciiWhitespace(node.child_value());
}

std::string EntryIdOf(absl::string_view member, absl::string_view id) {
  return member == "0" ? std::string(id) : absl::StrCat(member, ":", id);
}

class NcmecXmlSource final : public EntryChangeSource {
 public:
  NcmecXmlSource(std::istream& input, const ReadOptions& options,
                 LossReport* losses)
      : input_(input), options_(options), losses_(losses) {}

  absl::StatusOr<std::optional<EntryChange>> Next() override {
    if (!text_) RETURN_IF_ERROR(Read());
    while (const pugi::xml_node node = TakeEntry()) {
      auto change = ReadEntry(node);
      if (!change.ok()) {
        return Invalid("entry ", number_, ": ", change.status().message());
      }
      if (change->op == EntryChange::Op::kWithdraw ||
          !HasNoSignals(change->clip)) {
        return *std::move(change);
      }
      losses_->Add("whole entry: nothing is known of its fingerprints",
                   change->clip.entry_id);
    }
    return std::nullopt;
  }

 private:
  static pugi::xml_node NextElement(pugi::xml_node node) {
    while (node && node.type() != pugi::node_element) {
      node = node.next_sibling();
    }
    return node;
  }
  // The first entry of <images> or <videos>; nothing for other elements.
  static pugi::xml_node FirstOf(const pugi::xml_node& section) {
    const absl::string_view name = NameOf(section);
    if (name != "images" && name != "videos") return {};
    return NextElement(section.first_child());
  }

  // The next one of either section; nothing after the last.
  pugi::xml_node TakeEntry() {
    while (!entry_ && section_) {
      section_ = section_.next_sibling();
      entry_ = FirstOf(section_);
    }
    const pugi::xml_node taken = entry_;
    if (taken) {
      entry_ = NextElement(taken.next_sibling());
      ++number_;
    }
    return taken;
  }

  absl::Status Read() {
    ASSIGN_OR_RETURN(text_, ReadDocument(input_));
    if (!IsUtf8(*text_)) return Invalid("the document is no UTF-8");
    // Entities that a document declares are never resolved; what declares
    // some is refused all the same.
    const pugi::xml_parse_result result = document_.load_buffer_inplace(
        text_->data(), text_->size(), pugi::parse_default | pugi::parse_doctype,
        pugi::encoding_utf8);
    if (!result) {
      return Invalid("byte ", result.offset, ": ", result.description());
    }
    for (const pugi::xml_node& node : document_.children()) {
      if (node.type() == pugi::node_doctype) {
        return Invalid("a document type declaration is not accepted");
      }
    }
    const pugi::xml_node root = document_.document_element();
    if (NameOf(root) != "queryResult") {
      return Invalid("expected <queryResult>, got <", QuotedField(root.name()),
                     ">");
    }
    if (Child(Child(root, "paging"), "next")) {
      losses_->Add("further pages: the document is one of several", "");
    }
    section_ = root.first_child();
    entry_ = FirstOf(section_);
    return absl::OkStatus();
  }

  absl::StatusOr<EntryChange> ReadEntry(const pugi::xml_node& node) {
    const std::string kind = absl::AsciiStrToLower(NameOf(node));
    const bool deleted = kind == "deletedimage" || kind == "deletedvideo";
    if (!deleted && kind != "image" && kind != "video") {
      return Invalid("expected an image or a video");
    }
    const pugi::xml_node member = Child(node, "member");
    const absl::string_view member_id = member.attribute("id").value();
    uint64_t number = 0;
    if (!absl::SimpleAtoi(member_id, &number)) {
      return Invalid("member: expected a number as its id, got ",
                     QuotedField(member_id));
    }
    const std::string entry_id =
        EntryIdOf(absl::StrCat(number), TextOf(Child(node, "id")));
    RETURN_IF_ERROR(CheckEntryId(entry_id));
    if (deleted) return Withdrawal(options_, entry_id, kReason);
    EntryChange change;
    Clip& clip = change.clip;
    clip = NewClip(options_);
    clip.entry_id = entry_id;
    RETURN_IF_ERROR(ReadTexts(node, TextOf(member), &clip));
    RETURN_IF_ERROR(ReadFingerprints(Child(node, "fingerprints"), &clip));
    if (Child(node, "feedback").first_child()) {
      losses_->Add("feedback: an entry has no place for members' feedback",
                   entry_id);
    }
    return change;
  }

  static absl::Status ReadTexts(const pugi::xml_node& node,
                                absl::string_view member, Clip* clip) {
    const absl::string_view classification =
        TextOf(Child(node, "classification"));
    if (classification.size() > 64) {
      return Invalid("classification: more than 64 bytes");
    }
    clip->terms.category = std::string(classification);
    if (member.size() > 128) return Invalid("member: more than 128 bytes");
    if (!member.empty()) clip->terms.assessors = {std::string(member)};
    return absl::OkStatus();
  }

  absl::Status ReadFingerprints(const pugi::xml_node& node, Clip* clip) {
    for (const pugi::xml_node& child : node.children()) {
      if (child.type() != pugi::node_element) continue;
      const absl::string_view name = NameOf(child);
      absl::Status added;
      if (name == "md5") {
        added = AddMd5(TextOf(child), clip);
      } else if (name == "sha1") {
        added = AddSha1(TextOf(child), clip);
      } else if (name == "pdq" && clip->frames.empty()) {
        added = AddPicture(TextOf(child), 100, clip);
      } else {
        losses_->Add(absl::StrCat("fingerprint: nothing is known of type ",
                                  QuotedField(name)),
                     clip->entry_id);
      }
      if (!added.ok()) {
        return Invalid("fingerprints: ", name, ": ", added.message());
      }
    }
    return absl::OkStatus();
  }

  std::istream& input_;
  const ReadOptions options_;
  LossReport* const losses_;
  std::optional<std::string> text_;  // The document points into it.
  pugi::xml_document document_;
  pugi::xml_node section_;
  pugi::xml_node entry_;
  int64_t number_ = 0;  // Of the entry that was taken last, from 1.
};

}  // namespace

Source ReadNcmecXml(std::istream& input, const ReadOptions& options,
                    LossReport* losses) {
  return std::make_unique<NcmecXmlSource>(input, options, losses);
}

}  // namespace lenscap
