// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/problem.hpp"

namespace backend {
namespace {

http::Response with_wait(http::Response response, std::uint64_t wait_ms) {
    response.headers.push_back({"retry-after", std::to_string((wait_ms + 999) / 1'000)});
    return response;
}

}  // namespace

http::Response problem_of(const base::Error& error) {
    switch (error.code) {
        case base::Errc::message_bad:
            return http::make_problem(400, "message-bad", "The message breaks its schema");
        case base::Errc::record_bad:
            return http::make_problem(400, "record-bad",
                                      "A record, its hashes or its chain do not fit");
        case base::Errc::signature_bad:
            return http::make_problem(400, "signature-bad", "The signature does not verify");
        case base::Errc::message_too_large:
            return http::make_problem(413, "too-large", "The body is larger than this place takes");
        case base::Errc::peer_not_allowed:
            return not_allowed();
        case base::Errc::network_unreachable:  // the database, while it is started anew
        case base::Errc::busy: {
            auto response = http::make_problem(503, "busy", "Try again soon");
            response.headers.push_back({"retry-after", "2"});
            return response;
        }
        case base::Errc::journal_full: {
            auto response =
                http::make_problem(503, "storage-full", "The storage of the backend is full");
            response.headers.push_back({"retry-after", "600"});
            return response;
        }
        default:
            return http::make_problem(500, "internal",
                                      "The backend failed; nothing was acknowledged");
    }
}

http::Response not_found() {
    return http::make_problem(404, "not-found", "There is nothing here");
}

http::Response not_allowed() {
    return http::make_problem(403, "not-allowed", "Not for this certificate");
}

http::Response terminal_revoked() {
    return http::make_problem(403, "terminal-revoked", "This terminal was taken out of service");
}

http::Response method_not_allowed(std::string_view allow) {
    auto response = http::make_problem(405, "method-not-allowed", "Not with this method");
    response.headers.push_back({"allow", std::string(allow)});
    return response;
}

http::Response media_type_wrong() {
    return http::make_problem(415, "media-type",
                              "The body is of another type than this place takes");
}

http::Response too_many_attempts(std::uint64_t wait_ms) {
    return with_wait(http::make_problem(429, "too-many-attempts", "Too many refused attempts"),
                     wait_ms);
}

http::Response too_many_requests(std::uint64_t wait_ms) {
    return with_wait(
        http::make_problem(429, "too-many-requests", "Too many requests of one certificate"),
        wait_ms);
}

http::Response json_response(unsigned status, std::string body) {
    auto response = http::make_response(status, "application/json", std::move(body));
    response.headers.push_back({"cache-control", "no-store"});
    return response;
}

}  // namespace backend
