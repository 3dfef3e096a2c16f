// SPDX-License-Identifier: EUPL-1.2
// Where a chain goes on under a new number: what the new epoch continues, in every order of arrival
// (I10), and who may not write on in the one that it left (I6).
#include "sync/backend/ingest/epoch_base.hpp"

#include "tests/unit/sync/backend/ingest_world.hpp"

using backend::BatchVerdict;
using model::TargetKind;
using test::grant;
using test::IngestWorld;
using test::States;
using test::tag;
using test::Terminal;
using test::uuid;
using test::withdrawal;

TEST_CASE("epoch base: a new epoch continues the head that it names") {
    for (const bool linked : {true, false}) {
        IngestWorld world;
        world.a.append(withdrawal(60, TargetKind::subject, tag(1)));
        world.take(world.a, 1, 1);
        world.a.new_epoch(linked ? world.a.head() : model::Digest{});
        world.a.append(grant(50));
        CHECK(world.take(world.a, 1, 1).verdict == BatchVerdict::stored);
        CHECK(test::states(*world.store)[{50, 0}] == (linked ? 0 : 2));
    }
}

TEST_CASE("epoch base: an epoch that a later one has left is closed: two write as one (I6)") {
    for (const bool linked : {true, false}) {
        IngestWorld world;
        world.a.append(grant(50));
        world.take(world.a, 1, 1);
        Terminal clone = world.a.clone();
        clone.new_epoch(linked ? clone.head() : model::Digest{});
        clone.append(grant(51));
        CHECK(world.take(clone, 1, 1).verdict == BatchVerdict::stored);
        world.a.append(grant(52));
        CHECK(world.take(world.a, 2, 2).verdict == BatchVerdict::fork);
        CHECK_FALSE(test::states(*world.store).contains({52, 0}));
        // What is known may come again, and the newer one goes on.
        CHECK(world.take(world.a, 1, 1).verdict == BatchVerdict::stored);
        clone.append(grant(53));
        CHECK(world.take(clone, 2, 2).verdict == BatchVerdict::stored);
    }
}

TEST_CASE(
    "epoch base: an epoch waits for the record that it continues, whichever comes first (I10)") {
    States ends[2];
    for (const bool epoch_first : {false, true}) {
        IngestWorld world;
        world.a.append(withdrawal(60, TargetKind::subject, tag(1)));
        world.a.append(grant(50));
        const std::string first = world.a.batch(1, 2);
        world.a.new_epoch(world.a.head());
        world.a.append(grant(52));
        if (epoch_first) {
            const auto early = world.take(world.a, 1, 1);
            CHECK(early.verdict == BatchVerdict::gap);
            CHECK(early.base_missing);
            CHECK(world.log_size() == 0);
        }
        CHECK(world.take_body(world.a, first).verdict == BatchVerdict::stored);
        CHECK(world.take(world.a, 1, 1).verdict == BatchVerdict::stored);
        ends[epoch_first ? 1 : 0] = test::states(*world.store);
        CHECK(ends[0][{52, 0}] == 0);  // recorded behind the withdrawal on the same chain
    }
    CHECK(ends[0] == ends[1]);
}

TEST_CASE(
    "epoch base: what continues a refused record is refused with it, and its acts count (I6)") {
    IngestWorld world;
    Terminal clone = world.a.clone();
    world.a.append(grant(50));
    world.take(world.a, 1, 1);
    clone.append(grant(51));
    clone.append(grant(52));
    CHECK(world.take(clone, 1, 2).verdict == BatchVerdict::fork);
    clone.new_epoch(clone.head());  // behind a place that is still free
    clone.append(grant(53));
    clone.append(withdrawal(60, TargetKind::declaration, model::declaration_value(uuid(50))));
    clone.append(grant(54));
    CHECK(world.take(clone, 1, 2).verdict == BatchVerdict::fork);
    CHECK(world.take(clone, 3, 3).verdict == BatchVerdict::fork);
    CHECK(test::states(*world.store) == States{{{50, 0}, 2}, {{50, 1}, 2}});
    CHECK(world.log_size() == 6);
    // The other machine goes on.
    world.a.append(grant(55));
    CHECK(world.take(world.a, 2, 2).verdict == BatchVerdict::stored);
}

TEST_CASE("epoch base: an epoch waits for a copy that only ran second to its place (I7)") {
    IngestWorld world;
    Terminal clone = world.a.clone();
    world.a.append(withdrawal(60, TargetKind::subject, tag(99)));
    CHECK(world.take_advance(world.a, 1).forks == 0);
    clone.append(withdrawal(61, TargetKind::subject, tag(1)));
    CHECK(world.take_advance(clone, 1).forks == 1);
    const std::string base = clone.batch(1, 1);
    clone.new_epoch(clone.head());
    clone.append(grant(50));
    CHECK(world.take(clone, 1, 1).verdict == BatchVerdict::gap);
    CHECK(world.take_body(world.a, base).verdict == BatchVerdict::stored);
    CHECK(world.take(clone, 1, 1).verdict == BatchVerdict::stored);
    CHECK(test::states(*world.store)[{50, 0}] == 0);
}
