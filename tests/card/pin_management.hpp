// SPDX-License-Identifier: EUPL-1.2
// Functions around the PIN once a channel stands: set, unblock, activate, deactivate, and a new
// CAN. Pure but for the passwords they change; one thread. Norm: BSI TR-03110-2 3.3.3 (PIN
// management), TR-03110-3 B.6 .. B.8.
#pragma once

#include "tests/card/security_status.hpp"

namespace card {

/// RESET RETRY COUNTER. P1P2 0203 sets the PIN (channel of PIN or PUK, or PIN-management right),
/// 0303 unblocks it (PUK or right), 0202 sets the CAN (right). A new secret that is not six digits
/// long is 6984. A PUK whose ten uses are gone is 6982.
[[nodiscard]] StatusWord reset_retry_counter(const Command& command, const SecurityStatus& status,
                                             Passwords& passwords);
/// ACTIVATE and DEACTIVATE, P1P2 1003; both need the PIN-management right.
enum class Activity { activate, deactivate };
[[nodiscard]] StatusWord set_pin_active(const Command& command, Activity activity,
                                        const SecurityStatus& status, Passwords& passwords);

}  // namespace card
