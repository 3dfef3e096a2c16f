// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/secrets.hpp"

namespace eid {

base::Result<void> check_digits(base::ByteView secret, std::size_t digits) {
    // All characters are looked at, so that the time says nothing about where a wrong one stands.
    bool good = secret.size() == digits;
    for (const std::uint8_t character : secret) {
        good = (character - unsigned{0x30} <= 9) & good;
    }
    if (!good) return base::fail(base::Errc::secret_format_bad, "check digits");
    return {};
}

}  // namespace eid
