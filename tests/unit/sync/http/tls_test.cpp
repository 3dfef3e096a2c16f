// SPDX-License-Identifier: EUPL-1.2
// Who may speak to whom: one good connection, and every way in which it must not come about.
// Certificates are made here; the time window is the test's. Label: TLS negative cases of issue 2,
// item 11.
#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#include <sys/socket.h>

#include <optional>

#include "sync/http/client.hpp"
#include "tests/unit/sync/http/test_pki.hpp"
#include "tests/unit/sync/http/test_server.hpp"

namespace {

using base::Errc;

http::Response echo(const http::Request& request) {
    const std::string who =
        request.peer ? request.peer->organisational_unit + "/" + request.peer->common_name
                     : "nobody";
    return http::make_response(200, "text/plain", who + " " + request.path + " " + request.body);
}

/// One server and what a client needs to reach it. Parts can be changed before start().
struct World {
    test::Authority authority{"Test CA"};
    test::SteadyClock clock;
    crypto::SystemRandom server_random;
    crypto::SystemRandom client_random;
    test::Identity server_identity = authority.issue(test::server_leaf());
    test::Identity client_identity = authority.issue(test::Leaf{});
    base::Bytes server_anchors = authority.certificate();
    base::Bytes client_anchors = authority.certificate();
    std::function<http::TimeWindow()> server_window = test::window_today;
    std::function<http::TimeWindow()> client_window = test::window_today;
    std::string server_name = "backend.test";

    test::FunctionHandler handler{echo};
    std::unique_ptr<http::TlsContext> server_context;
    std::unique_ptr<http::TlsContext> client_context;
    std::unique_ptr<http::Server> server;
    std::optional<test::ServerThread> thread;
    std::optional<http::Client> client;

    void start() {
        server_context = test::make_context(http::TlsSide::server, server_anchors, server_identity,
                                            server_random, server_window);
        client_context = test::make_context(http::TlsSide::client, client_anchors, client_identity,
                                            client_random, client_window);
        auto listening = http::Server::listen({}, {*server_context, handler, nullptr, clock});
        REQUIRE(listening);
        server = std::move(*listening);
        thread.emplace(*server);
        client.emplace(http::ClientOptions{{"127.0.0.1", server->port()}, server_name},
                       *client_context, clock);
    }
    base::Result<http::Response> send(const std::string& body = "hello") {
        http::Request request;
        request.method = http::Method::post;
        request.path = "/x";
        request.body = body;
        return client->send(request);
    }
    ~World() {
        client.reset();
        thread.reset();
    }
};

}  // namespace

TEST_CASE("tls: a client is known by the subject of its certificate") {
    World world;
    world.start();
    const auto response = world.send();
    REQUIRE(response);
    CHECK(response->status == 200);
    CHECK(response->body == "terminal/t-1 /x hello");
    CHECK(world.client->tls_description().find("GCM") != std::string::npos);
}

TEST_CASE("tls: P-384 certificates work on both sides") {
    World world;
    test::Leaf server = test::server_leaf();
    server.curve = crypto::Curve::p384;
    world.server_identity = world.authority.issue(server);
    test::Leaf client;
    client.curve = crypto::Curve::p384;
    world.client_identity = world.authority.issue(client);
    world.start();
    CHECK(world.send());
}

TEST_CASE("tls: the second connection resumes where it may, and still knows the peer") {
    World world;
    world.start();
    REQUIRE(world.send());
    CHECK_FALSE(world.client->resumed());
    world.client->disconnect();
    const auto response = world.send();
    REQUIRE(response);
    // TLS 1.3 shows both certificates again in each handshake; see set_tickets() in tls.cpp.
    const bool tls_1_2 = world.client->tls_description().find("TLSv1.2") != std::string::npos;
    CHECK(world.client->resumed() == tls_1_2);
    CHECK(response->body == "terminal/t-1 /x hello");
}

TEST_CASE("tls: an expired certificate does not live on in a resumed session") {
    std::atomic<std::uint64_t> now{test::today_ms};
    const auto window = [&now] { return http::TimeWindow{now.load(), now.load()}; };
    World world;
    SUBCASE("the client's, at the server") {
        world.server_window = window;
    }
    SUBCASE("the server's, at the client") {
        world.client_window = window;
    }
    world.start();
    REQUIRE(world.send());
    world.client->disconnect();
    now = test::today_ms + 11 * test::day_ms;
    CHECK_FALSE(world.send());
}

