// SPDX-License-Identifier: EUPL-1.2
// Selecting and reading the card's files with as few commands as the card allows: short file
// identifiers, the size taken from the file's own TLV header, one read where the card declares
// large buffers. Card thread only. Norms: ISO/IEC 7816-4 7.2.3 (READ BINARY), 12.7.1 (EF.ATR/INFO);
// BSI TR-03110-3 A.1.2, B.9, B.12.2.
#pragma once

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/eid/channel.hpp"

namespace eid {

inline constexpr std::uint8_t sfid_card_access = 0x1C;
inline constexpr std::uint8_t sfid_card_security = 0x1D;
inline constexpr std::uint8_t sfid_atr_info = 0x01;

/// Reads one whole transparent file that holds one TLV object; padding after the object is left
/// out.
/// sfid     short identifier 1..30 in the selected application.
/// returns  the object with tag and length, 2..limits::card_file_bytes_max bytes.
/// errors   file_missing (6A82, or an empty file), right_missing (6982), card_status_unexpected,
/// card_answer_bad,
///          those of Channel.
/// cost     ceil(size / Channel::read_bytes_max()) APDUs; one more if the object is longer than
///          announced (never).
base::Result<base::Bytes> read_file(Channel& channel, std::uint8_t sfid);

/// errors  card_foreign (6A82: no such application), card_status_unexpected.
base::Result<void> select_eid_application(Channel& channel);
base::Result<void> select_master_file(Channel& channel);

/// If the card says in its ATR that EF.ATR/INFO declares its buffers, reads it and lets the channel
/// use them. Nothing is changed if the file is absent or unreadable: large reads are an option,
/// never needed.
/// errors  only those that end the contact. cost 0 or 1 APDU.
/// norm    TR-03110-3 B.12.2: extended length for READ BINARY only when the exact sizes are stated.
base::Result<void> learn_buffers(Channel& channel, base::ByteView atr);

}  // namespace eid
