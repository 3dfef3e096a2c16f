// SPDX-License-Identifier: EUPL-1.2
// The kiosk's end of the signer's socket before every kind of syncd: none, one that answers, one
// that was restarted, goes away in the middle, is silent, talks nonsense or is somebody else.
#include "sync/outbox/signing_socket.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include <functional>
#include <thread>

#include "drivers/base/limits_outbox.hpp"
#include "tests/unit/sync/http/test_server.hpp"
#include "tests/unit/sync/syncd/folder.hpp"

namespace {

using base::Bytes;
using base::Errc;

/// Time that only a look makes pass: a wait of ten seconds ends at once.
class LeapingClock final : public port::Clock {
  public:
    [[nodiscard]] std::uint64_t wall_ms() const override { return now_ += 20'000; }
    [[nodiscard]] std::uint64_t boot_ms() const override { return now_ += 20'000; }

  private:
    mutable std::uint64_t now_ = 0;
};

struct Kiosk {
    test::Folder folder;
    std::string path = folder.at("sign.sock");
    test::SteadyClock clock;
    std::unique_ptr<outbox::SigningSocket> socket;

    explicit Kiosk(uid_t peer = ::getuid()) {
        auto opened = outbox::SigningSocket::open({path, peer}, clock);
        REQUIRE(opened);
        socket = std::move(*opened);
    }
};

/// A syncd that takes one request and answers with these bytes.
class Peer {
  public:
    explicit Peer(const std::string& path) {
        auto connected = outbox::connect_to(path);
        REQUIRE(connected);
        socket_ = std::move(*connected);
    }
    explicit Peer(outbox::Socket socket) : socket_(std::move(socket)) {}
    ~Peer() { join(); }
    /// In a thread: waits for a whole request, sends `answer`, and hangs up if told.
    void serve(Bytes answer, bool hang_up = false) {
        thread_ = std::thread([this, answer = std::move(answer), hang_up] {
            test::SteadyClock clock;
            const outbox::Wait wait{clock, clock.boot_ms() + 20'000};
            outbox::FrameReader reader(outbox::Towards::syncd);
            Bytes input;
            while (!reader.done()) {
                if (!outbox::wait_for(socket_.get(), POLLIN, wait)) return;
                if (!outbox::receive_some(socket_.get(), input)) return;
                const auto used = reader.feed(input);
                if (!used) return;
                input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(*used));
            }
            heard = reader.take();
            (void)outbox::send_all(socket_.get(), answer, wait);
            if (hang_up) socket_.reset();
        });
    }
    void join() {
        if (thread_.joinable()) thread_.join();
    }
    std::optional<outbox::Frame> heard;

  private:
    outbox::Socket socket_;
    std::thread thread_;
};

const Bytes certificates = outbox::write_sign_answer(outbox::Certificates{{{1, 2}, {3}}});

}  // namespace

TEST_CASE("signing socket: question and answer") {
    Kiosk kiosk;
    Peer peer(kiosk.path);
    peer.serve(certificates);
    const auto got = kiosk.socket->certificates();
    REQUIRE(got);
    CHECK(*got == std::vector<Bytes>{{1, 2}, {3}});
    peer.join();
    peer.serve(outbox::write_sign_answer(outbox::Signature{{9, 9}}));
    const auto signature = kiosk.socket->sign("DETEST00001", Bytes{4, 5});
    REQUIRE(signature);
    CHECK(*signature == Bytes{9, 9});
    peer.join();
    REQUIRE(peer.heard);
    const auto request = outbox::read_sign_request(*peer.heard);
    REQUIRE(request);
    CHECK(std::get<outbox::Sign>(*request).holder == "DETEST00001");
    CHECK(std::get<outbox::Sign>(*request).message == Bytes{4, 5});
}

TEST_CASE("signing socket: without a syncd it says so at once") {
    Kiosk kiosk;
    CHECK(kiosk.socket->certificates().error().code == Errc::network_unreachable);
    CHECK(kiosk.socket->sign("DE1", Bytes{1}).error().code == Errc::network_unreachable);
}

TEST_CASE("signing socket: what syncd refuses with arrives as what it is") {
    struct Row {
        std::uint16_t sent;
        Errc expected;
    };
    for (const Row& row : {Row{502, Errc::network_timeout}, Row{315, Errc::signer_failed},
                           Row{504, Errc::tls_peer_refused}, Row{999, Errc::message_bad}}) {
        Kiosk kiosk;
        Peer peer(kiosk.path);
        peer.serve(outbox::write_sign_answer(outbox::SignRefused{row.sent}));
        CHECK(kiosk.socket->sign("DE1", Bytes{1}).error().code == row.expected);
    }
}

TEST_CASE("signing socket: a syncd that was restarted is asked in place of the dead one") {
    Kiosk kiosk;
    {
        Peer first(kiosk.path);
        first.serve(certificates);
        REQUIRE(kiosk.socket->certificates());
    }
    Peer second(kiosk.path);
    second.serve(certificates);
    CHECK(kiosk.socket->certificates().has_value());
}

TEST_CASE("signing socket: of several that wait the newest counts") {
    Kiosk kiosk;
    Peer old(kiosk.path);
    Peer current(kiosk.path);
    current.serve(certificates);
    CHECK(kiosk.socket->certificates().has_value());
}

TEST_CASE("signing socket: a syncd that was restarted twenty times without a question is asked") {
    Kiosk kiosk;
    for (int i = 0; i < 20; ++i) REQUIRE(outbox::connect_to(kiosk.path));
    Peer last(kiosk.path);
    last.serve(certificates);
    CHECK(kiosk.socket->certificates().has_value());
}

TEST_CASE("signing socket: a syncd that was turned away because of dead ones is waited for") {
    Kiosk kiosk;
    int turned_away = 0;
    for (int i = 0; i < 2 * limits::socket_waiting_max; ++i) {
        if (!outbox::connect_to(kiosk.path)) ++turned_away;
    }
    CHECK(turned_away > 0);
    // It looks again and again, as syncd/asked.cpp does it.
    std::optional<Peer> live;
    std::thread again([&] {
        auto socket = outbox::connect_to(kiosk.path);
        for (; !socket; socket = outbox::connect_to(kiosk.path)) std::this_thread::yield();
        live.emplace(std::move(*socket));
        live->serve(certificates);
    });
    CHECK(kiosk.socket->certificates().has_value());
    again.join();
}

TEST_CASE("signing socket: gone in the middle, nonsense, and the next question is heard again") {
    const Bytes signature = outbox::write_sign_answer(outbox::Signature{{9, 9}});
    Bytes two = certificates;
    base::append(two, certificates);
    struct Row {
        Bytes sent;
        bool hang_up;
        Errc expected;
    };
    for (const Row& row :
         {Row{{}, true, Errc::network_unreachable},
          Row{{certificates.begin(), certificates.end() - 1}, true, Errc::network_unreachable},
          Row{signature, false, Errc::message_bad},  // not what was asked
          Row{two, false, Errc::message_bad},        // more than was asked
          Row{{0, 0, 0, 1, 200}, false, Errc::message_bad},
          Row{{0x7F, 0, 0, 1, 32}, false, Errc::message_too_large},
          Row{outbox::write_sign_request(outbox::AskCertificates{}), false, Errc::message_bad}}) {
        Kiosk kiosk;
        {
            Peer peer(kiosk.path);
            peer.serve(row.sent, row.hang_up);
            const auto got = kiosk.socket->certificates();
            REQUIRE_FALSE(got);
            CHECK(got.error().code == row.expected);
        }
        Peer next(kiosk.path);
        next.serve(certificates);
        CHECK(kiosk.socket->certificates().has_value());
    }
}

TEST_CASE("signing socket: a silent syncd costs its time and no more; a late answer is not taken") {
    test::Folder folder;
    const LeapingClock leaping;
    auto opened = outbox::SigningSocket::open({folder.at("s"), ::getuid()},
                                              const_cast<LeapingClock&>(leaping));
    REQUIRE(opened);
    Peer silent(folder.at("s"));
    const auto got = (*opened)->certificates();
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::network_timeout);
    // The line is dropped, so an answer that comes now belongs to nothing.
    CHECK((*opened)->certificates().error().code == Errc::network_unreachable);
}

TEST_CASE("signing socket: another user is not listened to") {
    Kiosk kiosk(::getuid() + 1);
    Peer stranger(kiosk.path);
    stranger.serve(certificates);
    CHECK(kiosk.socket->certificates().error().code == Errc::network_unreachable);
}
