// SPDX-License-Identifier: EUPL-1.2
// One identity, two memories: a disk that came out of a backup and a copied machine, against the
// real ingest. The first goes on in a new epoch and loses nothing; the second is found out, at both
// machines, and stops taking grants, while withdrawals still count (I4, I6, I7).
#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "tests/unit/sync/journal/identity_scene.hpp"

using base::Errc;
using journal::AlarmKind;
using test::acknowledged;
using test::alarms;
using test::record;
using test::record_and_send;
using test::Scene;

namespace {

constexpr backend::Statement count_acts{"SELECT COUNT(DISTINCT leaf) FROM act"};
constexpr backend::Statement count_refused{"SELECT COUNT(*) FROM quarantine"};
constexpr backend::Statement count_records{"SELECT COUNT(*) FROM record"};

}  // namespace

TEST_CASE("identity: a disk out of a backup goes on in a new epoch, and nothing is lost (I7)") {
    Scene scene;
    int after_backup = 0;
    SUBCASE("the backup is as the backend has it, and something was recorded since") {
        after_backup = 3;
    }
    SUBCASE("some rows of the backup were unsent then") {
        after_backup = 0;
    }
    {
        journal::Journal journal = scene.open("m");
        record_and_send(scene, journal, 5);
        if (after_backup == 0) record(journal, 2);
    }
    scene.copy("m", "backup");
    record_and_send(scene, "m", 3);
    const std::uint64_t before = scene.count(count_records);
    journal::Journal journal = scene.open("backup");
    record(journal, 2);
    REQUIRE(journal.append(fakes::withdrawal_of_all(7), {}).has_value());
    CHECK(scene.round(journal));
    CHECK(alarms(journal) == std::vector{AlarmKind::foreign_records});
    CHECK(journal.status()->epoch == 2);
    CHECK(journal.status()->unsent == 0);
    CHECK_FALSE(journal.status()->identity_cloned);
    CHECK(scene.count(count_records) == before + 3);
    const std::size_t own = after_backup == 0 ? 10 : 8;
    CHECK(acknowledged(journal) == own);
    record(journal, 1);
    CHECK(scene.round(journal));
    CHECK(scene.count(count_records) == before + 4);
    // The next start finds a whole chain, in which the new epoch names the last common row.
    journal = scene.open("other");
    const auto report = journal::verify_file(scene.options("backup").path, scene.world.journal_key);
    REQUIRE(report.has_value());
    CHECK_FALSE(report->broken.has_value());
    CHECK(report->epochs.size() == 2);
    REQUIRE(report->alarms.size() == 1);
    CHECK(report->alarms[0].kind == AlarmKind::foreign_records);
    journal = scene.open("backup");
    CHECK(acknowledged(journal) == own + 1);
}

TEST_CASE("identity: a disk out of a backup notices before anybody records") {
    Scene scene;
    record_and_send(scene, "m", 2);
    scene.copy("m", "backup");
    record_and_send(scene, "m", 2);
    journal::Journal journal = scene.open("backup");
    scene.tell(journal);
    CHECK(journal.status()->epoch == 2);
    record(journal, 1);
    CHECK(scene.round(journal));
    CHECK(scene.count(count_records) == 5);
}

TEST_CASE("identity: a journal that began anew from nothing goes on, too") {
    Scene scene;
    record_and_send(scene, "m", 4);
    journal::Journal journal = scene.open("empty");
    record(journal, 2);
    CHECK(scene.round(journal));
    CHECK(journal.status()->epoch == 2);
    CHECK(acknowledged(journal) == 2);
    journal = scene.open("other");
    CHECK(acknowledged(journal = scene.open("empty")) == 2);
}

