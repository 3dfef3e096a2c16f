// SPDX-License-Identifier: EUPL-1.2
// The ingest transaction on a real database: exactly once, gaps, forks, advance copies, bad input,
// and the race between a grant and its withdrawal on two connections.
#include "sync/backend/ingest/ingest.hpp"

#include <barrier>
#include <thread>

#include "sync/backend/ingest/revocation.hpp"
#include "tests/unit/sync/backend/ingest_world.hpp"

using backend::BatchVerdict;
using model::Kind;
using model::TargetKind;
using test::grant;
using test::States;
using test::tag;
using test::Terminal;
using test::uuid;
using test::withdrawal;

namespace {

/// Two terminals.
struct World : test::IngestWorld {
    Terminal b{2, random};

    World() { test::enrol(*store, b); }
};

base::Errc error_of(const base::Result<backend::BatchOutcome>& outcome) {
    REQUIRE_FALSE(outcome.has_value());
    return outcome.error().code;
}

}  // namespace

TEST_CASE("ingest: a batch is taken exactly once, however often it comes (I4)") {
    World world;
    for (std::uint8_t i = 0; i < 3; ++i) world.a.append(grant(static_cast<std::uint8_t>(50 + i)));
    CHECK(world.take(world.a, 1, 2).added == 2);
    CHECK(world.take(world.a, 1, 2).added == 0);
    const auto overlapping = world.take(world.a, 2, 3);
    CHECK(overlapping.added == 1);
    CHECK(overlapping.next_seq == 4);
    CHECK(world.take(world.a, 1, 3).added == 0);
    CHECK(world.log_size() == 3);
    CHECK(test::states(*world.store).size() == 6);
}

TEST_CASE("ingest: a gap is refused with what is needed, and nothing is stored") {
    World world;
    for (std::uint8_t i = 0; i < 3; ++i) world.a.append(grant(static_cast<std::uint8_t>(50 + i)));
    CHECK(world.take(world.a, 1, 1).verdict == BatchVerdict::stored);
    const auto gap = world.take(world.a, 3, 3);
    CHECK(gap.verdict == BatchVerdict::gap);
    CHECK(gap.next_seq == 2);
    CHECK(world.log_size() == 1);
    CHECK(world.take(world.a, 2, 3).added == 2);
}

TEST_CASE("ingest: a withdrawal on another terminal ends the grant, whichever comes first") {
    for (const bool grant_first : {true, false}) {
        World world;
        world.a.append(grant(50));
        world.b.append(withdrawal(60, TargetKind::entry_recipient, tag(12)));
        if (grant_first) world.take(world.a, 1, 1);
        world.take(world.b, 1, 1);
        if (!grant_first) world.take(world.a, 1, 1);
        CHECK(test::states(*world.store) == States{{{50, 0}, 2}, {{50, 1}, 0}});
    }
}

TEST_CASE(
    "ingest: a new grant lives if its terminal had seen the withdrawal, and not by claiming too "
    "much (I9)") {
    struct Row {
        std::uint64_t observed;
        int state;
    };
    // The log has one entry: 1 is the truth, 0 is not knowing, 2 and more cannot have been signed.
    for (const Row& row : {Row{0, 2}, Row{1, 0}, Row{2, 2}, Row{1'000'000, 2}}) {
        World world;
        world.b.append(withdrawal(60, TargetKind::subject, tag(1)));
        world.take(world.b, 1, 1);
        world.a.append(grant(50, row.observed));
        world.take(world.a, 1, 1);
        CAPTURE(row.observed);
        CHECK(test::states(*world.store)[{50, 0}] == row.state);
    }
}

TEST_CASE("ingest: a slip withdraws blindly and only with its secret") {
    for (const bool right : {true, false}) {
        World world;
        auto slip = withdrawal(60, TargetKind::declaration, model::declaration_value(uuid(50)));
        slip.scopes.tag_s = {};
        slip.scopes.slip_hash = right ? tag(99) : tag(98);
        world.b.append(slip);
        world.take(world.b, 1, 1);
        world.a.append(grant(50, 1));
        world.take(world.a, 1, 1);
        const int state = right ? 2 : 0;
        CHECK(test::states(*world.store) == States{{{50, 0}, state}, {{50, 1}, state}});
    }
}

