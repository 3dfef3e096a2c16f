// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/views/opener.hpp"

#include "drivers/base/secret.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/seal/jwe.hpp"

namespace backend {

base::Result<model::Declaration> Opener::open(std::string_view jwe) const {
    TRY(plain, seal::open_jwe(jwe, key_, random_));
    auto declaration = model::parse_declaration(base::as_text(plain));
    base::wipe(plain);
    return declaration;
}

}  // namespace backend
