// SPDX-License-Identifier: EUPL-1.2
// The server's manners, on its plain listener where a test can write single bytes: keep-alive,
// pipelining, bounds, deadlines on a clock that the test moves, and the goodbye.
#include "sync/http/server.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <vector>

#include "drivers/base/limits.hpp"
#include "tests/unit/sync/http/test_pki.hpp"
#include "tests/unit/sync/http/test_server.hpp"

namespace {

/// A server with both listeners; the tests here use the plain one.
struct World {
    test::Authority authority{"Test CA"};
    test::ManualClock clock{test::today_ms};
    crypto::SystemRandom random;
    test::FunctionHandler secret{[](const http::Request&) { return http::Response{500, {}, {}}; }};
    test::FunctionHandler plain;
    std::unique_ptr<http::TlsContext> context =
        test::make_context(http::TlsSide::server, authority.certificate(),
                           authority.issue(test::server_leaf()), random);
    std::unique_ptr<http::Server> server;

    explicit World(test::FunctionHandler::Function function, http::ServerOptions options = roomy())
        : plain(std::move(function)) {
        options.plain_address = http::ListenAddress{};
        auto listening = http::Server::listen(options, {*context, secret, &plain, clock});
        REQUIRE(listening);
        server = std::move(*listening);
    }
    /// Every client of these tests has one address and no certificate.
    static http::ServerOptions roomy() {
        http::ServerOptions options;
        options.nameless_max = limits::http_connections_max;
        options.nameless_per_address_max = limits::http_connections_max;
        return options;
    }
    /// Goes around until nothing more happens by itself.
    void settle() {
        for (int i = 0; i < 8; ++i) server->turn(1);
    }
};

http::Response echo(const http::Request& request) {
    CHECK_FALSE(request.peer);
    return http::make_response(200, "text/plain", request.path + request.body);
}

const std::string close_get = "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

}  // namespace

TEST_CASE("server: several requests on one connection, also when they come at once") {
    World world(echo);
    test::RawClient client(world.server->plain_port());
    client.send(
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nxHEAD /h HTTP/1.1\r\nHost: "
        "a\r\n\r\n" +
        close_get);
    test::ServerThread thread(*world.server);
    const std::string got = client.read_all();
    CHECK(got.find("/px") != std::string::npos);
    CHECK(got.find("\r\n\r\nHTTP/1.1 200 OK") !=
          std::string::npos);  // nothing behind the head of HEAD
    CHECK(got.ends_with("\r\nconnection: close\r\ncontent-length: 2\r\n\r\n/a"));
}

