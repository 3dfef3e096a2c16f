// SPDX-License-Identifier: EUPL-1.2
// What the core wants done, as values. The runtime's effect runner performs them and answers with
// events that carry the same ticket. Move-only because some of them own secrets.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "kiosk/core/event.hpp"

namespace core {

/// Asks the card how many tries the PIN has; costs none (eid.md 4).
struct ProbePin {
    Ticket ticket;
};
/// What the reading is for: taking back also works with an expired document.
enum class Purpose : std::uint8_t { give, protect };
/// One run with the PIN. Never repeated by the runner.
struct RunEid {
    Ticket ticket;
    Purpose purpose = Purpose::give;
    Pin pin;
};
/// The last try: CAN first, then the PIN inside that channel (eid.md 6).
struct RunEidWithCan {
    Ticket ticket;
    Purpose purpose = Purpose::give;
    Can can;
    Pin pin;
};
/// Sets a new PIN. With one try left the CAN comes first (eid.md 6, 7). Never repeated.
struct ChangePin {
    Ticket ticket;
    Pin old_pin;  ///< five digits if it is the one from the letter
    Pin new_pin;
    std::optional<Can> can;
};
/// Unblocks the PIN; it stays the same. Never repeated.
struct UnblockPin {
    Ticket ticket;
    Puk puk;
};
struct AppendDeclaration {
    Ticket ticket;
    Draft draft;
};
struct LoadReleases {
    Ticket ticket;
    PersonalText subject;
};
/// The person's own copy of one declaration goes from this device; record and effect stay.
struct DeleteCopy {
    Ticket ticket;
    PersonalText subject;
    base::Uuid declaration;
};
/// Asks the backend what is known about this person, page by page.
struct RequestInsight {
    Ticket ticket;
    PersonalText subject;
    model::Assurance assurance;
    std::uint64_t from = 0;  ///< 0 = from the beginning; else where the last answer ended
    /// An authority's letter, for which the birth date on the card must fit: person and file are
    /// matched, and the answer is of no interest.
    std::optional<Invitation> invitation = {};
    PersonalText birth_date = {};
};
struct PrintSlip {
    Ticket ticket;
    Slip slip;
};
/// Reads the present screen aloud; the runner makes the words from the same view.
struct Speak {};
struct StopSpeech {};
/// Ends a session: glyph atlas, shaped text, queues and speech forget everything personal.
struct FlushCaches {};
struct CallStaff {};

using Effect = std::variant<ProbePin, RunEid, RunEidWithCan, ChangePin, UnblockPin,
                            AppendDeclaration, LoadReleases, DeleteCopy, RequestInsight, PrintSlip,
                            Speak, StopSpeech, FlushCaches, CallStaff>;
using Effects = std::vector<Effect>;

}  // namespace core
