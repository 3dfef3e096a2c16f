// SPDX-License-Identifier: EUPL-1.2
// What a technician may write into syncd's configuration, and targets of requests.
#include "sync/http/grammar.hpp"
#include "sync/syncd/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    (void)http::parse_origin(text).has_value();
    (void)http::parse_target(text).has_value();
    (void)syncd::parse_config(text).has_value();
    http::Request request;
    request.query = std::string(text);
    (void)request.query_value("a").has_value();
    return 0;
}
