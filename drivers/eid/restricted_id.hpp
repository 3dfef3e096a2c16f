// SPDX-License-Identifier: EUPL-1.2
// Restricted identification: the card computes a value that is stable for this card and this sector
// and says nothing elsewhere. Key 2 gives the pseudonym, key 1 the identifier that block lists are
// made of. A new card gives new values. Card thread only. Norms: BSI TR-03110-2 3.5, TR-03110-3
// A.5, B.4, C.3.2.1; key numbers: TR-03127.
#pragma once

#include <array>

#include "drivers/base/result.hpp"
#include "drivers/base/strong.hpp"
#include "drivers/eid/channel.hpp"
#include "drivers/eid/cv_certificate.hpp"
#include "drivers/eid/security_infos.hpp"

namespace eid {

using Pseudonym = base::Strong<struct PseudonymTag, std::array<std::uint8_t, 32>>;
using BlockListId = base::Strong<struct BlockListIdTag, std::array<std::uint8_t, 32>>;

/// Checks that the sector key is the one the terminal certificate names, so that no card is asked
/// in vain.
/// sector_key  7F49 with domain parameters, exact bytes.
/// errors      restricted_id_failed: malformed, no sector in the certificate, or another key's
///             hash.
base::Result<void> check_sector_key(const CvCertificate& terminal, base::ByteView sector_key);

/// Which of the certificate's two sectors a key is: the card compares it with that one only.
enum class Sector : std::uint8_t { first, second };
/// errors  restricted_id_failed, as check_sector_key.
base::Result<Sector> find_sector(const CvCertificate& terminal, base::ByteView sector_key);

/// The sector key as a card wants it, 7F49, for a key that came in another encoding: with the
/// identifier of restricted identification, with or without cofactor, as the certificate's hash has
/// it.
/// errors  restricted_id_failed: no such form has the hash.
base::Result<base::Bytes> sector_key_of(const CvCertificate& terminal, const crypto::Point& key);

/// The pseudonym of this card in this sector. errors: restricted_id_failed (detail = status word;
/// also if the card offers no such key with SHA-256), right_missing (6982), those of Channel. cost:
/// 2 APDUs.
base::Result<Pseudonym> read_pseudonym(Channel& channel, const SecurityInfos& infos,
                                       base::ByteView sector_key, Sector sector = Sector::first);
/// The same for the identifier in block lists.
base::Result<BlockListId> read_block_list_id(Channel& channel, const SecurityInfos& infos,
                                             base::ByteView sector_key,
                                             Sector sector = Sector::first);

}  // namespace eid
