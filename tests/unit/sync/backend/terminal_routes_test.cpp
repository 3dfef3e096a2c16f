// SPDX-License-Identifier: EUPL-1.2
// What a terminal asks and gets: receipts, advance copies, and refusals that say where its chain
// stands.

#include "drivers/base/limits.hpp"
#include "sync/backend/ingest/revocation.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/seal/chain.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using test::anna;
using test::is_problem;
using test::Story;
using World = test::ServiceWorld;

TEST_CASE("terminal routes: a batch is answered with one receipt that binds every record") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.give(anna, "JBA-01", {"amt-a"}, {"amt-b"}, 30);
    for (int delivery = 0; delivery < 2; ++delivery) {
        const Json answer = world.json(world.send(1, 2));
        CHECK(answer["next_seq"] == 3);
        CHECK(answer["epoch"] == 1);
        REQUIRE(answer["receipts"].size() == 1);
        const auto receipt = receipts::verify(answer["receipts"][0].get<std::string>(),
                                              world.receipt_key.point, world.terminal.id);
        REQUIRE(receipt.has_value());
        const auto& received = std::get<receipts::Received>(receipt->event);
        CHECK(received.from == 1);
        CHECK(received.to == 2);
        CHECK(received.log_size == 2);
        REQUIRE(received.records.size() == 2);
        for (std::size_t i = 0; i < 2; ++i) {
            CHECK(received.records[i].leaf == world.terminal.leaf(i + 1));
            CHECK(received.records[i].log_index == i);
        }
    }
    CHECK(world.counters.records == 2);
    CHECK(world.counters.repeats == 1);
}

TEST_CASE(
    "terminal routes: an advance copy is answered in its own lane, its chain entry keeps the "
    "index") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.take_back(anna, id);
    const auto answer =
        world.json(world.ask("terminal", base::to_text(world.terminal.id), http::Method::post,
                             world.terminal_path("advance"), world.terminal.advance({2})));
    const auto ahead = receipts::verify(answer["receipts"].at(0).get<std::string>(),
                                        world.receipt_key.point, world.terminal.id);
    REQUIRE(ahead.has_value());
    CHECK(std::get<receipts::Received>(ahead->event).lane == receipts::Lane::advance);
    CHECK(std::get<receipts::Received>(ahead->event).records.at(0).log_index == 0);
    const auto chain =
        receipts::verify(world.json(world.send(1, 2))["receipts"].at(0).get<std::string>(),
                         world.receipt_key.point, world.terminal.id);
    REQUIRE(chain.has_value());
    CHECK(std::get<receipts::Received>(chain->event).records.at(0).log_index == 1);
    CHECK(std::get<receipts::Received>(chain->event).records.at(1).log_index == 0);
}

