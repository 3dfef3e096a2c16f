// SPDX-License-Identifier: EUPL-1.2
// The whole line of a remote signature: the kiosk's authenticator, its socket, syncd's signer, TLS,
// and a service that holds the key, right and wrong in each way. Nothing is faked but the service's
// manners.
#include "sync/syncd/signer.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>
#include <sys/eventfd.h>

#include <atomic>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/keys/remote_authenticator.hpp"
#include "drivers/pki/cv_builder.hpp"
#include "sync/model/json.hpp"
#include "sync/outbox/signing_socket.hpp"
#include "sync/transport/signing_service.hpp"
#include "tests/unit/sync/http/tls_pair.hpp"
#include "tests/unit/sync/syncd/folder.hpp"

namespace {

using base::Bytes;
using base::Errc;
using namespace std::chrono_literals;

/// Why the signer was out of reach.
Errc reason(const base::Error& error) {
    CHECK(error.code == Errc::signer_failed);
    return error.detail == 0 ? Errc::signer_failed
                             : base::errc_of(static_cast<std::uint16_t>(error.detail)).value();
}

/// Holds the terminal's key and certificate. A test may put an answer in its place.
class EidService final : public http::Handler {
  public:
    using Instead = std::function<std::optional<http::Response>(const http::Request&)>;
    EidService() {
        auto built = pki::build_cv_certificate({eid::Role::terminal,
                                                "DEDVTEST00001",
                                                "DETERMINAL00001",
                                                key_.point,
                                                eid::Rights{eid::rights_mask},
                                                std::chrono::sys_days{2026y / 1 / 1},
                                                std::chrono::sys_days{2027y / 1 / 1},
                                                {}},
                                               key_, random_);
        REQUIRE(built.has_value());
        certificate = std::move(*built);
    }
    http::Response handle(const http::Request& request) override {
        const std::lock_guard lock(mutex_);
        if (instead_) {
            if (auto answer = instead_(request)) return std::move(*answer);
        }
        if (request.path.ends_with("/certificates")) {
            const std::string list =
                model::json_array({model::json_quote(base::to_base64url(certificate))});
            return json(model::JsonWriter().raw("certificates", list).done());
        }
        const auto body = model::parse_json(request.body, 8'192);
        REQUIRE(body.has_value());
        model::JsonFields fields(*body);
        const std::string holder = fields.text("holder", 16);
        const Bytes message = fields.bytes("message", 1, limits::sign_message_bytes_max);
        REQUIRE(fields.ok());
        if (holder != "DETERMINAL00001") return json("{}", 404);
        auto signature =
            crypto::ecdsa_sign(key_, crypto::digest(crypto::Hash::sha256, message), random_);
        return json(model::JsonWriter().bytes("signature", *signature).done());
    }
    void instead(Instead instead) {
        const std::lock_guard lock(mutex_);
        instead_ = std::move(instead);
    }
    static http::Response json(const std::string& body, unsigned status = 200) {
        return http::make_response(status, "application/json", body);
    }
    Bytes certificate;

  private:
    crypto::SystemRandom random_;
    crypto::KeyPair key_ = crypto::generate_key(crypto::Curve::brainpool_p256r1, random_);
    std::mutex mutex_;
    Instead instead_;
};

/// Kiosk, syncd and service of one site. Members in order of need.
struct Site : test::TlsPair {
    test::Folder folder;
    EidService service;
    std::unique_ptr<http::Server> server = listen(service);
    std::optional<test::ServerThread> server_thread;
    std::unique_ptr<outbox::SigningSocket> socket;
    std::optional<keys::RemoteAuthenticator> authenticator;
    int stop_fd = ::eventfd(0, EFD_CLOEXEC);
    std::thread syncd;
    std::uint32_t request_ms_max = 5'000;

