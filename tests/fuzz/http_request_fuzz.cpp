// SPDX-License-Identifier: EUPL-1.2
// Requests as a peer may send them. Whole and byte by byte must come to the same end: else two
// readers could differ.
#include "drivers/base/check.hpp"
#include "sync/http/parser.hpp"

static void read_both_ways(const std::uint8_t* data, std::size_t size, http::Versions versions) {
    http::RequestParser whole(4'096, versions);
    http::RequestParser bytewise(4'096, versions);
    const auto used = whole.feed({data, size});
    std::size_t at = 0;
    bool ok = true;
    while (ok && at < size && !bytewise.done()) ok = bytewise.feed({data + at++, 1}).has_value();
    CHECK(used.has_value() == ok);
    CHECK(!ok || (at == *used && whole.done() == bytewise.done()));
    if (ok && whole.done()) CHECK(whole.take().body == bytewise.take().body);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_both_ways(data, size, http::Versions::only_1_1);
    read_both_ways(data, size, http::Versions::also_1_0);
    return 0;
}
