// SPDX-License-Identifier: EUPL-1.2
// Kiosk and syncd over a real socket: the six requests, and that no syncd - hostile, silent,
// stopped or killed - holds the journal worker for longer than its turn or gets anything it should
// not.
#include "sync/outbox/server.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "drivers/base/limits_outbox.hpp"
#include "sync/outbox/client.hpp"
#include "tests/unit/sync/http/test_server.hpp"

namespace {

using base::Errc;

/// A worker that waits for a stopped syncd waits for ever; a busy machine delays a turn by less
/// than this.
constexpr double blocked_ms = 2'000;

/// A kiosk that writes down what it was asked.
class RecordingSource final : public outbox::Source {
  public:
    std::string batch = "batch";
    std::string advance = "advance";
    std::vector<std::string> sets;
    std::uint64_t cursor = 0;
    std::uint64_t log = 42;
    outbox::LinkStatus link;
    unsigned link_changes = 0;
    unsigned calls = 0;

    base::Result<std::string> next_batch() override {
        ++calls;
        if (batch == "broken") return base::fail(Errc::journal_io, "test");
        return batch;
    }
    base::Result<std::string> next_advance() override { return advance; }
    base::Result<void> store_receipt(std::string_view set) override {
        if (set == "forged") return base::fail(Errc::receipt_bad, "test");
        sets.emplace_back(set);
        return {};
    }
    base::Result<void> store_event(std::uint64_t n, std::string_view set) override {
        cursor = n;
        sets.emplace_back(set);
        return {};
    }
    base::Result<std::uint64_t> event_cursor() override { return cursor; }
    base::Result<std::uint64_t> log_size() override { return log; }
    base::Result<void> store_checkpoint(std::string_view note, base::ByteView proof) override {
        if (note == "forked") return base::fail(Errc::fork_detected, "test");
        sets.emplace_back(std::string(note) + ":" + std::to_string(proof.size()));
        return {};
    }
    base::Result<void> hear_chains(const std::vector<outbox::ChainStand>& chains) override {
        sets.push_back(std::to_string(chains.size()) + " chains");
        return {};
    }
    base::Result<outbox::Unproven> unproven() override { return outbox::Unproven{log, {3, 5}}; }
    base::Result<void> store_inclusion(const outbox::StoreInclusion& claim) override {
        if (claim.index == 13) return base::fail(Errc::fork_detected, "test");
        sets.push_back(std::to_string(claim.index) + ":" + std::to_string(claim.size) + ":" +
                       std::to_string(claim.proof.size()));
        return {};
    }
    void link_changed(const outbox::LinkStatus& status) override {
        link = status;
        ++link_changes;
    }
};

/// A folder that goes with the test.
struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "outbox-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() {
        std::error_code ignored;  // a leftover folder harms no later test
        std::filesystem::remove_all(path, ignored);
    }
};

struct World {
    Folder folder;
    std::string path = (folder.path / "kiosk.sock").string();
    test::SteadyClock clock;
    test::ManualClock slow_clock{0};  ///< the rate limit looks at it; stands still unless moved
    RecordingSource source;
    std::unique_ptr<outbox::Server> server;

    explicit World(uid_t peer = ::getuid()) {
        auto opened = outbox::Server::open({path, peer}, source, slow_clock);
        REQUIRE(opened);
        server = std::move(*opened);
    }
    /// Runs `talk` as syncd while this thread is the journal worker. returns the longest turn in
    /// milliseconds.
    template <class Talk>
    double serve(Talk talk) {
        std::atomic<bool> finished{false};
        std::thread syncd([&] {
            talk();
            finished = true;
        });
        double longest = 0;
        while (!finished) longest = std::max(longest, timed_turn(1));
        syncd.join();
        return longest;
    }
    double timed_turn(int wait_ms) {
        const auto begun = std::chrono::steady_clock::now();
        server->turn(wait_ms);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - begun;
        return took.count();
    }
    void settle() {
        for (int i = 0; i < 16; ++i) server->turn(1);
    }
};

/// A raw connection that says what no syncd of ours would say.
struct Raw {
    outbox::Socket socket;
    explicit Raw(const std::string& path) {
        auto connected = outbox::connect_to(path);
        REQUIRE(connected);
        socket = std::move(*connected);
    }
    void send(base::ByteView bytes) {
        // The kiosk may have hung up already: one of the tested cases.
        (void)::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    /// True if the kiosk has ended the connection.
    bool ended() {
        char byte = 0;
        const auto got = ::recv(socket.get(), &byte, 1, MSG_DONTWAIT);
        return got == 0 || (got < 0 && errno != EAGAIN);
    }
};

}  // namespace

