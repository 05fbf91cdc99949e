#ifndef LENSCAP_SERVICES_WEB_REPORT_FORM_H_
#define LENSCAP_SERVICES_WEB_REPORT_FORM_H_

#include <string>
#include <utility>

#include "services/web/attempts.h"
#include "services/web/door.h"
#include "services/web/http.h"
#include "services/web/json_gateway.h"

namespace lenscap {

// The form by which anybody reports footage of themselves, without signing in:
// POST /report takes multipart/form-data, whose fields are those of
// v1::ReportHeader in its own spelling, `links` and `content_ids` as often as
// there are some, and last the file `footage`; POST /report/status asks for
// what became of one. Both call IntakeService with the form's own token.
// Thread-safe.
class ReportForm {
 public:
  // All must outlive this. `attempts` bounds how often an address may ask.
  struct Rooms {
    const Door* door = nullptr;
    const JsonGateway* gateway = nullptr;
    Attempts* attempts = nullptr;
  };

  ReportForm(const Rooms& rooms, std::string token)
      : rooms_(rooms), token_(std::move(token)) {}

  void Submit(Exchange& exchange) const;
  void TellStatus(Exchange& exchange) const;

 private:
  // True where it may go on; else it is answered.
  bool Admit(Exchange& exchange) const;

  const Rooms rooms_;
  const std::string token_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_REPORT_FORM_H_