TEST_CASE("tls: the client refuses a server") {
    World world;
    SUBCASE("of another authority") {
        test::Authority other("Other CA");
        world.server_identity = other.issue(test::server_leaf());
    }
    SUBCASE("of another authority with the same name") {
        test::Authority twin("Test CA");
        world.server_identity = twin.issue(test::server_leaf());
    }
    SUBCASE("whose certificate expired before the time floor") {
        world.client_window = [] {
            return http::window_of_floor(test::today_ms + 11 * test::day_ms, test::today_ms);
        };
    }
    SUBCASE("whose certificate is not valid yet") {
        world.client_window = [] {
            return http::window_of_floor(test::today_ms - 20 * test::day_ms,
                                         test::today_ms - 12 * test::day_ms);
        };
    }
    SUBCASE("of another name") {
        world.server_name = "elsewhere.test";
    }
    SUBCASE("of a name that only begins alike") {
        world.server_name = "backend.test.evil";
    }
    world.start();
    const auto response = world.send();
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Errc::tls_peer_refused);
}

TEST_CASE("tls: a client's certificate makes no server") {
    World world;
    world.server_identity = world.client_identity;
    world.start();
    CHECK_FALSE(world.send());
}

TEST_CASE("tls: the time window of a terminal") {
    const std::uint64_t floor = test::today_ms;
    CHECK(http::window_of_floor(floor, floor).earliest_ms == floor);
    CHECK(http::window_of_floor(floor, floor).latest_ms == floor + test::day_ms);
    CHECK(http::window_of_floor(floor, floor + 5).latest_ms == floor + 5 + test::day_ms);
    // A wall clock behind the floor is proved wrong and bounds nothing: a renewed server stays
    // reachable.
    CHECK(http::window_of_floor(floor, floor - 1).latest_ms == UINT64_MAX);
    CHECK(http::window_of_floor(floor, 0).earliest_ms == floor);
}

TEST_CASE("tls: the dates of a certificate count to the second") {
    // test::Leaf is valid from day -10 to day 10, both 00:00:00.
    struct Row {
        std::uint64_t now;
        bool ok;
    };
    const std::uint64_t first = test::today_ms - 10 * test::day_ms;
    const std::uint64_t last = test::today_ms + 10 * test::day_ms;
    for (const Row& row :
         {Row{first - 1, false}, Row{first, true}, Row{last, true}, Row{last + 1, false}}) {
        CAPTURE(row.now);
        World world;
        world.server_window = [now = row.now] { return http::window_of_clock(now); };
        world.start();
        CHECK(world.send().has_value() == row.ok);
    }
}

TEST_CASE("tls: the server refuses a client") {
    World world;
    SUBCASE("of another authority") {
        test::Authority other("Test CA");
        world.client_identity = other.issue(test::Leaf{});
    }
    SUBCASE("whose certificate has expired") {
        test::Leaf leaf;
        leaf.last_day = -1;
        world.client_identity = world.authority.issue(leaf);
    }
    SUBCASE("whose certificate is not valid yet") {
        test::Leaf leaf;
        leaf.first_day = 1;
        world.client_identity = world.authority.issue(leaf);
    }
    SUBCASE("without a role") {
        test::Leaf leaf;
        leaf.unit = "";
        world.client_identity = world.authority.issue(leaf);
    }
    SUBCASE("that shows a server's certificate") {
        world.client_identity = world.authority.issue(test::server_leaf());
    }
    world.start();
    CHECK_FALSE(world.send());
}

TEST_CASE("tls: a context is not made of parts that do not fit") {
    test::Authority authority("Test CA");
    crypto::SystemRandom random;
    const test::Identity one = authority.issue(test::Leaf{});
    const test::Identity other = authority.issue(test::Leaf{});
    const base::Bytes& anchors = authority.certificate();
    const base::Bytes garbage{1, 2, 3};
    const auto code = [&](base::ByteView ca, base::ByteView certificate, base::ByteView key) {
        auto made = http::TlsContext::make(http::TlsSide::client, {ca, certificate, key},
                                           test::window_today, random);
        return made ? Errc::cancelled : made.error().code;
    };
    CHECK(code(anchors, one.certificate, one.key) == Errc::cancelled);
    CHECK(code(garbage, one.certificate, one.key) == Errc::certificate_bad);
    CHECK(code({}, one.certificate, one.key) == Errc::certificate_bad);
    CHECK(code(anchors, garbage, one.key) == Errc::certificate_bad);
    CHECK(code(anchors, one.certificate, garbage) == Errc::key_bad);
    CHECK(code(anchors, one.certificate, other.key) == Errc::key_bad);
}

