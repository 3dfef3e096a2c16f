// SPDX-License-Identifier: EUPL-1.2
// A backend without sockets (service_parts.hpp) and short ways to ask it. Tests of routes and desks
// stand on it.
#pragma once

#include <string>
#include <vector>

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests
#include "drivers/base/encoding.hpp"

#include <doctest/doctest.h>

#include "sync/model/json.hpp"
#include "tests/unit/sync/backend/service_parts.hpp"

namespace test {

using model::Json;

inline const Human anna{1, "Muster", "Anna", "2007-01-02"};
inline const Human other_anna{2, "Muster", "Anna", "2007-01-02"};

struct ServiceWorld : ServiceParts {
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

inline bool is_problem(const http::Response& response, unsigned status) {
    const auto type = response.header("content-type");
    return response.status == status && type && *type == "application/problem+json";
}

}  // namespace test
