// SPDX-License-Identifier: EUPL-1.2
// Opening: what is refused and never reset.
#include "tests/fakes/closed_journal.hpp"
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include <fstream>

using base::Errc;
using fakes::JournalWorld;

namespace {

Errc open_error(JournalWorld& world) {
    const auto opened = journal::Journal::open(world.options(), world.ports());
    REQUIRE(!opened.has_value());
    return opened.error().code;
}

void fill(JournalWorld& world, int records) {
    journal::Journal journal = world.open();
    for (int i = 0; i < records; ++i) {
        REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
    }
}

}  // namespace

TEST_CASE("open: what was recorded is there again and the chain goes on") {
    JournalWorld world;
    fill(world, 3);
    journal::Journal journal = world.open();
    CHECK(journal.status()->rows == 3);
    CHECK(journal.append(fakes::consent(7), journal::Slip::none)->key.seq == 4);
    CHECK(journal.my_releases(fakes::pseudonym_of(7))->size() == 4);
}

TEST_CASE("open: a second opener is refused while the first one works") {
    JournalWorld world;
    journal::Journal journal = world.open();
    CHECK(open_error(world) == Errc::journal_locked);
    CHECK(journal.append(fakes::consent(7), journal::Slip::none).has_value());
}

TEST_CASE("open: an unknown schema is refused and not touched") {
    JournalWorld world;
    fill(world, 1);
    SUBCASE("newer version") {
        fakes::sql(world, "PRAGMA user_version=99");
    }
    SUBCASE("other application") {
        fakes::sql(world, "PRAGMA application_id=1");
    }
    SUBCASE("version zero with tables") {
        fakes::sql(world, "PRAGMA user_version=0");
    }
    CHECK(open_error(world) == Errc::journal_schema_unknown);
    fakes::sql(world, "SELECT count(*) FROM record");
}

TEST_CASE("open: a file that is no database is refused") {
    JournalWorld world;
    std::ofstream(world.options().path) << std::string(5'000, 'x');
    CHECK(open_error(world) == Errc::journal_open_failed);
}

TEST_CASE("open: every broken link of the chain is found") {
    JournalWorld world;
    fill(world, 4);
    SUBCASE("last row gone") {
        fakes::sql(world,
                   "DELETE FROM view WHERE position=4;"
                   "DELETE FROM record WHERE position=4");
    }
    SUBCASE("middle row gone") {
        fakes::sql(world,
                   "DELETE FROM view WHERE position=2;"
                   "DELETE FROM record WHERE position=2");
    }
    SUBCASE("ciphertext changed") {
        fakes::sql(world, "UPDATE record SET jwe=jwe||'A' WHERE seq=2");
    }
    SUBCASE("scopes changed") {
        fakes::sql(world,
                   "UPDATE record SET scopes=(SELECT scopes FROM record WHERE seq=3) "
                   "WHERE seq=2");
    }
    SUBCASE("header changed") {
        fakes::sql(world,
                   "UPDATE record SET header=(SELECT header FROM record WHERE seq=3) "
                   "WHERE seq=2");
    }
    SUBCASE("leaf changed") {
        fakes::sql(world, "UPDATE record SET leaf=zeroblob(32) WHERE seq=2");
    }
    SUBCASE("kind changed") {
        fakes::sql(world, "UPDATE record SET kind=2 WHERE seq=2");
    }
    SUBCASE("lane changed") {
        fakes::sql(world, "UPDATE record SET protective=1 WHERE seq=2");
    }
    SUBCASE("head of another row") {
        fakes::sql(world,
                   "UPDATE record SET head=(SELECT head FROM record WHERE seq=3) WHERE seq=2");
    }
    SUBCASE("newest signature wrong") {
        fakes::sql(world,
                   "UPDATE record SET head=substr(head,1,length(head)-20)||"
                   "'AAAAAAAAAAAAAAAAAAAA' WHERE seq=4");
    }
    SUBCASE("chain head changed") {
        fakes::sql(world, "UPDATE chain SET leaf=zeroblob(32)");
    }
    SUBCASE("chain shortened together with its rows") {
        fakes::sql(world,
                   "DELETE FROM view WHERE position=4; DELETE FROM record WHERE position=4;"
                   "UPDATE chain SET seq=3");
    }
    SUBCASE("all gone") {
        fakes::sql(world, "DELETE FROM view; DELETE FROM record; DELETE FROM chain");
    }
    CHECK(open_error(world) == Errc::journal_chain_broken);
}

TEST_CASE("open: journal of another terminal or another key is refused") {
    JournalWorld world;
    fill(world, 1);
    SUBCASE("terminal") {
        world.terminal = base::Uuid({1});
        CHECK(open_error(world) == Errc::journal_open_failed);
    }
    SUBCASE("key") {
        fakes::MemoryKeyStore other(world.random);
        other.add("journal", crypto::generate_key(crypto::Curve::p256, world.random));
        const auto opened =
            journal::Journal::open(world.options(), {other, world.random, world.clock});
        REQUIRE(!opened.has_value());
        CHECK(opened.error().code == Errc::key_bad);
    }
}

TEST_CASE("open: a new epoch continues the old chain") {
    JournalWorld world;
    fill(world, 2);
    journal::Options options = world.options();
    options.epoch = 3;
    {
        journal::Journal journal = world.open(options);
        CHECK(journal.append(fakes::consent(7), journal::Slip::none)->key ==
              model::RecordKey{world.terminal, 3, 1});
    }
    options.epoch = 4;
    (void)world.open(options);  // an epoch may stay empty
    options.epoch = 5;
    journal::Journal journal = world.open(options);
    CHECK(journal.append(fakes::consent(7), journal::Slip::none)->key.epoch == 5);
    CHECK(journal.status()->rows == 4);
    // An older number from a stale configuration does not turn the chain back.
    CHECK(journal.my_releases(fakes::pseudonym_of(7))->size() == 4);
}

TEST_CASE("open: the file is readable by its owner only") {
    JournalWorld world;
    journal::Journal journal = world.open();
    REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
    namespace fs = std::filesystem;
    for (const auto& entry : fs::directory_iterator(world.folder.path())) {
        CHECK((entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
              fs::perms::none);
    }
}
