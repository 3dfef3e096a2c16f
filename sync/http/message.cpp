// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/message.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "sync/http/grammar.hpp"

namespace http {

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
    for (const Header& header : headers)
        if (header.name == name) return header.value;
    return std::nullopt;
}

std::optional<std::string> Request::query_value(std::string_view name) const {
    std::optional<std::string> found;
    std::string_view rest = query;
    while (!rest.empty()) {
        const std::size_t end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (pair.substr(0, equals) != name) continue;
        // Twice the same name: which one counts would be a matter of taste, so none does.
        if (found) return std::nullopt;
        found = percent_decode(pair.substr(std::min(equals + 1, pair.size())));
        if (!found) return std::nullopt;
    }
    return found;
}

std::vector<std::string> Request::segments() const {
    std::vector<std::string> parts;
    std::string_view rest = path;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        if (end > 0) parts.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return parts;
}

Response make_response(unsigned status, std::string_view media_type, std::string body) {
    return {status, {{"content-type", std::string(media_type)}}, std::move(body)};
}

Response make_problem(unsigned status, std::string_view type, std::string_view title) {
    for (const std::string_view text : {type, title})
        for (const char c : text) CHECK((is_visible(c) || c == ' ') && c != '"' && c != '\\');
    std::string body = "{\"type\":\"urn:freigabe:problem:";
    body.append(type).append("\",\"title\":\"").append(title);
    body.append("\",\"status\":").append(std::to_string(status)).append("}");
    return make_response(status, "application/problem+json", std::move(body));
}

std::string_view reason(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 411:
            return "Length Required";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 417:
            return "Expectation Failed";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Method Not Supported";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Status";
    }
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const auto high = hex_value(text[i + 1]);
        const auto low = hex_value(text[i + 2]);
        if (!high || !low) return std::nullopt;
        out += static_cast<char>(*high * 16 + *low);
        i += 2;
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view unreserved = "-._~";
    std::string out;
    for (const char c : text) {
        const bool plain = is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') ||
                           unreserved.find(c) != std::string_view::npos;
        if (plain) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 0xFU];
    }
    return out;
}

}  // namespace http
