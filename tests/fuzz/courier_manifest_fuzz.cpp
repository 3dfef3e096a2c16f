// SPDX-License-Identifier: EUPL-1.2
// What stands on a stick or beside it as text: both manifests, requests of two people, and the list
// of who may agree. What is read and written again says the same.
#include "drivers/base/check.hpp"
#include "sync/courier/approval.hpp"
#include "sync/courier/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    if (const auto out = courier::parse_out_manifest(text))
        CHECK(courier::parse_out_manifest(courier::encode(*out)).value() == *out);
    if (const auto in = courier::parse_in_manifest(text))
        CHECK(courier::parse_in_manifest(courier::encode(*in)).value() == *in);
    (void)courier::read_request(text);
    (void)courier::verify_request(text, {}, {}, 0);
    (void)courier::parse_approvers(text);
    return 0;
}
