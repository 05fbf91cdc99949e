#include "tests/services/listing_server.h"

#include <utility>

#include "lists/issuer_store.h"
#include "tests/services/issued_list.h"
#include "tests/support/paths.h"

namespace lenscap {

const char kTestPack[] = R"(pack: test-pack
version: 1
issuer: Example Hotline
title: Rules of a test
caps: {object: 40, concealment: 30, place: 20, trade: 100, tutorial: 100, exclusion: 100}
---
title: Pinhole camera
id: pinhole
status: stable
description: A camera that is small enough to hide.
references: [https://example.com]
level: medium
tags: [campaign.modified-devices]
group: object
score: 40
detection:
  camera: [pinhole camera, 针孔摄像头]
  condition: camera
examples:
  positive: [a pinhole camera]
  negative: [a camera]
---
title: Hidden in a charger
id: in-charger
status: stable
description: What it is hidden in.
references: [https://example.com]
level: medium
group: concealment
score: 30
detection:
  hidden: [in a charger, 充电器]
  condition: hidden
examples:
  positive: [hidden in a charger]
  negative: [a phone]
---
title: Footage for sale
id: footage
status: stable
description: Asks for a block by itself.
references: [https://example.com]
level: critical
group: trade
score: 10
action: block
detection:
  footage: [hotel room footage]
  condition: footage
examples:
  positive: [hotel room footage]
  negative: [a hotel room]
---
title: A hotel room
id: hotel
status: experimental
description: Not yet trusted.
references: [https://example.com]
level: low
group: place
score: 20
detection:
  hotel: [hotel room]
  condition: hotel
examples:
  positive: [for a hotel room]
  negative: [for a room]
---
title: Detectors
id: detector
status: stable
description: What finds hidden cameras.
references: [https://example.com]
level: informational
group: exclusion
score: -50
detection:
  detector: [detector]
  condition: detector
examples:
  positive: [camera detector]
  negative: [camera]
)";

void ListingServerTest::SetUp() {
  clock_.Advance(kSomeTime + absl::Hours(1) - clock_.Now());
  options_.data_directory = MakeTempDirectory();
  options_.scan_workers = 2;
  options_.clock = &clock_;
  options_.rule_packs = {kTestPack};
  auto issuers =
      IssuerStore::Open(options_.data_directory + "/issuers", &clock_);
  ASSERT_TRUE(issuers.ok()) << issuers.status();
  const auto installed = (*issuers)->Install(KeysOfIssuer());
  ASSERT_TRUE(installed.ok()) << installed.status();
  Start();
}

void ListingServerTest::Start() {
  server_.reset();
  auto server = Server::Start(options_);
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  channel_ = server_->InProcessChannel();
}

v1::ReviewListingRequest ListingServerTest::Listing(const std::string& id,
                                                    const std::string& title) {
  v1::ReviewListingRequest request;
  request.set_listing_id(id);
  request.set_title(title);
  return request;
}

absl::StatusOr<v1::ListingReport> ListingServerTest::Review(
    const v1::ReviewListingRequest& request) {
  return Call(stub().get(), &Stub::Review, request);
}

v1::ListingReport ListingServerTest::ReportOn(
    const v1::ReviewListingRequest& request) {
  const auto report = Review(request);
  EXPECT_TRUE(report.ok()) << report.status();
  return report.value_or(v1::ListingReport());
}

v1::Case ListingServerTest::CaseOf(const std::string& case_id) {
  v1::GetCaseRequest request;
  request.set_case_id(case_id);
  const auto found =
      Call(cases().get(), &v1::TakedownService::Stub::GetCase, request);
  EXPECT_TRUE(found.ok()) << found.status();
  return found.value_or(v1::Case());
}

void ListingServerTest::DecideNext(v1::Decision::Outcome outcome) {
  v1::LeaseRequest lease;
  lease.set_reviewer("ann");
  const auto leased =
      Call(cases().get(), &v1::TakedownService::Stub::Lease, lease);
  ASSERT_TRUE(leased.ok()) << leased.status();
  ASSERT_EQ(leased->leases_size(), 1);
  v1::DecideRequest decide;
  decide.set_lease_token(leased->leases(0).lease_token());
  decide.set_outcome(outcome);
  const auto decided =
      Call(cases().get(), &v1::TakedownService::Stub::Decide, decide);
  ASSERT_TRUE(decided.ok()) << decided.status();
}

}  // namespace lenscap
