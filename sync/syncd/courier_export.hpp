// SPDX-License-Identifier: EUPL-1.2
// Everything unsent onto a stick: the bodies that HTTPS would carry, pulled from the kiosk one
// after the other, withdrawals first. Marks nothing as sent: what a lost stick carried is offered
// again until its receipts are in. One thread. Norm: sync.md "Courier and downstream", I7, I11.
#pragma once

#include "drivers/base/uuid.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/port/usb_store.hpp"
#include "sync/outbox/client.hpp"

namespace syncd {

struct Exported {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    bool more = false;  ///< not everything had its place: another round takes the rest
    crypto::Sha256Digest manifest{};  ///< of the manifest's text: to find the same export again
};
/// errors  those of the kiosk's socket and of the stick; message_bad (the kiosk's bodies lead
///         nowhere), device_failed (the stick gives back other bytes). After any of them the stick
///         is visibly unfinished, or complete.
base::Result<Exported> export_to(port::UsbStore& stick, outbox::Client& kiosk,
                                 const base::Uuid& terminal);

/// Reads the whole export back, for instance after the stick was unmounted and mounted again.
/// errors  stick_bad (damaged, or another export than this one), those of the stick.
base::Result<Exported> verify_export(port::UsbStore& stick, const base::Uuid& terminal,
                                     const crypto::Sha256Digest& manifest);

}  // namespace syncd
