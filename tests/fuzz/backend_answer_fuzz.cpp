// SPDX-License-Identifier: EUPL-1.2
// Answers of a wrong or hostile backend, as syncd reads them: lists stay bounded, numbers rise.
#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "sync/transport/answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(base::as_text({data, size}));
    const auto receipts = transport::parse_receipts(text);
    if (receipts) CHECK(receipts->size() <= limits::batch_records_max);
    const auto page = transport::parse_events(text, 7);
    if (page) CHECK(page->events.size() <= limits::events_page_max && page->next >= 7);
    const http::Response response{409, {{"retry-after", text}}, text};
    CHECK(transport::retry_after_ms_of(response).value_or(0) <= limits::retry_after_ms_max);
    const base::Errc code = transport::error_of(response).code;
    CHECK(code == base::Errc::fork_detected || code == base::Errc::sequence_gap);
    return 0;
}
