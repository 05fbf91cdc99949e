#include "services/listing_report.h"

#include <algorithm>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"

namespace lenscap {
namespace {

constexpr size_t kMaxSpanBytes = 256;
constexpr int kGravestHits = 3;

// The field's text in the request; "" for one that is not there.
absl::string_view FieldOf(const v1::ReviewListingRequest& request,
                          const RuleSpan& span) {
  if (span.field == "title") return request.title();
  if (span.field == "description") return request.description();
  if (span.field == "category") return request.category();
  const auto it = request.attributes().find(span.attribute);
  return it == request.attributes().end() ? absl::string_view() : it->second;
}

// Whole characters.
absl::string_view Beginning(absl::string_view text, size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (text[most] & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

v1::TextSpan SpanOf(const RuleSpan& span,
                    const v1::ReviewListingRequest& request) {
  v1::TextSpan message;
  message.set_field(span.field);
  message.set_attribute(span.attribute);
  message.set_start(static_cast<int32_t>(span.bytes.start));
  message.set_end(static_cast<int32_t>(span.bytes.end));
  const absl::string_view text = FieldOf(request, span);
  const size_t start = std::min(span.bytes.start, text.size());
  const size_t end = std::clamp(span.bytes.end, start, text.size());
  message.set_text(
      std::string(Beginning(text.substr(start, end - start), kMaxSpanBytes)));
  message.set_key(span.key);
  return message;
}

v1::RuleHit HitOf(const RuleHit& hit, const v1::ReviewListingRequest& request) {
  v1::RuleHit message;
  message.set_rule_id(hit.rule_id);
  message.set_pack_id(hit.pack_id);
  message.set_title(hit.title);
  message.set_level(hit.level);
  message.set_group(hit.group);
  message.set_score(hit.score);
  message.set_action(static_cast<v1::Action>(hit.action));
  message.set_shadow(hit.shadow);
  message.mutable_tags()->Assign(hit.tags.begin(), hit.tags.end());
  for (const RuleSpan& span : hit.spans) {
    *message.add_spans() = SpanOf(span, request);
  }
  return message;
}

void ForEachReport(v1::ReviewBatchReply& reply,
                   const std::function<void(v1::ListingReport&)>& change) {
  for (v1::ReviewResult& result : *reply.mutable_results()) {
    if (result.has_report()) change(*result.mutable_report());
  }
}

}  // namespace

void AddText(const TextReview& review, const v1::ReviewListingRequest& request,
             v1::ListingReport& report) {
  for (const RuleHit& hit : review.hits) {
    *report.add_rule_hits() = HitOf(hit, request);
  }
  for (const GroupScore& group : review.groups) {
    v1::GroupScore& message = *report.add_groups();
    message.set_group(group.group);
    message.set_score(group.score);
    message.set_capped(group.capped);
  }
  report.set_score(review.score);
  report.set_shadow_score(review.shadow_score);
  report.mutable_rule_packs()->Assign(review.packs.begin(), review.packs.end());
}

void Shorten(size_t max_bytes, v1::ReviewBatchReply& reply) {
  if (reply.ByteSizeLong() <= max_bytes) return;
  ForEachReport(reply, [](v1::ListingReport& report) {
    for (v1::RuleHit& hit : *report.mutable_rule_hits()) hit.clear_spans();
    report.clear_video();
  });
  if (reply.ByteSizeLong() <= max_bytes) return;
  ForEachReport(reply, [](v1::ListingReport& report) {
    auto& hits = *report.mutable_rule_hits();
    if (hits.size() > kGravestHits) {
      hits.DeleteSubrange(kGravestHits, hits.size() - kGravestHits);
    }
    report.clear_image_matches();
    report.mutable_verdict()->clear_shadow_reasons();
  });
}

}  // namespace lenscap
