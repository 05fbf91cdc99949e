#include "services/sign_in.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/certificate_caller.h"
#include "services/cli/certificates.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using Subject = std::vector<std::pair<const char*, std::string>>;

// A certificate that signs itself, in PEM, with this subject.
std::string CertificateOf(const Subject& subject) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(),
                                                           X509_free);
  for (const auto& [part, value] : subject) {
    EXPECT_EQ(X509_NAME_add_entry_by_txt(
                  X509_get_subject_name(certificate.get()), part, MBSTRING_UTF8,
                  reinterpret_cast<const unsigned char*>(value.data()),
                  static_cast<int>(value.size()), -1, 0),
              1)
        << part;
  }
  X509_set_pubkey(certificate.get(), key.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  EXPECT_NE(X509_sign(certificate.get(), key.get(), nullptr), 0);
  const std::unique_ptr<BIO, int (*)(BIO*)> bytes(BIO_new(BIO_s_mem()),
                                                  BIO_free);
  PEM_write_bio_X509(bytes.get(), certificate.get());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bytes.get(), &data);
  return {data, static_cast<size_t>(size)};
}

TEST(CertificateCallerTest, TheSubjectSaysWhoItIs) {
  const auto regulator =
      CallerOfCertificate(CertificateOf({{"C", "DE"},
                                         {"O", "Hotline e.V. \xc3\xa4"},
                                         {"OU", "regulator"},
                                         {"CN", "desk-1"}}));
  ASSERT_TRUE(regulator.ok()) << regulator.status();
  EXPECT_EQ(regulator->role, CallerRole::kRegulator);
  EXPECT_EQ(regulator->name, "desk-1");
  EXPECT_EQ(regulator->issuer, "Hotline e.V. \xc3\xa4");
  EXPECT_FALSE(regulator->local);
  const auto platform = CallerOfCertificate(
      CertificateOf({{"O", "shop"}, {"OU", "platform"}, {"CN", "uploader"}}));
  ASSERT_TRUE(platform.ok()) << platform.status();
  EXPECT_EQ(platform->tenant, "shop");
  EXPECT_EQ(platform->issuer, "");
  // What a reviewer's organisation is does not matter.
  const auto reviewer = CallerOfCertificate(
      CertificateOf({{"O", "Agency"}, {"OU", "reviewer"}, {"CN", "ann"}}));
  ASSERT_TRUE(reviewer.ok()) << reviewer.status();
  EXPECT_EQ(ActorOf(*reviewer), "reviewer:ann");
}

TEST(CertificateCallerTest, ASubjectThatNamesNoCallerIsNobody) {
  const std::vector<Subject> subjects = {
      {},
      {{"CN", "ann"}},
      {{"OU", "reviewer"}},
      {{"OU", "Reviewer"}, {"CN", "ann"}},
      {{"OU", "nobody"}, {"CN", "ann"}},
      {{"OU", "reviewer"}, {"OU", "admin"}, {"CN", "ann"}},
      {{"OU", "reviewer"}, {"CN", "ann"}, {"CN", "bob"}},
      {{"OU", "reviewer"}, {"CN", "ann:bob"}},
      {{"OU", "reviewer"}, {"CN", std::string("ann\0", 4)}},
      {{"OU", "regulator"}, {"CN", "desk"}},
      {{"OU", "regulator"}, {"CN", "desk"}, {"O", "a"}, {"O", "b"}},
  };
  for (const Subject& subject : subjects) {
    const absl::Status status =
        CallerOfCertificate(CertificateOf(subject)).status();
    EXPECT_TRUE(absl::IsUnauthenticated(status))
        << testing::PrintToString(subject) << status;
  }
  for (const std::string& pem :
       {std::string(), std::string("nonsense"),
        std::string("-----BEGIN CERTIFICATE-----\nAAAA\n"
                    "-----END CERTIFICATE-----\n")}) {
    EXPECT_TRUE(absl::IsUnauthenticated(CallerOfCertificate(pem).status()));
  }
}

class SignInTest : public testing::Test {
 protected:
  std::string TokenOf(CallerRole role) {
    Caller caller;
    caller.name = "ann";
    caller.role = role;
    return tokens_->Create(caller, absl::Hours(1))->secret;
  }
  FakeClock clock_;
  const std::unique_ptr<TokenStore> tokens_ = *TokenStore::Open(
      {.directory = MakeTempDirectory() + "/access", .clock = &clock_});
  const SignIn lenient_{tokens_.get(), /*required=*/false};
  const SignIn strict_{tokens_.get(), /*required=*/true};
};

