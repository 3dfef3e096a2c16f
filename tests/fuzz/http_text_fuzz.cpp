// SPDX-License-Identifier: EUPL-1.2
// The small texts of HTTP: dates, percent-encoding, query parameters. What is read is written back.
#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"
#include "sync/http/writer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(base::as_text({data, size}));
    if (const auto date = http::parse_date(text)) CHECK(http::write_date(*date) == text);
    const std::string encoded = http::percent_encode(text);
    CHECK(http::percent_decode(encoded) == text);
    (void)http::percent_decode(text);
    http::Request request;
    request.query = "x=1&after=" + encoded;
    CHECK(request.query_value("after") == text);
    request.query = text;
    (void)request.query_value("after");
    return 0;
}
