// SPDX-License-Identifier: EUPL-1.2
// syncd between a kiosk and a backend, over real sockets: the order of things, every kind of
// failure, and that what was unsent is acknowledged in the end, exactly as the kiosk made it. Parts
// of I4, I7 and I11 of sync.md.
#include "sync/syncd/loop.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "tests/unit/sync/syncd/fault_proxy.hpp"
#include "tests/unit/sync/syncd/world.hpp"

namespace {

using base::Errc;
using Diary = std::vector<std::string>;

http::Response receipts(const std::string& list) {
    return http::make_response(200, "application/json",
                               "{\"receipts\":[" + list + "],\"next_seq\":1,\"epoch\":1}");
}

}  // namespace

TEST_CASE("syncd: withdrawals go before batches, and everything is acknowledged once") {
    test::World world;
    world.kiosk.batches = {"B1", "B2", "B3"};
    world.kiosk.advances = {"A1"};
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
    CHECK(world.backend.diary() == Diary{"A1", "B1", "B2", "B3"});
    CHECK(world.kiosk.diary() == Diary{"got.A1", "got.B1", "got.B2", "got.B3"});
    CHECK(world.kiosk.link_up());
    CHECK(world.spool->receipts().empty());
    CHECK(world.spool->body(syncd::Lane::batch).value().empty());
}

TEST_CASE("syncd: a withdrawal that comes while batches flow overtakes the queue") {
    test::World* self = nullptr;
    test::World world([&](const http::Request& request) -> std::optional<http::Response> {
        if (request.body == "B1") self->kiosk.offer_advance("A1");
        return std::nullopt;
    });
    self = &world;
    world.kiosk.batches = {"B1", "B2", "B3"};
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
    CHECK(world.backend.diary() == Diary{"B1", "A1", "B2", "B3"});
}

TEST_CASE(
    "syncd: without a backend nothing is lost, the link is down, and it comes back by itself") {
    test::World world;
    world.kiosk.batches = {"B1"};
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
    REQUIRE(world.turn_until([&] { return world.kiosk.link_up(); }));
    world.stop_backend();
    world.client->disconnect();
    world.kiosk.offer_advance("A1");
    REQUIRE(world.turn_until([&] { return !world.kiosk.link_up(); }));
    CHECK_FALSE(world.kiosk.all_acknowledged());
    world.start_backend();
    REQUIRE(
        world.turn_until([&] { return world.kiosk.all_acknowledged() && world.kiosk.link_up(); }));
    CHECK(world.backend.diary() == Diary{"B1", "A1"});
}

TEST_CASE("syncd: a body that was under way survives both syncd and kiosk") {
    std::atomic<bool> refuse{true};
    test::World world([&](const http::Request& request) -> std::optional<http::Response> {
        if (refuse && test::is_post(request)) return http::make_problem(500, "internal", "No");
        return std::nullopt;
    });
    world.kiosk.batches = {"B1"};
    world.start_all();
    for (int i = 0; i < 3; ++i) REQUIRE(world.loop->turn());
    CHECK(world.backend.diary().empty());
    world.stop_kiosk();
    refuse = false;
    world.start_syncd();  // a new process; only the spool is old
    REQUIRE(world.turn_until([&] { return !world.backend.diary().empty(); }));
    CHECK(world.backend.diary() == Diary{"B1"});
    CHECK(world.spool->receipts().size() == 1);  // waits for the kiosk

    world.start_syncd();  // and once more: the receipt survives, too
    world.stop_backend();
    world.start_kiosk();
    REQUIRE(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
    CHECK(world.kiosk.diary() == Diary{"got.B1"});
    CHECK(world.spool->receipts().empty());
}

TEST_CASE("syncd: an advance copy that the backend does not want holds nothing up") {
    test::World world([](const http::Request& request) -> std::optional<http::Response> {
        if (request.body == "A1") return http::make_problem(400, "record", "Bad record");
        return std::nullopt;
    });
    world.kiosk.advances = {"A1"};
    world.kiosk.batches = {"B1", "B2"};
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.diary().size() == 2; }));
    CHECK(world.kiosk.diary() == Diary{"got.B1", "got.B2"});
}