TEST_CASE("ingest: an advance copy and its chain entry are one event (I4)") {
    World world;
    world.a.append(grant(50));
    world.a.append(withdrawal(60, TargetKind::subject, tag(1)));
    CHECK(world.take_advance(world.a, 2).added == 1);
    CHECK(world.take_advance(world.a, 2).added == 0);
    CHECK(world.log_size() == 1);
    // Terminal B has seen it (log size 1): its grant is a new decision and must survive the chain
    // entry.
    world.b.append(grant(51, 1));
    world.take(world.b, 1, 1);
    world.take(world.a, 1, 2);
    CHECK(world.log_size() == 3);
    CHECK(test::states(*world.store) ==
          States{{{50, 0}, 2}, {{50, 1}, 2}, {{51, 0}, 0}, {{51, 1}, 0}});
}

TEST_CASE("ingest: only protective acts may run ahead") {
    World world;
    world.a.append(grant(50));
    const auto outcome = backend::ingest_advance(*world.store, world.a.id, world.a.advance({1}));
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == base::Errc::record_bad);
    CHECK(world.log_size() == 0);
}

TEST_CASE("ingest: a copy ahead is refused if its head or any byte of its record is another's") {
    World world;
    world.a.append(withdrawal(60, TargetKind::subject, tag(100)));
    world.a.append(withdrawal(61, TargetKind::subject, tag(100)));
    const auto good = model::parse_advance(world.a.advance({1}));
    REQUIRE(good.has_value());
    const auto refused = [&](const std::string& what, const auto& change) {
        model::Advance bad = *good;
        change(bad.copies.at(0));
        const auto outcome = backend::ingest_advance(*world.store, world.a.id, model::encode(bad));
        REQUIRE_MESSAGE(!outcome.has_value(), what);
        return outcome.error().code;
    };
    using Copy = model::AdvanceCopy;
    CHECK(refused("ciphertext", [](Copy& copy) { copy.record.jwe += "x"; }) ==
          base::Errc::record_bad);
    CHECK(refused("scopes", [](Copy& copy) { copy.record.scopes.back() ^= 1U; }) ==
          base::Errc::record_bad);
    CHECK(refused("header", [](Copy& copy) { copy.record.header[130] ^= 1U; }) ==
          base::Errc::record_bad);
    CHECK(refused("head of the next", [&](Copy& copy) { copy.head = world.a.sign_head(2); }) ==
          base::Errc::record_bad);
    Terminal forger = world.a.clone();
    forger.key = crypto::generate_key(crypto::Curve::p256, world.random);
    CHECK(refused("another key", [&](Copy& copy) { copy.head = forger.sign_head(1); }) ==
          base::Errc::signature_bad);
    CHECK(world.log_size() == 0);
    CHECK(world.take_advance(world.a, 1).added == 1);
}

TEST_CASE(
    "ingest: other bytes at a known place are kept, raise an alarm, and their withdrawals count "
    "(I6)") {
    World world;
    Terminal clone = world.a.clone();
    world.a.append(grant(50));
    world.a.append(grant(51));
    world.take(world.a, 1, 2);
    clone.append(grant(52));
    clone.append(withdrawal(60, TargetKind::declaration, model::declaration_value(uuid(50))));
    const auto fork = world.take(clone, 1, 2);
    CHECK(fork.verdict == BatchVerdict::fork);
    CHECK(fork.next_seq == 3);
    CHECK(world.take(clone, 1, 2).verdict == BatchVerdict::fork);
    // The clone's grant has no effect, its withdrawal has.
    CHECK(test::states(*world.store) ==
          States{{{50, 0}, 2}, {{50, 1}, 2}, {{51, 0}, 0}, {{51, 1}, 0}});
    CHECK(world.log_size() == 4);
    // A batch that starts right behind the head of another chain is a fork too.
    clone.append(grant(53));
    CHECK(world.take(clone, 3, 3).verdict == BatchVerdict::fork);
    world.a.append(grant(54));
    CHECK(world.take(world.a, 3, 3).verdict == BatchVerdict::stored);
}

TEST_CASE("ingest: of two copies that ran ahead, the one that the chain brings counts on it (I7)") {
    World world;
    Terminal clone = world.a.clone();
    world.a.append(withdrawal(60, TargetKind::subject, tag(99)));
    clone.append(withdrawal(61, TargetKind::subject, tag(1)));
    CHECK(world.take_advance(world.a, 1).forks == 0);
    CHECK(world.take_advance(clone, 1).forks == 1);
    clone.append(grant(50));
    const auto chain = world.take(clone, 1, 2);
    CHECK(chain.verdict == BatchVerdict::stored);
    CHECK(chain.contradicted == 1);  // the first copy, and somebody must hear of it (I6)
    CHECK(world.take(clone, 1, 2).added == 0);
    // 61 stands before the grant on its chain, so it does not end it; in quarantine it would.
    CHECK(test::states(*world.store) == States{{{50, 0}, 0}, {{50, 1}, 0}});
    // The first terminal's own chain is the fork now.
    CHECK(world.take(world.a, 1, 1).verdict == BatchVerdict::fork);
    CHECK(world.log_size() == 3);
}

