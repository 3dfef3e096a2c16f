// SPDX-License-Identifier: EUPL-1.2
// The only door to plaintext in the whole backend: opens one sealed declaration with the views key.
// What it returns is used and dropped; nobody stores a name or a birth date. Only instances with
// the views role have one. One object per thread (it owns no state, but its random source does).
#pragma once

#include <string_view>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"
#include "sync/model/declaration.hpp"

namespace backend {

class Opener {
  public:
    /// Both outlive the opener.
    Opener(const crypto::KeyPair& views_key, port::Random& random)
        : key_(views_key), random_(random) {}

    /// errors  message_bad, open_failed (not for our key, or changed), declaration_bad.
    /// cost    one ECDH, about 2 ms.
    base::Result<model::Declaration> open(std::string_view jwe) const;

  private:
    const crypto::KeyPair& key_;
    port::Random& random_;
};

}  // namespace backend
