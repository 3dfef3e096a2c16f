// SPDX-License-Identifier: EUPL-1.2
// The whole interface without a socket: who may ask what, what an authority sees of itself and
// never of another, how a withdrawal shows, and that every refusal is a problem document.
#include "sync/backend/service/service.hpp"

#include <algorithm>

#include "drivers/base/encoding.hpp"
#include "sync/model/json.hpp"
#include "tests/unit/sync/backend/people.hpp"

#include <doctest/doctest.h>

using model::Json;
using test::Human;
using test::Story;

namespace {

constexpr const char* directory_json = R"({
    "amt-a":{"name":"Amt A","secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    "amt-b":{"name":"Amt B","secret":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"},
    "amt-c":{"name":"Amt C","secret":"CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA"}})";
const Human anna{1, "Muster", "Anna", "2007-01-02"};
const Human other_anna{2, "Muster", "Anna", "2007-01-02"};

struct World {
    test::SeededRandom random{21};
    test::ManualClock clock;
    std::unique_ptr<backend::Store> store = test::memory_store();
    crypto::KeyPair receipt_key = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair views_key = crypto::generate_key(crypto::Curve::p256, random);
    backend::Directory directory;
    backend::ReceiptIssuer issuer{"urn:test", {receipt_key, clock, random}};
    backend::Opener opener{views_key, random};
    backend::Projector projector{{*store, opener, directory, issuer, clock}};
    backend::Desk desk{{*store, opener, directory, issuer, clock}};
    backend::AuthorityRoutes authorities{desk, projector, directory};
    backend::Counters counters;
    struct Nobody final : backend::LogListener {
        void log_grew() override {}
    } nobody;
    backend::TerminalRoutes terminals{{*store, issuer, clock, counters, nobody}};
    backend::Service service{{*store, clock, counters, &terminals, &authorities}};
    test::Terminal terminal{1, random};
    Story story{{terminal, views_key.point, random, test::start_ms}};

    World() {
        REQUIRE(directory.add_authorities(directory_json).has_value());
        REQUIRE(directory.add_names(R"({"entries":{"JBA-03":"Hilfe-Verlauf"}})").has_value());
        test::enrol(*store, terminal);
    }

    http::Response ask(const char* role, const std::string& id, http::Method method,
                       const std::string& path, const std::string& body = "") {
        http::Request request;
        request.method = method;
        const auto mark = path.find('?');
        request.path = path.substr(0, mark);
        if (mark != std::string::npos) request.query = path.substr(mark + 1);
        request.body = body;
        if (!body.empty()) request.headers = {{"content-type", "application/json"}};
        if (*role != '\0') request.peer = http::Peer{role, id};
        return service.handle(request);
    }
    http::Response get(const std::string& authority, const std::string& path) {
        return ask("authority", authority, http::Method::get, path);
    }
    http::Response post(const std::string& authority, const std::string& path,
                        const std::string& body) {
        return ask("authority", authority, http::Method::post, path, body);
    }
    Json json(const http::Response& response) {
        REQUIRE(response.status == 200);
        auto parsed = model::parse_json(response.body, response.body.size());
        REQUIRE(parsed.has_value());
        return *parsed;
    }
    Json items(const std::string& authority) { return json(get(authority, "/v1/inbox"))["items"]; }

    std::string terminal_path(const std::string& rest) {
        return "/v1/terminals/" + base::to_text(terminal.id) + "/" + rest;
    }
    http::Response send(std::uint64_t from, std::uint64_t to) {
        return ask("terminal", base::to_text(terminal.id), http::Method::post,
                   terminal_path("batches"), terminal.batch(from, to));
    }
    std::vector<receipts::Receipt> events(std::uint64_t after = 0) {
        const auto answer = json(ask("terminal", base::to_text(terminal.id), http::Method::get,
                                     terminal_path("events?after=" + std::to_string(after))));
        std::vector<receipts::Receipt> events;
        for (const Json& event : answer["events"]) {
            auto receipt =
                receipts::verify(event["set"].get<std::string>(), receipt_key.point, terminal.id);
            REQUIRE(receipt.has_value());
            events.push_back(std::move(*receipt));
        }
        return events;
    }
    std::string assign_path(const base::Uuid& declaration) {
        return "/v1/inbox/" + base::to_text(declaration) + "/assignment";
    }
};

bool is_problem(const http::Response& response, unsigned status) {
    const auto type = response.header("content-type");
    return response.status == status && type && *type == "application/problem+json";
}

}  // namespace

