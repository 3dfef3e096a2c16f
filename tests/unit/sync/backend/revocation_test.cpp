// SPDX-License-Identifier: EUPL-1.2
// A terminal is taken out of service: what it had handed in stays, what it sends from then on is
// refused with a reason, and yet no withdrawal is lost.
#include "sync/backend/ingest/revocation.hpp"

#include "sync/backend/ingest/terminals.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using backend::Revocation;
using http::Method;

namespace {

struct RevokedWorld : test::ServiceWorld {
    void revoke() {
        REQUIRE(backend::revoke(*store, {terminal.id, "stolen from the hall", clock.now_ms}));
    }
    http::Response advance(const std::vector<std::uint64_t>& seqs) {
        return ask("terminal", base::to_text(terminal.id), Method::post, terminal_path("advance"),
                   terminal.advance(seqs));
    }
    http::Response fetch(const std::string& path) {
        return ask("terminal", base::to_text(terminal.id), Method::get, path);
    }
    std::int64_t count(const backend::Statement& statement) {
        const auto rows = store->run(statement, {});
        REQUIRE(rows.has_value());
        return rows->at(0).number(0);
    }
};

constexpr backend::Statement count_quarantined{"SELECT COUNT(*) FROM quarantine"};
constexpr backend::Statement count_parts{"SELECT COUNT(*) FROM part"};
constexpr backend::Statement count_logged{"SELECT COUNT(*) FROM log_entry"};
constexpr backend::Statement count_reasons{
    "SELECT COUNT(*) FROM terminal WHERE revoked_reason = 'stolen from the hall'"};

bool is_revoked_answer(const http::Response& response) {
    return test::is_problem(response, 403) &&
           response.body.find("urn:freigabe:problem:terminal-revoked") != std::string::npos;
}

}  // namespace

TEST_CASE("revocation: grants of a revoked terminal count for nothing, its withdrawals count") {
    RevokedWorld world;
    world.terminal.append(test::grant(1));
    world.terminal.append(test::grant(2));
    REQUIRE(world.send(1, 2).status == 200);
    world.revoke();
    world.terminal.append(test::grant(3));
    world.terminal.append(test::withdrawal(4, model::TargetKind::declaration,
                                           model::declaration_value(test::uuid(1))));
    CHECK(is_revoked_answer(world.send(2, 4)));
    CHECK(test::states(*world.store) ==
          test::States{{{1, 0}, 2}, {{1, 1}, 2}, {{2, 0}, 0}, {{2, 1}, 0}});
    CHECK(world.count(count_quarantined) == 2);
    CHECK(world.count(count_parts) == 4);
    CHECK(world.count(count_logged) == 4);  // their place in the log, as for a fork
    CHECK(is_revoked_answer(world.send(2, 4)));
    CHECK(world.count(count_quarantined) == 2);
}

TEST_CASE("revocation: an advance copy counts and gets no receipt") {
    RevokedWorld world;
    world.terminal.append(test::grant(1));
    REQUIRE(world.send(1, 1).status == 200);
    world.revoke();
    world.terminal.append(test::withdrawal(4, model::TargetKind::declaration,
                                           model::declaration_value(test::uuid(1))));
    const auto answer = world.advance({2});
    CHECK(is_revoked_answer(answer));
    CHECK(answer.body.find("receipts") == std::string::npos);
    CHECK(test::states(*world.store) == test::States{{{1, 0}, 2}, {{1, 1}, 2}});
    CHECK(world.count(count_logged) == 2);
}

TEST_CASE("revocation: everything else is closed, and no invitation opens it again") {
    RevokedWorld world;
    const auto open = backend::invite(
        *world.store, {world.terminal.id, "Musterstadt", UINT32_MAX * 1'000ULL}, world.random);
    REQUIRE(open.has_value());
    CHECK(world.fetch("/v1/log/checkpoint").status == 200);
    world.revoke();
    for (const char* path :
         {"/v1/log/checkpoint", "/v1/log/growth?from=0", "/v1/log/tile/0/000.p/1"})
        CHECK(is_revoked_answer(world.fetch(path)));
    CHECK(is_revoked_answer(world.fetch(world.terminal_path("events"))));
    CHECK_FALSE(backend::invite(*world.store, {world.terminal.id, "Musterstadt", 1}, world.random)
                    .has_value());
    CHECK_FALSE(backend::enrol(*world.store, world.terminal.enrolment(*open, "Musterstadt"),
                               world.terminal.id, 1)
                    .has_value());
    CHECK(world.get("amt-a", "/v1/inbox").status == 200);
}

TEST_CASE("revocation: the first one stays, and it needs an enrolled terminal and a reason") {
    RevokedWorld world;
    CHECK_FALSE(backend::revoke(*world.store, {test::uuid(77), "x", 1}).has_value());
    CHECK_FALSE(backend::revoke(*world.store, {world.terminal.id, "", 1}).has_value());
    CHECK_FALSE(*backend::is_revoked(*world.store, world.terminal.id));
    world.revoke();
    REQUIRE(backend::revoke(*world.store, {world.terminal.id, "again", 9}).has_value());
    CHECK(*backend::is_revoked(*world.store, world.terminal.id));
    CHECK(world.count(count_reasons) == 1);
}
