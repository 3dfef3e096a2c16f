// SPDX-License-Identifier: EUPL-1.2
// One round of syncd: pull bytes from the kiosk, post them, hand the signed answers in. Withdrawals
// go first, before each batch anew; nothing is dropped before the other side has it. Decides what
// to do next, never when (loop.hpp does). One thread. Norm: sync.md I7, I11.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/base/result.hpp"
#include "sync/outbox/client.hpp"
#include "sync/syncd/spool.hpp"
#include "sync/transport/backend.hpp"

namespace syncd {

/// Whose fault a failed round was: that decides when to try again.
enum class Side : std::uint8_t { none, kiosk, backend, own };

class Round {
  public:
    struct Parts {
        outbox::Client& kiosk;
        transport::Backend& backend;
        Spool& spool;
    };
    explicit Round(Parts parts) : parts_(parts) {}

    /// Gives the kiosk the receipts that wait in the spool. Needs no network.
    /// errors  those of the kiosk's socket; receipt_bad (the kiosk refused one; it was dropped,
    /// since the kiosk will
    ///         offer its records again); file_io.
    base::Result<void> hand_in();
    /// Sends all that is unsent, advance copies before each batch, and hands the receipts in.
    /// Without a kiosk it still sends what was under way when the kiosk went. errors  as hand_in,
    /// those of transport::Backend, busy ("syncd no progress": accepted, yet still unsent).
    base::Result<void> send_all();
    /// Fetches what authorities did and hands it in. errors: as above.
    base::Result<void> fetch_events();

    /// Fetches how the log has grown and hands it in, then the proofs of what receipts say. A log
    /// that the kiosk does not follow may come out of a backup: then the kiosk hears how its chains
    /// stand there. errors: as above.
    base::Result<void> fetch_log();
    /// Tells the kiosk how its chains stand at the backend, which then may offer rows again, or
    /// find that somebody else writes under its identity. errors: as above.
    base::Result<void> fetch_chains();

    /// Who caused the last error.
    [[nodiscard]] Side failed() const { return failed_; }
    /// The error that counts was this side's, whatever was asked since.
    void blame(Side side) { failed_ = side; }
    /// True if the backend has understood this error's request and refused it: the same bytes will
    /// be refused again.
    [[nodiscard]] static bool is_final(const base::Error& error);
    /// True if the backend answered at least once since the last call of this function.
    [[nodiscard]] bool take_contact();

  private:
    template <class T>
    base::Result<T> by(Side side, base::Result<T> result);
    base::Result<std::string> pull(Lane lane);
    base::Result<void> send_lanes();
    base::Result<void> send_spooled();
    base::Result<bool> send_advance();
    base::Result<bool> send_batch();
    base::Result<void> post(Lane lane, const std::string& body);
    base::Result<void> fetch_proofs();
    base::Result<void> keep(const transport::Receipts& receipts);

    Parts parts_;
    Side failed_ = Side::none;
    bool contact_ = false;
    std::string last_advance_;  ///< posted and answered; offered again it is not posted again
    std::string last_batch_;    ///< the same, for batches: then something is wrong
};

}  // namespace syncd
