#ifndef LENSCAP_TESTS_SERVICES_LISTING_SERVER_H_
#define LENSCAP_TESTS_SERVICES_LISTING_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/listing.grpc.pb.h"
#include "proto/lenscap/v1/takedown.grpc.pb.h"
#include "services/server.h"
#include "tests/services/client.h"
#include "tests/support/fake_clock.h"

namespace lenscap {

// A real server in this process that reviews listings by kTestPack alone, two
// keys of which trust "Example Hotline" (tests/services/issued_list.h).
class ListingServerTest : public testing::Test {
 protected:
  using Stub = v1::ListingService::Stub;

  void SetUp() override;
  void Start();

  // About a camera: 40 points for the object, 30 more for what hides it.
  static v1::ReviewListingRequest Listing(const std::string& id,
                                          const std::string& title);
  absl::StatusOr<v1::ListingReport> Review(
      const v1::ReviewListingRequest& request);
  // Which must succeed.
  v1::ListingReport ReportOn(const v1::ReviewListingRequest& request);

  v1::Case CaseOf(const std::string& case_id);
  // Of the first case that waits: all its listings.
  void DecideNext(v1::Decision::Outcome outcome);

  std::unique_ptr<Stub> stub() { return v1::ListingService::NewStub(channel_); }
  std::unique_ptr<v1::TakedownService::Stub> cases() {
    return v1::TakedownService::NewStub(channel_);
  }

  FakeClock clock_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  ChannelPtr channel_;
};

// Version 1 of "test-pack", by "Example Hotline".
extern const char kTestPack[];

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_LISTING_SERVER_H_
