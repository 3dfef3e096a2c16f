// SPDX-License-Identifier: EUPL-1.2
// Insight from a terminal's request to its answer, against the backend: who may ask, what comes,
// and that it is of this person alone.

#include <algorithm>
#include <map>

#include "drivers/base/limits_exchange.hpp"
#include "sync/model/times.hpp"
#include "sync/receipts/insight.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using test::anna;
using test::is_problem;
using test::other_anna;

namespace {

struct World : test::ServiceWorld {
    crypto::KeyPair session = crypto::generate_key(crypto::Curve::p256, random);
    receipts::InsightNonce nonce{4, 5, 6};

    receipts::InsightRequest wish(const test::Human& human, std::uint64_t from = 0) {
        receipts::InsightRequest out;
        out.terminal = terminal.id;
        out.subject = {model::SubjectKind::pseudonym, base::Bytes(32, human.number)};
        out.session = session.point;
        out.nonce = nonce;
        out.from = from;
        return out;
    }
    std::string sealed(const receipts::InsightRequest& request, const crypto::KeyPair& key) {
        seal::PairSigner signer(key, random);
        return *receipts::seal_insight_request(request, signer, {"", views_key.point}, random);
    }
    http::Response send_insight(const std::string& body, const std::string& who,
                                const std::string& path_id) {
        http::Request request;
        request.method = http::Method::post;
        request.path = "/v1/terminals/" + path_id + "/insight";
        request.body = body;
        request.headers = {{"content-type", "application/jose"}};
        request.peer = http::Peer{"terminal", who};
        return service.handle(request);
    }
    http::Response send_insight(const std::string& body) {
        const std::string id = base::to_text(terminal.id);
        return send_insight(body, id, id);
    }
    receipts::InsightPage page(const receipts::InsightRequest& request) {
        const auto response = send_insight(sealed(request, terminal.key));
        REQUIRE(response.status == 200);
        CHECK(*response.header("content-type") == "application/jose");
        CHECK(response.body.find("amt-") == std::string::npos);
        auto opened = receipts::open_insight_answer(
            response.body, {session, receipt_key.point, terminal.id, nonce, request.from}, random);
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }
    template <class Row>
    std::vector<Row> rows(const test::Human& human) {
        std::vector<Row> out;
        for (const auto& row : page(wish(human)).rows) {
            if (const auto* one = std::get_if<Row>(&row)) out.push_back(*one);
        }
        return out;
    }
    /// The agency b knows Anna's first release as file 4711.
    void match(const base::Uuid& id) {
        REQUIRE(items("amt-b").size() > 0);
        REQUIRE(post("amt-b", assign_path(id), R"({"file_number":"4711"})").status == 200);
    }
};

}  // namespace

TEST_CASE(
    "insight: a person sees their releases of every terminal, what became of them, and not "
    "those of another") {
    World world;
    const auto first = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b", "amt-c"}, 30);
    const auto second = world.story.give(anna, "JBA-01", {"amt-c"}, {"amt-b"}, 60);
    world.story.give(other_anna, "JBA-02", {"amt-a"}, {"amt-b"}, 30);
    const auto end = world.story.take_back(anna, second);
    REQUIRE(world.send(1, 4).status == 200);
    world.match(first);
    REQUIRE(world
                .post("amt-a", "/v1/declarations/" + base::to_text(first) + "/applied",
                      R"({"state":"withheld_by_source","reason":"undisclosed"})")
                .status == 200);
    const auto releases = world.rows<receipts::InsightRelease>(anna);
    REQUIRE(releases.size() == 2);
    CHECK(releases[0].declaration == first);
    CHECK(releases[0].entry == "JBA-03");
    CHECK(releases[0].until == "2026-12-18");
    CHECK(releases[0].terminal == world.terminal.id);
    REQUIRE(releases[0].parts.size() == 2);
    CHECK(releases[0].parts[0].recipient.get() == "amt-b");
    CHECK(releases[0].parts[0].state == "alive");
    CHECK(std::ranges::any_of(releases[0].statuses, [](const receipts::InsightStatus& status) {
        return status.authority.get() == "amt-a" && status.state == "withheld_by_source" &&
               status.reason == "undisclosed";
    }));
    CHECK(releases[1].parts[0].state == "ended");
    CHECK_MESSAGE(std::ranges::any_of(releases[1].statuses,
                                      [&](const receipts::InsightStatus& status) {
                                          return status.declaration == end;
                                      }),
                  "who has heard of the withdrawal");
    const auto page = world.page(world.wish(anna));
    CHECK(page.log_size == 4);
    CHECK(page.issued_ms == world.clock.now_ms);
    CHECK(world.rows<receipts::InsightRelease>(other_anna).size() == 1);
    CHECK(world.rows<receipts::InsightRelease>(test::Human{9, "Fremd", "F", "2000-01-01"}).empty());
}

