// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/views/opener.hpp"

#include <algorithm>

#include "drivers/base/secret.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/seal/jwe.hpp"
#include "sync/seal/jwk.hpp"

namespace backend {

base::Result<base::Bytes> open_sealed(std::string_view jwe,
                                      std::span<const crypto::KeyPair> views_keys,
                                      port::Random& random) {
    TRY(kid, seal::jwe_kid(jwe));
    const auto named = [&](const crypto::KeyPair& key) {
        return seal::thumbprint(key.point) == kid;
    };
    const bool known = std::ranges::any_of(views_keys, named);
    for (const crypto::KeyPair& key : views_keys) {
        // A key id that is none of ours says nothing: kids are names, and names can be others.
        if (known && !named(key)) continue;
        auto plain = seal::open_jwe(jwe, key, random);
        if (plain || plain.error().code != base::Errc::open_failed) return plain;
    }
    return base::fail(base::Errc::open_failed, "opener.keys");
}

base::Result<model::Declaration> Opener::open(std::string_view jwe) const {
    TRY(plain, open_sealed(jwe, keys_, random_));
    auto declaration = model::parse_declaration(base::as_text(plain));
    base::wipe(plain);
    return declaration;
}

}  // namespace backend
