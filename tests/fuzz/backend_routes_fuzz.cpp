// SPDX-License-Identifier: EUPL-1.2
// The backend as a whole before any request of any peer: every answer is a proper one, and none
// says that the backend itself failed. Input: "POST /path?query media/type\nbody". The database
// lives from one input to the next, as that of a backend does.
#include "drivers/base/check.hpp"
#include "sync/http/writer.hpp"
#include "tests/fuzz/request_text.hpp"
#include "tests/unit/sync/backend/service_parts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static test::ServiceParts backend;
    auto request = fuzz::request_of(base::as_text({data, size}));
    if (!request) return 0;
    for (const auto& peer : fuzz::peers(base::to_text(backend.terminal.id))) {
        request->peer = peer;
        const http::Response response = backend.service.handle(*request);
        CHECK(response.status >= 200 && response.status < 500);
        CHECK(http::write_response(response, {}).has_value());
    }
    return 0;
}
