// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/query.hpp"

#include <algorithm>

#include "sync/http/grammar.hpp"

namespace backend {
namespace {

bool has_member(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        if (pair.substr(0, pair.find('=')) == name) return true;
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return false;
}

}  // namespace

base::Result<std::optional<std::string>> query_text(const http::Request& request,
                                                    std::string_view name) {
    auto value = request.query_value(name);
    if (!value && has_member(request.query, name))
        return base::fail(base::Errc::message_bad, "query member");
    return value;
}

base::Result<std::uint64_t> query_number(const http::Request& request, std::string_view name,
                                         std::uint64_t value_max) {
    TRY(text, query_text(request, name));
    if (!text) return 0U;
    const auto number = http::parse_decimal(*text);
    if (!number || *number > value_max) return base::fail(base::Errc::message_bad, "query number");
    return *number;
}

}  // namespace backend
