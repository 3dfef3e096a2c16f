// SPDX-License-Identifier: EUPL-1.2
// Deletion classes K6 and K7 at the backend, on a clock that is moved by years: what has run out
// goes with everything that was made of it, what has not stays, and the log proves as before.
#include "sync/backend/retention/retention.hpp"

#include "tests/unit/sync/backend/service_world.hpp"

#include <doctest/doctest.h>

#include "sync/backend/log/nodes.hpp"
#include "sync/backend/log/sequencer.hpp"

using model::TargetKind;
using test::anna;
using test::ServiceWorld;

namespace {

constexpr std::uint64_t day_ms = 24ULL * 3'600 * 1'000;
constexpr backend::Statement whole{"SELECT seq FROM record WHERE jwe <> '' ORDER BY seq"};
constexpr backend::Statement traces{
    "SELECT (SELECT COUNT(*) FROM part) + (SELECT COUNT(*) FROM act) + (SELECT COUNT(*) FROM "
    "effect) + (SELECT COUNT(*) FROM view_item) + (SELECT COUNT(*) FROM view_part) + (SELECT "
    "COUNT(*) FROM status) + (SELECT COUNT(*) FROM assignment) + (SELECT COUNT(*) FROM scope_state)"
    " + (SELECT COUNT(*) FROM retention_mark)"};

struct World : ServiceWorld {
    /// All steps of one evening.
    backend::Purged purge(const backend::RetentionRules& rules = {}) {
        backend::Purged total;
        for (int i = 0; i < 20; ++i) {
            const auto done = backend::purge(*store, rules, clock.now_ms);
            REQUIRE(done.has_value());
            total.marked += done->marked;
            total.evidence += done->evidence;
            total.objections += done->objections;
            if (!done->more) return total;
        }
        FAIL("a purge never ended");
        return total;
    }
    void send_all() {
        REQUIRE(send(1, story.count()).status == 200);
        while (*projector.step() > 0) {
        }
    }
    void days(std::uint64_t count) { clock.now_ms += count * day_ms; }
    std::vector<std::uint64_t> seqs() {
        std::vector<std::uint64_t> out;
        const auto rows = store->run(whole, {});
        for (const auto& row : *rows) out.push_back(row.count(0));
        return out;
    }
    std::uint64_t count_traces() { return store->run(traces, {})->at(0).count(0); }
};

using Seqs = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("retention: evidence goes a limitation period after the consent has ended (K6)") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);  // 1: expires
    const auto other = world.story.give(anna, "JBA-01", {"amt-a"}, {"amt-b"}, 36'000);  // 2
    world.story.give(anna, "JBA-02", {"amt-a"}, {"amt-b"}, 36'000);  // 3: stays alive
    world.send_all();
    REQUIRE(world.post("amt-b", world.assign_path(id), R"({"file_number":"4711"})").status == 200);
    world.purge();
    world.days(400);
    world.story.take_back(anna, other);  // 4: ends the second
    world.send_all();
    CHECK(world.purge().evidence == 0);
    const backend::RetentionRules rules{1'098, 181};
    world.days(1'097);
    CHECK(world.purge(rules).evidence == 0);
    CHECK(world.seqs() == Seqs{1, 2, 3, 4});
    world.days(1);
    CHECK(world.purge(rules).evidence == 3);
    CHECK(world.seqs() == Seqs{3});
    CHECK(world.purge(rules).evidence == 0);
    // The one that is alive can be used as before, and the file of the person stays with it.
    const auto left = world.items("amt-b");
    REQUIRE(left.size() == 1);
    CHECK(left[0]["state"] == "usable");
}

TEST_CASE("retention: an objection goes after six months at the latest (K7)") {
    World world;
    world.story.object(anna, "JBA-03", {"amt-a"}, {"amt-b"});
    world.send_all();
    world.purge();
    world.days(180);
    CHECK(world.purge().objections == 0);
    world.days(1);
    CHECK(world.purge().objections == 1);
    CHECK(world.seqs().empty());
    CHECK(world.count_traces() == 0);
    // Longer than the law allows cannot be configured, and no evidence is deleted too early.
    for (const auto& rules :
         {backend::RetentionRules{1'200, 182}, backend::RetentionRules{1'200, 0},
          backend::RetentionRules{1'097, 181}})
        CHECK(backend::purge(*world.store, rules, world.clock.now_ms).error().code ==
              base::Errc::config_bad);
}

TEST_CASE("retention: nothing that was made of a deleted record stays, but its place in the log") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b", "amt-c"}, 30);
    world.story.take_back(anna, id);
    world.send_all();
    REQUIRE(world.post("amt-b", world.assign_path(id), R"({"file_number":"4711"})").status == 200);
    const auto head = backend::read_log_head(*world.store);
    const auto entries = backend::entry_headers(*world.store, 0, 2);
    world.purge();
    world.days(6 * 366);
    CHECK(world.purge().evidence == 2);
    CHECK(world.count_traces() == 0);
    CHECK(world.items("amt-b").empty());
    CHECK(backend::read_log_head(*world.store)->root == head->root);
    CHECK(*backend::entry_headers(*world.store, 0, 2) == *entries);
    backend::StoredNodes nodes(*world.store);
    const auto proof = receipts::prove_inclusion(nodes, 1, 2);
    CHECK(receipts::verify_inclusion({world.terminal.leaf(2), 1, 2, head->root}, *proof));
    // The same batch once more is still known, and a new record follows.
    CHECK(world.send(1, 2).status == 200);
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    CHECK(world.send(3, 3).status == 200);
}

TEST_CASE("retention: a copy, a fork and what never took effect go, too") {
    World world;
    auto clone = world.terminal.clone();
    world.terminal.append(test::grant(1));
    world.terminal.append(test::withdrawal(9, TargetKind::subject, test::tag(1)));
    const std::string id = base::to_text(world.terminal.id);
    REQUIRE(world
                .ask("terminal", id, http::Method::post, world.terminal_path("advance"),
                     world.terminal.advance({2}))
                .status == 200);
    REQUIRE(world.send(1, 1).status == 200);
    clone.append(test::grant(5));
    REQUIRE(world
                .ask("terminal", id, http::Method::post, world.terminal_path("batches"),
                     clone.batch(1, 1))
                .status == 409);
    world.purge();
    world.days(6 * 366);
    CHECK(world.purge().evidence == 3);
    static constexpr backend::Statement left{
        "SELECT (SELECT COUNT(*) FROM record WHERE jwe <> '') + (SELECT COUNT(*) FROM advance WHERE"
        " jwe <> '') + (SELECT COUNT(*) FROM quarantine WHERE jwe <> '')"};
    CHECK(world.store->run(left, {})->at(0).count(0) == 0);
    CHECK(world.count_traces() == 0);
}

TEST_CASE("retention: many records go in bounded steps, and a step may be repeated") {
    World world;
    for (int i = 0; i < 450; ++i) world.terminal.append(test::grant(1));
    for (std::uint64_t from = 1; from <= 450; from += 50)
        REQUIRE(world.send(from, from + 49).status == 200);
    world.terminal.append(test::withdrawal(9, TargetKind::subject, test::tag(1)));
    REQUIRE(world.send(451, 451).status == 200);
    CHECK(world.purge().marked == 451);
    world.days(6 * 366);
    auto step = backend::purge(*world.store, {}, world.clock.now_ms);
    CHECK(step->evidence == 200);
    CHECK(step->more);
    CHECK(world.purge().evidence == 251);
    CHECK(world.seqs().empty());
}
