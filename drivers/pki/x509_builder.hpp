// SPDX-License-Identifier: EUPL-1.2
// Building X.509 certificates with EC keys: the TLS authority with its server and client
// certificates, and the country signer with the document signer whose signature stands in
// EF.CardSecurity. For tests, demo and enrolment. Written out instead of mbedtls_x509write: that
// lacks subject alternative names and extended key usage in 2.28, and the two supported versions
// differ. Pure but for serial number and ECDSA, any thread. Norms: RFC 5280, RFC 5480, RFC
// 5758 3.2.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"

namespace pki {

/// A distinguished name of at most four parts; empty parts are left out. The unit is the role in
/// our TLS (terminal, authority, auditor, backend) and the common name the id.
struct Name {
    std::string country;  ///< two letters
    std::string organisation;
    std::string unit;
    std::string common;
    friend bool operator==(const Name&, const Name&) = default;
};

/// tls_peer: a server that also calls others (the backend and its webhooks).
enum class X509Purpose : std::uint8_t {
    authority,
    tls_server,
    tls_client,
    tls_peer,
    document_signer
};

struct X509Request {
    X509Purpose purpose = X509Purpose::tls_client;
    Name subject;
    crypto::Point key;
    std::chrono::sys_seconds not_before;
    std::chrono::sys_seconds not_after;
    std::vector<std::string> dns_names;
    std::vector<std::array<std::uint8_t, 4>> ip_addresses;
};

struct X509Issuer {
    const Name& name;
    const crypto::KeyPair& key;
};

/// Builds and signs one certificate; the signature's hash follows the issuer's curve. Serial
/// number: 16 random bytes. An authority certificate is self-signed if issuer.key is the key of
/// `request`. returns  the certificate, DER. errors   certificate_bad (dates, names longer than 64
/// characters), crypto_failed.
base::Result<base::Bytes> build_x509_certificate(const X509Request& request,
                                                 const X509Issuer& issuer, port::Random& random);

}  // namespace pki
