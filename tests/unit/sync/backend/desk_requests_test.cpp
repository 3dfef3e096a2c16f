// SPDX-License-Identifier: EUPL-1.2
// What an authority may put into a request, and how long its answers keep others waiting.

#include "drivers/base/limits_backend.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using test::anna;
using test::is_problem;
using World = test::ServiceWorld;

TEST_CASE("desk: what cannot be a file number or an id is refused before anybody looks for it") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.post("amt-b", world.assign_path(id), R"({"file_number":"1"})").status == 200);
    const auto ask = [&](const std::string& query) {
        return world.get("amt-b", "/v1/usable?" + query);
    };
    const auto word = [](const http::Response& response) {
        REQUIRE(is_problem(response, 400));
        const std::string& body = response.body;
        const auto begin = body.find("problem:") + 8;
        return body.substr(begin, body.find('"', begin) - begin);
    };
    const std::string most(limits::file_number_bytes_max, 'x');
    CHECK(ask("entry=JBA-03&file_number=" + most).status == 200);
    // NUL, bytes that are no UTF-8 (one of them half of a character), other control characters.
    const std::string more = most + "x";
    for (const char* bad :
         {"%00", "a%00b", "%FF", "%C3%28", "a%C3", "%0A", "%7F", "", "%ED%A0%80", more.c_str()}) {
        CAPTURE(bad);
        CHECK(word(ask(std::string("entry=JBA-03&file_number=") + bad)) == "file-number-bad");
    }
    const std::string one = "file_number=1&entry=";
    for (const std::string bad : {"%00", "%FF", "%C3%28", "", "JBA%2003", "JBA/03"}) {
        CAPTURE(bad);
        CHECK(word(ask(one + bad)) == "id-bad");
        if (bad.empty()) continue;
        CHECK(word(ask(one + "JBA-03&recipient=" + bad)) == "id-bad");
    }
    CHECK(world.json(ask("file_number=1&entry=JBA-03"))["may_use"] == true);
    // Read as none, each of these would be the question about oneself: yes.
    for (const char* bad : {"&recipient=%zz", "&recipient=amt-c&recipient=amt-c", "&recipient=%"}) {
        CAPTURE(bad);
        CHECK(word(ask(one + "JBA-03" + bad)) == "message-bad");
    }
    for (const char* bad : {R"("a\u0000b")", "\"\xFF\"", R"("")", "1"}) {
        CAPTURE(bad);
        const std::string body = R"({"file_number":)" + std::string(bad) + "}";
        CHECK(is_problem(world.post("amt-b", world.assign_path(id), body), 400));
    }
}

TEST_CASE("desk: an inbox is opened in steps, between which others are served") {
    World world;
    constexpr std::size_t count = 2 * limits::work_step_items + 1;
    for (std::size_t i = 0; i < count; ++i)
        world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, count).status == 200);
    http::Request request;
    request.path = "/v1/inbox";
    request.peer = http::Peer{"authority", "amt-b"};
    auto answer = world.service.answer(request);
    auto* work = std::get_if<http::Work>(&answer);
    REQUIRE(work != nullptr);
    std::optional<http::Response> done;
    int steps = 0;
    while (!done) {
        ++steps;
        done = work->step();
        // Whatever comes meanwhile belongs to the next page.
        if (steps == 2) {
            world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
            REQUIRE(world.send(count + 1, count + 1).status == 200);
        }
    }
    CHECK_MESSAGE(steps == 4, "one to see what there is, and three to open it");
    const Json inbox = world.json(*done);
    CHECK(inbox["items"].size() == count);
    CHECK(inbox["total"] == count);
    CHECK(world.items("amt-b").size() == count + 1);
}
