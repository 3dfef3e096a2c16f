// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/views/opener.hpp"

#include <algorithm>

#include "drivers/base/secret.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/seal/jwe.hpp"
#include "sync/seal/jwk.hpp"

namespace backend {

base::Result<model::Declaration> Opener::open(std::string_view jwe) const {
    TRY(kid, seal::jwe_kid(jwe));
    const auto named = [&](const crypto::KeyPair& key) {
        return seal::thumbprint(key.point) == kid;
    };
    const bool known = std::ranges::any_of(keys_, named);
    for (const crypto::KeyPair& key : keys_) {
        // A key id that is none of ours says nothing: kids are names, and names can be others.
        if (known && !named(key)) continue;
        auto plain = seal::open_jwe(jwe, key, random_);
        if (!plain) {
            if (plain.error().code != base::Errc::open_failed) return tl::unexpected(plain.error());
            continue;
        }
        auto declaration = model::parse_declaration(base::as_text(*plain));
        base::wipe(*plain);
        return declaration;
    }
    return base::fail(base::Errc::open_failed, "opener.keys");
}

}  // namespace backend
