// SPDX-License-Identifier: EUPL-1.2
// Care for the PIN: ask for its state, change it (also the five-digit transport PIN), resume it
// with the CAN, unblock it with the PUK, and, for an authority, switch it on and off. Each call but
// the last is one card contact; nothing is ever retried. Card thread only.
// Norms: BSI TR-03110-2 2.4 (PIN management), TR-03110-3 B.7 and B.14.11 to B.14.13 (RESET RETRY
// COUNTER, ACTIVATE, DEACTIVATE), TR-03127 (transport PIN).
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>

#include "drivers/base/result.hpp"
#include "drivers/eid/channel.hpp"
#include "drivers/eid/contact.hpp"
#include "drivers/eid/secrets.hpp"
#include "drivers/port/card_transport.hpp"
#include "drivers/port/random.hpp"

namespace eid {

/// What every call needs.
struct PinCarePorts {
    port::CardTransport& card;
    port::Random& random;
    TryObserver* observer = nullptr;
    std::stop_token stop = {};
};

/// errors  card_foreign, card_access_bad, protocol_unsupported, those of Channel. cost: 2 APDUs.
base::Result<PinState> read_pin_state(const PinCarePorts& ports);

struct PinChange {
    Pin old_pin;  ///< 6 digits, or 5 if it is the transport PIN: only the holder knows which
    Pin new_pin;  ///< 6 digits
    std::optional<Can> can;  ///< needed when one try is left
    std::optional<PinState> expected_state;
};
/// Sets a new PIN. The old one is wiped as soon as it has been used.
/// errors  secret_format_bad (before the card is touched, or 6984), right_missing (6982), those of
///         pace_with_pin.
base::Result<void> change_pin(PinChange change, const PinCarePorts& ports);

struct PinResume {
    Can can;
    Pin pin;
    std::optional<PinState> expected_state;
};
/// CAN, then PIN inside its channel: a right PIN sets the counter back to three. With tries left it
/// is an ordinary check of the PIN.
base::Result<void> resume_pin(PinResume resume, const PinCarePorts& ports);

struct PinUnblock {
    Puk puk;
    std::optional<Pin> new_pin;  ///< nothing: the old PIN stays and counts again
};
/// Unblocks with the PUK, which can be used ten times in a card's life: refused while tries remain.
/// errors  puk_not_needed, pin_deactivated, puk_wrong, puk_inoperative (6982, 6900),
///         secret_format_bad.
base::Result<void> unblock_pin(PinUnblock unblock, const PinCarePorts& ports);

enum class PinActivity : std::uint8_t { activate, deactivate };
/// Switches the PIN on or off, over the channel of a terminal that the card has authenticated with
/// the right of PIN management: an authority's act, which authenticate() performs.
/// errors  right_missing (6982), card_status_unexpected, those of Channel. cost: 1 APDU.
/// norm    TR-03110-2 2.4.2, TR-03110-3 B.7.2.
base::Result<void> set_pin_activity(Channel& channel, PinActivity activity);

}  // namespace eid
