// SPDX-License-Identifier: EUPL-1.2
// What the kiosk offers to syncd, all over exact bytes. The kiosk's runtime
// implements it over journal::Journal; the outbox server calls it on the journal worker's thread,
// one call at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "sync/outbox/frame.hpp"

namespace outbox {

/// The kiosk's side of what comes down; it believes nothing that is not signed.
class DownstreamSink {
  public:
    virtual ~DownstreamSink() = default;
    virtual base::Result<DownstreamState> state() = 0;
    /// errors  manifest_bad, manifest_untrusted, manifest_rollback, manifest_expired, and those of
    ///         the kiosk's disk.
    virtual base::Result<void> offer(const OfferFile& file) = 0;
    /// errors  manifest_bad, sequence_gap (ask for the state), and those of the kiosk's disk.
    virtual base::Result<void> store(const StorePiece& piece) = 0;
};

class Source {
  public:
    virtual ~Source() = default;
    /// The exact body of the next unsent batch; empty if nothing is unsent. The same again until
    /// its receipts are in.
    virtual base::Result<std::string> next_batch() = 0;
    /// The exact body with the advance copies of unsent protective acts; empty if there are none.
    virtual base::Result<std::string> next_advance() = 0;
    /// Verifies and stores a receipt. Idempotent. errors: receipt_bad.
    virtual base::Result<void> store_receipt(std::string_view set) = 0;
    /// Verifies and stores a backend event and moves the cursor. Idempotent. errors: receipt_bad.
    virtual base::Result<void> store_event(std::uint64_t n, std::string_view set) = 0;
    /// Number of the last stored event; 0 if there is none.
    virtual base::Result<std::uint64_t> event_cursor() = 0;
    /// Records in the backend's log as the kiosk has verified it last; 0 = never.
    virtual base::Result<std::uint64_t> log_size() = 0;
    /// Verifies a checkpoint and that it continues the last one, and stores it. proof: 32 bytes a
    /// hash. errors: receipt_bad, sequence_gap, fork_detected.
    virtual base::Result<void> store_checkpoint(std::string_view note, base::ByteView proof) = 0;
    /// How our chains stand at the backend, by its unsigned word: believed only for offering rows
    /// again, and for heads that a key of ours has signed. errors: receipt_bad.
    virtual base::Result<void> hear_chains(const std::vector<ChainStand>& chains) = 0;
    /// Receipts whose place in the log is not proved yet.
    virtual base::Result<Unproven> unproven() = 0;
    /// Verifies and stores a proof of inclusion. errors: receipt_bad, fork_detected (another record
    /// is proved to stand where a receipt says that ours does).
    virtual base::Result<void> store_inclusion(const StoreInclusion& claim) = 0;
    /// As next_batch and next_advance, but of what lies behind a place of the chain.
    /// errors  record_bad (no such place), device_absent (this kiosk has no courier).
    virtual base::Result<std::string> body_after(const PullAfter& place) {
        return base::fail(base::Errc::device_absent, "outbox courier", place.epoch);
    }
    /// Signs the manifest of a stick with the journal key.
    /// errors  stick_bad (it is none, or another terminal's), device_absent, key_bad,
    /// crypto_failed.
    virtual base::Result<std::string> sign_manifest(std::string_view payload) {
        return base::fail(base::Errc::device_absent, "outbox courier",
                          static_cast<std::uint32_t>(payload.size()));
    }
    /// What syncd says about the line, for the screen only: it is not believed for anything else.
    virtual void link_changed(const LinkStatus& status) = 0;
    /// Null: this terminal was enrolled without a root, nothing comes down this way.
    virtual DownstreamSink* downstream() { return nullptr; }
};

}  // namespace outbox
