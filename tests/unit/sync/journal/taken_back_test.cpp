// SPDX-License-Identifier: EUPL-1.2
// A backend that came out of an old backup, and a copied machine that went on there first: rows of
// the other machine that the backend had acknowledged are refused, for their places are taken. They
// go on behind the last row that both have, they are told, and nothing waits behind them (I4, I7).
#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include <algorithm>

#include "sync/journal/verify.hpp"
#include "tests/unit/sync/journal/identity_scene.hpp"

using journal::AlarmKind;
using test::acknowledged;
using test::alarms;
using test::record;
using test::record_and_send;
using test::Scene;

namespace {

constexpr backend::Statement count_alive{"SELECT COUNT(*) FROM part WHERE state = 0"};
constexpr backend::Statement count_ended{"SELECT COUNT(*) FROM part WHERE state = 2"};
constexpr backend::Statement count_given{"SELECT COUNT(DISTINCT declaration) FROM part"};
constexpr backend::Statement count_twice{
    "SELECT COUNT(*) FROM (SELECT declaration FROM part GROUP BY declaration"
    " HAVING COUNT(DISTINCT leaf) > 1) AS d"};

/// syncd comes again and again; true once everything is sent.
bool rounds(Scene& scene, journal::Journal& journal) {
    for (int i = 0; i < 5; ++i) {
        if (scene.round(journal)) return true;
    }
    return false;
}

bool whole(const Scene& scene, const std::string& machine) {
    const auto report = journal::verify_file(scene.options(machine).path, scene.world.journal_key);
    REQUIRE(report.has_value());
    if (report->broken) MESSAGE(report->broken->what);
    return !report->broken;
}

bool has(journal::Journal& journal, AlarmKind kind) {
    return std::ranges::count(alarms(journal), kind) != 0;
}

}  // namespace

TEST_CASE("taken back: rows that the backend had acknowledged go on behind what both have (I7)") {
    Scene scene;
    record_and_send(scene, "a", 3);
    scene.copy("a", "b");
    scene.back_up();
    journal::Journal a = scene.open("a");
    int lost = 2;
    SUBCASE("few") {}
    SUBCASE("more than a batch") {
        lost = 70;
    }
    record_and_send(scene, a, lost);
    scene.set_back();
    journal::Journal b = scene.open("b");
    int more = 1;
    SUBCASE("the other machine has written little since") {}
    SUBCASE("the other machine has written beyond our place") {
        more = 80;
    }
    record_and_send(scene, b, more);
    int waiting = 2;
    SUBCASE("something waits") {}
    SUBCASE("nothing waits") {
        waiting = 0;
        scene.tell(a);
        CHECK(has(a, AlarmKind::foreign_records));
    }
    record(a, waiting);
    if (waiting == 0) record(a, 1);  // whenever somebody comes
    CHECK(rounds(scene, a));
    CHECK(a.status()->unsent == 0);
    CHECK_FALSE(a.status()->identity_cloned);
    CHECK(has(a, AlarmKind::foreign_records));
    CHECK(has(a, AlarmKind::backend_set_back));
    const std::size_t own = static_cast<std::size_t>(3 + lost + std::max(waiting, 1));
    CHECK(acknowledged(a) == own);
    CHECK(scene.count(count_given) == own + static_cast<std::size_t>(more));
    CHECK(scene.count(count_alive) == own + static_cast<std::size_t>(more));
    CHECK(scene.count(count_twice) == 0);
    // Nothing stands in the way of what comes later, and a restart finds a whole chain.
    record(a, 1);
    CHECK(rounds(scene, a));
    a = scene.open("other");
    CHECK(whole(scene, "a"));
    a = scene.open("a");
    CHECK(acknowledged(a) == own + 1);
    CHECK(scene.round(a));
    // The other machine is found out as ever.
    record(b, 1);
    CHECK(rounds(scene, b));
    CHECK(has(b, AlarmKind::foreign_records));
}

TEST_CASE("taken back: while it is refused, nobody is told that it is there") {
    Scene scene;
    record_and_send(scene, "a", 3);
    scene.copy("a", "b");
    scene.back_up();
    journal::Journal a = scene.open("a");
    record_and_send(scene, a, 2);
    scene.set_back();
    journal::Journal b = scene.open("b");
    record_and_send(scene, b, 1);
    record(a, 1);
    const std::uint32_t before = a.status()->epoch;
    // Refusals only, until it has gone on from the last common row.
    for (int i = 0; i < 40 && a.status()->unsent < 3; ++i) REQUIRE(scene.step(a));
    REQUIRE(a.status()->unsent >= 3);
    CHECK(a.status()->epoch > before);
    CHECK(acknowledged(a) == 3);
    CHECK(rounds(scene, a));
    CHECK(acknowledged(a) == 6);
}

