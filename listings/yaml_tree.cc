#include "listings/yaml_tree.h"

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "listings/quoted_text.h"
#include "unicode/utf8.h"
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/exceptions.h"
#include "yaml-cpp/parser.h"

namespace lenscap {
namespace {

absl::Status Invalid(int line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

// Ends the parser of yaml-cpp, which knows no other way; caught in ParseYaml.
struct Refused {
  absl::Status status;
};

[[noreturn]] void Refuse(int line, absl::string_view what) {
  throw Refused{Invalid(line, what)};
}

int LineOf(const YAML::Mark& mark) { return mark.line + 1; }

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const YamlLimits& limits) : limits_(limits) {}

  std::vector<YamlNode> TakeDocuments() { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_.size() >= limits_.documents) {
      Refuse(LineOf(mark), absl::StrCat("is document ", limits_.documents + 1,
                                        "; there may be ", limits_.documents));
    }
    documents_.emplace_back().line = LineOf(mark);
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Begin(mark, "", anchor, YamlNode::Kind::kNull);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Refuse(LineOf(mark), "aliases are not allowed");
  }
  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    Refuse(LineOf(mark), "anchors are not allowed");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    if (ExpectsKey()) {
      CheckPlain(mark, tag, anchor);
      AddKey(LineOf(mark), value);
      return;
    }
    Begin(mark, tag, anchor, YamlNode::Kind::kScalar).text = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(Begin(mark, tag, anchor, YamlNode::Kind::kSequence));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    Open(Begin(mark, tag, anchor, YamlNode::Kind::kMap));
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  // A node that is not at its end. It stays where it is: what holds it does not
  // grow before it has ended.
  struct OpenNode {
    YamlNode* node = nullptr;
    absl::flat_hash_set<std::string> keys;
  };

  bool ExpectsKey() const {
    if (open_.empty()) return false;
    const YamlNode& node = *open_.back().node;
    return node.kind == YamlNode::Kind::kMap &&
           node.keys.size() == node.items.size();
  }

  void Count(int line) {
    if (++nodes_ > limits_.nodes) {
      Refuse(line, absl::StrCat("has more than ", limits_.nodes, " values"));
    }
  }

  void CheckPlain(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      Refuse(LineOf(mark), "anchors are not allowed");
    }
    // What has no tag has one of these.
    if (!tag.empty() && tag != "?" && tag != "!") {
      Refuse(LineOf(mark), "tags are not allowed");
    }
  }

  void AddKey(int line, const std::string& text) {
    Count(line);
    if (!open_.back().keys.insert(text).second) {
      Refuse(line, absl::StrCat(Quoted(text), " is there twice"));
    }
    open_.back().node->keys.push_back({text, line});
  }

  YamlNode& Begin(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor, YamlNode::Kind kind) {
    const int line = LineOf(mark);
    CheckPlain(mark, tag, anchor);
    if (ExpectsKey()) Refuse(line, "a key must be a text");
    Count(line);
    YamlNode* node = &documents_.back();
    if (!open_.empty()) node = &open_.back().node->items.emplace_back();
    node->kind = kind;
    node->line = line;
    return *node;
  }

  void Open(YamlNode& node) {
    if (open_.size() >= static_cast<size_t>(limits_.depth)) {
      Refuse(node.line,
             absl::StrCat("nests deeper than ", limits_.depth, " levels"));
    }
    open_.push_back({&node, {}});
  }

  const YamlLimits limits_;
  std::vector<YamlNode> documents_;
  std::vector<OpenNode> open_;
  size_t nodes_ = 0;
};

// yaml-cpp guesses at other encodings where it finds zeros, and passes on what
// is no UTF-8.
absl::Status CheckText(absl::string_view text, size_t max_bytes) {
  if (text.size() > max_bytes) {
    return Invalid(1, absl::StrCat("has ", text.size(), " bytes; it may have ",
                                   max_bytes));
  }
  int line = 1;
  const int32_t size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(text.data(), i, size, c);
    if (c < 0) return Invalid(line, "is not UTF-8");
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
        (c >= 0x7f && c < 0xa0)) {
      return Invalid(line, "has a control character");
    }
    line += c == '\n';
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<YamlNode>> ParseYaml(absl::string_view text,
                                                const YamlLimits& limits) {
  RETURN_IF_ERROR(CheckText(text, limits.bytes));
  TreeBuilder builder(limits);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused& refused) {
    return refused.status;
  } catch (const YAML::Exception& fault) {
    return Invalid(std::max(LineOf(fault.mark), 1), fault.msg);
  } catch (const std::exception& fault) {
    return Invalid(1, fault.what());
  }
  return builder.TakeDocuments();
}

}  // namespace lenscap
