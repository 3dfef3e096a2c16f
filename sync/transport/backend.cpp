// SPDX-License-Identifier: EUPL-1.2
#include "sync/transport/backend.hpp"

#include <utility>

#include "sync/http/writer.hpp"

namespace transport {
namespace {

http::Request post(std::string path, std::string_view media_type, std::string_view body) {
    http::Request request;
    request.method = http::Method::post;
    request.path = std::move(path);
    request.headers = {{"content-type", std::string(media_type)}};
    request.body = std::string(body);
    return request;
}

}  // namespace

Backend::Backend(http::Exchange& client, const base::Uuid& terminal)
    : client_(client), terminal_path_("/v1/terminals/" + base::to_text(terminal)) {}

base::Result<http::Response> Backend::send(const http::Request& request, unsigned expected_status) {
    retry_after_ms_.reset();
    date_ms_.reset();
    TRY(response, client_.send(request));
    if (const auto date = response.header("date")) date_ms_ = http::parse_date(*date);
    retry_after_ms_ = retry_after_ms_of(response);
    if (response.status != expected_status) return tl::unexpected(error_of(response));
    return std::move(response);
}

base::Result<Receipts> Backend::post_records(std::string_view lane, std::string_view body) {
    TRY(response, send(post(terminal_path_ + std::string(lane), "application/json", body), 200));
    return parse_receipts(response.body);
}

base::Result<Receipts> Backend::post_batch(std::string_view body) {
    return post_records("/batches", body);
}

base::Result<Receipts> Backend::post_advance(std::string_view body) {
    return post_records("/advance", body);
}

base::Result<Events> Backend::fetch_events(std::uint64_t after) {
    http::Request request;
    request.path = terminal_path_ + "/events";
    request.query = "after=" + std::to_string(after);
    TRY(response, send(request, 200));
    return parse_events(response.body, after);
}

base::Result<Growth> Backend::fetch_growth(std::uint64_t from) {
    http::Request request;
    request.path = "/v1/log/growth";
    request.query = "from=" + std::to_string(from);
    TRY(response, send(request, 200));
    return parse_growth(response.body);
}

base::Result<std::vector<ChainStand>> Backend::fetch_chains() {
    http::Request request;
    request.path = terminal_path_ + "/chains";
    TRY(response, send(request, 200));
    return parse_chains(response.body);
}

base::Result<std::vector<Inclusion>> Backend::fetch_inclusions(
    const std::vector<std::uint64_t>& places, std::uint64_t size) {
    http::Request request;
    request.path = "/v1/log/inclusion";
    request.query = "size=" + std::to_string(size) + "&index=";
    for (std::size_t i = 0; i < places.size(); ++i) {
        request.query += (i == 0 ? "" : ",") + std::to_string(places[i]);
    }
    TRY(response, send(request, 200));
    return parse_inclusions(response.body, size);
}

base::Result<std::optional<std::string>> Backend::fetch_downstream(const FilePart& part) {
    http::Request request;
    request.path = "/v1/downstream/" + part.name;
    const bool whole = part.bytes_max == 0;
    if (!whole) {
        request.headers = {{"range", "bytes=" + std::to_string(part.from) + "-" +
                                         std::to_string(part.from + part.bytes_max - 1)}};
    }
    auto response = send(request, whole ? 200 : 206);
    if (response) return std::optional(std::move(response->body));
    const base::Error& error = response.error();
    if (error.code == base::Errc::http_status && error.detail == 404) {
        return std::optional<std::string>();
    }
    return tl::unexpected(error);
}

base::Result<std::string> Backend::ask_insight(std::string_view jwe) {
    TRY(response, send(post(terminal_path_ + "/insight", "application/jose", jwe), 200));
    return std::move(response.body);
}

base::Result<void> Backend::change_key(std::string_view jws) {
    TRY_VOID(send(post(terminal_path_ + "/keys", "application/jose", jws), 201));
    return {};
}

base::Result<void> Backend::enrol(std::string_view jws) {
    TRY_VOID(send(post("/v1/enrolments", "application/jose", jws), 201));
    return {};
}

}  // namespace transport
