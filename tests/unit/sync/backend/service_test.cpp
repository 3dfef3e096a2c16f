// SPDX-License-Identifier: EUPL-1.2
// The doors: who may go where, what another site cannot do, that every refusal is a problem
// document, and what the auditor and the database see.

#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using test::anna;
using test::is_problem;
using World = test::ServiceWorld;

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
        {"", "", get, "/check/", 200},
        {"auditor", "dsb", get, "/check/", 200},
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

TEST_CASE("service: a door says which methods it takes") {
    World world;
    const std::string terminal = base::to_text(world.terminal.id);
    struct Row {
        const char* role;
        std::string id;
        http::Method method;
        std::string path;
        std::string allow;
    };
    using http::Method;
    const std::string own = "/v1/terminals/" + terminal;
    const Row rows[] = {
        {"", "", Method::post, "/healthz", "GET, HEAD"},
        {"auditor", "dsb", Method::other, "/metrics", "GET, HEAD"},
        {"auditor", "dsb", Method::post, "/v1/subjects/00/releases", "GET, HEAD"},
        {"terminal", terminal, Method::get, "/v1/enrolments", "POST"},
        {"terminal", terminal, Method::head, own + "/batches", "POST"},
        {"terminal", terminal, Method::other, own + "/advance", "POST"},
        {"terminal", terminal, Method::post, own + "/events", "GET, HEAD"},
        {"authority", "amt-a", Method::post, "/v1/inbox", "GET, HEAD"},
        {"authority", "amt-a", Method::get, world.assign_path(world.terminal.id), "POST"},
        {"authority", "amt-a", Method::other, "/agency/", "GET, HEAD"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.path);
        const auto response = world.ask(row.role, row.id, row.method, row.path);
        CHECK(is_problem(response, 405));
        REQUIRE(response.header("allow"));
        CHECK(*response.header("allow") == row.allow);
    }
    CHECK(world.ask("", "", Method::head, "/healthz").status == 200);
    CHECK(is_problem(world.ask("terminal", terminal, Method::other, "/v1/inbox"), 403));
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
        {{}, 415},
        {{{"content-type", "application/x-www-form-urlencoded"}}, 415},
        {{{"content-type", "text/plain"}}, 415},
        {{{"content-type", "application/jsonp"}}, 415},
        {{{"content-type", "application/json"}, {"sec-fetch-site", "cross-site"}}, 403},
        {{{"content-type", "application/json"}, {"sec-fetch-site", "same-site"}}, 403},
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
        "SELECT entry || act_type || from_date || to_date, handle, match_key FROM view_item"};
    const auto rows = world.store->run(dump, {});
    REQUIRE(rows.has_value());
    REQUIRE(rows->size() == 2);
    for (const auto& row : *rows) {
        for (const backend::Value& value : row.values()) {
            const auto* bytes = std::get_if<base::Bytes>(&value);
            const std::string text(bytes != nullptr ? base::as_text(*bytes)
                                                    : std::get<std::string>(value));
            CHECK(text.find("Muster") == std::string::npos);
            CHECK(text.find("2007-01-02") == std::string::npos);
        }
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