TEST_CASE("insight: a request for access is shown with whom it asks and who has answered") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    const auto id = world.story.ask_access(anna, {"amt-a", "amt-c"});
    REQUIRE(world.send(1, 2).status == 200);
    REQUIRE(world.items("amt-c").size() == 1);
    REQUIRE(
        world.post("amt-c", "/v1/declarations/" + base::to_text(id) + "/applied", "{}").status ==
        200);
    const auto releases = world.rows<receipts::InsightRelease>(anna);
    REQUIRE(releases.size() == 2);
    const auto& demand = releases[1];
    CHECK(demand.declaration == id);
    CHECK(demand.terminal == world.terminal.id);
    CHECK(demand.act_type == "notice");
    REQUIRE(demand.parts.size() == 2);
    CHECK(demand.parts[0].recipient.get() == "amt-a");
    CHECK(demand.parts[1].recipient.get() == "amt-c");
    CHECK(demand.parts[1].state == "alive");
    CHECK(std::ranges::any_of(demand.statuses, [](const receipts::InsightStatus& status) {
        return status.authority.get() == "amt-c" && status.state == "applied";
    }));
    CHECK(world.rows<receipts::InsightRelease>(other_anna).empty());
}

TEST_CASE("insight: coverage and freshness are told per source, also of one that does not report") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    world.match(id);
    REQUIRE(world
                .post("amt-b", "/v1/coverage",
                      R"({"complete_until":")" + model::to_rfc3339(test::start_ms) + "\"}")
                .status == 200);
    const auto sources = world.rows<receipts::InsightSource>(anna);
    REQUIRE(sources.size() == 3);
    CHECK(sources[0].concerned);
    CHECK_FALSE(sources[0].matched);
    CHECK_FALSE(sources[0].reports);
    CHECK(sources[0].complete_ms == 0);
    CHECK(sources[1].matched);
    CHECK(sources[1].reports);
    CHECK(sources[1].complete_ms == test::start_ms);
    CHECK_FALSE(sources[2].concerned);
}