TEST_CASE("service: a batch is answered with one receipt that binds every record") {
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

TEST_CASE("service: an advance copy is answered in its own lane, its chain entry keeps the index") {
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

TEST_CASE("service: a gap and a fork are conflicts that say where the chain stands") {
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

TEST_CASE(
    "service: a declaration reaches those it names, with name and birth date, and nobody else") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    for (const char* authority : {"amt-a", "amt-b"}) {
        const Json items = world.items(authority);
        REQUIRE(items.size() == 1);
        CHECK(items[0]["declaration"] == base::to_text(id));
        CHECK(items[0]["person"]["family_name"] == "Muster");
        CHECK(items[0]["person"]["birth_date"] == "2007-01-02");
        CHECK(items[0]["state"] == "usable");
        CHECK(items[0]["file_number"].is_null());
        CHECK(items[0]["entry"]["title"] == "Hilfe-Verlauf");
    }
    CHECK(world.items("amt-c").empty());
    CHECK(is_problem(world.post("amt-c", world.assign_path(id), R"({"file_number":"1"})"), 404));
    CHECK(is_problem(
        world.post("amt-c", "/v1/declarations/" + base::to_text(id) + "/applied", "{}"), 404));
    CHECK(world.items("amt-a")[0]["handle"] != world.items("amt-b")[0]["handle"]);
}

TEST_CASE(
    "service: assigned once, a person is known for every later declaration, at that authority") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.give(anna, "JBA-01", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    const std::string path = world.assign_path(id);
    CHECK(world.post("amt-b", path, R"({"file_number":"47 11"})").status == 200);
    CHECK(world.post("amt-b", path, R"({"file_number":"47 11"})").status == 200);
    CHECK(is_problem(world.post("amt-b", path, R"({"file_number":"12"})"), 409));
    for (const Json& item : world.items("amt-b")) CHECK(item["file_number"] == "47 11");
    for (const Json& item : world.items("amt-a")) CHECK(item["file_number"].is_null());
    const auto ask = [&](const std::string& authority, const std::string& query) {
        return world.json(world.get(authority, "/v1/usable?" + query));
    };
    const Json answer = ask("amt-b", "file_number=47%2011&entry=JBA-03");
    CHECK(answer["may_use"] == true);
    CHECK(answer["until"] == "2026-12-18");
    CHECK(answer["declaration"] == base::to_text(id));
    CHECK(receipts::verify(answer["proof"].get<std::string>(), world.receipt_key.point,
                           world.terminal.id)
              .has_value());
    CHECK(ask("amt-b", "file_number=47%2011&entry=JBA-05")["may_use"] == false);
    CHECK_MESSAGE(ask("amt-a", "file_number=47%2011&entry=JBA-03")["may_use"] == false,
                  "a file number of another authority means nothing");
    world.clock.now_ms += 31ULL * 24 * 3'600 * 1'000;
    CHECK_MESSAGE(ask("amt-b", "file_number=47%2011&entry=JBA-03")["may_use"] == false, "expired");
    CHECK(world.items("amt-b")[0]["state"] == "expired");
}

TEST_CASE("service: a source may ask whom it may tell") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.items("amt-a").size() == 1);
    REQUIRE(world.post("amt-a", world.assign_path(id), R"({"file_number":"1"})").status == 200);
    const auto may = [&](const std::string& query) {
        return world.json(
            world.get("amt-a", "/v1/usable?file_number=1&entry=JBA-03" + query))["may_use"];
    };
    CHECK(may("&recipient=amt-b") == true);
    CHECK(may("&recipient=amt-c") == false);
    CHECK_MESSAGE(may("") == false, "the source itself receives nothing");
}