TEST_CASE("terminal routes: a gap and a fork are conflicts that say where the chain stands") {
    World world;
    auto clone = world.terminal.clone();
    Story forged{{clone, world.views_key.point, world.random, test::start_ms}};
    forged.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    for (int i = 0; i < 3; ++i) world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    CHECK(world.send(1, 1).status == 200);
    const auto gap = world.send(3, 3);
    CHECK(is_problem(gap, 409));
    CHECK(model::parse_json(gap.body, 1'000)->at("next_seq") == 2);
    CHECK(model::parse_json(gap.body, 1'000)->at("type") == "urn:freigabe:problem:gap");
    const auto fork = world.ask("terminal", base::to_text(world.terminal.id), http::Method::post,
                                world.terminal_path("batches"), clone.batch(1, 1));
    CHECK(is_problem(fork, 409));
    CHECK(model::parse_json(fork.body, 1'000)->at("type") == "urn:freigabe:problem:fork");
    CHECK(world.counters.forks == 1);
    CHECK(world.items("amt-b").size() == 1);
}

TEST_CASE("terminal routes: a gap is forgotten when it is filled, and ages while it stays") {
    World world;
    for (int i = 0; i < 4; ++i) world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    const auto metrics = [&] {
        return world.ask("auditor", "dsb", http::Method::get, "/metrics").body;
    };
    const auto says = [&](const std::string& line) {
        return metrics().find("freigabe_" + line + "\n") != std::string::npos;
    };
    // Sticks in another order: the second first, then both.
    CHECK(is_problem(world.send(3, 4), 409));
    CHECK(says("gaps_open 1"));
    world.clock.now_ms += 90'000'000;
    CHECK(says("gap_oldest_age_seconds 90000.0"));
    REQUIRE(world.send(1, 2).status == 200);
    CHECK_MESSAGE(says("gaps_open 1"), "what was refused has not come again");
    REQUIRE(world.send(3, 4).status == 200);
    CHECK(says("gaps_open 0"));
    CHECK(says("gap_oldest_age_seconds 0.0"));
    CHECK(says("gaps_total 1"));
    // A new one begins to wait now; repeating it does not make it younger.
    for (int i = 0; i < 2; ++i) world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    CHECK(is_problem(world.send(6, 6), 409));
    world.clock.now_ms += 5'000;
    CHECK(is_problem(world.send(6, 6), 409));
    CHECK(says("gap_oldest_age_seconds 5.0"));
    // A terminal out of service waits for nobody.
    REQUIRE(backend::revoke(*world.store, {world.terminal.id, "stolen", test::start_ms}));
    CHECK(says("gaps_open 0"));
}

TEST_CASE("terminal routes: a body of another type or beyond its bound has its own refusal") {
    World world;
    http::Request request;
    request.method = http::Method::post;
    request.path = world.terminal_path("batches");
    request.peer = http::Peer{"terminal", base::to_text(world.terminal.id)};
    const auto answer = [&](const char* type, std::string body) {
        request.headers = {{"content-type", type}};
        request.body = std::move(body);
        return world.service.handle(request);
    };
    CHECK(is_problem(answer("text/plain", "{}"), 415));
    CHECK(is_problem(answer("application/jose", "{}"), 415));
    CHECK(is_problem(answer("Application/JSON; charset=utf-8", "{}"), 400));
    CHECK(is_problem(answer("application/json", std::string(limits::batch_bytes_max, ' ')), 400));
    CHECK(
        is_problem(answer("application/json", std::string(limits::batch_bytes_max + 1, ' ')), 413));
    CHECK(is_problem(answer("application/json", std::string(100'000, '[')), 400));
    request.path = "/v1/enrolments";
    CHECK(is_problem(answer("application/json", "{}"), 415));
    CHECK(is_problem(answer("application/jose", "{}"), 400));
}

TEST_CASE("terminal routes: whoever guesses codes is sent away, and only they") {
    World world;
    test::Terminal honest(2, world.random);
    const auto ask = [&](test::Terminal& terminal, const std::string& code) {
        http::Request request;
        request.method = http::Method::post;
        request.path = "/v1/enrolments";
        request.peer = http::Peer{"terminal", base::to_text(terminal.id)};
        request.body = terminal.enrolment(code, "site");
        return world.service.handle(request);
    };
    const auto invite = [&](const test::Terminal& terminal) {
        return *backend::invite(*world.store, {terminal.id, "site", world.clock.now_ms + 3'600'000},
                                world.random);
    };
    for (unsigned i = 0; i < backend::Attempts::failures_max; ++i) {
        CHECK(is_problem(ask(world.terminal, "AAAA-AAAA-AAAA-AAAA-AAAA"), 403));
    }
    const std::string code = invite(world.terminal);
    const auto refused = ask(world.terminal, code);
    CHECK(is_problem(refused, 429));
    CHECK(*refused.header("retry-after") == "900");
    CHECK(ask(honest, invite(honest)).status == 201);
    world.clock.now_ms += backend::Attempts::window_ms;
    CHECK(ask(world.terminal, code).status == 201);
}

TEST_CASE("sqlite: a full disk says so, and nothing is acknowledged") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    static constexpr backend::Statement shrink{"PRAGMA max_page_count=1"};
    static constexpr backend::Statement grow{"PRAGMA max_page_count=100000"};
    static constexpr backend::Statement pages{"PRAGMA page_count"};
    REQUIRE(world.store->run(shrink, {}).has_value());
    std::uint64_t stored = 0;
    http::Response answer;
    // The free space of the pages that are there takes some records; then it is over.
    for (; stored < 500; ++stored) {
        answer = world.send(stored + 1, stored + 1);
        if (answer.status != 200) break;
        world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    }
    CHECK(is_problem(answer, 503));
    CHECK(*answer.header("retry-after") == "600");
    CHECK(world.counters.records == stored);
    REQUIRE(world.store->run(grow, {}).has_value());
    CHECK(world.send(stored + 1, stored + 1).status == 200);
    CHECK(world.store->run(pages, {}).has_value());
}

TEST_CASE("terminal routes: a terminal reads how its chains stand, with the heads it signed") {
    World world;
    const std::string id = base::to_text(world.terminal.id);
    const auto chains = [&] {
        return world.json(
            world.ask("terminal", id, http::Method::get, world.terminal_path("chains")))["chains"];
    };
    CHECK(chains().empty());
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.give(anna, "JBA-01", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    const model::Digest head = world.terminal.head();
    world.terminal.new_epoch(head);
    world.terminal.append(test::grant(3));
    REQUIRE(world.send(1, 1).status == 200);
    const Json found = chains();
    REQUIRE(found.size() == 2);
    CHECK(found[0]["epoch"] == 1);
    CHECK(found[0]["next_seq"] == 3);
    CHECK(seal::verify_head(found[0]["head"].get<std::string>(), world.terminal.key.point)->leaf ==
          head);
    CHECK(found[1]["epoch"] == 2);
    CHECK(found[1]["next_seq"] == 2);
    CHECK(world
              .ask("terminal", base::to_text(test::uuid(9)), http::Method::get,
                   world.terminal_path("chains"))
              .status == 403);
}

TEST_CASE("terminal routes: content that both sides have lost leaves its place, and acts count") {
    World world;
    world.terminal.append(test::grant(1));
    auto act = test::withdrawal(1, model::TargetKind::declaration,
                                model::declaration_value(test::uuid(1)));
    world.terminal.append(act);
    world.terminal.append(test::grant(2));
    model::Batch batch = world.terminal.batch_value(1, 3);
    const auto send = [&] {
        return world.ask("terminal", base::to_text(world.terminal.id), http::Method::post,
                         world.terminal_path("batches"), model::encode(batch));
    };
    const model::Record whole = batch.records[1];
    for (model::Record& record : batch.records) record.jwe.clear();
    // Scopes without content count for protective acts only, and those must have theirs.
    CHECK(send().status == 400);
    batch.records[0].scopes.clear();
    batch.records[2].scopes.clear();
    batch.records[1].scopes.clear();
    CHECK(send().status == 400);
    batch.records[1].scopes = whole.scopes;
    const Json answer = world.json(send());
    CHECK(answer["next_seq"] == 4);
    CHECK(world.counters.unusable == 2);
    static constexpr backend::Statement count_acts{"SELECT COUNT(*) FROM act"};
    CHECK(world.store->run(count_acts, {})->at(0).count(0) == 1);
}
