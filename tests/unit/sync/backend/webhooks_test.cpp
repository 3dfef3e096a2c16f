// SPDX-License-Identifier: EUPL-1.2
// The queue of a webhook: order, leases, waits, and a token that its receiver will never take.
#include "sync/backend/authorities/webhooks.hpp"

#include "drivers/base/limits_exchange.hpp"
#include "sync/backend/authorities/directory.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using backend::Holder;
using test::anna;
using World = test::ServiceWorld;

namespace {

/// Three releases, two of them taken back: the changes 2 and 5 of amt-b are urgent.
void tell_two(World& world) {
    std::vector<base::Uuid> given;
    for (int i = 0; i < 3; ++i) {
        given.push_back(world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30));
    }
    world.story.take_back(anna, given[0]);
    world.story.take_back(anna, given[2]);
    REQUIRE(world.send(1, 5).status == 200);
    REQUIRE(world.get("amt-b", "/v1/changes").status == 200);
}

std::uint64_t next(World& world, const Holder& holder) {
    const auto delivery = backend::next_delivery(*world.store, "amt-b", holder);
    REQUIRE(delivery.has_value());
    return *delivery ? (*delivery)->n : 0;
}

}  // namespace

TEST_CASE("webhooks: urgent changes come in order, each until it is delivered, then none") {
    World world;
    const Holder one{"one", test::start_ms};
    CHECK(next(world, one) == 0);
    tell_two(world);
    CHECK(next(world, one) == 2);
    CHECK_MESSAGE(next(world, one) == 2, "not delivered, so it is still the next");
    REQUIRE(backend::delivered(*world.store, "amt-b", one, 2).has_value());
    CHECK(next(world, one) == 5);
    REQUIRE(backend::delivered(*world.store, "amt-b", one, 2).has_value());
    CHECK_MESSAGE(next(world, one) == 5, "an old answer moves nothing back");
    REQUIRE(backend::delivered(*world.store, "amt-b", one, 5).has_value());
    CHECK(next(world, one) == 0);
}

TEST_CASE(
    "webhooks: one instance at a time, and another one once the lease is over or given back") {
    World world;
    tell_two(world);
    const Holder one{"one", test::start_ms};
    Holder two{"two", test::start_ms};
    CHECK(next(world, one) == 2);
    CHECK(next(world, two) == 0);
    two.now_ms += limits::webhook_lease_ms;
    CHECK(next(world, two) == 0);
    two.now_ms += 1;
    CHECK(next(world, two) == 2);
    // What the first one says now is late and changes nothing.
    REQUIRE(backend::delivered(*world.store, "amt-b", one, 2).has_value());
    CHECK(next(world, two) == 2);
    REQUIRE(backend::release_leases(*world.store, two).has_value());
    CHECK(next(world, one) == 2);
}

TEST_CASE("webhooks: a failure waits, a clock that was wrong does not make it wait for ever") {
    World world;
    tell_two(world);
    Holder one{"one", test::start_ms};
    REQUIRE(next(world, one) == 2);
    REQUIRE(backend::postpone(*world.store, "amt-b", one, 5'000).has_value());
    one.now_ms += 4'999;
    CHECK(next(world, one) == 0);
    one.now_ms += 1;
    CHECK(next(world, one) == 2);
    const auto again = backend::next_delivery(*world.store, "amt-b", one);
    REQUIRE((again.has_value() && again->has_value()));
    CHECK((*again)->attempts == 1);
    Holder ahead = one;
    ahead.now_ms += 1'000'000'000;
    REQUIRE(next(world, ahead) == 2);
    REQUIRE(backend::postpone(*world.store, "amt-b", ahead, 5'000).has_value());
    CHECK_MESSAGE(next(world, one) == 2, "both the wait and the lease lie beyond any of ours");
}

TEST_CASE(
    "webhooks: a token that is passed over does not keep the others back and stays in the list") {
    World world;
    tell_two(world);
    const Holder one{"one", test::start_ms};
    REQUIRE(next(world, one) == 2);
    REQUIRE(backend::pass_over(*world.store, "amt-b", one, 2).has_value());
    CHECK(next(world, one) == 5);
    const auto list = world.json(world.get("amt-b", "/v1/changes?after=1"));
    CHECK(list["changes"][0]["n"] == 2);
    static constexpr backend::Statement refused{"SELECT refused FROM webhook_state"};
    const auto rows = world.store->run(refused, {});
    REQUIRE(rows.has_value());
    CHECK((*rows)[0].number(0) == 1);
}

TEST_CASE("webhooks: an address is https with a path, and this machine only where tests say so") {
    struct Row {
        const char* url;
        const char* host;
        int port;
        const char* path;
    };
    for (const Row& row :
         {Row{"https://amt.example/set", "amt.example", 443, "/set"},
          Row{"https://amt.example:8443/", "amt.example", 8443, "/"},
          Row{"https://[2001:db8::1]:1/a/b-c_d~e.f", "2001:db8::1", 1, "/a/b-c_d~e.f"}}) {
        CAPTURE(row.url);
        const auto webhook = backend::parse_webhook(row.url);
        REQUIRE(webhook);
        CHECK(webhook->origin.host == row.host);
        CHECK(webhook->origin.port == row.port);
        CHECK(webhook->path == row.path);
    }
    for (const std::string& bad :
         {std::string("http://amt.example/set"), std::string("https://amt.example"),
          std::string("https:///set"), std::string("https://a@amt.example/set"),
          std::string("https://amt.example/set?x=1"), std::string("https://amt.example/set#x"),
          std::string("https://amt.example/../x"), std::string("https://amt.example//x"),
          std::string("https://amt.example/a b"), std::string("https://amt.example:0/x"),
          std::string("https://amt.example/%2e"), std::string("amt.example/set"),
          "https://amt.example/" + std::string(limits::webhook_url_bytes_max, 'a')}) {
        CAPTURE(bad);
        CHECK_FALSE(backend::parse_webhook(bad).has_value());
    }
    for (const char* host : {"localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1",
                             "127.9.9.9", "::1", "::", "0.0.0.0", "0", "::ffff:127.0.0.1"}) {
        CAPTURE(host);
        CHECK(backend::is_loopback(host));
    }
    for (const char* host : {"amt.example", "localhost.example", "128.0.0.1", "2001:db8::1"}) {
        CAPTURE(host);
        CHECK_FALSE(backend::is_loopback(host));
    }
    const auto file = [](const std::string& webhook) {
        backend::Directory directory;
        const auto added = directory.add_authorities(
            R"({"a":{"name":"A","secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","webhook":)" +
            webhook + "}}");
        return added.has_value() && directory.find("a")->webhook.has_value();
    };
    CHECK(file(R"({"url":"https://amt.example/set"})"));
    CHECK(file(R"({"url":"https://localhost/set","loopback":true})"));
    CHECK_FALSE(file(R"({"url":"https://localhost/set"})"));
    CHECK_FALSE(file(R"({"url":"https://localhost/set","loopback":false})"));
    CHECK_FALSE(file(R"({"url":"ftp://amt.example/set"})"));
    CHECK_FALSE(file(R"({"url":"https://amt.example/set","more":1})"));
    CHECK_FALSE(file(R"("https://amt.example/set")"));
}
