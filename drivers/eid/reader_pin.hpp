// SPDX-License-Identifier: EUPL-1.2
// Care for the PIN with what the holder types at the reader's own pad. Like pin_management: one
// card contact, nothing is retried. Card thread only. Norms: BSI TR-03110-2 3.3, TR-03119 D.1.
#pragma once

#include <optional>

#include "drivers/base/result.hpp"
#include "drivers/eid/pin_management.hpp"

namespace eid {

/// The reader asks for the CAN and then for the PIN: a right PIN sets the counter back to three.
/// With tries left it asks for the PIN only.
/// expected  what was shown to the holder; another state ends the contact unspent.
/// errors    reader_feature_missing (no such pad), those of open_contact and pace_at_reader.
/// cost      3 APDUs of ours; 4 if the PIN is suspended. Blocks while the holder types.
base::Result<void> resume_pin_at_reader(const PinCarePorts& ports,
                                        std::optional<PinState> expected = {});

/// The reader asks for the PIN (five digits: the transport PIN), for the CAN before it if one try
/// is left, and then twice for a new one of six digits. errors    those of resume_pin_at_reader;
/// secret_format_bad (not the same twice, or 6984),
///           right_missing (6982), card_status_unexpected.
/// cost      as resume_pin_at_reader; the new PIN's command is the reader's.
base::Result<void> change_pin_at_reader(const PinCarePorts& ports,
                                        std::optional<PinState> expected = {});

}  // namespace eid