namespace {

/// What a client brings that does not keep to our rules.
struct Stray {
    bool certificate = true;
    int suite = 0;  ///< 0 = whatever mbedTLS offers
    bool tls_1_1 = false;
};

/// A client of bare mbedTLS that believes every server. returns true if it got application data.
bool stray_client_is_served(World& world, const Stray& stray) {
    mbedtls_x509_crt certificate;
    mbedtls_pk_context key;
    mbedtls_ssl_config config;
    mbedtls_ssl_context ssl;
    mbedtls_x509_crt_init(&certificate);
    mbedtls_pk_init(&key);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_init(&ssl);
    const test::Identity& identity = world.client_identity;
    REQUIRE(mbedtls_x509_crt_parse(&certificate, identity.certificate.data(),
                                   identity.certificate.size()) == 0);
    crypto::SystemRandom random;
#if MBEDTLS_VERSION_MAJOR >= 3
    REQUIRE(mbedtls_pk_parse_key(&key, identity.key.data(), identity.key.size(), nullptr, 0,
                                 crypto::mbedtls_random, static_cast<port::Random*>(&random)) == 0);
#else
    REQUIRE(mbedtls_pk_parse_key(&key, identity.key.data(), identity.key.size(), nullptr, 0) == 0);
#endif
    REQUIRE(mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT,
                                        MBEDTLS_SSL_TRANSPORT_STREAM,
                                        MBEDTLS_SSL_PRESET_DEFAULT) == 0);
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_NONE);
    mbedtls_ssl_conf_rng(&config, crypto::mbedtls_random, static_cast<port::Random*>(&random));
    const int suites[] = {stray.suite, 0};
    if (stray.suite != 0) mbedtls_ssl_conf_ciphersuites(&config, suites);
#if MBEDTLS_VERSION_MAJOR >= 3
    // The suites asked for here are those of TLS 1.2.
    if (stray.suite != 0) mbedtls_ssl_conf_max_tls_version(&config, MBEDTLS_SSL_VERSION_TLS1_2);
#else
    if (stray.tls_1_1) {
        mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3,
                                     MBEDTLS_SSL_MINOR_VERSION_2);
        mbedtls_ssl_conf_max_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3,
                                     MBEDTLS_SSL_MINOR_VERSION_2);
    }
#endif
    if (stray.certificate) REQUIRE(mbedtls_ssl_conf_own_cert(&config, &certificate, &key) == 0);
    REQUIRE(mbedtls_ssl_setup(&ssl, &config) == 0);
    test::RawClient socket(world.server->port());
    int fd = socket.fd();
    mbedtls_ssl_set_bio(
        &ssl, &fd,
        [](void* data, const unsigned char* bytes, std::size_t size) {
            return static_cast<int>(::send(*static_cast<int*>(data), bytes, size, MSG_NOSIGNAL));
        },
        [](void* data, unsigned char* bytes, std::size_t size) {
            return static_cast<int>(::recv(*static_cast<int*>(data), bytes, size, 0));
        },
        nullptr);
    const std::string request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    unsigned char answer[16];
    const bool served =
        mbedtls_ssl_handshake(&ssl) == 0 &&
        mbedtls_ssl_write(&ssl, base::as_bytes(request).data(), request.size()) > 0 &&
        mbedtls_ssl_read(&ssl, answer, sizeof answer) > 0;
    mbedtls_ssl_free(&ssl);
    mbedtls_ssl_config_free(&config);
    mbedtls_pk_free(&key);
    mbedtls_x509_crt_free(&certificate);
    return served;
}

}  // namespace

TEST_CASE("tls: the server serves nobody who breaks the rules of the handshake") {
    World world;
    world.start();
    CHECK(stray_client_is_served(world, {}));  // canary: this client works when it behaves
    CHECK(
        stray_client_is_served(world, {.suite = MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384}));
    CHECK_FALSE(stray_client_is_served(world, {.certificate = false}));
    // As strong, and not on the list of TR-02102-2.
    CHECK_FALSE(stray_client_is_served(
        world, {.suite = MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256}));
    CHECK_FALSE(
        stray_client_is_served(world, {.suite = MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256}));
    CHECK_FALSE(
        stray_client_is_served(world, {.suite = MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}));
#if MBEDTLS_VERSION_MAJOR < 3
    CHECK_FALSE(stray_client_is_served(world, {.tls_1_1 = true}));
#endif
    test::RawClient plain(world.server->port());
    plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(plain.read_all().find("HTTP/1.1") == std::string::npos);
    CHECK(world.send());  // and the honest client is still served
}
