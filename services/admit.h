#ifndef LENSCAP_SERVICES_ADMIT_H_
#define LENSCAP_SERVICES_ADMIT_H_

#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "services/caller.h"
#include "services/grpc_status.h"
#include "services/sign_in.h"

namespace lenscap {

// Who makes this call of the method, named as its proto does
// ("lenscap.v1.ScanService.Scan"). UNAUTHENTICATED, and then the trailing
// metadata say how to sign in, or PERMISSION_DENIED, which names role and
// method; denied where `sign_in` is null.
absl::StatusOr<Caller> Admit(grpc::CallbackServerContext* context,
                             const SignIn* sign_in, const char* method);

// A call that was over before it began. Deletes itself. `Base` is gRPC's
// reactor for the kind of call.
template <typename Base>
class RefusedReactor final : public Base {
 public:
  explicit RefusedReactor(const absl::Status& why) {
    this->Finish(ToGrpc(why));
  }
  void OnDone() override { delete this; }
};

// The only way from a method of a service to its reactor: `make` gets the
// caller, where that one may call the method, and makes the reactor.
template <typename Base, typename Make>
Base* Admitted(grpc::CallbackServerContext* context, const SignIn* sign_in,
               const char* method, const Make& make) {
  const absl::StatusOr<Caller> caller = Admit(context, sign_in, method);
  if (!caller.ok()) return new RefusedReactor<Base>(caller.status());
  return make(*caller);
}

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_ADMIT_H_
