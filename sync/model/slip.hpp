// SPDX-License-Identifier: EUPL-1.2
// The two codes on a citizen's slip. The check code proves that a declaration was recorded; it
// names no entry, recipient, language or person. The take-back code, on the part to tear off, adds
// a secret and can do one thing: withdraw exactly that declaration. Signing is seal/slip_code.hpp.
// Pure, any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "drivers/base/secret.hpp"
#include "sync/model/declaration.hpp"

namespace model {

using SlipSecret = base::Secret<struct SlipSecretTag, 16>;

/// Payload of the check code's JWS:
/// {"id":uuid,"terminal":uuid,"date":"YYYY-MM-DD","scope":b64url(16),"secret_hash":b64url(32)}
struct CheckCode {
    base::Uuid declaration;
    base::Uuid terminal;
    Date date{};
    std::array<std::uint8_t, 16> scope{};  ///< first half of the record's scopes hash
    Digest secret_hash{};
    friend bool operator==(const CheckCode&, const CheckCode&) = default;
};
[[nodiscard]] std::string encode(const CheckCode& code);
/// errors  slip_bad.
base::Result<CheckCode> parse_check_payload(std::string_view json);

/// Text of the take-back code: the check code's JWS, '~', base64url of the 16-byte secret.
struct TakeBackCode {
    std::string check_jws;
    SlipSecret secret;
};
[[nodiscard]] std::string encode(const TakeBackCode& code);
/// errors  slip_bad: form only; the signature is seal's business.
base::Result<TakeBackCode> parse_take_back(std::string_view text);

}  // namespace model
