// SPDX-License-Identifier: EUPL-1.2
// What the backend's answers mean to syncd: each status as the Errc that decides what happens next,
// the bytes that go out, and Retry-After. The answers that break their schema are rows of
// unit_syncd.
#include "sync/transport/backend.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "tests/unit/sync/transport/answering_server.hpp"

namespace {

using base::Errc;

constexpr const char* terminal = "0190a0b0-0000-7000-8000-000000000001";

struct World : test::AnsweringServer {
    http::Client client{options(), *client_tls, clock};
    transport::Backend backend{client, *base::parse_uuid(terminal)};
};

http::Response json(const std::string& body) {
    return http::make_response(200, "application/json", body);
}

}  // namespace

TEST_CASE("transport: bodies go out byte for byte to the terminal's own place") {
    World world;
    world.answers(json(R"({"receipts":["a.b.c","d.e.f"],"next_seq":9,"epoch":1})"));
    const std::string body = "{\"exact\": \"bytes\" \n}";
    const auto receipts = world.backend.post_batch(body);
    REQUIRE(receipts);
    CHECK(*receipts == transport::Receipts{"a.b.c", "d.e.f"});
    CHECK(world.last_request().path == std::string("/v1/terminals/") + terminal + "/batches");
    CHECK(world.last_request().body == body);
    CHECK(world.last_request().header("content-type") == "application/json");

    world.answers(json(R"({"receipts":[]})"));
    CHECK(world.backend.post_advance(body).value().empty());
    CHECK(world.last_request().path == std::string("/v1/terminals/") + terminal + "/advance");

    world.answers(json(R"({"events":[{"n":8,"set":"x.y.z"}],"next":8})"));
    const auto events = world.backend.fetch_events(7);
    REQUIRE(events);
    CHECK(world.last_request().query == "after=7");
    REQUIRE(events->events.size() == 1);
    CHECK(events->events[0].n == 8);
    CHECK(events->events[0].set == "x.y.z");
    CHECK(events->next == 8);
}

TEST_CASE("transport: each refusal has its own Errc") {
    struct Row {
        http::Response answer;
        Errc errc;
        std::uint32_t detail;
    };
    const Row rows[] = {
        {http::make_problem(409, "gap", "Gap"), Errc::sequence_gap, 409},
        {http::make_problem(409, "fork", "Fork"), Errc::fork_detected, 409},
        {http::make_response(409, "text/plain", "?"), Errc::sequence_gap, 409},
        {http::make_problem(413, "large", "Large"), Errc::message_too_large, 413},
        {http::make_problem(429, "busy", "Busy"), Errc::busy, 429},
        {http::make_problem(503, "busy", "Busy"), Errc::busy, 503},
        {http::make_problem(400, "body", "Bad"), Errc::http_status, 400},
        {http::make_problem(403, "role", "Role"), Errc::http_status, 403},
        {http::make_problem(500, "internal", "No"), Errc::http_status, 500},
        {http::Response{204, {}, {}}, Errc::http_status, 204},
        {http::make_response(201, "application/json", "{\"receipts\":[]}"), Errc::http_status, 201},
    };
    World world;
    for (const Row& row : rows) {
        CAPTURE(row.answer.status);
        world.answers(row.answer);
        const auto receipts = world.backend.post_batch("{}");
        REQUIRE_FALSE(receipts);
        CHECK(receipts.error().code == row.errc);
        CHECK(receipts.error().detail == row.detail);
    }
}