TEST_CASE("outbox: the six requests and their answers") {
    World world;
    world.source.batch = std::string(limits::batch_bytes_max, 'b');
    world.serve([&] {
        outbox::Client client(world.path, world.clock, -1);
        CHECK(client.pull_batch().value() == world.source.batch);
        CHECK(client.pull_advance().value() == "advance");
        CHECK(client.store_receipt("a.b.c"));
        CHECK(client.store_receipt("forged").error().code == Errc::receipt_bad);
        CHECK(client.store_event(9, "d.e.f"));
        CHECK(client.event_cursor().value() == 9);
        CHECK(client.log_size().value() == 42);
        CHECK(client.store_checkpoint("note", base::Bytes(64, 1)).has_value());
        CHECK(client.store_checkpoint("forked", {}).error().code == Errc::fork_detected);
        CHECK(client.tell_link({true, 77}));
        world.source.batch = "broken";
        CHECK(client.pull_batch().error().code == Errc::journal_io);
        CHECK(client.pull_advance());  // a refusal does not end the connection
    });
    CHECK(world.source.sets == std::vector<std::string>{"a.b.c", "d.e.f", "note:64"});
    CHECK(world.source.link.up);
    CHECK(world.source.link.since_ms == 77);
}

TEST_CASE("outbox: a syncd that says nothing for three rounds is not heard until it asks again") {
    World world;
    CHECK_FALSE(world.server->heard());
    outbox::Client client(world.path, world.clock, -1);
    const auto tell = [&] { world.serve([&] { CHECK(client.tell_link({true, 77})); }); };
    tell();
    world.slow_clock.pass(limits::syncd_silent_ms_max - 1);
    CHECK(world.server->heard());
    CHECK(world.source.link_changes == 1);
    world.slow_clock.pass(1);
    CHECK_FALSE(world.server->heard());
    CHECK(world.server->connected());
    // The same word again: news for a kiosk that has given the line up meanwhile.
    tell();
    CHECK(world.server->heard());
    CHECK(world.source.link_changes == 2);
    tell();
    CHECK(world.source.link_changes == 2);
}

TEST_CASE("outbox: the kiosk hears of a link when it changes, and from each new syncd") {
    World world;
    for (unsigned syncd = 1; syncd <= 2; ++syncd) {
        world.serve([&] {
            outbox::Client client(world.path, world.clock, -1);
            for (int i = 0; i < 3; ++i) CHECK(client.tell_link({true, 77}));
        });
        CHECK(world.source.link_changes == syncd);
    }
    world.serve([&] {
        outbox::Client client(world.path, world.clock, -1);
        CHECK(client.tell_link({true, 77}));
        CHECK(client.tell_link({false, 78}));
    });
    CHECK(world.source.link_changes == 4);
}

TEST_CASE(
    "outbox: a record is told unasked, once until it is asked for, and never in an answer's "
    "place") {
    World world;
    outbox::Client client(world.path, world.clock, -1);
    world.serve([&] { CHECK(client.pull_batch().value() == "batch"); });
    CHECK_FALSE(client.take_news().value());
    world.server->tell_news();
    world.server->tell_news();
    world.settle();
    CHECK(client.take_news().value());
    CHECK_FALSE(client.take_news().value());
    world.server->tell_news();  // not asked for since: nothing more to say
    world.settle();
    CHECK_FALSE(client.take_news().value());
    world.serve([&] { CHECK(client.pull_batch().value() == "batch"); });
    world.settle();
    // Told while nobody listened: the next answer is still the answer, and the news is kept.
    world.serve([&] { CHECK(client.event_cursor().value() == 0); });
    CHECK(client.take_news().value());
    world.server.reset();
    CHECK(client.take_news().error().code == Errc::network_unreachable);
    CHECK(client.descriptor() == -1);
}

TEST_CASE("outbox: hostile bytes end the connection and reach nothing") {
    World world;
    std::vector<base::Bytes> rows{
        {0, 0, 0, 0, 1},                 // length 0
        {0, 0, 0, 2, 1, 0},              // payload where none belongs
        {0xFF, 0xFF, 0xFF, 0xFF, 3},     // four gigabytes
        {0, 0, 0, 1, 129},               // an answer
        {0, 0, 0, 1, 0},                 // no such type
        {0, 0, 0, 2, 3, '\n'},           // no SET
        {0x16, 0x03, 0x01, 0x02, 0x00},  // TLS
    };
    for (const auto& row : rows) {
        Raw raw(world.path);
        raw.send(row);
        world.settle();
        CHECK(raw.ended());
        CHECK_FALSE(world.server->connected());
    }
    CHECK(world.source.calls == 0);
    CHECK(world.source.sets.empty());
}

TEST_CASE("outbox: half a frame waits without harm, and a new syncd replaces the old") {
    World world;
    Raw half(world.path);
    half.send(base::Bytes{0, 0, 0, 9, 3, 'a'});
    world.settle();
    CHECK(world.server->connected());
    for (int i = 0; i < 100; ++i) CHECK(world.timed_turn(0) < blocked_ms);
    world.serve([&] {
        outbox::Client client(world.path, world.clock, -1);
        CHECK(client.pull_advance().value() == "advance");
    });
    CHECK(half.ended());
    CHECK(world.source.sets.empty());
}

