// SPDX-License-Identifier: EUPL-1.2
// The backend's word for how its log stands: size and root under its signature, as a text that
// other tools of transparency logs read as well. Pure but for the signing key, any thread. Norms:
// C2SP tlog-checkpoint and signed-note, signature type 0x02: ECDSA (P-256) over SHA-256 of the
// text, ASN.1 DER; key id = first four bytes of SHA-256 of the SubjectPublicKeyInfo.
//
//   <origin>\n<size>\n<root, base64>\n\n— <origin> <base64 of key id and signature>\n
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "sync/receipts/merkle.hpp"
#include "sync/seal/jws.hpp"

namespace receipts {

struct Checkpoint {
    std::string origin;  ///< 1..checkpoint_origin_bytes_max, no space, no plus
    TreeHead head;
    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

inline constexpr std::size_t checkpoint_origin_bytes_max = 255;

/// An origin is one word of visible ASCII that may stand in the first line.
[[nodiscard]] bool checkpoint_origin_ok(std::string_view origin);
/// Which log of its backend an origin names: n if it ends in ":log<n>" with n from 2 to
/// model::log_generation_max, written without a zero before it; every other one names the first.
[[nodiscard]] std::uint32_t log_generation(std::string_view origin);

/// key  the public half of the signer, P-256. errors: those of the signer; config_bad (origin).
base::Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const crypto::Point& key,
                                          seal::Signer& signer);
/// Adds the signature of one more key to a note of ours: while keys are exchanged, whoever knows
/// the old one or the new one verifies it. errors: receipt_bad (no note), those of the signer.
base::Result<std::string> cosign_checkpoint(std::string_view note, const crypto::Point& key,
                                            seal::Signer& signer);
/// Reads the text of a note whose signature was verified before. errors: receipt_bad.
base::Result<Checkpoint> read_checkpoint(std::string_view note);
/// Verifies the signature of this key and reads what it covers. Signatures of unknown keys are
/// passed over; an extension line is refused, since nobody could audit it.
/// errors  receipt_bad.
base::Result<Checkpoint> verify_checkpoint(std::string_view note, const crypto::Point& key);
/// The same with any of several keys: one of them must have signed.
base::Result<Checkpoint> verify_checkpoint_any(std::string_view note,
                                               std::span<const crypto::Point> keys);

}  // namespace receipts