    explicit Site(const test::Leaf& terminal = {}) : TlsPair(terminal) {
        server_thread.emplace(*server);
        auto opened = outbox::SigningSocket::open({folder.at("sign.sock"), ::getuid()}, clock);
        REQUIRE(opened);
        socket = std::move(*opened);
        authenticator.emplace(*socket, std::vector<Bytes>{});
    }
    ~Site() {
        stop_syncd();
        ::close(stop_fd);
    }
    void start_syncd() {
        syncd = std::thread([this, port = server->port()] {
            http::Client client({{"127.0.0.1", port}, "backend.test", stop_fd, request_ms_max},
                                *client_tls, clock);
            transport::SigningService remote(client);
            syncd::Signer(folder.at("sign.sock"), remote, clock).run(stop_fd);
        });
    }
    void stop_syncd() {
        if (!syncd.joinable()) return;
        const std::uint64_t one = 1;
        REQUIRE(::write(stop_fd, &one, sizeof one) == sizeof one);
        syncd.join();
        std::uint64_t value = 0;
        REQUIRE(::read(stop_fd, &value, sizeof value) == sizeof value);
    }
    /// Until syncd has connected: it begins at its own pace.
    base::Result<void> refresh_soon() {
        for (int i = 0; i < 1'000; ++i) {
            auto got = authenticator->refresh();
            if (got || reason(got.error()) != Errc::network_unreachable) return got;
            std::this_thread::sleep_for(5ms);
        }
        return base::fail(Errc::network_timeout, "test: syncd never came");
    }
};

}  // namespace

TEST_CASE("signer: a signature from the service to the card thread") {
    Site site;
    site.start_syncd();
    REQUIRE(site.refresh_soon());
    CHECK(base::equal(site.authenticator->terminal_certificate(), site.service.certificate));
    for (int i = 0; i < 3; ++i) CHECK(site.authenticator->sign(Bytes(80, 7)).has_value());
}

TEST_CASE("signer: what the service does wrong, the kiosk is told, and then it goes on") {
    Site site;
    site.start_syncd();
    REQUIRE(site.refresh_soon());
    struct Row {
        std::function<http::Response()> answer;
        Errc expected;
    };
    const auto body = [](const std::string& text, unsigned status = 200) {
        return [=] { return EidService::json(text, status); };
    };
    const std::string foreign = base::to_base64url(Bytes(64, 1));
    for (const Row& row :
         {Row{body("{}", 500), Errc::http_status}, Row{body("{}", 403), Errc::signer_failed},
          Row{body("{}", 503), Errc::busy}, Row{body("nonsense"), Errc::message_bad},
          Row{body(R"({"signature":"AA"})"), Errc::signer_failed},
          Row{body(R"({"signature":")" + foreign + R"("})"), Errc::signer_failed}}) {
        CAPTURE(static_cast<int>(row.expected));
        site.service.instead([&](const http::Request&) { return row.answer(); });
        const auto refused = site.authenticator->sign(Bytes{1, 2});
        REQUIRE_FALSE(refused);
        CHECK(reason(refused.error()) == row.expected);
        site.service.instead(nullptr);
        CHECK(site.authenticator->sign(Bytes{1, 2}).has_value());
    }
}

TEST_CASE("signer: a service that does not answer in time is told of, and then it goes on") {
    Site site;
    site.request_ms_max = 400;
    std::promise<void> told;
    const std::shared_future<void> later = told.get_future().share();
    site.service.instead([&](const http::Request&) {
        later.wait();
        return EidService::json("{}");
    });
    site.start_syncd();
    const auto refused = site.refresh_soon();
    told.set_value();
    REQUIRE_FALSE(refused);
    CHECK(reason(refused.error()) == Errc::network_timeout);
    site.service.instead(nullptr);
    auto next = site.authenticator->refresh();
    // On a busy machine a handshake alone can outlast the short deadline.
    for (int i = 0; i < 20 && !next; ++i) next = site.authenticator->refresh();
    CHECK(next.has_value());
}

TEST_CASE("signer: a service that has gone, and one that does not know this terminal") {
    Site site;
    site.start_syncd();
    REQUIRE(site.refresh_soon());
    site.server_thread.reset();
    site.server.reset();
    const auto gone = site.authenticator->sign(Bytes{1});
    REQUIRE_FALSE(gone);
    CHECK(reason(gone.error()) == Errc::network_unreachable);

    test::Leaf expired;
    expired.last_day = -1;
    Site stranger(expired);
    stranger.start_syncd();
    const auto refused = stranger.refresh_soon();
    REQUIRE_FALSE(refused);
    // Which side notices first is the library's business; nothing is signed in either case.
    const Errc code = reason(refused.error());
    CHECK((code == Errc::tls_peer_refused || code == Errc::tls_failed ||
           code == Errc::network_timeout));
}

TEST_CASE("signer: a syncd that is replaced is heard again without a new start of the kiosk") {
    Site site;
    site.start_syncd();
    REQUIRE(site.refresh_soon());
    site.stop_syncd();
    CHECK(reason(site.authenticator->sign(Bytes{1}).error()) == Errc::network_unreachable);
    site.start_syncd();
    REQUIRE(site.refresh_soon());
    CHECK(site.authenticator->sign(Bytes{1}).has_value());
}

TEST_CASE("signer: it waits for a kiosk that comes later") {
    Site site;
    site.socket.reset();
    std::filesystem::remove(site.folder.at("sign.sock"));
    site.authenticator.reset();
    site.start_syncd();
    std::this_thread::sleep_for(50ms);
    auto opened =
        outbox::SigningSocket::open({site.folder.at("sign.sock"), ::getuid()}, site.clock);
    REQUIRE(opened);
    site.socket = std::move(*opened);
    site.authenticator.emplace(*site.socket, std::vector<Bytes>{});
    CHECK(site.refresh_soon().has_value());
}
