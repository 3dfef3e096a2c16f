// SPDX-License-Identifier: EUPL-1.2
// The change of a terminal's journal key: the old key says which one follows it and from which
// epoch on, the new key shows that it is held. The backend takes it in, and the journal keeps it
// with the epoch, so that the chain can be checked from its first key on. Pure but for the signing
// keys, any thread.
//   outer JWS by the old key   typ freigabe-key-change+jwt, kid = terminal
//                              {"terminal":uuid,"epoch":n,"old":thumbprint,"new":<inner JWS>}
//   inner JWS by the new key   the same typ, jwk = the new key; {"terminal","epoch","old"}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/base/uuid.hpp"
#include "sync/seal/jws.hpp"

namespace seal {

struct KeyChange {
    base::Uuid terminal;
    std::uint32_t epoch = 0;  ///< the first one that the new key signs, from 2
    crypto::Point key;        ///< the new key, P-256
};

/// errors  those of the signers; key_bad (new_key is not P-256).
base::Result<std::string> sign_key_change(const KeyChange& change, const crypto::Point& old_key,
                                          Signer& old_signer, Signer& new_signer);
/// errors  message_bad (form, another terminal within), signature_bad (either signature).
base::Result<KeyChange> verify_key_change(std::string_view text, const crypto::Point& old_key);

/// The epoch that a statement names, believed without its signatures: where a journal that begins
/// anew must start, since earlier epochs belong to earlier keys. Nothing for any other text.
[[nodiscard]] std::optional<std::uint32_t> claimed_epoch(std::string_view text);

}  // namespace seal
