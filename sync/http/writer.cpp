// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "sync/http/grammar.hpp"

namespace http {
namespace {

// strftime would follow the locale; the format is fixed English.
constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view name_of(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::other:
            break;
    }
    return {};
}

void put(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

base::Result<void> put_headers(std::string& out, const Headers& headers) {
    for (const Header& header : headers) {
        const bool framing = equal_ignoring_case(header.name, "content-length") ||
                             equal_ignoring_case(header.name, "transfer-encoding") ||
                             equal_ignoring_case(header.name, "connection") ||
                             equal_ignoring_case(header.name, "host");
        if (framing || !is_token(header.name) || !is_field_value(header.value))
            return base::fail(base::Errc::http_bad, "http write");
        put(out, header.name, header.value);
    }
    return {};
}

/// Encodes each segment; the slashes between them stay.
std::string encode_path(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        out += percent_encode(path.substr(0, slash));
        if (slash == std::string_view::npos) break;
        out += '/';
        path.remove_prefix(slash + 1);
    }
    return out;
}

}  // namespace

base::Result<std::string> write_request(const Request& request, std::string_view host) {
    std::string target = encode_path(request.path);
    if (!request.query.empty()) target.append("?").append(request.query);
    if (!parse_target(target) || !is_host(host) || request.method == Method::other)
        return base::fail(base::Errc::http_bad, "http write");
    const bool has_body = request.method == Method::post || request.method == Method::put;
    if (!has_body && !request.body.empty()) return base::fail(base::Errc::http_bad, "http write");
    std::string out(name_of(request.method));
    out.append(" ").append(target).append(" HTTP/1.1\r\n");
    put(out, "host", host);
    TRY_VOID(put_headers(out, request.headers));
    if (has_body) put(out, "content-length", std::to_string(request.body.size()));
    out.append("\r\n").append(request.body);
    return out;
}

base::Result<std::string> write_response(const Response& response, const ResponseFrame& frame) {
    const bool bodyless = response.status == 204 || response.status == 304;
    if (response.status < 200 || response.status > 599 || (bodyless && !response.body.empty()))
        return base::fail(base::Errc::http_bad, "http write");
    std::string out = "HTTP/1.1 ";
    out.append(std::to_string(response.status))
        .append(" ")
        .append(reason(response.status))
        .append("\r\n");
    TRY_VOID(put_headers(out, response.headers));
    if (frame.wall_ms != 0 && !find_header(response.headers, "date"))
        put(out, "date", write_date(frame.wall_ms));
    if (frame.persistence == Persistence::close) put(out, "connection", "close");
    if (!bodyless) put(out, "content-length", std::to_string(response.body.size()));
    out.append("\r\n");
    if (frame.answered != Method::head) out.append(response.body);
    return out;
}

std::string write_date(std::uint64_t wall_ms) {
    const auto seconds = static_cast<std::time_t>(wall_ms / 1'000);
    std::tm parts{};
    if (::gmtime_r(&seconds, &parts) == nullptr) return {};
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                                   months[static_cast<std::size_t>(parts.tm_mon)],
                                   parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<std::uint64_t> parse_date(std::string_view text) {
    constexpr std::string_view form = "Sun, 06 Nov 1994 08:49:37 GMT";
    if (text.size() != form.size()) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t digits) {
        const auto value = parse_decimal(text.substr(at, digits));
        return value ? static_cast<int>(*value) : -1;
    };
    std::tm parts{};
    parts.tm_mday = number(5, 2);
    parts.tm_year = number(12, 4) - 1900;
    parts.tm_hour = number(17, 2);
    parts.tm_min = number(20, 2);
    parts.tm_sec = number(23, 2);
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    parts.tm_mon = static_cast<int>(month - months.begin());
    if (month == months.end()) return std::nullopt;
    const std::time_t seconds = ::timegm(&parts);
    if (seconds < 0) return std::nullopt;
    // timegm corrects what is out of range; only a text that needed no correction is a date.
    const auto wall_ms = static_cast<std::uint64_t>(seconds) * 1'000;
    if (write_date(wall_ms) != text) return std::nullopt;
    return wall_ms;
}

std::optional<std::uint64_t> retry_after_ms(const Response& response, std::uint64_t wall_ms,
                                            std::uint64_t ms_max) {
    const auto text = response.header("retry-after");
    if (!text) return std::nullopt;
    if (const auto seconds = parse_decimal(*text))
        return std::min(*seconds, ms_max / 1'000) * 1'000;
    const auto moment = parse_date(*text);
    if (!moment) return std::nullopt;
    return std::min(*moment - std::min(*moment, wall_ms), ms_max);
}

}  // namespace http
