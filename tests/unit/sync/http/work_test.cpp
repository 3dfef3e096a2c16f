// SPDX-License-Identifier: EUPL-1.2
// Answers that are long work: everybody else is served between their steps, and certificates take
// turns.
#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include <sys/socket.h>

#include <vector>

#include "drivers/base/limits.hpp"
#include "sync/http/work_order.hpp"
#include "tests/unit/sync/http/test_pki.hpp"
#include "tests/unit/sync/http/test_server.hpp"

using http::AtWork;

namespace {

constexpr int steps = 3;

/// Takes `steps` steps for everything but /now, and writes down who is answered when.
struct Busy final : http::Handler {
    http::Response handle(const http::Request& request) override {
        return http::answer_now(answer(request));
    }
    http::Answer answer(const http::Request& request) override {
        if (request.path == "/now") return done(request.path);
        return http::Work{
            [this, path = request.path, left = steps]() mutable -> std::optional<http::Response> {
                ++stepped;
                if (--left > 0) return std::nullopt;
                return done(path);
            }};
    }
    http::Response done(const std::string& path) {
        answered.push_back(path);
        return http::make_response(200, "text/plain", path);
    }
    int stepped = 0;
    std::vector<std::string> answered;
};

struct World {
    World() {
        http::ServerOptions options;
        options.plain_address = http::ListenAddress{};
        auto listening = http::Server::listen(options, {*context, busy, &busy, clock});
        REQUIRE(listening);
        server = std::move(*listening);
    }
    /// Until this many steps of work have been done.
    void turn_until(int count) {
        for (int i = 0; i < 100 && busy.stepped < count; ++i) server->turn(10);
        REQUIRE(busy.stepped == count);
    }
    std::unique_ptr<test::RawClient> ask(const std::string& path) {
        auto client = std::make_unique<test::RawClient>(server->plain_port());
        client->send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        return client;
    }

    test::Authority authority{"Test CA"};
    test::ManualClock clock{test::today_ms};
    crypto::SystemRandom random;
    Busy busy;
    std::unique_ptr<http::TlsContext> context =
        test::make_context(http::TlsSide::server, authority.certificate(),
                           authority.issue(test::server_leaf()), random);
    std::unique_ptr<http::Server> server;
};

}  // namespace

TEST_CASE("work: a short request is answered between two steps, however much work stands before") {
    World world;
    std::vector<std::unique_ptr<test::RawClient>> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(world.ask("/long"));
    world.turn_until(1);
    CHECK(world.busy.answered.empty());
    const auto now = world.ask("/now");
    // At most one answer of the eight can be done in the turns that a new connection needs: one to
    // be taken, and here one more to be read.
    for (int i = 0; i < 2; ++i) world.server->turn(10);
    REQUIRE_FALSE(world.busy.answered.empty());
    CHECK(world.busy.answered.front() == "/now");
    CHECK_MESSAGE(world.busy.stepped == 3, "each turn does one step, of all the work together");
    CHECK(now->read_until("/now").ends_with("/now"));
    world.turn_until(8 * steps);
    for (int i = 0; i < 4; ++i) world.server->turn(1);  // the last one is written
    for (const auto& client : clients) CHECK(client->read_until("/long").ends_with("/long"));
}

TEST_CASE("work: of whoever has gone nothing is made any more, and drain finishes the rest") {
    World world;
    auto gone = world.ask("/gone");
    const auto stays = world.ask("/stays");
    world.turn_until(1);
    const linger hard{1, 0};
    REQUIRE(::setsockopt(gone->fd(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard) == 0);
    gone->close();
    world.server->drain();
    CHECK(world.busy.answered == std::vector<std::string>{"/stays"});
    CHECK(stays->read_all().ends_with("/stays"));
}

TEST_CASE("work: it ends with its connection's time") {
    World world;
    const auto client = world.ask("/long");
    world.turn_until(1);
    world.clock.pass(limits::http_message_ms_max);
    world.server->turn(1);
    world.server->turn(1);
    CHECK(world.server->connections() == 0);
    CHECK(world.busy.answered.empty());
}

TEST_CASE("work: a caller that cannot wait gets it done") {
    Busy busy;
    http::Request request;
    request.path = "/long";
    CHECK(busy.handle(request).body == "/long");
    CHECK(busy.stepped == steps);
}

TEST_CASE("work: what has begun is finished, then the next certificate's oldest request begins") {
    const std::vector<AtWork> waiting = {
        {"a", false, 1}, {"b", false, 9}, {"b", false, 5}, {"c", false, 7}, {"a", false, 0}};
    CHECK(http::next_at_work(waiting, "") == 4);
    CHECK(http::next_at_work(waiting, "a") == 2);
    CHECK(http::next_at_work(waiting, "b") == 3);
    CHECK(http::next_at_work(waiting, "bb") == 3);
    CHECK_MESSAGE(http::next_at_work(waiting, "c") == 4, "and around");
    std::vector<AtWork> begun = waiting;
    begun[1].begun = true;
    CHECK(http::next_at_work(begun, "b") == 1);
    CHECK(http::next_at_work(begun, "a") == 1);
    const std::vector<AtWork> alone = {{"b", false, 3}};
    CHECK_MESSAGE(http::next_at_work(alone, "b") == 0, "nobody else wants anything");
}