TEST_CASE(
    "service: a withdrawal shows at once, raises an alarm while unassigned, and is acted on") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    const auto end = world.story.take_back(anna, id);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.post("amt-b", world.assign_path(id), R"({"file_number":"4711"})").status == 200);
    REQUIRE(world.send(2, 2).status == 200);
    const Json at_b = world.items("amt-b");
    REQUIRE(at_b.size() == 1);
    CHECK(at_b[0]["state"] == "withdrawn");
    CHECK(at_b[0]["alarm"] == false);
    CHECK(world.json(world.get("amt-b", "/v1/usable?file_number=4711&entry=JBA-03"))["may_use"] ==
          false);
    const Json at_a = world.json(world.get("amt-a", "/v1/inbox"));
    CHECK(at_a["alarms"] == 1);
    CHECK(at_a["items"][0]["alarm"] == true);
    const std::string path = "/v1/declarations/" + base::to_text(id) + "/applied";
    CHECK(world.post("amt-b", path, R"({"state":"applied"})").status == 200);
    CHECK(is_problem(world.post("amt-b", path, R"({"state":"received"})"), 400));
    CHECK(world.items("amt-b")[0]["status"]["state"] == "applied");
    const auto has = [&](const base::Uuid& declaration, const char* authority,
                         receipts::AppliedState state) {
        return std::ranges::any_of(world.events(), [&](const receipts::Receipt& receipt) {
            const auto& event = std::get<receipts::Applied>(receipt.event);
            return event.declaration == declaration && event.authority.get() == authority &&
                   event.state == state;
        });
    };
    CHECK(has(id, "amt-a", receipts::AppliedState::received));
    CHECK(has(end, "amt-a", receipts::AppliedState::received));
    CHECK(has(end, "amt-b", receipts::AppliedState::applied));
    CHECK_FALSE(has(id, "amt-b", receipts::AppliedState::applied));
    CHECK_FALSE(has(end, "amt-c", receipts::AppliedState::received));
    CHECK(world.events(world.events().size()).empty());
}

TEST_CASE("service: two cards of one name stand side by side as ambiguous") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.give(other_anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    const Json items = world.items("amt-b");
    REQUIRE(items.size() == 2);
    CHECK(items[0]["ambiguous"] == true);
    CHECK(items[0]["twin"] == items[1]["twin"]);
    CHECK(items[0]["handle"] != items[1]["handle"]);
}

TEST_CASE("service: a declaration whose scopes are not its own is never usable") {
    World world;
    const auto honest = world.story.consent(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    auto other = world.story.consent(other_anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    other.id = honest.id;
    world.story.append(honest, 0, &other);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.post("amt-b", world.assign_path(honest.id), R"({"file_number":"1"})").status ==
            200);
    CHECK(world.items("amt-b")[0]["state"] == "invalid");
    CHECK(world.json(world.get("amt-b", "/v1/usable?file_number=1&entry=JBA-03"))["may_use"] ==
          false);
}

TEST_CASE("service: a note without proof alarms everybody it may concern and is not used up") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.note(anna, "JBA-03", "amt-b");
    REQUIRE(world.send(1, 2).status == 200);
    const Json items = world.items("amt-b");
    REQUIRE(items.size() == 2);
    CHECK(
        std::ranges::any_of(items, [](const Json& item) { return item["state"] == "suspended"; }));
    CHECK(std::ranges::any_of(items,
                              [](const Json& item) { return item["state"] == "provisional"; }));
}

TEST_CASE("service: each role has its own doors and every other one is a closed problem") {
    World world;
    const std::string terminal = base::to_text(world.terminal.id);
    const std::string tag = base::to_hex(test::subject_tag(anna));
    const auto get = http::Method::get;
    const auto post = http::Method::post;
    struct Row {
        const char* role;
        std::string id;
        http::Method method;
        std::string path;
        unsigned status;
    };
    const Row rows[] = {
        {"", "", get, "/healthz", 200},
        {"", "", get, "/metrics", 200},
        {"", "", get, "/v1/inbox", 404},
        {"auditor", "dsb", get, "/metrics", 200},
        {"auditor", "dsb", get, "/v1/subjects/" + tag + "/releases", 200},
        {"auditor", "dsb", get, "/v1/subjects/xyz/releases", 404},
        {"auditor", "dsb", get, "/v1/inbox", 403},
        {"auditor", "dsb", get, "/agency/", 403},
        {"authority", "amt-a", get, "/v1/inbox", 200},
        {"authority", "amt-x", get, "/v1/inbox", 403},
        {"authority", "amt-a", get, "/agency/", 200},
        {"authority", "amt-a", get, "/agency/agency.js", 200},
        {"authority", "amt-a", get, "/agency/agency.css", 200},
        {"authority", "amt-a", get, "/agency/main.cpp", 404},
        {"authority", "amt-a", get, "/metrics", 403},
        {"authority", "amt-a", get, "/v1/usable", 400},
        {"authority", "amt-a", get, "/v1/subjects/" + tag + "/releases", 403},
        {"authority", "amt-a", post, "/v1/terminals/" + terminal + "/batches", 403},
        {"terminal", terminal, get, "/v1/inbox", 403},
        {"terminal", terminal, get, "/agency/", 403},
        {"terminal", terminal, get, "/v1/terminals/" + terminal + "/events", 200},
        {"terminal", terminal, get, "/v1/terminals/" + terminal + "/events?after=x", 400},
        {"terminal", base::to_text(test::uuid(9)), get, "/v1/terminals/" + terminal + "/events",
         403},
        {"terminal", terminal, post, "/v1/terminals/" + terminal + "/batches", 400},
        {"terminal", terminal, post, "/v1/terminals/" + terminal + "/advance", 400},
        {"terminal", terminal, post, "/v1/enrolments", 400},
        {"terminal", terminal, post, "/v1/nothing", 404},
    };
    for (const Row& row : rows) {
        CAPTURE(row.role);
        CAPTURE(row.path);
        const auto response = world.ask(row.role, row.id, row.method, row.path);
        CHECK(response.status == row.status);
        if (row.status >= 400) CHECK(is_problem(response, row.status));
    }
}