TEST_CASE("transport: Retry-After in seconds is read and bounded, anything else ignored") {
    struct Row {
        const char* text;
        std::optional<std::uint64_t> ms;
    };
    const Row rows[] = {{"0", 0},
                        {"1", 1'000},
                        {"3600", limits::retry_after_ms_max},
                        {"3601", limits::retry_after_ms_max},
                        {"18446744073709551615", limits::retry_after_ms_max},
                        {"18446744073709551616", std::nullopt},
                        {"-1", std::nullopt},
                        {"soon", std::nullopt},
                        {"Sun, 06 Nov 1994 08:49:37 GMT", std::nullopt}};
    World world;
    for (const Row& row : rows) {
        CAPTURE(row.text);
        http::Response busy = http::make_problem(503, "busy", "Busy");
        busy.headers.push_back({"retry-after", row.text});
        world.answers(busy);
        CHECK_FALSE(world.backend.post_batch("{}"));
        CHECK(world.backend.retry_after_ms() == row.ms);
    }
    world.answers(json(R"({"receipts":[]})"));
    CHECK(world.backend.post_batch("{}"));
    CHECK_FALSE(world.backend.retry_after_ms());
    CHECK(world.backend.date_ms() == test::today_ms);
}

TEST_CASE("transport: more receipts than a batch has records are refused") {
    World world;
    const auto of = [](std::size_t count) {
        std::string list = "\"a\"";
        for (std::size_t i = 1; i < count; ++i) list += ",\"a\"";
        return json("{\"receipts\":[" + list + "]}");
    };
    world.answers(of(limits::batch_records_max));
    CHECK(world.backend.post_batch("{}").value().size() == limits::batch_records_max);
    world.answers(of(limits::batch_records_max + 1));
    CHECK(world.backend.post_batch("{}").error().code == Errc::message_bad);
}

TEST_CASE("transport: a log's growth is a text of lines and whole hashes, or it is refused") {
    World world;
    const std::string hash = base::to_base64url(base::Bytes(32, 1));
    world.answers(json(R"({"checkpoint":"a\n1\n","proof":[")" + hash + R"("],"more":1})"));
    const auto growth = world.backend.fetch_growth(17);
    REQUIRE(growth);
    CHECK(growth->checkpoint == "a\n1\n");
    CHECK(growth->proof == base::Bytes(32, 1));
    CHECK(world.last_request().path == "/v1/log/growth");
    CHECK(world.last_request().query == "from=17");
    std::string many;
    for (std::size_t i = 0; i <= limits::log_proof_hashes_max; ++i)
        many += (i == 0 ? "\"" : ",\"") + hash + "\"";
    for (const std::string& body :
         {std::string("{}"), std::string(R"({"checkpoint":"","proof":[]})"),
          std::string(R"({"checkpoint":"a\tb","proof":[]})"),
          std::string(R"({"checkpoint":"a","proof":[1]})"),
          std::string(R"({"checkpoint":"a","proof":["AA"]})"),
          R"({"checkpoint":"a","proof":[)" + many + "]}",
          R"({"checkpoint":")" + std::string(limits::checkpoint_bytes_max + 1, 'a') +
              R"(","proof":[]})"}) {
        world.answers(json(body));
        const auto refused = world.backend.fetch_growth(0);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::message_bad);
    }
}

TEST_CASE("transport: how chains stand is a list of rising epochs, or it is refused") {
    World world;
    world.answers(json(R"({"chains":[{"epoch":1,"next_seq":9,"head":"a.b.c","more":1},)"
                       R"({"epoch":2,"next_seq":1,"head":""}]})"));
    const auto chains = world.backend.fetch_chains();
    REQUIRE(chains);
    REQUIRE(chains->size() == 2);
    CHECK(chains->at(0).next_seq == 9);
    CHECK(chains->at(0).head == "a.b.c");
    CHECK(world.last_request().path.ends_with("/chains"));
    for (
        const char* body :
        {"{}", "[]", R"({"chains":[1]})", R"({"chains":[{"epoch":0,"next_seq":1,"head":""}]})",
         R"({"chains":[{"epoch":1,"next_seq":0,"head":""}]})",
         R"({"chains":[{"epoch":1,"next_seq":1}]})",
         R"({"chains":[{"epoch":2,"next_seq":1,"head":""},{"epoch":1,"next_seq":1,"head":""}]})"}) {
        CAPTURE(body);
        world.answers(json(body));
        const auto refused = world.backend.fetch_chains();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::message_bad);
    }
}

TEST_CASE("transport: proofs of inclusion are of the log that was asked for, or they are refused") {
    World world;
    const std::string hash = base::to_base64url(base::Bytes(32, 1));
    world.answers(json(R"({"size":9,"inclusions":[{"index":8,"leaf":")" + hash + R"(","proof":[")" +
                       hash + R"("]}]})"));
    const auto found = world.backend.fetch_inclusions({3, 8}, 9);
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    CHECK(found->at(0).index == 8);
    CHECK(found->at(0).leaf == base::Bytes(32, 1));
    CHECK(found->at(0).proof == base::Bytes(32, 1));
    CHECK(world.last_request().path == "/v1/log/inclusion");
    CHECK(world.last_request().query == "size=9&index=3,8");
    const std::string item = R"({"index":8,"leaf":")" + hash + R"(","proof":[]})";
    for (const std::string& body :
         {std::string("{}"), R"({"size":8,"inclusions":[]})" + std::string(),
          R"({"size":9,"inclusions":[{"index":9,"leaf":")" + hash + R"(","proof":[]}]})",
          R"({"size":9,"inclusions":[{"index":8,"leaf":"AA","proof":[]}]})" + std::string(),
          R"({"inclusions":[)" + item + "]}"}) {
        CAPTURE(body);
        world.answers(json(body));
        const auto refused = world.backend.fetch_inclusions({8}, 9);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::message_bad);
    }
}
