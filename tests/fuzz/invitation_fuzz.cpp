// SPDX-License-Identifier: EUPL-1.2
// Invitation slips as a scanner reads them. None is genuine: the key is not the signer's.
#include "drivers/base/check.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/invitation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const crypto::KeyPair key =
        crypto::key_from_scalar(crypto::Curve::p256, base::Bytes(32, 7)).value();
    const std::string_view code = base::as_text({data, size});
    (void)seal::read_invitation(code).has_value();
    CHECK(!seal::verify_invitation(code, key.point, *model::parse_date("2000-01-01")).has_value());
    return 0;
}
