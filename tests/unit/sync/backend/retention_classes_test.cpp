// SPDX-License-Identifier: EUPL-1.2
// Every table of the backend is in a deletion class, and in those whose content goes nothing is
// left once every period has run out, on a clock that is moved by years (K5, K6, K7, LR-59).
#include "sync/backend/retention/classes.hpp"

#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/retention/retention.hpp"
#include "sync/backend/store/schema.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

using backend::Deletion;
using backend::Param;
using backend::Statement;
using test::anna;
using test::ServiceWorld;

namespace {

constexpr std::uint64_t a_day_ms = 24ULL * 3'600 * 1'000;

/// The names behind every CREATE TABLE of the migrations.
std::set<std::string> tables_of_schema() {
    std::set<std::string> out;
    for (const std::string_view sql : backend::schema_migrations) {
        constexpr std::string_view create = "CREATE TABLE ";
        for (auto at = sql.find(create); at != std::string_view::npos; at = sql.find(create, at)) {
            at += create.size();
            out.emplace(sql.substr(at, sql.find_first_of(" (", at) - at));
        }
    }
    return out;
}

struct World : ServiceWorld {
    World() {
        const auto id = story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
        story.take_back(anna, id);
        story.object(anna, "JBA-01", {"amt-a"}, {"amt-b"});
        REQUIRE(ask("terminal", base::to_text(terminal.id), http::Method::post,
                    terminal_path("advance"), terminal.advance({2}))
                    .status == 200);
        auto clone = terminal.clone();
        clone.append(test::grant(5));
        REQUIRE(send(1, story.count()).status == 200);
        terminal.append(test::grant(6));
        REQUIRE(send(story.count() + 1, story.count() + 1).status == 200);
        REQUIRE(ask("terminal", base::to_text(terminal.id), http::Method::post,
                    terminal_path("batches"), clone.batch(story.count() + 1, story.count() + 1))
                    .status == 409);
        terminal.append(test::withdrawal(9, model::TargetKind::subject, test::tag(1)));
        REQUIRE(send(story.count() + 2, story.count() + 2).status == 200);
        while (*projector.step() > 0) {
        }
        REQUIRE(post("amt-b", assign_path(id), R"({"file_number":"4711"})").status == 200);
        const std::string applied = "/v1/declarations/" + base::to_text(id) + "/applied";
        REQUIRE(post("amt-b", applied, R"({"state":"applied"})").status == 200);
        fill_by_hand();
        REQUIRE(backend::purge(*store, {}, clock.now_ms).has_value());
    }
    /// What other parts of the backend write, in the shape that they give it.
    void fill_by_hand() {
        const auto now = static_cast<std::int64_t>(clock.now_ms);
        const base::Bytes id(16, 7);
        const base::Bytes hash(32, 7);
        const model::Digest leaf = terminal.leaf(1);
        const base::Bytes nothing;
        static constexpr Statement change{
            "INSERT INTO change VALUES ($1, $2, 'received', $3, $4, $5, 0, $6, 'jti', 'token')"};
        static constexpr Statement counter{"INSERT INTO change_counter VALUES ('amt-z', 2)"};
        for (const std::int64_t n : {1, 2})
            run(change, {"amt-z", n, n == 1 ? base::ByteView(leaf) : base::ByteView(hash),
                         n == 1 ? base::ByteView(nothing) : base::ByteView(leaf), id, now});
        run(counter, {});
        static constexpr Statement mail{
            "INSERT INTO fit_submission VALUES ('amt-z', $1, 2, $2, $2, 'metadata', 'data', 1, 1,"
            " $3, 1, 0)"};
        for (const std::int64_t n : {1, 2}) run(mail, {n, id, now});
        static constexpr Statement place{"INSERT INTO objection_place VALUES ($1, $2, $3, 2, 1)"};
        run(place, {hash, leaf, id});
        static constexpr Statement access{
            "INSERT INTO access_report VALUES ('amt-b', $1, $2, $2, NULL, 'JBA-03', '', 'C07',"
            " 'purpose', 'system', $3, $3, 0, 0)"};
        run(access, {id, hash, now});
        static constexpr Statement request{
            "INSERT INTO release_request VALUES ('amt-b', $1, $2, '4711', 'JBA-03', $3, $4)"};
        const std::string until = backend::german_day(clock.now_ms + 30 * a_day_ms);
        run(request, {id, hash, until, now});
        static constexpr Statement account{
            "INSERT INTO portal_account VALUES ('portal', $1, $1, 'sealed', $2)"};
        run(account, {hash, now});
        static constexpr Statement code{"INSERT INTO portal_code VALUES ($1, 'sealed', $2)"};
        run(code, {hash, now});
        static constexpr Statement slip{"INSERT INTO invitation_slip VALUES ('amt-b', $1, $2, $3)"};
        run(slip, {id, hash, now});
        static constexpr Statement file{
            "INSERT INTO assignment VALUES ('amt-c', $1, 'of nobody', $2)"};
        run(file, {hash, now});
        static constexpr Statement invitation{
            "INSERT INTO invitation VALUES ($1, $2, 'Musterstadt', $3, 0)"};
        run(invitation, {hash, id, now});
        static constexpr Statement message{
            "INSERT INTO terminal_event (terminal, n, set_text) VALUES ($1, $2, 'set')"};
        for (const std::int64_t n : {1, 2}) run(message, {id, n});
    }
    void run(const Statement& statement, backend::Params params) {
        REQUIRE_MESSAGE(store->run(statement, params).has_value(), statement.sql);
    }
    std::uint64_t count(const std::string& from) {
        // A statement's address is its name to a store, also to the next one: each is kept for
        // good.
        static std::map<std::string, std::pair<std::string, Statement>> questions;
        const auto [kept, added] = questions.try_emplace(from);
        if (added) {
            kept->second.first = "SELECT COUNT(*) FROM " + from;
            kept->second.second.sql = kept->second.first.c_str();
        }
        const auto rows = store->run(kept->second.second, {});
        REQUIRE(rows.has_value());
        return rows->at(0).count(0);
    }
    std::uint64_t purge_all() {
        std::uint64_t gone = 0;
        for (bool more = true; more;) {
            const auto done = backend::purge(*store, {}, clock.now_ms);
            REQUIRE(done.has_value());
            const auto& own = done->expired;
            gone += own.accesses + own.requests + own.links + own.messages;
            more = done->more;
        }
        return gone;
    }
    void days(std::uint64_t number) { clock.now_ms += number * a_day_ms; }
};

/// Where something is left by design, what of it must not be.
const std::map<std::string, std::string>& rest_of() {
    static const std::map<std::string, std::string> rest{
        {"record", "record WHERE jwe <> ''"},
        {"advance", "advance WHERE jwe <> ''"},
        {"quarantine", "quarantine WHERE jwe <> ''"},
        {"portal_code", "portal_code WHERE sealed <> ''"},
        // One row for each authority and terminal, so that numbers go on.
        {"fit_submission", "fit_submission WHERE data <> '' OR metadata <> '' OR n < 2"},
        {"terminal_event",
         "terminal_event e WHERE EXISTS (SELECT 1 FROM terminal_event l WHERE l.terminal = "
         "e.terminal AND l.n > e.n)"},
    };
    return rest;
}

}  // namespace