TEST_CASE("service: a form of another site cannot act in a case worker's name") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    struct Row {
        http::Headers headers;
        unsigned status;
    };
    const Row rows[] = {
        {{}, 403},
        {{{"content-type", "application/x-www-form-urlencoded"}}, 403},
        {{{"content-type", "application/json"}, {"sec-fetch-site", "cross-site"}}, 403},
        {{{"content-type", "application/json"},
          {"origin", "https://evil.example"},
          {"host", "here"}},
         403},
        {{{"content-type", "application/json"},
          {"origin", "https://here"},
          {"host", "here"},
          {"sec-fetch-site", "same-origin"}},
         200},
    };
    for (const Row& row : rows) {
        http::Request request;
        request.method = http::Method::post;
        request.path = world.assign_path(id);
        request.headers = row.headers;
        request.body = R"({"file_number":"1"})";
        request.peer = http::Peer{"authority", "amt-b"};
        CHECK(world.service.handle(request).status == row.status);
    }
}

TEST_CASE("service: bodies of the desk are read strictly") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    const std::string longest(64, 'x');
    struct Row {
        std::string body;
        unsigned status;
    };
    const Row rows[] = {
        {"[]", 400},
        {"{", 400},
        {"{}", 400},
        {R"({"file_number":""})", 400},
        {R"({"file_number":7})", 400},
        {R"({"file_number":"a\nb"})", 400},
        {R"({"file_number":"1","more":1})", 400},
        {R"({"file_number":")" + longest + R"(x"})", 400},
        {R"({"file_number":")" + longest + R"("})", 200},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        CHECK(world.post("amt-b", world.assign_path(id), row.body).status == row.status);
    }
    CHECK(is_problem(world.post("amt-b", "/v1/inbox/not-a-uuid/assignment", "{}"), 404));
}

TEST_CASE("service: no name and no birth date stands in the database (I15)") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.items("amt-b").size() == 1);
    static constexpr backend::Statement dump{
        "SELECT entry || act_type || from_date || to_date || hex(handle) || hex(match_key) FROM "
        "view_item"};
    const auto rows = world.store->run(dump, {});
    REQUIRE(rows.has_value());
    REQUIRE(rows->size() == 2);
    for (const auto& row : *rows) {
        CHECK(row.text(0).find("Muster") == std::string::npos);
        CHECK(row.text(0).find("2007-01-02") == std::string::npos);
    }
}

TEST_CASE("service: the auditor sees what lives and what ended it, and the metrics count") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b", "amt-c"}, 30);
    const auto end = world.story.take_back(anna, id);
    const std::string path = "/v1/subjects/" + base::to_hex(test::subject_tag(anna)) + "/releases";
    const auto releases = [&] {
        return world.json(world.ask("auditor", "dsb", http::Method::get, path));
    };
    REQUIRE(world.send(1, 1).status == 200);
    CHECK(releases()["alive"] == 2);
    REQUIRE(world.send(2, 2).status == 200);
    const Json after = releases();
    CHECK(after["alive"] == 0);
    REQUIRE(after["releases"].size() == 2);
    CHECK(after["releases"][0]["ended_by"][0] == base::to_text(end));
    REQUIRE(world.items("amt-b").size() == 1);
    const auto text = world.ask("auditor", "dsb", http::Method::get, "/metrics").body;
    CHECK(text.find("freigabe_records_total 2\n") != std::string::npos);
    CHECK(text.find("freigabe_alarms 3\n") != std::string::npos);
    CHECK(text.ends_with("# EOF\n"));
}
