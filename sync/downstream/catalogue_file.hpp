// SPDX-License-Identifier: EUPL-1.2
// The signed catalogue as a file: who vouches for it, is it newer than what we had, does it hold
// now. What the bytes say is the kiosk's business (kiosk/consent), so this reads only version and
// dates out of them. Signed form: JWS JSON general serialisation over the exact bytes of
// catalogue.json, one signature of each role, by different keys: nobody alone can change what
// citizens are asked. Pure functions, any thread. Norm: RFC 7515 7.2.1.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/seal/jws.hpp"

namespace downstream {

/// "1.0.0"; strictly rising over the life of a terminal.
struct CatalogueVersion {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    std::uint32_t patch = 0;
    friend auto operator<=>(const CatalogueVersion&, const CatalogueVersion&) = default;
};
[[nodiscard]] std::optional<CatalogueVersion> parse_version(std::string_view text);
[[nodiscard]] std::string to_text(const CatalogueVersion& version);

/// The highest catalogue a terminal ever activated; stored in the same transaction that activates
/// it.
struct CatalogueSeen {
    CatalogueVersion version;
    crypto::Sha256Digest hash{};
};

struct VerifiedCatalogue {
    base::Bytes json;             ///< exact bytes of catalogue.json
    crypto::Sha256Digest hash{};  ///< of those bytes: pins the texts in every declaration
    CatalogueVersion version;
    std::uint64_t valid_from_ms = 0;   ///< start of the first day, UTC
    std::uint64_t valid_until_ms = 0;  ///< end of the last day, UTC, exclusive
};

/// Verifies a signed catalogue.
/// keys      who may sign, from trust.json. A signature by a known key that does not fit refuses
/// the whole file. seen      the highest one activated so far: a lower version is refused, and the
/// same version with other bytes. floor_ms  time floor (never the wall clock): before valid_from or
/// after valid_until it is refused. errors    message_bad, catalogue_signature_bad (a role missing,
/// or one key for both), catalogue_rollback,
///           catalogue_not_yet_valid, catalogue_expired, catalogue_bad (no version or dates in it).
base::Result<VerifiedCatalogue> verify_catalogue(std::string_view signed_json,
                                                 std::span<const seal::NamedKey> keys,
                                                 const std::optional<CatalogueSeen>& seen,
                                                 std::uint64_t floor_ms);

/// Adds one role's signature.
/// input   catalogue.json itself, or a signed catalogue that lacks this role.
/// errors  message_bad, catalogue_bad (this role has signed already), those of the signer.
base::Result<std::string> add_catalogue_signature(base::ByteView input,
                                                  const seal::GeneralSigner& signer);

/// The bytes of catalogue.json inside a signed file, unverified: for tools that show what they are
/// about to sign. errors  message_bad.
base::Result<base::Bytes> catalogue_payload(std::string_view signed_json);
/// True if the bytes look like a signed catalogue and not like catalogue.json.
[[nodiscard]] bool is_signed_catalogue(base::ByteView input);

}  // namespace downstream
