// SPDX-License-Identifier: EUPL-1.2
// What a stick brings back, handed to the kiosk, which verifies every piece of it: receipts,
// events, and how the log has grown. Old, repeated and foreign pieces change nothing there; what it
// refuses is said, and the rest goes on (I7). Nothing is written to the stick, so it may be mounted
// read-only. One thread.
#pragma once

#include <vector>

#include "drivers/port/usb_store.hpp"
#include "sync/courier/manifest.hpp"
#include "sync/outbox/client.hpp"

namespace syncd {

struct RefusedFile {
    courier::FileName name;
    base::Error error;  ///< of its first piece that was refused
};
struct Imported {
    std::size_t files = 0;     ///< listed
    std::size_t receipts = 0;  ///< that the kiosk took, or had already
    std::size_t events = 0;    ///< the same
    bool checkpoint = false;   ///< the log continues what the kiosk knew
    std::vector<RefusedFile> refused;
    std::vector<courier::Refusal> backend_refused;  ///< bodies that the backend did not take
};
/// errors  stick_bad (nothing finished for this terminal, or a bad manifest), those of the stick,
///         those of the kiosk's socket; journal_full, journal_io (the kiosk could not store it).
base::Result<Imported> import_from(port::UsbStore& stick, outbox::Client& kiosk,
                                   const base::Uuid& terminal);

}  // namespace syncd
