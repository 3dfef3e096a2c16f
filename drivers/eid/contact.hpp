// SPDX-License-Identifier: EUPL-1.2
// The opening of every card contact, shared by reading and PIN care: recognise an eID card, choose
// the PACE row, learn the PIN's state, and get through PACE with the PIN, with the CAN in front of
// it when one try is left. Card thread only. Norms: BSI TR-03110-2 3.2 and 3.3 (suspend and
// resume), TR-03110-3 A.1.2.1, B.1.
#pragma once

#include <optional>

#include "drivers/base/result.hpp"
#include "drivers/eid/channel.hpp"
#include "drivers/eid/pace.hpp"
#include "drivers/eid/rights.hpp"
#include "drivers/eid/secrets.hpp"
#include "drivers/eid/security_infos.hpp"
#include "drivers/port/random.hpp"

namespace eid {

/// Hears of progress on the card thread; must return at once.
class TryObserver {
  public:
    virtual ~TryObserver() = default;
    /// The next command may cost a try: count it before the card does (house rule 22).
    virtual void before_try(PinState state) = 0;
};

/// What is known before any secret is used.
struct Contact {
    base::Bytes card_access_file;  ///< as read: what a reader claims to have read must equal it
    SecurityInfos card_access;
    PaceInfo pace;
    bool name_parameters = false;
};

/// Reads EF.CardAccess and chooses the PACE row.
/// errors  card_foreign (no such file), card_access_bad, protocol_unsupported, those of Channel.
/// cost    1 APDU, 2 more if the card was left outside its master file, 1 more for a file longer
///         than 256 bytes whose buffers nobody learned before (learn_buffers).
base::Result<Contact> open_contact(Channel& channel);

/// PIN state without costing a try. cost: 1 APDU.
base::Result<PinState> probe_pin(Channel& channel, const Contact& contact);

/// Whether the way past a suspended PIN is open.
enum class CanReady : std::uint8_t { no, yes };

/// errors  pin_deactivated, pin_blocked, pin_suspended (and no CAN), pin_counter_moved (other state
///         than `expected`).
base::Result<void> check_pin_state(PinState state, std::optional<PinState> expected, CanReady can);

struct PinPace {
    const Pin& pin;
    const std::optional<Can>& can;           ///< used only if the PIN is suspended
    std::optional<Chat> chat;                ///< given if terminal authentication follows
    std::optional<PinState> expected_state;  ///< what was shown to the holder
    TryObserver* observer = nullptr;
};

/// PACE with the PIN in whatever state it is.
/// errors  pin_deactivated, pin_blocked, pin_suspended (and no CAN given), pin_counter_moved (other
///         state than expected: nothing was spent), and those of select_pace and run_pace.
/// cost    5 APDUs; 11 if the PIN is suspended.
base::Result<PaceOutcome> pace_with_pin(Channel& channel, const Contact& contact,
                                        const PinPace& request, port::Random& random);

/// PACE with another password, without terminal authentication after it unless `chat` says so
/// (on-site).
base::Result<PaceOutcome> pace_with(Channel& channel, const Contact& contact,
                                    const PacePassword& password, std::optional<Chat> chat,
                                    port::Random& random);

}  // namespace eid
