// SPDX-License-Identifier: EUPL-1.2
// What a chain head says, in a signed message of the right form: any terminal can sign anything.
#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "sync/seal/chain.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string before = base::to_base64url(base::as_bytes(
        R"({"alg":"ES256","typ":"freigabe-head+jwt","kid":"018bcfe5-6800-7075-9a14-fd964bfe8a3d"})"));
    static const std::string behind = base::to_base64url(base::Bytes(64, 1));
    const auto head =
        seal::parse_head(before + "." + base::to_base64url({data, size}) + "." + behind);
    if (head) CHECK(head->key.epoch != 0 && head->key.seq != 0);
    return 0;
}
