// SPDX-License-Identifier: EUPL-1.2
// What syncd fetches besides records: proofs for the kiosk's receipts, and how its chains stand at
// the backend, at the start and whenever the two do not agree.
#include "tests/unit/sync/syncd/world.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include <atomic>

#include "drivers/base/encoding.hpp"

TEST_CASE("syncd: every place that the kiosk asks for gets its proof") {
    test::World world;
    for (std::uint64_t place = 1; place < 50; ++place) world.kiosk.places.insert(place * 2);
    world.start_all();
    CHECK(world.turn_until([&] { return world.kiosk.all_proven(); }));
}

TEST_CASE("syncd: proofs that the backend does not give, or the kiosk refuses, hold nothing up") {
    bool empty = false;
    SUBCASE("none") {
        empty = true;
    }
    SUBCASE("refused") {}
    std::atomic<int> asked{0};
    test::World world([&](const http::Request& request) -> std::optional<http::Response> {
        if (request.path != "/v1/log/inclusion") return std::nullopt;
        ++asked;
        const std::string leaf = base::to_base64url(base::Bytes(32, 1));
        return http::make_response(200, "application/json",
                                   empty ? R"({"size":100,"inclusions":[]})"
                                         : R"({"size":100,"inclusions":[{"index":8,"leaf":")" +
                                               leaf + R"(","proof":[]}]})");
    });
    world.kiosk.places = {8};
    world.kiosk.batches = {"B1"};
    world.start_all();
    REQUIRE(world.turn_until([&] { return asked > 0 && world.kiosk.all_acknowledged(); }));
    CHECK(world.kiosk.link_up());
    CHECK_FALSE(world.kiosk.all_proven());
    CHECK(asked == 1);  // not again before the next minute
}

TEST_CASE("syncd: the kiosk hears at the start how its chains stand") {
    test::World world;
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.chains_told() > 0; }));
    CHECK(world.kiosk.chains() == "1:4:a.b.c 3:1: ");
    for (int i = 0; i < 5; ++i) REQUIRE(world.loop->turn());
    CHECK(world.kiosk.chains_told() == 1);
}

TEST_CASE("syncd: after a gap or a fork the kiosk hears how its chains stand, and goes on") {
    std::string word = "gap";
    SUBCASE("gap") {}
    SUBCASE("fork") {
        word = "fork";
    }
    std::atomic<bool> refuse{true};
    test::World world([&](const http::Request& request) -> std::optional<http::Response> {
        if (test::is_post(request) && refuse) return http::make_problem(409, word, "No");
        return std::nullopt;
    });
    world.kiosk.batches = {"B1"};
    world.start_all();
    REQUIRE(world.turn_until([&] { return world.kiosk.chains_told() > 0; }));
    refuse = false;
    CHECK(world.turn_until([&] { return world.kiosk.all_acknowledged(); }));
}

TEST_CASE(
    "syncd: a backend that refuses every record is asked for events and its log all the same") {
    test::World world([](const http::Request& request) -> std::optional<http::Response> {
        if (test::is_post(request)) return http::make_problem(409, "fork", "No");
        return std::nullopt;
    });
    world.kiosk.batches = {"B1"};
    world.backend.set_events({"e.1"});
    world.start_all();
    CHECK(world.turn_until(
        [&] { return world.kiosk.cursor() == 1 && !world.kiosk.checkpoints().empty(); }));
    CHECK_FALSE(world.kiosk.all_acknowledged());
}

TEST_CASE("syncd: a log that the kiosk does not follow may be out of a backup: chains are told") {
    test::World world([](const http::Request& request) -> std::optional<http::Response> {
        if (request.path != "/v1/log/growth") return std::nullopt;
        return http::make_response(200, "application/json",
                                   R"({"checkpoint":"bad note\n","proof":[]})");
    });
    world.start_all();
    CHECK(world.turn_until([&] { return world.kiosk.chains_told() >= 2; }));
}

TEST_CASE("syncd: a backend that does not know the question about chains is served all the same") {
    test::World world([](const http::Request& request) -> std::optional<http::Response> {
        if (!request.path.ends_with("/chains")) return std::nullopt;
        return http::make_problem(404, "none", "No such thing");
    });
    world.kiosk.batches = {"B1"};
    world.start_all();
    CHECK(world.turn_until([&] { return !world.kiosk.checkpoints().empty(); }));
    CHECK(world.kiosk.all_acknowledged());
}
