// SPDX-License-Identifier: EUPL-1.2
// A record that two machines had unsent on their disks: each chains it anew in an epoch of its own,
// so it arrives as two records with one content. It is one declaration all the same (I4, I8, I10).
#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

using backend::BatchVerdict;
using model::TargetKind;
using test::grant;
using test::tag;
using test::Terminal;
using test::withdrawal;

namespace {

constexpr std::uint64_t parts_each = 2;
constexpr backend::Statement find_parts{"SELECT COUNT(*) FROM part"};
constexpr backend::Statement find_records{"SELECT COUNT(*) FROM record"};

struct Scene {
    test::SeededRandom random{5};
    Terminal a{1, random};
    Terminal b{2, random};
    std::unique_ptr<backend::Store> store = test::memory_store();

    Scene() {
        test::enrol(*store, a);
        test::enrol(*store, b);
        a.append(grant(1));
        send(a, 1, 1);
    }
    void send(Terminal& terminal, std::uint64_t from, std::uint64_t to) {
        const auto outcome = backend::ingest_batch(*store, terminal.id, terminal.batch(from, to));
        REQUIRE(outcome.has_value());
        REQUIRE(outcome->verdict == BatchVerdict::stored);
        REQUIRE(backend::sequence(*store).has_value());
    }
    [[nodiscard]] std::uint64_t count(const backend::Statement& statement) const {
        return store->run(statement, {})->at(0).count(0);
    }
};

/// The same, going on behind the first record under another number.
Terminal going_on(const Terminal& terminal, unsigned epochs) {
    Terminal next = terminal.clone();
    const model::Digest base = terminal.head();
    for (unsigned i = 0; i < epochs; ++i) next.new_epoch(base);
    return next;
}

}  // namespace

TEST_CASE("rechained: a grant that two machines chain anew is given once (I4)") {
    Scene scene;
    Terminal first = going_on(scene.a, 1);
    Terminal second = going_on(scene.a, 2);
    for (Terminal* machine : {&first, &second}) {
        machine->append(grant(2));
        machine->append(grant(machine == &first ? 3 : 4));
        scene.send(*machine, 1, 2);
    }
    CHECK(scene.count(find_records) == 5);
    CHECK(scene.count(find_parts) == parts_each * 4);
    for (const auto& [part, state] : test::states(*scene.store)) CHECK(state == 0);
    // Taken back, it is so once and for all, whatever still comes.
    Terminal third = going_on(scene.a, 3);
    scene.b.append(withdrawal(9, TargetKind::declaration, model::declaration_value(test::uuid(2))));
    scene.send(scene.b, 1, 1);
    third.append(grant(2));
    scene.send(third, 1, 1);
    CHECK(test::states(*scene.store).at({2, 0}) == 2);
    CHECK(scene.count(find_parts) == parts_each * 4);
}

TEST_CASE("rechained: another terminal's record of the same number is another one") {
    Scene scene;
    scene.b.append(grant(1));
    scene.send(scene.b, 1, 1);
    CHECK(scene.count(find_parts) == parts_each * 2);
}

TEST_CASE("rechained: a withdrawal that was refused first does not end what knew it (I8)") {
    Scene scene;
    Terminal stale = scene.a.clone();
    scene.a.append(grant(2));
    scene.send(scene.a, 2, 2);
    // Refused at the place that is taken, kept and logged ...
    stale.append(withdrawal(9, TargetKind::subject, tag(1)));
    const auto refused = backend::ingest_batch(*scene.store, stale.id, stale.batch(2, 2));
    REQUIRE(refused.has_value());
    CHECK(refused->verdict == BatchVerdict::fork);
    REQUIRE(backend::sequence(*scene.store).has_value());
    CHECK(test::states(*scene.store).at({2, 0}) == 2);
    const auto chain_anew = [&] {
        Terminal anew = going_on(scene.a, 1);
        anew.append(withdrawal(9, TargetKind::subject, tag(1)));
        scene.send(anew, 1, 1);
        anew.append(grant(6));
        scene.send(anew, 2, 2);
    };
    // ... so whoever has verified three entries of the log grants anew in its knowledge.
    bool anew_first = false;
    SUBCASE("and then it comes at its new place") {}
    SUBCASE("at its new place it was there before") {
        anew_first = true;
    }
    if (anew_first) chain_anew();
    scene.b.append(grant(5, 3));
    scene.send(scene.b, 1, 1);
    if (!anew_first) chain_anew();
    CHECK(test::states(*scene.store).at({5, 0}) == 0);
    CHECK(test::states(*scene.store).at({6, 0}) == 0);  // recorded behind it on its own chain
    CHECK(test::states(*scene.store).at({1, 0}) == 2);
    CHECK(test::states(*scene.store).at({2, 0}) == 2);
}

TEST_CASE("rechained: an objection that two machines chain anew is shown once (I4, I8, I10)") {
    // Its withdrawal lies behind its second place only.
    bool in_one_batch = false;
    SUBCASE("and is taken back later") {}
    SUBCASE("and is taken back in the same batch") {
        in_one_batch = true;
    }
    Scene scene;
    auto objection = grant(2);
    objection.kind = model::Kind::objection;
    auto end = withdrawal(9, TargetKind::declaration, model::declaration_value(test::uuid(2)));
    end.kind = model::Kind::objection_withdrawn;
    // Refused at the place that is taken: kept, and it counts.
    Terminal stale = scene.a.clone();
    scene.a.append(grant(5));
    scene.send(scene.a, 2, 2);
    stale.append(objection);
    const auto refused = backend::ingest_batch(*scene.store, stale.id, stale.batch(2, 2));
    REQUIRE(refused.has_value());
    CHECK(refused->verdict == BatchVerdict::fork);
    REQUIRE(backend::sequence(*scene.store).has_value());
    CHECK(test::states(*scene.store).at({2, 0}) == 0);
    Terminal anew = going_on(scene.a, 1);
    anew.append(objection);
    anew.append(end);
    scene.send(anew, 1, in_one_batch ? 2 : 1);
    if (!in_one_batch) scene.send(anew, 2, 2);
    CHECK(test::states(*scene.store).at({2, 0}) == 2);
    CHECK(test::states(*scene.store).at({2, 1}) == 2);
    // One objection: two parts, however often it was chained.
    CHECK(scene.count(find_parts) == parts_each * 3);
    Terminal third = going_on(scene.a, 2);
    third.append(objection);
    scene.send(third, 1, 1);
    CHECK(scene.count(find_parts) == parts_each * 3);
    CHECK(test::states(*scene.store).at({2, 0}) == 2);
}