TEST_CASE("syncd: accepted without a receipt is tried again, with a pause") {
    std::atomic<int> posts{0};
    test::World world([&](const http::Request& request) -> std::optional<http::Response> {
        if (test::is_post(request) && ++posts < 4) return receipts("");
        return std::nullopt;
    });
    world.kiosk.batches = {"B1"};
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
    CHECK(posts == 4);
}

TEST_CASE("syncd: whatever a wrong backend answers, it is tried again and nothing else breaks") {
    struct Row {
        const char* what;
        http::Response answer;
    };
    const Row rows[] = {
        {"no JSON", http::make_response(200, "text/html", "<html>")},
        {"no object", http::make_response(200, "application/json", "[]")},
        {"no receipts", http::make_response(200, "application/json", "{}")},
        {"a number as receipt", receipts("1")},
        {"an empty receipt", receipts("\"\"")},
        {"a receipt that breaks the frame", receipts("\"a\\nb\"")},
        {"a receipt that the kiosk refuses", receipts("\"forged\"")},
        {"too large a receipt",
         receipts("\"" + std::string(limits::set_bytes_max + 1, 'a') + "\"")},
        {"redirect", http::Response{303, {{"location", "https://elsewhere.test/"}}, {}}},
        {"gap", http::make_problem(409, "gap", "Gap")},
        {"fork", http::make_problem(409, "fork", "Fork")},
        {"too large", http::make_problem(413, "large", "Large")},
        {"not enrolled", http::make_problem(403, "role", "Role")},
        {"busy", http::make_problem(503, "busy", "Busy")},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        std::atomic<int> wrong{2};
        test::World world([&](const http::Request& request) -> std::optional<http::Response> {
            if (test::is_post(request) && wrong-- > 0) return row.answer;
            return std::nullopt;
        });
        world.kiosk.batches = {"B1"};
        world.start_all();
        CHECK(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
        CHECK(world.kiosk.diary() == Diary{"got.B1"});
        CHECK(world.spool->receipts().empty());
    }
}

TEST_CASE("syncd: Retry-After keeps us away for as long as asked") {
    test::World world([](const http::Request& request) -> std::optional<http::Response> {
        if (!test::is_post(request)) return std::nullopt;
        http::Response busy = http::make_problem(503, "busy", "Busy");
        busy.headers.push_back({"retry-after", "120"});
        return busy;
    });
    world.kiosk.batches = {"B1"};
    world.start_all();
    REQUIRE(world.loop->turn());
    CHECK(world.transport->retry_after_ms() == 120'000);
    for (int i = 0; i < 20; ++i) CHECK(world.loop->turn().value() <= 1);  // local turns go on
    // No further answer has come since: the header of the first is still the last.
    CHECK(world.transport->retry_after_ms() == 120'000);
}

TEST_CASE("syncd: events are fetched once each, page by page") {
    test::World world;
    world.backend.set_events({"e.1", "e.2", "e.3"});
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.cursor() == 3; }));
    CHECK(world.kiosk.diary() == Diary{"e.1", "e.2", "e.3"});
}

TEST_CASE("syncd: an event that the kiosk does not believe does not block the next (I7)") {
    test::World world;
    world.backend.set_events({"e.1", "bad.2", "e.3", "bad.4", "bad.5"});
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.cursor() == 3; }));
    CHECK(world.kiosk.diary() == Diary{"e.1", "e.3"});
}