TEST_F(SignInTest, WithoutACredentialOnlyTheMachinesOwnUserIsKnown) {
  const auto local = lenient_.Identify({});
  ASSERT_TRUE(local.ok());
  EXPECT_TRUE(local->local);
  EXPECT_EQ(local->role, CallerRole::kAdmin);
  EXPECT_EQ(ActorOf(*local), "local");
  EXPECT_TRUE(absl::IsUnauthenticated(strict_.Identify({}).status()));
  Credentials in_process;
  in_process.in_process = true;
  EXPECT_TRUE(strict_.Identify(in_process)->local);
}

TEST_F(SignInTest, WhatIsNoBearerTokenIsRefused) {
  const std::string token = TokenOf(CallerRole::kReviewer);
  for (const SignIn* sign_in : {&lenient_, &strict_}) {
    for (const auto& authorization : std::vector<std::vector<std::string>>{
             {""},
             {"Bearer "},
             {token},
             {"Basic " + token},
             {"Bearer " + token + " "},
             {"Bearer  " + token},
             {"Bearer " + token, ""},
             {"Bearer " + token, "Bearer " + token}}) {
      Credentials credentials;
      credentials.authorization = authorization;
      credentials.in_process = true;
      EXPECT_TRUE(
          absl::IsUnauthenticated(sign_in->Identify(credentials).status()))
          << testing::PrintToString(authorization);
    }
    Credentials good;
    good.authorization = {"bearer " + token};
    const auto caller = sign_in->Identify(good);
    ASSERT_TRUE(caller.ok()) << caller.status();
    EXPECT_EQ(ActorOf(*caller), "reviewer:ann");
    EXPECT_FALSE(caller->local);
  }
}

TEST_F(SignInTest, ARoleThatMayNotIsToldWhichAndWhat) {
  Credentials credentials;
  credentials.authorization = {"Bearer " + TokenOf(CallerRole::kReviewer)};
  EXPECT_TRUE(
      lenient_.Authorize(credentials, "lenscap.v1.TakedownService.Lease").ok());
  const absl::Status denied =
      lenient_.Authorize(credentials, "lenscap.v1.ScanService.Scan").status();
  EXPECT_TRUE(absl::IsPermissionDenied(denied));
  EXPECT_THAT(std::string(denied.message()),
              HasSubstr("reviewer:ann may not use "
                        "lenscap.v1.ScanService.Scan"));
}

TEST(DevelopmentCertificatesTest, EachNamesItsRoleAndKeepsItsKeyToItself) {
  const std::string directory = MakeTempDirectory() + "/certificates";
  cli::DevelopmentCertificates wanted = {.directory = directory,
                                         .hosts = {"a.example", "192.0.2.1"},
                                         .issuer = "Hotline",
                                         .now = absl::Now()};
  ASSERT_TRUE(cli::MakeDevelopmentCertificates(wanted).ok());
  for (const CallerRole role : kCallerRoles) {
    const std::string path = absl::StrCat(directory, "/", RoleName(role));
    const auto pem = ReadSmallFile(path + ".crt", 1 << 16);
    ASSERT_TRUE(pem.ok()) << pem.status();
    const auto caller = CallerOfCertificate(*pem);
    ASSERT_TRUE(caller.ok()) << caller.status();
    EXPECT_EQ(caller->role, role);
    EXPECT_EQ(caller->name, "development");
    EXPECT_EQ(caller->issuer, role == CallerRole::kRegulator ? "Hotline" : "");
    EXPECT_EQ(std::filesystem::status(path + ".key").permissions(),
              std::filesystem::perms(0600));
  }
  EXPECT_TRUE(absl::IsAlreadyExists(cli::MakeDevelopmentCertificates(wanted)));
  wanted.directory += "2";
  for (const char* host : {"", "a b", "a,DNS:evil.example", "a\nb", "::z"}) {
    wanted.hosts = {host};
    EXPECT_TRUE(
        absl::IsInvalidArgument(cli::MakeDevelopmentCertificates(wanted)))
        << host;
  }
  EXPECT_FALSE(std::filesystem::exists(wanted.directory));
}

}  // namespace
}  // namespace lenscap