TEST_CASE("server: a client that waits before its body is told to go on") {
    World world(echo);
    test::RawClient client(world.server->plain_port());
    client.send("POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    world.settle();
    client.send("x" + close_get);
    test::ServerThread thread(*world.server);
    const std::string got = client.read_all();
    CHECK(got.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
    CHECK(got.find("/px") != std::string::npos);
}

TEST_CASE("server: a request that breaks the subset gets its status and the end") {
    struct Row {
        const char* bytes;
        const char* status;
    };
    for (const Row& row :
         {Row{"GET / HTTP/2.0\r\n\r\n", "505"},
          {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
          {"POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n", "505"},
          {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
          {"\x16\x03\x01\x02\x01", "400"},
          {"POST / HTTP/1.1\r\nHost: a\r\n\r\n", "411"},
          {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", "413"}}) {
        CAPTURE(row.status);
        World world(echo);
        test::RawClient client(world.server->plain_port());
        client.send(row.bytes);
        const test::ServerThread thread(*world.server);
        const std::string got = client.read_all();
        CHECK(got.starts_with(std::string("HTTP/1.1 ") + row.status));
        CHECK(got.find("application/problem+json") != std::string::npos);
        CHECK(got.find("connection: close") != std::string::npos);
    }
}

TEST_CASE("server: the plain listener takes HTTP/1.0 of a reverse proxy, one request, and closes") {
    World world(echo);
    test::RawClient client(world.server->plain_port());
    client.send("GET /a HTTP/1.0\r\nHost: upstream\r\nConnection: keep-alive\r\n\r\n" + close_get);
    const test::ServerThread thread(*world.server);
    const std::string got = client.read_all();
    CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(got.ends_with("\r\nconnection: close\r\ncontent-length: 2\r\n\r\n/a"));
    CHECK(got.find("HTTP/1.1", 1) == std::string::npos);
}

TEST_CASE("server: a handler that gives a header with a line break is answered for with 500") {
    World world([](const http::Request&) {
        return http::Response{200, {{"x-a", "b\r\nx-b: c"}}, {}};
    });
    test::RawClient client(world.server->plain_port());
    client.send(close_get);
    test::ServerThread thread(*world.server);
    const std::string got = client.read_all();
    CHECK(got.starts_with("HTTP/1.1 500"));
    CHECK(got.find("x-b") == std::string::npos);
}

TEST_CASE("server: who is slow loses the connection, and only that one") {
    World world(echo);
    test::RawClient silent(world.server->plain_port());
    test::RawClient half_head(world.server->plain_port());
    test::RawClient half_body(world.server->plain_port());
    half_head.send("GET / HT");
    half_body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx");
    world.settle();
    CHECK(world.server->connections() == 3);
    world.clock.pass(limits::http_head_ms_max - 1);
    world.settle();
    CHECK(world.server->connections() == 3);
    world.clock.pass(1);
    world.settle();
    CHECK(world.server->connections() == 2);  // half a head has gone
    world.clock.pass(limits::http_idle_ms_max - limits::http_head_ms_max);
    world.settle();
    CHECK(world.server->connections() == 1);  // the silent one too
    world.clock.pass(limits::http_message_ms_max);
    world.settle();
    CHECK(world.server->connections() == 0);
}

TEST_CASE("server: bytes that trickle do not move the deadline") {
    World world(echo);
    test::RawClient client(world.server->plain_port());
    client.send("G");
    world.settle();
    for (std::uint32_t ms = 0; ms < limits::http_head_ms_max; ms += 1'000) {
        CHECK(world.server->connections() == 1);
        world.clock.pass(1'000);
        client.send("E");
        world.settle();
    }
    CHECK(world.server->connections() == 0);
}

TEST_CASE("server: places are bounded, idle connections make room for new ones") {
    World world(echo);
    std::vector<std::unique_ptr<test::RawClient>> clients;
    for (std::size_t i = 0; i < limits::http_connections_max; ++i) {
        clients.push_back(std::make_unique<test::RawClient>(world.server->plain_port()));
        // All but one have begun a request and may not be thrown out for it.
        if (i != 7) clients.back()->send("GET ");
        world.settle();
    }
    CHECK(world.server->connections() == limits::http_connections_max);
    test::RawClient late(world.server->plain_port());
    late.send("GET ");
    world.settle();
    CHECK(world.server->connections() == limits::http_connections_max);
    CHECK(clients[7]->read_all().empty());  // the idle one was let go
    test::RawClient too_late(world.server->plain_port());
    too_late.send(close_get);
    world.settle();
    CHECK(world.server->connections() == limits::http_connections_max);
    // Once the busy ones have run out of time, the waiting one is served.
    world.clock.pass(limits::http_head_ms_max);
    world.settle();
    CHECK(too_late.read_until("/a").starts_with("HTTP/1.1 200"));
}

TEST_CASE("server: who opens connections and waits pushes out its own oldest, and no other") {
    http::ServerOptions options;
    options.nameless_max = 6;
    options.nameless_per_address_max = 4;
    World world(echo, options);
    std::vector<std::unique_ptr<test::RawClient>> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(std::make_unique<test::RawClient>(world.server->plain_port()));
        world.settle();
        world.clock.pass(1);
    }
    CHECK(world.server->connections() == 4);
    CHECK(clients[0]->read_all().empty());
    // Half-open handshakes count as much, and are the first to go once they are the oldest.
    for (int i = 0; i < 4; ++i) {
        clients.push_back(std::make_unique<test::RawClient>(world.server->port()));
        world.settle();
        world.clock.pass(1);
    }
    CHECK(world.server->connections() == 4);
    test::RawClient honest(world.server->plain_port());
    honest.send(close_get);
    test::ServerThread thread(*world.server);
    CHECK(honest.read_all().starts_with("HTTP/1.1 200"));
}

TEST_CASE("server: an answer may come later; others are served meanwhile, and nobody spins") {
    bool ready = false;
    int asked = 0;
    struct Waiting final : http::Handler {
        std::function<http::Answer(const http::Request&)> function;
        http::Response handle(const http::Request&) override { return {}; }
        http::Answer answer(const http::Request& request) override { return function(request); }
    } handler;
    handler.function = [&](const http::Request& request) -> http::Answer {
        if (request.path != "/later") return http::make_response(200, "text/plain", "now");
        return http::Later([&]() -> std::optional<http::Response> {
            ++asked;
            if (!ready) return std::nullopt;
            return http::make_response(200, "text/plain", "then");
        });
    };
    World world(echo);
    http::ServerOptions options = World::roomy();
    options.plain_address = http::ListenAddress{};
    auto listening =
        http::Server::listen(options, {*world.context, world.secret, &handler, world.clock});
    REQUIRE(listening);
    world.server = std::move(*listening);
    test::RawClient later(world.server->plain_port());
    test::RawClient gone(world.server->plain_port());
    test::RawClient now(world.server->plain_port());
    // A second request behind the first one has to wait for it.
    later.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n" + close_get);
    gone.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    now.send(close_get);
    world.settle();
    CHECK(now.read_all().ends_with("now"));
    now.close();
    world.settle();
    CHECK(asked > 0);
    CHECK(world.server->connections() == 2);
    // A peer that resets its connection is not asked for any more.
    const linger hard{1, 0};
    REQUIRE(::setsockopt(gone.fd(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard) == 0);
    gone.close();
    world.settle();
    CHECK(world.server->connections() == 1);
    ready = true;
    const test::ServerThread thread(*world.server);
    const std::string got = later.read_all();
    CHECK(got.find("then") < got.find("now"));
    CHECK(got.ends_with("now"));
}

TEST_CASE("server: an answer that never comes ends with its connection's time") {
    struct Never final : http::Handler {
        http::Response handle(const http::Request&) override { return {}; }
        http::Answer answer(const http::Request&) override {
            return http::Later([]() -> std::optional<http::Response> { return std::nullopt; });
        }
    } never;
    World world(echo);
    http::ServerOptions options = World::roomy();
    options.plain_address = http::ListenAddress{};
    auto listening =
        http::Server::listen(options, {*world.context, world.secret, &never, world.clock});
    REQUIRE(listening);
    world.server = std::move(*listening);
    test::RawClient client(world.server->plain_port());
    client.send(close_get);
    world.settle();
    CHECK(world.server->connections() == 1);
    world.clock.pass(limits::http_message_ms_max);
    world.settle();
    CHECK(world.server->connections() == 0);
}

TEST_CASE("server: drain finishes what has begun, refuses what is new, and ends") {
    World world(echo);
    test::RawClient begun(world.server->plain_port());
    test::RawClient idle(world.server->plain_port());
    begun.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nxx");
    world.settle();
    CHECK(world.server->connections() == 2);
    begun.send("yy");
    world.server->drain();
    const std::string got = begun.read_all();
    CHECK(got.find("connection: close") != std::string::npos);
    CHECK(got.ends_with("/bxxyy"));
    CHECK(idle.read_all().empty());
    CHECK(world.server->connections() == 0);
}
