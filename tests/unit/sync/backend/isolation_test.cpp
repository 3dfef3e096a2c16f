// SPDX-License-Identifier: EUPL-1.2
// One table over every door: who asks for another's person or data gets the very answer of one who
// asks for something that does not exist, and nothing of the other stands in any answer.

#include <set>

#include "sync/model/times.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using test::anna;
using World = test::ServiceWorld;

namespace {

/// A request with `{}` where the thing stands that it is about.
struct Door {
    const char* role;
    const char* id;
    http::Method method;
    std::string path;
    std::string body;
    std::string others;   ///< the thing, and it is somebody else's
    std::string nobodys;  ///< the thing, and it does not exist
};

std::string filled(std::string text, const std::string& thing) {
    for (auto at = text.find("{}"); at != std::string::npos; at = text.find("{}", at)) {
        text.replace(at, 2, thing);
        at += thing.size();
    }
    return text;
}

}  // namespace

TEST_CASE("isolation: asking for another's is answered like asking for nobody's, at every door") {
    World world;
    const auto given = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.items("amt-b").size() == 1);
    REQUIRE(world.post("amt-b", world.assign_path(given), R"({"file_number":"4711"})").status ==
            200);
    world.clock.now_ms += 60'000;
    const std::string id = base::to_text(given);
    const std::string none = base::to_text(test::uuid(200));
    const std::string own = base::to_text(test::uuid(201));
    const std::string access = R"({"id":")" + own +
                               R"(","categories":["C07"],"purpose":"p","system":"s","at":")" +
                               model::to_rfc3339(world.clock.now_ms) + "\",";
    const std::string terminal = base::to_text(world.terminal.id);
    using http::Method;
    const Door doors[] = {
        {"authority", "amt-c", Method::post, "/v1/inbox/{}/assignment", R"({"file_number":"1"})",
         id, none},
        {"authority", "amt-c", Method::post, "/v1/declarations/{}/applied",
         R"({"state":"applied"})", id, none},
        {"authority", "amt-c", Method::get, "/v1/usable?file_number={}&entry=JBA-03", "", "4711",
         "4712"},
        {"authority", "amt-a", Method::get,
         "/v1/usable?file_number={}&entry=JBA-03&recipient=amt-b", "", "4711", "4712"},
        {"authority", "amt-c", Method::post, "/v1/accesses", access + R"("declaration":"{}"})", id,
         none},
        {"authority", "amt-c", Method::post, "/v1/accesses",
         access + R"("file_number":"{}","entry":"JBA-03"})", "4711", "4712"},
        {"authority", "amt-a", Method::post, "/v1/accesses",
         access + R"("file_number":"{}","entry":"JBA-03"})", "4711", "4712"},
        {"authority", "amt-c", Method::post, "/v1/requests",
         R"({"id":")" + own + R"(","file_number":"{}","entry":"JBA-05","until":"2026-12-01"})",
         "4711", "4712"},
        {"authority", "amt-x", Method::post, "/v1/inbox/{}/assignment", R"({"file_number":"1"})",
         id, none},
        {"portal", "other", Method::get, "/v1/portal/accounts/{}/insight", "", "acc-1", "acc-9"},
        {"portal", "other", Method::get, "/v1/portal/accounts/{}/consents", "", "acc-1", "acc-9"},
        {"portal", "other", Method::post, "/v1/portal/accounts/{}/end", "{}", "acc-1", "acc-9"},
        {"terminal", "00000000-0000-0000-0000-0000000000ff", Method::get, "/v1/terminals/{}/events",
         "", terminal, none},
        {"terminal", "00000000-0000-0000-0000-0000000000ff", Method::post,
         "/v1/terminals/{}/batches", world.terminal.batch(1, 1), terminal, none},
    };
    std::set<std::string> asked;
    for (const Door& door : doors) {
        CAPTURE(door.id);
        CAPTURE(door.path);
        const bool in_body = door.path.find("{}") == std::string::npos;
        const auto ask = [&](const std::string& thing) {
            const std::string body = in_body ? filled(door.body, thing) : door.body;
            return world.ask(door.role, door.id, door.method, filled(door.path, thing), body);
        };
        const auto others = ask(door.others);
        const auto nobodys = ask(door.nobodys);
        CHECK(others.status == nobodys.status);
        CHECK(others.body == nobodys.body);
        CHECK(others.headers.size() == nobodys.headers.size());
        CHECK(others.body.find("4711") == std::string::npos);
        CHECK(others.body.find("Muster") == std::string::npos);
        asked.insert(door.path.substr(0, door.path.find('?')));
    }
    // A door that speaks of a person or a declaration must be in the table above.
    for (const backend::Route& route : backend::routes()) {
        const std::string pattern(route.pattern);
        const bool own_only = pattern == "/v1/inbox" || pattern == "/v1/changes" ||
                              pattern == "/v1/coverage" || pattern == "/v1/statistics" ||
                              pattern == "/v1/portal/links" || pattern.starts_with("/agency/");
        const bool of_one =
            route.role == backend::Role::authority || route.role == backend::Role::portal;
        if (!of_one || own_only) continue;
        std::string form = pattern;
        if (const auto brace = form.find('{'); brace != std::string::npos) {
            form.replace(brace, form.find('}') - brace + 1, "{}");
        }
        CAPTURE(pattern);
        CHECK(asked.contains(form));
    }
}

TEST_CASE(
    "isolation: the lists of one authority hold nothing of a person that it was not named to") {
    World world;
    const auto given = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.items("amt-b").size() == 1);
    const std::string id = base::to_text(given);
    for (const char* path : {"/v1/inbox", "/v1/changes", "/v1/statistics"}) {
        CAPTURE(path);
        const auto answer = world.get("amt-c", path);
        CHECK(answer.status == 200);
        CHECK(answer.body.find(id) == std::string::npos);
        CHECK(answer.body.find("Muster") == std::string::npos);
        CHECK(world.get("amt-x", path).status == 403);
    }
    CHECK(world.get("amt-b", "/v1/changes").body.find(id) != std::string::npos);
}
