// SPDX-License-Identifier: EUPL-1.2
// Responses as a wrong server may send them, whole and byte by byte, up to the end of the stream.
#include "drivers/base/check.hpp"
#include "sync/http/parser.hpp"
#include "sync/http/writer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    http::ResponseParser whole(4'096);
    http::ResponseParser bytewise(4'096);
    const auto used = whole.feed({data, size});
    std::size_t at = 0;
    bool ok = true;
    while (ok && at < size && !bytewise.done()) ok = bytewise.feed({data + at++, 1}).has_value();
    CHECK(used.has_value() == ok);
    if (ok) CHECK(whole.end().has_value() == bytewise.end().has_value());
    if (ok && whole.done()) CHECK(whole.take().body == bytewise.take().body);
    const http::Response asking{
        503, {{"retry-after", std::string(base::as_text({data, size}))}}, {}};
    CHECK(http::retry_after_ms(asking, 1'000, 60'000).value_or(0) <= 60'000);
    (void)http::parse_date(base::as_text({data, size})).has_value();
    return 0;
}
