// SPDX-License-Identifier: EUPL-1.2
// The page that checks slips: who gets it, what it carries and what its policy allows. What it says
// of a slip is tested in a browser (tests/web/check_test.py).
#include "sync/backend/service/page_check.hpp"

#include "drivers/crypto/digest.hpp"
#include "sync/seal/jwk.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using http::Method;
using World = test::ServiceWorld;

namespace {

http::Response ask_plain(World& world, Method method, const std::string& path) {
    backend::PlainService plain(world.service);
    http::Request request;
    request.method = method;
    request.path = path;
    return plain.handle(request);
}

/// What stands between two marks.
std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const std::size_t start = text.find(from);
    REQUIRE(start != std::string::npos);
    const std::size_t end = text.find(to, start + from.size());
    REQUIRE(end != std::string::npos);
    return text.substr(start + from.size(), end - start - from.size());
}

model::Json keys_of(const http::Response& page) {
    const std::string text = between(page.body, "id=\"keys\">", "</script>");
    auto json = model::parse_json(text, text.size());
    REQUIRE(json.has_value());
    return *json;
}

std::string policy_of(const http::Response& page) {
    const auto policy = page.header("content-security-policy");
    REQUIRE(policy.has_value());
    return std::string(*policy);
}

constexpr backend::Statement add_key{
    "INSERT INTO terminal_key (terminal, key_no, public_key) VALUES ($1, $2, $3)"};

}  // namespace

TEST_CASE("page_check: the plain listener serves it, and nothing more than before") {
    World world;
    struct Row {
        Method method;
        const char* path;
        unsigned status;
    };
    for (const Row& row :
         {Row{Method::get, "/check/", 200}, Row{Method::head, "/check/", 200},
          Row{Method::get, "/check", 200}, Row{Method::post, "/check/", 405},
          Row{Method::other, "/check/", 405}, Row{Method::get, "/check/page.js", 404},
          Row{Method::get, "/check/index.html", 404}, Row{Method::get, "/Check/", 404},
          Row{Method::get, "/healthz", 200}, Row{Method::get, "/metrics", 404},
          Row{Method::get, "/agency/", 404}, Row{Method::get, "/v1/inbox", 404},
          Row{Method::get, "/v1/log/checkpoint", 404}, Row{Method::get, "/", 404}}) {
        CAPTURE(row.path);
        CHECK(ask_plain(world, row.method, row.path).status == row.status);
    }
    CHECK(*ask_plain(world, Method::post, "/check/").header("allow") == "GET, HEAD");
    // With any certificate it is there, too: it is public.
    CHECK(world.get("amt-a", "/check/").status == 200);
}

TEST_CASE("page_check: its policy admits its own style and script by hash and no connection") {
    World world;
    const auto page = ask_plain(world, Method::get, "/check/");
    const std::string policy = policy_of(page);
    for (const char* rule : {"default-src 'none'", "connect-src 'none'", "form-action 'none'",
                             "base-uri 'none'", "frame-ancestors 'none'"}) {
        CAPTURE(rule);
        CHECK(policy.find(rule) != std::string::npos);
    }
    for (const std::string tag : {"style", "script"}) {
        const std::string inside = between(page.body, "<" + tag + ">", "</" + tag + ">");
        std::string wanted = base::to_base64url(crypto::sha256(base::as_bytes(inside)));
        std::string stated = between(policy, tag + "-src 'sha256-", "='");
        for (char& letter : stated) letter = letter == '+' ? '-' : letter == '/' ? '_' : letter;
        CHECK(stated == wanted);
    }
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(*page.header("content-type") == "text/html; charset=utf-8");
    CHECK(*page.header("referrer-policy") == "no-referrer");
    CHECK(*page.header("x-content-type-options") == "nosniff");
    CHECK(*page.header("cross-origin-opener-policy") == "same-origin");
    CHECK(*page.header("cross-origin-resource-policy") == "same-origin");
    CHECK(*page.header("cache-control") == "no-store");
    // Nothing is fetched, and nothing is left to be filled in.
    for (const char* never : {"src=\"", "url(", "@import", "fetch(", "XMLHttpRequest", "innerHTML",
                              "{style}", "{script}", "{keys}"}) {
        CAPTURE(never);
        CHECK(page.body.find(never) == std::string::npos);
    }
}

TEST_CASE("page_check: it carries all keys of each terminal, newest first, and no site") {
    World world;
    const auto newer = crypto::generate_key(crypto::Curve::p256, world.random);
    const auto other = crypto::generate_key(crypto::Curve::p256, world.random);
    REQUIRE(world.store->run(add_key, {world.terminal.id.get(), std::int64_t{2}, newer.point.bytes})
                .has_value());
    REQUIRE(world.store->run(add_key, {test::uuid(9).get(), std::int64_t{1}, other.point.bytes})
                .has_value());
    const auto page = ask_plain(world, Method::get, "/check/");
    const model::Json json = keys_of(page);
    CHECK(json["as_of"] == "2026-11-18");
    REQUIRE(json["keys"].size() == 3);
    const crypto::Point* const points[] = {&newer.point, &world.terminal.key.point, &other.point};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto key = seal::parse_public_jwk(json["keys"][i].dump());
        REQUIRE(key.has_value());
        CHECK(key->kid == base::to_text(i < 2 ? world.terminal.id : test::uuid(9)));
        CHECK(key->point.bytes == points[i]->bytes);
        CHECK(json["keys"][i].size() == 5);
    }
    CHECK(page.body.find("Musterstadt") == std::string::npos);
}

TEST_CASE(
    "page_check: a network without terminals has a page without keys, a huge one is bounded") {
    World world;
    auto empty = test::memory_store();
    const auto none = backend::CheckPage().serve(*empty, test::start_ms);
    REQUIRE(none.has_value());
    CHECK(keys_of(*none)["keys"].empty());
    for (std::int64_t number = 1; number <= 2'050; ++number) {
        REQUIRE(empty->run(add_key, {test::uuid(1).get(), number, world.terminal.key.point.bytes})
                    .has_value());
    }
    const auto page = backend::CheckPage().serve(*empty, test::start_ms);
    REQUIRE(page.has_value());
    CHECK(keys_of(*page)["keys"].size() == 2'048);
    CHECK(page->body.size() < 450'000);
}