TEST_CASE("taken back: a withdrawal among them counts before anything is settled (I8)") {
    Scene scene;
    record_and_send(scene, "a", 3);
    scene.copy("a", "b");
    scene.back_up();
    journal::Journal a = scene.open("a");
    REQUIRE(a.append(fakes::withdrawal_of_all(7), {}).has_value());
    record_and_send(scene, a, 1);
    scene.set_back();
    journal::Journal b = scene.open("b");
    for (int i = 0; i < 3; ++i) REQUIRE(b.append(fakes::consent(8), {}).has_value());
    REQUIRE(scene.round(b));
    CHECK(scene.count(count_ended) == 0);
    record(a, 1);
    for (int i = 0; i < 12 && scene.count(count_ended) == 0; ++i) REQUIRE(scene.step(a));
    CHECK(scene.count(count_ended) == 3);
    CHECK(a.status()->unsent > 0);
    CHECK(rounds(scene, a));
    CHECK(acknowledged(a) == 6);
    // What was given after it on the same chain stays, and so does another person's.
    CHECK(scene.count(count_ended) == 3);
    CHECK(scene.count(count_alive) == 5);
}

TEST_CASE("taken back: what was compacted goes on without its content, and somebody is called") {
    Scene scene;
    record_and_send(scene, "a", 3);
    scene.copy("a", "b");
    scene.back_up();
    journal::Journal a = scene.open("a");
    record(a, 1);
    REQUIRE(a.append(fakes::withdrawal_of_all(7), {}).has_value());
    record_and_send(scene, a, 1);
    a = scene.open("other");
    scene.compact("a");
    a = scene.open("a");
    scene.set_back();
    journal::Journal b = scene.open("b");
    REQUIRE(b.append(fakes::consent(8), {}).has_value());
    REQUIRE(scene.round(b));
    record(a, 1);
    CHECK(rounds(scene, a));
    CHECK(has(a, AlarmKind::content_lost));
    CHECK(a.status()->unsent == 0);
    CHECK(scene.count(count_ended) == 3);
    a = scene.open("other");
    CHECK(whole(scene, "a"));
    a = scene.open("a");
    record(a, 1);
    CHECK(rounds(scene, a));
}

TEST_CASE("taken back: the log goes on under its next name, and everything is offered again") {
    Scene scene;
    record_and_send(scene, "a", 3);
    scene.copy("a", "b");
    scene.back_up();
    journal::Journal a = scene.open("a");
    record_and_send(scene, a, 2);
    scene.set_back();
    journal::Journal b = scene.open("b");
    record_and_send(scene, b, 1);
    scene.world.issuer += ":log2";
    scene.world.log_places.clear();
    REQUIRE(a.follow_log({"backend.test:log2", {}}).has_value());
    record(a, 1);
    CHECK(rounds(scene, a));
    CHECK(a.status()->unsent == 0);
    CHECK(acknowledged(a) == 6);
    CHECK(scene.count(count_alive) == 7);
}

TEST_CASE("taken back: a copied machine waits for its new key, and loses nothing meanwhile") {
    Scene scene;
    record_and_send(scene, "a", 3);
    scene.copy("a", "b");
    journal::Journal a = scene.open("a");
    journal::Journal b = scene.open("b");
    record_and_send(scene, b, 1);
    record(a, 1);
    REQUIRE(rounds(scene, a));
    REQUIRE(a.status()->epoch == 2);
    scene.back_up();
    REQUIRE(a.append(fakes::withdrawal_of_all(7), {}).has_value());
    record_and_send(scene, a, 1);
    scene.set_back();
    record(b, 1);
    REQUIRE(rounds(scene, b));
    REQUIRE(b.status()->epoch == 3);
    (void)scene.round(a);
    scene.tell(a);
    REQUIRE(a.status()->identity_cloned);
    CHECK_FALSE(a.append(fakes::consent(7), {}).has_value());
    // Its acknowledged withdrawal reaches the backend all the same.
    (void)scene.round(a);
    CHECK(scene.count(count_ended) > 0);
    a = scene.open("other");
    a = scene.with_new_key("a");
    record(a, 1);
    CHECK(rounds(scene, a));
    CHECK(a.status()->unsent == 0);
    CHECK(acknowledged(a) == 7);
}

TEST_CASE("taken back: what is offered again passes over what was chained anew before") {
    Scene scene;
    record_and_send(scene, "m", 3);
    scene.copy("m", "backup");
    journal::Journal lost = scene.open("m");
    record_and_send(scene, lost, 2);
    // The disk comes out of a backup, goes on in a new epoch, and then the backend is set back.
    journal::Journal journal = scene.open("backup");
    record(journal, 3);
    REQUIRE(rounds(scene, journal));
    REQUIRE(journal.status()->epoch == 2);
    scene.backed_up = 1;
    record(journal, 60);
    REQUIRE(rounds(scene, journal));
    scene.set_back();
    record(journal, 60);
    CHECK(rounds(scene, journal));
    CHECK(journal.status()->unsent == 0);
    CHECK(journal.status()->epoch == 2);
    CHECK(scene.count(count_alive) == 126);
}

TEST_CASE("taken back: without the head of another machine nothing is chained anew") {
    Scene scene;
    record_and_send(scene, "a", 3);
    journal::Journal a = scene.open("a");
    record(a, 1);
    for (int i = 0; i < 20; ++i) {
        const auto body = a.next_batch(50);
        REQUIRE(body.has_value());
        REQUIRE(a.hear_chains({{1, 3, ""}}).has_value());
    }
    CHECK(a.status()->epoch == 1);
    CHECK(a.status()->rows == 4);
}
