// SPDX-License-Identifier: EUPL-1.2
// Several machines of one identity against the backend's real ingest, which may be set back to what
// it was. For the tests of identity. One thread.
#pragma once

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include <sqlite3.h>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/limits_journal.hpp"
#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/journal/verify.hpp"
#include "sync/model/batch.hpp"
#include "sync/seal/key_change.hpp"
#include "tests/fakes/journal_world.hpp"
#include "tests/unit/sync/backend/world.hpp"

namespace test {

namespace fs = std::filesystem;

inline constexpr backend::Statement add_terminal{
    "INSERT INTO terminal (terminal, site, enrolled_ms) VALUES ($1, 'JBA', 1)"};
inline constexpr backend::Statement add_key{
    "INSERT INTO terminal_key (terminal, key_no, public_key) VALUES ($1, 1, $2)"};

/// One terminal's keys and name, one backend, and as many machines as a test wants.
struct Scene {
    fakes::JournalWorld world;
    std::unique_ptr<backend::Store> store = test::memory_store();

    std::unique_ptr<fakes::MemoryKeyStore> next_keys;
    std::vector<std::string> history;  ///< every body that came
    std::ptrdiff_t backed_up = 0;      ///< so many of them are in the backup

    Scene() { enrol_terminal(); }
    void enrol_terminal() {
        REQUIRE(store->run(add_terminal, {world.terminal.get()}).has_value());
        REQUIRE(store->run(add_key, {world.terminal.get(), world.journal_key.bytes}).has_value());
    }
    [[nodiscard]] journal::Options options(const std::string& machine) const {
        journal::Options options = world.options();
        fs::create_directories(world.folder.path() / machine);
        options.path = world.folder.path() / machine / "journal.db";
        return options;
    }
    journal::Journal open(const std::string& machine) { return world.open(options(machine)); }
    void copy(const std::string& from, const std::string& to) const {
        fs::copy_file(options(from).path, options(to).path, fs::copy_options::overwrite_existing);
        fs::remove(options(to).path.string() + "-wal");
    }
    [[nodiscard]] std::uint64_t count(const backend::Statement& statement) const {
        return store->run(statement, {})->at(0).count(0);
    }

    /// What syncd does until the next batch is answered; false if everything is sent.
    bool step(journal::Journal& journal) {
        const auto advance = journal.next_advance();
        REQUIRE(advance.has_value());
        if (!advance->empty() && ingest(*advance))
            REQUIRE(journal.store_receipt(world.receipt_for_advance(*advance, 1'764'000'100))
                        .has_value());
        const auto body = journal.next_batch(50);
        REQUIRE(body.has_value());
        if (body->empty()) return false;
        if (ingest(*body)) {
            REQUIRE(
                journal.store_receipt(world.receipt_for_batch(*body, 1'764'000'100)).has_value());
        } else {
            tell(journal);
        }
        return true;
    }
    /// What syncd does in one round; true if everything is sent.
    bool round(journal::Journal& journal) {
        for (int i = 0; i < 40; ++i) {
            if (!step(journal)) return true;
        }
        return false;
    }
    /// True if it was stored where it belongs.
    bool ingest(const std::string& body) {
        history.push_back(body);
        if (model::parse_advance(body))
            return backend::ingest_advance(*store, world.terminal, body).has_value();
        const auto outcome = backend::ingest_batch(*store, world.terminal, body);
        REQUIRE(outcome.has_value());
        return outcome->verdict == backend::BatchVerdict::stored;
    }

    void back_up() { backed_up = std::ssize(history); }
    /// The backend has what it had then.
    void set_back() {
        const std::vector<std::string> before(history.begin(), history.begin() + backed_up);
        history.clear();
        store = test::memory_store();
        enrol_terminal();
        for (const std::string& body : before) (void)ingest(body);
    }
    /// All that has a receipt is proved, and its content let go of.
    void compact(const std::string& machine) {
        sqlite3* db = nullptr;
        REQUIRE(sqlite3_open(options(machine).path.c_str(), &db) == SQLITE_OK);
        const char* prove = "UPDATE receipt SET proven = 1";
        REQUIRE(sqlite3_exec(db, prove, nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(db);
        journal::Journal journal = open(machine);
        REQUIRE(journal.compact(limits::compact_rows_max).value_or(0) > 0);
    }
    /// As freigabectl rotate-key does it.
    journal::Journal with_new_key(const std::string& machine) {
        const auto report = journal::verify_file(options(machine).path, world.journal_key);
        REQUIRE(report.has_value());
        next_keys = std::make_unique<fakes::MemoryKeyStore>(world.random);
        auto pair = crypto::generate_key(crypto::Curve::p256, world.random);
        const crypto::Point next = pair.point;
        next_keys->add("journal", std::move(pair));
        seal::StoreSigner old_signer(world.keys, journal::journal_key_name);
        seal::StoreSigner new_signer(*next_keys, journal::journal_key_name);
        journal::Options changed = options(machine);
        changed.key_change =
            *seal::sign_key_change({world.terminal, report->newest_epoch + 1, next},
                                   world.journal_key, old_signer, new_signer);
        REQUIRE(backend::change_key(*store, changed.key_change, world.terminal, 5).has_value());
        auto journal = journal::Journal::open(changed, {*next_keys, world.random, world.clock});
        REQUIRE(journal.has_value());
        return std::move(*journal);
    }
    void tell(journal::Journal& journal) const {
        std::vector<journal::ChainStand> stands;
        const auto chains = backend::chains_of(*store, world.terminal);
        for (const auto& chain : *chains)
            stands.push_back({chain.epoch, chain.next_seq, chain.head});
        REQUIRE(journal.hear_chains(stands).has_value());
    }
};

inline std::vector<journal::AlarmKind> alarms(journal::Journal& journal) {
    std::vector<journal::AlarmKind> kinds;
    const auto status = journal.status();
    for (const auto& alarm : status->alarms) kinds.push_back(alarm.kind);
    return kinds;
}

inline void record(journal::Journal& journal, int grants) {
    for (int i = 0; i < grants; ++i) REQUIRE(journal.append(fakes::consent(7), {}).has_value());
}

/// A machine records grants and the backend has them.
inline void record_and_send(Scene& scene, journal::Journal& journal, int grants) {
    record(journal, grants);
    REQUIRE(scene.round(journal));
}

/// The same, and the machine is switched off.
inline void record_and_send(Scene& scene, const std::string& machine, int grants) {
    journal::Journal journal = scene.open(machine);
    record_and_send(scene, journal, grants);
}

inline std::size_t acknowledged(journal::Journal& journal) {
    const auto own = journal.my_releases(fakes::pseudonym_of(7));
    REQUIRE(own.has_value());
    std::size_t count = 0;
    for (const auto& release : *own) count += release.acknowledged ? 1 : 0;
    return count;
}

}  // namespace test