TEST_CASE(
    "ingest: a fork that brings what ran ahead already counts with all its withdrawals (I7)") {
    World world;
    Terminal clone = world.a.clone();
    world.a.append(grant(50));
    clone.append(withdrawal(61, TargetKind::subject, tag(99)));
    clone.append(withdrawal(62, TargetKind::subject, tag(1)));
    CHECK(world.take_advance(clone, 1).added == 1);
    CHECK(world.take(world.a, 1, 1).contradicted == 1);
    CHECK(test::states(*world.store) == States{{{50, 0}, 0}, {{50, 1}, 0}});
    CHECK(world.take(clone, 1, 2).verdict == BatchVerdict::fork);
    CHECK(world.take(clone, 1, 2).verdict == BatchVerdict::fork);
    CHECK(test::states(*world.store) == States{{{50, 0}, 2}, {{50, 1}, 2}});
    CHECK(world.log_size() == 3);
}

TEST_CASE("ingest: copies run ahead though a fork brought some of them before (I7)") {
    World world;
    Terminal clone = world.a.clone();
    world.a.append(grant(50));
    clone.append(grant(51));
    clone.append(withdrawal(61, TargetKind::subject, tag(99)));
    clone.append(withdrawal(62, TargetKind::subject, tag(1)));
    world.take(world.a, 1, 1);
    CHECK(world.take(clone, 1, 2).verdict == BatchVerdict::fork);
    CHECK(test::states(*world.store) == States{{{50, 0}, 0}, {{50, 1}, 0}});
    for (int round = 0; round < 2; ++round) {
        const auto outcome = backend::ingest_advance(*world.store, clone.id, clone.advance({2, 3}));
        REQUIRE(outcome.has_value());
        CHECK(outcome->accepted.size() == 2);
        CHECK(test::states(*world.store) == States{{{50, 0}, 2}, {{50, 1}, 2}});
    }
}

TEST_CASE(
    "ingest: a record whose scopes make no sense is kept without effect and blocks nothing (I7)") {
    World world;
    auto senseless = withdrawal(60, TargetKind::subject, tag(1));
    senseless.scopes.tag_s = {};  // a selector without a subject and without a slip
    world.a.append(senseless);
    world.a.append(grant(50));
    const auto outcome = world.take(world.a, 1, 2);
    CHECK(outcome.added == 2);
    CHECK(outcome.unusable == 1);
    CHECK(test::states(*world.store)[{50, 0}] == 0);
}

TEST_CASE("ingest: whatever is wrong with a batch, it is refused whole with its own code") {
    World world;
    Terminal stranger(9, world.random);
    stranger.append(grant(50));
    world.a.append(grant(50));
    world.a.append(grant(51));
    const auto take = [&](const model::Batch& batch) {
        return error_of(backend::ingest_batch(*world.store, world.a.id, model::encode(batch)));
    };
    CHECK(error_of(backend::ingest_batch(*world.store, world.a.id, "")) == base::Errc::message_bad);
    CHECK(error_of(backend::ingest_batch(*world.store, world.a.id, "{}")) ==
          base::Errc::message_bad);
    CHECK(error_of(backend::ingest_batch(*world.store, world.b.id, world.a.batch(1, 2))) ==
          base::Errc::peer_not_allowed);
    CHECK(error_of(backend::ingest_batch(*world.store, stranger.id, stranger.batch(1, 1))) ==
          base::Errc::peer_not_allowed);
    const model::Batch good = world.a.batch_value(1, 2);
    model::Batch bad = good;
    bad.head = world.a.sign_head(1);
    CHECK_MESSAGE(take(bad) == base::Errc::record_bad, "head of another seq");
    bad = good;
    bad.head.back() = bad.head.back() == 'A' ? 'Q' : 'A';
    const base::Errc broken = take(bad);
    CHECK_MESSAGE((broken == base::Errc::signature_bad || broken == base::Errc::message_bad),
                  "head changed");
    bad = good;
    bad.records[0].jwe += "x";
    CHECK_MESSAGE(take(bad) == base::Errc::record_bad, "ciphertext changed");
    bad = good;
    bad.records[1].scopes.back() ^= 1U;
    CHECK_MESSAGE(take(bad) == base::Errc::record_bad, "scopes changed");
    bad = good;
    std::swap(bad.records[0], bad.records[1]);
    CHECK_MESSAGE(take(bad) == base::Errc::record_bad, "order changed");
    bad = good;
    bad.records[0].header[130] ^= 1U;
    CHECK_MESSAGE(take(bad) == base::Errc::record_bad, "header changed");
    bad = good;
    bad.records[1].header.pop_back();
    CHECK_MESSAGE(take(bad) == base::Errc::record_bad, "header cut");
    CHECK(world.log_size() == 0);
    CHECK(world.take(world.a, 1, 2).added == 2);
}

