// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/core/easy_pin.hpp"

namespace core {

bool is_easy_pin(const Pin& pin) {
    const base::ByteView digits = pin.expose();
    if (digits.size() < 2) return false;
    const auto step = [&](std::size_t i) { return (digits[i] + 10 - digits[i - 1]) % 10; };
    const int first = step(1);
    if (first != 0 && first != 1 && first != 9) return false;
    for (std::size_t i = 2; i < digits.size(); ++i) {
        if (step(i) != first) return false;
    }
    return true;
}

bool is_same_pin(const Pin& left, const Pin& right) {
    const base::ByteView a = left.expose();
    const base::ByteView b = right.expose();
    if (a.size() != b.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
    return difference == 0;
}

}  // namespace core