TEST_CASE("outbox: requests are bounded per second, and the worker keeps its turns") {
    World world;
    Raw flood(world.path);
    const base::Bytes pull = outbox::write_request(outbox::PullBatch{});
    base::Bytes many;
    for (unsigned i = 0; i < 3 * limits::outbox_requests_per_s_max; ++i) base::append(many, pull);
    flood.send(many);
    for (unsigned i = 0; i < 4 * limits::outbox_requests_per_s_max; ++i) world.server->turn(0);
    CHECK(world.source.calls == limits::outbox_requests_per_s_max);
    world.slow_clock.pass(1'000);
    world.server->turn(0);
    CHECK(world.source.calls == limits::outbox_requests_per_s_max + 1);
}

TEST_CASE("outbox: a user of another id is not let in") {
    World world(::getuid() + 1);
    Raw stranger(world.path);
    stranger.send(outbox::write_request(outbox::PullBatch{}));
    world.settle();
    CHECK_FALSE(world.server->connected());
    CHECK(stranger.ended());
    CHECK(world.source.calls == 0);
}

TEST_CASE("outbox: the kernel's word counts, not the file's mode") {
    if (::getuid() != 0) {
        MESSAGE("needs root to become another user");
        return;
    }
    World world;
    std::filesystem::permissions(world.folder.path, std::filesystem::perms::all);
    std::filesystem::permissions(world.path, std::filesystem::perms::all);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // nobody; only system calls here, since the parent may have threads.
        if (::setuid(65'534) != 0) ::_exit(2);
        auto socket = outbox::connect_to(world.path);
        if (!socket) ::_exit(3);
        char byte = 0;
        for (int i = 0; i < 500; ++i) {
            const auto got = ::recv(socket->get(), &byte, 1, MSG_DONTWAIT);
            if (got == 0) ::_exit(0);
            ::usleep(10'000);
        }
        ::_exit(4);
    }
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) world.server->turn(5);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK_FALSE(world.server->connected());
}

TEST_CASE("outbox: a stopped and then killed syncd never holds the worker") {
    World world;
    world.source.batch = std::string(limits::batch_bytes_max, 'b');  // far more than a socket holds
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto socket = outbox::connect_to(world.path);
        const base::Bytes pull = outbox::write_request(outbox::PullBatch{});
        if (!socket || ::send(socket->get(), pull.data(), pull.size(), 0) < 0) ::_exit(1);
        ::raise(SIGSTOP);
        ::_exit(0);
    }
    int status = 0;
    while (::waitpid(child, &status, WUNTRACED | WNOHANG) == 0) world.server->turn(1);
    REQUIRE(WIFSTOPPED(status));
    double longest = 0;
    for (int i = 0; i < 200; ++i) longest = std::max(longest, world.timed_turn(0));
    CHECK(world.server->connected());
    CHECK(world.source.calls == 1);
    CHECK(longest < blocked_ms);
    MESSAGE("longest turn beside a stopped syncd: " << longest << " ms");
    ::kill(child, SIGKILL);
    REQUIRE(::waitpid(child, &status, 0) == child);
    world.settle();
    CHECK_FALSE(world.server->connected());
    // And the next one is served as if nothing had been.
    world.serve([&] {
        outbox::Client client(world.path, world.clock, -1);
        CHECK(client.pull_batch().value() == world.source.batch);
    });
}

TEST_CASE("outbox: a client says plainly what went wrong, and connects anew") {
    Folder folder;
    test::SteadyClock clock;
    const std::string path = (folder.path / "kiosk.sock").string();
    outbox::Client client(path, clock, -1);
    CHECK(client.pull_batch().error().code == Errc::network_unreachable);
    CHECK(outbox::listen_at(std::string(200, 'a')).error().code == Errc::config_bad);

    // A kiosk that answers something else than was asked, twice too much, or nothing.
    auto listener = outbox::listen_at(path);
    REQUIRE(listener);
    const base::Bytes cursor = outbox::write_answer(outbox::Cursor{1});
    base::Bytes twice = outbox::write_answer(outbox::BatchBody{"b"});
    base::append(twice, cursor);
    for (const base::Bytes& answer : {cursor, twice, base::Bytes{9, 9, 9, 9, 9}, base::Bytes{}}) {
        outbox::Socket kept;
        std::thread kiosk([&] {
            while (!kept.has_value()) kept = outbox::accept_from(listener->get());
            char request[5];
            while (::recv(kept.get(), request, sizeof request, 0) < 0) ::usleep(1'000);
            (void)::send(kept.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
            ::shutdown(kept.get(), SHUT_WR);
        });
        const auto body = client.pull_batch();
        kiosk.join();
        REQUIRE_FALSE(body);
        CHECK(body.error().code ==
              (answer.empty() ? Errc::network_unreachable : Errc::message_bad));
        client.disconnect();
    }
}
