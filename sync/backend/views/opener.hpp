// SPDX-License-Identifier: EUPL-1.2
// The only door to plaintext in the whole backend: opens one sealed declaration with the views key.
// What it returns is used and dropped; nobody stores a name or a birth date. Only instances with
// the views role have one. One object per thread (it owns no state, but its random source does).
#pragma once

#include <span>
#include <string_view>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"
#include "sync/model/declaration.hpp"

namespace backend {

/// Opens a JWE with whichever of these keys it is sealed to: the present one first, then those
/// before it. errors and cost as Opener::open.
base::Result<base::Bytes> open_sealed(std::string_view jwe,
                                      std::span<const crypto::KeyPair> views_keys,
                                      port::Random& random);

class Opener {
  public:
    /// views_keys  the present one first, then those before it, for what is still sealed to them.
    /// Both outlive the opener.
    Opener(std::span<const crypto::KeyPair> views_keys, port::Random& random)
        : keys_(views_keys), random_(random) {}

    /// errors  message_bad, open_failed (for none of our keys, or changed), declaration_bad.
    /// cost    one ECDH a key that is tried, about 2 ms; a key id in the text spares all but one.
    base::Result<model::Declaration> open(std::string_view jwe) const;

  private:
    std::span<const crypto::KeyPair> keys_;
    port::Random& random_;
};

}  // namespace backend
