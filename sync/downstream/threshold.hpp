// SPDX-License-Identifier: EUPL-1.2
// A file that several people sign: JWS JSON general serialisation over exact bytes, and the rule
// how many of which keys are enough. A key is known by its thumbprint, so nobody counts twice under
// two names. Pure but for the signing key, any thread. Norms: RFC 7515 7.2.1, RFC 7638, TUF 1.0.33
// 5.3 and 5.5 (threshold).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jws.hpp"

namespace downstream {

/// What a key may sign; the word stands in the protected header of each signature, so that one
/// made for one purpose is of no use for another.
inline constexpr std::string_view role_root = "downstream_root";
inline constexpr std::string_view role_manifest = "downstream_manifest";

/// Keys of one role and how many of them must have signed.
struct Role {
    std::vector<seal::NamedKey> keys;  ///< kid = thumbprint
    std::size_t threshold = 0;         ///< limits::role_threshold_min..keys
};

/// Reads {"threshold":n,"keys":[JWK...]}; a key twice or a threshold out of range refuses it.
std::optional<Role> parse_role(const model::Json& json, std::string_view word);
[[nodiscard]] std::string write_role(const Role& role);
[[nodiscard]] bool same_keys(const Role& left, const Role& right);

/// The exact bytes that enough keys of the role have signed.
/// errors  manifest_bad (form), manifest_untrusted (too few keys; a signature by a key of the role
///         that does not verify, or that was made for another role).
base::Result<base::Bytes> verify_threshold(std::string_view file, const Role& role,
                                           std::size_t bytes_max);

/// How many keys of the role have signed so far; 0 if a signature is wrong. For tools.
[[nodiscard]] std::size_t count_signatures(std::string_view file, const Role& role);

/// Adds one signature.
/// input   the bare JSON, or a file that others have signed.
/// errors  manifest_bad (form; this key has signed already), those of the signer.
base::Result<std::string> add_signature(base::ByteView input, const seal::GeneralSigner& signer,
                                        std::size_t bytes_max);

/// The bytes inside a signed file, unverified; of a bare file the file itself. For tools that show
/// what they are about to sign. errors  manifest_bad.
base::Result<base::Bytes> payload_of(base::ByteView input, std::size_t bytes_max);

}  // namespace downstream
