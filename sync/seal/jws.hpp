// SPDX-License-Identifier: EUPL-1.2
// Signatures over exact bytes: JWS with ES256 only, compact or general JSON form. The algorithm is
// ours, never the message's choice; `crit` is refused. Pure but for the signing key, any thread.
// Norm: RFC 7515, RFC 7518 3.4.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/port/key_store.hpp"
#include "drivers/port/random.hpp"

namespace seal {

/// Type words of our messages (header member `typ`).
inline constexpr std::string_view typ_head = "freigabe-head+jwt";
inline constexpr std::string_view typ_slip = "freigabe-slip+jwt";
inline constexpr std::string_view typ_key_change = "freigabe-key-change+jwt";
inline constexpr std::string_view typ_enrolment = "freigabe-enrolment+jwt";
inline constexpr std::string_view typ_receipt = "secevent+jwt";

/// Protected header. Empty texts are left out; `alg` is always ES256.
struct JwsHeader {
    std::string typ;
    std::string kid;
    std::string role;                  ///< catalogue signatures only
    std::optional<crypto::Point> jwk;  ///< enrolment only: the key proves that it is held
};

/// Who signs: a key of a store by its name, or a key pair in memory (tests, the backend, tools).
class Signer {
  public:
    virtual ~Signer() = default;
    /// errors  key_bad, crypto_failed.
    virtual base::Result<base::Bytes> sign_digest(base::ByteView digest) = 0;
};
class StoreSigner final : public Signer {
  public:
    /// Both must outlive the signer.
    StoreSigner(port::KeyStore& keys, std::string_view key_name)
        : keys_(keys), key_name_(key_name) {}
    base::Result<base::Bytes> sign_digest(base::ByteView digest) override {
        return keys_.sign_digest(key_name_, digest);
    }

  private:
    port::KeyStore& keys_;
    std::string_view key_name_;
};
class PairSigner final : public Signer {
  public:
    PairSigner(const crypto::KeyPair& key, port::Random& random) : key_(key), random_(random) {}
    base::Result<base::Bytes> sign_digest(base::ByteView digest) override;

  private:
    const crypto::KeyPair& key_;
    port::Random& random_;
};

/// `header.payload.signature`. errors: those of the signer.
base::Result<std::string> sign_compact(const JwsHeader& header, base::ByteView payload,
                                       Signer& signer);

/// A compact JWS taken apart, not yet verified: look at `header.kid` only to choose a key.
struct ParsedJws {
    JwsHeader header;
    base::Bytes payload;
    std::string signing_input;
    base::Bytes signature;
};
/// errors  message_bad: form, base64url, header members, alg other than ES256, crit, size above
/// limits::jws_bytes_max.
base::Result<ParsedJws> parse_compact(std::string_view text);
/// True if the signature verifies under `key` (P-256).
[[nodiscard]] bool verify(const ParsedJws& jws, const crypto::Point& key);

/// Parses, compares `typ` and verifies; returns the payload.
/// errors  message_bad (form or another typ), signature_bad.
base::Result<base::Bytes> verify_compact(std::string_view text, std::string_view typ,
                                         const crypto::Point& key);

/// One signature of the general JSON form: {"payload","signatures":[{"protected","signature"}...]}.
struct GeneralSigner {
    JwsHeader header;
    Signer* signer = nullptr;
};
base::Result<std::string> sign_general(base::ByteView payload,
                                       std::span<const GeneralSigner> signers);

/// A key that is known beforehand, under its id.
struct NamedKey {
    std::string kid;
    std::string role;
    crypto::Point point;
};
struct GeneralVerified {
    base::Bytes payload;
    /// Indices into the keys whose signature verified and whose role agrees; each once.
    std::vector<std::size_t> keys;
};
/// Passed over are signatures by unknown keys, and those by a known key that do not verify or whose
/// role differs: who adds one undoes nobody's. How many and which are enough is the caller's rule.
/// errors  message_bad; signature_bad (none verifies, and one claimed a key that is known).
base::Result<GeneralVerified> verify_general(std::string_view json, std::span<const NamedKey> keys);

}  // namespace seal