TEST_CASE("identity: of two machines that write as one, both raise an alarm and one goes on (I6)") {
    Scene scene;
    record_and_send(scene, "a", 3);
    scene.copy("a", "b");
    journal::Journal a = scene.open("a");
    journal::Journal b = scene.open("b");
    for (int day = 0; day < 4; ++day) {
        for (journal::Journal* machine : {&a, &b}) {
            (void)machine->append(fakes::consent(7), {}).has_value();
            (void)scene.round(*machine);
        }
    }
    const bool a_stopped = a.status()->identity_cloned;
    const bool b_stopped = b.status()->identity_cloned;
    CHECK((a_stopped || b_stopped));
    CHECK_FALSE((a_stopped && b_stopped));
    CHECK_FALSE(alarms(a).empty());
    CHECK_FALSE(alarms(b).empty());
    journal::Journal& stopped = a_stopped ? a : b;
    const auto refused = stopped.append(fakes::consent(7), {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::identity_cloned);
    CHECK_FALSE(stopped.status()->grants_possible);
    // A withdrawal is recorded, travels ahead of the chain and takes effect.
    const std::uint64_t acts = scene.count(count_acts);
    REQUIRE(stopped.append(fakes::withdrawal_of_all(7), {}).has_value());
    (void)scene.round(stopped);
    CHECK(scene.count(count_acts) == acts + 1);
    // A restart does not forget it.
    const char* name = a_stopped ? "a" : "b";
    stopped = scene.open("other");
    stopped = scene.open(name);
    CHECK(stopped.status()->identity_cloned);
}

TEST_CASE("identity: what our key has not signed, or what is ours, proves nothing") {
    Scene scene;
    journal::Journal journal = scene.open("m");
    record_and_send(scene, journal, 3);
    const auto other = crypto::generate_key(crypto::Curve::p256, scene.world.random);
    seal::PairSigner stranger(other, scene.world.random);
    seal::StoreSigner own(scene.world.keys, journal::journal_key_name);
    const model::RecordKey far{scene.world.terminal, 1, 9};
    const std::string forged = *seal::sign_head({far, {}}, stranger);
    const std::string of_another = *seal::sign_head({{test::uuid(3), 1, 9}, {}}, own);
    for (const std::string& head : {std::string("a.b.c"), forged, of_another}) {
        REQUIRE(journal.hear_chains({{1, 10, head}}).has_value());
        CHECK(journal.status()->epoch == 1);
        CHECK(journal.status()->alarms.empty());
    }
    scene.tell(journal);
    CHECK(journal.status()->epoch == 1);
    CHECK(journal.status()->alarms.empty());
}

TEST_CASE("identity: a new key begins an epoch, and the chain is whole from the first key on") {
    Scene scene;
    {
        journal::Journal journal = scene.open("m");
        record_and_send(scene, journal, 2);
        record(journal, 1);
    }
    auto& world = scene.world;
    fakes::MemoryKeyStore after(world.random);
    auto pair = crypto::generate_key(crypto::Curve::p256, world.random);
    const crypto::Point next = pair.point;
    after.add("journal", std::move(pair));
    seal::StoreSigner old_signer(world.keys, journal::journal_key_name);
    seal::StoreSigner new_signer(after, journal::journal_key_name);
    journal::Options options = scene.options("m");
    const journal::Ports ports{after, world.random, world.clock};
    // The new key alone is not believed, nor one that is meant for another epoch or terminal.
    CHECK(journal::Journal::open(options, ports).error().code == Errc::key_bad);
    const auto change = [&](const base::Uuid& terminal, std::uint32_t epoch) {
        return *seal::sign_key_change({terminal, epoch, next}, world.journal_key, old_signer,
                                      new_signer);
    };
    for (const std::string& bad : {change(test::uuid(4), 2), change(world.terminal, 1)}) {
        options.key_change = bad;
        CHECK(journal::Journal::open(options, ports).error().code == Errc::key_bad);
    }
    options.key_change = change(world.terminal, 2);
    REQUIRE(backend::change_key(*scene.store, options.key_change, world.terminal, 5).has_value());
    {
        auto journal = journal::Journal::open(options, ports);
        REQUIRE(journal.has_value());
        record(*journal, 2);
        CHECK(scene.round(*journal));
        CHECK(journal->status()->epoch == 2);
        CHECK(acknowledged(*journal) == 5);
        CHECK(scene.count(count_records) == 5);
    }
    // The statement is kept with the epoch: the file needs it no more, and either key vouches.
    options.key_change.clear();
    CHECK(journal::Journal::open(options, ports).has_value());
    for (const auto& key : {world.journal_key, next}) {
        const auto report = journal::verify_file(options.path, key);
        REQUIRE(report.has_value());
        CHECK_FALSE(report->broken.has_value());
        CHECK(report->keys == 2);
    }
    const auto stranger = journal::verify_file(options.path, world.views.point);
    REQUIRE(stranger->broken.has_value());
    // A journal that is lost after that begins where the new key does, or nobody would take it.
    journal::Options anew = scene.options("lost");
    anew.key_change = change(world.terminal, 2);
    auto lost = journal::Journal::open(anew, ports);
    REQUIRE(lost.has_value());
    record(*lost, 1);
    CHECK(scene.round(*lost));
    CHECK(lost->status()->epoch == 3);
    // The old key cannot go on.
    CHECK(journal::Journal::open(options, world.ports()).error().code == Errc::key_bad);
}

TEST_CASE("identity: a new key ends the quarrel of two machines") {
    Scene scene;
    record_and_send(scene, "a", 2);
    scene.copy("a", "b");
    journal::Journal a = scene.open("a");
    journal::Journal b = scene.open("b");
    for (int day = 0; day < 4; ++day) {
        for (journal::Journal* machine : {&a, &b}) {
            (void)machine->append(fakes::consent(7), {}).has_value();
            (void)scene.round(*machine);
        }
    }
    const char* name = a.status()->identity_cloned ? "a" : "b";
    journal::Journal& stopped = a.status()->identity_cloned ? a : b;
    REQUIRE(stopped.append(fakes::withdrawal_of_all(7), {}).has_value());
    const std::uint64_t waiting = stopped.status()->unsent;
    CHECK(waiting >= 2);  // what it had told people before it was found out
    const std::size_t told = acknowledged(stopped) + waiting;
    std::uint32_t epoch = 0;
    const auto chains = backend::chains_of(*scene.store, scene.world.terminal);
    for (const auto& chain : *chains) epoch = chain.epoch + 1;
    stopped = scene.open("other");
    // The file knows which number is free, although the other machine has begun the last one.
    const auto report = journal::verify_file(scene.options(name).path, scene.world.journal_key);
    CHECK(report->newest_epoch + 1 == epoch);
    auto& world = scene.world;
    fakes::MemoryKeyStore after(world.random);
    auto pair = crypto::generate_key(crypto::Curve::p256, world.random);
    const crypto::Point next = pair.point;
    after.add("journal", std::move(pair));
    seal::StoreSigner old_signer(world.keys, journal::journal_key_name);
    seal::StoreSigner new_signer(after, journal::journal_key_name);
    journal::Options options = scene.options(name);
    options.key_change = *seal::sign_key_change({world.terminal, epoch, next}, world.journal_key,
                                                old_signer, new_signer);
    REQUIRE(backend::change_key(*scene.store, options.key_change, world.terminal, 5).has_value());
    auto journal = journal::Journal::open(options, {after, world.random, world.clock});
    REQUIRE(journal.has_value());
    CHECK_FALSE(journal->status()->identity_cloned);
    record(*journal, 1);
    // Nothing of what waited is lost (I7), and nothing stands in the way of what came later.
    CHECK(scene.round(*journal));
    CHECK(journal->status()->unsent == 0);
    CHECK_FALSE(journal->status()->identity_cloned);
    CHECK(acknowledged(*journal) == told + 1);
    record(*journal, 1);
    CHECK(scene.round(*journal));
}

TEST_CASE("identity: of a copied machine every batch reaches the backend, and stays there (I6)") {
    Scene scene;
    record_and_send(scene, "a", 1);
    scene.copy("a", "b");
    journal::Journal a = scene.open("a");
    journal::Journal b = scene.open("b");
    for (int day = 0; day < 4; ++day) {
        for (journal::Journal* machine : {&a, &b}) {
            // More than a batch between two contacts.
            for (int i = 0; i < 55; ++i) (void)machine->append(fakes::consent(7), {}).has_value();
            (void)scene.round(*machine);
        }
    }
    journal::Journal& stopped = a.status()->identity_cloned ? a : b;
    REQUIRE(stopped.status()->identity_cloned);
    const std::uint64_t waiting = stopped.status()->unsent;
    REQUIRE(waiting > 50);
    CHECK(scene.count(count_refused) >= waiting);
}
