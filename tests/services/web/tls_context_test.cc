#include "services/web/tls_context.h"

#include <openssl/x509.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/cli/certificates.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class TlsContextTest : public testing::Test {
 protected:
  static fs::path MakeCertificates() {
    const std::string directory = MakeTempDirectory();
    const absl::Status made =
        cli::MakeDevelopmentCertificates({.directory = directory,
                                          .hosts = {"scans.example"},
                                          .issuer = "hotline",
                                          .now = absl::Now()});
    EXPECT_TRUE(made.ok()) << made;
    return directory;
  }
  void Use(const fs::path& from, const char* file) {
    fs::remove(directory_ / file);
    fs::copy(from / file, directory_ / file);
  }
  TlsOptions Options() const {
    return {.certificate = directory_ / "server.crt",
            .key = directory_ / "server.key",
            .client_ca = directory_ / "ca.crt",
            .require_client_certificate = false};
  }
  // Tells apart the certificates that new connections are shown.
  static std::string Shown(TlsContext& tls) {
    const SslPtr ssl = tls.NewSession();
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(SSL_get_certificate(ssl.get()), EVP_sha256(), digest, &size);
    return std::string(reinterpret_cast<const char*>(digest), size);
  }

  FakeClock clock_;
  const fs::path directory_ = MakeCertificates();
  const fs::path newer_ = MakeCertificates();
};

TEST_F(TlsContextTest, ANewCertificateIsTakenUpWithinTenSeconds) {
  auto tls = TlsContext::Open(Options(), &clock_);
  ASSERT_TRUE(tls.ok()) << tls.status();
  const std::string before = Shown(**tls);
  Use(newer_, "server.crt");
  Use(newer_, "server.key");
  EXPECT_EQ(Shown(**tls), before) << "not looked at again yet";
  clock_.Advance(absl::Seconds(10));
  const std::string after = Shown(**tls);
  EXPECT_NE(after, before);
  clock_.Advance(absl::Seconds(10));
  EXPECT_EQ(Shown(**tls), after);
}

TEST_F(TlsContextTest, FilesThatDoNotFitTogetherAreLeftUntilTheyDo) {
  auto tls = TlsContext::Open(Options(), &clock_);
  ASSERT_TRUE(tls.ok()) << tls.status();
  const std::string before = Shown(**tls);
  Use(newer_, "server.crt");
  clock_.Advance(absl::Seconds(10));
  EXPECT_EQ(Shown(**tls), before);
  Use(newer_, "server.key");
  clock_.Advance(absl::Seconds(10));
  EXPECT_NE(Shown(**tls), before);
  fs::remove(directory_ / "server.crt");
  clock_.Advance(absl::Seconds(10));
  EXPECT_NE(Shown(**tls), before);
}

TEST_F(TlsContextTest, WhatCannotBeUsedIsNamed) {
  const auto problem = [this](const char* file) {
    TlsOptions options = Options();
    options.require_client_certificate = true;
    std::ofstream(directory_ / file) << "no PEM";
    return std::string(TlsContext::Open(options).status().message());
  };
  EXPECT_THAT(problem("ca.crt"), HasSubstr("ca.crt"));
  EXPECT_THAT(problem("server.key"), HasSubstr("server.key"));
  EXPECT_THAT(problem("server.crt"), HasSubstr("server.crt"));
}

}  // namespace
}  // namespace lenscap
