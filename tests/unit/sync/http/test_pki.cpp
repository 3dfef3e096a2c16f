// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/sync/http/test_pki.hpp"

#include <chrono>

#include "drivers/base/check.hpp"
#include "drivers/crypto/key_file.hpp"

namespace test {
namespace {

std::chrono::sys_seconds day(int from_today) {
    return std::chrono::sys_seconds(std::chrono::seconds(today_ms / 1'000)) +
           std::chrono::days(from_today);
}

}  // namespace

http::TimeWindow window_today() {
    return {today_ms, today_ms};
}

Leaf server_leaf() {
    Leaf leaf;
    leaf.purpose = pki::X509Purpose::tls_server;
    leaf.unit = "backend";
    leaf.common = "backend.test";
    leaf.dns_names = {"backend.test"};
    return leaf;
}

Authority::Authority(const std::string& name)
    : name_{"DE", "Test", "", name}, key_(crypto::generate_key(crypto::Curve::p256, random_)) {
    const pki::X509Request request{
        pki::X509Purpose::authority, name_, key_.point, day(-1'000), day(1'000), {}, {}};
    auto certificate = pki::build_x509_certificate(request, {name_, key_}, random_);
    CHECK(certificate);
    certificate_ = std::move(*certificate);
}

Identity Authority::issue(const Leaf& leaf) {
    const crypto::KeyPair key = crypto::generate_key(leaf.curve, random_);
    const pki::X509Request request{leaf.purpose,
                                   {"DE", "Test", leaf.unit, leaf.common},
                                   key.point,
                                   day(leaf.first_day),
                                   day(leaf.last_day),
                                   leaf.dns_names,
                                   {}};
    auto certificate = pki::build_x509_certificate(request, {name_, key_}, random_);
    CHECK(certificate);
    return {std::move(*certificate), crypto::write_private_key(key)};
}

std::unique_ptr<http::TlsContext> make_context(http::TlsSide side, const base::Bytes& anchors,
                                               const Identity& identity, port::Random& random,
                                               std::function<http::TimeWindow()> window) {
    auto context = http::TlsContext::make(side, {anchors, identity.certificate, identity.key},
                                          std::move(window), random);
    CHECK(context);
    return std::move(*context);
}

}  // namespace test
