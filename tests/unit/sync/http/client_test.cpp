// SPDX-License-Identifier: EUPL-1.2
// The client against a server that sends bytes as written here and then ends its stream in order,
// cuts it, or stays silent.
#include "sync/http/client.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>
#include <poll.h>

#include <array>
#include <thread>
#include <vector>

#include "sync/http/stream.hpp"
#include "tests/unit/sync/http/test_pki.hpp"
#include "tests/unit/sync/http/test_server.hpp"

namespace {

using base::Errc;

enum class Then { close_notify, cut, next_request, silence };

struct Scene {
    std::string bytes;
    Then then;
};

/// Plays one scene a request on real TLS connections, in a thread of its own.
class ScriptedServer {
  public:
    explicit ScriptedServer(std::vector<Scene> scenes)
        : scenes_(std::move(scenes)), listener_(std::move(*http::listen_on("127.0.0.1", 0))) {
        thread_ = std::thread([this] { play(); });
    }
    ~ScriptedServer() { join(); }
    void join() {
        if (thread_.joinable()) thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return http::bound_port(listener_.get()); }
    [[nodiscard]] std::size_t connections() const { return connections_; }
    test::Authority& authority() { return authority_; }

  private:
    static void wait(int fd, http::Io io) {
        pollfd one{fd, static_cast<short>(io == http::Io::want_write ? POLLOUT : POLLIN), 0};
        (void)::poll(&one, 1, 5'000);
    }
    std::unique_ptr<http::Stream> accept() {
        wait(listener_.get(), http::Io::want_read);
        auto stream =
            std::move(*http::make_tls_server_stream(http::accept_from(listener_.get()), *context_));
        for (auto io = stream->handshake(); *io != http::Io::progress; io = stream->handshake())
            wait(stream->fd(), *io);
        ++connections_;
        return stream;
    }
    /// All that comes until the client is silent behind an empty line, or has gone.
    static void take_request(http::Stream& stream) {
        std::string got;
        std::array<std::uint8_t, 4'096> buffer{};
        while (got.find("\r\n\r\n") == std::string::npos) {
            const auto moved = stream.read(buffer);
            if (!moved || moved->io == http::Io::ended) return;
            got.append(base::as_text(base::ByteView(buffer).first(moved->bytes)));
            if (moved->io != http::Io::progress) wait(stream.fd(), moved->io);
        }
    }
    void play() {
        std::unique_ptr<http::Stream> stream;
        for (const Scene& scene : scenes_) {
            if (!stream) stream = accept();
            take_request(*stream);
            if (!scene.bytes.empty()) (void)stream->write(base::as_bytes(scene.bytes));
            if (scene.then == Then::silence) take_request(*stream);  // until the client leaves
            if (scene.then == Then::close_notify) stream->end();
            if (scene.then != Then::next_request) stream.reset();
        }
    }

    std::vector<Scene> scenes_;
    test::Authority authority_{"Test CA"};
    crypto::SystemRandom random_;
    std::unique_ptr<http::TlsContext> context_ =
        test::make_context(http::TlsSide::server, authority_.certificate(),
                           authority_.issue(test::server_leaf()), random_);
    http::Socket listener_;
    std::size_t connections_ = 0;
    std::thread thread_;
};

struct Asker {
    explicit Asker(ScriptedServer& server, http::Wanted wanted = http::Wanted::message)
        : context(test::make_context(http::TlsSide::client, server.authority().certificate(),
                                     server.authority().issue(test::Leaf{}), random)) {
        http::ClientOptions options{{"127.0.0.1", server.port()}, "backend.test"};
        options.wanted = wanted;
        client.emplace(std::move(options), *context, clock);
    }
    base::Result<http::Response> ask() { return client->send(http::Request{}); }

    test::SteadyClock clock;
    crypto::SystemRandom random;
    std::unique_ptr<http::TlsContext> context;
    std::optional<http::Client> client;
};

const std::string unframed = "HTTP/1.1 202 Accepted\r\n\r\nab";
const std::string framed = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab";

}  // namespace

TEST_CASE("client: an answer without a length is whole when the stream ends in order") {
    for (const std::string& bytes : {unframed, std::string("HTTP/1.0 202 Accepted\r\n\r\nab"),
                                     "HTTP/1.1 103 x\r\n\r\n" + unframed}) {
        CAPTURE(bytes);
        ScriptedServer server({{bytes, Then::close_notify}, {framed, Then::close_notify}});
        Asker asker(server);
        const auto response = asker.ask();
        REQUIRE(response);
        CHECK(response->status == 202);
        CHECK(response->body == "ab");
        REQUIRE(asker.ask());
        server.join();
        CHECK(server.connections() == 2);
    }
}

TEST_CASE("client: an answer without a length whose line was cut is an error") {
    ScriptedServer server({{unframed, Then::cut}});
    Asker asker(server);
    const auto response = asker.ask();
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Errc::network_unreachable);
}

TEST_CASE("client: a kept connection is used again, one that HTTP/1.0 answered is not") {
    ScriptedServer server({{framed, Then::next_request},
                           {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", Then::close_notify},
                           {framed, Then::close_notify}});
    Asker asker(server);
    for (int i = 0; i < 3; ++i) {
        const auto response = asker.ask();
        REQUIRE(response);
        CHECK(response->body == "ab");
    }
    asker.client.reset();
    server.join();
    CHECK(server.connections() == 2);
}

TEST_CASE("client: whoever wants the status alone has it with the head, however the rest goes") {
    SUBCASE("without a length, and nobody closes") {
        ScriptedServer server({{unframed, Then::silence}});
        Asker asker(server, http::Wanted::status);
        const auto response = asker.ask();
        REQUIRE(response);
        CHECK(response->status == 202);
    }
    SUBCASE("cut within its body") {
        ScriptedServer server({{"HTTP/1.1 202 x\r\nContent-Length: 9\r\n\r\nab", Then::cut}});
        Asker asker(server, http::Wanted::status);
        const auto response = asker.ask();
        REQUIRE(response);
        CHECK(response->status == 202);
    }
    SUBCASE("whole answers keep the connection") {
        ScriptedServer server({{framed, Then::next_request}, {framed, Then::close_notify}});
        Asker asker(server, http::Wanted::status);
        REQUIRE(asker.ask());
        REQUIRE(asker.ask());
        asker.client.reset();
        server.join();
        CHECK(server.connections() == 1);
    }
    SUBCASE("no head, no status") {
        ScriptedServer server({{"HTTP/1.1 202 x\r\n", Then::cut}});
        Asker asker(server, http::Wanted::status);
        CHECK_FALSE(asker.ask());
    }
}
