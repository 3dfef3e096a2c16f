// SPDX-License-Identifier: EUPL-1.2
// A certificate authority of two lines for the tests of sync: it issues what a row of a table asks
// for, good or bad. Keys are made fresh in each run; dates are given in days around one fixed day.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/pki/x509_builder.hpp"
#include "sync/http/tls.hpp"

namespace test {

/// The middle of the tests' world: 2026-06-01 00:00 UTC. No test looks at the wall clock.
inline constexpr std::uint64_t today_ms = 1'780'272'000'000;
inline constexpr std::uint64_t day_ms = 86'400'000;
[[nodiscard]] http::TimeWindow window_today();

struct Identity {
    base::Bytes certificate;  ///< DER
    base::Bytes key;          ///< PKCS#8 DER
};

struct Leaf {
    pki::X509Purpose purpose = pki::X509Purpose::tls_client;
    std::string unit = "terminal";
    std::string common = "t-1";
    int first_day = -10;  ///< days from today
    int last_day = 10;
    std::vector<std::string> dns_names;
    crypto::Curve curve = crypto::Curve::p256;
};
/// The server's certificate as the rows expect it: for "backend.test".
[[nodiscard]] Leaf server_leaf();

class Authority {
  public:
    explicit Authority(const std::string& name);
    [[nodiscard]] Identity issue(const Leaf& leaf);
    [[nodiscard]] const base::Bytes& certificate() const { return certificate_; }

  private:
    crypto::SystemRandom random_;
    pki::Name name_;
    crypto::KeyPair key_;
    base::Bytes certificate_;
};

/// A context that must come out well; `window` defaults to today.
[[nodiscard]] std::unique_ptr<http::TlsContext> make_context(
    http::TlsSide side, const base::Bytes& anchors, const Identity& identity, port::Random& random,
    std::function<http::TimeWindow()> window = window_today);

}  // namespace test
