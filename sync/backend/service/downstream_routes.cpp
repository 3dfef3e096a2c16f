// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/downstream_routes.hpp"

#include <algorithm>
#include <optional>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "drivers/base/log.hpp"
#include "drivers/crypto/digest.hpp"
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
    if (!http::equal_ignoring_case(text.substr(0, unit.size()), unit)) return std::nullopt;
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

/// SHA-256 of the whole file as an entity tag.
std::string tag_of(std::string_view hex) {
    return '"' + std::string(hex) + '"';
}

/// Only GET has ranges (RFC 9110 14.2), and with If-Range only of what the client has begun with
/// (13.1.5: compared strongly; a date is never that of ours, since we give none).
std::optional<ByteRange> wanted_range(const http::Request& request, std::string_view tag) {
    const auto wish = request.header("range");
    if (!wish || request.method != http::Method::get) return std::nullopt;
    const auto begun = request.header("if-range");
    if (begun && *begun != tag) return std::nullopt;
    return parse_range(*wish);
}

/// If-None-Match: the client has this already (RFC 9110 13.1.2, compared weakly).
bool client_has(const http::Request& request, std::string_view tag) {
    for (const http::Header& header : request.headers) {
        if (header.name != "if-none-match") continue;
        std::string_view rest = header.value;
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            std::string_view item = rest.substr(0, comma);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
            while (item.starts_with(' ') || item.starts_with('\t')) item.remove_prefix(1);
            while (item.ends_with(' ') || item.ends_with('\t')) item.remove_suffix(1);
            if (item.starts_with("W/")) item.remove_prefix(2);
            if (item == tag || item == "*") return true;
        }
    }
    return false;
}

/// The file as far as it is asked for, and what it is told apart by.
struct Found {
    FilePart file;
    std::string tag;
    std::optional<ByteRange> range;
};

/// A target's name is its hash. The others are small: they are read whole for theirs, and cut.
base::Result<std::optional<Found>> find_file(const ServedFolder& folder,
                                             const http::Request& request, Endpoint endpoint,
                                             const std::string& name) {
    constexpr std::uint64_t bytes_max = limits::downstream_answer_bytes_max;
    const bool named = endpoint == Endpoint::downstream_target;
    Found out;
    ServedFolder::Part part{0, bytes_max};
    if (named) {
        out.tag = tag_of(name);
        out.range = wanted_range(request, out.tag);
        if (out.range) part = {out.range->from, std::min(out.range->bytes_max, bytes_max)};
    }
    TRY(found, find_part(folder, endpoint, name, part));
    if (!found) return std::optional<Found>();
    out.file = std::move(*found);
    if (named || out.file.bytes.size() < out.file.length) return std::optional(std::move(out));
    out.tag = tag_of(base::to_hex(crypto::sha256(base::as_bytes(out.file.bytes))));
    out.range = wanted_range(request, out.tag);
    if (out.range) {
        const std::uint64_t from = std::min(out.range->from, out.file.length);
        out.file.bytes = out.file.bytes.substr(from, out.range->bytes_max);
    }
    return std::optional(std::move(out));
}

http::Response answer_with(const Found& found) {
    auto response =
        http::make_response(found.range ? 206 : 200, "application/octet-stream", found.file.bytes);
    response.headers.push_back({"accept-ranges", "bytes"});
    if (found.range) {
        const std::uint64_t from = found.range->from;
        response.headers.push_back(
            {"content-range", "bytes " + std::to_string(from) + "-" +
                                  std::to_string(from + found.file.bytes.size() - 1) + "/" +
                                  std::to_string(found.file.length)});
    }
    return response;
}

}  // namespace

http::Response serve_downstream(const ServedFolder* folder, const http::Request& request,
                                Endpoint endpoint, const std::vector<std::string>& segments) {
    if (folder == nullptr) return not_found();
    const auto found = find_file(*folder, request, endpoint, segments.back());
    if (!found) {
        base::log_error(found.error());
        return problem_of(found.error());
    }
    if (!*found) return not_found();
    const FilePart& file = (*found)->file;
    const bool known = client_has(request, (*found)->tag);
    if (!known && ((*found)->range ? file.bytes.empty() : file.bytes.size() < file.length)) {
        return not_satisfiable(file.length);
    }
    auto response = known ? http::Response{304, {}, {}} : answer_with(**found);
    if (!(*found)->tag.empty()) response.headers.push_back({"etag", (*found)->tag});
    // Only the manifest's name stays while its bytes change.
    const bool changes = endpoint == Endpoint::downstream_manifest;
    response.headers.push_back(
        {"cache-control", changes ? "no-cache" : "private, max-age=31536000, immutable"});
    return response;
}

}  // namespace backend