TEST_CASE("deletion classes: every table is in one, once, and none is of a table that is gone") {
    std::set<std::string> named;
    for (const backend::TableClass& each : backend::table_classes())
        CHECK_MESSAGE(named.emplace(each.table).second, std::string(each.table));
    CHECK(named == tables_of_schema());
}

TEST_CASE("deletion classes: when every period has run out, nothing is left in any of them") {
    World world;
    for (int round = 0; round < 2; ++round) {
        for (const backend::TableClass& each : backend::table_classes()) {
            const bool goes =
                each.deletion == Deletion::with_record || each.deletion == Deletion::own_period;
            if (!goes) continue;
            const std::string table(each.table);
            CAPTURE(table);
            const auto rest = rest_of().find(table);
            const std::string from = rest == rest_of().end() ? table : rest->second;
            // A table that the test does not fill would prove nothing.
            if (round == 0) CHECK(world.count(from) > 0);
            if (round == 1) CHECK(world.count(from) == 0);
        }
        world.days(6 * 366);
        world.purge_all();
    }
}

TEST_CASE("deletion classes: each row with a period of its own goes on its day, and not before") {
    struct Row {
        const char* from;
        std::uint64_t days;  ///< still there on this day, gone on the next
    };
    for (const Row& row :
         {Row{"access_report", 2 * 366}, Row{"release_request", 30}, Row{"portal_account", 5 * 366},
          Row{"invitation_slip", 5 * 366}, Row{"terminal_event WHERE n = 1", 183},
          Row{"invitation", 183}, Row{"portal_code WHERE sealed <> ''", 0},
          Row{"assignment WHERE authority = 'amt-c'", 5 * 366}}) {
        CAPTURE(std::string(row.from));
        World world;
        world.days(row.days);
        world.purge_all();
        CHECK(world.count(row.from) > 0);
        world.days(1);
        CHECK(world.purge_all() > 0);
        CHECK(world.count(row.from) == 0);
        CHECK(world.purge_all() == 0);
    }
}
