// SPDX-License-Identifier: EUPL-1.2
// What comes down, as syncd hands it in on the journal thread: downstream::Receiver with its memory
// in journal.db. Also the question that only the kiosk can answer: whether it can work with a file,
// before its list becomes active.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "drivers/base/result.hpp"
#include "sync/downstream/backend_file.hpp"
#include "sync/downstream/receiver.hpp"
#include "sync/downstream/trust.hpp"
#include "sync/journal/journal.hpp"
#include "sync/outbox/source.hpp"

namespace runtime {

/// What a terminal needs for it; absent on one that was enrolled without a root.
struct DownstreamSettings {
    std::filesystem::path folder;  ///< downstream/ in the state
    base::Uuid terminal;
    std::string enrolled_root;      ///< root.jws in the state
    downstream::Trust trust;        ///< who signs catalogues
    base::Bytes revocation_sector;  ///< 7F49 of block lists; empty = cards are not looked up
    std::uint64_t floor_ms = 0;     ///< known at enrolment
};

/// Whether the kiosk can work with this file. A catalogue may be dated later than now.
/// errors  those of downstream::verify_catalogue, consent::load, eid::parse_cv_certificate,
///         BlockListView::parse and the like.
base::Result<void> check_content(const DownstreamSettings& settings, std::uint64_t floor_ms,
                                 const downstream::Target& target, base::ByteView content);

class DownstreamDoor final : public outbox::DownstreamSink {
  public:
    using OnActive = std::function<void(const downstream::Manifest&)>;
    /// The backend's keys that count now; the journal knows them already.
    using OnBackend = std::function<void(const downstream::BackendFile&)>;
    struct Told {
        OnActive on_active;
        OnBackend on_backend = {};
    };
    /// journal outlives the door. on_active is told at once if something is active, and after each
    /// activation. errors: those of downstream::Receiver::open.
    static base::Result<std::unique_ptr<DownstreamDoor>> open(DownstreamSettings settings,
                                                              journal::Journal& journal, Told told);

    base::Result<outbox::DownstreamState> state() override;
    base::Result<void> offer(const outbox::OfferFile& file) override;
    base::Result<void> store(const outbox::StorePiece& piece) override;

  private:
    class JournalMemory;
    DownstreamDoor(DownstreamSettings settings, journal::Journal& journal, Told told);
    [[nodiscard]] std::uint64_t floor_ms();
    /// Says what is active if that has changed.
    void announce();
    void tell_age();
    /// Tells the journal which keys and which log of the backend count, once they are in force.
    /// Before syncd asks for anything.
    void follow_backend();
    base::Result<void> tell(const downstream::Target& target);
    base::Result<void> tell_backend(const downstream::BackendFile& keys);

    const DownstreamSettings settings_;
    journal::Journal& journal_;
    Told told_;
    std::unique_ptr<downstream::Memory> memory_;
    std::optional<downstream::Receiver> receiver_;
    std::uint64_t announced_ = 0;
    std::uint64_t told_expired_ = 0;      ///< version
    crypto::Sha256Digest log_told_ = {};  ///< of the file that the journal was told last
    std::optional<crypto::Sha256Digest> backend_told_;  ///< the same; nothing: as enrolled
};

}  // namespace runtime
