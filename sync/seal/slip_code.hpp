// SPDX-License-Identifier: EUPL-1.2
// Signing and checking the codes of a slip. Pure but for the signing key, any thread.
#pragma once

#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "sync/model/slip.hpp"
#include "sync/seal/jws.hpp"

namespace seal {

/// What the record keeps of the secret: SHA-256 over its 16 bytes.
[[nodiscard]] model::Digest slip_hash(const model::SlipSecret& secret);
/// The check code as printed: compact JWS, kid = terminal. errors: those of the signer.
base::Result<std::string> sign_check(const model::CheckCode& code, Signer& signer);
/// errors  slip_bad: form or signature.
base::Result<model::CheckCode> verify_check(std::string_view jws, const crypto::Point& journal_key);
/// Reads a check code of any terminal without its key: enough to aim a withdrawal, which the
/// backend accepts only if the secret fits. errors: slip_bad.
base::Result<model::CheckCode> read_check(std::string_view jws);

/// A take-back code that is consistent in itself: the secret is the one its check code names.
struct TakeBack {
    model::CheckCode code;
    model::Digest secret_hash{};
};
/// errors  slip_bad.
base::Result<TakeBack> read_take_back(std::string_view text);

}  // namespace seal
