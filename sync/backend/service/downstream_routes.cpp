// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/downstream_routes.hpp"

#include <algorithm>
#include <optional>

#include "drivers/base/limits_downstream.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/service/problem.hpp"
#include "sync/http/grammar.hpp"

namespace backend {
namespace {

struct ByteRange {
    std::uint64_t from = 0;
    std::uint64_t bytes_max = 0;
};

/// `bytes=a-b` or `bytes=a-`. Nothing for any other: a server may ignore a Range that it does not
/// understand (RFC 9110 14.2).
std::optional<ByteRange> parse_range(std::string_view text) {
    constexpr std::string_view unit = "bytes=";
    if (!text.starts_with(unit)) return std::nullopt;
    text.remove_prefix(unit.size());
    const std::size_t hyphen = text.find('-');
    if (hyphen == std::string_view::npos) return std::nullopt;
    const auto from = http::parse_decimal(text.substr(0, hyphen));
    if (!from) return std::nullopt;
    const std::string_view last = text.substr(hyphen + 1);
    if (last.empty()) return ByteRange{*from, UINT64_MAX};
    const auto to = http::parse_decimal(last);
    if (!to || *to < *from) return std::nullopt;
    return ByteRange{*from, *to - *from == UINT64_MAX ? UINT64_MAX : *to - *from + 1};
}

http::Response not_satisfiable(std::uint64_t length) {
    auto response = http::make_problem(416, "range", "Ask for a range of at most 4 MiB");
    response.headers.push_back({"content-range", "bytes */" + std::to_string(length)});
    return response;
}

base::Result<std::optional<FilePart>> find_part(const ServedFolder& folder, Endpoint endpoint,
                                                const std::string& name,
                                                const ServedFolder::Part& part) {
    if (endpoint == Endpoint::downstream_manifest) return folder.manifest(part);
    if (endpoint == Endpoint::downstream_root) return folder.root(name, part);
    return folder.target(name, part);
}

}  // namespace

http::Response serve_downstream(const ServedFolder* folder, const http::Request& request,
                                Endpoint endpoint, const std::vector<std::string>& segments) {
    if (folder == nullptr) return not_found();
    const auto wish = request.header("range");
    const auto range = wish ? parse_range(*wish) : std::nullopt;
    ServedFolder::Part part{0, limits::downstream_answer_bytes_max};
    if (range) {
        part.from = range->from;
        part.bytes_max = static_cast<std::size_t>(
            std::min<std::uint64_t>(range->bytes_max, limits::downstream_answer_bytes_max));
    }
    const auto found = find_part(*folder, endpoint, segments.back(), part);
    if (!found) {
        base::log_error(found.error());
        return problem_of(found.error());
    }
    if (!*found) return not_found();
    const FilePart& file = **found;
    if (range ? file.bytes.empty() : file.bytes.size() < file.length) {
        return not_satisfiable(file.length);
    }
    auto response = http::make_response(range ? 206 : 200, "application/octet-stream", file.bytes);
    response.headers.push_back({"accept-ranges", "bytes"});
    // Only the manifest's name stays while its bytes change.
    const bool changes = endpoint == Endpoint::downstream_manifest;
    response.headers.push_back(
        {"cache-control", changes ? "no-cache" : "private, max-age=31536000, immutable"});
    if (range) {
        response.headers.push_back(
            {"content-range", "bytes " + std::to_string(part.from) + "-" +
                                  std::to_string(part.from + file.bytes.size() - 1) + "/" +
                                  std::to_string(file.length)});
    }
    return response;
}

}  // namespace backend
