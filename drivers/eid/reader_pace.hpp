// SPDX-License-Identifier: EUPL-1.2
// PACE that the reader runs with what the holder types at its pad, held to the same rules as our
// own: the state is asked before, counted before, and compared after. The reader may be trusted
// with a PIN; it is not trusted with anything the card says, which chip authentication proves anew.
// Card thread only. Norms: BSI TR-03119 D.1, TR-03110-2 3.3 (suspend and resume).
#pragma once

#include <optional>

#include "drivers/base/result.hpp"
#include "drivers/eid/channel.hpp"
#include "drivers/eid/contact.hpp"
#include "drivers/eid/pace.hpp"
#include "drivers/port/pin_pad.hpp"

namespace eid {

struct ReaderPace {
    port::PinPad& pad;
    WithReaderPin::Suspended suspended = WithReaderPin::Suspended::refuse;
    std::optional<Chat> chat;                ///< given if terminal authentication follows
    base::ByteView description;              ///< see WithReaderPin
    std::optional<PinState> expected_state;  ///< what was shown to the holder
    TryObserver* observer = nullptr;
};

/// Lets the holder type the PIN at the reader, in whatever state it is, and leaves the reader's
/// channel open.
/// errors  as pace_with_pin: pin_wrong (detail 63Cx), pin_suspended, pin_blocked, pin_deactivated,
///         pin_counter_moved (also: the reader met another state than we did), can_wrong,
///         right_missing, pace_failed (also: the reader read another EF.CardAccess than we did);
///         and those of port::PinPad::establish.
/// cost    1 APDU of ours; 2 if the PIN is suspended. Blocks while the holder types.
base::Result<PaceOutcome> pace_at_reader(Channel& channel, const Contact& contact,
                                         const ReaderPace& request);

}  // namespace eid
