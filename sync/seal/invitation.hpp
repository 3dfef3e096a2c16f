// SPDX-License-Identifier: EUPL-1.2
// An invitation slip: an authority asks one person for one release, as a QR code in a letter. It is
// signed by the authority's key, expires, and counts once. The file number and the birth date it is
// meant for are sealed to the backend, so that who finds the letter learns neither and cannot use
// it with another card. The terminal checks signature and date before it shows the entry; what
// matches person and file is the backend. Pure but for keys and randomness, any thread.
// Norm: architecture.md 4 (the person). Payload of the JWS, typ freigabe-invitation+jwt, kid =
// authority:
//   {"authority","id":uuid,"entry","until":date,"sealed":JWE{"file_number","birth_date"}}
#pragma once

#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"
#include "sync/model/declaration.hpp"
#include "sync/seal/jwk.hpp"
#include "sync/seal/jws.hpp"

namespace seal {

/// A QR code of version 34 at level L holds this in letters that a reader still gets off paper.
inline constexpr std::size_t invitation_bytes_max = 1'400;

struct Invitation {
    model::AuthorityId authority;
    base::Uuid id;  ///< one-time: a second person cannot use it
    model::EntryId entry;
    model::Date until{};  ///< the last day on which it counts
    std::string sealed;   ///< for the backend only
};
/// For whom and which file: what `sealed` holds.
struct InvitedFile {
    std::string file_number;  ///< 1..64 bytes
    std::string birth_date;   ///< as on the card: "2007-01-02", unknown parts are spaces
};
/// errors  seal_failed, crypto_failed (the code would be too long for a slip).
base::Result<std::string> seal_invited_file(const InvitedFile& file, const PublicJwk& views_key,
                                            port::Random& random);
/// errors  open_failed, slip_bad (form).
base::Result<InvitedFile> open_invited_file(std::string_view sealed, const crypto::KeyPair& views,
                                            port::Random& random);

/// The slip's code. errors: slip_bad (too long), those of the signer.
base::Result<std::string> sign_invitation(const Invitation& invitation, Signer& authority);
/// Reads a code to see whose key is needed; believe nothing of it yet. errors: slip_bad.
base::Result<Invitation> read_invitation(std::string_view code);
/// Verifies a code under the key of the authority that it names.
/// today   the day by which it must not be over.
/// errors  slip_bad (form, signature, over).
base::Result<Invitation> verify_invitation(std::string_view code, const crypto::Point& authority,
                                           const model::Date& today);

}  // namespace seal
