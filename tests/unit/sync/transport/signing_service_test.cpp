// SPDX-License-Identifier: EUPL-1.2
// The site's eID service as syncd meets it, over real mutual TLS: what goes out, and what each
// answer means.
#include "sync/transport/signing_service.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "drivers/base/limits.hpp"
#include "tests/unit/sync/transport/answering_server.hpp"

namespace {

using base::Bytes;
using base::Errc;

struct World : test::AnsweringServer {
    http::Client client{options(20'000), *client_tls, clock};
    transport::SigningService service{client};

    void answers(unsigned status, const std::string& body) {
        AnsweringServer::answers(http::make_response(status, "application/json", body));
    }
};

}  // namespace

TEST_CASE("signing service: certificates come as they are") {
    World world;
    world.answers(200, R"({"certificates":["fyE","AQID"],"valid_hours":48})");
    const auto got = world.service.certificates();
    REQUIRE(got);
    CHECK(*got == std::vector<Bytes>{{0x7F, 0x21}, {1, 2, 3}});
    CHECK(world.last_request().path == "/v1/terminal-authentication/certificates");
    CHECK(world.last_request().method == http::Method::get);
}

TEST_CASE("signing service: holder and message go out, the signature comes back") {
    World world;
    world.answers(200, R"({"signature":"CQk"})");
    const auto got = world.service.sign("DETESTAT00001", Bytes{0xFF, 0, 1});
    REQUIRE(got);
    CHECK(*got == Bytes{9, 9});
    CHECK(world.last_request().path == "/v1/terminal-authentication/signatures");
    CHECK(world.last_request().method == http::Method::post);
    CHECK(world.last_request().body == R"({"holder":"DETESTAT00001","message":"_wAB"})");
}

TEST_CASE("signing service: each other answer is an error of its kind") {
    World world;
    struct Row {
        unsigned status;
        std::string body;
        Errc expected;
    };
    const std::string long_text(limits::signature_bytes_max * 4 / 3 + 4, 'A');
    for (const Row& row :
         {Row{403, "{}", Errc::signer_failed}, Row{404, "{}", Errc::signer_failed},
          Row{429, "{}", Errc::busy}, Row{503, "{}", Errc::busy}, Row{500, "{}", Errc::http_status},
          Row{204, "", Errc::http_status}, Row{200, "{}", Errc::message_bad},
          Row{200, "[]", Errc::message_bad}, Row{200, "", Errc::message_bad},
          Row{200, R"({"signature":""})", Errc::message_bad},
          Row{200, R"({"signature":"*"})", Errc::message_bad},
          Row{200, R"({"signature":7})", Errc::message_bad},
          Row{200, R"({"signature":")" + long_text + R"("})", Errc::message_bad}}) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        world.answers(row.status, row.body);
        const auto got = world.service.sign("DE1", Bytes{1});
        REQUIRE_FALSE(got);
        CHECK(got.error().code == row.expected);
    }
    for (const std::string& body :
         {std::string("{}"), std::string(R"({"certificates":[]})"),
          std::string(R"({"certificates":[7]})"), std::string(R"({"certificates":[""]})"),
          std::string(R"({"certificates":["fyE="]})"), std::string(R"({"certificates":"fyE"})"),
          R"({"certificates":[")" + std::string(limits::certificate_bytes_max * 4 / 3 + 4, 'A') +
              R"("]})"}) {
        world.answers(200, body);
        const auto got = world.service.certificates();
        REQUIRE_FALSE(got);
        CHECK(got.error().code == Errc::message_bad);
    }
}

TEST_CASE("http client: a request may be given less time than its parts add up to") {
    World world;
    std::atomic<bool> go{false};
    test::FunctionHandler slow{[&](const http::Request&) {
        while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return http::make_response(200, "application/json", "{}");
    }};
    const auto server = world.listen(slow);
    {
        test::ServerThread thread(*server);
        http::Client hasty({{"127.0.0.1", server->port()}, "backend.test", -1, 300},
                           *world.client_tls, world.clock);
        transport::SigningService service(hasty);
        const auto got = service.certificates();
        CHECK(got.error().code == Errc::network_timeout);
        go = true;
    }
}