TEST_CASE("ingest: under a head of another key nothing is stored, whatever the batch would be") {
    constexpr backend::Statement count_rows{
        "SELECT (SELECT COUNT(*) FROM record), (SELECT COUNT(*) FROM part),"
        " (SELECT COUNT(*) FROM act), (SELECT COUNT(*) FROM quarantine),"
        " (SELECT COUNT(*) FROM chain_head)"};
    World world;
    world.a.append(grant(1));
    Terminal fork = world.a.clone();
    fork.append(withdrawal(9, TargetKind::subject, tag(100)));
    world.a.append(grant(2));
    CHECK(world.take(world.a, 1, 2).added == 2);
    for (std::uint8_t i = 3; i <= 60; ++i) world.a.append(grant(i));
    const auto before = world.store->run(count_rows, {})->at(0).values();
    Terminal forger = world.a.clone();
    for (Terminal* terminal : {&forger, &fork}) {
        terminal->key = crypto::generate_key(crypto::Curve::p256, world.random);
    }
    const auto refused = [&](const std::string& what, const std::string& body) {
        const auto outcome = backend::ingest_batch(*world.store, world.a.id, body);
        CHECK_MESSAGE(error_of(outcome) == base::Errc::signature_bad, what);
        CHECK_MESSAGE(world.store->run(count_rows, {})->at(0).values() == before, what);
    };
    refused("continues", forger.batch(3, 3));
    refused("continues, 50 records", forger.batch(3, 52));
    refused("repeats", forger.batch(1, 2));
    refused("gap", forger.batch(4, 4));
    refused("fork", fork.batch(2, 2));
    REQUIRE(backend::revoke(*world.store, {world.a.id, "lost", test::start_ms}));
    refused("out of service", forger.batch(3, 3));
}

TEST_CASE(
    "ingest: a grant and its withdrawal on two connections at once never leave the grant alive "
    "(I8)") {
    test::SeededRandom random{11};
    const auto database = test::new_database();
    auto first = database->open();
    auto second = database->open();
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    Terminal a{1, random};
    Terminal b{2, random};
    test::enrol(**first, a);
    test::enrol(**first, b);
    constexpr int rounds = 60;
    std::vector<std::string> grants;
    std::vector<std::string> withdrawals;
    for (std::uint8_t i = 1; i <= rounds; ++i) {
        auto draft = grant(static_cast<std::uint8_t>(100 + i));
        draft.scopes.tag_s = tag(i);
        const std::uint64_t seq = a.append(draft);
        grants.push_back(a.batch(seq, seq));
        auto act = withdrawal(i, TargetKind::subject, tag(i));
        act.scopes.tag_s = tag(i);
        const std::uint64_t act_seq = b.append(act);
        withdrawals.push_back(b.batch(act_seq, act_seq));
    }
    std::barrier gate(2);
    int failures[2] = {0, 0};
    const auto run = [&](backend::Store& store, const Terminal& terminal,
                         const std::vector<std::string>& bodies, int& failed) {
        for (const std::string& body : bodies) {
            gate.arrive_and_wait();
            if (!backend::ingest_batch(store, terminal.id, body)) ++failed;
        }
    };
    {
        std::jthread one([&] { run(**first, a, grants, failures[0]); });
        std::jthread two([&] { run(**second, b, withdrawals, failures[1]); });
    }
    CHECK(failures[0] == 0);
    CHECK(failures[1] == 0);
    const States states = test::states(**first);
    CHECK(states.size() == 2 * rounds);
    for (const auto& [part, state] : states) CHECK(state == 2);
}
