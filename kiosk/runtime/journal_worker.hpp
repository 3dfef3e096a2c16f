// SPDX-License-Identifier: EUPL-1.2
// The journal thread: the only one that touches journal.db. Takes declarations from the UI thread,
// answers with events, and serves syncd's socket between any two of them, so that syncd can never
// hold up a citizen. Called from the UI thread; owns a thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

#include "drivers/base/result.hpp"
#include "kiosk/core/effect.hpp"
#include "kiosk/runtime/downstream_door.hpp"
#include "kiosk/runtime/mailbox.hpp"
#include "kiosk/runtime/records.hpp"
#include "kiosk/runtime/slip_judge.hpp"
#include "sync/journal/journal.hpp"

namespace runtime {

struct JournalSettings {
    journal::Options journal;
    std::filesystem::path socket;                       ///< kiosk.sock
    uid_t syncd_uid;                                    ///< the only user that may connect to it
    std::optional<DownstreamSettings> downstream = {};  ///< nothing: nothing comes down
};

class JournalWorker {
  public:
    struct Ports {
        Mailbox& mailbox;
        port::KeyStore& keys;
        port::Clock& clock;
        /// Told on the journal thread after start and after everything that may have raised the
        /// floor.
        std::function<void(std::uint64_t floor_ms)> on_floor;
        /// Told on the journal thread at start and when a larger log was verified.
        std::function<void(std::uint64_t log_size)> on_log = {};
        /// Told on the journal thread, before start() returns if something is active already.
        DownstreamDoor::OnActive on_active = {};
        /// The same for the backend's keys.
        DownstreamDoor::OnBackend on_backend = {};
    };
    /// Opens and verifies the journal on its own thread and waits for that. All ports outlive the
    /// worker. errors  those of journal::Journal::open and outbox::Server::open.
    static base::Result<std::unique_ptr<JournalWorker>> start(JournalSettings settings,
                                                              Ports ports);
    /// Finishes what was handed over, then ends.
    ~JournalWorker();
    JournalWorker(const JournalWorker&) = delete;
    JournalWorker& operator=(const JournalWorker&) = delete;

    /// Answer: Journaled or JournalFailed.
    void append(core::AppendDeclaration effect, const Evidence& evidence);
    /// Answer: ReleasesLoaded or ReleasesFailed.
    void load(core::LoadReleases effect);
    /// Answer: CopyDeleted.
    void forget(core::DeleteCopy effect);
    /// A take-back code that somebody held to the reader. Answer: SlipHeld. Any thread.
    void look_at(JudgedCode code);

  private:
    class Thread;
    explicit JournalWorker(std::unique_ptr<Thread> thread);
    std::unique_ptr<Thread> thread_;
};

}  // namespace runtime
