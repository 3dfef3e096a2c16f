// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/work_order.hpp"

#include <algorithm>
#include <tuple>

#include "drivers/base/check.hpp"

namespace http {

std::size_t next_at_work(std::span<const AtWork> waiting, std::string_view last) {
    CHECK(!waiting.empty());
    // Names behind the last one come first, then the round begins anew.
    const auto rank = [last](const AtWork& each) {
        return std::tuple(!each.begun, each.who <= last, std::string_view(each.who), each.taken_ms);
    };
    const auto first = std::ranges::min_element(
        waiting, [&](const AtWork& a, const AtWork& b) { return rank(a) < rank(b); });
    return static_cast<std::size_t>(first - waiting.begin());
}

}  // namespace http
