#include "services/web/report_form.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/intake.pb.h"
#include "services/limit_status.h"
#include "services/web/chunk_sender.h"
#include "services/web/form_fields.h"
#include "services/web/http_status.h"
#include "services/web/rpc_call.h"

namespace lenscap {
namespace {

constexpr char kReportsLimit[] = "reports";
constexpr char kFootage[] = "footage";
constexpr absl::Duration kWithin = absl::Hours(1);

const google::protobuf::MethodDescriptor& Method(const char* name) {
  return *v1::ReportPart::descriptor()
              ->file()
              ->FindServiceByName("IntakeService")
              ->FindMethodByName(name);
}

// What a form that is being read has come to.
class Submission {
 public:
  Submission(const JsonGateway& gateway, const WebCaller& caller,
             Exchange& exchange)
      : gateway_(gateway), caller_(caller), exchange_(exchange) {}

  absl::Status Begin(const HttpPart& part) {
    if (call_ != nullptr) {
      return absl::InvalidArgumentError("footage: expected last, and once");
    }
    if (part.name != kFootage) return fields_.Begin(part);
    RETURN_IF_ERROR(fields_.End());
    return SendHeader();
  }
  absl::Status Take(absl::string_view piece) {
    if (call_ == nullptr) return fields_.Take(piece);
    over_ = over_ || !chunks_->SendBytes(piece);
    return over_ ? absl::CancelledError() : absl::OkStatus();
  }
  absl::Status End() {
    if (call_ == nullptr) {
      RETURN_IF_ERROR(fields_.End());
      RETURN_IF_ERROR(SendHeader());
    }
    chunks_->SendRest();
    return absl::OkStatus();
  }

  // Whether the server has answered before all was sent.
  bool over() const { return over_; }
  const std::shared_ptr<RpcCall>& call() const { return call_; }

 private:
  absl::Status SendHeader() {
    ASSIGN_OR_RETURN(call_,
                     gateway_.Open(exchange_, caller_, Method("SubmitReport")));
    chunks_ = ChunkSender::Make(
        *v1::ReportPart::descriptor(),
        [call = call_](const std::string& part) { return call->Write(part); });
    over_ = !chunks_->SendHeader(header_);
    return absl::OkStatus();
  }

  const JsonGateway& gateway_;
  const WebCaller& caller_;
  Exchange& exchange_;
  v1::ReportHeader header_;
  FormFields fields_{&header_};
  std::shared_ptr<RpcCall> call_;  // Null until the header is whole.
  std::optional<ChunkSender> chunks_;
  bool over_ = false;
};

}  // namespace

bool ReportForm::Admit(Exchange& exchange) const {
  const HttpRequest& request = exchange.request();
  if (const absl::Status own = rooms_.door->CheckSite(request); !own.ok()) {
    exchange.Answer(ErrorAnswer(own));
    return false;
  }
  if (const absl::Duration wait = rooms_.attempts->Wait(request.peer);
      wait > absl::ZeroDuration()) {
    const absl::Status status =
        OverLimit(kReportsLimit, "too many reports from this address", wait);
    exchange.Answer(ErrorAnswer(status, RetryAfterOf(status)));
    return false;
  }
  rooms_.attempts->Count(request.peer);
  return true;
}

void ReportForm::Submit(Exchange& exchange) const {
  if (!Admit(exchange)) return;
  const absl::StatusOr<WebCaller> caller = rooms_.door->HolderOf(token_);
  if (!caller.ok()) return exchange.Answer(ErrorAnswer(caller.status()));
  Submission submission(*rooms_.gateway, *caller, exchange);
  absl::Status read = exchange.ReadForm(
      kWithin, [&](const HttpPart& part) { return submission.Begin(part); },
      [&](absl::string_view piece) { return submission.Take(piece); });
  if (read.ok()) read = submission.End();
  if (!read.ok() && !submission.over()) {
    return exchange.Answer(ErrorAnswer(read));
  }
  submission.call()->WritesDone();
  rooms_.gateway->Answer(exchange, *caller, Method("SubmitReport"),
                         submission.call());
}

void ReportForm::TellStatus(Exchange& exchange) const {
  if (!Admit(exchange)) return;
  const absl::StatusOr<WebCaller> caller = rooms_.door->HolderOf(token_);
  if (!caller.ok()) return exchange.Answer(ErrorAnswer(caller.status()));
  rooms_.gateway->Serve(exchange, *caller, Method("GetReportStatus"));
}

}  // namespace lenscap
