// SPDX-License-Identifier: EUPL-1.2
// Static keys of one card: see card_keys.hpp.
#include "tests/card/card_keys.hpp"

namespace card {

CardKeys make_card_keys(std::string_view person_id, std::uint64_t seed, ChipKey chip_key,
                        Suite suite) {
    const Curve curve = suite.curve();
    const Bytes material = to_bytes(std::string(person_id) + "#" + std::to_string(seed));
    CardKeys keys;
    keys.chip = deterministic_key(curve, "freigabe-card chip authentication", material);
    keys.block_list = deterministic_key(curve, "freigabe-card block list", material);
    keys.pseudonym = deterministic_key(curve, "freigabe-card pseudonym", material);
    keys.chip_private =
        chip_key == ChipKey::genuine
            ? keys.chip.scalar
            : deterministic_key(curve, "freigabe-card forged chip", material).scalar;
    return keys;
}

}  // namespace card
