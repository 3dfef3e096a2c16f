// SPDX-License-Identifier: EUPL-1.2
// What is refused before any work is done: a certificate that asks too often, one request too many
// that waits, and one long answer too many.
#include "sync/backend/service/admission.hpp"

#include "drivers/base/limits_backend.hpp"
#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

namespace {

class Inner final : public http::Handler {
  public:
    http::Response handle(const http::Request&) override { return {}; }
    http::Answer answer(const http::Request& request) override {
        ++asked;
        if (request.path == "/work") {
            return http::Work{[this]() -> std::optional<http::Response> {
                if (!ready) return std::nullopt;
                return http::Response{};
            }};
        }
        if (request.path != "/wait") return http::Response{};
        return http::Later([this]() -> std::optional<http::Response> {
            if (!ready) return std::nullopt;
            return http::Response{};
        });
    }
    int asked = 0;
    bool ready = false;
};

struct World {
    test::ManualClock clock;
    Inner inner;
    backend::Admission admission{inner, clock};

    http::Answer ask(const std::string& who, const std::string& path = "/") {
        http::Request request;
        request.path = path;
        if (!who.empty()) request.peer = http::Peer{"terminal", who};
        return admission.answer(request);
    }
    unsigned status(const std::string& who) { return std::get<http::Response>(ask(who)).status; }
};

}  // namespace

TEST_CASE("admission: a certificate has a burst and a rate, whoever else asks") {
    World world;
    for (std::uint64_t i = 0; i < limits::request_burst_max; ++i) CHECK(world.status("a") == 200);
    const auto refused = std::get<http::Response>(world.ask("a"));
    CHECK(refused.status == 429);
    CHECK(*refused.header("retry-after") == "1");
    CHECK(world.status("b") == 200);
    CHECK(world.inner.asked == static_cast<int>(limits::request_burst_max) + 1);
    // One request comes back in 1000 / rate milliseconds, and not earlier.
    world.clock.now_ms += 1'000 / limits::requests_per_s - 1;
    CHECK(world.status("a") == 429);
    world.clock.now_ms += 1;
    CHECK(world.status("a") == 200);
    CHECK(world.status("a") == 429);
    world.clock.now_ms += 24ULL * 3'600 * 1'000;
    for (std::uint64_t i = 0; i < limits::request_burst_max; ++i) CHECK(world.status("a") == 200);
    CHECK(world.status("a") == 429);
    CHECK_MESSAGE(world.status("") == 200, "the plain listener has no certificate to count");
}

TEST_CASE("admission: the number of certificates that are counted is bounded") {
    World world;
    for (std::size_t i = 0; i < 3 * limits::request_peers_max; ++i) {
        REQUIRE(world.status("t" + std::to_string(i)) == 200);
    }
}

TEST_CASE("admission: so many requests wait at a time, and a place is free when one has ended") {
    World world;
    std::vector<http::Later> waiting;
    for (std::size_t i = 0; i < limits::waiting_answers_max; ++i) {
        waiting.push_back(std::get<http::Later>(world.ask("t" + std::to_string(i), "/wait")));
    }
    const auto refused = std::get<http::Response>(world.ask("late", "/wait"));
    CHECK(refused.status == 503);
    CHECK(refused.header("retry-after").has_value());
    CHECK_FALSE(waiting.back()().has_value());
    waiting.pop_back();
    CHECK(std::holds_alternative<http::Later>(world.ask("late", "/wait")));
    world.inner.ready = true;
    CHECK(waiting.back()()->status == 200);
}

TEST_CASE(
    "admission: of one certificate and of all so many long answers are in work, and no more") {
    World world;
    std::vector<http::Work> working;
    const auto begin = [&](const std::string& who) {
        working.push_back(std::get<http::Work>(world.ask(who, "/work")));
    };
    for (std::size_t i = 0; i < limits::work_answers_peer_max; ++i) begin("a");
    const auto refused = std::get<http::Response>(world.ask("a", "/work"));
    CHECK(refused.status == 429);
    CHECK(*refused.header("retry-after") == "1");
    CHECK_MESSAGE(world.status("a") == 200, "a short answer needs no place");
    CHECK_MESSAGE(std::holds_alternative<http::Later>(world.ask("a", "/wait")),
                  "nor does a record that waits for its place in the log");
    // Whose connection has ended makes room, and so does whoever has been answered.
    CHECK_FALSE(working.back().step().has_value());
    working.pop_back();
    begin("a");
    CHECK(std::get<http::Response>(world.ask("a", "/work")).status == 429);
    for (int who = 0; working.size() < limits::work_answers_max; ++who) {
        for (std::size_t i = 0; i < limits::work_answers_peer_max; ++i)
            begin("b" + std::to_string(who));
    }
    const auto full = std::get<http::Response>(world.ask("z", "/work"));
    CHECK(full.status == 503);
    CHECK(full.header("retry-after").has_value());
    world.inner.ready = true;
    CHECK(working.back().step()->status == 200);
    working.clear();
    begin("z");
}
