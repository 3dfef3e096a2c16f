// SPDX-License-Identifier: EUPL-1.2
// Building card-verifiable certificates: CVCA, CVCA link, document verifier, authentication
// terminal. For tests, demo, training and the technician's tool; real ones come from the
// authorisation PKI. Reading them is drivers/eid's business. Pure but for the random number inside
// ECDSA, any thread. Norm: BSI TR-03110-3 C.1 (profile), C.3 (extensions), D.3 (keys),
// TR-03110-4 2.2.3 (rights of authentication terminals).
#pragma once

#include <chrono>
#include <string>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/eid/rights.hpp"
#include "drivers/port/random.hpp"

namespace pki {

/// What one certificate says. References are those of the norm: country (2) + mnemonic (1..9) +
/// sequence (5).
struct CvRequest {
    eid::Role role = eid::Role::terminal;
    std::string authority_reference;  ///< CAR: the holder reference of whoever signs
    std::string holder_reference;     ///< CHR
    crypto::Point key;  ///< certified key; its curve decides the hash of its signatures
    eid::Rights rights;
    std::chrono::sys_days effective;  ///< 2000..2099
    std::chrono::sys_days expiration;
    base::Bytes extensions;  ///< content of the extension template 65; empty = none
};

/// Builds and signs one certificate. CVCA certificates carry domain parameters, others do not
/// (TR-03110-3 C.1.3). signer   key of the holder that authority_reference names; for a self-signed
/// CVCA the key of `request` itself. returns  the CV certificate 7F21, DER. errors certificate_bad
/// (reference or dates break the profile), crypto_failed.
base::Result<base::Bytes> build_cv_certificate(const CvRequest& request,
                                               const crypto::KeyPair& signer, port::Random& random);

/// The hash that goes with a key's curve in terminal authentication: SHA-256, -384 or -512.
[[nodiscard]] crypto::Hash hash_of(crypto::Curve curve);

/// A sector public key: 7F49 with id-RI-ECDH-SHA-256 and domain parameters. The terminal sends its
/// content for restricted identification, and its hash stands in the terminal certificate.
[[nodiscard]] base::Bytes encode_sector_key(const crypto::Point& key);

/// Extension id-description: the hash of the encoded certificate description.
[[nodiscard]] base::Bytes description_extension(crypto::Hash hash, base::ByteView description);
/// Extension id-sector: hashes of one or two encoded sector keys (second: empty = none).
struct SectorKeys {
    base::ByteView first;
    base::ByteView second;
};
[[nodiscard]] base::Bytes sector_extension(crypto::Hash hash, const SectorKeys& keys);

}  // namespace pki
