// SPDX-License-Identifier: EUPL-1.2
// The line of an insight: the kiosk's socket, syncd's carrier, TLS and a backend with all manners.
// The texts are sealed elsewhere; here they only have to arrive as they are, or a reason in their
// place.
#include "sync/syncd/insight_carrier.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>
#include <sys/eventfd.h>

#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "drivers/base/limits_insight.hpp"
#include "sync/outbox/insight_socket.hpp"
#include "tests/unit/sync/http/tls_pair.hpp"
#include "tests/unit/sync/syncd/folder.hpp"

namespace {

using base::Errc;
using namespace std::chrono_literals;

constexpr const char* terminal_id = "0190a0b0-0000-7000-8000-000000000001";

class Manners final : public http::Handler {
  public:
    http::Response handle(const http::Request& request) override {
        const std::lock_guard lock(mutex_);
        last_ = request;
        return answer_ ? answer_() : http::make_response(200, "application/jose", "e.c.h.o.x");
    }
    void answers(std::function<http::Response()> answer) {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(answer);
    }
    http::Request last() {
        const std::lock_guard lock(mutex_);
        return last_;
    }

  private:
    std::mutex mutex_;
    std::function<http::Response()> answer_;
    http::Request last_;
};

/// Kiosk, syncd and backend. Members in order of need.
struct Line : test::TlsPair {
    test::Folder folder;
    Manners manners;
    std::unique_ptr<http::Server> server = listen(manners);
    std::optional<test::ServerThread> server_thread{*server};
    int stop_fd = ::eventfd(0, EFD_CLOEXEC);
    int cancel_fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    std::optional<outbox::InsightSocket> socket;
    std::thread syncd;
    std::uint32_t request_ms_max = limits::insight_request_ms_max;

    Line() {
        auto opened = outbox::InsightSocket::open({folder.at("insight.sock"), ::getuid()}, clock);
        REQUIRE(opened);
        socket.emplace(std::move(*opened));
    }
    ~Line() {
        const std::uint64_t one = 1;
        REQUIRE(::write(stop_fd, &one, sizeof one) == sizeof one);
        if (syncd.joinable()) syncd.join();
        ::close(stop_fd);
        ::close(cancel_fd);
    }
    void start_syncd() {
        syncd = std::thread([this, port = server->port()] {
            http::Client client({{"127.0.0.1", port}, "backend.test", stop_fd, request_ms_max},
                                *client_tls, clock);
            transport::Backend backend(client, *base::parse_uuid(terminal_id));
            syncd::InsightCarrier(folder.at("insight.sock"), backend, clock).run(stop_fd);
        });
    }
    base::Result<std::string> ask(std::string jwe = "q.u.e.r.y") {
        return socket->ask(std::move(jwe), cancel_fd);
    }
    /// Until syncd has connected: it begins at its own pace.
    base::Result<std::string> ask_soon() {
        for (int i = 0; i < 1'000; ++i) {
            auto got = ask();
            if (got || got.error().code != Errc::network_unreachable) return got;
            std::this_thread::sleep_for(5ms);
        }
        return base::fail(Errc::network_timeout, "test: syncd never came");
    }
};

std::function<http::Response()> says(unsigned status, const std::string& body) {
    return [=] { return http::make_response(status, "application/jose", body); };
}

}  // namespace

TEST_CASE("insight line: question and answer pass byte for byte") {
    Line line;
    line.start_syncd();
    const auto got = line.ask_soon();
    REQUIRE(got);
    CHECK(*got == "e.c.h.o.x");
    const http::Request sent = line.manners.last();
    CHECK(sent.path == std::string("/v1/terminals/") + terminal_id + "/insight");
    CHECK(sent.header("content-type") == "application/jose");
    CHECK(sent.body == "q.u.e.r.y");
}

TEST_CASE("insight line: without a syncd it says so; one that comes a moment later is asked") {
    Line line;
    CHECK(line.ask().error().code == Errc::network_unreachable);
    std::thread later([&] {
        std::this_thread::sleep_for(100ms);
        line.start_syncd();
    });
    CHECK(line.ask().has_value());
    later.join();
}

TEST_CASE("insight line: what the backend says instead arrives as a reason, and then it goes on") {
    Line line;
    line.start_syncd();
    REQUIRE(line.ask_soon());
    struct Row {
        std::function<http::Response()> answer;
        Errc expected;
    };
    for (const Row& row :
         {Row{says(429, "{}"), Errc::busy}, Row{says(503, "{}"), Errc::busy},
          Row{says(403, "{}"), Errc::http_status}, Row{says(500, "{}"), Errc::http_status},
          Row{says(200, ""), Errc::message_bad}, Row{says(200, "{\"rows\":[]}"), Errc::message_bad},
          Row{says(200, std::string(limits::insight_answer_bytes_max + 1, 'a')),
              Errc::message_bad}}) {
        CAPTURE(static_cast<int>(row.expected));
        line.manners.answers(row.answer);
        const auto refused = line.ask();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == row.expected);
        line.manners.answers(nullptr);
        CHECK(line.ask().has_value());
    }
    line.server_thread.reset();
    line.server.reset();
    CHECK(line.ask().error().code == Errc::network_unreachable);
}

TEST_CASE("insight line: a backend that does not answer in time; a late answer is nobody's") {
    Line line;
    line.request_ms_max = 400;
    std::promise<void> told;
    const std::shared_future<void> later = told.get_future().share();
    line.manners.answers([&] {
        later.wait();
        return http::make_response(200, "application/jose", "late");
    });
    line.start_syncd();
    const auto refused = line.ask_soon();
    told.set_value();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::network_timeout);
    line.manners.answers(nullptr);
    auto next = line.ask();
    // On a busy machine a handshake alone can outlast the short deadline.
    for (int i = 0; i < 20 && !next; ++i) next = line.ask();
    REQUIRE(next);
    CHECK(*next == "e.c.h.o.x");
}

TEST_CASE(
    "insight line: the end of a session ends the wait, and no late answer is taken for another") {
    Line line;
    line.start_syncd();
    REQUIRE(line.ask_soon());
    const std::uint64_t one = 1;
    line.manners.answers([&] {
        REQUIRE(::write(line.cancel_fd, &one, sizeof one) == sizeof one);
        std::this_thread::sleep_for(50ms);
        return http::make_response(200, "application/jose", "of.the.last.person.x");
    });
    CHECK(line.ask().error().code == Errc::cancelled);
    std::uint64_t drained = 0;
    REQUIRE(::read(line.cancel_fd, &drained, sizeof drained) == sizeof drained);
    line.manners.answers(nullptr);
    const auto next = line.ask_soon();
    REQUIRE(next);
    CHECK(*next == "e.c.h.o.x");
}