TEST_CASE(
    "insight: accesses of two years, those without a grant too; of a withheld one the day alone") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    world.match(id);
    world.clock.now_ms += 3'600'000;
    std::uint8_t number = 0;
    const auto report = [&](const std::string& category, const std::string& more,
                            std::uint64_t at_ms) {
        return world
            .post("amt-b", "/v1/accesses",
                  R"({"id":")" + base::to_text(test::uuid(++number)) +
                      R"(","file_number":"4711","entry":"JBA-03","categories":[")" + category +
                      R"("],"purpose":"appointment","system":"case-file","at":")" +
                      model::to_rfc3339(at_ms) + "\"" + more + "}")
            .status;
    };
    CHECK(report("C07", "", test::start_ms + 1'000) == 200);
    CHECK(report("C11", "", test::start_ms + 2'000) == 409);
    CHECK(report("C08", R"(,"withheld":true)", test::start_ms + 3'000) == 200);
    const auto accesses = world.rows<receipts::InsightAccess>(anna);
    REQUIRE(accesses.size() == 3);
    CHECK(accesses[0].withheld);
    CHECK(accesses[0].day == "2026-11-18");
    CHECK(accesses[0].purpose.empty());
    CHECK(accesses[1].coverage == "none");
    CHECK(accesses[2].coverage == "covered");
    CHECK(accesses[2].categories == "C07");
    CHECK(accesses[2].at_ms == test::start_ms + 1'000);
    CHECK_MESSAGE(world.rows<receipts::InsightAccess>(other_anna).empty(),
                  "the same name, another person");
    world.clock.now_ms += limits::access_age_ms_max;
    CHECK(world.rows<receipts::InsightAccess>(anna).empty());
}

TEST_CASE("insight: what an authority asks for is shown until its day is over") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    world.match(id);
    REQUIRE(world
                .post("amt-b", "/v1/requests",
                      R"({"id":")" + base::to_text(test::uuid(1)) +
                          R"(","file_number":"4711","entry":"JBA-05","until":"2026-11-20"})")
                .status == 200);
    const auto wishes = world.rows<receipts::InsightWish>(anna);
    REQUIRE(wishes.size() == 1);
    CHECK(wishes[0].authority.get() == "amt-b");
    CHECK(wishes[0].entry == "JBA-05");
    CHECK(world.rows<receipts::InsightWish>(other_anna).empty());
    world.clock.now_ms += 3ULL * 24 * 3'600 * 1'000;
    CHECK(world.rows<receipts::InsightWish>(anna).empty());
}

TEST_CASE("insight: more rows than a page come on the next ones") {
    World world;
    for (int i = 0; i < 40; ++i) world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 40).status == 200);
    std::vector<std::string> seen;
    std::uint64_t from = 0;
    unsigned pages = 1;
    for (;; ++pages) {
        REQUIRE(pages < 20);
        const auto page = world.page(world.wish(anna, from));
        for (const auto& row : page.rows) seen.push_back(receipts::encode(row));
        if (!page.next) break;
        from = *page.next;
    }
    CHECK(pages > 1);
    CHECK(seen.size() == 43);
    std::ranges::sort(seen);
    CHECK(std::ranges::adjacent_find(seen) == seen.end());
}

TEST_CASE("insight: only this terminal, with a card read at it, and not without end") {
    World world;
    const std::string id = base::to_text(world.terminal.id);
    const std::string good = world.sealed(world.wish(anna), world.terminal.key);
    CHECK(world.send_insight(good).status == 200);
    const std::string other = base::to_text(test::uuid(9));
    CHECK(is_problem(world.send_insight(good, other, id), 403));
    CHECK(is_problem(world.send_insight(good, other, other), 400));
    auto foreign = world.wish(anna);
    foreign.terminal = test::uuid(9);
    CHECK(is_problem(world.send_insight(world.sealed(foreign, world.terminal.key)), 400));
    CHECK(is_problem(world.send_insight(world.sealed(world.wish(anna), world.views_key)), 400));
    CHECK(is_problem(world.send_insight("a.b.c.d.e"), 400));
    CHECK(
        is_problem(world.send_insight(std::string(limits::insight_body_bytes_max + 1, 'A')), 413));
    for (const auto method :
         {model::Method::staff_attested, model::Method::receipt_code, model::Method::provisional}) {
        auto weak = world.wish(anna);
        weak.method = method;
        CHECK(is_problem(world.send_insight(world.sealed(weak, world.terminal.key)), 403));
    }
    auto nobody = world.wish(anna);
    nobody.subject.kind = model::SubjectKind::random;
    CHECK(is_problem(world.send_insight(world.sealed(nobody, world.terminal.key)), 403));
    unsigned answered = 0;
    while (world.send_insight(good).status == 200)
        REQUIRE(++answered <= limits::insight_requests_max);
    const auto refused = world.send_insight(good);
    CHECK(is_problem(refused, 429));
    CHECK(refused.header("retry-after").has_value());
    world.clock.now_ms += limits::insight_window_ms;
    CHECK(world.send_insight(good).status == 200);
}