TEST_CASE("syncd: an event list that does not rise or breaks its schema is refused") {
    for (const char* body : {R"({"events":[{"n":1,"set":"a"},{"n":1,"set":"b"}],"next":1})",
                             R"({"events":[{"n":0,"set":"a"}],"next":0})",
                             R"({"events":[{"n":2,"set":"a"}],"next":1})", R"({"events":[]})",
                             R"({"events":{},"next":0})", R"({"events":[{"set":"a"}],"next":1})"}) {
        CAPTURE(body);
        test::World world([&](const http::Request& request) -> std::optional<http::Response> {
            if (test::is_post(request)) return std::nullopt;
            return http::make_response(200, "application/json", body);
        });
        world.start_all();
        CHECK_FALSE(world.transport->fetch_events(0));
        world.kiosk.offer_advance("A1");  // records flow all the same
        CHECK(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
        CHECK(world.kiosk.cursor() == 0);
    }
}

TEST_CASE("syncd: a record that the kiosk tells of is sent at once, long before the next round") {
    test::World world;
    world.start_kiosk();
    world.start_backend();
    constexpr std::uint64_t an_hour_ms = 3'600'000;
    world.start_syncd(0, {1, 2, an_hour_ms});
    std::array<int, 2> stop{};
    REQUIRE(::pipe(stop.data()) == 0);
    std::thread syncd([&] { world.loop->run(stop[0]); });
    const auto wait_for = [](const auto& done) {
        for (int i = 0; i < 3'000 && !done(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        return done();
    };
    CHECK(wait_for([&] { return world.kiosk.link_up(); }));
    world.kiosk.offer_advance("A1");
    world.tell_news();
    CHECK(wait_for([&] { return world.kiosk.all_acknowledged(); }));
    REQUIRE(::write(stop[1], "x", 1) == 1);
    syncd.join();
    ::close(stop[0]);
    ::close(stop[1]);
}

TEST_CASE("syncd: an enrolment is sent to its place") {
    test::World world([](const http::Request& request) -> std::optional<http::Response> {
        if (request.path != "/v1/enrolments") return std::nullopt;
        const bool right =
            request.header("content-type") == "application/jose" && request.body == "a.b.c";
        return http::make_response(right ? 201 : 400, "application/json", "{}");
    });
    world.start_all();
    CHECK(world.transport->enrol("a.b.c"));
    const auto refused = world.transport->enrol("x");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::http_status);
    CHECK(refused.error().detail == 400);
}

TEST_CASE("syncd: the time floor follows the backend's date, and not a mad one") {
    test::World world([](const http::Request& request) -> std::optional<http::Response> {
        if (!test::is_post(request)) return std::nullopt;
        auto answer = receipts("\"got." + request.body + "\"");
        if (request.body == "B2")
            answer.headers.push_back({"date", "Fri, 31 Dec 2100 23:59:59 GMT"});
        return answer;
    });
    world.kiosk.batches = {"B1", "B2"};
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
    CHECK(world.spool->time_floor_ms() <= test::today_ms);
    REQUIRE(world.turn_until([&] { return world.spool->time_floor_ms() == test::today_ms; }, 5));
}

TEST_CASE("syncd: a line cut at any byte loses nothing, doubles nothing at the kiosk") {
    const std::uint32_t seed_first = 1;
    MESSAGE("proxy seeds from " << seed_first);
    for (std::uint32_t seed = seed_first; seed < seed_first + 12; ++seed) {
        CAPTURE(seed);
        test::World world;
        for (int i = 1; i <= 4; ++i)
            world.kiosk.batches.push_back("B" + std::to_string(i) + std::string(3'000, 'x'));
        world.kiosk.advances = {"A1"};
        world.start_kiosk();
        world.start_backend();
        const test::FaultProxy proxy({world.port, seed, 8, seed % 2 == 0 ? 1'500U : 9'000U});
        world.start_syncd(proxy.port());
        REQUIRE(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
        CHECK(proxy.cuts() > 0);
        // Sent may be twice; handed in is once, and in order.
        CHECK(world.kiosk.diary().size() == 5);
        auto seen = world.backend.diary();
        seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
        CHECK(seen.size() == 5);
    }
}

TEST_CASE("syncd: how the log has grown is carried from where the kiosk stands") {
    test::World world;
    world.start_all();
    REQUIRE(world.turn_until([&] { return !world.kiosk.checkpoints().empty(); }));
    CHECK(world.kiosk.checkpoints().front() == "log after 0\n|32");
}

TEST_CASE("syncd: a log that the kiosk cannot follow holds no record up") {
    test::World world([](const http::Request& request) -> std::optional<http::Response> {
        if (request.path != "/v1/log/growth") return std::nullopt;
        return http::make_response(200, "application/json", R"({"checkpoint":"bad","proof":[]})");
    });
    world.kiosk.batches = {"B1", "B2"};
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
    CHECK(world.kiosk.checkpoints().empty());
    CHECK(world.kiosk.link_up());
}
