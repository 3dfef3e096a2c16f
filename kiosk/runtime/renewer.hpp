// SPDX-License-Identifier: EUPL-1.2
// What came down becomes what the kiosk works with: catalogue, certificates, who vouches for chips,
// block list, numbers of law and place. The journal thread says that a list has become active; the
// UI thread takes it over while nobody is there, and again whenever a file's day has come, so that
// nothing changes under a person's hands. What did not come down stays as it was enrolled, and a
// file that cannot be used leaves the one before in its place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "kiosk/core/setup.hpp"
#include "kiosk/runtime/card_worker.hpp"
#include "kiosk/runtime/records.hpp"
#include "kiosk/runtime/terminal_place.hpp"
#include "sync/downstream/configuration.hpp"
#include "sync/downstream/manifest.hpp"

namespace runtime {

/// Everything that may change while the kiosk runs.
struct Renewed {
    core::Setup setup;   ///< with catalogue and offers, or with the trouble instead
    Evidence catalogue;  ///< of that catalogue
    CardRenewal card;
};

class Renewer {
  public:
    struct Enrolled {
        std::filesystem::path state;  ///< the terminal's folder
        const TerminalFiles& files;   ///< outlives the renewer
        CardIdentity card;            ///< as enrolled
        /// Public key for terminal authentication, to find our certificate among a fleet's; nothing
        /// with a remote signer, who brings its own.
        std::optional<base::Bytes> terminal_point;
    };
    Renewer(Enrolled enrolled, port::Clock& clock)
        : enrolled_(std::move(enrolled)), clock_(clock) {}

    /// A list has become active. Any thread.
    void announce(const downstream::Manifest& manifest);
    /// True if something has come, or come of age, since the last make(). UI thread.
    [[nodiscard]] bool due(std::uint64_t floor_ms);
    /// What is in force now. Reads and verifies every file anew, some milliseconds and 5 ns a byte.
    [[nodiscard]] Renewed make(std::uint64_t floor_ms);

  private:
    [[nodiscard]] std::optional<base::Bytes> read(const downstream::Target& target) const;
    void take_catalogue(const std::vector<downstream::Target>& targets, std::uint64_t floor_ms,
                        Renewed& out) const;
    void take_card_files(const std::vector<downstream::Target>& targets, Renewed& out) const;
    void take_certificates(base::ByteView bundle, CardRenewal& out) const;

    Enrolled enrolled_;
    port::Clock& clock_;
    std::mutex mutex_;  // guards what follows
    std::optional<downstream::Manifest> active_;
    bool fresh_ = false;
    std::optional<std::uint64_t> next_change_ms_;
};

/// The numbers that came down go before those of kiosk.json.
void apply_configuration(const downstream::Configuration& configuration, core::Setup& setup,
                         std::optional<BlockListRule>& block_list);

}  // namespace runtime
